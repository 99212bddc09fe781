//! HCL, the language of Terraform: blocks as maps under their names and labels.
//!
//! What only Terraform can work out (references, calls, templates with insertions) is tagged and keeps its text. The
//! argument of `jsonencode` is what it encodes.

use super::limits::{Values, deeper, with_stack};
use super::{DataError, Document, Entry, Node, NodeKind, Refused, byte_order_mark, span_of};
use crate::syntax::Span;
use crate::text::Text;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, Object};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::Element;
use std::ops::Range;
use std::sync::Arc;

/// Reads HCL; a file that its grammar does not allow is refused.
pub(super) fn read(text: &str) -> Result<Document, Refused> {
    let base = byte_order_mark(text);
    let reader = Reader { base, text: &text[base..], values: Values::default() };
    with_stack(|| reader.document())
}

struct Reader<'t> {
    base: usize,
    text: &'t str,
    values: Values,
}

impl Reader<'_> {
    fn document(&self) -> Result<Document, Refused> {
        let body = hcl_edit::parser::parse_body(self.text).map_err(|error| {
            let at = error.location().offset();
            // The parser's own words quote the file.
            Refused::Syntax(DataError::new(self.span(at..at), "the syntax is not valid"))
        })?;
        let kind = self.body(&body, 0)?;
        let mut document = Document::of(Node { span: self.span(0..self.text.len()), kind });
        document.comments = comments(self.text).into_iter().map(|range| self.span(range)).collect();
        Ok(document)
    }

    fn span(&self, range: Range<usize>) -> Span {
        span_of(self.base + range.start..self.base + range.end)
    }

    fn body(&self, body: &Body, depth: usize) -> Result<NodeKind, Refused> {
        let mut entries = Vec::with_capacity(body.len());
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let value = self.node(&attribute.value, depth)?;
                    let key_span = self.span(attribute.key.span().unwrap_or_default());
                    entries.push(Entry { key: Arc::from(attribute.key.as_str()), key_span, value });
                }
                Structure::Block(block) => entries.push(self.block(block, depth)?),
            }
        }
        Ok(NodeKind::Map(entries.into()))
    }

    /// `resource "aws_s3_bucket" "files" { … }`: a map under each label.
    fn block(&self, block: &Block, depth: usize) -> Result<Entry, Refused> {
        let key_span = self.span(block.ident.span().unwrap_or_default());
        let span = self.span(block.span().unwrap_or_default());
        self.values.more(1 + block.labels.len(), span)?;
        let depth = deeper(depth, span)?;
        let mut value = Node { span, kind: self.body(&block.body, depth)? };
        for label in block.labels.iter().rev() {
            let entry = Entry { key: Arc::from(label.as_str()), key_span, value };
            value = Node { span, kind: NodeKind::Map([entry].into()) };
        }
        Ok(Entry { key: Arc::from(block.ident.as_str()), key_span, value })
    }

    fn node(&self, expression: &Expression, depth: usize) -> Result<Node, Refused> {
        let range = expression.span().unwrap_or_default();
        let span = self.span(range.clone());
        self.values.one(span)?;
        let depth = deeper(depth, span)?;
        let kind = match expression {
            Expression::Null(_) => NodeKind::Null,
            Expression::Bool(value) => NodeKind::Bool(**value),
            Expression::Number(number) => {
                NodeKind::Number(number.value().as_f64().unwrap_or(f64::NAN), self.written(range))
            }
            Expression::String(text) => NodeKind::Text(Text::new(text.as_str())),
            Expression::Array(items) => {
                NodeKind::List(items.iter().map(|item| self.node(item, depth)).collect::<Result<_, _>>()?)
            }
            Expression::Object(object) => self.object(object, depth)?,
            Expression::Parenthesis(inner) => return self.node(inner.inner(), depth),
            Expression::HeredocTemplate(heredoc) => match literal(heredoc.template.iter()) {
                Some(text) => NodeKind::Text(text),
                None => self.tagged("template", span, range),
            },
            Expression::StringTemplate(template) => match literal(template.iter()) {
                Some(text) => NodeKind::Text(text),
                None => self.tagged("template", span, range),
            },
            Expression::FuncCall(call) => match encoded(call) {
                Some(inner) => return self.node(inner, depth),
                None => self.tagged("call", span, range),
            },
            _ => self.tagged("expression", span, range),
        };
        Ok(Node { span, kind })
    }

    fn object(&self, object: &Object, depth: usize) -> Result<NodeKind, Refused> {
        let mut entries = Vec::with_capacity(object.len());
        for (key, value) in object {
            let name = key.as_ident().map(|ident| ident.as_str()).or_else(|| key.as_expr()?.as_str());
            let Some(name) = name else { continue };
            let key_span = self.span(key.span().unwrap_or_default());
            entries.push(Entry { key: Arc::from(name), key_span, value: self.node(value.expr(), depth)? });
        }
        Ok(NodeKind::Map(entries.into()))
    }

    fn tagged(&self, what: &str, span: Span, range: Range<usize>) -> NodeKind {
        NodeKind::Tagged(what.into(), Box::new(Node { span, kind: NodeKind::Text(self.written(range)) }))
    }

    fn written(&self, range: Range<usize>) -> Text {
        Text::new(self.text.get(range).unwrap_or_default())
    }
}

/// What `jsonencode(…)` encodes.
fn encoded(call: &FuncCall) -> Option<&Expression> {
    (call.name.name.as_str() == "jsonencode" && call.args.len() == 1).then(|| call.args.get(0)).flatten()
}

/// A template that inserts nothing.
fn literal<'e>(elements: impl Iterator<Item = &'e Element>) -> Option<Text> {
    let mut whole = String::new();
    for element in elements {
        whole.push_str(element.as_literal()?.as_str());
    }
    Some(Text::new(whole))
}

/// Where the comments are. The parser drops them, so strings are skipped here once more.
fn comments(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut comments = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        if bytes[at] == b'#' || rest.starts_with(b"//") {
            let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
            comments.push(at..end);
            at = end;
        } else if rest.starts_with(b"/*") {
            let end = text[at..].find("*/").map_or(text.len(), |close| at + close + 2);
            comments.push(at..end);
            at = end;
        } else if bytes[at] == b'"' {
            at += 1;
            while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at += 1;
        } else {
            at += 1;
        }
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::syntax::data::NodeKind;

    #[test]
    fn blocks_are_maps_under_their_labels() {
        let text = "resource \"aws_s3_bucket_acl\" \"files\" {\n  acl = \"public-read\" # open\n}\n";
        let document = read(text).expect("valid");
        let acl = document.root().at(&["resource", "aws_s3_bucket_acl", "files", "acl"]).expect("the key");
        assert!(acl.text().is_some_and(|text| text.is("public-read")));
        assert_eq!(&text[acl.span.start as usize..acl.span.end as usize], "\"public-read\"");
        assert_eq!(document.comments.len(), 1);
    }

    #[test]
    fn what_is_encoded_is_read_and_what_is_computed_is_not() {
        let text = "policy = jsonencode({ Statement = [{ Action = \"s3:*\", Resource = \"${aws.arn}/*\" }] })\nname = var.name\n";
        let document = read(text).expect("valid");
        let statement = &document.root().at(&["policy", "Statement"]).expect("the list").items()[0];
        assert!(statement.get("Action").and_then(|node| node.text()).is_some_and(|text| text.is("s3:*")));
        for node in [statement.get("Resource"), document.root().get("name")] {
            assert!(matches!(node.map(|node| &node.kind), Some(NodeKind::Tagged(..))));
        }
    }

    #[test]
    fn hostile_nesting_and_broken_files_are_refused() {
        assert!(read(&format!("a = {}1{}", "[".repeat(5000), "]".repeat(5000))).is_err());
        assert!(read("resource \"a\" {").is_err());
    }
}

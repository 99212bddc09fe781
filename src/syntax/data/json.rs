//! JSON, strict and with comments.

use super::limits::{Values, deeper, with_stack};
use super::{DataError, Document, Entry, Node, NodeKind, Refused, byte_order_mark, span_of};
use crate::syntax::Span;
use crate::text::Text;
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, ParseStringErrorKind, parse_to_ast};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How much beyond the standard is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Nothing.
    Standard,
    /// Comments, trailing commas, unquoted keys and the like.
    Lax,
}

/// Reads JSON. There is no recovery: one error refuses the file.
pub(super) fn read(text: &str, strictness: Strictness) -> Result<Document, Refused> {
    let reader = Reader { base: byte_order_mark(text), values: Values::default() };
    with_stack(|| reader.document(&text[reader.base..], strictness))
}

struct Reader {
    /// Where the parsed part starts in the file.
    base: usize,
    values: Values,
}

impl Reader {
    fn document(&self, text: &str, strictness: Strictness) -> Result<Document, Refused> {
        let collect = CollectOptions { comments: CommentCollectionStrategy::Separate, tokens: false };
        let parsed = parse_to_ast(text, &collect, &options(strictness)).map_err(|error| self.refusal(&error))?;
        let Some(value) = parsed.value else {
            let whole = Range::new(0, text.len());
            return Err(Refused::Syntax(DataError::new(self.span(whole), "there is no value in the file")));
        };
        let mut document = Document::of(self.node(&value, 0)?);
        let comments = parsed.comments.unwrap_or_default();
        // each comment is listed under the token before and the token after it
        let places: BTreeSet<Span> =
            comments.values().flat_map(|group| group.iter()).map(|comment| self.span(comment.range())).collect();
        document.comments = places.into_iter().collect();
        Ok(document)
    }

    fn span(&self, range: Range) -> Span {
        span_of(self.base + range.start..self.base + range.end)
    }

    fn node(&self, value: &Value<'_>, depth: usize) -> Result<Node, Refused> {
        let span = self.span(value.range());
        self.values.one(span)?;
        let kind = match value {
            Value::NullKeyword(_) => NodeKind::Null,
            Value::BooleanLit(literal) => NodeKind::Bool(literal.value),
            Value::NumberLit(literal) => NodeKind::Number(number(literal.value), Text::new(literal.value)),
            Value::StringLit(literal) => NodeKind::Text(Text::new(&*literal.value)),
            Value::Array(array) => {
                let depth = deeper(depth, span)?;
                NodeKind::List(array.elements.iter().map(|item| self.node(item, depth)).collect::<Result<_, _>>()?)
            }
            Value::Object(object) => {
                let depth = deeper(depth, span)?;
                let entries = object.properties.iter().map(|property| {
                    let (key, range) = match &property.name {
                        ObjectPropName::String(name) => (&*name.value, name.range),
                        ObjectPropName::Word(name) => (name.value, name.range),
                    };
                    let value = self.node(&property.value, depth)?;
                    Ok(Entry { key: Arc::from(key), key_span: self.span(range), value })
                });
                NodeKind::Map(entries.collect::<Result<_, Refused>>()?)
            }
        };
        Ok(Node { span, kind })
    }

    fn refusal(&self, error: &ParseError) -> Refused {
        let span = self.span(error.range());
        let message = match error.kind() {
            ParseErrorKind::NestingDepthExceeded => return Refused::TooDeep(span),
            // the parser's own words would quote the file
            ParseErrorKind::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => {
                "Invalid unicode escape sequence".to_owned()
            }
            kind => kind.to_string(),
        };
        Refused::Syntax(DataError::new(span, message))
    }
}

fn options(strictness: Strictness) -> ParseOptions {
    let lax = strictness == Strictness::Lax;
    ParseOptions {
        allow_comments: lax,
        allow_loose_object_property_names: lax,
        allow_trailing_commas: lax,
        allow_missing_commas: lax,
        allow_single_quoted_strings: lax,
        allow_hexadecimal_numbers: lax,
        allow_unary_plus_numbers: lax,
        allow_bare_decimal_point_numbers: lax,
        allow_non_finite_numbers: lax,
        allow_extended_string_escapes: lax,
    }
}

/// The value of a number the parser has accepted; a form without one is not a number.
fn number(written: &str) -> f64 {
    let (sign, digits) = match written.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, written.strip_prefix('+').unwrap_or(written)),
    };
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let size = match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).map_or(f64::NAN, |n| n as f64),
        None => digits.parse().unwrap_or(f64::NAN),
    };
    sign * size
}

#[cfg(test)]
mod tests;

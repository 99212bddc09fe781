//! TOML, with what can be read of a file that has errors.

use super::limits::{Values, deeper, with_stack};
use super::{DataError, Document, Entry, Node, NodeKind, Refused, byte_order_mark, span_of};
use crate::syntax::Span;
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads TOML. Lines that are malformed or repeat a key are left out and listed as errors.
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
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let kind = self.table(table.get_ref(), 0)?;
        let mut document = Document::of(Node { span: self.span(0..self.text.len()), kind });
        document.errors = errors
            .into_iter()
            .map(|error| DataError::new(self.span(error.span().unwrap_or(0..0)), error.message()))
            .collect();
        document.errors.sort_by_key(|error| error.span);
        document.comments = comments(self.text).into_iter().map(|range| self.span(range)).collect();
        Ok(document)
    }

    fn span(&self, range: Range<usize>) -> Span {
        span_of(self.base + range.start..self.base + range.end)
    }

    fn table(&self, table: &DeTable<'_>, depth: usize) -> Result<NodeKind, Refused> {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table.iter() {
            let value = self.node(value, depth)?;
            entries.push(Entry { key: Arc::from(&**key.get_ref()), key_span: self.span(key.span()), value });
        }
        // the parser keeps keys in the order of the alphabet
        entries.sort_by_key(|entry| entry.key_span);
        Ok(NodeKind::Map(entries.into()))
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Refused> {
        let range = value.span();
        let span = self.span(range.clone());
        self.values.one(span)?;
        let kind = match value.get_ref() {
            DeValue::String(text) => NodeKind::Text(Text::new(&**text)),
            DeValue::Integer(number) => {
                let digits = i64::from_str_radix(number.as_str(), number.radix());
                NodeKind::Number(digits.map_or(f64::NAN, |n| n as f64), self.written(range))
            }
            DeValue::Float(number) => {
                NodeKind::Number(number.as_str().parse().unwrap_or(f64::NAN), self.written(range))
            }
            DeValue::Boolean(value) => NodeKind::Bool(*value),
            DeValue::Datetime(_) => NodeKind::Text(self.written(range)),
            DeValue::Array(items) => {
                let depth = deeper(depth, span)?;
                NodeKind::List(items.iter().map(|item| self.node(item, depth)).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => self.table(table, deeper(depth, span)?)?,
        };
        Ok(Node { span, kind })
    }

    fn written(&self, range: Range<usize>) -> Text {
        Text::new(self.text.get(range).unwrap_or_default())
    }
}

/// Where the comments are. The parser drops them, so strings are skipped here once more.
fn comments(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut comments = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                let end = end_of_line(text, at);
                comments.push(at..end);
                at = end;
            }
            quote @ (b'"' | b'\'') => at = after_string(text, at, quote),
            _ => at += 1,
        }
    }
    comments
}

/// The byte after the string that starts at `at`; a string that is not closed ends with its line.
fn after_string(text: &str, at: usize, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let triple = [quote; 3];
    let (closing, several_lines): (&[u8], bool) =
        if bytes[at..].starts_with(&triple) { (&triple, true) } else { (&triple[..1], false) };
    let mut here = at + closing.len();
    while here < bytes.len() {
        if bytes[here..].starts_with(closing) {
            return here + closing.len();
        }
        match bytes[here] {
            b'\\' if quote == b'"' => here += 2,
            b'\n' if !several_lines => return here,
            _ => here += 1,
        }
    }
    bytes.len()
}

fn end_of_line(text: &str, from: usize) -> usize {
    let line = &text[from..];
    let line = &line[..line.find('\n').unwrap_or(line.len())];
    from + line.trim_end_matches('\r').len()
}

#[cfg(test)]
mod tests;

//! Places in a YAML file: values without what the parser counts to them, and comments, which are nobody's.

use crate::syntax::Span;
use crate::syntax::data::span_of;
use granit_parser::{Marker, ScalarStyle};

/// From the parser's places to ours.
pub(super) struct Places<'t> {
    text: &'t str,
}

impl<'t> Places<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text }
    }

    /// What the parser calls a span.
    pub(super) fn span(&self, span: granit_parser::Span) -> Span {
        let start = self.byte(&span.start);
        span_of(start..self.byte(&span.end).max(start))
    }

    /// One character.
    pub(super) fn at(&self, marker: &Marker) -> Span {
        let start = self.byte(marker);
        span_of(start..start + self.text[start..].chars().next().map_or(0, char::len_utf8))
    }

    /// Behind the last character.
    pub(super) fn end(&self) -> Span {
        span_of(self.text.len()..self.text.len())
    }

    /// A value's span without the anchors and tags before it.
    pub(super) fn without_properties(&self, span: Span) -> Span {
        let mut value = self.slice(span);
        while value.starts_with(['&', '!', '#']) {
            let is_end = if value.starts_with('#') { is_line_break } else { char::is_whitespace };
            value = value[value.find(is_end).unwrap_or(value.len())..].trim_start();
        }
        Span::new(span.end - span_of(0..value.len()).end, span.end)
    }

    /// A scalar's span without what the parser counts to it: anchors and tags before it, white space and, after a
    /// quote, a comment behind it.
    pub(super) fn scalar(&self, span: Span, style: ScalarStyle) -> Span {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let span = if is_block { span } else { self.without_properties(span) };
        let value = self.slice(span);
        let length = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted_length(value),
            _ => value.trim_end().len(),
        };
        Span::new(span.start, span.start + span_of(0..length).end)
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The parser knows bytes where it reads a text; a place that lies on no character would be an error of its own.
    fn byte(&self, marker: &Marker) -> usize {
        let at = marker.byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        self.text.floor_char_boundary(at)
    }
}

/// The comments: a `#` at the start of a line or after white space that lies in no scalar. `scalars` in order.
pub(super) fn comments(text: &str, scalars: &[Span]) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut scalars = scalars.iter().filter(|span| span.start < span.end).peekable();
    let mut comments = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        while scalars.peek().is_some_and(|span| span.end as usize <= at) {
            scalars.next();
        }
        if let Some(span) = scalars.peek()
            && span.start as usize <= at
        {
            at = span.end as usize;
        } else if bytes[at] == b'#'
            && (at == 0 || bytes[at - 1].is_ascii_whitespace() || text[..at].ends_with('\u{feff}'))
        {
            let line = &text[at..];
            let comment = line[..line.find(is_line_break).unwrap_or(line.len())].trim_end();
            comments.push(span_of(at..at + comment.len()));
            at += comment.len();
        } else {
            at += 1;
        }
    }
    comments
}

/// How many bytes the quoted scalar takes that `value` starts with. `''` and `\"` do not close it.
fn quoted_length(value: &str) -> usize {
    let Some(quote) = value.chars().next() else { return 0 };
    let mut characters = value.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        let doubled = c == quote && quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == quote);
        if doubled || (c == '\\' && quote == '"') {
            characters.next();
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    value.len()
}

fn is_line_break(c: char) -> bool {
    c == '\n' || c == '\r'
}

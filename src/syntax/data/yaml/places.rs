//! Places in a YAML file: the parser counts characters, prodcheck counts bytes, and comments are nobody's.

use crate::syntax::Span;
use crate::syntax::data::span_of;
use saphyr_parser::ScalarStyle;

/// From the parser's places to ours.
pub(super) struct Places<'t> {
    text: &'t str,
    /// The byte at which each character starts; none where every character is one byte.
    starts: Option<Vec<u32>>,
}

impl<'t> Places<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let fit = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| fit(at)).collect());
        Self { text, starts }
    }

    /// What the parser calls a span, in bytes.
    pub(super) fn span(&self, span: saphyr_parser::Span) -> Span {
        let start = self.byte(span.start.index());
        span_of(start..self.byte(span.end.index()).max(start))
    }

    /// One character.
    pub(super) fn at(&self, character: usize) -> Span {
        span_of(self.byte(character)..self.byte(character + 1))
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

    fn byte(&self, character: usize) -> usize {
        match &self.starts {
            None => character.min(self.text.len()),
            Some(starts) => starts.get(character).map_or(self.text.len(), |at| *at as usize),
        }
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

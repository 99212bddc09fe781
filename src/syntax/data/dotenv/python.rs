//! `python-dotenv` (<https://github.com/theskumar/python-dotenv>, version 1): a small grammar, and a line that does
//! not fit it is skipped with a warning.

use super::{Dialect, EnvFile, Found, Quote};
use crate::syntax::data::{byte_order_mark, span_of};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static INLINE_COMMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s+#").expect("internal error: the pattern for comments does not compile"));

pub(super) fn read(text: &str, file: &mut EnvFile) {
    let mut reader = Reader { text, at: byte_order_mark(text) };
    loop {
        reader.take_while(is_space);
        if reader.at == text.len() {
            return;
        }
        let start = reader.at;
        if reader.binding(file).is_none() {
            // the loader takes up reading behind this line, or behind the value if it spans lines
            reader.take_while(|c| !is_line_break(c));
            let line = start..start + text[start..reader.at].trim_end().len();
            file.fail(span_of(line), "python-dotenv does not read this line: expected `NAME=value`");
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// One variable or comment up to the end of its line; none if the line is something else.
    fn binding(&mut self, file: &mut EnvFile) -> Option<()> {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(is_blank)
        {
            self.at += "export".len();
            self.take_while(is_blank);
        }
        let found = if self.rest().starts_with('#') { None } else { Some(self.variable()?) };
        let before_comment = self.at;
        self.take_while(is_blank);
        let comment = self.at;
        if self.rest().starts_with('#') {
            self.take_while(|c| !is_line_break(c));
            file.comments.push(span_of(comment..self.at));
        } else if !(self.rest().is_empty() || self.rest().starts_with(is_line_break)) {
            self.at = before_comment;
            return None;
        }
        if let Some(found) = found {
            file.add(found, Dialect::Python);
        }
        Some(())
    }

    fn variable(&mut self) -> Option<Found> {
        let (name, name_range) = self.name()?;
        self.take_while(is_blank);
        let (value, range, quote) = if self.rest().starts_with('=') {
            self.at += 1;
            let (value, range, quote) = self.value()?;
            (Some(value), range, quote)
        } else {
            (None, name_range.end..name_range.end, Quote::None)
        };
        Some(Found { name, name_span: span_of(name_range), value, span: span_of(range), quote })
    }

    fn name(&mut self) -> Option<(String, Range<usize>)> {
        if let Some(rest) = self.rest().strip_prefix('\'') {
            let name = &rest[..rest.find('\'').filter(|end| *end > 0)?];
            let start = self.at + 1;
            self.at = start + name.len() + 1;
            return Some((name.to_owned(), start..start + name.len()));
        }
        let range = self.take_while(|c| !is_space(c) && c != '=' && c != '#');
        (!range.is_empty()).then(|| (self.text[range.clone()].to_owned(), range))
    }

    fn value(&mut self) -> Option<(String, Range<usize>, Quote)> {
        let blank = !self.take_while(is_blank).is_empty();
        match self.rest().chars().next() {
            Some('#') if blank => Some((String::new(), self.at..self.at, Quote::None)),
            Some(quote @ ('\'' | '"')) => {
                let range = self.quoted(quote)?;
                // Python opens the file as text, which makes every line break a line feed
                let inside = self.text[range.start + 1..range.end - 1].replace("\r\n", "\n").replace('\r', "\n");
                Some((unescape(&inside, quote), range, Quote::of(Some(quote))))
            }
            _ => {
                let line = self.take_while(|c| !is_line_break(c));
                let part = &self.text[line.clone()];
                let comment = INLINE_COMMENT.find(part).map_or(part.len(), |found| found.start());
                let value = part[..comment].trim_end_matches(is_space);
                let range = line.start..line.start + value.len();
                self.at = range.end;
                Some((value.to_owned(), range, Quote::None))
            }
        }
    }

    /// A quoted text, quotes included; none if it is not closed.
    fn quoted(&mut self, quote: char) -> Option<Range<usize>> {
        let start = self.at;
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            if c == '\\' {
                characters.next();
            } else if c == quote {
                self.at = start + at + 1;
                return Some(start..self.at);
            }
        }
        None
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(wanted).len();
        start..self.at
    }
}

/// White space as Python's `\s` has it.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn is_line_break(c: char) -> bool {
    c == '\n' || c == '\r'
}

fn is_blank(c: char) -> bool {
    is_space(c) && !is_line_break(c)
}

/// Single quotes know `\\` and `\'`, double quotes also what Python's string literals call control characters.
fn unescape(inside: &str, quote: char) -> String {
    let mut value = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        let Some(next) = characters.next() else { break };
        match (next, quote) {
            ('\\' | '\'', _) | ('"', '"') => value.push(next),
            ('a', '"') => value.push('\u{7}'),
            ('b', '"') => value.push('\u{8}'),
            ('f', '"') => value.push('\u{c}'),
            ('n', '"') => value.push('\n'),
            ('r', '"') => value.push('\r'),
            ('t', '"') => value.push('\t'),
            ('v', '"') => value.push('\u{b}'),
            _ => value.extend(['\\', next]),
        }
    }
    value
}

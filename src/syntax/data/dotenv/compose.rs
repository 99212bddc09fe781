//! Compose's loader (<https://github.com/compose-spec/compose-go>, `dotenv`): an error refuses the whole file, so
//! the reader lists it and goes on with the next line to show the rest.

use super::{Dialect, EnvFile, Found, Quote};
use crate::syntax::data::{byte_order_mark, span_of};
use std::ops::Range;

pub(super) fn read(text: &str, file: &mut EnvFile) {
    let mut reader = Reader { text, at: byte_order_mark(text) };
    while reader.find_statement(file) {
        let start = reader.at;
        if let Err(message) = reader.statement(file) {
            let line = &text[start..];
            let line = line[..line.find('\n').unwrap_or(line.len())].trim_end();
            file.fail(span_of(start..start + line.len()), message);
            reader.skip_line(start);
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// Moves over white space and comments to what stands next; no if nothing does.
    fn find_statement(&mut self, file: &mut EnvFile) -> bool {
        loop {
            self.skip(char::is_whitespace);
            if !self.rest().starts_with('#') {
                return !self.rest().is_empty();
            }
            let line = self.rest();
            let comment = line[..line.find('\n').unwrap_or(line.len())].trim_end();
            file.comments.push(span_of(self.at..self.at + comment.len()));
            self.skip_line(self.at);
        }
    }

    fn statement(&mut self, file: &mut EnvFile) -> Result<(), &'static str> {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(char::is_whitespace)
        {
            self.at += "export".len();
            self.skip(char::is_whitespace);
        }
        let start = self.at;
        let (name, separator) = self.name()?;
        let name_span = span_of(start..start + name.len());
        let (value, range, quote) = match separator {
            Some('=' | ':') => {
                self.skip(|c| c.is_whitespace() && c != '\n' && c != '\r');
                let (value, range, quote) = self.value()?;
                (Some(value), range, quote)
            }
            _ => (None, start + name.len()..start + name.len(), Quote::None),
        };
        let found = Found { name: name.to_owned(), name_span, value, span: span_of(range), quote };
        file.add(found, Dialect::Compose);
        Ok(())
    }

    /// The name and what ends it: `=`, `:`, or neither for a name whose value the host gives.
    fn name(&mut self) -> Result<(&'t str, Option<char>), &'static str> {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || "_.-[]".contains(c) || (c.is_whitespace() && c != '\n');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let separator = rest[end..].chars().next();
        if !matches!(separator, None | Some('=' | ':' | '\n')) {
            return Err("Compose refuses the file here: the name holds an unexpected character");
        }
        let name = rest[..end].trim_end();
        if name.is_empty() || name.contains(' ') {
            return Err("Compose refuses the file here: expected `NAME=value` without white space in the name");
        }
        self.at += end + separator.map_or(0, char::len_utf8);
        Ok((name, separator))
    }

    fn value(&mut self) -> Result<(String, Range<usize>, Quote), &'static str> {
        let start = self.at;
        let rest = self.rest();
        let Some(quote @ ('\'' | '"')) = rest.chars().next() else {
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let value = line[..line.find(" #").unwrap_or(line.len())].trim_end();
            // a comment behind it is read as one on a line of its own would be
            self.at += value.len();
            return Ok((value.to_owned(), start..start + value.len(), Quote::None));
        };
        let mut value = String::new();
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '\\' if !escaped => escaped = true,
                _ if c == quote && !escaped => {
                    self.at += at + 1;
                    let value = if quote == '"' { escapes(&value) } else { value };
                    return Ok((value, start..self.at, Quote::of(Some(quote))));
                }
                _ => {
                    if escaped && c != quote {
                        value.push('\\');
                    }
                    escaped = false;
                    value.push(c);
                }
            }
        }
        Err("Compose refuses the file here: the quote is not closed")
    }

    fn skip_line(&mut self, from: usize) {
        let rest = &self.text[from..];
        self.at = from + rest.find('\n').map_or(rest.len(), |at| at + 1);
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip(&mut self, unwanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(unwanted).len();
    }
}

/// The escapes of double quotes. `\$` becomes `$$`, which the expansion that follows reads as a plain `$`.
fn escapes(inside: &str) -> String {
    let mut value = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        let mut after = characters.clone();
        match after.next() {
            Some('a') => value.push('\u{7}'),
            Some('b') => value.push('\u{8}'),
            Some('f') => value.push('\u{c}'),
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('t') => value.push('\t'),
            Some('v') => value.push('\u{b}'),
            Some('$') => value.push_str("$$"),
            Some(quoted @ ('"' | '\\')) => value.push(quoted),
            _ => {
                value.push('\\');
                continue;
            }
        }
        characters = after;
    }
    value
}

//! Node's own loader, `--env-file` and `util.parseEnv` (`src/node_dotenv.cc`, version 20): it looks for the next
//! `=` wherever that is, and for the next quote, whatever stands before them.

use super::{Dialect, EnvFile, Found, Quote};
use crate::syntax::data::span_of;
use std::ops::Range;

pub(super) fn read(text: &str, file: &mut EnvFile) {
    let source = Source::of(text);
    let mut reader = Reader { text: &source.text, at: 0 };
    reader.skip_space();
    while !reader.rest().is_empty() {
        reader.statement(&source, file);
    }
}

/// The file without carriage returns, which this loader drops wherever they stand.
struct Source {
    text: String,
    /// Where carriage returns stood, counted in bytes of `text`.
    dropped: Vec<usize>,
}

impl Source {
    fn of(text: &str) -> Self {
        let mut kept = String::with_capacity(text.len());
        let mut dropped = Vec::new();
        for c in text.chars() {
            if c == '\r' { dropped.push(kept.len()) } else { kept.push(c) }
        }
        Self { text: kept, dropped }
    }

    /// The span in the file itself.
    fn span(&self, range: Range<usize>) -> crate::syntax::Span {
        let start = range.start + self.dropped.partition_point(|at| *at <= range.start);
        let end = range.end + self.dropped.partition_point(|at| *at < range.end);
        span_of(start.min(end)..end)
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn statement(&mut self, source: &Source, file: &mut EnvFile) {
        let rest = self.rest();
        if rest.starts_with(['\n', '#'])
            && let Some(line) = rest.find('\n')
        {
            if line > 0 {
                file.comments.push(source.span(self.at..self.at + line));
            }
            self.at += line + 1;
            return;
        }
        let whole = self.at..self.at + rest.find('\n').unwrap_or(rest.len());
        let equal = rest.find('=');
        let (name, name_range) = self.name(equal.unwrap_or(0));
        let Some(equal) = equal.filter(|_| !name.is_empty()) else {
            self.the_end(whole, source, file);
            return;
        };
        if name.contains(['\n', ' ', '\t', '#', '\u{feff}']) {
            file.fail(source.span(name_range.clone()), "Node takes everything up to the next `=` for the name");
        }
        self.at += equal + 1;
        self.skip_space();
        if let Some((value, range, quote)) = self.value() {
            let found = Found {
                name: name.to_owned(),
                name_span: source.span(name_range),
                value: Some(value),
                span: source.span(range),
                quote,
            };
            file.add(found, Dialect::NodeParseEnv);
        } else {
            file.fail(source.span(whole), "Node does not read this line: the quote is not closed");
        }
    }

    /// The name up to the `=`, trimmed as this loader trims.
    fn name(&self, equal: usize) -> (&'t str, Range<usize>) {
        let before = &self.rest()[..equal];
        let trimmed = before.trim_start_matches(' ');
        let start = self.at + before.len() - trimmed.len();
        let name = trimmed.trim_end_matches(' ');
        let without_export = name.strip_prefix("export ").unwrap_or(name);
        let end = start + name.len();
        (without_export, end - without_export.len()..end)
    }

    /// Nothing more is read: no `=` follows, or nothing stands before it.
    fn the_end(&mut self, line: Range<usize>, source: &Source, file: &mut EnvFile) {
        if self.rest().starts_with('#') {
            file.comments.push(source.span(line));
        } else if !self.rest().trim().is_empty() {
            file.fail(source.span(line), "Node reads nothing from here on: expected `NAME=value`");
        }
        self.at = self.text.len();
    }

    /// The value; none for a quote that is neither closed nor followed by another line.
    fn value(&mut self) -> Option<(String, Range<usize>, Quote)> {
        let start = self.at;
        let rest = self.rest();
        let end_of_line = rest.find('\n');
        let quote = Quote::of(rest.chars().next());
        if quote == Quote::None {
            let line = &rest[..end_of_line.unwrap_or(rest.len())];
            let value = line[..line.find('#').unwrap_or(line.len())].trim_matches(' ');
            self.at += line.len();
            return Some((value.to_owned(), start..start + value.len(), quote));
        }
        let Some(closing) = rest[1..].find(&rest[..1]).map(|at| at + 1) else {
            let value = &rest[..end_of_line?];
            self.at += value.len();
            return Some((value.to_owned(), start..self.at, Quote::None));
        };
        let inside = &rest[1..closing];
        let value = if quote == Quote::Double { inside.replace("\\n", "\n") } else { inside.to_owned() };
        self.at += rest[closing..].find('\n').map_or(rest.len(), |line| closing + line);
        Some((value, start..start + closing + 1, quote))
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }
}

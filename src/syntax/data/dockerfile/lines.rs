//! The lines of a Dockerfile as Docker joins them: continuations without the comments between them, and heredocs.

use crate::syntax::Span;
use crate::syntax::data::{byte_order_mark, span_of};
use crate::text::Text;
use std::ops::Range;

/// A cursor over the lines of a file.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    /// The character that continues a line: a backslash, unless a directive at the top says otherwise.
    escape: char,
    /// How often a line was looked for in vain that ends a heredoc.
    missed: usize,
}

/// Lines that end a heredoc are looked for in vain this often; each time costs the rest of the file.
const MOST_MISSED: usize = 50;

/// A line joined of the lines that continue it.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) escape: char,
    /// Where the parts of `text` stand: their start in `text`, their start in the file. In order, never empty.
    parts: Vec<(usize, usize)>,
}

impl Line {
    /// A range of the joined text in the file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            let at = self.source(range.start);
            return span_of(at..at);
        }
        span_of(self.source(range.start)..self.source(range.end - 1) + 1)
    }

    fn source(&self, at: usize) -> usize {
        let part = self.parts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, source) = self.parts[part];
        source + at - start
    }
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut lines = Self { text, at: byte_order_mark(text), escape: '\\', missed: 0 };
        lines.escape = lines.escape_directive();
        lines
    }

    /// Behind the last line.
    pub(super) fn end(&self) -> Span {
        span_of(self.text.len()..self.text.len())
    }

    /// Where the cursor stands, without the line break before it.
    pub(super) fn here(&self) -> usize {
        self.text[..self.at].trim_end_matches(['\r', '\n']).len()
    }

    /// The next line that is neither empty nor a comment.
    pub(super) fn next_line(&mut self, comments: &mut Vec<Span>) -> Option<Line> {
        let mut line = Line { text: String::new(), escape: self.escape, parts: Vec::new() };
        while let Some((start, raw)) = self.physical() {
            let trimmed = raw.trim_start();
            if trimmed.starts_with('#') {
                let at = start + raw.len() - trimmed.len();
                comments.push(span_of(at..at + trimmed.trim_end().len()));
                continue;
            }
            // empty lines inside a continuation are passed over, with a warning
            if trimmed.is_empty() {
                continue;
            }
            // only what starts an instruction loses its indentation
            let kept = if line.parts.is_empty() { trimmed } else { raw };
            let (kept, continues) = match self.without_escape(kept) {
                Some(shorter) => (shorter, true),
                None => (kept, false),
            };
            let indentation = if line.parts.is_empty() { raw.len() - trimmed.len() } else { 0 };
            line.parts.push((line.text.len(), start + indentation));
            line.text.push_str(kept);
            if !continues {
                break;
            }
        }
        (!line.parts.is_empty()).then_some(line)
    }

    /// Whether a line ends the heredoc of a name.
    pub(super) fn ends_heredoc(&mut self, name: &str, strips_tabs: bool) -> bool {
        if self.missed >= MOST_MISSED {
            return false;
        }
        let is_end = |line: &str| if strips_tabs { line.trim_start_matches('\t') == name } else { line == name };
        let found = self.text[self.at..].lines().any(is_end);
        self.missed += usize::from(!found);
        found
    }

    /// The text up to the line that is `name` alone; all the rest if there is none.
    pub(super) fn heredoc(&mut self, name: &str, strips_tabs: bool) -> (Text, Span) {
        let start = self.at;
        let mut body = String::new();
        let mut end = start;
        while let Some((at, raw)) = self.physical() {
            let line = if strips_tabs { raw.trim_start_matches('\t') } else { raw };
            if line == name {
                break;
            }
            body.push_str(line);
            body.push('\n');
            end = at + raw.len();
        }
        (Text::new(body), span_of(start..end))
    }

    /// The next line of the file without its line break, and where it starts.
    fn physical(&mut self) -> Option<(usize, &'t str)> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let line = &rest[..rest.find('\n').map_or(rest.len(), |end| end + 1)];
        let start = self.at;
        self.at += line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    }

    /// The line without the escape that continues it; none if it ends here. Two escapes continue nothing.
    fn without_escape<'l>(&self, line: &'l str) -> Option<&'l str> {
        let shorter = line.trim_end_matches([' ', '\t']).strip_suffix(self.escape)?;
        (!shorter.ends_with(self.escape)).then_some(shorter)
    }

    /// Directives are the comments of the form `# name=value` at the very top.
    fn escape_directive(&self) -> char {
        for line in self.text[self.at..].lines() {
            let directive = line.trim_start().strip_prefix('#').and_then(|comment| comment.split_once('='));
            let Some((name, value)) = directive.map(|(name, value)| (name.trim(), value.trim())) else { break };
            if name.eq_ignore_ascii_case("escape") {
                return if value == "`" { '`' } else { '\\' };
            }
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                break;
            }
        }
        '\\'
    }
}

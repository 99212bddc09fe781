//! A masked copy of a file for code frames: every hidden character becomes one `•`, so lines and columns stay.

mod code;
mod data;
mod env;

use super::{Masker, looks};
use crate::syntax::Span;
use std::ops::Range;

/// How a file tells its values from its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `NAME=value` lines: every value is hidden unless it is well known to be harmless.
    Env,
    /// JavaScript, TypeScript, JSON: quoted values, `//` comments.
    Script,
    /// Python, TOML: quoted values, `#` comments.
    Hash,
    /// YAML, Dockerfile, nginx and all else: values can stand without quotes.
    Data,
}

/// A masked copy of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    lines: Vec<String>,
}

impl Masked {
    /// Masks a file. `hidden` are places that are known to hold secrets.
    pub fn new(masker: &Masker, text: &str, shape: Shape, hidden: &[Span]) -> Masked {
        let mut cover = Cover::new(text.len());
        match shape {
            Shape::Env => env::cover(text, &mut cover),
            Shape::Script => code::cover(text, code::Dialect::Script, &mut cover),
            Shape::Hash => code::cover(text, code::Dialect::Hash, &mut cover),
            Shape::Data => data::cover(text, &mut cover),
        }
        masker.known_in(text).into_iter().for_each(|range| cover.hide(range));
        looks::secret_ranges(text).into_iter().for_each(|range| cover.hide(range));
        key_blocks(text).for_each(|range| cover.hide(range));
        for span in hidden {
            cover.hide(inner(text, span.start as usize..span.end as usize));
        }
        Masked { lines: cover.lines(text) }
    }

    /// The line of this number, counted from 1, without its end.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.lines.get(index).map(String::as_str)
    }

    /// How many lines there are; an empty file has one.
    pub fn lines(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }
}

/// Which bytes of a text are hidden.
struct Cover(Vec<bool>);

impl Cover {
    fn new(len: usize) -> Cover {
        Cover(vec![false; len])
    }

    fn hide(&mut self, range: Range<usize>) {
        let end = range.end.min(self.0.len());
        if range.start < end {
            self.0[range.start..end].fill(true);
        }
    }

    /// The lines with hidden characters replaced.
    fn lines(&self, text: &str) -> Vec<String> {
        let mut lines = vec![String::new()];
        for (at, c) in text.char_indices() {
            if c == '\n' {
                lines.push(String::new());
            } else if let Some(line) = lines.last_mut() {
                // A tab keeps its width.
                line.push(if self.0[at] && c != '\t' && c != '\r' { '•' } else { c });
            }
        }
        for line in &mut lines {
            if line.ends_with('\r') {
                line.pop();
            }
        }
        lines
    }
}

/// A literal without its quotes.
fn inner(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(literal) = text.get(range.clone()) else { return range };
    let quote = |c: char| matches!(c, '"' | '\'' | '`');
    let left = literal.len() - literal.trim_start_matches(quote).len();
    let right = literal.len() - literal.trim_end_matches(quote).len();
    if left + right >= literal.len() { range } else { range.start + left..range.end - right }
}

/// The bodies of PEM blocks.
fn key_blocks(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("-----BEGIN ").map(|(start, begin)| {
        let body = start + begin.len();
        let end = text[body..].find("-----END").map_or(text.len(), |length| body + length);
        let head = text[body..end].find("-----").map_or(0, |length| length + "-----".len());
        body + head..end
    })
}

/// How much of a value is the name of a variable: all of `${NAME}` and `{{ name }}`, and the name alone where a default
/// stands behind it. A `$` inside other text proves nothing: passwords have it too.
fn reference(value: &str) -> usize {
    if value.starts_with("{{") && value.find("}}") == Some(value.len() - 2) {
        return value.len();
    }
    let Some(rest) = value.strip_prefix("${") else { return 0 };
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let name = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    match &rest[name..] {
        "}" if name > 0 => value.len(),
        default if name > 0 && default.starts_with([':', '-', '?', '+']) => "${".len() + name,
        _ => 0,
    }
}

/// Hides a value that stands at `range`, its quotes and the names of variables left.
fn hide_value(text: &str, range: Range<usize>, cover: &mut Cover) {
    let range = inner(text, range);
    let Some(value) = text.get(range.clone()) else { return };
    cover.hide(range.start + reference(value)..range.end);
}

/// As [`hide_value`], but an address without credentials stays: `token_endpoint`, `proxy_pass`.
fn hide_unless_address(text: &str, range: Range<usize>, cover: &mut Cover) {
    let Some(value) = text.get(inner(text, range.clone())).map(|value| value.trim_end_matches(';')) else { return };
    if !looks::is_plain_address(value) {
        hide_value(text, range, cover);
    }
}

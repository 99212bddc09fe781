//! A masked copy of a file for code frames: every hidden character becomes one `•`, so lines and columns stay.

mod code;
mod data;
mod env;

use super::{Masker, looks};
use crate::syntax::Span;
use memchr::{memchr_iter, memmem};
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
    /// Its lines with their ends.
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Masked {
    /// Masks a file. `hidden` are places that are known to hold secrets.
    pub fn new(masker: &Masker, text: &str, shape: Shape, hidden: &[Span]) -> Masked {
        let mut cover = Cover::default();
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
            let range = inner(text, span.start as usize..span.end as usize);
            let named = text.get(range.clone()).map_or(0, reference);
            cover.hide(range.start + named..range.end);
        }
        let text = cover.applied_to(text);
        let starts = std::iter::once(0).chain(memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1)).collect();
        Masked { text, starts }
    }

    /// The line of this number, counted from 1, without its end.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        let line = &self.text[start..end];
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// How many lines there are; an empty file has one.
    pub fn lines(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }
}

/// Which bytes of a text are hidden.
#[derive(Default)]
struct Cover(Vec<Range<usize>>);

impl Cover {
    fn hide(&mut self, range: Range<usize>) {
        self.0.push(range);
    }

    /// The text with the characters replaced that begin in what is hidden.
    fn applied_to(mut self, text: &str) -> String {
        self.0.sort_unstable_by_key(|range| range.start);
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for range in self.0 {
            let start = text.ceil_char_boundary(range.start).max(at);
            let end = text.ceil_char_boundary(range.end);
            let Some(hidden) = text.get(start..end) else { continue };
            shown.push_str(&text[at..start]);
            // A tab keeps its width.
            shown.extend(hidden.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { c } else { '•' }));
            at = end;
        }
        shown.push_str(&text[at..]);
        shown
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

/// How a PEM block begins.
const BEGIN: &str = "-----BEGIN ";

/// The bodies of PEM blocks.
fn key_blocks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut done = 0;
    memmem::find_iter(text.as_bytes(), BEGIN).filter_map(move |start| {
        // One that begins in another is hidden with it: looked for again, its end would cost the square of the text.
        if start < done {
            return None;
        }
        let body = start + BEGIN.len();
        done = text[body..].find("-----END").map_or(text.len(), |length| body + length);
        let head = text[body..done].find("-----").map_or(0, |length| length + "-----".len());
        Some(body + head..done)
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
        // What is said when the variable is not set is no value.
        refusal if name > 0 && is_refusal(refusal) => value.len(),
        default if name > 0 && default.starts_with([':', '-', '?', '+']) => "${".len() + name,
        _ => 0,
    }
}

/// `?NAME is required}`, `:?}`: what `${NAME` goes on with where it has to be set.
fn is_refusal(rest: &str) -> bool {
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    rest.starts_with('?') && rest.find('}').is_none_or(|end| end == rest.len() - 1)
}

/// Hides a value that stands at `range`, its quotes and the names of variables left.
fn hide_value(text: &str, range: Range<usize>, cover: &mut Cover) {
    let range = inner(text, range);
    let Some(value) = text.get(range.clone()) else { return };
    cover.hide(range.start + reference(value)..range.end);
}

/// As [`hide_value`], but what anybody may see stays: an address without credentials, a path, a word for a mode.
fn hide_unless_address(text: &str, range: Range<usize>, cover: &mut Cover) {
    let Some(value) = text.get(inner(text, range.clone())).map(|value| value.trim_end_matches(';')) else { return };
    if !looks::is_plain_address(value) && !looks::openly(value) {
        hide_value(text, range, cover);
    }
}

//! Text that came from a project's file: it can be asked about, never printed by accident.

use std::fmt;
use std::sync::Arc;

/// A string of a scanned project. It may be a secret, so `Debug` shows its length alone, there is no `Display`,
/// and no operation but [`Text::reveal`] hands the characters out (`clippy.toml` allows that one in `mask` only).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// Wraps the characters.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The answer to a question about the characters.
    pub fn test(&self, question: impl FnOnce(&str) -> bool) -> bool {
        question(&self.0)
    }

    /// Whether it is exactly `other`.
    pub fn is(&self, other: &str) -> bool {
        &*self.0 == other
    }

    /// Another text made of this one.
    pub fn map(&self, change: impl FnOnce(&str) -> String) -> Text {
        Text::new(change(&self.0))
    }

    /// A number read out of the characters.
    pub fn number(&self, read: impl FnOnce(&str) -> Option<f64>) -> Option<f64> {
        read(&self.0)
    }

    /// The first of `words` that it equals.
    pub fn one_of<'w>(&self, words: &[&'w str]) -> Option<&'w str> {
        words.iter().copied().find(|word| self.is(word))
    }

    /// The parts between separators.
    pub fn split(&self, separator: &str) -> Vec<Text> {
        if separator.is_empty() {
            return self.0.chars().map(|c| Text::new(c.to_string())).collect();
        }
        self.0.split(separator).map(Text::new).collect()
    }

    /// What stands before the first separator, and what stands behind it.
    pub fn split_once(&self, separator: &str) -> Option<(Text, Text)> {
        let (before, behind) = self.0.split_once(separator)?;
        Some((Text::new(before), Text::new(behind)))
    }

    /// The words of a command line, a blank behind each.
    pub fn of_words<'t>(words: impl Iterator<Item = &'t Text>) -> Text {
        let mut line = String::new();
        for word in words {
            line.push_str(&word.0);
            line.push(' ');
        }
        Text::new(line)
    }

    /// Both texts, one after the other.
    pub fn join(&self, other: &Text) -> Text {
        Text::new(format!("{}{}", self.0, other.0))
    }

    /// How many Unicode scalar values it has.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }

    /// How many UTF-16 units it has: JavaScript's `length`.
    pub fn utf16_units(&self) -> usize {
        self.0.encode_utf16().count()
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no character.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The text as the name of a key, a variable, a module or a path: names are shown in reports.
    /// Only for text in the position of a name, never for a value.
    pub fn as_name(&self) -> Arc<str> {
        self.0.clone()
    }

    /// The characters themselves. Only `mask` may ask, after it has decided that they may be shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} chars)", self.chars())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_alone() {
        assert_eq!(format!("{:?}", Text::new("hunter2")), "Text(7 chars)");
    }
}

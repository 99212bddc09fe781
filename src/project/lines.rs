//! Byte offsets as the lines and columns that people and editors count.

use std::sync::Arc;

/// Where an offset lies; both count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// The starts of a text's lines.
#[derive(Clone)]
pub struct LineIndex {
    text: Arc<str>,
    starts: Arc<[u32]>,
}

impl LineIndex {
    /// The index of `text`. A line ends behind its `\n`.
    pub fn new(text: Arc<str>) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| to_u32(at + 1));
        let starts = std::iter::once(0).chain(ends).collect();
        Self { text, starts }
    }

    /// The line and column of a byte offset. An offset inside a character counts as its start, one behind the text
    /// as the text's end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(to_u32(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let start = self.starts[line] as usize;
        let end = self.text.floor_char_boundary(offset as usize).max(start);
        let column = self.text[start..end].chars().count() + 1;
        Position { line: to_u32(line + 1), column: to_u32(column) }
    }

    /// How many lines there are; an empty text has one.
    pub fn lines(&self) -> u32 {
        to_u32(self.starts.len())
    }

    /// The bytes of a line counted from 1, without its line end.
    pub fn range_of(&self, line: u32) -> Option<std::ops::Range<usize>> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let kept = self.text[start..end].trim_end_matches(['\r', '\n']).len();
        Some(start..start + kept)
    }
}

impl std::fmt::Debug for LineIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LineIndex({} lines)", self.lines())
    }
}

/// Files are capped at 64 MiB, so every offset fits.
fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, offset: u32) -> (u32, u32) {
        let Position { line, column } = LineIndex::new(text.into()).position(offset);
        (line, column)
    }

    #[test]
    fn columns_count_characters_and_not_bytes() {
        let text = "a\nüx = 1\n";
        assert_eq!(position(text, 4), (2, 2));
        assert_eq!(position(text, 3), (2, 1), "inside `ü` is at its start");
    }

    #[test]
    fn the_end_of_the_text_has_a_position() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("ab", 2), (1, 3));
        assert_eq!(position("ab\n", 3), (2, 1));
        assert_eq!(position("ab", 99), (1, 3));
    }

    #[test]
    fn a_line_has_no_line_end() {
        let text = "one\r\ntwo\nthree";
        let index = LineIndex::new(text.into());
        let lines: Vec<_> = (1..=index.lines()).map(|line| &text[index.range_of(line).unwrap()]).collect();
        assert_eq!(lines, ["one", "two", "three"]);
        assert_eq!(index.range_of(0), None);
        assert_eq!(index.range_of(4), None);
    }
}

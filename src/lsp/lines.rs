//! Byte offsets as the positions of the protocol: lines from 0, columns in UTF-16 code units.

use gen_lsp_types::{Position, Range};

/// The lines of a text. A line ends behind `\n`, `\r\n` or `\r`.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Lines<'t> {
        let bytes = text.as_bytes();
        let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        Lines { text, starts }
    }

    /// Where a byte lies; one behind the text counts as the text's end, one inside a character as its start.
    pub(super) fn position(&self, offset: u32) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = self.text[self.starts[line]..offset].encode_utf16().count();
        Position { line: small(line), character: small(column) }
    }

    /// The text between two bytes.
    pub(super) fn range(&self, start: u32, end: u32) -> Range {
        Range { start: self.position(start), end: self.position(end.max(start)) }
    }

    /// The byte at a position; a column behind the line counts as its end, a line behind the text as the text's end.
    pub(super) fn offset(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return self.text.len() };
        let end = self.starts.get(position.line as usize + 1).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\r', '\n']);
        let mut units = 0;
        for (at, c) in line.char_indices() {
            if units >= position.character {
                return start + at;
            }
            units += small(c.len_utf16());
        }
        start + line.len()
    }
}

/// Files are capped far below what a number of the protocol holds.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_count_utf16_code_units() {
        let text = "a = \"😀\"; b\nü = 1\n";
        let lines = Lines::new(text);
        let b = text.find('b').unwrap();
        assert_eq!(lines.position(small(b)), at(0, 10));
        assert_eq!(lines.offset(at(0, 10)), b);
        let equals = text.rfind('=').unwrap();
        assert_eq!(lines.position(small(equals)), at(1, 2));
        assert_eq!(lines.offset(at(1, 2)), equals);
    }

    #[test]
    fn what_lies_behind_the_end_is_the_end() {
        let lines = Lines::new("one\r\ntwo\rthree");
        assert_eq!(lines.offset(at(0, 99)), 3);
        assert_eq!(lines.offset(at(2, 0)), 9);
        assert_eq!(lines.offset(at(9, 0)), 14);
        assert_eq!(lines.position(99), at(2, 5));
        assert_eq!(Lines::new("").position(0), at(0, 0));
    }
}

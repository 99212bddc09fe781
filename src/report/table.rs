//! Plain columns for the terminal.

use crate::mask::printable;

/// A column is never wider than this, but the last one.
const MOST_WIDTH: usize = 48;

/// The rows with their columns aligned.
pub fn table<const N: usize, T: AsRef<str>>(rows: impl Iterator<Item = [T; N]>) -> String {
    let rows: Vec<[String; N]> = rows.map(|row| row.map(|cell| printable(cell.as_ref()).into_owned())).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count()).min(MOST_WIDTH);
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            line.push_str(cell);
            if index + 1 < N {
                let missing = width.saturating_sub(cell.chars().count()) + 2;
                line.extend(std::iter::repeat_n(' ', missing));
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

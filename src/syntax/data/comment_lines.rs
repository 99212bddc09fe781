//! Comments in formats that know no others than whole lines.

use crate::syntax::Span;

/// The lines that begin with `#`.
pub fn comment_lines(text: &str) -> Vec<Span> {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut at = 0;
    let mut comments = Vec::new();
    for line in text.split_inclusive('\n') {
        let shown = line.trim();
        if shown.starts_with('#') {
            let start = at + (line.len() - line.trim_start().len());
            comments.push(Span::new(byte(start), byte(start + shown.len())));
        }
        at += line.len();
    }
    comments
}

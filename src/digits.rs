//! What stands around digits: prose and code have few of them, and generated values nearly always some.

use std::ops::Range;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Where the digits of a text stand.
pub(crate) fn digits(text: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, block) in text.chunks(BLOCK).enumerate() {
        // Without a branch, so that the compiler takes many bytes at once.
        if !block.iter().fold(false, |any, byte| any | byte.is_ascii_digit()) {
            continue;
        }
        for (at, byte) in block.iter().enumerate() {
            if byte.is_ascii_digit() {
                found.push(index * BLOCK + at);
            }
        }
    }
    found
}

/// The stretches of a kind of bytes that hold one of the digits, in order.
pub(crate) fn stretches(text: &[u8], digits: &[usize], kind: &[bool; 256]) -> impl Iterator<Item = Range<usize>> {
    let is_inside = |at: usize| kind[usize::from(text[at])];
    let mut done = 0;
    digits.iter().filter_map(move |digit| {
        if *digit < done {
            return None;
        }
        let mut start = *digit;
        while start > 0 && is_inside(start - 1) {
            start -= 1;
        }
        done = *digit;
        while done < text.len() && is_inside(done) {
            done += 1;
        }
        Some(start..done)
    })
}

/// A table of the bytes that pass a test: it is asked for a good part of all source code.
macro_rules! bytes {
    ($byte:ident => $test:expr) => {{
        let mut table = [false; 256];
        let mut at = 0;
        while at < table.len() {
            let $byte = at as u8;
            table[at] = $test;
            at += 1;
        }
        table
    }};
}
pub(crate) use bytes;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_around_digits_are_found_once_and_whole() {
        static WORD: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric());
        let text = format!("a1b2 c {}x9 7", "-".repeat(200));
        let digits = digits(text.as_bytes());
        let found: Vec<_> = stretches(text.as_bytes(), &digits, &WORD).map(|range| text[range].to_owned()).collect();
        assert_eq!(found, ["a1b2", "x9", "7"]);
    }
}

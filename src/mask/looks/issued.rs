//! Tokens whose issuers gave them a shape of their own.

use crate::digits::bytes;
use crate::needles::Needles;
use std::ops::Range;
use std::sync::LazyLock;

/// How the tokens of one kind are written: a pattern of all of them costs more to build than most scans have use for.
struct Kind {
    begins: &'static [&'static str],
    /// What follows.
    of: &'static [bool; 256],
    /// How much of it there is at least.
    least: usize,
    then: Then,
}

/// What follows in its turn.
enum Then {
    Nothing,
    /// A dot, and at least as many of the same.
    TheSame,
    /// More parts behind dots, however short.
    Parts,
}

static CAPITALS: [bool; 256] = bytes!(byte => byte.is_ascii_uppercase() || byte.is_ascii_digit());
static LETTERS: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric());
static WORD: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || byte == b'_');
static DASHED: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
static DOTTED: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
static HEX: [bool; 256] = bytes!(byte => matches!(byte, b'0'..=b'9' | b'a'..=b'f'));

const fn kind(begins: &'static [&'static str], of: &'static [bool; 256], least: usize) -> Kind {
    Kind { begins, of, least, then: Then::Nothing }
}

static KINDS: &[Kind] = &[
    kind(&["AKIA", "ASIA", "AGPA", "AROA"], &CAPITALS, 12),
    kind(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], &LETTERS, 16),
    kind(&["github_pat_", "npm_"], &WORD, 20),
    kind(&["glpat-"], &DASHED, 16),
    kind(&["sk_live_", "pk_live_", "rk_live_", "wk_live_"], &WORD, 8),
    kind(&["sk_test_", "pk_test_", "rk_test_", "wk_test_", "whsec_"], &WORD, 8),
    kind(&["sk-"], &DASHED, 12),
    kind(&["xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"], &DASHED, 8),
    kind(&["AIza"], &DASHED, 20),
    kind(&["ya29."], &DASHED, 1),
    Kind { begins: &["SG."], of: &DASHED, least: 10, then: Then::TheSame },
    Kind { begins: &["eyJ"], of: &DASHED, least: 6, then: Then::Parts },
    kind(&["dop_v1_", "hf_", "shpat_", "pypi-"], &WORD, 16),
    kind(&["key-"], &HEX, 16),
];

static BEGINNINGS: LazyLock<Needles<'static>> = LazyLock::new(|| {
    let words: Vec<&str> = KINDS.iter().flat_map(|kind| kind.begins).copied().collect();
    Needles::new(&words)
});

/// Where such tokens stand, in order.
pub(super) fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    BEGINNINGS.each_in(text, |start| {
        let inside = start > 0 && WORD[usize::from(text[start - 1])];
        if inside || found.last().is_some_and(|last| start < last.end) {
            return;
        }
        if let Some(length) = KINDS.iter().find_map(|kind| kind.length(&text[start..])) {
            found.push(start..start + length);
        }
    });
    found
}

impl Kind {
    /// How long the token is with which a text begins.
    fn length(&self, text: &[u8]) -> Option<usize> {
        let begin = self.begins.iter().find(|begin| text.starts_with(begin.as_bytes()))?;
        let end = begin.len() + self.stretch(&text[begin.len()..])?;
        let rest = &text[end..];
        match self.then {
            Then::Nothing => Some(end),
            Then::TheSame => Some(end + 1 + self.stretch(rest.strip_prefix(b".")?)?),
            Then::Parts => Some(end + length_of(&DOTTED, rest)),
        }
    }

    /// How much of what these tokens are made of stands first, if it is enough.
    fn stretch(&self, text: &[u8]) -> Option<usize> {
        Some(length_of(self.of, text)).filter(|length| *length >= self.least)
    }
}

/// How many bytes of a kind stand first.
fn length_of(kind: &[bool; 256], text: &[u8]) -> usize {
    text.iter().position(|byte| !kind[usize::from(*byte)]).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_by_how_they_begin_and_end_with_what_they_are_made_of() {
        for (text, expected) in [
            ("(AKIAABCDEFGHIJKLm)", &["AKIAABCDEFGHIJKL"][..]),
            ("ghp_abcdefghijklmnop_q", &["ghp_abcdefghijklmnop"]),
            ("'github_pat_abcdefghijklmnopqrs_'", &["github_pat_abcdefghijklmnopqrs_"]),
            ("=glpat-abcdefgh-ijklmnop.q", &["glpat-abcdefgh-ijklmnop"]),
            ("sk_live_abcdefgh pk_test_abcdefgh", &["sk_live_abcdefgh", "pk_test_abcdefgh"]),
            ("sk-abcd-efgh-ijkl", &["sk-abcd-efgh-ijkl"]),
            ("xoxb-abcd-efgh", &["xoxb-abcd-efgh"]),
            ("ya29.a", &["ya29.a"]),
            ("SG.abcdefghij.klmnopqrst.u", &["SG.abcdefghij.klmnopqrst"]),
            ("eyJabcdef.ghi..j/", &["eyJabcdef.ghi..j"]),
            ("eyJabcdef", &["eyJabcdef"]),
            ("\u{e9}key-abcdefabcdefabcdefg", &["key-abcdefabcdefabcdef"]),
            ("a.hf_abcdefghijklmnop", &["hf_abcdefghijklmnop"]),
            // What is in another one is of it.
            ("glpat-abcdefghijklmnop-eyJabcdef.g", &["glpat-abcdefghijklmnop-eyJabcdef"]),
            ("AKIAABCDEFGHIJK", &[]),
            ("SG.abcdefghij.klmnopqrs", &[]),
            ("eyJ.abcdef", &[]),
            ("ask-abcd-efgh-ijkl", &[]),
            ("x_ghp_abcdefghijklmnop", &[]),
        ] {
            let found: Vec<&str> = tokens(text.as_bytes()).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}

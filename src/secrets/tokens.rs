//! Finds tokens of known providers in a text: literals first, then one pattern at each hit.

use super::entropy::is_predictable;
use super::is_placeholder;
use super::providers::{PROVIDERS, Provider};
use crate::text::Text;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// No token is longer.
const WINDOW: usize = 512;

static LITERALS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // The form that is the quickest to build: few bytes are searched.
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(PROVIDERS.iter().map(|provider| provider.literal))
        .expect("internal error: the literals of the providers make a machine")
});

static PATTERNS: LazyLock<Vec<OnceLock<Regex>>> = LazyLock::new(|| PROVIDERS.iter().map(|_| OnceLock::new()).collect());

/// The pattern of a provider, anchored at its start; compiled when its literal is first met.
fn pattern(index: usize) -> &'static Regex {
    PATTERNS[index].get_or_init(|| {
        RegexBuilder::new(&format!("^(?:{})", PROVIDERS[index].pattern))
            .unicode(false)
            .build()
            .expect("internal error: the pattern of a provider is valid")
    })
}

/// The provider whose token the text is or holds.
pub fn provider(text: &Text) -> Option<&'static Provider> {
    // A closed question: the provider's name leaves, the characters stay.
    let mut found = None;
    text.test(|text| {
        found = tokens(text).into_iter().next().map(|(_, provider)| provider);
        found.is_some()
    });
    found
}

/// Whether a text holds the literal of a provider, which is not yet a token.
pub(super) fn has_literal(text: &str) -> bool {
    LITERALS.is_match(text)
}

/// Every token in a text with the bytes it takes, in order; stand-ins of the same shape are left out.
pub fn tokens(text: &str) -> Vec<(Range<usize>, &'static Provider)> {
    let mut found: Vec<(Range<usize>, &'static Provider)> = Vec::new();
    for run in candidates(text.as_bytes()) {
        for hit in LITERALS.find_overlapping_iter(&text.as_bytes()[run.clone()]) {
            let index = hit.pattern().as_usize();
            let provider = &PROVIDERS[index];
            let Some(start) = (run.start + hit.start()).checked_sub(provider.before) else { continue };
            let window = &text.as_bytes()[start..text.len().min(start + WINDOW)];
            let Some(matched) = pattern(index).find(window) else { continue };
            let range = start..start + matched.end();
            let overlaps = found.iter().any(|(other, _)| other.start < range.end && range.start < other.end);
            // Patterns are ASCII, so the range lies on character boundaries.
            let Some(token) = text.get(range.clone()) else { continue };
            if !overlaps && stands_alone(text, &range) && is_real(token, provider) {
                found.push((range, provider));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// How a private key begins: the one token with blanks inside.
const KEY_BEGINS: &[u8] = b"-----BEGIN ";

/// The shortest token.
const SHORTEST: usize = 20;

/// The bytes that tokens are made of.
const fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'.' | b':')
}

/// [`is_of_token`] for each byte: it is asked for a good part of all source code.
static OF_TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        table[byte as usize] = is_of_token(byte);
        byte += 1;
    }
    table
};

/// The stretches of a text that a token can stand in: runs that are as long as one, and the beginnings of keys.
fn candidates(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    runs(text).chain(memmem::find_iter(text, KEY_BEGINS).map(|at| at..at + KEY_BEGINS.len()))
}

/// Runs of at least [`SHORTEST`] bytes of tokens. Each holds one of the bytes that lie so far apart, so most bytes are
/// never looked at.
fn runs(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let of_token = |byte: &u8| OF_TOKEN[usize::from(*byte)];
    let mut probe = SHORTEST - 1;
    std::iter::from_fn(move || {
        while probe < text.len() {
            if !of_token(&text[probe]) {
                probe += SHORTEST;
                continue;
            }
            let start = text[..probe].iter().rposition(|byte| !of_token(byte)).map_or(0, |before| before + 1);
            let end = text[probe..].iter().position(|byte| !of_token(byte)).map_or(text.len(), |after| probe + after);
            probe = end + SHORTEST;
            if end - start >= SHORTEST {
                return Some(start..end);
            }
        }
        None
    })
}

/// Not a part of a longer word.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let bytes = text.as_bytes();
    let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
    // The first characters of a private key are matched, not all of it.
    let is_whole = bytes[range.start] == b'-' || !is_word(bytes.get(range.end));
    !is_word(before) && is_whole
}

/// Its checksum is right, and what follows the literal is neither crossed out nor predictable.
fn is_real(token: &str, provider: &Provider) -> bool {
    let after = &token[provider.before + provider.literal.len()..];
    let random = Text::new(after);
    (provider.is_valid)(token) && !is_predictable(&random) && !is_placeholder(&random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::test_runner::TestRunner;

    /// Tokens are generated from the patterns: none stands in this file.
    #[test]
    fn every_pattern_finds_what_it_describes() {
        let mut runner = TestRunner::deterministic();
        for provider in PROVIDERS.iter().filter(|provider| {
            std::ptr::fn_addr_eq(provider.is_valid, super::super::checksums::none as fn(&str) -> bool)
        }) {
            let tokens = proptest::string::string_regex(provider.pattern).expect(provider.pattern);
            for _ in 0..5 {
                let token = tokens.new_tree(&mut runner).expect("a token").current();
                let text = format!("KEY=\"{token}\" # für später");
                let found = super::tokens(&text);
                assert_eq!(found.len(), 1, "{}: {token}", provider.name);
                assert_eq!(found[0].0.start, 5, "{}: {token}", provider.name);
                assert_eq!(found[0].1.name, provider.name, "{token}");
            }
        }
    }

    #[test]
    fn stand_ins_and_parts_of_words_are_no_tokens() {
        for text in [
            ["sk_", "live_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"].concat(),
            ["sk_", "live_", "000000000000000000000000000000"].concat(),
            ["AKIA", "IOSFODNN7EXAMPLE"].concat(),
            ["risk_", "live_", "4eC39HqLyjWDarjtT1zdp7dc"].concat(),
            ["gh", "p_", "0000000000000000000000000000000000aB"].concat(),
            "monkey-business, re_export, path, npm_config_registry".to_owned(),
        ] {
            assert!(tokens(&text).is_empty(), "{text}");
        }
    }

    #[test]
    fn patterns_are_ascii_and_small_and_begin_where_the_literal_says() {
        for provider in PROVIDERS {
            assert!(!provider.pattern.contains("\\w") && provider.pattern.is_ascii(), "{}", provider.pattern);
            let escaped = regex::escape(provider.literal).replace("\\-", "-");
            assert!(provider.before > 0 || provider.pattern.starts_with(&escaped), "{}", provider.pattern);
        }
        let literals: std::collections::BTreeSet<_> = PROVIDERS.iter().map(|provider| provider.literal).collect();
        assert_eq!(literals.len(), PROVIDERS.len(), "a literal stands twice");
        assert!(PROVIDERS.len() >= 60);
    }
}

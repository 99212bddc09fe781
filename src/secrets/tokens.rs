//! Finds tokens of known providers in a text: literals first, then one pattern at each hit.

use super::entropy::is_predictable;
use super::is_placeholder;
use super::providers::{PROVIDERS, Provider};
use crate::text::Text;
use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// No token is longer.
const WINDOW: usize = 512;

static LITERALS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(PROVIDERS.iter().map(|provider| provider.literal))
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
    for hit in LITERALS.find_overlapping_iter(text) {
        let index = hit.pattern().as_usize();
        let provider = &PROVIDERS[index];
        let Some(start) = hit.start().checked_sub(provider.before) else { continue };
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
    found.sort_by_key(|(range, _)| range.start);
    found
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

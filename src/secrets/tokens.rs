//! Finds tokens of known providers in a text: literals first, then one pattern at each hit.

use super::entropy::is_predictable;
use super::is_placeholder;
use super::providers::{PROVIDERS, Provider};
use crate::digits::{bytes, digits, stretches};
use crate::needles::Needles;
use crate::text::Text;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// No token is longer.
const WINDOW: usize = 512;

/// The providers whose tokens begin with a literal, by its first byte.
static BY_FIRST_BYTE: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let begins = |provider: &Provider, byte| provider.before == 0 && provider.literal.as_bytes()[0] == byte;
    let of = |byte| (0..PROVIDERS.len()).filter(|index| begins(&PROVIDERS[*index], byte)).collect();
    (0..=u8::MAX).map(of).collect()
});

/// The providers whose literal stands further behind.
static LATER: LazyLock<Vec<usize>> =
    LazyLock::new(|| (0..PROVIDERS.len()).filter(|index| PROVIDERS[*index].before > 0).collect());

/// The literals of tokens that have no digit more often than once in 500 times: the shorter ones, and keys.
const WITHOUT_DIGITS: &[&str] = &[
    "-----BEGIN ",
    "AKIA",
    "GOCSPX-",
    "dckr_pat_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "gldt-",
    "glpat-",
    "glrt-",
    "hf_",
    "nfp_",
    "npm_",
    "pscale_",
    "re_",
    "rk_live_",
    "rk_test_",
    "sb_secret_",
    "sk_live_",
    "sk_test_",
    "tr_prod_",
    "tskey-",
    "vercel_blob_rw_",
    "whsec_",
];

static WITHOUT_DIGITS_NEEDLES: LazyLock<Needles<'static>> = LazyLock::new(|| Needles::new(WITHOUT_DIGITS));

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

/// Whether a text holds the literal of a provider where a token could begin, which is not yet a token.
pub(super) fn has_literal(text: &str) -> bool {
    let mut found = false;
    literals(text.as_bytes(), &digits(text.as_bytes()), |_, _| found = true);
    found
}

/// Every token in a text with the bytes it takes, in order; stand-ins of the same shape are left out.
pub fn tokens(text: &str) -> Vec<(Range<usize>, &'static Provider)> {
    tokens_among(text, &digits(text.as_bytes()))
}

/// [`tokens`], where the places of all digits are known.
pub(super) fn tokens_among(text: &str, digits: &[usize]) -> Vec<(Range<usize>, &'static Provider)> {
    let mut found: Vec<(Range<usize>, &'static Provider)> = Vec::new();
    let bytes = text.as_bytes();
    literals(bytes, digits, |start, index| {
        let provider = &PROVIDERS[index];
        let window = &bytes[start..text.len().min(start + WINDOW)];
        let Some(matched) = pattern(index).find(window) else { return };
        let range = start..start + matched.end();
        let overlaps = found.iter().any(|(other, _)| other.start < range.end && range.start < other.end);
        // Patterns are ASCII, so the range lies on character boundaries.
        let Some(token) = text.get(range.clone()) else { return };
        if !overlaps && ends_alone(bytes, &range) && is_real(token, provider) {
            found.push((range, provider));
        }
    });
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// The shortest token.
const SHORTEST: usize = 20;

/// The bytes that tokens are made of.
static OF_TOKEN: [bool; 256] =
    bytes!(byte => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'.' | b':'));

/// Calls `each` with the places where a token may begin by its literal, and the provider by its number. No token begins
/// inside a longer word.
fn literals(text: &[u8], digits: &[usize], mut each: impl FnMut(usize, usize)) {
    let inside = |at: usize| at > 0 && text[at - 1].is_ascii_alphanumeric();
    for run in stretches(text, digits, &OF_TOKEN).filter(|run| run.len() >= SHORTEST) {
        run.filter(|at| !inside(*at)).for_each(|start| providers_at(text, start).for_each(|index| each(start, index)));
    }
    WITHOUT_DIGITS_NEEDLES.each_in(text, |start| {
        if !inside(start) {
            providers_at(text, start).for_each(|index| each(start, index));
        }
    });
}

/// The providers whose literal stands where it would in a token that begins here.
fn providers_at(text: &[u8], start: usize) -> impl Iterator<Item = usize> {
    let holds = move |index: &usize| {
        let provider = &PROVIDERS[*index];
        text.get(start + provider.before..).is_some_and(|rest| rest.starts_with(provider.literal.as_bytes()))
    };
    BY_FIRST_BYTE[usize::from(text[start])].iter().chain(LATER.iter()).copied().filter(holds)
}

/// No longer word goes on behind it.
fn ends_alone(text: &[u8], range: &Range<usize>) -> bool {
    // The first characters of a private key are matched, not all of it.
    text[range.start] == b'-' || !text.get(range.end).is_some_and(u8::is_ascii_alphanumeric)
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
    fn tokens_without_a_digit_are_looked_for_by_their_literal() {
        let mut runner = TestRunner::deterministic();
        for provider in PROVIDERS.iter().filter(|provider| !WITHOUT_DIGITS.contains(&provider.literal)) {
            let tokens = proptest::string::string_regex(provider.pattern).expect(provider.pattern);
            let tokens = (0..500).map(|_| tokens.new_tree(&mut runner).expect("a token").current());
            let without = tokens.filter(|token| digits(token.as_bytes()).is_empty()).count();
            assert!(without <= 3, "{}, {}: {without} of 500 tokens have no digit", provider.name, provider.pattern);
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

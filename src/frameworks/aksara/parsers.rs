//! How Aksara and its checks read the text of a variable. They differ, and neither trims.

use crate::eval::{Because, Kind, Value};
use crate::text::Text;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Texts that are yes, in lower case.
const YES: &[&str] = &["1", "true", "yes", "on"];
/// Texts that are no to the settings, in lower case.
const NO: &[&str] = &["0", "false", "no", "off"];
/// Python refuses to read a whole number with more digits.
const MOST_DIGITS: usize = 4_300;

/// How a variable is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parser {
    /// A switch of the settings: what is neither yes nor no is the field's default.
    Switch,
    /// A switch of the checks: what is not yes is no.
    Attested,
    /// A text; an empty one is one.
    Text,
    /// The origins of Studio: split at commas, each trimmed; an empty text is not set.
    Origins,
}

impl Parser {
    /// The value as the parser gives it; absent where the default counts.
    pub(super) fn read(self, raw: &Value) -> Value {
        raw.each(&mut |raw| {
            let Kind::Text(text) = &raw.kind else { return raw.clone() };
            let kind = match self {
                Parser::Switch => switch(text).map_or(Kind::Absent, Kind::Bool),
                Parser::Attested => Kind::Bool(is_yes(text)),
                Parser::Text => raw.kind.clone(),
                Parser::Origins if text.is_empty() => Kind::Absent,
                Parser::Origins => {
                    let items = text.split(",").into_iter().map(|item| item.map(|item| item.trim().to_owned()));
                    let items = items.map(|item| Value::new(Kind::Text(item), &raw.trail)).collect();
                    Kind::List { items, open: None }
                }
            };
            Value::new(kind, &raw.trail)
        })
    }
}

/// The settings' own reading of a switch.
pub(super) fn switch(text: &Text) -> Option<bool> {
    let is = |words: &[&str]| text.test(|text| words.contains(&text.to_lowercase().as_str()));
    if is(YES) {
        return Some(true);
    }
    is(NO).then_some(false)
}

/// The checks' reading of a switch.
pub(super) fn is_yes(text: &Text) -> bool {
    switch(text) == Some(true)
}

/// Seconds as the checks read them: Python's `int()`, and nothing where that throws.
pub(super) fn whole_number(text: &Text) -> Option<f64> {
    text.number(|text| {
        let text = &in_ascii(trimmed(text));
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let plain = grouped(digits)?;
        let fits = plain.len() <= MOST_DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit());
        let number: f64 = fits.then(|| plain.parse().ok()).flatten()?;
        Some(if text.starts_with('-') { -number } else { number })
    })
}

/// Whether Python's `float()` takes the text.
pub(super) fn is_float(text: &Text) -> bool {
    text.test(|text| {
        let text = in_ascii(trimmed(text)).to_lowercase();
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
        if matches!(unsigned, "inf" | "infinity" | "nan") {
            return true;
        }
        let begins = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        begins && without_underscores(unsigned).is_some_and(|plain| plain.parse::<f64>().is_ok())
    })
}

/// Digits without the underscores that may stand between two of them.
fn grouped(digits: &str) -> Option<String> {
    let plain = without_underscores(digits)?;
    (!plain.is_empty()).then_some(plain)
}

fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let lonely = |at: usize| {
        let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        bytes[at] == b'_' && !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
    };
    let has_lonely = (0..bytes.len()).any(lonely);
    (!has_lonely).then(|| text.replace('_', ""))
}

/// The text with every decimal digit as ASCII has it: Python reads the digits of all scripts.
fn in_ascii(text: &str) -> Cow<'_, str> {
    static DIGIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").expect("internal error: a pattern"));
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let is_digit = |c: char| DIGIT.is_match(c.encode_utf8(&mut [0; 4]));
    let ascii = |c: char| {
        // The digits of a script stand one behind the other from its zero on, and so do the sets of them.
        let before = (0..c as u32).rev().map_while(char::from_u32).take_while(|before| is_digit(*before)).count();
        if c.is_ascii() || !is_digit(c) { c } else { char::from_digit(before as u32 % 10, 10).unwrap_or(c) }
    };
    Cow::Owned(text.chars().map(ascii).collect())
}

/// What Python's `strip` leaves.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// Whether the text is a list to the settings: a JSON array of texts that are not blank, or items between commas, none
/// of them blank. `[::1]:8000` is an address and no array.
pub(super) fn is_list(text: &Text) -> bool {
    text.test(|text| {
        let text = trimmed(text);
        if text.is_empty() {
            return true;
        }
        if text.starts_with('[') && !is_bracketed_address(text) {
            return match serde_json::from_str::<Vec<String>>(text) {
                Ok(items) => items.iter().all(|item| !trimmed(item).is_empty()),
                Err(_) => false,
            };
        }
        text.split(',').all(|item| !trimmed(item).is_empty())
    })
}

fn is_bracketed_address(text: &str) -> bool {
    let Some((address, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) else { return false };
    let address = address.split_once('%').map_or(address, |(address, _)| address);
    let is_port = |rest: &str| {
        rest.strip_prefix(':').is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    address.parse::<std::net::Ipv6Addr>().is_ok() && (rest.is_empty() || is_port(rest))
}

/// Absent where nothing is known of a variable: what nobody is known to set is taken for not set.
pub(super) fn decided(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Unknown(unknown) if matches!(unknown.because, Because::Variable(_)) && !unknown.present => {
            Value::new(Kind::Absent, &value.trail)
        }
        _ => value.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_read_in_any_case_and_never_trimmed() {
        for (text, expected) in [
            ("true", Some(true)),
            ("oN", Some(true)),
            ("YES", Some(true)),
            ("1", Some(true)),
            ("OFF", Some(false)),
            ("0", Some(false)),
            ("", None),
            (" true ", None),
            ("t", None),
            ("y", None),
            ("2", None),
            ("enabled", None),
        ] {
            assert_eq!(switch(&text.into()), expected, "{text:?}");
            assert_eq!(is_yes(&text.into()), expected == Some(true), "{text:?}");
        }
    }

    #[test]
    fn whole_numbers_are_pythons() {
        for (text, expected) in [
            ("900", Some(900.0)),
            (" 7200 ", Some(7200.0)),
            ("+7200", Some(7200.0)),
            ("3_601", Some(3601.0)),
            ("-5", Some(-5.0)),
            ("0900", Some(900.0)),
            ("٣٦٠١", Some(3601.0)),
            ("३६०१", Some(3601.0)),
            ("𝟛𝟞𝟘𝟙", Some(3601.0)),
            ("9²", None),
            ("15m", None),
            ("", None),
            ("1e3", None),
            ("900.0", None),
            ("_9", None),
            ("9__0", None),
            ("+ 9", None),
            ("0x10", None),
        ] {
            assert_eq!(whole_number(&text.into()), expected, "{text:?}");
        }
    }

    #[test]
    fn floats_are_pythons() {
        for text in ["3600", " 1.5 ", "1e3", "-0.", ".5", "nan", "Infinity", "1_000.5", "+2", "٣.٥"] {
            assert!(is_float(&text.into()), "{text:?}");
        }
        for text in ["", "abc", "1h", "1__0", "_1", "0x1", "1,5", "++1", "1e"] {
            assert!(!is_float(&text.into()), "{text:?}");
        }
    }

    #[test]
    fn lists_are_json_or_items_between_commas() {
        for text in ["", "  ", "a", "a, b", r#"["a", "b"]"#, "[]", "[::1]:8000", "[::1]", "127.0.0.1:*"] {
            assert!(is_list(&text.into()), "{text:?}");
        }
        for text in ["a,,b", "a,", "[a", r#"["a", 1]"#, r#"["a", " "]"#, "[::1]:*", "[::1]:80,b"] {
            assert!(!is_list(&text.into()), "{text:?}");
        }
    }
}

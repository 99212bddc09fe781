//! `${NAME#pattern}`, `${NAME%pattern}`, `${NAME/pattern/text}`: what BuildKit makes of a value.

use crate::syntax::data::interpolation::Edit;
use regex::{NoExpand, Regex};

/// Longer patterns are not tried.
const MOST_CHARS: usize = 1_000;

/// The value after an edit; none where the pattern is too long to be tried. `twice` takes off the longest fit instead
/// of the shortest, and replaces every fit instead of the first.
pub(super) fn edited(value: &str, edit: Edit, twice: bool, pattern: &str, replacement: &str) -> Option<String> {
    if pattern.chars().count() > MOST_CHARS {
        return None;
    }
    let parts = parts(pattern, edit != Edit::Replace && !twice);
    match edit {
        Edit::Prefix => without_start(value, &parts),
        // the end of a text is the start of the text that is read backwards
        Edit::Suffix => {
            let backwards: Vec<String> = parts.into_iter().rev().collect();
            Some(reversed(&without_start(&reversed(value), &backwards)?))
        }
        Edit::Replace => {
            let fits = regex("", &parts)?;
            let times = if twice { 0 } else { 1 };
            Some(fits.replacen(value, times, NoExpand(replacement)).into_owned())
        }
    }
}

fn without_start(value: &str, parts: &[String]) -> Option<String> {
    Some(regex("^", parts)?.replace(value, "").into_owned())
}

fn regex(start: &str, parts: &[String]) -> Option<Regex> {
    Regex::new(&format!("(?s){start}{}", parts.concat())).ok()
}

/// The pattern as parts of a regular expression, each of which fits one character or any number of them.
fn parts(pattern: &str, shortest: bool) -> Vec<String> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        parts.push(match c {
            '*' if shortest => ".*?".to_owned(),
            '*' => ".*".to_owned(),
            '?' => ".".to_owned(),
            '\\' => regex::escape(characters.next().unwrap_or('\\').encode_utf8(&mut [0; 4])),
            _ => regex::escape(c.encode_utf8(&mut [0; 4])),
        });
    }
    parts
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_off_and_replace() {
        for (value, edit, twice, pattern, replacement, expected) in [
            ("xv", Edit::Prefix, false, "x", "", "v"),
            ("xxv", Edit::Prefix, true, "*x", "", "v"),
            ("xxv", Edit::Prefix, false, "*x", "", "xv"),
            ("xv", Edit::Suffix, false, "v", "", "x"),
            ("a.b.c", Edit::Suffix, false, ".*", "", "a.b"),
            ("a.b.c", Edit::Suffix, true, ".*", "", "a"),
            ("xvx", Edit::Replace, false, "x", "y", "yvx"),
            ("xvx", Edit::Replace, true, "x", "$0", "$0v$0"),
            ("a+b", Edit::Prefix, false, "a\\+", "", "b"),
            ("ab", Edit::Suffix, false, "?", "", "a"),
            ("ab", Edit::Prefix, false, "b", "", "ab"),
        ] {
            let found = edited(value, edit, twice, pattern, replacement);
            assert_eq!(found.as_deref(), Some(expected), "{value} {edit:?} {pattern}");
        }
        assert_eq!(edited("a", Edit::Prefix, false, &"*".repeat(2_000), ""), None);
    }
}

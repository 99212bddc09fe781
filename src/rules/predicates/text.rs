//! Questions about patterns.

use super::super::truth::Truth;
use super::list;
use crate::eval::Kind;

/// Whether a pattern lacks an anchor, or has a bare dot where a literal one is meant.
pub(super) fn unanchored(kind: &Kind) -> Truth {
    match kind {
        Kind::Pattern { source, .. } | Kind::Text(source) => source.test(is_loose).into(),
        Kind::List { .. } => list::any_item(kind, &|item| unanchored(&item.kind)),
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

fn is_loose(pattern: &str) -> bool {
    let begins = pattern.starts_with('^') || pattern.starts_with("\\A");
    let ends =
        pattern.ends_with('$') && !pattern.ends_with("\\$") || pattern.ends_with("\\z") || pattern.ends_with("\\Z");
    !begins || !ends || has_bare_dot(pattern)
}

/// A dot that stands for any one character: unescaped, outside a class, and not repeated (`.*` is meant as a wildcard).
fn has_bare_dot(pattern: &str) -> bool {
    let mut in_class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '.' if !in_class && !matches!(chars.peek(), Some('*' | '+' | '?' | '{')) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_loose_without_anchors_or_with_a_bare_dot() {
        for loose in [r"example\.com$", r"^https://example\.com", r"^https://example.com$", r"https://.*\.example\.com"]
        {
            assert!(is_loose(loose), "{loose}");
        }
        for tight in
            [r"^https://example\.com$", r"^https://[a-z.]+\.example\.com$", r"\Ahttps://a\.b\z", r"^https://.*\.a\.b$"]
        {
            assert!(!is_loose(tight), "{tight}");
        }
    }
}

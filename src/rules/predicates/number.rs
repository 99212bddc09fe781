//! Comparisons of lengths, durations, sizes and counts.

use super::super::truth::Truth;
use crate::eval::Kind;

/// Whether it is less than the bound.
pub(super) fn below(kind: &Kind, bound: f64) -> Truth {
    match kind {
        Kind::Unknown(unknown) if unknown.at_least_chars > 0 && unknown.at_least_chars as f64 >= bound => Truth::False,
        _ => compare(kind, |amount| amount < bound),
    }
}

/// Whether it is more than the bound.
pub(super) fn above(kind: &Kind, bound: f64) -> Truth {
    match kind {
        Kind::Unknown(unknown) if unknown.at_least_chars as f64 > bound => Truth::True,
        _ => compare(kind, |amount| amount > bound),
    }
}

fn compare(kind: &Kind, test: impl Fn(f64) -> bool) -> Truth {
    match kind {
        Kind::Number(number) if number.is_nan() => Truth::Unknown,
        Kind::Number(number) => test(*number).into(),
        // A blank text is an absent one; surrounding white space is not a part of a secret.
        Kind::Text(text) if text.is_blank() => Truth::False,
        Kind::Text(text) => text.test(|text| test(text.trim().chars().count() as f64)).into(),
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

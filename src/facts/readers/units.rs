//! Readers of numbers whose unit, or whose absence, a document leaves open.

use crate::eval::{Because, Kind, Value};
use crate::reading::table::Reader;

/// From this number on, the lifetime of a signed URL may count milliseconds.
const LIKELY_MILLISECONDS: f64 = 100_000.0;

/// S3 signs for seven days at most: what is more cannot be seconds, and up to there whole days are.
const MOST_SECONDS: f64 = 604_800.0;

/// The seconds of an hour: longer lifetimes are too long whatever they count.
const HOUR: f64 = 3_600.0;

/// The seconds of a day.
const DAY: f64 = 86_400.0;

/// A text is a duration; a number has no documented unit.
pub(super) fn spans(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(_) => Value::unknown(Because::UnknownUnit, &value.trail),
        _ => Reader::Seconds.apply(value),
    })
}

/// The lifetime of a signed URL, whose number counts seconds unless it is so large that it may count milliseconds.
pub(super) fn signed_span(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Number(number) if number > MOST_SECONDS || (number >= LIKELY_MILLISECONDS && number % DAY != 0.0) => {
            // Too long by either reading, or long as seconds and short as milliseconds: nobody knows which.
            match number / 1_000.0 {
                seconds if seconds > HOUR => Value::derived(Kind::Number(seconds), &[value]),
                _ => Value::unknown(Because::UnknownUnit, &value.trail),
            }
        }
        _ => Reader::Seconds.apply(value),
    })
}

/// A size where `null`, `false` and the like say "no limit", which the rules know as 0.
pub(super) fn size_limit(value: &Value) -> Value {
    value.each(&mut |value| match value.kind {
        Kind::Null | Kind::Bool(false) => Value::new(Kind::Number(0.0), &value.trail),
        _ => Reader::Bytes.apply(value),
    })
}

/// Types of files where `null` and `false` say that none is asked for.
pub(super) fn allowed_types(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(_) => Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail),
        Kind::Null | Kind::Bool(false) => Value::new(Kind::List { items: [].into(), open: None }, &value.trail),
        _ => value.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::signed_span;
    use crate::eval::{Kind, Place, Value};

    #[test]
    fn the_unit_of_a_signed_lifetime_is_told_by_its_size() {
        let seconds = |number| signed_span(&Value::written(Kind::Number(number), Place::Process)).as_number();
        for (written, read) in [
            (900.0, Some(900.0)),
            (86_400.0, Some(86_400.0)),
            (604_800.0, Some(604_800.0)),
            (150_000.0, None),
            (604_801.0, None),
            (3_600_000.0, None),
            (7_200_000.0, Some(7_200.0)),
        ] {
            assert_eq!(seconds(written), read, "{written}");
        }
    }
}

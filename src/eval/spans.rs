//! Spans of time as Python writes them.

use super::value::Call;
use super::{Because, Kind, Unknown, Value};

/// The seconds of each part, in the order of the positional arguments.
const PARTS: &[(&str, f64)] = &[
    ("days", 86_400.0),
    ("seconds", 1.0),
    ("microseconds", 1e-6),
    ("milliseconds", 1e-3),
    ("minutes", 60.0),
    ("hours", 3_600.0),
    ("weeks", 604_800.0),
];

/// The seconds of `timedelta(days=7)`; none for another call, and where a part is not known.
pub fn seconds(call: &Call) -> Option<f64> {
    if !is_span(call) {
        return None;
    }
    let mut sum = 0.0;
    for (value, (_, unit)) in call.arguments.iter().zip(PARTS) {
        sum += value.as_number()? * unit;
    }
    for (name, value) in &call.keywords {
        let (_, unit) = PARTS.iter().find(|(part, _)| **part == **name)?;
        sum += value.as_number()? * unit;
    }
    (call.arguments.len() <= PARTS.len()).then_some(sum)
}

fn is_span(call: &Call) -> bool {
    matches!(
        call.external(),
        Some(("datetime", "timedelta" | "datetime.timedelta") | ("django/utils/timezone", "timedelta"))
    )
}

/// A point in time that is so far from now as `datetime.now(timezone.utc) + timedelta(minutes=15)` says: the seconds from
/// now, or that it is there and nobody knows when. None where the left side is not now.
pub(super) fn from_now(left: &Value, right: &Value) -> Option<Value> {
    is_now(left)?.then(|| right.each(&mut length))
}

/// Whether a value is the point in time at which the code runs; none where it is no call.
pub(super) fn is_now(value: &Value) -> Option<bool> {
    let Kind::Call(now) = &value.kind else { return None };
    Some(match now.external()? {
        ("datetime", path) => {
            matches!(path, "datetime.now" | "datetime.utcnow" | "datetime.datetime.now" | "datetime.datetime.utcnow")
        }
        ("django/utils/timezone", path) => path == "now",
        ("time", path) => path == "time",
        _ => false,
    })
}

/// The seconds of a span, or that there is one.
fn length(span: &Value) -> Value {
    let there = || Value::new(Kind::Unknown(Unknown { present: true, ..Because::Undecided.into_plain() }), &span.trail);
    let Kind::Call(call) = &span.kind else {
        return if span.as_number().is_some() { span.clone() } else { there() };
    };
    if let Some(seconds) = seconds(call) {
        return Value::new(Kind::Number(seconds), &span.trail);
    }
    match (call.arguments.as_slice(), call.keywords.as_slice()) {
        // One part that more than one place decides: `timedelta(minutes=settings.minutes)`.
        ([], [(name, value)]) if is_span(call) => {
            let Some((_, unit)) = PARTS.iter().find(|(part, _)| **part == **name) else { return there() };
            value.each(&mut |value| match value.as_number() {
                Some(number) => Value::new(Kind::Number(number * unit), &value.trail),
                None => there(),
            })
        }
        _ => there(),
    }
}

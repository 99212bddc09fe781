//! Spans of time as Python writes them.

use super::value::Call;

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
    let (module, path) = call.external()?;
    if !matches!(
        (module, path),
        ("datetime", "timedelta" | "datetime.timedelta") | ("django/utils/timezone", "timedelta")
    ) {
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

//! Readers of the functions that rate limiters ask: by what a caller is counted, and who is not counted at all.

use crate::eval::{Because, Kind, Value};
use crate::reading::table::{Asking, Reader};
use crate::syntax::code::{ExprKind, visit};
use crate::text::Text;

/// Headers that list every address on the way, the first of which the client writes.
const FORWARDED: &[&str] = &["x-forwarded-for", "forwarded"];

/// Headers with one address, which a client can write where no proxy replaces them.
const OTHERS: &[&str] = &["x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "fly-client-ip"];

/// Whose address a function counts by, where it reads a header; absent where it leaves that to the app, or counts by
/// something else.
pub(super) fn key(_: &Asking<'_>, value: &Value) -> Value {
    value.each(&mut |value| {
        let Kind::Function(closure) = &value.kind else { return value.clone() };
        let mut word = None;
        visit(&closure.function.body, &mut |expr, _| {
            let named = |text: &Text| match text {
                text if FORWARDED.iter().any(|header| text.test(|text| text.eq_ignore_ascii_case(header))) => {
                    Some("first_forwarded")
                }
                text if OTHERS.iter().any(|header| text.test(|text| text.eq_ignore_ascii_case(header))) => {
                    Some("client_header")
                }
                _ => None,
            };
            if let ExprKind::Text(text) = &expr.kind {
                word = word.or(named(text));
            }
        });
        word.map_or_else(
            || Value::new(Kind::Absent, &value.trail),
            |word| Value::new(Kind::Text(Text::new(word)), &value.trail),
        )
    })
}

/// Whether anybody is counted: not where a function says of every request that it is not.
pub(super) fn never_skips(asking: &Asking<'_>, value: &Value) -> Value {
    value.each(&mut |value| {
        let Kind::Function(_) = value.kind else { return value.clone() };
        let Some(evaluator) = asking.evaluator else { return Value::unknown(Because::Undecided, &value.trail) };
        let anything = Value::unknown(Because::Undecided, &value.trail);
        evaluator.call(value, vec![anything.clone(), anything]).each(&mut |skips| match &skips.kind {
            Kind::Bool(skips) => Value::new(Kind::Bool(!skips), &value.trail),
            Kind::Unknown(unknown) if matches!(unknown.because, Because::Variable(_)) => skips.clone(),
            // Some requests are not counted, others are.
            _ => Value::new(Kind::Bool(true), &value.trail),
        })
    })
}

/// The window of a limit of `@nestjs/throttler`: milliseconds since its version 5, seconds before, or what its own helpers
/// make of a number.
pub(super) fn throttler_window(asking: &Asking<'_>, value: &Value) -> Value {
    let is_new = asking.facts.at_least(5, 0);
    value.each(&mut |value| match (&value.kind, is_new) {
        (Kind::Call(call), _) => {
            let unit = call.origin().filter(|(module, _)| *module == "@nestjs/throttler").map(|(_, unit)| unit);
            let number = call.arguments.first().and_then(Value::as_number);
            match (unit.and_then(seconds_of), number) {
                (Some(seconds), Some(number)) => Value::new(Kind::Number(number * seconds), &value.trail),
                _ => Value::unknown(Because::Undecided, &value.trail),
            }
        }
        (Kind::Function(_), _) => Value::unknown(Because::Undecided, &value.trail),
        (Kind::Number(_), None) => Value::unknown(Because::UnknownVersion, &value.trail),
        (_, Some(false)) => Reader::Seconds.apply(value),
        _ => Reader::Milliseconds.apply(value),
    })
}

/// `minutes(5)`: the seconds that one of a helper's unit has.
fn seconds_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "seconds" => 1.0,
        "minutes" => 60.0,
        "hours" => 3_600.0,
        "days" => 86_400.0,
        "weeks" => 604_800.0,
        _ => return None,
    })
}

//! Joins of switches that keep the value which decided, so that a finding points at it.

use crate::eval::{Kind, Value};
use crate::reading::table::Reader;

/// What a switch is: of an absent one nothing is known.
fn known(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Bool(value) => Some(*value),
        Kind::Absent | Kind::Null => Some(false),
        _ => None,
    }
}

/// The truth of a value, as Python has it: nothing is in an empty list.
pub(super) fn truthy(value: &Value) -> Value {
    Reader::Truthy.apply(&value.each(&mut |value| match &value.kind {
        Kind::List { items, open: None } if items.is_empty() => Value::new(Kind::Bool(false), &value.trail),
        Kind::Object { fields, open: None } if fields.is_empty() => Value::new(Kind::Bool(false), &value.trail),
        _ => value.clone(),
    }))
}

/// On where one of them is; the first that is on decides, else the last that is off.
pub(super) fn any(values: &[&Value]) -> Value {
    joined(values, true)
}

/// On where all of them are; the first that is off decides, else the first of all.
pub(super) fn all(values: &[&Value]) -> Value {
    joined(values, false)
}

fn joined(values: &[&Value], decides: bool) -> Value {
    let (first, rest) = values.split_first().expect("internal error: a join of no switches");
    if rest.is_empty() {
        return (*first).clone();
    }
    first.each(&mut |own| {
        if known(own) == Some(decides) {
            return own.clone();
        }
        let rest = joined(rest, decides);
        match known(own) {
            // The undecided one is told only where nothing else decides.
            None => rest.each(&mut |rest| if known(rest) == Some(decides) { rest.clone() } else { own.clone() }),
            // Of two that are off the one that somebody wrote is told.
            Some(_) if decides => rest.each(&mut |rest| match (&rest.kind, &own.kind) {
                (Kind::Absent, Kind::Bool(_)) => own.clone(),
                _ => rest.clone(),
            }),
            Some(_) => rest.each(&mut |rest| if known(rest) == Some(true) { own.clone() } else { rest.clone() }),
        }
    })
}

/// The other way round.
pub(super) fn not(value: &Value) -> Value {
    value.each(&mut |value| match known(value) {
        Some(known) => Value::new(Kind::Bool(!known), &value.trail),
        None => value.clone().without_question(),
    })
}

/// A boolean made of an absent value.
pub(super) fn or_false(value: &Value) -> Value {
    value.or_default(&|absent| Value::new(Kind::Bool(false), &absent.trail))
}

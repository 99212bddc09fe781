//! Parts of lists and texts, and items that are taken out of them.

use crate::eval::{Because, Kind, Value};
use std::sync::Arc;

/// `a[lower:upper:step]`.
pub(in crate::eval) fn part(receiver: &Value, bounds: &[Value]) -> Value {
    receiver.each(&mut |receiver| {
        let whole = match &receiver.kind {
            Kind::List { items, open: None } if items.iter().all(crate::eval::expressions::is_certain) => items,
            Kind::Text(text) => return part_of_text(receiver, text, bounds),
            _ => return Value::unknown(Because::Undecided, &receiver.trail),
        };
        let Some(taken) = taken(whole.len(), bounds) else {
            return Value::unknown(Because::Undecided, &receiver.trail);
        };
        let items = taken.filter_map(|at| whole.get(at).cloned()).collect();
        Value::new(Kind::List { items, open: None }, &receiver.trail)
    })
}

fn part_of_text(receiver: &Value, text: &crate::text::Text, bounds: &[Value]) -> Value {
    let Some(taken) = taken(text.chars(), bounds) else { return Value::unknown(Because::Undecided, &receiver.trail) };
    let part = text.map(|text| {
        let all: Vec<char> = text.chars().collect();
        taken.filter_map(|at| all.get(at)).collect()
    });
    Value::new(Kind::Text(part), &receiver.trail)
}

/// The places that bounds leave of so many, one after the other; none where they are not known, or take steps.
fn taken(length: usize, bounds: &[Value]) -> Option<std::ops::Range<usize>> {
    let bound = |at: usize, otherwise: usize| match bounds.get(at).map(|bound| &bound.kind) {
        None | Some(Kind::Null) => Some(otherwise),
        Some(Kind::Number(number)) => place(*number, length),
        Some(_) => None,
    };
    let is_stepless = matches!(bounds.get(2).map(|step| &step.kind), None | Some(Kind::Null));
    let (lower, upper) = (bound(0, 0)?, bound(1, length)?);
    is_stepless.then_some(lower..upper.max(lower))
}

/// A place as Python counts it, from the end where it is negative.
fn place(number: f64, length: usize) -> Option<usize> {
    let length = length as f64;
    let at = if number < 0.0 { (length + number).max(0.0) } else { number.min(length) };
    (number.fract() == 0.0).then_some(at as usize)
}

/// A list without the item that `pop` takes out, and an object without a key.
pub(super) fn without(receiver: &Value, arguments: &[Value]) -> Option<Value> {
    let unknown = || Some(Value::unknown(Because::Undecided, &receiver.trail));
    match (&receiver.kind, arguments.first().map(|first| &first.kind)) {
        (Kind::List { items, open: None }, at) if items.iter().all(crate::eval::expressions::is_certain) => {
            let at = match at {
                None => items.len().checked_sub(1),
                Some(Kind::Number(number)) => place(*number, items.len()).filter(|at| *at < items.len()),
                Some(_) => None,
            };
            let Some(at) = at else { return unknown() };
            let mut items = items.to_vec();
            items.remove(at);
            Some(Value::new(Kind::List { items: items.into(), open: None }, &receiver.trail))
        }
        (Kind::List { .. }, _) => unknown(),
        (Kind::Object { fields, open }, Some(Kind::Text(key))) => {
            let fields: Vec<(Arc<str>, Value)> = fields.iter().filter(|(name, _)| !key.is(name)).cloned().collect();
            let gone = (key.as_name(), Value::new(Kind::Absent, &receiver.trail));
            let fields = match open {
                Some(_) => fields.into_iter().chain([gone]).collect(),
                None => fields.into(),
            };
            Some(Value::new(Kind::Object { fields, open: open.clone() }, &receiver.trail))
        }
        (Kind::Object { .. }, Some(_)) => unknown(),
        _ => None,
    }
}

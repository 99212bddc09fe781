//! The usual helpers of texts, lists, numbers and objects, computed without running anything.

mod globals;
mod lists;
mod parsed;
mod patterns;
mod slices;
mod texts;

use super::scope::ClassValue;
use super::{Because, Kind, Unknown, Value};
use crate::syntax::code::Language;
pub(super) use globals::{global, to_number, yes_or_no};
pub(super) use parsed::{json, literal, part_of_address};
pub(super) use slices::part;
use std::sync::Arc;

/// Calls back into the evaluator: `list.map(f)`.
pub(super) type Callback<'c> = &'c mut dyn FnMut(&Value, Vec<Value>) -> Value;

/// Methods that answer yes or no.
const QUESTIONS: &[&str] =
    &["includes", "startsWith", "endsWith", "startswith", "endswith", "test", "some", "every", "isdigit"];

/// The result of a well-known method; none where it is not one.
pub(super) fn method(
    receiver: &Value,
    name: &str,
    positional: &[Value],
    keywords: &[(Arc<str>, Value)],
    language: Language,
    call: Callback,
) -> Option<Value> {
    match &receiver.kind {
        Kind::Text(text) if name == "split" && (positional.len() > 1 || !keywords.is_empty()) => {
            texts::split_some(receiver, text, positional, keywords, language)
        }
        Kind::Text(text) => texts::method(receiver, text, name, positional),
        Kind::List { items, open } => lists::method(receiver, items, open.as_ref(), name, positional, call),
        Kind::Object { .. } if language == Language::Python => dictionary(receiver, name, positional),
        Kind::Number(_) | Kind::Bool(_) if name == "toString" => {
            Some(Value::new(Kind::Text(super::expressions::text_of(&receiver.kind, language)?), &receiver.trail))
        }
        Kind::Pattern { source, flags } if name == "test" => {
            texts::matches(source, flags, positional.first()?, receiver)
        }
        Kind::Call(call) if name == "total_seconds" => {
            super::seconds_of_span(call).map(|seconds| Value::new(Kind::Number(seconds), &receiver.trail))
        }
        // Bytes stand for the text that they are made of.
        Kind::Call(call) if name == "encode" && matches!(call.external(), Some((_, "TextEncoder"))) => {
            positional.first().cloned()
        }
        Kind::Unknown(unknown) if QUESTIONS.contains(&name) => Some(plainly_unknown(receiver, unknown)),
        Kind::Unknown(unknown) if name == "get" => {
            // A mapping that cannot be read: its keys are as unknown as it is.
            Some(plainly_unknown(receiver, unknown))
        }
        _ => None,
    }
}

fn plainly_unknown(value: &Value, unknown: &Unknown) -> Value {
    Value::new(Kind::Unknown(unknown.because.clone().into_plain()), &value.trail)
}

fn dictionary(receiver: &Value, name: &str, positional: &[Value]) -> Option<Value> {
    match name {
        "get" => {
            let key = positional.first()?;
            // A key that is not there, such as the text of a variable that is not set.
            if matches!(key.kind, Kind::Null | Kind::Absent) {
                let nothing = || Value::new(Kind::Null, &key.trail);
                return Some(positional.get(1).cloned().unwrap_or_else(nothing));
            }
            let key = key.as_text()?.as_name();
            let found = receiver.field(&key);
            let default = positional.get(1);
            Some(found.or_default(&|absent| default.cloned().unwrap_or_else(|| Value::new(Kind::Null, &absent.trail))))
        }
        "copy" => Some(receiver.clone()),
        "keys" | "values" | "items" => globals::entries(receiver, name),
        _ => None,
    }
}

/// What a value becomes when this method changes it in place; none where the method changes nothing.
pub(super) fn changed(receiver: &Value, name: &str, positional: &[Value]) -> Option<Value> {
    match (&receiver.kind, name) {
        (Kind::List { items, open }, "push" | "append" | "add" | "extend") => {
            let mut items = items.to_vec();
            let mut open = open.clone();
            for value in positional {
                if name == "extend" {
                    super::expressions::spread_items(value, &mut items, &mut open)
                } else {
                    items.push(value.clone())
                }
            }
            Some(Value::new(Kind::List { items: items.into(), open }, &receiver.trail))
        }
        (Kind::Choice(..), "push" | "append" | "extend" | "update" | "insert" | "remove" | "pop") => {
            Some(receiver.each(&mut |receiver| changed(receiver, name, positional).unwrap_or_else(|| receiver.clone())))
        }
        (Kind::Object { .. }, "update") => {
            let mut all = vec![receiver.clone()];
            all.extend(positional.iter().cloned());
            Some(Value::new(super::objects::merged(&all, receiver.trail.place).kind, &receiver.trail))
        }
        // What a caller hands over, with fields that are known.
        (Kind::Unknown(_) | Kind::External { .. }, "update") if is_handed_over(receiver) && are_objects(positional) => {
            let open = Kind::Object { fields: [].into(), open: Some(Because::Undecided.into()) };
            let mut all = vec![Value::new(open, &receiver.trail)];
            all.extend(positional.iter().cloned());
            Some(Value::new(super::objects::merged(&all, receiver.trail.place).kind, &receiver.trail))
        }
        (Kind::List { items, open }, "insert") => {
            let index = positional.first().and_then(Value::as_number);
            let (Some(index), Some(value)) = (index, positional.get(1)) else {
                return Some(Value::unknown(Because::Undecided, &receiver.trail));
            };
            let end = items.len() as f64;
            let index = if index < 0.0 { (end + index).max(0.0) } else { index.min(end) };
            let mut items = items.to_vec();
            items.insert(index as usize, value.clone());
            Some(Value::new(Kind::List { items: items.into(), open: open.clone() }, &receiver.trail))
        }
        (Kind::List { items, open }, "remove") if positional.first().and_then(Value::as_text).is_some() => {
            let wanted = positional.first().and_then(Value::as_text)?;
            let at = items.iter().position(|item| item.as_text() == Some(wanted));
            let seen = &items[..at.unwrap_or(items.len())];
            // What cannot be read may be the one that is meant.
            if seen.iter().any(|item| item.as_text().is_none()) {
                return Some(Value::unknown(Because::Undecided, &receiver.trail));
            }
            let mut items = items.to_vec();
            at.map(|at| items.remove(at));
            Some(Value::new(Kind::List { items: items.into(), open: open.clone() }, &receiver.trail))
        }
        (Kind::List { .. } | Kind::Object { .. }, "pop") => slices::without(receiver, positional),
        (Kind::List { .. }, "unshift" | "splice" | "shift" | "remove" | "sort" | "reverse") => {
            Some(Value::unknown(Because::Undecided, &receiver.trail))
        }
        _ => None,
    }
}

/// Whether calling a class with nothing gives its fields as written: no base that prodcheck cannot see.
pub(super) fn is_plain_class(class: &ClassValue) -> bool {
    class.class.bases.is_empty()
}

/// Whether a value is nothing that is known, or a caller's.
fn is_handed_over(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(_) => true,
        Kind::External { module, .. } => &**module == super::trial::CALLER,
        _ => false,
    }
}

fn are_objects(values: &[Value]) -> bool {
    !values.is_empty() && values.iter().all(|value| matches!(value.kind, Kind::Object { .. }))
}

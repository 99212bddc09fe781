//! Whether what a stranger sends is among several accepted values, in each spelling of that question.

use super::trial::{comes_from_caller, is_hidden};
use super::{Evaluator, Kind, Value};

impl Evaluator<'_> {
    /// A method that asks in a trial whether what the caller sends is among the values of a list (`includes`, `indexOf`)
    /// or made with a text that nobody sees (`startsWith`); none for any other, and where that cannot be told.
    pub(super) fn tried_among(&self, receiver: &Value, name: &str, arguments: &[Value]) -> Option<Value> {
        let kind = match (&receiver.kind, name) {
            // A list that stands in one variable: whatever is in it, nobody sees it.
            (Kind::Unknown(_), "split") if !comes_from_caller(receiver) => {
                Kind::List { items: [receiver.clone()].into(), open: None }
            }
            (Kind::Unknown(_), "trim" | "trimStart" | "trimEnd" | "strip" | "toString")
                if arguments.is_empty() && !comes_from_caller(receiver) =>
            {
                return Some(receiver.clone());
            }
            (Kind::List { items, open: None }, "includes" | "has") => {
                Kind::Bool(self.tried_position(items, arguments.first()?)?.is_some())
            }
            (Kind::List { items, open: None }, "indexOf" | "lastIndexOf" | "index") => {
                let position = self.tried_position(items, arguments.first()?)?;
                Kind::Number(position.map_or(-1.0, |position| position as f64))
            }
            (Kind::Text(_), "startsWith" | "endsWith" | "includes" | "startswith" | "endswith")
                if comes_from_caller(receiver) && arguments.first().is_some_and(is_hidden) =>
            {
                Kind::Bool(self.tried_equality(receiver, arguments.first()?)?)
            }
            _ => return None,
        };
        Some(Value::new(kind, &receiver.trail))
    }

    /// Where what the caller sends stands among several values, each of which it is held against: inside none for
    /// nowhere. None where that cannot be told, and of a list that can be seen whole: it holds what it holds.
    pub(super) fn tried_position(&self, items: &[Value], wanted: &Value) -> Option<Option<usize>> {
        if !items.iter().any(is_hidden) {
            return None;
        }
        let answers: Vec<Option<bool>> =
            items.iter().map(|item| self.tried_equality(item, wanted).or_else(|| item.same_as(wanted))).collect();
        match answers.iter().position(|answer| *answer == Some(true)) {
            None if !answers.iter().all(|answer| *answer == Some(false)) => None,
            position => Some(position),
        }
    }
}

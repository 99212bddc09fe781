//! How what is written becomes a setting's value.

use super::asking::Asking;
use super::facts::Facts;
use super::row::Reader;
use crate::eval::{Because, Kind, Value};
use crate::reading::shapes;
use crate::text::Text;

/// Whether a call looks something up by a name: `cookie.get("domain")`, `os.getenv("X")`.
fn looks_up(call: &crate::eval::Call) -> bool {
    let Kind::External { path, .. } = &call.callee.kind else { return false };
    let name = path.rsplit('.').next().unwrap_or(path);
    !call.is_new && matches!(name, "get" | "getItem" | "getenv" | "pop")
}

impl Reader {
    /// The value where its first stage says what a variable stands for that is not set.
    pub(super) fn unset(self, value: &Value) -> Value {
        match self {
            Reader::UnsetIs(_) | Reader::UnsetIsRefused => self.apply(value),
            Reader::Then(stages) => stages.first().map_or_else(|| value.clone(), |first| first.unset(value)),
            _ => value.clone(),
        }
    }

    /// The value as the setting has it; what does not fit the reader stays, and is of the wrong type.
    pub fn apply(self, value: &Value) -> Value {
        self.apply_in(value, &Asking { evaluator: None, facts: &Facts::default() })
    }

    /// What is written at one of several places, as far as it counts as written.
    pub(super) fn without(self, value: Value) -> Value {
        let first = match self {
            Reader::Then(readers) => readers.first().copied(),
            one => Some(one),
        };
        match first {
            Some(Reader::Without(shapes)) => shapes::without(&value, shapes),
            _ => value,
        }
    }

    /// The value as the setting has it, for a reader that can ask.
    pub fn apply_in(self, value: &Value, asking: &Asking<'_>) -> Value {
        match self {
            Reader::List => shapes::list(value),
            Reader::Negated => Reader::Truthy.apply(value).read(&|value| match &value.kind {
                Kind::Bool(value) => Kind::Bool(!value),
                other => other.clone(),
            }),
            Reader::Contains(item) | Reader::ContainsBefore(item, _) => shapes::contains(value, item),
            Reader::Shapes(table) => shapes::of_table(value, table),
            Reader::Without(shapes) => shapes::without(value, shapes),
            Reader::UnsetIsDefault => shapes::unset_is_default(value),
            Reader::UnsetIs(plain) => shapes::unset_is(value, &|trail| plain.kind(trail)),
            Reader::UnsetIsRefused => shapes::unset_is(value, &|_| Kind::Unknown(Because::Undecided.into())),
            Reader::Then(readers) => {
                readers.iter().fold(value.clone(), |value, reader| reader.apply_in(&value, asking))
            }
            Reader::Asking(read) => read(asking, value),
            Reader::AsIs => value.clone(),
            Reader::Truthy => value.read(&|value| match &value.kind {
                Kind::Null | Kind::Bool(false) => Kind::Bool(false),
                Kind::Text(text) => Kind::Bool(!text.is_empty()),
                Kind::Number(number) => Kind::Bool(*number != 0.0),
                Kind::Call(call) if !call.is_new => Kind::Unknown(crate::eval::call_reason(call).into_plain()),
                _ => Kind::Bool(true),
            }),
            Reader::Presence => value.read(&|value| match &value.kind {
                Kind::Bool(value) => Kind::Bool(*value),
                Kind::Null => Kind::Bool(false),
                // What is looked up somewhere may be there or not.
                Kind::Call(call) if looks_up(call) => Kind::Unknown(crate::eval::call_reason(call).into_plain()),
                _ => Kind::Bool(true),
            }),
            Reader::Seconds => value.read(&|value| duration(&value.kind, 1.0)),
            Reader::Milliseconds => value.read(&|value| duration(&value.kind, 0.001)),
            Reader::Bytes => value.read(&|value| match &value.kind {
                Kind::Text(text) => text.number(crate::units::bytes).map_or_else(|| value.kind.clone(), Kind::Number),
                other => other.clone(),
            }),
            Reader::CommaList => value.each(&mut |value| match &value.kind {
                Kind::Text(text) => {
                    let items = text
                        .split(",")
                        .into_iter()
                        .map(|part| part.map(|part| part.trim().to_owned()))
                        .filter(|part| !part.is_empty());
                    let items = items.map(|part| Value::new(Kind::Text(part), &value.trail)).collect();
                    Value::new(Kind::List { items, open: None }, &value.trail)
                }
                _ => value.clone(),
            }),
            Reader::Words(pairs) => value.read(&|value| match &value.kind {
                Kind::Text(text) => pairs
                    .iter()
                    .find(|(written, _)| text.test(|text| text.eq_ignore_ascii_case(written)))
                    .map_or_else(|| value.kind.clone(), |(_, word)| Kind::Text(Text::new(*word))),
                other => other.clone(),
            }),
            Reader::Own(read) => read(value),
        }
    }
}

fn duration(kind: &Kind, unit: f64) -> Kind {
    match kind {
        Kind::Number(number) => Kind::Number(number * unit),
        Kind::Text(text) => text.number(crate::units::seconds).map_or_else(|| kind.clone(), Kind::Number),
        Kind::Call(call) => crate::eval::seconds_of_span(call).map_or_else(|| kind.clone(), Kind::Number),
        other => other.clone(),
    }
}

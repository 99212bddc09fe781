//! Small questions about values that several parts of this adapter ask.

use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::text::Text;

/// A boolean at the place of another value.
pub(super) fn yes_no(value: bool, at: &Value) -> Value {
    Value::new(Kind::Bool(value), &at.trail)
}

/// A word at the place of another value.
pub(super) fn word(word: &str, at: &Value) -> Value {
    Value::new(Kind::Text(Text::new(word)), &at.trail)
}

/// A value that is the framework's default because nothing is written in what stands around it.
pub(super) fn default(kind: Kind, key: &'static str, around: &Value) -> Value {
    let trail = Step::after(Place::Framework(key), How::Default, &around.trail);
    Value::new(kind, &trail)
}

/// Whether a word is one of some; unknown where the word is.
pub(super) fn is_one_of(value: &Value, words: &[&str]) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => yes_no(text.one_of(words).is_some(), value),
        Kind::Unknown(_) => value.clone(),
        _ => yes_no(false, value),
    })
}

/// Whether something is there at all; what is certainly there counts even where its value is not known.
pub(super) fn is_there(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Absent | Kind::Null | Kind::Bool(false) => yes_no(false, value),
        Kind::Text(text) if text.is_blank() => yes_no(false, value),
        Kind::List { items, open: None } if items.is_empty() => yes_no(false, value),
        Kind::Unknown(unknown) if unknown.present => yes_no(true, value),
        Kind::Unknown(_) => value.clone(),
        _ => yes_no(true, value),
    })
}

/// Whether both hold.
pub(super) fn both(a: &Value, b: &Value) -> Value {
    match (a.as_bool(), b.as_bool()) {
        (Some(false), _) | (_, Some(true)) => return a.clone(),
        (_, Some(false)) | (Some(true), _) => return b.clone(),
        (None, None) => {}
    }
    a.join(b, &|a, b| match (a, b) {
        (Kind::Bool(false), _) | (_, Kind::Bool(false)) => Kind::Bool(false),
        (Kind::Bool(true), Kind::Bool(true)) => Kind::Bool(true),
        (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => Kind::Unknown(unknown.clone()),
        _ => Kind::Unknown(Because::WrongType.into()),
    })
}

/// Whether either holds.
pub(super) fn either(a: &Value, b: &Value) -> Value {
    negated(&both(&negated(a), &negated(b)))
}

/// The opposite.
pub(super) fn negated(value: &Value) -> Value {
    value.read(&|value| match value.kind {
        Kind::Bool(value) => Kind::Bool(!value),
        _ => Kind::Unknown(Because::WrongType.into()),
    })
}

/// Whether a value is known to be false in every world.
pub(super) fn never(value: &Value) -> bool {
    value.as_bool() == Some(false)
}

/// Whether some text can be seen that the value can be: written, or given by a file. What only a variable of the host
/// gives says nothing of itself.
pub(super) fn is_seen(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(_) => true,
        Kind::Choice(_, arms) => arms.iter().any(is_seen),
        _ => false,
    }
}

/// Whether some text can be seen that is not blank: a secret, and not the place of one.
pub(super) fn holds_text(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => !text.is_blank(),
        Kind::Choice(_, arms) => arms.iter().any(holds_text),
        _ => false,
    }
}

/// A value without the arms that only the host can fill, where others are written: those are judged, and what the host
/// sets instead of them is its own matter.
pub(super) fn as_written(value: &Value) -> Value {
    if !is_seen(value) {
        return value.clone();
    }
    value.each(&mut |value| match &value.kind {
        Kind::Unknown(_) => Value::new(Kind::Absent, &value.trail),
        _ => value.clone(),
    })
}

/// The same value, shown at a place where several ways to it meet; what is absent stays where it is missing.
pub(super) fn anchored(value: &Value, place: Place) -> Value {
    if value.is_absent() || place.in_file().is_none() {
        return value.clone();
    }
    let trail = Step::after(place, How::Joined, &value.trail);
    match &value.kind {
        Kind::Choice(question, arms) => {
            let arms = arms.iter().map(|arm| anchored(arm, place)).collect();
            Value::choice(question.clone(), arms, &trail)
        }
        kind => Value::new(kind.clone(), &trail),
    }
}

/// A key as reports name it: with its server, where there are several.
pub(super) fn named(key: &str, label: &str) -> String {
    if label == "server" { key.to_owned() } else { format!("{key} ({label})") }
}

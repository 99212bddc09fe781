//! What a text with references to variables comes to, world by world.

use super::pattern::edited;
use crate::eval::{Because, How, Kind, Place, Question, Step, Unknown, Value};
use crate::secrets::is_secret_name;
use crate::syntax::data::interpolation::{Edit, Form, Piece};
use crate::text::Text;
use std::sync::Arc;

/// A text longer than this is not put together: references to references multiply it.
const MOST_BYTES: usize = 1 << 20;

/// Puts the parts together; `lookup` gives the value of a variable.
pub(crate) fn expand(pieces: &[Piece], place: Place, lookup: &dyn Fn(&str) -> Value) -> Value {
    let written = |text: &Text| Value::written(Kind::Text(text.clone()), place);
    let mut parts = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => written(text),
        Piece::Reference { name, form } => reference(name, form, place, lookup),
        Piece::Malformed => Value::unknown(Because::Undecided, &Step::start(place, How::Written)),
    });
    let Some(first) = parts.next() else { return written(&Text::new("")) };
    let whole = parts.fold(first, |left, right| left.join(&right, &append));
    whole.each(&mut |value| match value.kind {
        // A reference to what is not set leaves nothing.
        Kind::Absent => Value::new(Kind::Text(Text::new("")), &value.trail),
        _ => value.clone(),
    })
}

/// What the text of a variable comes to. A `$` within a secret, with a word behind it that names nothing, is most likely
/// a part of the secret: what reads the text takes it out all the same, but no report shows the word as a name.
pub(crate) fn expand_for(variable: &str, pieces: &[Piece], place: Place, lookup: &dyn Fn(&str) -> Value) -> Value {
    let literals = || pieces.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(text) } else { None });
    let holds_secret = || is_secret_name(variable) || literals().any(|text| text.test(|text| text.contains("://")));
    if pieces.len() < 2 || !holds_secret() {
        return expand(pieces, place, lookup);
    }
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let before = kept.last();
        if !is_fragment(piece, before) || is_set(&lookup_of(piece, lookup)) {
            kept.push(piece.clone());
        }
    }
    expand(&kept, place, lookup)
}

fn lookup_of(piece: &Piece, lookup: &dyn Fn(&str) -> Value) -> Option<Value> {
    if let Piece::Reference { name, .. } = piece { Some(lookup(name)) } else { None }
}

fn is_set(value: &Option<Value>) -> bool {
    let Some(value) = value else { return false };
    !matches!(&value.kind, Kind::Absent | Kind::Unknown(Unknown { because: Because::Variable(_), .. }))
}

/// Whether a reference looks unlike one that somebody meant: `$` within a word, or a mixture of letters and digits
/// behind it that nobody gives a variable for a name.
fn is_fragment(piece: &Piece, before: Option<&Piece>) -> bool {
    let Piece::Reference { name, form: Form::Plain } = piece else { return false };
    let within_word =
        matches!(before, Some(Piece::Text(text)) if text.test(|text| text.ends_with(char::is_alphanumeric)));
    let has = |kind: fn(&u8) -> bool| name.as_bytes().iter().any(kind);
    let is_mixed = has(u8::is_ascii_lowercase) && (has(u8::is_ascii_uppercase) || has(u8::is_ascii_digit));
    is_mixed || (within_word && !name.contains('_'))
}

fn append(left: &Kind, right: &Kind) -> Kind {
    let text = |kind: &Kind| match kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Absent => Some(Text::new("")),
        _ => None,
    };
    match (left, right) {
        (Kind::Unknown(left), right) => {
            let at_least_chars = left.at_least_chars + text(right).map_or(0, |text| text.chars());
            Kind::Unknown(Unknown { at_least_chars, unset_with: None, present: true, ..left.clone() })
        }
        (_, Kind::Unknown(right)) => {
            let known = text(left).unwrap_or_else(|| Text::new(""));
            let prefix = right.prefix.as_ref().map_or(known.clone(), |prefix| known.join(prefix));
            let at_least_chars = known.chars() + right.at_least_chars;
            Kind::Unknown(Unknown {
                prefix: Some(prefix),
                at_least_chars,
                unset_with: None,
                present: true,
                ..right.clone()
            })
        }
        _ => match (text(left), text(right)) {
            (Some(left), Some(right)) if left.len() + right.len() > MOST_BYTES => {
                Kind::Unknown(Because::TooComplex.into())
            }
            (Some(left), Some(right)) => Kind::Text(left.join(&right)),
            _ => Kind::Unknown(Because::WrongType.into()),
        },
    }
}

fn reference(name: &Arc<str>, form: &Form, place: Place, lookup: &dyn Fn(&str) -> Value) -> Value {
    let value = lookup(name);
    let reads = |fallback: Option<Arc<Value>>| How::Reads { variable: name.clone(), fallback };
    match form {
        Form::Plain => value.each(&mut |value| value.step(place, reads(None))),
        Form::Required { .. } => value.each(&mut |value| required(value).step(place, reads(None))),
        Form::Default { when_empty, value: default } => {
            let default = expand(default, place, lookup);
            let how = reads(Some(Arc::new(default.clone())));
            value.each(&mut |value| with_default(&value.step(place, how.clone()), &default, *when_empty))
        }
        Form::Alternate { when_empty, value: alternate } => {
            let alternate = expand(alternate, place, lookup);
            value.each(&mut |value| alternative(&value.step(place, reads(None)), &alternate, *when_empty))
        }
        Form::Changed { edit, twice, pattern, replacement } => {
            let pattern = expand(pattern, place, lookup);
            let replacement = expand(replacement, place, lookup);
            let change = |value: &Value| changed(value, *edit, *twice, &pattern, &replacement);
            value.each(&mut |value| change(value).step(place, reads(None)))
        }
    }
}

/// A value that a pattern changes; what is not known is not known afterwards, and nothing of it stays.
fn changed(value: &Value, edit: Edit, twice: bool, pattern: &Value, replacement: &Value) -> Value {
    let unknown = |because: Because| Value::new(Kind::Unknown(because.into()), &value.trail);
    let text = match &value.kind {
        Kind::Absent => Text::new(""),
        Kind::Text(text) => text.clone(),
        Kind::Unknown(unknown) => {
            let less = Unknown { prefix: None, at_least_chars: 0, unset_with: None, ..unknown.clone() };
            return Value::new(Kind::Unknown(less), &value.trail);
        }
        _ => return unknown(Because::Undecided),
    };
    let (Some(pattern), Some(replacement)) = (pattern.as_text(), replacement.as_text()) else {
        return unknown(Because::Undecided);
    };
    let mut result = None;
    text.test(|text| {
        pattern.test(|pattern| {
            replacement.test(|replacement| {
                result = edited(text, edit, twice, pattern, replacement);
                true
            })
        })
    });
    match result {
        Some(result) => Value::new(Kind::Text(Text::new(result)), &value.trail),
        None => unknown(Because::TooComplex),
    }
}

/// Without the variable nothing starts; so where something runs, it is there.
fn required(value: &Value) -> Value {
    match &value.kind {
        Kind::Unknown(unknown) => {
            Value::new(Kind::Unknown(Unknown { unset_with: None, present: true, ..unknown.clone() }), &value.trail)
        }
        Kind::Absent => Value::new(Kind::Unknown(Unknown { present: true, ..Because::Undecided.into() }), &value.trail),
        _ => value.clone(),
    }
}

fn with_default(value: &Value, default: &Value, when_empty: bool) -> Value {
    let fallen = || {
        let before = vec![default.trail.clone(), value.trail.clone()];
        Value::new(default.kind.clone(), &Step::of(default.trail.place, How::Fallback, before))
    };
    match &value.kind {
        Kind::Absent => fallen(),
        Kind::Text(text) if when_empty && text.is_empty() => fallen(),
        _ => match question(value) {
            Some(question) => Value::choice(question, vec![fallen(), required(value)], &value.trail),
            None => value.clone(),
        },
    }
}

fn alternative(value: &Value, alternate: &Value, when_empty: bool) -> Value {
    let nothing = || Value::new(Kind::Text(Text::new("")), &value.trail);
    match &value.kind {
        Kind::Absent => nothing(),
        Kind::Text(text) if when_empty && text.is_empty() => nothing(),
        _ => match question(value) {
            Some(question) => Value::choice(question, vec![nothing(), alternate.clone()], &value.trail),
            None => alternate.clone(),
        },
    }
}

/// The question whether an unknown value is there.
fn question(value: &Value) -> Option<Question> {
    match &value.kind {
        Kind::Unknown(unknown) => unknown.unset_with.clone().map(Question::IsSet),
        _ => None,
    }
}

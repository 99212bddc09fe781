//! Questions about lists, whose items can be unknown and which can be open.

use super::super::truth::Truth;
use crate::eval::{Kind, Value};
use crate::text::Text;

/// Whether the list has one of these items, or the text one of these parts.
pub(super) fn holds(wanted: &[Text], kind: &Kind) -> Truth {
    match kind {
        Kind::Text(text) => wanted.iter().any(|part| part.test(|part| text.test(|text| text.contains(part)))).into(),
        Kind::List { .. } => any_item(kind, &|item| equals_one(item, wanted)),
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

/// Whether one of these items is missing. "Any" lacks nothing; what is not there lacks everything.
pub(super) fn lacks(wanted: &[Text], kind: &Kind) -> Truth {
    match kind {
        Kind::Bool(any) => (!any).into(),
        Kind::Absent | Kind::Null => Truth::True,
        _ => Truth::any(wanted.iter().map(|item| holds(std::slice::from_ref(item), kind).not())),
    }
}

/// Whether some item is none of these. "Any" is beyond every list.
pub(super) fn beyond(allowed: &[Text], kind: &Kind) -> Truth {
    match kind {
        Kind::Bool(any) => (*any).into(),
        _ => any_item(kind, &|item| equals_one(item, allowed).not()),
    }
}

/// Whether it is an empty list or a blank text.
pub(super) fn empty(kind: &Kind) -> Truth {
    match kind {
        Kind::Text(text) => text.is_blank().into(),
        Kind::List { items, open: None } => items.is_empty().into(),
        // Something was spread into it: with an item of its own it is not empty, without one nobody knows.
        Kind::List { items, open: Some(_) } => {
            if items.iter().any(|item| !item.is_unknown()) {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
        Kind::Unknown(unknown) if unknown.at_least_chars > 0 => Truth::False,
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

/// Whether one item satisfies a question; unknown where an item or the rest of the list is.
pub(super) fn any_item(kind: &Kind, test: &dyn Fn(&Value) -> Truth) -> Truth {
    match kind {
        Kind::List { items, open } => {
            let rest = open.as_ref().map(|_| Truth::Unknown);
            Truth::any(items.iter().map(test).chain(rest))
        }
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

fn equals_one(item: &Value, wanted: &[Text]) -> Truth {
    match &item.kind {
        Kind::Text(text) => wanted.contains(text).into(),
        Kind::Unknown(unknown) if wanted.iter().all(|text| text.chars() < unknown.at_least_chars) => Truth::False,
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

#[cfg(test)]
mod tests {
    use super::{Truth, holds};
    use crate::eval::{Because, Kind, Place, Unknown, Value};

    #[test]
    fn a_text_of_some_characters_is_no_shorter_one() {
        for (at_least_chars, expected) in [(0, Truth::Unknown), (1, Truth::Unknown), (3, Truth::False)] {
            let unknown = Unknown { at_least_chars, ..Because::Variable("ORIGIN".into()).into() };
            let items = [Value::written(Kind::Unknown(unknown), Place::Process)].into();
            assert_eq!(holds(&["*".into()], &Kind::List { items, open: None }), expected);
        }
    }
}

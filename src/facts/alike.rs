//! Whether two uses at one place are told the same: a helper that is called twice.

use crate::eval::{Because, Given, Kind, Value};

/// Values in values that are compared.
const MOST_DEPTH: usize = 12;

/// Whether two calls are given the same.
pub(super) fn alike(one: &Given, other: &Given) -> bool {
    one.arguments.len() == other.arguments.len()
        && one.keywords.len() == other.keywords.len()
        && one.open.is_some() == other.open.is_some()
        && one.arguments.iter().zip(&other.arguments).all(|(one, other)| same(one, other, MOST_DEPTH))
        && one
            .keywords
            .iter()
            .zip(&other.keywords)
            .all(|((key, one), (name, other))| key == name && same(one, other, MOST_DEPTH))
}

fn same(one: &Value, other: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    let all = |these: &[Value], those: &[Value]| {
        these.len() == those.len() && these.iter().zip(those).all(|(one, other)| same(one, other, depth))
    };
    match (&one.kind, &other.kind) {
        (Kind::Bool(one), Kind::Bool(other)) => one == other,
        (Kind::Number(one), Kind::Number(other)) => one == other,
        (Kind::Text(one), Kind::Text(other)) => one == other,
        (Kind::Unknown(one), Kind::Unknown(other)) => match (&one.because, &other.because) {
            (Because::Variable(one), Because::Variable(other)) => one == other,
            _ => true,
        },
        (Kind::List { items: these, .. }, Kind::List { items: those, .. }) => all(these, those),
        (Kind::Object { fields: these, .. }, Kind::Object { fields: those, .. }) => {
            these.len() == those.len()
                && these
                    .iter()
                    .zip(those.iter())
                    .all(|((key, one), (name, other))| key == name && same(one, other, depth))
        }
        (Kind::Choice(asked, these), Kind::Choice(question, those)) => asked == question && all(these, those),
        (Kind::Function(one), Kind::Function(other)) => {
            one.file == other.file && one.function.span == other.function.span
        }
        // What else there is differs by more than anybody asks for.
        (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

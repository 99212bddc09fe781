//! The predicates: each asks one settled value, in one world.

mod list;
mod number;
mod secret;
mod text;
mod url;

use super::condition::{Literal, Predicate, TextTest};
use super::truth::Truth;
use crate::eval::{How, Kind, Trail, Unknown, Value};
use crate::settings::Type;
use crate::text::Text;

/// What a predicate that compares needs beside the value.
pub(super) enum Other {
    /// Nothing.
    Nothing,
    /// A number.
    Number(f64),
    /// Another setting's value.
    Value(Value),
}

/// Asks one predicate of a value without choices.
pub(super) fn holds(predicate: &Predicate, value: &Value, ty: Type, other: &Other) -> Truth {
    let kind = &value.kind;
    match (predicate, other) {
        (Predicate::Is(literals), _) => is(literals, kind),
        (Predicate::Holds(wanted), _) => list::holds(wanted, kind),
        (Predicate::Lacks(wanted), _) => list::lacks(wanted, kind),
        (Predicate::Beyond(allowed), _) => list::beyond(allowed, kind),
        (Predicate::Empty, _) => list::empty(kind),
        (Predicate::Absent, _) => absent(value, ty),
        (Predicate::Present, _) => absent(value, ty).not(),
        (Predicate::Below(_), Other::Number(bound)) => number::below(kind, *bound),
        (Predicate::Above(_), Other::Number(bound)) => number::above(kind, *bound),
        (Predicate::DecodesBelow(_), Other::Number(bound)) => secret::decodes_below(kind, *bound),
        (Predicate::SameAs(_), Other::Value(other)) => same_as(value, other),
        (Predicate::Text(test), _) => {
            text_or_items(kind, &|text| text_test(*test, text), &|unknown| prefix(*test, unknown))
        }
        (Predicate::AnyOrigin, _) => url::any_origin(kind),
        (Predicate::Unanchored, _) => text::unanchored(kind),
        (Predicate::AnyItem(inner), other) => list::any_item(kind, &|item| holds(inner, item, Type::Text, other)),
        (Predicate::Defaulted, _) => stems_from_default(&value.trail).into(),
        // A bound that is not there leaves nothing to compare with; `fallback` is asked before the value is settled.
        (Predicate::Below(_) | Predicate::Above(_) | Predicate::DecodesBelow(_) | Predicate::SameAs(_), _)
        | (Predicate::Fallback(_), _) => Truth::False,
    }
}

/// So many wrong elements of a list are pointed at; the message names them all.
const MOST_ELEMENTS: usize = 4;

/// A list at the place of each element that makes a predicate hold, where another one does not.
pub(super) fn elements(predicate: &Predicate, value: &Value, ty: Type, other: &Other) -> Vec<Value> {
    let asks_items =
        matches!(predicate, Predicate::Text(_) | Predicate::AnyItem(_) | Predicate::AnyOrigin | Predicate::Unanchored);
    let (Kind::List { items, open: None }, true) = (&value.kind, asks_items) else { return Vec::new() };
    let alone = |item: &Value| {
        let one = Value::new(Kind::List { items: [item.clone()].into(), open: None }, &value.trail);
        holds(predicate, &one, ty, other) == Truth::True
    };
    let (bad, fine): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| alone(item));
    if fine.is_empty() || bad.first().is_none_or(|item| item.trail.primary().is_none()) {
        return Vec::new();
    }
    let written = bad.into_iter().filter(|item| item.trail.primary().is_some()).take(MOST_ELEMENTS);
    written.map(|item| Value::new(value.kind.clone(), &item.trail)).collect()
}

/// Whether the framework, not the project, decided the value.
pub(super) fn stems_from_default(trail: &Trail) -> bool {
    match trail.how {
        How::Default | How::Fixed => true,
        How::Joined | How::Derived | How::Named { .. } => {
            !trail.before.is_empty() && trail.before.iter().all(stems_from_default)
        }
        _ => false,
    }
}

fn is(literals: &[Literal], kind: &Kind) -> Truth {
    Truth::any(literals.iter().map(|literal| match (literal, kind) {
        (_, Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..)) => Truth::Unknown,
        (Literal::Bool(wanted), Kind::Bool(value)) => (wanted == value).into(),
        (Literal::Number(wanted), Kind::Number(value)) => (wanted == value).into(),
        (Literal::Text(wanted), Kind::Text(value)) => (wanted == value).into(),
        _ => Truth::False,
    }))
}

/// Not there: absent or null; blank secrets and blank texts of variables count as not there.
fn absent(value: &Value, ty: Type) -> Truth {
    match &value.kind {
        Kind::Absent | Kind::Null => Truth::True,
        Kind::Text(text) if text.is_blank() => (ty == Type::Secret || comes_from_variable(&value.trail)).into(),
        Kind::Unknown(unknown) if unknown.present => Truth::False,
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

fn comes_from_variable(trail: &Trail) -> bool {
    trail.walk(100).iter().any(|step| matches!(step.how, How::Reads { .. } | How::Sets { .. }))
}

fn same_as(value: &Value, other: &Value) -> Truth {
    if matches!(value.kind, Kind::Absent | Kind::Null) {
        return Truth::False;
    }
    value.same_as(other).into()
}

/// Asks a text; of a list, whether one of its items says yes.
fn text_or_items(kind: &Kind, test: &dyn Fn(&Text) -> bool, guess: &dyn Fn(&Unknown) -> Truth) -> Truth {
    match kind {
        Kind::Text(text) => test(text).into(),
        Kind::Unknown(unknown) => guess(unknown),
        Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        Kind::List { .. } => list::any_item(kind, &|item| text_or_items(&item.kind, test, guess)),
        _ => Truth::False,
    }
}

fn text_test(test: TextTest, text: &Text) -> bool {
    match test {
        TextTest::Placeholder => crate::secrets::is_placeholder(text),
        TextTest::LowEntropy => crate::secrets::is_predictable(text),
        TextTest::HighEntropy => crate::secrets::looks_generated(text),
        TextTest::ProviderPattern => crate::secrets::provider(text).is_some(),
        TextTest::WellKnownDefault => crate::secrets::is_well_known_default(text),
        TextTest::TestMode => text.test(crate::secrets::is_of_test_mode),
        TextTest::Inert => text.test(crate::secrets::is_inert),
        TextTest::SecretNamed => text.test(crate::secrets::is_secret_name),
        TextTest::PlainHttp => text.test(url::plain_http),
        TextTest::LocalHost => text.test(url::local_host),
    }
}

/// What the known beginning of an unknown text decides.
fn prefix(test: TextTest, unknown: &Unknown) -> Truth {
    let Some(prefix) = &unknown.prefix else { return Truth::Unknown };
    let other_scheme = |text: &str| text.contains("://") && !text.starts_with("http://");
    match test {
        TextTest::PlainHttp if prefix.test(other_scheme) => Truth::False,
        _ => Truth::Unknown,
    }
}

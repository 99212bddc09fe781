//! Holds what a project's code gave against what a case of a file of facts expects.

use super::load::{Case, Expectation, Expected};
use crate::eval::{Because, How, Kind, Value};
use crate::reading::table::Plain;
use crate::settings::{Resource, ResourceKind, State};
use crate::syntax::Span;

/// Something that is not as a case says.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// Where the case says it.
    pub(crate) span: Span,
    /// What is not so.
    pub(crate) message: String,
}

/// What of a case is not so with these resources.
pub(crate) fn differences(case: &Case, resources: &[Resource]) -> Vec<Difference> {
    let says = |message: String| format!("{}: {message}", case.name);
    if case.gives.is_empty() {
        let names: Vec<&str> = resources.iter().map(|resource| resource.kind.name).collect();
        let message = says(format!("it gives {}, where nothing is expected", names.join(", ")));
        return if names.is_empty() { Vec::new() } else { vec![Difference { span: case.span, message }] };
    }
    let mut found = Vec::new();
    for (kind, tables) in spoken_of(case) {
        let own: Vec<&Resource> = resources.iter().filter(|resource| resource.kind.name == kind.name).collect();
        if own.len() != tables.len() {
            let message = says(format!("it gives `{}` {} times, not {}", kind.name, own.len(), tables.len()));
            found.push(Difference { span: case.span, message });
            continue;
        }
        for (resource, table) in own.iter().zip(tables) {
            for expectation in table {
                if let Err(got) = holds(expectation, resource) {
                    let message = says(format!("`{}` is {got}", expectation.setting.name));
                    found.push(Difference { span: expectation.span, message });
                }
            }
        }
    }
    found
}

/// For each kind that the case speaks of, what it says of each of its resources.
fn spoken_of(case: &Case) -> Vec<(&'static ResourceKind, Vec<Vec<&Expectation>>)> {
    let mut kinds: Vec<(&'static ResourceKind, Vec<Vec<&Expectation>>)> = Vec::new();
    for table in &case.gives {
        let mut here: Vec<&'static str> = Vec::new();
        for expectation in table {
            let at = kinds.iter().position(|(kind, _)| kind.name == expectation.kind.name).unwrap_or_else(|| {
                kinds.push((expectation.kind, Vec::new()));
                kinds.len() - 1
            });
            if !here.contains(&expectation.kind.name) {
                here.push(expectation.kind.name);
                kinds[at].1.push(Vec::new());
            }
            if let Some(last) = kinds[at].1.last_mut() {
                last.push(expectation);
            }
        }
    }
    kinds
}

/// Whether a setting is as expected; what it is where it is not.
fn holds(expectation: &Expectation, resource: &Resource) -> Result<(), String> {
    let expected = &expectation.expected;
    let Some(State::Value(value)) = resource.state(expectation.setting) else {
        return if *expected == Expected::NotHere { Ok(()) } else { Err("no setting of this library".into()) };
    };
    let fits = match expected {
        Expected::Written(plain) => is(value, plain) && !matches!(value.trail.how, How::Default),
        Expected::Default(plain) => is(value, plain) && matches!(value.trail.how, How::Default),
        Expected::Variable { name, unset: None, .. } => is_variable(value, name),
        Expected::Variable { name, unset: Some(plain), .. } => match &value.kind {
            Kind::Choice(_, arms) => {
                arms.iter().any(|arm| is(arm, plain)) && arms.iter().any(|arm| is_variable(arm, name))
            }
            _ => false,
        },
        Expected::OneOf(plains) => match &value.kind {
            Kind::Choice(_, arms) => {
                arms.iter().all(|arm| plains.iter().any(|plain| is(arm, plain)))
                    && plains.iter().all(|plain| arms.iter().any(|arm| is(arm, plain)))
            }
            _ => false,
        },
        Expected::Absent => value.is_absent(),
        Expected::Unknown => value.is_unknown() || matches!(value.kind, Kind::Call(_) | Kind::External { .. }),
        Expected::NotHere => false,
    };
    if fits { Ok(()) } else { Err(in_words(value)) }
}

/// Whether a value is a plain one in every world.
fn is(value: &Value, plain: &Plain) -> bool {
    match (&value.kind, plain) {
        (Kind::Bool(value), Plain::Bool(plain)) => value == plain,
        (Kind::Number(value), Plain::Number(plain)) => value == plain,
        (Kind::Text(text), Plain::Text(plain)) => text.is(plain),
        (Kind::List { items, open: None }, Plain::Texts(plain)) => {
            let same = |item: &Value, plain: &str| match &item.kind {
                Kind::Text(text) => text.is(plain),
                Kind::Pattern { source, .. } => source.is(plain),
                _ => false,
            };
            items.len() == plain.len() && items.iter().zip(*plain).all(|(item, plain)| same(item, plain))
        }
        (Kind::Choice(_, arms), _) => arms.iter().all(|arm| is(arm, plain)),
        _ => false,
    }
}

/// Whether a value is what a variable holds.
fn is_variable(value: &Value, name: &str) -> bool {
    let Kind::Unknown(unknown) = &value.kind else { return false };
    matches!(&unknown.because, Because::Variable(own) if **own == *name) || unknown.unset_with.as_deref() == Some(name)
}

/// What a value is and whose doing, for whoever wrote the case.
fn in_words(value: &Value) -> String {
    let kind = kind_in_words(value);
    match value.trail.how {
        _ if matches!(value.kind, Kind::Choice(..)) => kind,
        How::Default => format!("{kind}, by default"),
        How::Fixed => format!("{kind}, fixed"),
        _ => kind,
    }
}

fn kind_in_words(value: &Value) -> String {
    match &value.kind {
        Kind::Absent => "absent".into(),
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => format!("\"{}\"", text.as_name()),
        Kind::Pattern { source, .. } => format!("/{}/", source.as_name()),
        Kind::List { items, open } => {
            let items: Vec<String> = items.iter().map(kind_in_words).collect();
            let more = if open.is_some() { " and what is not known" } else { "" };
            format!("[{}]{more}", items.join(", "))
        }
        Kind::Object { .. } => "an object".into(),
        Kind::Function(_) | Kind::Class(_) => "a function".into(),
        Kind::Call(_) | Kind::External { .. } | Kind::Module(_) => "made elsewhere".into(),
        Kind::Schema(_) | Kind::Environment => "no value".into(),
        Kind::Choice(_, arms) => {
            let arms: Vec<String> = arms.iter().map(in_words).collect();
            format!("one of {}", arms.join(" | "))
        }
        Kind::Unknown(unknown) => match &unknown.because {
            Because::Variable(name) => format!("what the variable {name} holds"),
            other => format!("unknown ({other:?})"),
        },
    }
}

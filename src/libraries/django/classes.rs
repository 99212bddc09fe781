//! Settings that are classes (`django-configurations`): `DJANGO_CONFIGURATION` names the class, and values that come from the
//! environment stand in it as calls.

use super::names::is_setting;
use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::text::Text;
use std::sync::Arc;

/// The variable by which the class is found.
const VARIABLE: &str = "DJANGO_CONFIGURATION";

/// Classes that derive from one another are followed this far.
const MOST_BASES: usize = 8;

/// The class that production runs; none where the settings are the names of a module.
pub(super) fn of_production(reading: &Reading<'_>, file: FileId) -> Option<Value> {
    let told = reading.evaluator.peek(VARIABLE, reading.place());
    let name = first_text(&told)?;
    let class = reading.evaluator.own_name(file, &name)?;
    matches!(class.kind, Kind::Class(_)).then_some(class)
}

fn first_text(value: &Value) -> Option<Arc<str>> {
    match &value.kind {
        Kind::Text(text) => Some(Text::as_name(text)),
        Kind::Choice(_, arms) => arms.iter().find_map(first_text),
        _ => None,
    }
}

/// The settings of a class and of those that it derives from.
pub(super) fn fields(reading: &Reading<'_>, class: &Value) -> Vec<(Arc<str>, Value)> {
    let mut names: Vec<Arc<str>> = Vec::new();
    members(reading, class, 0, &mut names);
    let value = |name: Arc<str>| {
        let written = reading.evaluator.field(class, &name);
        let value = reading.evaluator.configured_value(&name, &written);
        (name, value)
    };
    names.into_iter().map(value).collect()
}

fn members(reading: &Reading<'_>, class: &Value, depth: usize, into: &mut Vec<Arc<str>>) {
    let Kind::Class(class) = &class.kind else { return };
    if depth > MOST_BASES {
        return;
    }
    for member in class.class.members.iter().filter(|member| is_setting(&member.name)) {
        if !into.contains(&member.name) {
            into.push(member.name.clone());
        }
    }
    for base in &class.class.bases {
        members(reading, &reading.evaluator.expression_at(class.file, base), depth + 1, into);
    }
}

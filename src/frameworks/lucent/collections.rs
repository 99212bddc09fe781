//! Collections and what callers without a login may do to them.

use crate::eval::{Because, Kind, Place, Value};
use crate::frameworks::lucent::shapes::{PACKAGES, is_lucent};
use crate::reading::bench::Reading;
use crate::reading::uses::{calls_of, scripts_with};
use crate::settings::anonymous_access;
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The operations that change something. Who may read is each collection's own decision: the scaffold lets everyone.
const CHANGES: &[&str] = &["create", "update", "delete"];

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    let mut seen: BTreeSet<Place> = BTreeSet::new();
    let mut found: Vec<(Arc<str>, Value)> = Vec::new();
    let listed = root.field("collections");
    let named = listed.fields().iter().map(|(name, value)| (Some(name.clone()), value.clone()));
    let plain = listed.as_list().unwrap_or_default().iter().map(|value| (None, value.clone()));
    for (name, value) in named.chain(plain).collect::<Vec<_>>() {
        note(&mut found, &mut seen, name, &definition(&value));
    }
    let files = scripts_with(reading, &["defineCollection"]);
    for call in calls_of(reading, &files, PACKAGES).iter().filter(|call| &*call.export == "defineCollection") {
        note(&mut found, &mut seen, None, &call.argument(0));
    }
    for (name, value) in found {
        access(reading, &name, &value);
    }
}

/// The object inside `defineCollection(…)`.
fn definition(value: &Value) -> Value {
    match value.as_call() {
        Some(call) if call.external().is_some_and(|(module, _)| is_lucent(module)) => call.argument(0, &value.trail),
        _ => value.clone(),
    }
}

fn note(found: &mut Vec<(Arc<str>, Value)>, seen: &mut BTreeSet<Place>, name: Option<Arc<str>>, value: &Value) {
    if !matches!(value.kind, Kind::Object { .. }) {
        return;
    }
    let Some((file, span)) = value.trail.primary() else { return };
    if !seen.insert(Place::File(file, span)) {
        return;
    }
    let own = ["slug", "name"].iter().find_map(|key| value.field(key).as_text().map(Text::as_name));
    let name = name.or(own).unwrap_or_else(|| format!("collection {}", found.len() + 1).into());
    found.push((name, value.clone()));
}

fn access(reading: &mut Reading<'_>, name: &Arc<str>, value: &Value) {
    let access = value.field("access");
    let mut level = match access.kind {
        Kind::Absent => Value::unknown(Because::UndocumentedDefault, &value.trail),
        Kind::Object { .. } => Value::new(Kind::Text(Text::new("none")), &access.trail),
        _ => access.clone().without_question(),
    };
    for operation in CHANGES {
        let rule = access.field(operation);
        if is_open(reading, &rule) {
            level = Value::new(Kind::Text(Text::new("write")), &rule.trail);
            break;
        }
    }
    let place = reading.place_of(&level);
    let resource = reading
        .resource(anonymous_access::KIND, name.clone(), place)
        .set_at(anonymous_access::level, level, "access")
        .set(anonymous_access::scope, reading.word("entity", place));
    reading.add(resource);
}

/// Whether an access rule says yes whoever asks.
fn is_open(reading: &Reading<'_>, rule: &Value) -> bool {
    let answer = match rule.kind {
        Kind::Function(_) => {
            let anyone = Value::unknown(Because::Undecided, &rule.trail);
            reading.evaluator.call(rule, vec![anyone])
        }
        _ => rule.clone(),
    };
    answer.as_bool() == Some(true)
}

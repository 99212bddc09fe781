//! Secrets that a pipeline writes out: in variables, in what actions are handed, in commands.

use crate::eval::{Kind, Place, Value};
use crate::platforms::pipelines::jobs::{Job, Purpose, Script};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::secret_text::secret_value;
use crate::reading::told::told;
use crate::secrets::{is_placeholder, is_predictable, is_well_known_default, looks_generated, provider};
use crate::settings::secret;
use crate::syntax::data::{Entry, NodeKind};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One secret for each literal of a job that is no value to throw away.
pub(crate) fn read(reading: &mut Reading<'_>, job: &Job<'_>) {
    let mut seen = BTreeSet::new();
    let variables = job.variables.iter().chain(&job.services);
    let stepwise = job.steps.iter().flat_map(|step| step.variables.iter().chain(&step.with));
    for entry in variables.chain(stepwise) {
        of_entry(reading, job, entry, &mut seen);
    }
    for script in job.steps.iter().filter_map(|step| step.script()) {
        of_script(reading, job, &script, &mut seen);
    }
}

fn of_entry(reading: &mut Reading<'_>, job: &Job<'_>, entry: &Entry, seen: &mut BTreeSet<Place>) {
    let place = Place::File(job.file, entry.value.span);
    let text = match &entry.value.kind {
        NodeKind::Text(text) => text.clone(),
        // `variables` of GitLab have their value inside
        NodeKind::Map(_) => match entry.value.get("value").and_then(|node| node.text()) {
            Some(text) => text.clone(),
            None => return,
        },
        _ => return,
    };
    if text.test(|text| text.contains("\n")) {
        // `env-vars: |` and its like: one assignment a line
        let script = Script { file: job.file, text: &text, span: entry.value.span };
        return of_script(reading, job, &script, seen);
    }
    let Some(written) = secret_value(&entry.key, &Value::written(Kind::Text(text), place)) else { return };
    let Some(value) = written.value.as_text() else { return };
    add(reading, job, &entry.key, value, written.purpose, place, seen);
}

fn of_script(reading: &mut Reading<'_>, job: &Job<'_>, script: &Script<'_>, seen: &mut BTreeSet<Place>) {
    let mut found = Vec::new();
    script.text.test(|text| {
        found = told(text);
        true
    });
    for told in &found {
        let mut place = Place::File(script.file, script.span);
        told.value.test(|value| {
            place = script.place(reading, value);
            true
        });
        add(reading, job, &told.name, &told.value, told.purpose, place, seen);
    }
}

fn add(
    reading: &mut Reading<'_>,
    job: &Job<'_>,
    name: &Arc<str>,
    value: &Text,
    purpose: &'static str,
    place: Place,
    seen: &mut BTreeSet<Place>,
) {
    let issued = provider(value).is_some() && !value.test(counts_up);
    if !issued && !counts(job.purpose, value) || !seen.insert(place) {
        return;
    }
    let resource = reading
        .secret_resource(
            &format!("{}:{name}", job.name),
            &Value::written(Kind::Text(value.clone()), place),
            SecretFacts::of(purpose),
        )
        .spot_at(secret::value, name.clone())
        .set(secret::written_in, reading.word("ci", place))
        .set(secret::in_test_job, reading.stated(Kind::Bool(job.purpose == Purpose::Tests && !issued), place));
    reading.add(resource);
}

/// Whether a text has the ten digits in their order, which no provider hands out.
fn counts_up(text: &str) -> bool {
    ["1234567890", "0123456789"].iter().any(|digits| text.contains(digits))
}

/// Whether a literal is more than something that a build or a test needs in a place: where nothing is brought out,
/// only what a generator made.
fn counts(purpose: Purpose, value: &Text) -> bool {
    let thrown_away =
        is_placeholder(value) || is_well_known_default(value) || is_predictable(value) || value.test(counts_up);
    let long_enough = value.chars() >= 8;
    match purpose {
        Purpose::Deploys => !thrown_away && long_enough,
        Purpose::Tests | Purpose::Other => !thrown_away && looks_generated(value),
    }
}

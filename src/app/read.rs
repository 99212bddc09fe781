//! One app in one environment, read into settings: the order in which the readers are asked.

use super::derive;
use crate::documents::Documents;
use crate::environment::Environment;
use crate::eval::Evaluator;
use crate::habits;
use crate::platforms;
use crate::reading::bench::{LEAST_RESOURCES, MOST_RESOURCES, Reading, Shared};
use crate::reading::found::Found;
use crate::settings::{App, AppId, Model, runtime, tenancy};
use std::collections::BTreeSet;

/// Reads one app in one environment into the settings it would run with.
pub fn read(found: &Found, documents: &Documents<'_>, environment: &Environment, shared: &Shared) -> Model {
    let evaluator = Evaluator::new(documents, environment).without_lists_of(found.framework.unasked);
    let app = App {
        id: found.id.clone(),
        root: found.root.clone(),
        framework: found.framework.name,
        version: found.version.as_ref().map(|version| version.to_string().into()),
        entry: found.place(documents),
    };
    let model = Model { apps: vec![app], ..Model::default() };
    let mut reading = Reading {
        documents,
        shared,
        evaluator: &evaluator,
        environment,
        found,
        facts: found.facts(),
        app: AppId(0),
        model,
        most: (MOST_RESOURCES / environment.targets.max(1)).max(LEAST_RESOURCES),
        dead_blocks: Vec::new(),
        spoken_for: BTreeSet::new(),
        needed: Vec::new(),
    };
    (found.framework.read)(&mut reading);
    around(&mut reading);
    let mut model = reading.model;
    model.complete();
    model
}

/// What no framework is needed for; comes after the framework, which has read the app's variables.
fn around(reading: &mut Reading<'_>) {
    decline_unspoken(reading);
    habits::checklist::read(reading);
    let hosting = platforms::read(reading);
    habits::deployment::read(reading, &hosting);
    habits::env_files::read(reading);
    habits::pipelines::read(reading);
    platforms::pipelines::read(reading);
    habits::policies::read(reading);
    habits::tls::read(reading);
    habits::secrets::read(reading);
    habits::variables::read(reading);
    habits::literals::read(reading);
    habits::secrets::compare(reading);
    habits::unread::read(reading);
    derive::read(reading, &hosting);
}

/// What only a framework can have, and this one did not speak of, the app does not have.
fn decline_unspoken(reading: &mut Reading<'_>) {
    for kind in [runtime::KIND, tenancy::KIND] {
        if reading.model.one(reading.app, kind).is_none() {
            let place = reading.place();
            reading.add(reading.resource(kind, kind.name, place));
        }
    }
}

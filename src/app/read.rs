//! What is read in one go, and in which order the readers are asked: an app in one of its environments, a deployment that
//! runs no app, the repository.

use super::{at_home, derive};
use crate::documents::Documents;
use crate::environment::Environment;
use crate::eval::{Evaluator, Kind};
use crate::facts;
use crate::habits;
use crate::libraries::{errors, hosts, rest_views, routes, scheduled, schemas, web};
use crate::platforms;
use crate::reading::bench::{LEAST_RESOURCES, MOST_RESOURCES, Reading, Shared};
use crate::reading::found::Found;
use crate::settings::{App, AppId, Model, Resource, Scope, runtime, tenancy};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Reads one app in one environment into the settings it would run with.
pub fn read(
    found: &Found,
    documents: &Documents<'_>,
    environment: &Environment,
    shared: &Shared,
    libraries: &facts::Catalogue,
) -> Model {
    read_in(Scope::App, found, documents, environment, shared, |reading| {
        let is_host = found.framework.is_some_and(facts::is_host);
        if let Some(framework) = found.framework {
            reading.no_default = found.newer();
            (framework.read)(reading);
            if !is_host {
                reading.newer_version();
            }
            reading.no_default = None;
        }
        hosts::configure(reading, libraries);
        facts::read(reading, libraries);
        rest_views::read(reading);
        schemas::read(reading);
        if is_host {
            hosts::read(reading);
            errors::read(reading, libraries);
        } else {
            hosts::complete(reading);
        }
        web::opened::read(reading);
        web::at_sign_in::read(reading);
        decline_unspoken(reading);
        habits::checklist::read(reading);
        let hosting = platforms::read(reading);
        habits::deployment::read(reading, &hosting);
        habits::env_files::read(reading);
        habits::arrival::read(reading);
        habits::pipelines::read(reading);
        habits::tls::read(reading);
        habits::secrets::read(reading);
        habits::variables::read(reading);
        habits::literals::read(reading);
        habits::secrets::compare(reading);
        habits::unread::read(reading);
        derive::read(reading, &hosting);
        at_home::read(reading);
    })
}

/// What the libraries of an app alone give.
pub(crate) fn read_libraries(
    found: &Found,
    documents: &Documents<'_>,
    environment: &Environment,
    shared: &Shared,
    libraries: &facts::Catalogue,
) -> Vec<Resource> {
    let mut given = Vec::new();
    read_in(Scope::App, found, documents, environment, shared, |reading| {
        hosts::configure(reading, libraries);
        facts::read(reading, libraries);
        given.clone_from(&reading.model.resources);
    });
    given
}

/// Reads a deployment that runs no app which is understood: what its files say of it, and nothing of any code's demands.
pub fn read_target(found: &Found, documents: &Documents<'_>, environment: &Environment, shared: &Shared) -> Model {
    read_in(Scope::Target, found, documents, environment, shared, |reading| {
        environment_name(reading);
        let routes = routes::handlers(reading);
        scheduled::read(reading, &routes, scheduled::Made::default());
        decline_unspoken(reading);
        let hosting = platforms::read(reading);
        habits::deployment::read(reading, &hosting);
        habits::env_files::read(reading);
        habits::arrival::read(reading);
        habits::tls::by_variable(reading);
        habits::secrets::read(reading);
        habits::secrets::compare(reading);
        derive::read(reading, &hosting);
    })
}

/// Reads what belongs to no app and to no deployment. `elsewhere` is what those have told: of its secrets nothing is told again.
pub fn read_repository(
    found: &Found,
    documents: &Documents<'_>,
    environment: &Environment,
    shared: &Shared,
    apps: &[Arc<str>],
    elsewhere: &[&Model],
) -> Model {
    let mut model = read_in(Scope::Repository, found, documents, environment, shared, |reading| {
        habits::env_files::existing(reading);
        platforms::pipelines::read(reading);
        habits::policies::read(reading);
        habits::tls::beside(reading, apps);
        habits::secrets::read(reading);
        habits::literals::beside(reading, apps, elsewhere);
        habits::secrets::compare(reading);
    });
    let project = documents.project;
    model.resources.retain(|resource| {
        let file = resource.place.in_file().map(|(file, _)| &project.file(file).path);
        file.is_none_or(|path| project.selected(path))
    });
    model
}

fn read_in(
    scope: Scope,
    found: &Found,
    documents: &Documents<'_>,
    environment: &Environment,
    shared: &Shared,
    readers: impl FnOnce(&mut Reading<'_>),
) -> Model {
    let mut model = on_bench(scope, found, documents, environment, shared, |mut reading| {
        readers(&mut reading);
        reading.model
    });
    model.complete();
    model
}

/// What somebody sees who looks at an app in an environment and says nothing of it.
pub(super) fn looked_at<T>(
    found: &Found,
    documents: &Documents<'_>,
    environment: &Environment,
    shared: &Shared,
    look: impl FnOnce(&Reading<'_>) -> T,
) -> T {
    on_bench(Scope::App, found, documents, environment, shared, |reading| look(&reading))
}

fn on_bench<T>(
    scope: Scope,
    found: &Found,
    documents: &Documents<'_>,
    environment: &Environment,
    shared: &Shared,
    reader: impl FnOnce(Reading<'_>) -> T,
) -> T {
    let unasked = found.framework.map_or(&[][..], |framework| framework.unasked);
    let evaluator = Evaluator::new(documents, environment).without_lists_of(unasked);
    let app = App {
        scope,
        id: found.id.clone(),
        root: found.root.clone(),
        framework: found.framework_name(),
        title: found.framework.map_or("", |framework| framework.title),
        version: found.version.as_ref().map(|version| version.to_string().into()),
        stack: found.member().into_iter().collect(),
        entry: found.place(documents),
    };
    reader(Reading {
        documents,
        shared,
        evaluator: &evaluator,
        environment,
        found,
        facts: found.facts(),
        app: AppId(0),
        model: Model { apps: vec![app], ..Model::default() },
        most: (MOST_RESOURCES / environment.targets.max(1)).max(LEAST_RESOURCES),
        spoken_for: BTreeSet::new(),
        needed: Vec::new(),
        handed: Vec::new(),
        anchor: None,
        no_default: None,
    })
}

/// The variable by which most libraries of JavaScript know the environment, where a target gives it a value.
fn environment_name(reading: &mut Reading<'_>) {
    let value = reading.evaluator.variable("NODE_ENV", reading.place());
    if reading.environment.target.is_some() && !matches!(value.kind, Kind::Unknown(_)) {
        let place = reading.place_of(&value);
        let resource = reading.resource(runtime::KIND, runtime::KIND.name, place);
        reading.add(resource.set_at(runtime::environment_name, value, "NODE_ENV"));
    }
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

//! What each framework and platform is known to do: files and values in, settings out.
//!
//! One file or folder for each framework: how it is recognised, a table of its keys and defaults, and the few shapes
//! that no table can say. None of them judges.

mod aksara;
mod beignet;
mod better_auth;
mod bknd;
mod calls;
mod common;
mod deployment;
mod derive;
mod elysia;
mod found;
mod frontmcp;
mod logs;
mod lucent;
mod middleware;
mod next;
mod pipelines;
mod platforms;
mod reading;
mod routes;
mod scheduled;
mod shapes;
mod source;
mod table;
mod version;
mod web;

pub use found::{Found, Framework};
pub(crate) use reading::SecretFacts;
use reading::{LEAST_RESOURCES, MOST_RESOURCES};
pub use reading::{Needed, Reading, Shared};
pub use shapes::Shape;
pub use table::{Asking, Effect, Facts, Ineffective, Looked, Plain, Preset, Reader, Root, Row, Spot, When};
pub(crate) use table::{fill_from, ineffective_in};
pub use version::Versions;

use crate::documents::Documents;
use crate::environment::{Environment, Request, env_files_in_code, environments, loader_for};
use crate::eval::Evaluator;
use crate::settings::{App, AppId, Model};
use crate::text::Text;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What the user says of the environment.
#[derive(Clone, Debug, Default)]
pub struct Deployment<'a> {
    /// Its name: `production`.
    pub name: &'a str,
    /// The variables of prodcheck's own process, where they count.
    pub process: Option<&'a BTreeMap<String, Text>>,
    /// Variables that the host is said to provide.
    pub provided: &'a [String],
    /// The one target to look at.
    pub target: Option<&'a str>,
}

/// The environments of an app: one for each target, or one without.
pub fn environments_of(found: &Found, documents: &Documents<'_>, deployment: &Deployment<'_>) -> Vec<Environment> {
    let project = documents.project;
    let in_code = env_files_in_code(documents, &found.root);
    environments(&Request {
        in_code: &in_code,
        everything: std::ptr::eq(found.framework, &deployment::DEPLOYMENT),
        project,
        app_dir: &found.root,
        loader: loader_for(project, &found.root, found.entry),
        environment_name: deployment.name,
        env_files: project.env_files(),
        process: deployment.process,
        provided: deployment.provided,
        target: deployment.target,
    })
}

/// What is found once for all apps of a project.
pub fn shared(documents: &Documents<'_>) -> Shared {
    common::shared(documents)
}

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
    common::read(&mut reading);
    let mut model = reading.model;
    model.complete();
    model
}

/// The ids of the rules that an app of a framework is asked to attest.
pub fn checklist_of(framework: &str) -> &'static [String] {
    common::checklist::items(framework)
}

/// Every framework, in the order in which they are tried.
pub static FRAMEWORKS: &[&Framework] =
    &[&aksara::AKSARA, &beignet::BEIGNET, &bknd::BKND, &frontmcp::FRONTMCP, &lucent::LUCENT];

/// Packages whose behaviour the adapters know: their source is never followed, not even in their own repository.
pub static KNOWN_PACKAGES: &[&str] =
    &["bknd", "@codesordinatestudio/", "@bknd/", "@frontmcp/", "@beignet/", "zod", "@t3-oss/"];

/// The apps of a project: each manifest or entry point in which a framework is recognised.
pub fn recognise(documents: &Documents<'_>) -> Vec<Found> {
    // Side by side, and so on threads with a stack that most files can be parsed on.
    let found = |framework: &&'static Framework| (framework.recognise)(framework, documents);
    let mut apps: Vec<Found> = FRAMEWORKS.par_iter().flat_map_iter(found).collect();
    if apps.is_empty() {
        apps = (deployment::DEPLOYMENT.recognise)(&deployment::DEPLOYMENT, documents);
    }
    apps.sort_by(|a, b| (&a.root, a.framework.name, &a.entry).cmp(&(&b.root, b.framework.name, &b.entry)));
    apps.retain(|app| {
        documents.project.selected(&app.root) || documents.project.selected(&app.path_of_entry(documents))
    });
    apps
}

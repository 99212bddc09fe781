//! What each variable is in the environment that an app is deployed into.
//!
//! An app has one environment for each of its targets (a Worker, a compose service, a platform's service), or one
//! without a target. An environment is a stack of layers; a variable is what the strongest layer that names it says,
//! and one that no layer names is absent only where every source is seen.

mod detect;
mod expand;
mod files;
mod layer;
mod loader;
mod named;
mod read;
mod scripts;
mod targets;
#[cfg(test)]
mod tests;

pub use detect::loader_for;
pub use layer::{Role, SourceFile};
pub use loader::{
    AKSARA, BUN, CLOUDFLARE, DOTENV_FLOW, FLASK, Folder, LOADERS, Loader, NEXT, NODE_DOTENV, NODE_ENV_FILE,
    PYDANTIC_SETTINGS, PYTHON_DOTENV, REACT_SCRIPTS, UNKNOWN_NODE, UNKNOWN_PYTHON, VITE,
};
pub use named::env_files_in_code;
pub use read::{Said, Variable};
pub use targets::{Beside, Manifest, Part, Target, TargetKind};

use crate::eval::{How, Kind, Place, Step, Value};
use crate::project::{GitState, Problem, Project};
use crate::syntax::FileId;
use crate::syntax::data::Dialect;
use crate::text::Text;
use layer::{Entry, Layer, Weight, Written};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Whose environments are asked for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The project.
    pub project: &'a Project,
    /// The app's folder, relative to the root.
    pub app_dir: &'a str,
    /// What reads the app's env files.
    pub loader: &'static Loader,
    /// The env files that the app's own code loads by name, with how it reads them.
    pub in_code: &'a [(FileId, Dialect)],
    /// The environment's name: `production`.
    pub environment_name: &'a str,
    /// The files that the user named (`--env-file`), the strongest last.
    pub env_files: &'a [FileId],
    /// The process's own environment, if the user wants it to count (`--from-env`).
    pub process: Option<&'a BTreeMap<String, Text>>,
    /// The variables that the user says the host provides.
    pub provided: &'a [String],
    /// The target that alone is asked for, by name.
    pub target: Option<&'a str>,
    /// No framework says what the app is: it is whatever the files in its folder deploy.
    pub everything: bool,
}

/// One environment of an app.
#[derive(Clone, Debug)]
pub struct Environment {
    /// What reads the app's env files.
    pub loader: &'static Loader,
    /// What it belongs to; none where the project describes no deployment of the app.
    pub target: Option<Target>,
    /// Every source that could set a variable is seen: what none of them sets is absent.
    pub closed: bool,
    /// The files with variables, sorted; each once.
    pub sources: Vec<SourceFile>,
    /// What could not be read of the files that describe deployments.
    pub problems: Vec<Problem>,
    /// How many targets the app has: what is spent on each of them is spent so often.
    pub targets: usize,
    /// From the weakest to the strongest.
    layers: Vec<Layer>,
    /// Where the layers name each variable, found when the first one is asked for.
    names: OnceLock<read::Names>,
    node_env_is_fixed: bool,
    /// `NODE_ENV` is `production` where nothing says otherwise.
    assumes_node_env: bool,
}

/// The environments of an app: one for each target, exactly one when there is no target. None at all when a target
/// is asked for by name and the app has no such target.
pub fn environments(request: &Request<'_>) -> Vec<Environment> {
    let mut files = files::of_app(request);
    let mut problems = Vec::new();
    let targets::Deployments { found, pipelines } = targets::of_app(request, &files, &mut problems);
    let dashboard = found.iter().any(|target| target.target.kind.has_dashboard())
        || targets::dashboard_in_sight(request.project, request.app_dir);
    if let Some((file, layer)) = scripts::started(request.project, request.app_dir) {
        let git = request.project.file(file).git;
        files.layers.push(layer);
        files.sources.push(SourceFile { file, git, role: Role::Loaded });
    }
    for (layer, source) in pipelines {
        files.layers.push(layer);
        files.sources.push(source);
    }
    let mut environments: Vec<Environment> = if found.is_empty() {
        vec![files.clone().into_environment(request, None, files.closes && !dashboard)]
    } else {
        let environment = |found: targets::Found| {
            let closed = found.closed || (files.closes && !dashboard);
            files.clone().into_environment(request, Some(found), closed)
        };
        found.into_iter().map(environment).collect()
    };
    let targets = environments.len();
    if let Some(name) = request.target {
        environments.retain(|environment| environment.target.as_ref().is_some_and(|target| &*target.name == name));
    }
    for environment in &mut environments {
        environment.problems.clone_from(&problems);
        environment.problems.extend(layer::cuts(&environment.layers, request.project));
        environment.targets = targets;
    }
    environments
}

impl Environment {
    /// What the host of a container has, from which nothing but what is named reaches the container.
    fn of_host(layers: Vec<Layer>, closed: bool) -> Environment {
        Environment {
            loader: &UNKNOWN_NODE,
            target: None,
            closed,
            sources: Vec::new(),
            problems: Vec::new(),
            targets: 1,
            layers,
            names: OnceLock::new(),
            node_env_is_fixed: false,
            assumes_node_env: false,
        }
    }
}

impl files::Files {
    /// The layers of files that are named for the environment.
    fn for_environment<'f>(&'f self, request: &Request<'f>) -> impl Iterator<Item = &'f Layer> {
        let project = request.project;
        let name = request.environment_name;
        self.layers.iter().zip(&self.sources).filter_map(move |(layer, source)| {
            files::is_named_for(&project.file(source.file).kind, name).then_some(layer)
        })
    }

    /// The app's files under what the target and the user say.
    fn into_environment(self, request: &Request<'_>, found: Option<targets::Found>, closed: bool) -> Environment {
        // A file that the target names is the target's.
        let named = found.iter().flat_map(|found| &found.sources).map(|source| source.file).collect::<Vec<_>>();
        let own = self.layers.into_iter().zip(&self.sources).filter(|(_, source)| !named.contains(&source.file));
        let mut layers: Vec<Layer> = own.map(|(layer, _)| layer).collect();
        let mut sources = self.sources;
        let target = found.map(|found| {
            for layer in &mut layers {
                if let Weight::Perhaps(_) = layer.weight
                    && !found.target.kind.carries_uncommitted_files()
                {
                    layer.weight = Weight::Nothing;
                }
                if found.closed && layer.role == Role::Intent {
                    // What the host is meant to set does not reach a container that is told everything it gets.
                    layer.weight = Weight::Nothing;
                }
                if layer.role == Role::Loaded && found.target.kind == TargetKind::Wrangler && !request.loader.builds_in
                {
                    layer.weight = Weight::Nothing;
                }
            }
            layers.extend(found.layers);
            sources.extend(found.sources);
            found.target
        });
        let project = request.project;
        let provided = provided(request.provided);
        layers.extend(provided);
        for file in request.env_files {
            let text = project.text(*file).map_or("", |text| text);
            let mut layer = Layer::of_env_file(*file, text, request.loader.dialect, Role::Loaded, Weight::Certain);
            layer.empty_is_unset = request.loader.empty_is_unset;
            layers.push(layer);
            sources.retain(|source| source.file != *file);
            sources.push(SourceFile { file: *file, git: project.file(*file).git, role: Role::Loaded });
        }
        layers.extend(request.process.map(process));
        sources.sort_by_key(|source| (source.file, source.role));
        sources.dedup_by_key(|source| source.file);
        let said_to_be_complete =
            !request.env_files.is_empty() || request.process.is_some() || !request.provided.is_empty();
        Environment {
            loader: request.loader,
            target,
            closed: closed || said_to_be_complete,
            sources,
            problems: Vec::new(),
            targets: 1,
            layers,
            names: OnceLock::new(),
            node_env_is_fixed: request.loader.fixes_node_env,
            assumes_node_env: true,
        }
    }
}

/// What the user says the host sets: there, and no more is known.
fn provided(names: &[String]) -> Option<Layer> {
    if names.is_empty() {
        return None;
    }
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    layer.entries = names.iter().map(|name| outside(name, |variable| present(variable, Place::Process, 0))).collect();
    Some(layer)
}

fn process(variables: &BTreeMap<String, Text>) -> Layer {
    let mut layer = Layer::new(Role::Loaded, Weight::Certain);
    let entry = |(name, value): (&String, &Text)| {
        outside(name, |variable| {
            let trail = Step::start(Place::Process, How::Sets { variable: variable.clone() });
            Value::new(Kind::Text(value.clone()), &trail)
        })
    };
    layer.entries = variables.iter().map(entry).collect();
    layer
}

/// A variable that no file of the project sets.
fn outside(name: &str, value: impl FnOnce(&Arc<str>) -> Value) -> Entry {
    let name: Arc<str> = name.into();
    let written = Written::Value(value(&name));
    Entry { name, name_place: Place::Process, written }
}

/// A variable that is certainly there, with a value that cannot be seen and has at least so many characters.
fn present(variable: &Arc<str>, place: Place, at_least_chars: usize) -> Value {
    let unknown = crate::eval::Unknown {
        present: true,
        unset_with: None,
        at_least_chars,
        ..crate::eval::Because::Variable(variable.clone()).into()
    };
    Value::new(Kind::Unknown(unknown), &Step::start(place, How::Sets { variable: variable.clone() }))
}

/// Whether a word names the environment.
fn names_environment(word: &str, environment: &str) -> bool {
    let same: &[&str] = match environment {
        "production" => &["production", "prod", "release", "live", "prd"],
        "staging" => &["staging", "stage", "stg"],
        "development" => &["development", "dev", "develop"],
        _ => &[],
    };
    word == environment || same.contains(&word)
}

/// Whether a file is certain to be in no commit.
fn is_uncommitted(git: GitState) -> bool {
    matches!(git, GitState::Ignored | GitState::Untracked)
}

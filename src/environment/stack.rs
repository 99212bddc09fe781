//! One environment: a stack of layers, and whether every source that could set a variable is seen.

use crate::environment::files::{self, Files};
use crate::environment::given::{process, provided};
use crate::environment::layer::{Layer, Role, SourceFile, Weight};
use crate::environment::loader::{Loader, UNKNOWN_NODE};
use crate::environment::request::Request;
use crate::environment::target::Target;
use crate::environment::variable::Names;
use crate::project::{Problem, Project};
use crate::syntax::FileId;
use std::sync::OnceLock;

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
    pub(crate) layers: Vec<Layer>,
    /// Where the layers name each variable, found when the first one is asked for.
    pub(crate) names: OnceLock<Names>,
    pub(crate) node_env_is_fixed: bool,
    /// `NODE_ENV` is `production` where nothing says otherwise.
    pub(crate) assumes_node_env: bool,
}

/// What a description of a deployment gives to its environment.
#[derive(Debug)]
pub(crate) struct Described {
    /// The deployment.
    pub(crate) target: Target,
    /// From the weakest to the strongest.
    pub(crate) layers: Vec<Layer>,
    /// Every source that could set a variable is seen.
    pub(crate) closed: bool,
    /// The files with variables.
    pub(crate) sources: Vec<SourceFile>,
}

impl Environment {
    /// What is started sets these over everything else; what another script would set does not count.
    pub(crate) fn start_with(&mut self, layer: Option<Layer>, project: &Project) {
        self.layers.retain(|layer| !layer.of_start_script);
        if let Some(layer) = layer {
            let places = layer.entries.iter().map(|entry| entry.name_place).chain(layer.unseen);
            for file in places.filter_map(|place| Some(place.in_file()?.0)) {
                if !self.sources.iter().any(|source| source.file == file) {
                    self.sources.push(SourceFile { file, git: project.file(file).git, role: Role::Target });
                }
            }
            self.layers.push(layer);
        }
        self.sources.sort_by_key(|source| (source.file, source.role));
        self.names = OnceLock::new();
    }

    /// Takes out the env files of some names: nothing that runs here reads them. What the user names stays.
    pub(crate) fn forget(&mut self, names: &[String], project: &Project) {
        let is_one = |file: FileId| {
            !project.env_files().contains(&file) && names.iter().any(|name| **name == *project.file(file).name())
        };
        self.layers.retain(|layer| {
            let is_own = matches!(layer.role, Role::Loaded | Role::Developer);
            !(is_own && layer.env_file.is_some_and(|(file, _)| is_one(file)))
        });
        self.names = OnceLock::new();
    }

    /// What the host of a container has, from which nothing but what is named reaches the container.
    pub(crate) fn of_host(layers: Vec<Layer>, closed: bool) -> Environment {
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

impl Files {
    /// The layers of files that are named for the environment.
    pub(crate) fn for_environment<'f>(&'f self, request: &Request<'f>) -> impl Iterator<Item = &'f Layer> {
        let project = request.project;
        let name = request.environment_name;
        self.layers.iter().zip(&self.sources).filter_map(move |(layer, source)| {
            files::is_named_for(&project.file(source.file).kind, name).then_some(layer)
        })
    }

    /// The app's files under what the target and the user say.
    pub(crate) fn into_environment(self, request: &Request<'_>, found: Option<Described>, closed: bool) -> Environment {
        // A file that the target names is the target's.
        let named = found.iter().flat_map(|found| &found.sources).map(|source| source.file).collect::<Vec<_>>();
        let own = self.layers.into_iter().zip(&self.sources).filter(|(_, source)| !named.contains(&source.file));
        let mut layers: Vec<Layer> = own.map(|(layer, _)| layer).collect();
        let mut sources = self.sources;
        let target = found.map(|found| {
            for layer in &mut layers {
                if let Weight::Perhaps(_) = layer.weight
                    && !found.target.nature.carries_uncommitted_files
                {
                    layer.weight = Weight::Nothing;
                }
                if found.closed && layer.role == Role::Intent {
                    // What the host is meant to set does not reach a container that is told everything it gets.
                    layer.weight = Weight::Nothing;
                }
                if layer.role == Role::Loaded && !found.target.nature.has_files && !request.loader.builds_in {
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

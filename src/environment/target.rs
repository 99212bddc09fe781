//! One deployment, as the files that describe it tell.

use crate::environment::variable::Variable;
use crate::syntax::FileId;
use crate::syntax::data::Node;
use crate::text::Text;
use std::sync::Arc;

/// One deployment of an app.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name: the file and what in it is meant (`wrangler.jsonc:production`, `compose.yaml:api`).
    pub name: Arc<str>,
    /// What its host is.
    pub nature: &'static Nature,
    /// What it runs.
    pub runs: Runs,
    /// The file that describes it.
    pub file: FileId,
    /// The folder that it deploys, relative to the root.
    pub directory: Arc<str>,
    /// The variables that the platform's own store holds: there, with a value that no file shows.
    pub secrets: Vec<Arc<str>>,
    /// The Dockerfiles that it builds.
    pub images: Vec<FileId>,
    /// The stage of the first of them that it is built up to, where that is not the last.
    pub stage: Option<Text>,
    /// What the files say of it, the weakest first.
    pub parts: Vec<Part>,
    /// The services of its compose files, its own among them.
    pub services: Arc<[Beside]>,
    /// The Kubernetes manifests that are deployed with it, its own among them.
    pub manifests: Arc<[Manifest]>,
}

/// What one file says of something that is deployed.
#[derive(Clone, Debug)]
pub struct Part {
    /// The file.
    pub file: FileId,
    /// The tree of what it says.
    pub node: Node,
}

/// A service of compose files, and what it is told.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Its name.
    pub name: Arc<str>,
    /// What the files say of it, the weakest first.
    pub parts: Vec<Part>,
    /// The variables that it is given.
    pub variables: Vec<Variable>,
}

/// One Kubernetes manifest, or a patch of one.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub file: FileId,
    /// `Deployment`, `Ingress`, ...
    pub kind: Arc<str>,
    /// The name in its metadata.
    pub name: Arc<str>,
    /// All of it.
    pub node: Node,
}

impl Beside {
    /// What the strongest part that has a key says.
    pub fn get(&self, key: &str) -> Option<(FileId, &Node)> {
        strongest(&self.parts, &[key])
    }
}

impl Target {
    /// What the strongest part that has a key under a path says.
    pub fn at(&self, path: &[&str]) -> Option<(FileId, &Node)> {
        strongest(&self.parts, path)
    }
}

/// What the strongest of some parts says under a path.
pub(crate) fn strongest<'p>(parts: &'p [Part], path: &[&str]) -> Option<(FileId, &'p Node)> {
    parts.iter().rev().find_map(|part| Some((part.file, part.node.at(path)?)))
}

/// What a host is by nature, whatever is deployed there.
#[derive(Debug)]
pub struct Nature {
    /// Its name, for reports; two hosts are the same where their names are.
    pub name: &'static str,
    /// No process lasts between two requests.
    pub serverless: bool,
    /// Variables can be set where no file shows them.
    pub dashboard: bool,
    /// What is deployed is made of the folder as it lies there, and not of what git has.
    pub carries_uncommitted_files: bool,
    /// What runs there can read env files of its folder; where not, a loader reads them for developers alone.
    pub has_files: bool,
    /// TLS ends before the app, whatever its files say.
    pub ends_tls: bool,
    /// Requests come in through a proxy that others configure.
    pub has_ingress: bool,
    /// The most bytes of a body that it hands to the app, where that cannot be changed.
    pub body_limit: Option<f64>,
}

impl Nature {
    /// What holds for most: a process with files, whose variables a dashboard can set, behind nothing that is known.
    pub const fn of(name: &'static str) -> Nature {
        Nature {
            name,
            serverless: false,
            dashboard: true,
            carries_uncommitted_files: false,
            has_files: true,
            ends_tls: false,
            has_ingress: false,
            body_limit: None,
        }
    }
}

impl PartialEq for Nature {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// What a target runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runs {
    /// What is built from the app's folder, as far as the files show.
    App,
    /// An image that nothing in the tree builds: nobody's app, and no secret of an app is asked of it.
    Image(Text),
    /// It cannot be told: what is absent there proves nothing.
    Unknown,
}

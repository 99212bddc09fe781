//! One deployment, as the files that describe it tell.

use crate::environment::read::Variable;
use crate::syntax::FileId;
use crate::syntax::data::Node;
use std::sync::Arc;

/// One deployment of an app.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name: the file and what in it is meant (`wrangler.jsonc:production`, `compose.yaml:api`).
    pub name: Arc<str>,
    /// What describes it.
    pub kind: TargetKind,
    /// The file that describes it.
    pub file: FileId,
    /// The folder that it deploys, relative to the root.
    pub directory: Arc<str>,
    /// The variables that the platform's own store holds: there, with a value that no file shows.
    pub secrets: Vec<Arc<str>>,
    /// The Dockerfiles that it builds.
    pub images: Vec<FileId>,
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

/// The descriptions of deployments that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// A Cloudflare Worker.
    Wrangler,
    /// A service of a compose file.
    Compose,
    /// An image by itself.
    Dockerfile,
    /// A Vercel project.
    Vercel,
    /// A Netlify site.
    Netlify,
    /// An app on Fly.io.
    Fly,
    /// A service on Render.
    Render,
    /// An app on Heroku or its like.
    Procfile,
    /// A service on Railway.
    Railway,
    /// A container of a Kubernetes workload.
    Kubernetes,
}

impl TargetKind {
    /// No process lasts between two requests.
    pub fn is_serverless(self) -> bool {
        matches!(self, TargetKind::Wrangler | TargetKind::Vercel | TargetKind::Netlify)
    }

    /// Variables can be set where no file shows them.
    pub fn has_dashboard(self) -> bool {
        !matches!(self, TargetKind::Compose | TargetKind::Dockerfile | TargetKind::Kubernetes)
    }

    /// What is deployed is made of the folder as it lies there, and not of what git has.
    pub(crate) fn carries_uncommitted_files(self) -> bool {
        matches!(self, TargetKind::Dockerfile | TargetKind::Fly)
    }
}

//! Descriptions of deployments: what each platform's file says the app's variables are there.

mod bought;
mod compose;
mod dockerfile;
mod fly;
mod image;
mod kubernetes;
mod kustomize;
mod netlify;
mod procfile;
mod railway;
mod render;
mod service;
mod told;
mod vercel;
mod words;
mod workflow;
mod wrangler;

use super::files::Files;
use super::layer::{Layer, Role, SourceFile, Weight};
use super::{Request, names_environment};
use crate::project::{FileKind, Problem, Project, folder_of, lies_in, problem_id};
use crate::syntax::FileId;
use crate::syntax::data::{Document, Format, Node, NodeKind, parse};
use crate::text::Text;
use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use words::ENVIRONMENTS;

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
    pub variables: Vec<super::Variable>,
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
    pub(super) fn carries_uncommitted_files(self) -> bool {
        matches!(self, TargetKind::Dockerfile | TargetKind::Fly)
    }
}

impl Target {
    /// What a file describes, deployed from the file's folder.
    fn new(context: &Context<'_, '_>, kind: TargetKind, file: FileId, part: Option<&str>) -> Target {
        Target {
            name: context.name(file, part),
            kind,
            file,
            directory: context.folder(file).into(),
            secrets: Vec::new(),
            images: Vec::new(),
            parts: Vec::new(),
            services: Arc::default(),
            manifests: Arc::default(),
        }
    }
}

/// A target and what its files say.
pub(super) struct Found {
    pub(super) target: Target,
    /// From the weakest to the strongest.
    pub(super) layers: Vec<Layer>,
    /// Every source that could set a variable is seen.
    pub(super) closed: bool,
    pub(super) sources: Vec<SourceFile>,
}

impl Found {
    /// How many variables it is told, and the services beside it.
    fn told(&self) -> usize {
        let own: usize = self.layers.iter().map(|layer| layer.entries.len()).sum();
        own + self.target.services.iter().map(|service| 1 + service.variables.len()).sum::<usize>()
    }
}

/// What a platform's reader has found, with one target more at most than can be judged, so that it is noticed.
#[derive(Default)]
struct Targets {
    found: Vec<Found>,
    told: usize,
}

impl Targets {
    fn add(&mut self, found: Option<Found>) {
        self.told += found.as_ref().map_or(0, Found::told);
        self.found.extend(found);
    }

    /// Whether another one could not be judged.
    fn is_full(&self) -> bool {
        self.told > MOST_TOLD || self.found.len() > MOST_TARGETS
    }
}

/// Targets of one app beyond this are not judged.
const MOST_TARGETS: usize = 64;

/// Variables that the targets of one app are told at most, those of the services beside them among them. Each target
/// is judged with all of them, so that a file with a thousand services would make a million secrets.
const MOST_TOLD: usize = 20_000;

/// Files and packages of platforms that set variables where no file shows them.
const DASHBOARDS: &[&str] = &[
    "vercel.json",
    "vercel.ts",
    "netlify.toml",
    "fly.toml",
    "render.yaml",
    "render.yml",
    "railway.toml",
    "railway.json",
    "app.json",
    "app.yaml",
    "heroku.yml",
    "Procfile",
    "amplify.yml",
    "apprunner.yaml",
    "firebase.json",
    "serverless.yml",
    "sst.config.ts",
    "wrangler.toml",
    "wrangler.json",
    "wrangler.jsonc",
];

/// Whether a platform with a dashboard hosts what lies in the app's folder or in one above it.
pub(super) fn dashboard_in_sight(project: &Project, app_dir: &str) -> bool {
    crate::project::upward(app_dir)
        .any(|folder| DASHBOARDS.iter().any(|name| project.find(&crate::project::inside(folder, name)).is_some()))
}

/// What describes deployments of an app.
pub(super) struct Deployments {
    /// The targets, in the order of their names.
    pub(super) found: Vec<Found>,
    /// What pipelines hand to builds and deploy commands.
    pub(super) pipelines: Vec<(Layer, SourceFile)>,
}

/// The deployments of an app.
pub(super) fn of_app(request: &Request<'_>, files: &Files, problems: &mut Vec<Problem>) -> Deployments {
    let mut context = Context { request, files, problems, parsed: HashMap::new() };
    let platforms =
        [wrangler::find, vercel::find, netlify::find, fly::find, render::find, railway::find, procfile::find];
    let mut found: Vec<Found> = platforms.iter().flat_map(|find| find(&mut context)).collect();
    // Beside a platform's own file, a compose file that is not named for production is how developers run the app.
    let developers = !found.is_empty();
    found.extend(kubernetes::find(&mut context));
    found.extend(compose::find(&mut context, developers));
    let built: Vec<FileId> = found.iter().flat_map(|found| found.target.images.clone()).collect();
    found.extend(dockerfile::find(&mut context).into_iter().filter(|image| !built.contains(&image.target.file)));
    found.sort_by(|a, b| a.target.name.cmp(&b.target.name));
    let most = most_of(&found, files);
    if let Some(first) = found.get(most) {
        let message = format!("an app has more deployment targets than are looked at, which are the first {most}");
        context.problems.push(Problem::new(problem_id::TOO_LARGE, message).in_file(first.target.file));
        found.truncate(most);
    }
    let mut pipelines = told::layers(&context);
    pipelines.extend(workflow::layers(&mut context));
    Deployments { found, pipelines }
}

/// How many of some targets can be judged.
fn most_of(found: &[Found], files: &Files) -> usize {
    let own: usize = files.layers.iter().map(|layer| layer.entries.len()).sum();
    let mut all = 0;
    let fits = |found: &&Found| {
        all += own + found.told();
        all <= MOST_TOLD
    };
    found.iter().take(MOST_TARGETS).take_while(fits).count().max(1)
}

/// What a platform's reader works with.
struct Context<'a, 'r> {
    request: &'a Request<'r>,
    files: &'a Files,
    problems: &'a mut Vec<Problem>,
    /// What was read already: several services extend one file.
    parsed: HashMap<FileId, Option<Rc<Document>>>,
}

impl<'r> Context<'_, 'r> {
    fn project(&self) -> &'r Project {
        self.request.project
    }

    /// The files of a kind, in order.
    fn files(&self, kind: &FileKind) -> Vec<FileId> {
        self.project().of_kind(kind).to_vec()
    }

    /// Reads a file, once; what is wrong with it is noted.
    fn parse(&mut self, file: FileId, format: Format) -> Option<Rc<Document>> {
        if let Some(known) = self.parsed.get(&file) {
            return known.clone();
        }
        let document = self.read(file, format).map(Rc::new);
        self.parsed.insert(file, document.clone());
        document
    }

    fn read(&mut self, file: FileId, format: Format) -> Option<Document> {
        let text = self.project().text(file).ok()?;
        match parse(text, format) {
            Ok(document) => Some(document),
            Err(refused) => {
                self.problems.push(Problem::refused(file, &self.project().file(file).path, &refused));
                None
            }
        }
    }

    /// Whether what is built from a folder is the app: the folder belongs to the app's package, or holds the app and
    /// no other package of its ecosystem.
    fn deploys(&self, directory: &str) -> bool {
        let (project, app_dir) = (self.project(), self.request.app_dir);
        if self.request.everything {
            return lies_in(directory, app_dir);
        }
        let package = |folder: &str| project.package_above(folder, None).map(|id| project.package(id).dir.clone());
        if directory == app_dir || (package(directory).is_some() && package(directory) == package(app_dir)) {
            return true;
        }
        let inner = project.packages().iter().filter(|package| {
            &*package.dir != directory && lies_in(&package.dir, directory) && !package.dependencies.is_empty()
        });
        lies_in(app_dir, directory) && inner.count() <= 1
    }

    /// How much counts what reaches the build alone.
    fn built_in(&self) -> Weight {
        if self.request.loader.builds_in { Weight::Certain } else { Weight::Nothing }
    }

    fn source(&self, file: FileId) -> SourceFile {
        SourceFile { file, git: self.project().file(file).git, role: Role::Target }
    }

    /// The name of a target: the file, and what in it is meant.
    fn name(&self, file: FileId, part: Option<&str>) -> Arc<str> {
        let path = &self.project().file(file).path;
        part.map_or_else(|| path.clone(), |part| format!("{path}:{part}").into())
    }

    /// The folder a file lies in.
    fn folder(&self, file: FileId) -> &'r str {
        folder_of(&self.project().file(file).path)
    }

    /// Whether the name of a file, or of a folder it lies in, says that it is for another environment.
    fn is_for_another(&self, file: FileId) -> bool {
        self.words(file).any(|word| self.is_another(word))
    }

    /// Whether the name of a file, or of a folder it lies in, says that it is for this environment.
    fn is_for_this(&self, file: FileId) -> bool {
        self.words(file).any(|word| names_environment(word, self.request.environment_name))
    }

    /// The words in the names of a file and of the folders around it, those around the app left out.
    fn words(&self, file: FileId) -> impl Iterator<Item = &'r str> + use<'r> {
        let path: &'r str = &self.project().file(file).path;
        let below = if lies_in(path, self.request.app_dir) { &path[self.request.app_dir.len()..] } else { path };
        let name = path.len() - folder_of(path).len();
        // A folder `ci` often holds what a pipeline deploys.
        let folders = below.len().saturating_sub(name);
        let mut at = 0;
        below.split(['/', '.', '-', '_']).filter(move |word| {
            at += word.len() + 1;
            *word != "ci" || at > folders + 1
        })
    }

    /// Where some files are named for the environment, only these.
    fn prefer_named(&self, files: &mut Vec<FileId>) {
        if files.iter().any(|file| self.is_for_this(*file)) {
            files.retain(|file| self.is_for_this(*file));
        }
    }

    /// Whether a word names another environment than the one that is asked for.
    fn is_another(&self, word: &str) -> bool {
        ENVIRONMENTS.contains(&word) && !names_environment(word, self.request.environment_name)
    }
}

/// A scalar as the text that a process gets of it.
pub(super) fn scalar(node: &NodeKind) -> Option<Text> {
    match node {
        NodeKind::Text(text) | NodeKind::Number(_, text) => Some(text.clone()),
        NodeKind::Bool(value) => Some(Text::new(if *value { "true" } else { "false" })),
        NodeKind::Tagged(_, node) => scalar(&node.kind),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
    }
}

//! What a platform works with when it describes targets: the request, the files of a kind, names and folders of targets.

use super::platform::{Platform, format_of};
use super::runs::Built;
use super::words::is_environment;
use crate::environment::files::Files;
use crate::environment::layer::{Role, SourceFile, Weight};
use crate::environment::request::{Request, names_environment};
use crate::environment::target::{Runs, Target};
use crate::project::aside::is_beside_the_product;
use crate::project::{Problem, Project, folder_of, inside, lies_in, normalized};
use crate::syntax::FileId;
use crate::syntax::data::{Document, Format, parse};
use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What a platform's reader works with.
pub(crate) struct Describing<'a, 'r> {
    pub(crate) request: &'a Request<'r>,
    pub(crate) files: &'a Files,
    pub(crate) problems: &'a mut Vec<Problem>,
    /// What was read already: several services extend one file.
    pub(crate) parsed: HashMap<FileId, Option<Rc<Document>>>,
    /// The folders that platforms host, as their own files say.
    pub(crate) hosted: Vec<Arc<str>>,
    /// The Dockerfiles that targets build.
    pub(crate) built: Vec<FileId>,
    /// The images that the tree builds, once somebody asked.
    pub(crate) images: Option<Rc<[Built]>>,
}

impl<'a, 'r> Describing<'a, 'r> {
    /// At the beginning nothing is known.
    pub(crate) fn new(request: &'a Request<'r>, files: &'a Files, problems: &'a mut Vec<Problem>) -> Self {
        Describing {
            request,
            files,
            problems,
            parsed: HashMap::new(),
            hosted: Vec::new(),
            built: Vec::new(),
            images: None,
        }
    }

    pub(crate) fn project(&self) -> &'r Project {
        self.request.project
    }

    /// The files of a platform that are for no other environment, in order.
    pub(crate) fn files(&self, platform: &'static Platform) -> Vec<FileId> {
        let mut files = platform.files(self.project());
        files.retain(|file| !self.is_for_another(*file));
        files
    }

    /// Those of them that lie where they deploy the app.
    pub(crate) fn own_files(&self, platform: &'static Platform) -> Vec<FileId> {
        let mut files = self.files(platform);
        files.retain(|file| self.deploys(self.folder(*file)));
        files
    }

    /// Those of [`Describing::own_files`] that are for the environment, where some of a folder are named for it.
    pub(crate) fn own_files_of_environment(&self, platform: &'static Platform) -> Vec<FileId> {
        let mut files = self.own_files(platform);
        self.prefer_named(&mut files);
        files
    }

    /// Reads a file in the format that its name tells, once; what is wrong with it is noted.
    pub(crate) fn document(&mut self, file: FileId) -> Option<Rc<Document>> {
        let format = format_of(self.project().file(file).name())?;
        self.parse(file, format)
    }

    /// The file at a path that another file names, from its own folder on.
    pub(crate) fn beside(&self, file: FileId, path: &str) -> Option<FileId> {
        self.project().find(&normalized(&inside(self.folder(file), path))?)
    }

    /// Reads a file, once; what is wrong with it is noted.
    pub(crate) fn parse(&mut self, file: FileId, format: Format) -> Option<Rc<Document>> {
        if let Some(known) = self.parsed.get(&file) {
            return known.clone();
        }
        let document = self.read(file, format).map(Rc::new);
        self.parsed.insert(file, document.clone());
        document
    }

    pub(crate) fn read(&mut self, file: FileId, format: Format) -> Option<Document> {
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
    pub(crate) fn deploys(&self, directory: &str) -> bool {
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
    pub(crate) fn built_in(&self) -> Weight {
        if self.request.loader.builds_in { Weight::Certain } else { Weight::Nothing }
    }

    pub(crate) fn source(&self, file: FileId) -> SourceFile {
        SourceFile { file, git: self.project().file(file).git, role: Role::Target }
    }

    /// The name of a target: the file, and what in it is meant.
    pub(crate) fn name(&self, file: FileId, part: Option<&str>) -> Arc<str> {
        let path = &self.project().file(file).path;
        part.map_or_else(|| path.clone(), |part| format!("{path}:{part}").into())
    }

    /// The folder a file lies in.
    pub(crate) fn folder(&self, file: FileId) -> &'r str {
        folder_of(&self.project().file(file).path)
    }

    /// Whether the name of a file, or of a folder it lies in, says that it is for another environment, or for no
    /// deployment of the product at all.
    pub(crate) fn is_for_another(&self, file: FileId) -> bool {
        let path = &self.project().file(file).path;
        let below = if lies_in(path, self.request.app_dir) { &path[self.request.app_dir.len()..] } else { path };
        is_beside_the_product(below.trim_start_matches('/')) || self.words(file).any(|word| self.is_another(word))
    }

    /// Whether the name of a file, or of a folder it lies in, says that it is for this environment.
    pub(crate) fn is_for_this(&self, file: FileId) -> bool {
        self.words(file).any(|word| names_environment(word, self.request.environment_name))
    }

    /// The words in the names of a file and of the folders around it, those around the app left out.
    pub(crate) fn words(&self, file: FileId) -> impl Iterator<Item = &'r str> + use<'r> {
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

    /// Where some files of a folder are named for the environment, only these of that folder.
    pub(crate) fn prefer_named(&self, files: &mut Vec<FileId>) {
        let named: Vec<FileId> = files.iter().copied().filter(|file| self.is_for_this(*file)).collect();
        let beside = |file: FileId| named.iter().any(|named| self.folder(*named) == self.folder(file));
        files.retain(|file| named.contains(file) || !beside(*file));
    }

    /// Whether a platform's own file hosts what lies in a folder.
    pub(crate) fn is_hosted(&self, folder: &str) -> bool {
        let package = |folder: &str| self.project().package_above(folder, None);
        self.hosted
            .iter()
            .any(|hosted| **hosted == *folder || (package(folder).is_some() && package(folder) == package(hosted)))
    }

    /// Whether a word names another environment than the one that is asked for.
    pub(crate) fn is_another(&self, word: &str) -> bool {
        is_environment(word) && !names_environment(word, self.request.environment_name)
    }
}

impl Describing<'_, '_> {
    /// What a file describes, deployed from the file's folder.
    pub(crate) fn target(&self, platform: &'static Platform, file: FileId, part: Option<&str>) -> Target {
        Target {
            name: self.name(file, part),
            nature: &platform.nature,
            runs: Runs::App,
            file,
            directory: self.folder(file).into(),
            secrets: Vec::new(),
            images: Vec::new(),
            stage: None,
            parts: Vec::new(),
            services: Arc::default(),
            manifests: Arc::default(),
        }
    }
}

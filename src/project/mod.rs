//! Turns a folder into the files that matter and the manifests of its packages; the only reader of the file system.

pub(crate) mod aside;
mod built;
mod envfile;
mod file;
mod files_of;
mod git;
mod given;
mod json;
mod kept;
mod kind;
mod lines;
mod lock;
mod nearest;
mod packages;
mod past;
mod problem;
mod read;
mod resolve;
mod root;
mod search;
#[cfg(test)]
mod tests;
mod version;
mod walk;
mod watched;
mod write;

pub use file::{File, GitState};
pub(crate) use files_of::is_variant;
pub use files_of::{FilesOf, Known, Pattern};
pub use git::{Revision, RevisionError};
pub use given::Given;
pub use kind::{FileKind, Lockfile, Manifest, SourceKind};
pub use lines::{LineIndex, Position};
pub use lock::Resolved;
pub use packages::{Dependency, Ecosystem, Package, PackageId, Script, Section};
pub use problem::{OpenError, Problem, id as problem_id};
pub use read::{MAX_FILE_BYTES, MAX_KEPT_BYTES, MAX_LOCKFILE_BYTES, MAX_SOURCE_BYTES, MAX_YAML_BYTES};
pub use resolve::Resolution;
pub use version::Version;

use self::file::{file_id, relative};
pub(crate) use self::file::{folder_of, inside, lies_in, normalized, upward};
use self::git::{Git, History};
use self::read::Content;
use self::search::{Asked, OwnWords, Words};
pub(crate) use self::walk::is_skipped;
pub(crate) use self::watched::is_watched;
use crate::answers::Answers;
use crate::needles::Needles;
use crate::syntax::FileId;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};

/// What the user decides about the reading of a project.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files that the user names (`--env-file`); they need not lie in the project.
    pub env_files: Vec<PathBuf>,
    /// Files whose text is another than the one on the disk, or that are not there yet.
    pub instead: Vec<Given>,
    /// The files of platforms, proxies and pipelines.
    pub known: Known,
    /// How many files are looked at before prodcheck gives up on the rest, with a problem.
    pub max_files: usize,
    /// How many bytes are kept of the files that are asked for, what they are parsed into included, before the rest is
    /// left out, with a problem for each.
    pub max_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            env_files: Vec::new(),
            instead: Vec::new(),
            known: Known::default(),
            max_files: 500_000,
            max_bytes: MAX_KEPT_BYTES,
        }
    }
}

/// The root of the project that a path belongs to.
pub(crate) fn root_of(path: &Path) -> std::io::Result<PathBuf> {
    let real = fs::canonicalize(path)?;
    let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
    Ok(root::root_of(folder))
}

/// A folder on disk, seen as files and packages.
pub struct Project {
    root: PathBuf,
    /// Relative to the root: what the user asked to be scanned.
    selection: String,
    /// Sorted by path; files from outside the root stand behind the others.
    files: Vec<File>,
    by_path: HashMap<Arc<str>, FileId>,
    env_files: Vec<FileId>,
    /// The files that others know.
    known: Known,
    git: Git,
    /// Where the files' content comes from, in a project as it was at a revision.
    history: Option<Mutex<History>>,
    packages: Vec<Package>,
    problems: Vec<Problem>,
    kept: kept::Kept,
    /// Answers of [`Project::resolved_version`], each of which costs a search through a lockfile.
    versions: Answers<(PackageId, String), Resolved>,
    /// Answers of [`Project::code_mentions`].
    mentioned: Answers<(String, Option<PackageId>, Words), bool>,
    /// Answers of [`Project::mentioning`].
    mentions: Answers<Asked, Arc<[FileId]>>,
    /// What it looks for, ready.
    needles: Answers<OwnWords, Arc<Needles<'static>>>,
    /// The files of each kind.
    kinds: OnceLock<HashMap<FileKind, Vec<FileId>>>,
    /// Answers of [`Project::of_kind_mentioning`].
    named: Answers<(FileKind, Words), Arc<[FileId]>>,
    /// The package of each file.
    nearest: OnceLock<Vec<Option<PackageId>>>,
    /// The folders of the packages that have sources in TypeScript.
    sources: OnceLock<HashSet<Arc<str>>>,
    tsconfigs: OnceLock<resolve::TsConfigs>,
    tsconfig_files: Answers<FileId, Arc<resolve::TsConfigFile>>,
    workspaces: OnceLock<resolve::Workspaces>,
}

impl Project {
    /// Opens the project that `path` (a folder, or a file in one) belongs to.
    pub fn open(path: &Path, options: &Options) -> Result<Project, OpenError> {
        let refuse = |path: &Path, why| OpenError { path: path.display().to_string(), why };
        let real = fs::canonicalize(path).map_err(|error| refuse(path, read::why(&error)))?;
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        let root = root::root_of(folder);
        let mut problems = Vec::new();
        let mut git = Git::open(&root, &mut problems);
        let selection = relative(&root, folder);
        let walked = walk::walk(&root, &selection, options, &mut git, &mut problems);
        if let Some(why) = walked.root_error {
            return Err(refuse(&root, why));
        }
        let mut project = Project::of_parts(root, selection, options.known, walked.files, git);
        project.problems = problems;
        project.kept = kept::Kept::up_to(options.max_bytes);
        project.put_instead(&options.instead);
        project.read_git_states();
        for named in &options.env_files {
            project.add_env_file(named)?;
        }
        project.read_packages();
        Ok(project)
    }

    /// The root of the project that `path` belongs to.
    pub fn root_of(path: &Path) -> Result<PathBuf, OpenError> {
        let real = fs::canonicalize(path);
        let real = real.map_err(|error| OpenError { path: path.display().to_string(), why: read::why(&error) })?;
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(&real) };
        Ok(root::root_of(folder))
    }

    /// The project of these files, before their standing in git and their packages are read.
    fn of_parts(root: PathBuf, selection: String, known: Known, files: Vec<File>, git: Git) -> Project {
        let mut project = Project {
            selection,
            root,
            files,
            by_path: HashMap::new(),
            env_files: Vec::new(),
            known,
            git,
            history: None,
            packages: Vec::new(),
            problems: Vec::new(),
            kept: kept::Kept::default(),
            versions: Answers::default(),
            mentioned: Answers::default(),
            mentions: Answers::default(),
            needles: Answers::default(),
            kinds: OnceLock::new(),
            named: Answers::default(),
            nearest: OnceLock::new(),
            sources: OnceLock::new(),
            tsconfigs: OnceLock::new(),
            tsconfig_files: Answers::default(),
            workspaces: OnceLock::new(),
        };
        project.put_files_in_order();
        project
    }

    /// Takes in one more file that the user names. Nothing must have been parsed yet.
    pub fn add_env_file(&mut self, path: &Path) -> Result<(), OpenError> {
        let refuse = |why| OpenError { path: path.display().to_string(), why };
        let id = self.add_named(path).map_err(refuse)?;
        self.env_files.push(id);
        Ok(())
    }

    /// The root, as a canonical path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The way from the top of the repository to the root, ending with `/`; empty where they are one.
    pub fn prefix(&self) -> String {
        let offset = self.git.offset();
        if offset.is_empty() { String::new() } else { format!("{offset}/") }
    }

    /// All files, sorted by path; a [`FileId`] is a place in this list.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The ids of all files, in order.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len()).map(file_id)
    }

    /// The ids of the files in a folder and below it, in order; those from outside the root are in no folder.
    pub fn within(&self, folder: &str) -> impl Iterator<Item = FileId> + use<> {
        let own = &self.files[..self.by_path.len()];
        let range = if folder.is_empty() {
            0..own.len()
        } else {
            let prefix = format!("{folder}/");
            let begins = own.partition_point(|file| *file.path < *prefix);
            let count = own[begins..].partition_point(|file| file.path.starts_with(&prefix));
            begins..begins + count
        };
        range.map(file_id)
    }

    /// The files that the user named, in the order given.
    pub fn env_files(&self) -> &[FileId] {
        &self.env_files
    }

    /// One file.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// The file at a path relative to the root, with `/` between the parts.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// Whether the user asked for what lies at `path`, relative to the root.
    pub fn selected(&self, path: &str) -> bool {
        lies_in(path, &self.selection)
    }

    /// What the user asked for, relative to the root; `""` is all of it.
    pub fn selection(&self) -> &str {
        &self.selection
    }

    /// The path of a file below what the user asked for, the whole of it where it lies elsewhere: who names a folder of
    /// examples wants it judged as an app.
    pub fn path_below_selection(&self, id: FileId) -> &str {
        let path = &self.file(id).path;
        if self.selected(path) { path[self.selection.len()..].trim_start_matches('/') } else { path }
    }

    /// A file's text, decoded; spans are places in it. Code that is not UTF-8 is a problem, other text is given
    /// with U+FFFD in the place of what could not be decoded.
    pub fn text(&self, id: FileId) -> Result<&Arc<str>, &Problem> {
        let file = self.file(id);
        if let Some(problem) = self.left_out(file) {
            return Err(problem);
        }
        match self.content(file) {
            Content::Text { flaw: Some(flaw), .. } if read::needs_exact_text(&file.kind) => Err(flaw),
            Content::Text { text, .. } => Ok(text),
            Content::Nothing(problem) => Err(problem),
        }
    }

    /// The lines of a file's text.
    pub fn lines(&self, id: FileId) -> Option<LineIndex> {
        let file = self.file(id);
        if file.left_out.get().is_some() {
            return None;
        }
        match self.content(file) {
            Content::Text { text, .. } => Some(LineIndex::new(text.clone())),
            Content::Nothing(_) => None,
        }
    }

    /// Whether git ignores a file of this path, relative to the root, be it there or not. `None` where there is
    /// neither a repository nor an ignore file.
    pub fn is_ignored(&self, path: &str) -> Option<bool> {
        self.git.is_ignored(&normalized(path)?)
    }

    /// The packages, sorted by folder.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The ids of all packages, in order.
    pub fn package_ids(&self) -> impl Iterator<Item = PackageId> + use<> {
        let count = u32::try_from(self.packages.len()).expect("internal error: there are fewer packages than files");
        (0..count).map(PackageId)
    }

    /// One package.
    pub fn package(&self, id: PackageId) -> &Package {
        &self.packages[id.0 as usize]
    }

    /// Everything about the files that kept prodcheck from seeing all, in a fixed order. Reading more can add to it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut all = self.problems.clone();
        for (index, file) in self.files.iter().enumerate() {
            let wanted = file.wanted.load(Ordering::Relaxed);
            all.extend(file.left_out.get().map(|problem| Problem::clone(problem).in_file(file_id(index))));
            let problem = match file.content.get() {
                Some(Content::Text { flaw: Some(flaw), .. }) if wanted => flaw,
                // A large file that nobody wanted as a text was searched all the same.
                Some(Content::Nothing(problem)) if wanted || problem.id != problem_id::TOO_LARGE => problem,
                _ => continue,
            };
            all.push(Problem::clone(problem).in_file(file_id(index)));
        }
        all.sort_by(|a, b| (a.file, a.span, a.id, &a.message).cmp(&(b.file, b.span, b.id, &b.message)));
        all.dedup();
        all
    }

    fn content<'f>(&self, file: &'f File) -> &'f Content {
        file.content.get_or_init(|| self.read_anew(file))
    }

    fn read_anew(&self, file: &File) -> Content {
        match file.blob {
            Some(blob) => self.past_content(file, blob),
            None => read::read(&self.disk_path(file), &file.path, &file.kind),
        }
    }

    fn disk_path(&self, file: &File) -> PathBuf {
        file.disk.as_ref().map_or_else(|| self.root.join(&*file.path), |path| path.to_path_buf())
    }

    fn put_files_in_order(&mut self) {
        // Two names that are not Unicode can look alike; one of them is enough.
        self.files.par_sort_unstable_by(|a, b| (&a.path, &a.disk).cmp(&(&b.path, &b.disk)));
        self.files.dedup_by(|a, b| a.path == b.path);
        self.by_path = self.files.iter().enumerate().map(|(index, file)| (file.path.clone(), file_id(index))).collect();
    }

    fn read_git_states(&mut self) {
        let ignore_files: Vec<FileId> =
            self.ids().filter(|id| self.file(*id).name() == ".gitignore" && self.file(*id).link_to.is_none()).collect();
        for id in ignore_files {
            let Ok(text) = self.text(id).cloned() else { continue };
            let folder = self.file(id).folder().to_owned();
            self.git.add_ignore_file(&folder, &text);
        }
        let git = &self.git;
        // A committed link commits its target's name alone; the text is where the target is.
        self.files.par_chunks_mut(256).for_each(|files| {
            let mut near = 0;
            for file in files {
                file.git = git.state(file.link_to.as_ref().unwrap_or(&file.path), &mut near);
            }
        });
    }

    /// A file that the user names: one of the project's own, or one more at the end of the list.
    fn add_named(&mut self, path: &Path) -> Result<FileId, String> {
        // One of the project's own files need not lie on the disk.
        if let Ok(inner) = path.strip_prefix(&self.root)
            && let Some(id) = self.find(&inner.to_string_lossy().replace('\\', "/"))
        {
            return Ok(id);
        }
        let real = fs::canonicalize(path).map_err(|error| read::why(&error))?;
        if real.starts_with(&self.root)
            && let Some(id) = self.find(&relative(&self.root, &real))
        {
            return Ok(id);
        }
        let mut file = File::new(path.to_string_lossy().replace('\\', "/"), self.known);
        if !matches!(file.kind, FileKind::EnvFile { .. }) {
            file.kind = FileKind::EnvFile { environment: None, local: false, template: false };
        }
        file.disk = Some(real.into());
        if let Content::Nothing(problem) = self.content(&file) {
            return Err(problem.message.clone());
        }
        self.files.push(file);
        // What was found out of all files is to be found out again.
        (self.kinds, self.nearest) = (OnceLock::new(), OnceLock::new());
        Ok(file_id(self.files.len() - 1))
    }

    fn read_packages(&mut self) {
        let mut problems = Vec::new();
        self.packages = packages::collect(&self.files, &|id| self.text(id).ok(), &mut problems);
        self.problems.append(&mut problems);
    }
}

impl std::fmt::Debug for Project {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Project({} files, {} packages)", self.files.len(), self.packages.len())
    }
}

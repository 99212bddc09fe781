//! What git knows of the project's files, read from its own folder without running it.

#[cfg(feature = "git")]
mod history;
mod ignored;
mod index;
#[cfg(not(feature = "git"))]
mod no_history;
mod refused;

#[cfg(feature = "git")]
pub use self::history::Revision;
#[cfg(feature = "git")]
pub(super) use self::history::{Blob, ContentId, History};
use self::ignored::Ignored;
use self::index::Index;
#[cfg(not(feature = "git"))]
pub use self::no_history::Revision;
#[cfg(not(feature = "git"))]
pub(super) use self::no_history::{Blob, ContentId, History};
pub use self::refused::RevisionError;
use super::file::{GitState, inside, lies_in, relative};
use super::problem::{Problem, id};
use super::read::{Decoded, bytes_of, decode};
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// The most bytes an index may have: about two million files.
const MAX_INDEX_BYTES: u64 = 256 << 20;

/// Every repository that holds some of the project's files.
pub(super) struct Git {
    /// Outermost first. The first one also speaks for files outside of any repository.
    repositories: Vec<Repository>,
}

/// One work tree.
struct Repository {
    /// Its top, relative to the root; `""` when it lies at the root or above it.
    folder: String,
    /// The root, relative to its top; `""` unless the top lies above the root.
    offset: String,
    /// The folder that linked work trees of one repository share; `None` when there is no repository at all.
    common: Option<PathBuf>,
    /// `None` when there is no repository, or when its index is damaged.
    index: Option<Index>,
    ignored: Ignored,
}

/// What a folder met on the walk is to git.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    /// Part of the work tree around it.
    No,
    /// The top of a repository of its own: a submodule, a clone.
    Repository,
    /// A second checkout of a repository that the walk is in already.
    Checkout,
}

impl Git {
    /// Looks for the repository that `root` lies in.
    pub(super) fn open(root: &Path, problems: &mut Vec<Problem>) -> Git {
        let found = root.ancestors().find_map(|top| Some((top, git_folders(top)?)));
        let Some((top, folders)) = found else {
            let none = Repository {
                folder: String::new(),
                offset: String::new(),
                common: None,
                index: None,
                ignored: Ignored::default(),
            };
            return Git { repositories: vec![none] };
        };
        let offset = relative(top, root);
        let mut repository = Repository::open(String::new(), offset, folders, problems);
        repository.read_ignore_files_above(top);
        Git { repositories: vec![repository] }
    }

    /// What git would know of these committed files, relative to the top; `offset` is the root inside it.
    pub(super) fn of(offset: String, committed: impl IntoIterator<Item = String>, exclude: Option<String>) -> Git {
        let mut ignored = Ignored::default();
        if let Some(text) = exclude {
            ignored.set_exclude(&text);
        }
        let index = Index { files: committed.into_iter().collect(), ..Index::default() };
        let common = Some(PathBuf::new());
        Git { repositories: vec![Repository { folder: String::new(), offset, common, index: Some(index), ignored }] }
    }

    /// The commits of the repository that the root lies in.
    pub(super) fn history(&self, root: &Path) -> Result<History, RevisionError> {
        let top = root.ancestors().find(|top| git_folders(top).is_some());
        top.map_or_else(|| Err(RevisionError::no_repository()), History::open)
    }

    /// The root inside the work tree that it lies in.
    pub(super) fn offset(&self) -> &str {
        &self.repositories[0].offset
    }

    /// The text of `info/exclude`.
    pub(super) fn exclude(&self, root: &Path) -> Option<String> {
        let folders = root.ancestors().find_map(git_folders)?;
        small_text(&folders.common.join("info").join("exclude"))
    }

    /// Whether a file belongs to a repository inside the one that the root lies in.
    pub(super) fn is_nested(&self, path: &str) -> bool {
        self.owner(path) > 0
    }

    /// Takes in the repository whose top is `folder`, if it is one.
    pub(super) fn enter(&mut self, path: &Path, folder: &str, problems: &mut Vec<Problem>) -> Nested {
        let Some(folders) = git_folders(path) else { return Nested::No };
        if self.repositories.iter().any(|known| known.common.as_ref() == Some(&folders.common)) {
            return Nested::Checkout;
        }
        self.repositories.push(Repository::open(folder.to_owned(), String::new(), folders, problems));
        Nested::Repository
    }

    /// Takes in the rules of a `.gitignore` in `folder`.
    pub(super) fn add_ignore_file(&mut self, folder: &str, text: &str) {
        let repository = self.owner(folder);
        let folder = self.repositories[repository].path_of(folder);
        self.repositories[repository].ignored.add(&folder, text);
    }

    /// What git knows of the file at `path`, relative to the root. Who asks for many in order keeps `near`.
    pub(super) fn state(&self, path: &str, near: &mut usize) -> GitState {
        let repository = &self.repositories[self.owner(path)];
        let path = repository.path_of(path);
        match &repository.index {
            Some(index) if index.holds(&path, near) => GitState::Tracked,
            _ if repository.ignored.covers(&path) => GitState::Ignored,
            Some(_) => GitState::Untracked,
            None => GitState::NoRepository,
        }
    }

    /// Whether git ignores files of this path; `None` where there is neither a repository nor an ignore file.
    pub(super) fn is_ignored(&self, path: &str) -> Option<bool> {
        let repository = &self.repositories[self.owner(path)];
        if repository.common.is_none() && repository.ignored.is_empty() {
            return None;
        }
        Some(repository.ignored.covers(&repository.path_of(path)))
    }

    /// Whether a committed file lies in `folder`.
    pub(super) fn tracks_something_in(&self, folder: &str) -> bool {
        let repository = &self.repositories[self.owner(folder)];
        repository.index.as_ref().is_some_and(|index| index.holds_some_in(&repository.path_of(folder)))
    }

    /// The innermost repository that `path` lies in.
    fn owner(&self, path: &str) -> usize {
        self.repositories.iter().rposition(|repository| lies_in(path, &repository.folder)).unwrap_or(0)
    }
}

impl Repository {
    fn open(folder: String, offset: String, folders: GitFolders, problems: &mut Vec<Problem>) -> Repository {
        let index = read_index(&folders);
        if index.is_none() {
            let place = if folder.is_empty() { "the repository" } else { &folder };
            let message = format!("git's index of {place} cannot be read, so which files are committed is unknown");
            problems.push(Problem::new(id::BAD_GIT_INDEX, message));
        }
        let mut ignored = Ignored::default();
        if let Some(text) = small_text(&folders.common.join("info").join("exclude")) {
            ignored.set_exclude(&text);
        }
        Repository { folder, offset, common: Some(folders.common), index, ignored }
    }

    /// A root inside a repository is ruled by the ignore files above it, too.
    fn read_ignore_files_above(&mut self, top: &Path) {
        let parts: Vec<&str> = self.offset.split('/').filter(|part| !part.is_empty()).collect();
        for depth in 0..parts.len() {
            let folder = parts[..depth].join("/");
            if let Some(text) = small_text(&top.join(&folder).join(".gitignore")) {
                self.ignored.add(&folder, &text);
            }
        }
    }

    /// A path relative to the root as one relative to the top.
    fn path_of<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let below = path.strip_prefix(&self.folder).unwrap_or(path).trim_start_matches('/');
        if self.offset.is_empty() { Cow::Borrowed(below) } else { Cow::Owned(inside(&self.offset, below)) }
    }
}

impl Index {
    fn holds(&self, path: &str, near: &mut usize) -> bool {
        self.files.contains(path, near) || self.folders.iter().any(|folder| path.starts_with(folder))
    }

    fn holds_some_in(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        self.files.any_begins_with(&folder)
            || self.folders.iter().any(|known| known.starts_with(&folder) || folder.starts_with(known))
    }
}

struct GitFolders {
    /// Where this work tree's index lies.
    own: PathBuf,
    /// What all work trees of the repository share.
    common: PathBuf,
}

/// The git folders of the work tree whose top is `top`; a link to elsewhere is followed, as git does.
fn git_folders(top: &Path) -> Option<GitFolders> {
    let entry = top.join(".git");
    let own = if fs::metadata(&entry).ok()?.is_dir() {
        entry
    } else {
        let text = small_text(&entry)?;
        top.join(text.strip_prefix("gitdir:")?.trim())
    };
    let own = fs::canonicalize(own).ok()?;
    if !own.join("HEAD").exists() {
        return None;
    }
    let common = match small_text(&own.join("commondir")) {
        Some(path) => fs::canonicalize(own.join(path.trim())).ok()?,
        None => own.clone(),
    };
    Some(GitFolders { own, common })
}

/// The index of a work tree; empty when git has not written one yet, `None` when it is damaged.
fn read_index(folders: &GitFolders) -> Option<Index> {
    let path = folders.own.join("index");
    if !path.exists() {
        return Some(Index::default());
    }
    let mut index = index::parse(&bytes_of(&path, MAX_INDEX_BYTES).ok()??)?;
    if let Some(shared) = index.shared.take() {
        let base = folders.own.join(format!("sharedindex.{shared}"));
        let base = index::parse(&bytes_of(&base, MAX_INDEX_BYTES).ok()??)?;
        // Entries that replace one of the base have no name of their own, and those removed since stay listed
        // until git folds the two: a file counts as committed a moment too long, never too short.
        index.files = index.files.with(base.files);
        index.folders.extend(base.folders);
    }
    Some(index)
}

fn small_text(path: &Path) -> Option<String> {
    match decode(bytes_of(path, 1 << 20).ok()??) {
        Decoded::Exact(text) | Decoded::Lossy(text) => Some(text),
    }
}

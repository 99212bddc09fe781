//! One file of the project: its place, its kind, its standing in git, and its text once somebody asks.

use super::files_of::Known;
use super::git::{Blob, ContentId};
use super::kind::FileKind;
use super::problem::Problem;
use super::read::Content;
use crate::syntax::FileId;
use std::fmt;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// One file of the project.
pub struct File {
    /// Relative to the root, with `/` between the parts; unique among the project's files.
    pub path: Arc<str>,
    /// What its name says it is.
    pub kind: FileKind,
    /// Where the last part of the path begins: asked for each file by each app.
    name_at: usize,
    /// What git knows of it.
    pub git: GitState,
    /// Where a symbolic link leads, relative to the root; `None` for an ordinary file.
    pub link_to: Option<Arc<str>>,
    /// The path on disk where it is not `path`: what a link leads to, a name that is not Unicode, a file named by the
    /// user.
    pub(super) disk: Option<Box<Path>>,
    /// Where git keeps its content, in a project as it was at a revision.
    pub(super) blob: Option<ContentId>,
    pub(super) content: OnceLock<Content>,
    /// Whether somebody asked for the text itself; a flaw in a file that nobody wanted is no problem.
    pub(super) wanted: AtomicBool,
    /// Why it is not read though somebody wants it: the scan keeps as much as it may.
    pub(super) left_out: OnceLock<Box<Problem>>,
}

/// What git knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GitState {
    /// It stands in the index: committed, or about to be.
    Tracked,
    /// An ignore file matches it. True outside a repository too, for a `.gitignore` speaks for the one to come.
    Ignored,
    /// Neither: the next `git add` takes it in.
    Untracked,
    /// The folder is in no repository, or in one whose index cannot be read.
    NoRepository,
}

impl File {
    pub(super) fn new(path: impl Into<Arc<str>>, known: Known) -> Self {
        let path = path.into();
        Self {
            kind: FileKind::of(&path, known),
            name_at: path.rfind('/').map_or(0, |slash| slash + 1),
            path,
            git: GitState::NoRepository,
            link_to: None,
            disk: None,
            blob: None,
            content: OnceLock::new(),
            wanted: AtomicBool::new(false),
            left_out: OnceLock::new(),
        }
    }

    /// A file of a commit.
    pub(super) fn of_blob(blob: Blob, known: Known) -> Self {
        let mut file = File::new(blob.path, known);
        file.link_to = blob.link_to.map(Into::into);
        file.blob = Some(blob.content);
        file
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        &self.path[self.name_at..]
    }

    /// The folder it lies in, relative to the root; `""` is the root itself.
    pub fn folder(&self) -> &str {
        &self.path[..self.name_at.saturating_sub(1)]
    }
}

/// The folder part of a relative path; `""` is the root.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `part` inside `folder`, either of which can be `""`.
pub(crate) fn inside(folder: &str, part: &str) -> String {
    match (folder, part) {
        ("", part) => part.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, part) => format!("{folder}/{part}"),
    }
}

/// Resolves `.` and `..` in a relative path; `None` when it leaves the root.
pub(crate) fn normalized(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A folder and every folder above it, the root (`""`) last.
pub(crate) fn upward(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let here = next?;
        next = (!here.is_empty()).then(|| folder_of(here));
        Some(here)
    })
}

/// Whether `path` is `folder` or lies in it.
pub(crate) fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `path` relative to `root`, with `/` between the parts; bytes that are not Unicode are replaced.
pub(super) fn relative(root: &Path, path: &Path) -> String {
    // What a walk finds begins with the root as it is written; `components` would cost as much as the walk.
    if let Some([b'/', rest @ ..]) =
        path.as_os_str().as_encoded_bytes().strip_prefix(root.as_os_str().as_encoded_bytes())
    {
        return String::from_utf8_lossy(rest).into_owned();
    }
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    parts.fold(String::new(), |all, part| inside(&all, &part.as_os_str().to_string_lossy()))
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("path", &self.path)
            .field("kind", &self.kind)
            .field("git", &self.git)
            .field("link_to", &self.link_to)
            .finish_non_exhaustive()
    }
}

/// The place of a file in the project's list, as an id.
pub(super) fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).expect("internal error: the number of files is capped far below u32::MAX"))
}

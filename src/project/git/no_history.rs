//! What stands for the commits of a repository where the library is built without `git`: there is none of them.

use super::RevisionError;
use std::convert::Infallible;
use std::path::Path;

/// The name by which git keeps what stands in a file.
pub(in crate::project) type ContentId = Infallible;

/// One commit of the repository that a project lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// What it is called, in words.
    pub name: String,
    never: Infallible,
}

impl Revision {
    /// The first letters of the commit's id.
    pub fn short(&self) -> String {
        match self.never {}
    }
}

/// The commits of one repository.
pub(in crate::project) struct History(Infallible);

/// A file of a commit.
pub(in crate::project) struct Blob {
    /// Relative to the project's root.
    pub(in crate::project) path: String,
    /// Where it leads, if it is a symbolic link to another file of the commit.
    pub(in crate::project) link_to: Option<String>,
    /// Its content, for [`History::bytes`].
    pub(in crate::project) content: ContentId,
}

impl History {
    /// No repository can be opened.
    pub(super) fn open(_top: &Path) -> Result<History, RevisionError> {
        Err(RevisionError::new("this build of prodcheck reads no revisions"))
    }

    /// The commit that a name means.
    pub(in crate::project) fn find(&self, _name: &str) -> Result<Revision, RevisionError> {
        match self.0 {}
    }

    /// Where HEAD left the default branch.
    pub(in crate::project) fn base(&self) -> Result<Revision, RevisionError> {
        match self.0 {}
    }

    /// The files of a commit below a folder of it.
    pub(in crate::project) fn files(&self, _revision: &Revision, _root: &str) -> Result<Vec<Blob>, RevisionError> {
        match self.0 {}
    }

    /// The bytes of a file.
    pub(in crate::project) fn bytes(&self, _content: ContentId, _limit: u64) -> Result<Option<Vec<u8>>, ()> {
        match self.0 {}
    }
}

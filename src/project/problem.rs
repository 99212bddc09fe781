//! What could not be read or understood, as a fact to report and never a silent gap.

use crate::syntax::data::Refused;
use crate::syntax::{FileId, Span};
use std::fmt;

/// Something about the project's files that kept prodcheck from seeing all of it.
///
/// The message names paths and causes; it holds no text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which problem it is: one of the constants in [`id`].
    pub id: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The file it is about, where it is one of the project's files.
    pub file: Option<FileId>,
    /// The place in it.
    pub span: Option<Span>,
}

/// The ids of problems, published and never reused.
pub mod id {
    /// The file system refused, or the file is gone.
    pub const UNREADABLE: &str = "project/unreadable";
    /// Git does not give the file of a revision: its object is damaged or missing.
    pub const NOT_IN_GIT: &str = "project/not-in-git";
    /// The bytes are no text in a known encoding.
    pub const NOT_UTF8: &str = "project/not-utf8";
    /// The file is over its size limit.
    pub const TOO_LARGE: &str = "project/too-large";
    /// The text is not in the format that the file's name promises.
    pub const UNPARSABLE: &str = "project/unparsable";
    /// A link leads out of the project.
    pub const OUTSIDE_ROOT: &str = "project/outside-root";
    /// The folder holds more files than prodcheck looks at.
    pub const TOO_MANY_FILES: &str = "project/too-many-files";
    /// Code that answers requests is written with something that is not read.
    pub const NOT_JUDGED: &str = "project/code-not-judged";
    /// Git's index is damaged, so which files are committed is unknown.
    pub const BAD_GIT_INDEX: &str = "project/bad-git-index";
}

impl Problem {
    /// A problem that belongs to no file of the project.
    pub(crate) fn new(id: &'static str, message: impl Into<String>) -> Self {
        Self { id, message: message.into(), file: None, span: None }
    }

    /// A data file that its reader refuses.
    pub(crate) fn refused(file: FileId, path: &str, refused: &Refused) -> Self {
        let id = if refused.is_too_large() { id::TOO_LARGE } else { id::UNPARSABLE };
        Self { id, message: format!("`{path}` cannot be read: {refused}"), file: Some(file), span: refused.span() }
    }

    /// The same problem, about `file`.
    pub(crate) fn in_file(mut self, file: FileId) -> Self {
        self.file = Some(file);
        self
    }

    /// The same problem, at `span`.
    pub(crate) fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}

/// Why a path cannot be opened as a project at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError {
    /// The path, as it was given.
    pub path: String,
    /// What the file system said.
    pub why: String,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read `{}`: {}", self.path, self.why)
    }
}

impl std::error::Error for OpenError {}

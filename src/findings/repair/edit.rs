//! What a repair changes.

use crate::findings::Location;
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// The edits that make a finding go away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Whether nothing that users rely on can change with it.
    pub safe: bool,
    /// What to write where. No text of it is a secret: it holds keys and values of rules, and what it moves stood in the
    /// file before.
    pub edits: Vec<Edit>,
    /// Whether it makes what was without effect count, so that what is wrong with that comes to light.
    pub reveals: bool,
}

/// One piece of a file replaced by another text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The text that is replaced; empty for an insertion. Of a file that is not there yet it is the beginning.
    pub location: Location,
    /// What stands there afterwards.
    pub text: String,
}

/// An edit before its place is counted in lines.
pub(in crate::findings) struct RawEdit {
    /// The file, where there is one.
    pub(in crate::findings) file: Result<FileId, Arc<str>>,
    /// What is replaced.
    pub(in crate::findings) span: Span,
    /// By what.
    pub(in crate::findings) text: String,
}

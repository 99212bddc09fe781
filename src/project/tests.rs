//! Whole folders, read the way a scan reads them.

mod hostile;
mod in_git;
mod kinds;
mod past;
mod trees;
mod walking;

pub(super) use trees::Tree;

//! The files of pipelines.

use crate::project::{FileKind, FilesOf, Pattern};

/// Pipelines of GitHub and GitLab.
pub(crate) static FILES: FilesOf =
    FilesOf { name: "pipelines", patterns: &[Pattern::Told(is_pipeline)], medium: "ci", comments: None };

/// Their kind.
pub(crate) const KIND: FileKind = FileKind::Platform(&FILES);

/// The keys of pipelines whose values are command lines.
pub(crate) const COMMANDS: &[&str] =
    &["run", "script", "before_script", "after_script", "command", "entrypoint", "uses"];

fn is_pipeline(folder: &str, name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    stem.ends_with(".gitlab-ci") || folder == ".github/workflows" || folder.ends_with("/.github/workflows")
}

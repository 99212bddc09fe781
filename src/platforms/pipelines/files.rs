//! The files of pipelines.

use crate::project::{FileKind, FilesOf, Pattern, Project};
use crate::syntax::FileId;

/// Pipelines of GitHub and GitLab.
pub(crate) static FILES: FilesOf =
    FilesOf { name: "pipelines", patterns: &[Pattern::Told(is_pipeline)], medium: "ci", comments: None };

/// Their kind.
pub(crate) const KIND: FileKind = FileKind::Platform(&FILES);

/// The keys of pipelines whose values are command lines.
pub(crate) const COMMANDS: &[&str] =
    &["run", "script", "before_script", "after_script", "command", "entrypoint", "uses"];

/// Whether a pipeline is one that runs. GitHub looks for workflows at the top of the repository and nowhere else; GitLab
/// starts there, too, and comes to other files by what that one includes.
pub(crate) fn runs(project: &Project, file: FileId) -> bool {
    let folder = project.file(file).folder();
    let is_top = |folder: &str| folder.is_empty() || folder == project.selection();
    match folder.strip_suffix(".github/workflows") {
        Some(above) => is_top(above.trim_end_matches('/')),
        None => is_top(folder) || project.find(".gitlab-ci.yml").is_some(),
    }
}

fn is_pipeline(folder: &str, name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    stem.ends_with(".gitlab-ci") || folder == ".github/workflows" || folder.ends_with("/.github/workflows")
}

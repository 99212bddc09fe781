//! What environments are asked for: whose, under which name, with what the user says of them.

use crate::environment::loader::Loader;
use crate::project::{GitState, Project};
use crate::stages;
use crate::syntax::FileId;
use crate::syntax::data::Dialect;
use crate::text::Text;
use std::collections::BTreeMap;

/// Whose environments are asked for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The project.
    pub project: &'a Project,
    /// The app's folder, relative to the root.
    pub app_dir: &'a str,
    /// What reads the app's env files.
    pub loader: &'static Loader,
    /// The env files that the app's own code loads by name, with how it reads them.
    pub in_code: &'a [(FileId, Dialect)],
    /// The environment's name: `production`.
    pub environment_name: &'a str,
    /// The files that the user named (`--env-file`), the strongest last.
    pub env_files: &'a [FileId],
    /// The process's own environment, if the user wants it to count (`--from-env`).
    pub process: Option<&'a BTreeMap<String, Text>>,
    /// The variables that the user says the host provides.
    pub provided: &'a [String],
    /// The target that alone is asked for, by name.
    pub target: Option<&'a str>,
    /// No framework says what the app is: it is whatever the files in its folder deploy.
    pub everything: bool,
}

/// Whether a word names the environment.
pub(crate) fn names_environment(word: &str, environment: &str) -> bool {
    let same: &[&str] = match environment {
        "production" => stages::PRODUCTION,
        "staging" => stages::STAGING,
        "development" => stages::DEVELOPMENT,
        _ => &[],
    };
    word == environment || same.contains(&word)
}

/// Whether a file is certain to be in no commit.
pub(crate) fn is_uncommitted(git: GitState) -> bool {
    matches!(git, GitState::Ignored | GitState::Untracked)
}

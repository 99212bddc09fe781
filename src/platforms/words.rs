//! Words in names of files, folders, services and jobs that say what those are for.

use crate::stages::{is_shown, is_stage};

/// Whether a word names an environment, or something that is in none.
pub(crate) fn is_environment(word: &str) -> bool {
    is_stage(word) || is_shown(word) || ELSEWHERE.contains(&word)
}

/// Words of what is in no environment.
const ELSEWHERE: &[&str] = &[
    "local",
    "integration",
    "override",
    "debug",
    "benchmark",
    "benchmarks",
    "devcontainer",
    "playwright",
    "cypress",
    "storybook",
    "deprecated",
    "legacy",
];

//! The words by which names of files, folders, services and variables say which stage of an app's life they are for.

/// Production.
pub(crate) const PRODUCTION: &[&str] = &["production", "prod", "release", "live", "prd"];

/// The stage before it.
pub(crate) const STAGING: &[&str] = &["staging", "stage", "stg"];

/// The machines of those who write the app.
pub(crate) const DEVELOPMENT: &[&str] = &["development", "dev", "develop"];

/// What is thrown away after a test.
const TESTS: &[&str] = &["test", "tests", "testing", "ci", "e2e"];

/// Stages that a team has of its own.
const OTHERS: &[&str] = &["preview", "qa", "uat", "sandbox", "demo"];

/// What is shown and copied, and runs nowhere.
const SHOWN: &[&str] =
    &["example", "examples", "sample", "samples", "fixture", "fixtures", "testdata", "docs", "tutorials"];

/// Whether a word says production.
pub(crate) fn is_production(word: &str) -> bool {
    PRODUCTION.contains(&word)
}

/// Whether a word says the stage before production.
pub(crate) fn is_staging(word: &str) -> bool {
    STAGING.contains(&word)
}

/// Whether a word says development, here or elsewhere: `local` says it, too.
pub(crate) fn is_development(word: &str) -> bool {
    DEVELOPMENT.contains(&word) || word == "local"
}

/// Whether a word says that something is there for tests.
pub(crate) fn is_test(word: &str) -> bool {
    TESTS.contains(&word)
}

/// Whether a word says that only those who write the app need it.
pub(crate) fn is_for_developers(word: &str) -> bool {
    is_development(word) || is_test(word)
}

/// Whether a word says that something is shown, and runs nowhere.
pub(crate) fn is_shown(word: &str) -> bool {
    SHOWN.contains(&word)
}

/// Whether a word is the name of a stage. `local` is none: what is local can be so at each of them.
pub(crate) fn is_stage(word: &str) -> bool {
    [PRODUCTION, STAGING, DEVELOPMENT, TESTS, OTHERS].iter().any(|words| words.contains(&word))
}

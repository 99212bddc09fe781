//! `prodcheck.toml`: what a project says of itself. Raw text in, checked settings out; every mistake has its place.

mod attest;
mod check;
mod mistake;
mod place;
mod raw;
#[cfg(test)]
mod tests;

pub use attest::Attestation;
pub use mistake::{ConfigError, Mistake};

use crate::rules::{Catalogue, Limits, Profile};
use crate::syntax::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the file, at the root of a project.
pub const FILE_NAME: &str = "prodcheck.toml";

/// A calendar day.
pub type Day = jiff::civil::Date;

/// What `prodcheck.toml` says, checked against the catalogue. Without the file: nothing at all.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The environment to judge for, where the command line names none.
    pub environment: Option<Profile>,
    /// Variables that the host sets.
    pub provided: Vec<String>,
    /// Files with variables that the host sets, relative to the root; the last one wins.
    pub env_files: Vec<(String, Span)>,
    /// Severities that the project has changed, by rule.
    pub severities: BTreeMap<Arc<str>, Override>,
    /// What people have attested.
    pub attestations: Vec<Attestation>,
    limits: Vec<(String, String)>,
}

/// How much a rule weighs in this project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The weight.
    pub level: Level,
    /// Why, where the project says so.
    pub reason: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A weight that a project can give to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It blocks the release.
    Blocking,
    /// It is reviewed.
    Warning,
    /// It is not reported; this needs a reason.
    Off,
}

impl Config {
    /// The thresholds of an environment, with what the project replaced.
    pub fn limits(&self, profile: Profile) -> Limits {
        let mut limits = Limits::builtin(profile);
        for (name, value) in &self.limits {
            limits.replace(name, value).expect("internal error: limits were checked when they were read");
        }
        limits
    }
}

/// The file as it was written, before the rules that it names are known.
#[derive(Debug)]
pub struct Unchecked(raw::Raw);

impl Unchecked {
    /// Reads the text of a `prodcheck.toml`.
    pub fn parse(text: &str) -> Result<Unchecked, Mistake> {
        raw::parse(text).map(Unchecked)
    }

    /// Checks every name, date and number in it; gives all mistakes at once.
    pub fn check(self, catalogue: &Catalogue) -> Result<Config, Vec<Mistake>> {
        check::check(self.0, catalogue)
    }
}

/// The JSON Schema of the file, for editors, with a line end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(raw::Raw);
    serde_json::to_string_pretty(&schema).expect("internal error: a schema has no odd keys") + "\n"
}

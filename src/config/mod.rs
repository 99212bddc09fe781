//! `prodcheck.toml`: what a project says of itself. Raw text in, checked settings out; every mistake has its place.

mod attest;
mod check;
mod mistake;
mod place;
mod policy;
mod raw;
mod required;
#[cfg(test)]
mod tests;

pub use attest::Attestation;
pub(crate) use mistake::nearest;
pub use mistake::{ConfigError, Mistake};
pub use policy::{Policy, PolicyFile, Refused};

use crate::rules::{Catalogue, Limits, Profile};
use crate::syntax::Span;
use globset::GlobMatcher;
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
    /// Weights by path, the last one that fits counts.
    pub paths: Vec<PathSetting>,
    /// Findings that are accepted.
    pub ignores: Vec<Ignore>,
    /// Files of which nothing is reported.
    pub exclude: Vec<(GlobMatcher, Span)>,
    /// The folder with the project's own rules, relative to the root.
    pub rules_folder: Option<String>,
    /// The folder with the project's own facts of libraries.
    pub facts_folder: Option<String>,
    /// The baseline to hold findings against, relative to the root.
    pub baseline: Option<(String, Span)>,
    limits: Vec<(String, String, Span)>,
}

/// How much rules weigh in some files.
#[derive(Clone, Debug)]
pub struct PathSetting {
    /// The files.
    pub glob: GlobMatcher,
    /// The ids of the rules; none means all.
    pub rules: Vec<Arc<str>>,
    /// The weight.
    pub level: Level,
    /// Why.
    pub reason: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Findings that are accepted.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The app's id.
    pub app: Option<String>,
    /// The resource's name or the framework's key.
    pub subject: Option<String>,
    /// The files.
    pub path: Option<GlobMatcher>,
    /// Why.
    pub reason: String,
    /// The last day.
    pub until: Option<Day>,
    /// Where it stands.
    pub span: Span,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, schemars::JsonSchema)]
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
        for (name, value, _) in &self.limits {
            limits.replace(name, value).expect("internal error: limits were checked when they were read");
        }
        limits
    }

    /// The thresholds that it replaces: the name, what is written, and where.
    pub fn changed_limits(&self) -> &[(String, String, Span)] {
        &self.limits
    }
}

/// The file as it was written, before the rules that it names are known.
#[derive(Debug)]
pub struct Unchecked(raw::Raw);

impl Unchecked {
    /// Reads the text of a `prodcheck.toml`.
    pub fn parse(text: &str) -> Result<Unchecked, Mistake> {
        required::check(text)?;
        raw::parse(text).map(Unchecked)
    }

    /// What a policy says in the words of a project's file.
    fn of_policy(raw: raw::RawPolicy) -> Unchecked {
        let raw::RawPolicy { environment, limits, rules, .. } = raw;
        Unchecked(raw::Raw { environment, limits, rules, ..raw::Raw::default() })
    }

    /// The folder with the project's own rules, whose ids the rest of the file can name.
    pub fn rules_folder(&self) -> Result<Option<(String, Span)>, Mistake> {
        self.0.rules_folder.as_ref().map(check::path).transpose()
    }

    /// The folder with the project's own facts of libraries.
    pub fn facts_folder(&self) -> Result<Option<(String, Span)>, Mistake> {
        self.0.facts_folder.as_ref().map(check::path).transpose()
    }

    /// Checks every name, date and number in it; gives all mistakes at once.
    pub fn check(self, catalogue: &Catalogue) -> Result<Config, Vec<Mistake>> {
        check::check(self.0, catalogue)
    }
}

/// Whether a name in the file means the app of an id; `.` is the app at the root.
pub(crate) fn is_app(named: &str, id: &str) -> bool {
    named == id || (named == "." && id.is_empty())
}

/// The day that a text such as `2027-01-31` names.
pub(crate) fn day(text: &str) -> Option<Day> {
    // The parser of dates would take a time of day along.
    text.parse().ok().filter(|_| text.len() == "2027-01-31".len())
}

/// The JSON Schema of a policy, for editors, with a line end.
pub fn policy_schema() -> String {
    let schema = schemars::schema_for!(raw::RawPolicy);
    serde_json::to_string_pretty(&schema).expect("internal error: a schema has no odd keys") + "\n"
}

/// The JSON Schema of the file, for editors, with a line end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(raw::Raw);
    serde_json::to_string_pretty(&schema).expect("internal error: a schema has no odd keys") + "\n"
}

//! A finding, with all that any format shows of it.

use super::locate::Location;
use super::repair::Repair;
use crate::rules::{Judgement, Owner};
use crate::settings::Model;
use std::sync::Arc;

/// What the rules said of one app on one of its targets.
pub struct Judged<'r> {
    /// The settings that were judged.
    pub model: &'r Model,
    /// The deployment target, where the app has any.
    pub target: Option<Arc<str>>,
    /// The verdicts.
    pub judgements: Vec<Judgement<'r>>,
}

/// How much a finding weighs. Ordered from the heaviest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It stops the release.
    Blocking,
    /// A person reviews it.
    Warning,
    /// It could not be seen.
    Unverified,
    /// No file can show it: a person attests it.
    Checklist,
}

/// How a finding was reached. Ordered from the most certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Bad whatever the open questions are answered.
    Violated,
    /// Bad in some world; `when` says in which.
    Possible,
    /// It cannot be known here.
    Unverified,
}

/// Where the deciding value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// It is written in the project.
    Written,
    /// A variable holds it.
    Environment,
    /// It is the written fallback of a variable.
    Fallback,
    /// It is the framework's default.
    Default,
    /// The framework fixes it.
    Fixed,
    /// It is not there.
    Absent,
    /// It is not known.
    Unknown,
}

/// The name of a cause in every machine format.
pub(crate) fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Written => "written",
        Cause::Environment => "environment",
        Cause::Fallback => "fallback",
        Cause::Default => "default",
        Cause::Fixed => "fixed",
        Cause::Absent => "absent",
        Cause::Unknown => "unknown",
    }
}

/// One thing that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The app's id.
    pub app: Arc<str>,
    /// The kind of resource.
    pub kind: &'static str,
    /// The resource's name.
    pub name: Arc<str>,
    /// The setting that decided, where the rule names one.
    pub setting: Option<String>,
    /// The framework's own name of the setting.
    pub key: Option<Arc<str>>,
}

/// One step on the way to the deciding value, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailStep {
    /// The kind of step: `written`, `reads`, `not-set`, ...
    pub step: &'static str,
    /// Where, if in a file of the project.
    pub location: Option<Location>,
    /// In words.
    pub note: String,
}

/// Another value that took part in the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The setting.
    pub setting: String,
    /// The framework's own name of it.
    pub key: Option<Arc<str>>,
    /// Where it is written.
    pub location: Option<Location>,
    /// In words.
    pub note: String,
}

/// One thing to tell, with all that any format shows of it. No text of it is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The weight.
    pub severity: Severity,
    /// How it was reached.
    pub verdict: Certainty,
    /// Where the deciding value came from.
    pub cause: Cause,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// Who can fix it.
    pub owner: Owner,
    /// The world in which it is bad, in words; empty where it is bad in all.
    pub when: Vec<String>,
    /// What it is about; the first one stands for the finding.
    pub subjects: Vec<Subject>,
    /// The text that a user would edit.
    pub location: Option<Location>,
    /// What is wrong with that text, in a few words, for where other places are shown beside it; may be empty.
    pub label: String,
    /// How the deciding value came about.
    pub trail: Vec<TrailStep>,
    /// Other values that took part.
    pub also: Vec<Also>,
    /// The targets on which it holds; empty where it holds on all of the app's targets.
    pub targets: Vec<Arc<str>>,
    /// The fingerprint of the finding of which this is a consequence.
    pub because_of: Option<String>,
    /// Why it is not known and what would settle it, for unverified ones.
    pub unknown: Option<Unsettled>,
    /// What identifies the finding from scan to scan.
    pub fingerprint: String,
    /// The edits that make it go away, where prodcheck can make them.
    pub repair: Option<Repair>,
}

/// A finding that the project has waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What is waived.
    pub finding: Finding,
    /// Why, in the project's words.
    pub reason: String,
    /// By what.
    pub means: Means,
}

/// What waives a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// A comment beside the code.
    Comment,
    /// `prodcheck.toml`.
    Config,
    /// The baseline.
    Baseline,
    /// A revision that has it, too.
    Revision,
}

impl Means {
    /// Its name in every machine format.
    pub fn name(self) -> &'static str {
        match self {
            Means::Comment => "comment",
            Means::Config => "config",
            Means::Baseline => "baseline",
            Means::Revision => "revision",
        }
    }
}

/// Why something could not be known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsettled {
    /// The kind of reason: `variable`, `call`, `missing-file`, ...
    pub because: &'static str,
    /// The variable, the call, the file.
    pub name: Option<Arc<str>>,
    /// The reason in words.
    pub reason: String,
    /// What would settle it.
    pub settle: Vec<String>,
}

/// Everything the rules found, sorted into what it asks of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong, or is in some world.
    pub findings: Vec<Finding>,
    /// What could not be known.
    pub unverified: Vec<Finding>,
    /// What a person has to attest.
    pub checklist: Vec<Finding>,
}

impl Findings {
    /// Each of them.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        [&self.findings, &self.unverified, &self.checklist].into_iter().flatten()
    }
}

impl Finding {
    /// The total order of findings: by place, then by what they are.
    pub(crate) fn order(&self) -> impl Ord + use<> {
        let place = self.location.as_ref().map(|at| (at.file.clone(), at.line, at.column));
        (place.is_none(), place, self.rule.clone(), self.subjects.clone(), self.fingerprint.clone())
    }

    /// The first subject: what the finding is about above all.
    pub fn subject(&self) -> &Subject {
        self.subjects.first().expect("internal error: a finding has a subject")
    }
}

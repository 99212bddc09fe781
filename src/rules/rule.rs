//! A rule: what is bad, how bad, whom it concerns, and what to say about it.

use super::condition::{Bound, Condition, Literal};
use super::limits::Profile;
use super::standards::Clause;
use crate::eval::Value;
use crate::settings::{Key, ResourceKind, State};
use crate::syntax::Span;
use std::sync::Arc;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Listed for a person to confirm; never an alarm.
    Checklist,
    /// To be looked at.
    Warning,
    /// Blocks the release.
    Blocking,
}

impl Severity {
    /// Every severity with its name in rule files and reports.
    pub const NAMES: [(&'static str, Severity); 3] =
        [("blocking", Severity::Blocking), ("warning", Severity::Warning), ("checklist", Severity::Checklist)];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Blocking => "blocking",
            Severity::Warning => "warning",
            Severity::Checklist => "checklist",
        }
    }
}

/// Who can fix it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The framework or its configuration.
    Framework,
    /// The app's own code and files.
    App,
    /// Whoever runs hosts, proxies and pipelines.
    Infrastructure,
}

impl Owner {
    /// Every owner with its name in rule files and reports.
    pub const NAMES: [(&'static str, Owner); 3] =
        [("framework", Owner::Framework), ("app", Owner::App), ("infrastructure", Owner::Infrastructure)];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Owner::Framework => "framework",
            Owner::App => "app",
            Owner::Infrastructure => "infrastructure",
        }
    }
}

/// One rule, read from one file.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its path below `rules/` without the ending: `cors/credentialed-wildcard`.
    pub id: Arc<str>,
    /// What is wrong, in a few words.
    pub summary: String,
    /// The weight of a bad value that was written down.
    pub severity: Severity,
    /// The weight where every value that decided is the framework's default.
    pub default_severity: Option<Severity>,
    /// The most it weighs where it is bad in some world only; a warning unless said.
    pub possible_severity: Option<Severity>,
    /// Weights for known circumstances: the first step that holds counts.
    pub severity_when: Vec<Step>,
    /// Who can fix it.
    pub owner: Owner,
    /// The kind of resource that is judged.
    pub resource: &'static ResourceKind,
    /// Rules that stay silent where this one speaks.
    pub supersedes: Vec<Arc<str>>,
    /// Former ids.
    pub aliases: Vec<Arc<str>>,
    /// What is bad.
    pub when: Condition,
    /// What has to be known true, else the verdict is unverified.
    pub requires: Option<Condition>,
    /// What exempts where it is known true.
    pub unless: Option<Condition>,
    /// What closes a checklist item without anybody's word where it is known true.
    pub evidence: Option<Condition>,
    /// What an attacker or an outage does with it.
    pub why: String,
    /// Where to read on.
    pub references: Vec<String>,
    /// The clauses of outside standards that it answers to.
    pub standards: Vec<Clause>,
    /// Whether it comes with prodcheck, and so has a page of its own.
    pub is_builtin: bool,
    /// What to say.
    pub report: Report,
    /// The edit that makes the finding go away, where one always does.
    pub repair: Option<Repair>,
    /// What the rule says of itself: inputs and verdicts.
    pub cases: Vec<Case>,
    /// A tiny project, bad and good.
    pub example: Option<Example>,
}

impl Rule {
    /// Whether it can weigh this much.
    pub fn is_ever(&self, severity: Severity) -> bool {
        let steps = self.severity_when.iter().map(|step| step.severity);
        let all = steps.chain([self.severity]).chain(self.default_severity).chain(self.possible_severity);
        all.into_iter().any(|one| one == severity)
    }
}

/// One step of a ladder of severities.
#[derive(Clone, Debug)]
pub struct Step {
    /// The weight.
    pub severity: Severity,
    /// When it applies.
    pub when: Condition,
}

/// What a rule says, and where it points.
#[derive(Clone, Debug)]
pub struct Report {
    /// The setting whose place is the primary one; none means the resource's own place.
    pub at: Option<Key>,
    /// Further settings to show.
    pub also: Vec<Key>,
    /// What to say where something more is known of the cause: the first that holds in the world that is told counts.
    pub says: Vec<Saying>,
    /// What is wrong: one sentence with placeholders.
    pub message: String,
    /// What to do: one edit or command with placeholders.
    pub fix: String,
    /// What is wrong with the text that is pointed at, in a few words, where other places are shown beside it.
    pub label: Option<String>,
    /// Whether all that it says of an app is one finding, which lists the names.
    pub lists_names: bool,
}

/// What a rule says of one cause.
#[derive(Clone, Debug)]
pub struct Saying {
    /// When it is true.
    pub when: Condition,
    /// What is wrong.
    pub message: String,
    /// What to do, where it is not what the rule says in general.
    pub fix: Option<String>,
    /// What is wrong with the text that is pointed at, where it is not what the rule says in general.
    pub label: Option<String>,
}

impl Report {
    /// The message of a cause, by its place in the list; the general one where none of them holds.
    pub fn message_of(&self, cause: Option<usize>) -> &str {
        cause.and_then(|cause| self.says.get(cause)).map_or(&self.message, |saying| &saying.message)
    }

    /// The fix of a cause, as [`Report::message_of`] has its message.
    pub fn fix_of(&self, cause: Option<usize>) -> &str {
        cause.and_then(|cause| self.says.get(cause)?.fix.as_ref()).unwrap_or(&self.fix)
    }

    /// The words beside the text that is pointed at, as [`Report::fix_of`] has the fix; none where the rule has none.
    pub fn label_of(&self, cause: Option<usize>) -> Option<&str> {
        cause.and_then(|cause| self.says.get(cause)?.label.as_ref()).or(self.label.as_ref()).map(String::as_str)
    }
}

/// A repair in the vocabulary: this setting becomes that value. Where it is written is for the adapter to know.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The setting.
    pub setting: Key,
    /// What it becomes.
    pub value: Remedy,
    /// Whether nothing that users rely on can change with it.
    pub safe: bool,
}

/// What a setting becomes.
#[derive(Clone, Debug)]
pub enum Remedy {
    /// This value.
    Value(Literal),
    /// The threshold of the environment.
    Limit(Bound),
}

/// Placeholders of messages and fixes.
pub const PLACEHOLDERS: [&str; 18] = [
    "key",
    "env",
    "value",
    "name",
    "names",
    "instead",
    "limit",
    "replacement",
    "true",
    "false",
    "state",
    "set",
    "move",
    "framework",
    "installed",
    "file",
    "last",
    "items",
];

/// A tiny project in one framework, bad and good.
#[derive(Clone, Debug)]
pub struct Example {
    /// The framework's name.
    pub framework: Arc<str>,
    /// Files that raise the finding, by path.
    pub bad: Vec<(Arc<str>, String)>,
    /// Files that do not.
    pub good: Vec<(Arc<str>, String)>,
}

/// One input with the verdict it must get.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it shows, in a sentence.
    pub name: String,
    /// Where it stands in the rule's file.
    pub span: Span,
    /// The settings of the resource; a setting that is not given does not exist.
    pub given: Vec<(Key, State)>,
    /// Whether the resource exists; none means certainly.
    pub present: Option<Value>,
    /// Other resources of the app.
    pub related: Vec<Related>,
    /// Kinds of which there may be more.
    pub unseen: Vec<&'static ResourceKind>,
    /// The profile of limits.
    pub profile: Profile,
    /// The verdict it must get.
    pub verdict: Expected,
    /// The severity it must get.
    pub severity: Option<Severity>,
}

/// Another resource of a case.
#[derive(Clone, Debug)]
pub struct Related {
    /// Its kind.
    pub kind: &'static ResourceKind,
    /// Its settings.
    pub given: Vec<(Key, State)>,
    /// Whether it exists.
    pub present: Option<Value>,
}

/// A verdict that a case can expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Bad in every world.
    Violated,
    /// Bad in some world.
    Possible,
    /// Never bad.
    Satisfied,
    /// Cannot be known.
    Unverified,
    /// There is nothing to judge.
    NotApplicable,
}

impl Expected {
    /// Every verdict with its name in rule files; `open` is how a checklist item is called that is not closed.
    pub const NAMES: [(&'static str, Expected); 6] = [
        ("violated", Expected::Violated),
        ("possible", Expected::Possible),
        ("satisfied", Expected::Satisfied),
        ("unverified", Expected::Unverified),
        ("not-applicable", Expected::NotApplicable),
        ("open", Expected::Violated),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, verdict)| *verdict == self).map_or("", |(name, _)| name)
    }
}

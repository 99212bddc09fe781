//! The report: all that any format shows, and one small file for each format.

mod address;
mod agent;
mod checklist;
mod clauses;
mod concise;
mod diff;
mod ending;
mod format;
mod gate;
mod github;
mod gitlab;
mod html;
mod human;
pub mod json;
pub mod jsonl;
mod junit;
mod markdown;
mod patch;
mod plain_markdown;
mod sarif;
mod settings;
mod table;
mod why;
mod words;

pub(crate) use address::{REPOSITORY, SITE, page_of};
pub use checklist::{ChecklistApp, ChecklistFormat, ChecklistItem, ChecklistReport, ItemState};
pub use clauses::{ClauseReport, ClauseState, Clauses};
pub use diff::{Difference, FindingChange, FoundChange, SettingChange};
pub use ending::{Ending, FailOn};
pub use format::{Format, Style};
pub use gate::{GateKind, GateNote};
pub use human::{mistakes, of_rule};
pub use patch::unified;
pub use settings::{SettingRow, TableFormat, setting_rows};
pub use table::table;
pub use why::{DefaultNote, Explainer, Spot, VariableNote, Why, render as whys};
#[cfg(feature = "lsp")]
pub(crate) use words::message as message_of;
pub(crate) use words::{in_general, wrapped};

pub use crate::findings::Suppressed;
use crate::findings::{Finding, Findings, Location, Sources};
use crate::mask::{Masked, Masker};
use crate::project::{Problem, Project};
use crate::rules::{Clause, Rule};
use crate::settings::Member;
use crate::syntax::{FileId, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a scan says. Nothing in it is a secret: texts and frames were masked when it was made.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The deployment environment that was scanned for.
    pub environment: String,
    /// The apps that were found.
    pub apps: Vec<AppNote>,
    /// The deployments that run none of them.
    pub deployments: Vec<DeploymentNote>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What could not be known.
    pub unverified: Vec<Finding>,
    /// What a person has to attest.
    pub checklist: Vec<Finding>,
    /// What people vouch for.
    pub attested: Vec<AttestedNote>,
    /// The items of the checklist that files of the project show to be done.
    pub shown: Vec<ShownNote>,
    /// What the project has waived, and why.
    pub suppressed: Vec<Suppressed>,
    /// What kept prodcheck from seeing everything.
    pub problems: Vec<ProblemNote>,
    /// The rules that the findings are of.
    pub rules: BTreeMap<Arc<str>, RuleNote>,
    /// In which ways less was demanded than prodcheck does by itself.
    pub gate: Vec<GateNote>,
    /// The policy that was laid over what the project says of itself.
    pub policy: Option<String>,
    /// The revision that the findings were held against.
    pub since: Option<SinceNote>,
    /// How many findings were fixed before the scan; none where nothing was to be fixed.
    pub fixed: Option<usize>,
    /// How many there were of each, where the report holds only some of them.
    pub counted: Option<Summary>,
    /// How the scan ended.
    pub ending: Ending,
    /// What else than a blocking finding fails it.
    pub fail_on: FailOn,
    /// The root on this machine, which links of a terminal lead into and nothing shows.
    pub root: PathBuf,
    /// The way from the top of the repository to the root, ending with `/`; empty where they are one.
    pub prefix: String,
    /// How long it took.
    pub elapsed: Option<Duration>,
    /// Masked copies of the files that findings point into.
    pub frames: BTreeMap<Arc<str>, Masked>,
    /// The settings that were judged, where they are asked for.
    pub settings: Vec<SettingRow>,
}

/// An item of the checklist that a file shows to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownNote {
    /// The item's rule.
    pub rule: Arc<str>,
    /// The app.
    pub app: Arc<str>,
    /// `file:line` of what shows it, where it is one place.
    pub place: Option<String>,
}

/// An item that somebody vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedNote {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The one app it holds for; all of them where none is named.
    pub app: Option<String>,
    /// Who, when and until when.
    pub words: String,
}

/// The revision that a scan was held against: what it has, too, is not reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinceNote {
    /// What it is called.
    pub name: String,
    /// The first letters of the commit's id.
    pub commit: String,
}

/// An app of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppNote {
    /// Its id, which the subjects of findings name.
    pub id: Arc<str>,
    /// Its folder.
    pub root: Arc<str>,
    /// The framework.
    pub framework: String,
    /// The framework's version, where it is known.
    pub version: Option<Arc<str>>,
    /// What it is made of, as far as that is read: the framework, then other hosts, then libraries.
    pub stack: Vec<Member>,
    /// The file that stands for it.
    pub entry: Option<Arc<str>>,
    /// Its deployment targets.
    pub targets: Vec<Arc<str>>,
    /// Whether every source that could set a variable was readable.
    pub closed: bool,
    /// The sources of its environment.
    pub sources: Vec<EnvironmentSource>,
}

/// A deployment that runs no app which is understood: somebody else's image, or code that is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentNote {
    /// Its name: the file and what in it is meant; none where what stands in front, or env files, are all there is.
    pub target: Option<Arc<str>>,
    /// Whether every source that could set a variable was readable.
    pub closed: bool,
    /// The sources of its environment.
    pub sources: Vec<EnvironmentSource>,
}

/// One source of an app's environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentSource {
    /// The file, or `--from-env`.
    pub file: Arc<str>,
    /// What git knows of it: `tracked`, `ignored`, `untracked`; none outside a repository.
    pub git: Option<&'static str>,
}

/// What a rule says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleNote {
    /// What is wrong, in a few words.
    pub summary: String,
    /// What an attacker or an outage does with it.
    pub why: String,
    /// What to do, in general.
    pub fix: String,
    /// Whether it stops a release where nothing mitigates it.
    pub blocks: bool,
    /// Who can fix it: `framework`, `app`, `infrastructure`.
    pub owner: &'static str,
    /// How much it weighs where nothing else is known.
    pub severity: &'static str,
    /// The clauses of outside standards that it answers to.
    pub standards: Vec<Clause>,
    /// Where to read on.
    pub references: Vec<String>,
    /// The address of its page; a project's own rule has none.
    pub page: Option<String>,
}

impl RuleNote {
    /// Where a reader is led who wants to know more: its page, else what it refers to first.
    pub fn link(&self) -> Option<&str> {
        self.page.as_ref().or(self.references.first()).map(String::as_str)
    }

    /// What a rule says of itself.
    pub fn of(rule: &Rule) -> RuleNote {
        RuleNote {
            summary: rule.summary.clone(),
            why: rule.why.clone(),
            fix: words::in_general(rule, None),
            blocks: rule.severity == crate::rules::Severity::Blocking,
            owner: rule.owner.name(),
            severity: rule.severity.name(),
            standards: rule.standards.clone(),
            references: rule.references.clone(),
            page: address::page_of(rule),
        }
    }
}

/// A problem of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemNote {
    /// Its id.
    pub id: &'static str,
    /// Whether nothing can be vouched for because of it.
    pub blocking: bool,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub location: Option<Location>,
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Findings that block.
    pub blocking: usize,
    /// Findings that warn.
    pub warnings: usize,
    /// Findings that could not be verified.
    pub unverified: usize,
    /// Open items of the checklist.
    pub checklist: usize,
    /// Waived findings.
    pub suppressed: usize,
    /// Problems.
    pub problems: usize,
}

/// Problems of what the project tells prodcheck, not of what prodcheck could read.
const UPKEEP: [&str; 4] = ["suppress/", "attest/", "baseline/", "policy/"];

/// Whether a problem lies in what the project tells prodcheck.
pub(crate) fn is_upkeep(id: &str) -> bool {
    UPKEEP.iter().any(|kind| id.starts_with(kind))
}

impl Report {
    /// Takes the findings in, with masked copies of the files they point into.
    pub fn with_findings(
        mut self,
        findings: Findings,
        sources: &Project,
        masker: &Masker,
        hidden: &BTreeMap<FileId, Vec<Span>>,
    ) -> Report {
        self.findings = findings.findings;
        self.unverified = findings.unverified;
        self.checklist = findings.checklist;
        self.frames = frames(&self.findings, sources, |path| sources.find(path), masker, hidden);
        self
    }

    /// Whether nothing was found that could be judged.
    pub fn is_empty(&self) -> bool {
        self.apps.is_empty() && self.deployments.is_empty()
    }

    /// What blocks, and the numbers of all the rest.
    pub fn only_blocking(&self) -> Report {
        let mut shown = Report { counted: Some(self.summary()), ..self.clone() };
        shown.findings.retain(|finding| finding.severity == crate::findings::Severity::Blocking);
        shown.problems.retain(|problem| problem.blocking);
        shown.unverified.clear();
        shown.checklist.clear();
        shown.suppressed.clear();
        let told: BTreeSet<&Arc<str>> = shown.findings.iter().map(|finding| &finding.rule).collect();
        shown.rules.retain(|rule, _| told.contains(rule));
        shown
    }

    /// How many there are of each.
    pub fn summary(&self) -> Summary {
        if let Some(counted) = self.counted {
            return counted;
        }
        let of = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        Summary {
            blocking: of(crate::findings::Severity::Blocking),
            warnings: of(crate::findings::Severity::Warning),
            unverified: self.unverified.len(),
            checklist: self.checklist.len(),
            suppressed: self.suppressed.len(),
            problems: self.problems.len(),
        }
    }

    /// Whether nothing stayed unread that should have been read.
    pub fn is_complete(&self) -> bool {
        self.problems.iter().all(|problem| is_upkeep(problem.id))
    }
}

/// Masked copies of the files that findings point into.
pub(crate) fn frames(
    findings: &[Finding],
    sources: &dyn Sources,
    find: impl Fn(&str) -> Option<FileId>,
    masker: &Masker,
    hidden: &BTreeMap<FileId, Vec<Span>>,
) -> BTreeMap<Arc<str>, Masked> {
    let paths: BTreeSet<&Arc<str>> = findings.iter().flat_map(locations).map(|at| &at.file).collect();
    let file = |path: &Arc<str>| {
        let file = find(path)?;
        let spans = hidden.get(&file).map_or(&[][..], Vec::as_slice);
        Some((path.clone(), sources.text(file)?, sources.shape(file), spans))
    };
    let shown: Vec<_> = paths.into_iter().filter_map(file).collect();
    let masked =
        shown.into_par_iter().map(|(path, text, shape, spans)| (path, Masked::new(masker, &text, shape, spans)));
    masked.collect::<Vec<_>>().into_iter().collect()
}

/// Every place that a finding shows.
fn locations(finding: &Finding) -> impl Iterator<Item = &Location> {
    let steps = finding.trail.iter().filter_map(|step| step.location.as_ref());
    let also = finding.also.iter().filter_map(|also| also.location.as_ref());
    finding.location.iter().chain(steps).chain(also)
}

/// The project's problems as the report tells them; `blocking` says which leave an app without its configuration.
pub fn problems(found: &[Problem], project: &Project, blocking: impl Fn(&Problem) -> bool) -> Vec<ProblemNote> {
    let locator = crate::findings::Locator::new(project);
    let mut notes: Vec<ProblemNote> = found
        .iter()
        .map(|problem| ProblemNote {
            id: problem.id,
            blocking: !is_upkeep(problem.id) && blocking(problem),
            message: problem.message.clone(),
            location: problem.file.map(|file| locator.location(file, problem.span.unwrap_or_default())),
        })
        .collect();
    notes.sort_by(|a, b| (&a.location, a.id, &a.message).cmp(&(&b.location, b.id, &b.message)));
    notes.dedup();
    notes
}

#[cfg(test)]
mod tests;

//! JSON, schema version 1: fields and enum values may be added, none changes.

use super::{Report, Style, Suppressed};
use crate::findings::{self, Certainty, Finding};
use crate::mask::json_safe;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the schema.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// What `prodcheck scan --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "prodcheck report")]
pub struct Document<'r> {
    /// The version of this schema.
    schema_version: u32,
    /// What made the report.
    tool: Tool,
    /// The deployment environment that was scanned for.
    environment: &'r str,
    /// The exit code of the scan.
    exit_code: u8,
    /// Whether nothing stayed unread that should have been read.
    complete: bool,
    /// With `--changed`: the revision whose findings are not reported again.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Since<'r>>,
    /// With `--policy`: the file whose demands were laid over what the project says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'r str>,
    /// With `--fix`: how many findings were fixed; what is reported is what remains.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<usize>,
    /// The apps that were found.
    apps: Vec<App<'r>>,
    /// The deployments that run none of them: somebody else's image, or code that is not read.
    deployments: Vec<Deployment<'r>>,
    /// How many there are of each.
    summary: Summary,
    /// What is wrong, in a total order.
    findings: Vec<Entry<'r>>,
    /// What could not be known, with what would settle it.
    unverified: Vec<Entry<'r>>,
    /// What a person has to attest.
    checklist: Vec<Entry<'r>>,
    /// What the project has waived.
    suppressed: Vec<Entry<'r>>,
    /// What kept prodcheck from seeing everything.
    problems: Vec<Problem<'r>>,
    /// In which ways less was demanded than prodcheck does by itself.
    gate: Vec<Gate<'r>>,
}

/// A way in which less was demanded: a rule that is off, findings that are ignored.
#[derive(Serialize, JsonSchema)]
pub(super) struct Gate<'r> {
    /// `off`, `lowered`, `limit`, `ignored`, `baseline`, `env-file`, `left-out` or `environment`.
    kind: &'static str,
    /// The rule that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    /// How many findings or settings it stands for.
    count: usize,
    /// What it is, in one sentence.
    message: &'r str,
    /// Why, as the project says.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    /// Who says so: `prodcheck.toml`, `comments` or `the command line`.
    source: &'static str,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'r>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Tool {
    /// `prodcheck`.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Since<'r> {
    /// What it is called.
    name: &'r str,
    /// The first letters of the commit's id.
    commit: &'r str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct App<'r> {
    /// The id that subjects name.
    id: &'r str,
    /// Its folder, relative to the root; `.` is the root.
    root: &'r str,
    /// The framework.
    framework: &'r str,
    /// The framework's version, where it is known.
    version: Option<&'r str>,
    /// What it is made of, as far as that is read: the framework, then other hosts, then libraries.
    stack: Vec<Member<'r>>,
    /// The file that stands for the app.
    entry: Option<&'r str>,
    /// Its deployment targets.
    targets: Vec<&'r str>,
    /// Its environment.
    environment: Environment<'r>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Member<'r> {
    /// Its name: the framework's, or the package's.
    name: &'r str,
    /// Its version, where it is known.
    version: Option<&'r str>,
    /// `host` where it answers requests, else `library`.
    role: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Deployment<'r> {
    /// The target: the file, and what in it is meant; null where a proxy or env files are all there is. Subjects name it.
    target: Option<&'r str>,
    /// Its environment.
    environment: Environment<'r>,
}

#[derive(Serialize, JsonSchema)]
struct Environment<'r> {
    /// Whether every source that could set a variable was readable.
    closed: bool,
    /// The sources that were read.
    sources: Vec<Source<'r>>,
}

#[derive(Serialize, JsonSchema)]
struct Source<'r> {
    /// The file, or `--from-env`.
    file: &'r str,
    /// What git knows of it: `tracked`, `ignored`, `untracked`; null outside a repository.
    git: Option<&'r str>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Summary {
    blocking: usize,
    warnings: usize,
    unverified: usize,
    checklist: usize,
    suppressed: usize,
    problems: usize,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Blocking,
    Warning,
    Unverified,
    Checklist,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Entry<'r> {
    /// The rule's id.
    rule: &'r str,
    /// The weight: `blocking` or `warning` of a finding.
    severity: Severity,
    /// How it was reached: `violated`, `possible`, `unverified`.
    verdict: &'static str,
    /// Where the deciding value came from: `written`, `environment`, `fallback`, `default`, `fixed`, `absent`, `unknown`.
    cause: &'static str,
    /// What is wrong.
    message: &'r str,
    /// What to do.
    fix: &'r str,
    /// Who can fix it: `framework`, `app`, `infrastructure`.
    owner: &'static str,
    /// The world in which it is bad; empty where it is bad in all.
    when: &'r [String],
    /// What it is about.
    subjects: Vec<Subject<'r>>,
    /// The text to edit; null where the fact lies in no file.
    location: Option<Location<'r>>,
    /// How the deciding value came about, newest first.
    trail: Vec<Step<'r>>,
    /// Other values that took part.
    also: Vec<Also<'r>>,
    /// The targets on which it holds; empty where it holds on all of the app's targets.
    targets: Vec<&'r str>,
    /// The fingerprint of the finding of which this is a consequence.
    because_of: Option<&'r str>,
    /// What identifies the finding from scan to scan.
    fingerprint: &'r str,
    /// The edits that `--fix` makes, where it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix_edits: Option<FixEdits<'r>>,
    /// Unverified entries: what is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Unknown<'r>>,
    /// Unverified entries: what would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    settle: Option<&'r [String]>,
    /// Suppressed entries: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    /// Suppressed entries: what suppresses: `comment`, `config`, `baseline`, `revision`.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed_by: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct FixEdits<'r> {
    /// Whether `--fix` makes them; else only with `--unsafe-fixes`, for what users rely on can change.
    safe: bool,
    /// The edits; they hold only together.
    edits: Vec<FixEdit<'r>>,
}

#[derive(Serialize, JsonSchema)]
struct FixEdit<'r> {
    /// The text that is replaced; empty for an insertion.
    location: Location<'r>,
    /// What stands there afterwards.
    text: &'r str,
}

#[derive(Serialize, JsonSchema)]
struct Subject<'r> {
    /// The app's id.
    app: &'r str,
    /// The kind of resource.
    kind: &'r str,
    /// The resource's name.
    name: &'r str,
    /// The setting.
    setting: Option<&'r str>,
    /// The framework's own name of the setting.
    key: Option<&'r str>,
}

/// Lines and columns count from 1, columns in Unicode scalar values; ends are exclusive; offsets are bytes.
#[derive(Serialize, JsonSchema)]
struct Location<'r> {
    file: &'r str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    offset: u32,
    end_offset: u32,
}

#[derive(Serialize, JsonSchema)]
struct Step<'r> {
    /// The kind of step: `written`, `reads`, `sets`, `not-set`, `fallback`, `default`, ...
    step: &'static str,
    location: Option<Location<'r>>,
    /// In words.
    note: &'r str,
}

#[derive(Serialize, JsonSchema)]
struct Also<'r> {
    /// The setting.
    setting: &'r str,
    /// The framework's own name of it.
    key: Option<&'r str>,
    location: Option<Location<'r>>,
    /// In words.
    note: &'r str,
}

#[derive(Serialize, JsonSchema)]
struct Unknown<'r> {
    /// The kind of reason: `variable`, `call`, `missing-file`, ...
    because: &'static str,
    /// The variable, the call, the file.
    name: Option<&'r str>,
    /// In words.
    reason: &'r str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Problem<'r> {
    /// The problem's id.
    id: &'r str,
    /// `blocking` where nothing can be vouched for because of it.
    severity: Severity,
    /// What is wrong.
    message: &'r str,
    location: Option<Location<'r>>,
}

/// The report as JSON text with a line end.
pub(super) fn render(report: &Report, _: Style) -> String {
    let mut json = serde_json::to_string_pretty(&document(report)).expect("internal error: a report has no odd keys");
    json.push('\n');
    json_safe(&json).into_owned()
}

/// The JSON Schema of the document, with a line end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document<'static>);
    let mut json = serde_json::to_string_pretty(&schema).expect("internal error: a schema has no odd keys");
    json.push('\n');
    json
}

/// The name of a severity in every machine format.
pub(super) fn severity_name(severity: findings::Severity) -> &'static str {
    match severity {
        findings::Severity::Blocking => "blocking",
        findings::Severity::Warning => "warning",
        findings::Severity::Unverified => "unverified",
        findings::Severity::Checklist => "checklist",
    }
}

impl Tool {
    /// This very program.
    pub(super) fn this() -> Tool {
        Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl Summary {
    /// How many there are of each.
    pub(super) fn of(report: &Report) -> Summary {
        let counts = report.summary();
        Summary {
            blocking: counts.blocking,
            warnings: counts.warnings,
            unverified: counts.unverified,
            checklist: counts.checklist,
            suppressed: counts.suppressed,
            problems: counts.problems,
        }
    }
}

fn document(report: &Report) -> Document<'_> {
    Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool::this(),
        environment: &report.environment,
        exit_code: report.ending.code(),
        complete: report.is_complete(),
        since: since(report),
        fixed: report.fixed,
        apps: report.apps.iter().map(app).collect(),
        deployments: report.deployments.iter().map(deployment).collect(),
        summary: Summary::of(report),
        findings: report.findings.iter().map(entry).collect(),
        unverified: report.unverified.iter().map(entry).collect(),
        checklist: report.checklist.iter().map(entry).collect(),
        suppressed: report.suppressed.iter().map(suppressed).collect(),
        problems: report.problems.iter().map(problem).collect(),
        policy: report.policy.as_deref(),
        gate: report.gate.iter().map(gate).collect(),
    }
}

pub(super) fn gate(note: &super::GateNote) -> Gate<'_> {
    Gate {
        kind: note.kind.name(),
        rule: note.rule.as_deref(),
        count: note.count,
        message: &note.message,
        reason: note.reason.as_deref(),
        source: note.source,
        location: note.location.as_ref().map(location),
    }
}

/// The revision that the report is held against.
pub(super) fn since(report: &Report) -> Option<Since<'_>> {
    report.since.as_ref().map(|since| Since { name: &since.name, commit: &since.commit })
}

pub(super) fn app(app: &super::AppNote) -> App<'_> {
    App {
        id: &app.id,
        root: if app.root.is_empty() { "." } else { &app.root },
        framework: &app.framework,
        version: app.version.as_deref(),
        stack: app.stack.iter().map(member).collect(),
        entry: app.entry.as_deref(),
        targets: app.targets.iter().map(|target| &**target).collect(),
        environment: environment(app.closed, &app.sources),
    }
}

fn member(member: &crate::settings::Member) -> Member<'_> {
    Member {
        name: &member.name,
        version: member.version.as_deref(),
        role: if member.is_host { "host" } else { "library" },
    }
}

pub(super) fn deployment(deployment: &super::DeploymentNote) -> Deployment<'_> {
    Deployment {
        target: deployment.target.as_deref(),
        environment: environment(deployment.closed, &deployment.sources),
    }
}

fn environment(closed: bool, sources: &[super::EnvironmentSource]) -> Environment<'_> {
    let sources = sources.iter().map(|source| Source { file: &source.file, git: source.git }).collect();
    Environment { closed, sources }
}

pub(super) fn entry(finding: &Finding) -> Entry<'_> {
    Entry {
        rule: &finding.rule,
        severity: match finding.severity {
            findings::Severity::Blocking => Severity::Blocking,
            findings::Severity::Warning => Severity::Warning,
            findings::Severity::Unverified => Severity::Unverified,
            findings::Severity::Checklist => Severity::Checklist,
        },
        verdict: verdict_name(finding.verdict),
        cause: findings::cause_name(finding.cause),
        message: &finding.message,
        fix: &finding.fix,
        owner: finding.owner.name(),
        when: &finding.when,
        subjects: finding.subjects.iter().map(subject).collect(),
        location: finding.location.as_ref().map(location),
        trail: finding.trail.iter().map(step).collect(),
        also: finding.also.iter().map(also).collect(),
        targets: finding.targets.iter().map(|target| &**target).collect(),
        because_of: finding.because_of.as_deref(),
        fingerprint: &finding.fingerprint,
        fix_edits: finding.repair.as_ref().map(fix_edits),
        unknown: finding.unknown.as_ref().map(|unknown| Unknown {
            because: unknown.because,
            name: unknown.name.as_deref(),
            reason: &unknown.reason,
        }),
        settle: finding.unknown.as_ref().map(|unknown| unknown.settle.as_slice()),
        reason: None,
        suppressed_by: None,
    }
}

pub(super) fn suppressed(suppressed: &Suppressed) -> Entry<'_> {
    let (reason, by) = (Some(&*suppressed.reason), Some(suppressed.means.name()));
    Entry { reason, suppressed_by: by, ..entry(&suppressed.finding) }
}

/// The name of a verdict in every machine format.
pub(super) fn verdict_name(verdict: Certainty) -> &'static str {
    match verdict {
        Certainty::Violated => "violated",
        Certainty::Possible => "possible",
        Certainty::Unverified => "unverified",
    }
}

fn fix_edits(repair: &findings::Repair) -> FixEdits<'_> {
    FixEdits {
        safe: repair.safe,
        edits: repair
            .edits
            .iter()
            .map(|edit| FixEdit { location: location(&edit.location), text: &edit.text })
            .collect(),
    }
}

fn subject(subject: &findings::Subject) -> Subject<'_> {
    Subject {
        app: &subject.app,
        kind: subject.kind,
        name: &subject.name,
        setting: subject.setting.as_deref(),
        key: subject.key.as_deref(),
    }
}

fn location(at: &findings::Location) -> Location<'_> {
    Location {
        file: &at.file,
        line: at.line,
        column: at.column,
        end_line: at.end_line,
        end_column: at.end_column,
        offset: at.offset,
        end_offset: at.end_offset,
    }
}

fn step(step: &findings::TrailStep) -> Step<'_> {
    Step { step: step.step, location: step.location.as_ref().map(location), note: &step.note }
}

fn also(also: &findings::Also) -> Also<'_> {
    Also {
        setting: &also.setting,
        key: also.key.as_deref(),
        location: also.location.as_ref().map(location),
        note: &also.note,
    }
}

pub(super) fn problem(problem: &super::ProblemNote) -> Problem<'_> {
    Problem {
        id: problem.id,
        severity: if problem.blocking { Severity::Blocking } else { Severity::Warning },
        message: &problem.message,
        location: problem.location.as_ref().map(location),
    }
}

#[cfg(test)]
mod tests;

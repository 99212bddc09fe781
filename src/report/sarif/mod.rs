//! SARIF 2.1.0: what code scanning, editors and dashboards read.

mod model;
mod rules;

use super::words::{self, in_repository, path_of};
use super::{Ending, GateNote, ProblemNote, Report, Style, address, is_upkeep, json};
use crate::findings::{self, Finding, Means, Repair, Severity, Suppressed};
use crate::mask::{json_safe, printable};
use model::{
    Artifact, ArtifactChange, Automation, CodeFlow, Descriptor, Driver, Fix, FlowStep, InsertedContent, Invocation,
    Location, Log, Notification, Physical, Properties, Region, Replacement, Run, SarifResult, Suppression, Text,
    ThreadFlow, Tool,
};
use rules::Rules;
use std::collections::BTreeMap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name under which the fingerprint stands, with its version as the standard wants it.
const FINGERPRINT: &str = "prodcheckFinding/v1";

/// What is unverified is `open`, what a person attests is `review`. What the project waives is left out, for code
/// scanning shows it like any other; with `-v` it is there, as suppressed.
pub(super) fn render(report: &Report, style: Style) -> String {
    let checklist = report.checklist.iter().filter(|_| style.checklist);
    let found = report.findings.iter().chain(&report.unverified).chain(checklist);
    let waived = report.suppressed.iter().filter(|_| style.detail > 0);
    let mut rules = Rules::default();
    let mut results: Vec<SarifResult<'_>> = found.map(|finding| result(finding, report, &mut rules)).collect();
    results.extend(waived.map(|waived| SarifResult {
        suppressions: vec![suppression(waived)],
        ..result(&waived.finding, report, &mut rules)
    }));
    let version = env!("CARGO_PKG_VERSION");
    let driver = Driver {
        name: env!("CARGO_PKG_NAME"),
        version,
        semantic_version: version,
        information_uri: address::SITE,
        rules: rules.described(report),
    };
    let run = Run {
        tool: Tool { driver },
        automation_details: Automation { id: format!("prodcheck/{}/", report.environment) },
        invocations: [invocation(report)],
        column_kind: "unicodeCodePoints",
        results,
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let json = serde_json::to_string_pretty(&log).expect("internal error: a log has no odd keys") + "\n";
    json_safe(&json).into_owned()
}

fn invocation(report: &Report) -> Invocation<'_> {
    let (upkeep, execution): (Vec<&ProblemNote>, Vec<&ProblemNote>) =
        report.problems.iter().partition(|problem| is_upkeep(problem.id));
    let notifications = |problems: Vec<&'_ ProblemNote>| -> Vec<_> {
        problems.into_iter().map(|problem| notification(problem, report)).collect()
    };
    Invocation {
        execution_successful: report.ending != Ending::Failed,
        exit_code: report.ending.code(),
        tool_execution_notifications: notifications(execution),
        tool_configuration_notifications: notifications(upkeep)
            .into_iter()
            .chain(report.gate.iter().map(|note| gate(note, report)))
            .collect(),
    }
}

/// What is not demanded, where a reader of a dashboard looks for how the tool was set up.
fn gate<'r>(note: &GateNote, report: &Report) -> Notification<'r> {
    Notification {
        descriptor: Descriptor { id: note.kind.id() },
        level: "note",
        message: text(&note.told()),
        locations: note.location.iter().map(|at| location(at, None, report)).collect(),
    }
}

fn notification<'r>(problem: &ProblemNote, report: &Report) -> Notification<'r> {
    let locations = problem.location.iter().map(|at| location(at, None, report)).collect();
    Notification {
        descriptor: Descriptor { id: problem.id },
        level: if problem.blocking { "error" } else { "warning" },
        message: text(&problem.message),
        locations,
    }
}

fn result<'r>(finding: &'r Finding, report: &'r Report, rules: &mut Rules<'r>) -> SarifResult<'r> {
    // A result that is no failure has no level.
    let (kind, level) = match finding.severity {
        Severity::Blocking => ("fail", "error"),
        Severity::Warning => ("fail", "warning"),
        Severity::Unverified => ("open", "none"),
        Severity::Checklist => ("review", "none"),
    };
    let hash = finding.fingerprint.strip_prefix("v1:").unwrap_or(&finding.fingerprint);
    SarifResult {
        rule_id: &finding.rule,
        rule_index: rules.index_of(finding),
        kind,
        level,
        message: text(&format!("{}.\n{}", words::message(finding), finding.fix)),
        locations: [primary(finding, report)],
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, hash)]),
        related_locations: related(finding, report),
        code_flows: flow(finding, report).into_iter().collect(),
        suppressions: Vec::new(),
        fixes: finding.repair.iter().map(|repair| fix(finding, repair, report)).collect(),
        properties: Properties {
            verdict: json::verdict_name(finding.verdict),
            cause: findings::cause_name(finding.cause),
            owner: finding.owner.name(),
            fix: &finding.fix,
            when: &finding.when,
            targets: finding.targets.iter().map(|target| &**target).collect(),
            follows_from: words::cause(finding, report),
            settle: finding.unknown.as_ref().map_or(&[], |unknown| unknown.settle.as_slice()),
        },
    }
}

fn suppression(waived: &Suppressed) -> Suppression<'_> {
    let kind = if waived.means == Means::Comment { "inSource" } else { "external" };
    Suppression { kind, status: "accepted", justification: &waived.reason }
}

/// Where a reader is led: code scanning refuses a result without a place.
fn primary(finding: &Finding, report: &Report) -> Location {
    match &finding.location {
        Some(at) => location(at, None, report),
        None => {
            let physical = Physical { artifact_location: artifact(&path_of(finding, report)), region: None };
            Location { id: None, physical_location: physical, message: None }
        }
    }
}

/// The other values that took part.
fn related(finding: &Finding, report: &Report) -> Vec<Location> {
    let also = finding.also.iter().filter_map(|also| Some((also.location.as_ref()?, &also.note)));
    also.enumerate()
        .map(|(index, (at, note))| Location { id: Some(index + 1), ..location(at, Some(note), report) })
        .collect()
}

/// The way of the value from where it is written to where it is read, where that has several steps.
fn flow(finding: &Finding, report: &Report) -> Option<CodeFlow> {
    let steps = finding.trail.iter().rev();
    let steps = steps.filter_map(|step| Some((step.location.as_ref()?, &step.note)));
    let locations: Vec<FlowStep> =
        steps.map(|(at, note)| FlowStep { location: location(at, Some(note), report) }).collect();
    (locations.len() > 1).then_some(CodeFlow { thread_flows: [ThreadFlow { locations }] })
}

/// The edits of a finding, those of one file together: an editor can make them.
fn fix<'r>(finding: &Finding, repair: &'r Repair, report: &Report) -> Fix<'r> {
    let mut files: BTreeMap<&str, Vec<Replacement<'r>>> = BTreeMap::new();
    for edit in &repair.edits {
        let replacement = Replacement {
            deleted_region: region(&edit.location),
            inserted_content: InsertedContent { text: &edit.text },
        };
        files.entry(&edit.location.file).or_default().push(replacement);
    }
    let change = |(file, replacements): (&str, Vec<Replacement<'r>>)| {
        let artifact_location = artifact(&in_repository(report, file));
        ArtifactChange { artifact_location, replacements }
    };
    let review = if repair.safe { "" } else { "\nLook at it before you take it: it can change what users rely on." };
    Fix {
        description: text(&format!("{}{review}", finding.fix)),
        artifact_changes: files.into_iter().map(change).collect(),
    }
}

fn region(at: &findings::Location) -> Region {
    Region { start_line: at.line, start_column: at.column, end_line: at.end_line, end_column: at.end_column }
}

fn location(at: &findings::Location, note: Option<&str>, report: &Report) -> Location {
    let artifact_location = artifact(&in_repository(report, &at.file));
    let note = note.filter(|note| !note.is_empty());
    Location {
        id: None,
        physical_location: Physical { artifact_location, region: Some(region(at)) },
        message: note.map(text),
    }
}

fn artifact(path: &str) -> Artifact {
    Artifact { uri: words::uri_path(path), uri_base_id: "%SRCROOT%" }
}

/// Plain text of one or two lines. In SARIF `[words](place)` is a link, which no project may write.
fn text(words: &str) -> Text {
    let lines: Vec<String> = words.lines().map(|line| printable(line).replace("](", "] (")).collect();
    Text { text: lines.join("\n") }
}

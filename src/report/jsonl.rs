//! JSON Lines: the parts of the JSON report, one a line, for what reads a stream.

use super::json::{self, App, Deployment, Entry, Gate, Problem, SCHEMA_VERSION, Since, Summary, Tool};
use super::{Report, Style};
use crate::mask::json_safe;
use schemars::JsonSchema;
use serde::Serialize;

/// One line of `prodcheck scan --format jsonl`. The first is `scan`, the last is `summary`.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
#[schemars(title = "prodcheck report line")]
pub(super) enum Line<'r> {
    /// What was scanned.
    Scan(Head<'r>),
    /// What is wrong.
    Finding(Entry<'r>),
    /// What could not be known.
    Unverified(Entry<'r>),
    /// What a person has to attest.
    Checklist(Entry<'r>),
    /// What the project has waived.
    Suppressed(Entry<'r>),
    /// What kept prodcheck from seeing everything.
    Problem(Problem<'r>),
    /// A way in which less was demanded than prodcheck does by itself.
    Gate(Gate<'r>),
    /// How it ended.
    Summary(Tail),
}

/// What was scanned.
#[derive(Serialize, JsonSchema)]
pub(super) struct Head<'r> {
    /// The version of the schema of lines.
    schema_version: u32,
    /// What made the report.
    tool: Tool,
    /// The deployment environment that was scanned for.
    environment: &'r str,
    /// With `--changed`: the revision whose findings are not reported again.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Since<'r>>,
    /// With `--policy`: the file whose demands were laid over what the project says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'r str>,
    /// The apps that were found.
    apps: Vec<App<'r>>,
    /// The deployments that run none of them.
    deployments: Vec<Deployment<'r>>,
}

/// How it ended.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tail {
    /// The exit code of the scan.
    exit_code: u8,
    /// Whether nothing stayed unread that should have been read.
    complete: bool,
    /// How many there are of each.
    #[serde(flatten)]
    counts: Summary,
}

/// The report, one JSON value a line.
pub(super) fn render(report: &Report, _: Style) -> String {
    let head = Head {
        schema_version: SCHEMA_VERSION,
        tool: Tool::this(),
        environment: &report.environment,
        since: json::since(report),
        policy: report.policy.as_deref(),
        apps: report.apps.iter().map(json::app).collect(),
        deployments: report.deployments.iter().map(json::deployment).collect(),
    };
    let tail = Tail { exit_code: report.ending.code(), complete: report.is_complete(), counts: Summary::of(report) };
    let lines = std::iter::once(Line::Scan(head))
        .chain(report.findings.iter().map(|finding| Line::Finding(json::entry(finding))))
        .chain(report.unverified.iter().map(|finding| Line::Unverified(json::entry(finding))))
        .chain(report.checklist.iter().map(|finding| Line::Checklist(json::entry(finding))))
        .chain(report.suppressed.iter().map(|waived| Line::Suppressed(json::suppressed(waived))))
        .chain(report.problems.iter().map(|problem| Line::Problem(json::problem(problem))))
        .chain(report.gate.iter().map(|note| Line::Gate(json::gate(note))))
        .chain(std::iter::once(Line::Summary(tail)));
    let text = |line: Line<'_>| serde_json::to_string(&line).expect("internal error: a line has no odd keys") + "\n";
    json_safe(&lines.map(text).collect::<String>()).into_owned()
}

/// The JSON Schema of a line, with a line end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Line<'static>);
    let mut json = serde_json::to_string_pretty(&schema).expect("internal error: a schema has no odd keys");
    json.push('\n');
    json
}

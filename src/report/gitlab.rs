//! GitLab's code quality report: what its merge requests show, a profile of Code Climate's format.

use super::words::{self, in_repository, path_of};
use super::{GateNote, ProblemNote, Report, Style};
use crate::findings::{Finding, Location, Severity};
use crate::mask::{json_safe, printable};
use serde::Serialize;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

#[derive(Serialize)]
struct Issue<'r> {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'r str,
    description: String,
    /// Where to read on, as Code Climate's format has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    severity: &'static str,
    fingerprint: String,
    location: Place,
}

#[derive(Serialize)]
struct Content {
    /// Markdown.
    body: String,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Findings, unverified ones and problems as a list; what the project waives is left out.
pub(super) fn render(report: &Report, style: Style) -> String {
    let checklist = report.checklist.iter().filter(|_| style.checklist);
    let found = report.findings.iter().chain(&report.unverified).chain(checklist);
    let mut issues: Vec<Issue<'_>> = found.map(|finding| issue(finding, report)).collect();
    issues.extend(report.problems.iter().map(|problem| of_problem(problem, report)));
    issues.extend(report.gate.iter().map(|note| of_gate(note, report)));
    let json = serde_json::to_string_pretty(&issues).expect("internal error: an issue has no odd keys") + "\n";
    json_safe(&json).into_owned()
}

fn issue<'r>(finding: &'r Finding, report: &Report) -> Issue<'r> {
    Issue {
        kind: "issue",
        check_name: &finding.rule,
        description: words::message_and_fix(finding),
        content: report
            .rules
            .get(&finding.rule)
            .and_then(|rule| rule.page.as_ref())
            .map(|page| Content { body: format!("[{}]({page})", finding.rule) }),
        severity: match finding.severity {
            Severity::Blocking => "blocker",
            Severity::Warning => "major",
            Severity::Unverified | Severity::Checklist => "info",
        },
        fingerprint: finding.fingerprint.clone(),
        location: place(path_of(finding, report), finding.location.as_ref()),
    }
}

fn of_problem<'r>(problem: &'r ProblemNote, report: &Report) -> Issue<'r> {
    // A problem without a place is one of what the project tells prodcheck.
    let file = problem.location.as_ref().map_or(crate::config::FILE_NAME, |at| &at.file);
    Issue {
        kind: "issue",
        check_name: problem.id,
        description: printable(&problem.message).into_owned(),
        content: None,
        severity: if problem.blocking { "blocker" } else { "minor" },
        fingerprint: fingerprint(&[problem.id, file, &problem.message]),
        location: place(in_repository(report, file), problem.location.as_ref()),
    }
}

fn of_gate<'r>(note: &'r GateNote, report: &Report) -> Issue<'r> {
    let file = note.location.as_ref().map_or(crate::config::FILE_NAME, |at| &at.file);
    Issue {
        kind: "issue",
        check_name: note.kind.id(),
        description: printable(&note.told()).into_owned(),
        content: None,
        severity: "info",
        fingerprint: fingerprint(&[note.kind.id(), file, &note.message]),
        location: place(in_repository(report, file), note.location.as_ref()),
    }
}

fn place(path: String, at: Option<&Location>) -> Place {
    let (begin, end) = at.map_or((1, 1), |at| (at.line, at.end_line));
    Place { path, lines: Lines { begin, end } }
}

fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write(&[0xff]);
    }
    format!("v1:{:032x}", hasher.finish128().as_u128())
}

//! Annotations of GitHub Actions: workflow commands, which it shows beside the changed lines.

use super::words::{self, in_repository, path_of};
use super::{Report, Style};
use crate::findings::{Finding, Location, Severity};
use crate::mask::printable;
use std::fmt::Write;

/// One command a finding, the heaviest first, for GitHub shows ten of each kind; then the counts.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut out = problems(report, true);
    let findings = words::heaviest_first(&report.findings).into_iter();
    let unverified = report.unverified.iter();
    let checklist = report.checklist.iter().filter(|_| style.checklist);
    for finding in findings.chain(unverified).chain(checklist) {
        let Some(kind) = kind(finding, style) else { continue };
        let path = path_of(finding, report);
        let mut message = words::message(finding);
        if let Some(cause) = words::cause(finding, report) {
            // Writing to a string cannot fail.
            let _ = write!(message, " (follows from {cause})");
        }
        let message = format!("{}\n{}", printable(&message), printable(&finding.fix));
        command(&mut out, kind, Some(&path), finding.location.as_ref(), &finding.rule, &message);
    }
    if style.detail >= 0 {
        out.push_str(&problems(report, false));
        for note in &report.gate {
            let path = note.location.as_ref().map(|at| in_repository(report, &at.file));
            command(&mut out, "notice", path.as_deref(), note.location.as_ref(), note.kind.id(), &note.told());
        }
    }
    out.push_str(&super::human::counts(report));
    if let Some(compared) = words::compared(report) {
        // Writing to a string cannot fail.
        let _ = write!(out, " · {compared}");
    }
    out.push('\n');
    out
}

/// The problems that block, or the others.
fn problems(report: &Report, blocking: bool) -> String {
    let mut out = String::new();
    let kind = if blocking { "error" } else { "warning" };
    for problem in report.problems.iter().filter(|problem| problem.blocking == blocking) {
        let path = problem.location.as_ref().map(|at| in_repository(report, &at.file));
        command(&mut out, kind, path.as_deref(), problem.location.as_ref(), problem.id, &problem.message);
    }
    out
}

/// How loud the annotation is; none where the reader asked for less.
fn kind(finding: &Finding, style: Style) -> Option<&'static str> {
    let kind = match finding.severity {
        Severity::Blocking => "error",
        Severity::Warning => "warning",
        Severity::Unverified | Severity::Checklist => "notice",
    };
    (style.detail >= 0 || kind == "error").then_some(kind)
}

fn command(out: &mut String, kind: &str, path: Option<&str>, at: Option<&Location>, title: &str, message: &str) {
    let mut properties = Vec::new();
    properties.extend(path.map(|path| format!("file={}", property(path))));
    if let Some(at) = at {
        properties.push(format!("line={},endLine={}", at.line, at.end_line));
        // Columns mean something on one line only.
        if at.line == at.end_line {
            properties.push(format!("col={},endColumn={}", at.column, at.end_column));
        }
    }
    properties.push(format!("title={}", property(&format!("prodcheck {title}"))));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "::{kind} {}::{}", properties.join(","), data(message));
}

/// Text behind the second `::`: what would end the command is written as the runner reads it.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(printable).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// The value of a property: what would end it, too.
fn property(text: &str) -> String {
    data(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}

//! One line a finding, for editors and `grep`: `file:line:column: severity rule: message`.

use super::{Report, Style, words};
use crate::findings::{Finding, Location};
use crate::mask::printable;
use std::fmt::Write;

/// Problems, unverified, warnings, what blocks; then the counts.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        line(&mut out, problem.location.as_ref(), "problem", problem.id, &problem.message);
    }
    for note in report.gate.iter().filter(|_| style.detail >= 0) {
        line(&mut out, note.location.as_ref(), "gate", note.kind.id(), &note.told());
    }
    let unverified = report.unverified.iter().filter(|_| style.detail >= 0);
    let checklist = report.checklist.iter().filter(|_| style.checklist);
    for finding in checklist.chain(unverified).chain(super::human::by_weight(&report.findings)) {
        line(&mut out, finding.location.as_ref(), severity(finding), &finding.rule, &words::message(finding));
    }
    out.push_str(&super::human::counts(report));
    if let Some(compared) = words::compared(report) {
        // Writing to a string cannot fail.
        let _ = write!(out, " · {compared}");
    }
    out.push('\n');
    out
}

fn line(out: &mut String, location: Option<&Location>, severity: &str, id: &str, message: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}: {severity} {id}: {}", words::place(location), printable(message));
}

/// The name of a finding's severity.
pub(super) fn severity(finding: &Finding) -> &'static str {
    super::json::severity_name(finding.severity)
}

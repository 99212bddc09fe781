//! One line a finding for coding agents: the place, what is wrong, what to do, and whether `--fix` can do it.

use super::words::{self, plural};
use super::{Report, Style};
use crate::findings::{Finding, Location};
use crate::mask::printable;
use std::fmt::Write;

/// What kept prodcheck from seeing everything, then findings with the heaviest first, as many as are asked for; then how
/// many more there are, the counts, and what can be done. What goes with another finding is named on that one's line.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        let severity = if problem.blocking { "blocking" } else { "problem" };
        line(&mut out, problem.location.as_ref(), severity, problem.id, &printable(&problem.message));
    }
    let listed = listed(report, style);
    let most = style.limit.unwrap_or(usize::MAX);
    for finding in listed.iter().take(most) {
        let severity = super::json::severity_name(finding.severity);
        line(&mut out, finding.location.as_ref(), severity, &finding.rule, &told(finding, report));
    }
    if listed.len() > most {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "... and {} more, none of them heavier; --limit 0 shows all", listed.len() - most);
    }
    let _ = writeln!(out, "{}{}; exit code {}", super::human::counts(report), fixable(report), report.ending.code());
    out.push_str(&next(report, &listed));
    out
}

/// The findings that get a line of their own.
fn listed(report: &Report, style: Style) -> Vec<&Finding> {
    let alone = words::heaviest_first(&report.findings).into_iter().filter(|finding| finding.because_of.is_none());
    let unverified = report.unverified.iter().filter(|_| style.detail >= 0);
    let checklist = report.checklist.iter().filter(|_| style.checklist);
    alone.chain(unverified).chain(checklist).collect()
}

fn line(out: &mut String, location: Option<&Location>, severity: &str, id: &str, rest: &str) {
    let _ = writeln!(out, "{} {severity} {id}: {}", words::place(location), rest.replace('\n', " "));
}

/// `what is wrong | do: what to do | fix: --fix`
fn told(finding: &Finding, report: &Report) -> String {
    let mut text = printable(&words::message(finding)).into_owned();
    if !finding.fix.is_empty() {
        let _ = write!(text, " | do: {}", printable(&finding.fix));
    }
    if let Some(repair) = &finding.repair {
        let _ = write!(text, " | fix: --fix{}", if repair.safe { "" } else { " --unsafe-fixes" });
    }
    let follow = words::consequences(finding, report);
    if !follow.is_empty() {
        let _ = write!(text, " | goes with it: {}", follow.join(", "));
    }
    text
}

/// How many of the findings `--fix` can make go.
fn fixable(report: &Report) -> String {
    let repairs = || report.findings.iter().filter_map(|finding| finding.repair.as_ref());
    let safe = repairs().filter(|repair| repair.safe).count();
    match (safe, repairs().count() - safe) {
        (0, 0) => String::new(),
        (safe, 0) => format!("; {safe} fixable with --fix"),
        (0, risky) => format!("; {risky} fixable with --fix --unsafe-fixes"),
        (safe, risky) => format!("; {safe} fixable with --fix, {risky} more with --unsafe-fixes"),
    }
}

/// The commands that say more, as far as there is something to say more of.
fn next(report: &Report, listed: &[&Finding]) -> String {
    let mut out = String::new();
    if let Some(first) = listed.first() {
        let _ = writeln!(
            out,
            "next: prodcheck explain {} says why; prodcheck why SETTING says where a value comes from",
            first.rule
        );
    }
    if !report.unverified.is_empty() {
        let count =
            plural(report.unverified.len(), "unverified value is a question", "unverified values are questions");
        let _ = writeln!(out, "{count} for a person who knows the host, and nothing to silence");
    }
    out
}

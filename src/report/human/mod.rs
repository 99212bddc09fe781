//! For people: what could not be seen, what to review, what blocks; then one line that sums it up.

mod alone;
pub(super) mod excerpt;
pub(super) mod finding;
mod link;
mod mistakes;
mod unverified;

pub use alone::of_rule;
pub use mistakes::mistakes;

use super::words::{self, plural};
use super::{Report, Style};
use crate::findings::{Finding, Severity};
use crate::mask::printable;
use owo_colors::{OwoColorize, Style as Paint};
use rayon::prelude::*;
use std::fmt::Write;

/// Findings of one rule beyond this are told with one frame.
const MOST_FRAMES: usize = 3;

/// The whole report. What blocks comes last, next to the prompt.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    if style.detail >= 0 {
        out.push_str(&problems(report, style));
        out.push_str(&gate(report, style));
        out.push_str(&unverified::render(&report.unverified, report, style));
    }
    if style.checklist {
        out.push_str(&checklist(report, style));
    }
    if style.detail > 0 {
        out.push_str(&suppressed(report, style));
    }
    let shown: Vec<&Finding> = by_weight(&report.findings)
        .into_iter()
        .filter(|finding| finding.because_of.is_none())
        .filter(|finding| style.detail >= 0 || finding.severity == Severity::Blocking)
        .collect();
    let told = |alike: &Vec<&Finding>| finding::render(alike[0], report, style) + &rest_of(&alike[1..], style);
    let told: Vec<String> = alike(&shown, style).par_iter().map(told).collect();
    out.push_str(&told.concat());
    out.push_str(&summary(report, style));
    out
}

/// Findings of one rule and weight together, where there are many; each alone with `-v`.
fn alike<'f>(findings: &[&'f Finding], style: Style) -> Vec<Vec<&'f Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let same = |group: &&mut Vec<&Finding>| group[0].rule == finding.rule && group[0].severity == finding.severity;
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let alone = |group: &Vec<&Finding>| style.detail > 0 || group.len() <= MOST_FRAMES;
    groups
        .into_iter()
        .flat_map(|group| if alone(&group) { group.into_iter().map(|f| vec![f]).collect() } else { vec![group] })
        .collect()
}

/// The findings behind the first of many, a line each.
fn rest_of(findings: &[&Finding], style: Style) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut out = format!("  {} more like this (-v shows each):\n", findings.len());
    for finding in findings {
        let place = words::place(finding.location.as_ref());
        out.push_str(&unverified::wrapped(&format!("{place}  {}", printable(&words::message(finding))), "    ", style));
    }
    out.push('\n');
    out
}

/// Findings with the lightest first; the order within a weight stays.
pub(super) fn by_weight(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

fn problems(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        let name = if problem.blocking {
            painted("blocking", blocking(), style)
        } else {
            painted("problem", warning(), style)
        };
        let place = problem.location.as_ref().map_or(String::new(), |at| format!("{}:{}: ", at.file, at.line));
        let line = format!("{name}: {}{} ({})", printable(&place), printable(&problem.message), problem.id);
        out.push_str(&unverified::wrapped(&line, "", style));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// In which ways less was demanded, each with its reason and its place.
fn gate(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for note in &report.gate {
        let place = note.location.as_ref().map_or(String::new(), |at| format!("{}:{}: ", at.file, at.line));
        let name = painted(note.kind.name(), strong(), style);
        let line = format!("{name}  {}{}", printable(&place), printable(&note.told()));
        out.push_str(&unverified::wrapped(&line, "  ", style));
    }
    if out.is_empty() { out } else { format!("Checked less strictly than by default:\n{out}\n") }
}

fn checklist(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for item in &report.checklist {
        let line = format!("[ ] {}  {}", painted(&item.rule, strong(), style), printable(&item.message));
        out.push_str(&unverified::wrapped(&line, "  ", style));
        if style.detail > 0 {
            out.push_str(&unverified::wrapped(&printable(&item.fix), "      ", style));
        }
    }
    if out.is_empty() {
        return out;
    }
    format!("Checklist: a person must confirm these\n{out}\n")
}

/// What the project has waived, and why.
fn suppressed(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for suppressed in &report.suppressed {
        let finding = &suppressed.finding;
        let place = finding.location.as_ref().map_or("-".to_owned(), |at| format!("{}:{}", at.file, at.line));
        let rule = painted(&finding.rule, strong(), style);
        let _ = writeln!(out, "  {rule}  {}  {}", printable(&place), printable(&suppressed.reason));
    }
    if out.is_empty() { out } else { format!("Ignored, with the reason:\n{out}\n") }
}

/// `1 blocking, 2 warnings, 3 unverified`.
pub(super) fn counts(report: &Report) -> String {
    let counts = report.summary();
    let mut parts = vec![format!("{} blocking", counts.blocking), plural(counts.warnings, "warning", "warnings")];
    let rest = [
        (counts.unverified, "not checked", "not checked"),
        (counts.problems, "problem", "problems"),
        (counts.checklist, "checklist item", "checklist items"),
    ];
    parts.extend(rest.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| plural(*count, one, many)));
    if counts.suppressed > 0 {
        parts.push(format!("{} ignored", counts.suppressed));
    }
    let counted = parts.join(", ");
    match super::gate::counts(report) {
        Some(gate) => format!("{counted} ({gate})"),
        None => counted,
    }
}

fn summary(report: &Report, style: Style) -> String {
    let counted = counts(report);
    let paint = match report.ending.code() {
        0 => Paint::new().green().bold(),
        3 => warning(),
        _ => blocking(),
    };
    let mut parts = vec![painted(&counted, paint, style)];
    if report.is_empty() {
        parts.push("no supported project was found".into());
    }
    parts.extend(words::compared(report));
    if let Some(policy) = &report.policy {
        parts.push(printable(&format!("under the policy {policy}")).into_owned());
    }
    if let Some(elapsed) = report.elapsed.filter(|_| style.detail > 0) {
        parts.push(format!("{:.2} s", elapsed.as_secs_f64()));
    }
    let mut out = in_lines(&parts, style.width);
    if !report.is_empty() {
        let checked = format!("checked as {}: {}", report.environment, words::checked(report));
        let mut parts = vec![printable(&checked).into_owned()];
        parts.extend(words::rivals(report));
        parts.push(words::environment(report));
        out.push_str(&in_lines(&parts, style.width));
    }
    out + &next_steps(report, style)
}

/// What a reader can do now; nothing where there is nothing to do.
fn next_steps(report: &Report, style: Style) -> String {
    let told = || report.findings.iter().filter(|finding| finding.because_of.is_none());
    let fixable = |safe: bool| told().filter(|finding| finding.repair.as_ref().is_some_and(|r| r.safe == safe)).count();
    let mut steps = Vec::new();
    match (fixable(true), fixable(false)) {
        (0, 0) => {}
        (0, risky) => steps.push(format!("{risky} can be fixed: prodcheck scan --fix --unsafe-fixes")),
        (safe, 0) => steps.push(format!("{safe} can be fixed: prodcheck scan --fix")),
        (safe, risky) => {
            steps.push(format!("{safe} can be fixed: prodcheck scan --fix ({risky} more with --unsafe-fixes)"));
        }
    }
    if let Some(first) = told().next() {
        steps.push(format!("more on a rule: prodcheck explain {}", first.rule));
    }
    if !report.checklist.is_empty() && !style.checklist {
        steps.push("what a person must confirm: prodcheck checklist".into());
    }
    steps.iter().map(|step| in_lines(std::slice::from_ref(step), style.width)).collect()
}

/// The parts behind each other, on a new line where the width is used up. Colours have none.
fn in_lines(parts: &[String], width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for part in parts {
        let length = textwrap::core::display_width(part);
        if used > 0 && used + 3 + length > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push_str(" · ");
            used += 3;
        }
        if length > width {
            let options = textwrap::Options::new(width).subsequent_indent("  ").break_words(false);
            let folded = textwrap::fill(part, options.word_separator(words::whole_code()));
            used = folded.lines().last().map_or(0, textwrap::core::display_width);
            out.push_str(&folded);
            continue;
        }
        out.push_str(part);
        used += length;
    }
    out.push('\n');
    out
}

fn painted(text: &str, paint: Paint, style: Style) -> String {
    let text = printable(text);
    if style.colour { text.style(paint).to_string() } else { text.into_owned() }
}

fn blocking() -> Paint {
    Paint::new().red().bold()
}

fn warning() -> Paint {
    Paint::new().yellow().bold()
}

fn strong() -> Paint {
    Paint::new().bold()
}

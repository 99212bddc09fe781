//! A summary for a pull request or for the summary page of a job: short, folded, and small enough to be posted.

use super::words::{self, plural};
use super::{Ending, Report, Style};
use crate::findings::{Finding, Location, Severity, TrailStep};
use crate::mask::printable;
use std::fmt::Write;

/// What a comment of GitHub may have is 65,536 characters; some are left for what stands around the report.
const MOST_BYTES: usize = 60_000;

/// The whole report, or as many entries of each list as fit.
pub(super) fn render(report: &Report, style: Style) -> String {
    let sizes = [usize::MAX, 100, 50, 25, 10, 5, 1];
    let texts = sizes.iter().map(|most| sized(report, style, *most));
    let mut smallest = String::new();
    for text in texts {
        if text.len() <= MOST_BYTES {
            return text;
        }
        smallest = text;
    }
    smallest
}

fn sized(report: &Report, style: Style, most: usize) -> String {
    let mut out = format!("## {}\n\n{}\n", heading(report), scope(report));
    let told = |severity| {
        let direct = |finding: &&Finding| finding.severity == severity && finding.because_of.is_none();
        report.findings.iter().filter(direct).collect::<Vec<_>>()
    };
    out.push_str(&problems(report, most));
    out.push_str(&folded("Checked less strictly than by default", &report.gate, most, |note| {
        format!("`{}`{}: {}", note.kind.name(), at(note.location.as_ref()), escaped(&note.told()))
    }));
    out.push_str(&findings("Blocks the release", &told(Severity::Blocking), report, most));
    if style.detail >= 0 {
        out.push_str(&findings("To review", &told(Severity::Warning), report, most));
        out.push_str(&folded("Could not be verified", &report.unverified, most, unverified));
    }
    if style.checklist {
        out.push_str(&folded("Checklist: a person must confirm these", &report.checklist, most, attest));
    }
    if style.detail > 0 {
        out.push_str(&folded("Ignored by the project", &report.suppressed, most, |waived| {
            let place = waived.finding.location.as_ref();
            format!("`{}`{}: {}", waived.finding.rule, at(place), escaped(&waived.reason))
        }));
    }
    out
}

fn heading(report: &Report) -> String {
    let mark = match report.ending {
        Ending::Clean => "✅",
        Ending::Blocked => "❌",
        Ending::Failed | Ending::NothingChecked => "⚠️",
    };
    format!("{mark} prodcheck: {}", super::human::counts(report))
}

fn scope(report: &Report) -> String {
    if report.is_empty() {
        return "Nothing was checked: no supported project was found.".into();
    }
    let judged: Vec<String> = words::judged(report).iter().map(|part| escaped(part)).collect();
    let compared = words::compared(report).map_or_else(String::new, |compared| format!(" · {}", escaped(&compared)));
    let environment = escaped(&report.environment);
    format!("Checked as {environment}: {} · {}{compared}", judged.join(" · "), escaped(&words::environment(report)))
}

/// A table, and how each value came about folded behind it.
fn findings(title: &str, found: &[&Finding], report: &Report, most: usize) -> String {
    if found.is_empty() {
        return String::new();
    }
    let mut out = format!("\n### {title}\n\n| Rule | Where | What and what to do |\n|---|---|---|\n");
    for finding in found.iter().take(most) {
        let place = finding.location.as_ref().map_or_else(String::new, |at| code(&words::short(at)));
        let message = told(&words::message(finding));
        // Writing to a string cannot fail.
        let rule = match report.rules.get(&finding.rule).and_then(|rule| rule.page.as_ref()) {
            Some(page) => format!("[`{}`]({page})", finding.rule),
            None => format!("`{}`", finding.rule),
        };
        let _ = writeln!(out, "| {rule} | {place} | {message}<br>**Fix:** {} |", told(&finding.fix));
    }
    out.push_str(&rest(found.len(), most));
    out.push_str("\n<details><summary>Why, and how each value comes about</summary>\n");
    for finding in found.iter().take(most) {
        out.push_str(&details(finding, report));
    }
    out.push_str("\n</details>\n");
    out
}

/// The way of a value, why it matters, and what follows from it.
fn details(finding: &Finding, report: &Report) -> String {
    let mut out = format!("\n**`{}`**{}\n\n", finding.rule, at(finding.location.as_ref()));
    for TrailStep { location, note, .. } in finding.trail.iter().rev().filter(|step| !step.note.is_empty()) {
        let _ = writeln!(out, "- {}{}", told(note), at(location.as_ref()));
    }
    for also in &finding.also {
        let _ = writeln!(out, "- {}{}", told(&also.note), at(also.location.as_ref()));
    }
    if let Some(rule) = report.rules.get(&finding.rule) {
        let _ = writeln!(out, "- Why: {}", escaped(&rule.why));
    }
    let consequences = words::consequences(finding, report);
    if !consequences.is_empty() {
        let _ = writeln!(out, "- Follows from it: `{}`", consequences.join("`, `"));
    }
    out
}

fn problems(report: &Report, most: usize) -> String {
    let mut out = String::new();
    for problem in report.problems.iter().take(most) {
        let word = if problem.blocking { "**Blocking:** " } else { "" };
        let place = at(problem.location.as_ref());
        let _ = writeln!(out, "- `{}`{place}: {word}{}", problem.id, escaped(&problem.message));
    }
    if out.is_empty() {
        return out;
    }
    format!("\n### Problems\n\n{out}{}", rest(report.problems.len(), most))
}

/// A list that is opened by hand.
fn folded<T>(title: &str, items: &[T], most: usize, line: impl Fn(&T) -> String) -> String {
    if items.is_empty() {
        return String::new();
    }
    let lines: String = items.iter().take(most).map(|item| format!("- {}\n", line(item))).collect();
    let rest = rest(items.len(), most);
    format!("\n<details><summary>{title}: {}</summary>\n\n{lines}{rest}\n</details>\n", items.len())
}

fn unverified(finding: &Finding) -> String {
    let place = at(finding.location.as_ref());
    format!("`{}`{place}: {}. {}", finding.rule, told(&finding.message), told(&finding.fix))
}

fn attest(finding: &Finding) -> String {
    format!("`{}`: {}. {}", finding.rule, told(&finding.message), told(&finding.fix))
}

fn rest(count: usize, most: usize) -> String {
    let more = count.saturating_sub(most);
    if more == 0 { String::new() } else { format!("\n…and {}.\n", plural(more, "more", "more")) }
}

/// ` at file:line`, where there is one.
fn at(place: Option<&Location>) -> String {
    place.map_or_else(String::new, |at| format!(" at {}", code(&words::short(at))))
}

/// Text of a project between fences that it cannot close. In a table a bar ends the cell even in code.
fn code(text: &str) -> String {
    let text = printable(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if longest > 0 { " " } else { "" };
    format!("{fence}{room}{text}{room}{fence}")
}

/// A sentence of ours: what stands in backticks is code, the rest has no meaning of its own in Markdown.
fn told(text: &str) -> String {
    if !text.matches('`').count().is_multiple_of(2) {
        return escaped(text);
    }
    let pieces = text.split('`').enumerate();
    pieces.map(|(at, piece)| if at % 2 == 1 && !piece.is_empty() { code(piece) } else { escaped(piece) }).collect()
}

/// Text without a meaning of its own in Markdown, that calls nobody by name.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Between the sign and the name stands nothing that is seen.
            '@' => out.push_str("@<!-- -->"),
            '#' => out.push_str("#<!-- -->"),
            '*' | '_' | '`' | '[' | ']' | '|' | '\\' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // An address would become a link.
    out.replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
}

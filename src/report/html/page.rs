//! The page: the verdict, what blocks, what to review, what nobody knows, and what was waived.

use super::super::words::{self, plural};
use super::super::{Ending, GateNote, Report, Style, json};
use super::frame::frames;
use super::{escaped, policy, settings, told};
use crate::findings::{Finding, Severity, Suppressed};
use std::fmt::Write;

const CSS: &str = include_str!("page.css");
/// What filters and searches; without it the page shows all there is.
const SCRIPT: &str = include_str!("page.js");

/// What findings are filtered by; the script fills in what there is to choose from.
const FILTERS: &str = "<form id=filters hidden>\n\
    <label>Severity <select name=severity><option value=\"\">all</option></select></label>\n\
    <label>App <select name=app><option value=\"\">all</option></select></label>\n\
    <label>Rule <select name=rule><option value=\"\">all</option></select></label>\n\
    <label>Owner <select name=owner><option value=\"\">all</option></select></label>\n\
    <output></output>\n</form>\n";

/// The report as a page. It is read at leisure, so it holds all there is.
pub(in crate::report) fn render(report: &Report, _: Style) -> String {
    let title = format!("prodcheck: {}", super::super::human::counts(report));
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=Content-Security-Policy content=\"{}\">\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=color-scheme content=\"light dark\">\n<title>{}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n",
        policy::of(SCRIPT),
        escaped(&title)
    );
    out.push_str(&header(report));
    out.push_str("<main>\n");
    out.push_str(FILTERS);
    out.push_str(&problems(report));
    out.push_str(&gate(report));
    let told = |severity| {
        let direct = |finding: &&Finding| finding.severity == severity && finding.because_of.is_none();
        report.findings.iter().filter(direct).collect::<Vec<_>>()
    };
    out.push_str(&section("blocking", "Blocks the release", &told(Severity::Blocking), report));
    out.push_str(&section("warnings", "To review", &told(Severity::Warning), report));
    out.push_str(&unverified(report));
    out.push_str(&checklist(report));
    out.push_str(&waived(report));
    out.push_str(&settings::section(&report.settings));
    let _ = write!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

fn header(report: &Report) -> String {
    let (class, verdict) = match report.ending {
        Ending::Clean => ("good", "Nothing blocks the release"),
        Ending::Blocked => ("bad", "Not ready for production"),
        Ending::NothingChecked => ("open", "Nothing was checked"),
        Ending::Failed => ("open", "prodcheck could not do its work"),
    };
    let counts = report.summary();
    let counted = [
        (counts.blocking, "blocking", "#blocking", "bad"),
        (counts.warnings, if counts.warnings == 1 { "warning" } else { "warnings" }, "#warnings", "warn"),
        (counts.unverified, "unverified", "#unverified", "open"),
        (counts.problems, if counts.problems == 1 { "problem" } else { "problems" }, "#problems", "warn"),
        (counts.checklist, "checklist items", "#checklist", "plain"),
        (counts.suppressed, "ignored", "#waived", "plain"),
    ];
    let mut out = format!("<header class={class}>\n<p class=tool>prodcheck</p>\n<h1>{verdict}</h1>\n<nav><ul>\n");
    for (count, word, anchor, class) in counted {
        let inner = format!("<b>{count}</b> {word}");
        let linked = if count == 0 { inner } else { format!("<a href=\"{anchor}\">{inner}</a>") };
        let class = if count == 0 { "plain" } else { class };
        let _ = writeln!(out, "<li class={class}>{linked}</li>");
    }
    out.push_str("</ul></nav>\n<dl>\n");
    let mut row = |term: &str, value: &str| {
        let _ = writeln!(out, "<div><dt>{term}</dt><dd>{}</dd></div>", escaped(value));
    };
    let listed = if report.is_empty() { "nothing".to_owned() } else { words::judged(report).join(" · ") };
    row("Checked", &listed);
    row("Environment", &report.environment);
    if !report.is_empty() {
        row("Variables", words::environment(report).trim_start_matches("variables from "));
        if let Some(compared) = words::compared(report) {
            row("Compared", &compared);
        }
    }
    out.push_str("</dl>\n</header>\n");
    out
}

fn section(id: &str, title: &str, findings: &[&Finding], report: &Report) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let articles: String = findings.iter().map(|finding| article(finding, report)).collect();
    format!("<section id={id}>\n<h2>{title} <small>{}</small></h2>\n{articles}</section>\n", findings.len())
}

fn article(finding: &Finding, report: &Report) -> String {
    let severity = json::severity_name(finding.severity);
    let mut out = format!(
        "<article class={severity}{}>\n<p class=rule><b>{severity}</b> {}</p>\n",
        data(finding),
        rule_of(finding, report)
    );
    let _ = writeln!(out, "<h3>{}</h3>", told(&words::message(finding)));
    out.push_str(&frames(finding, report));
    let _ = writeln!(out, "\n<p class=fix><b>Fix</b> {}</p>", told(&finding.fix));
    let consequences = words::consequences(finding, report);
    if !consequences.is_empty() {
        let _ = writeln!(out, "<p>Follows from it: <code>{}</code></p>", consequences.join("</code>, <code>"));
    }
    out.push_str(&details(finding, report));
    out.push_str("</article>\n");
    out
}

/// The rule's id, which leads to its page.
fn rule_of(finding: &Finding, report: &Report) -> String {
    let id = escaped(&finding.rule);
    match report.rules.get(&finding.rule).and_then(|rule| rule.page.as_ref()) {
        Some(page) => format!("<a href=\"{}\" rel=noreferrer><code>{id}</code></a>", escaped(page)),
        None => format!("<code>{id}</code>"),
    }
}

/// Why it matters and how the value came about, opened by hand.
fn details(finding: &Finding, report: &Report) -> String {
    let mut out = String::from("<details><summary>Why, and how the value comes about</summary>\n");
    let rule = report.rules.get(&finding.rule);
    if let Some(rule) = rule {
        let _ = writeln!(out, "<p>{}</p>", escaped(&rule.why));
    }
    let steps = finding.trail.iter().rev().map(|step| (&step.note, step.location.as_ref()));
    let also = finding.also.iter().map(|also| (&also.note, also.location.as_ref()));
    let mut items = String::new();
    for (note, at) in steps.chain(also).filter(|(note, _)| !note.is_empty()) {
        let place = at.map_or_else(String::new, |at| format!(" <code>{}</code>", escaped(&words::short(at))));
        let _ = writeln!(items, "<li>{}{place}</li>", told(note));
    }
    if !items.is_empty() {
        let _ = write!(out, "<ol>\n{items}</ol>\n");
    }
    let _ = writeln!(out, "<p class=meta>{}</p>", escaped(&about(finding, report)));
    for reference in rule.into_iter().flat_map(|rule| &rule.references) {
        let reference = escaped(reference);
        let _ = writeln!(out, "<p class=meta><a href=\"{reference}\" rel=noreferrer>{reference}</a></p>");
    }
    out.push_str("</details>\n");
    out
}

/// What the finding is about, whose it is, and where it holds.
fn about(finding: &Finding, report: &Report) -> String {
    let name = |subject: &crate::findings::Subject| {
        let app = if report.apps.len() > 1 { format!(" of {}", subject.app) } else { String::new() };
        format!("{} {}{app}", subject.kind.replace('_', " "), subject.name)
    };
    let mut names: Vec<String> = finding.subjects.iter().map(name).collect();
    names.dedup();
    let mut words = format!("About {}. To be fixed in the {}.", names.join(", "), finding.owner.name());
    if !finding.targets.is_empty() {
        let _ = write!(words, " On {}.", finding.targets.join(", "));
    }
    words
}

fn problems(report: &Report) -> String {
    let items: String = report
        .problems
        .iter()
        .map(|problem| {
            let class = if problem.blocking { "blocking" } else { "warning" };
            let place = problem
                .location
                .as_ref()
                .map_or_else(String::new, |at| format!("<code>{}</code> ", escaped(&words::short(at))));
            format!("<li class={class}>{place}{} <code>{}</code></li>\n", escaped(&problem.message), problem.id)
        })
        .collect();
    if items.is_empty() {
        return items;
    }
    format!("<section id=problems>\n<h2>Problems</h2>\n<ul class=rows>\n{items}</ul>\n</section>\n")
}

fn gate(report: &Report) -> String {
    let lead = "What prodcheck.toml, comments and the command line take back of what prodcheck demands by itself.";
    folded("gate", "Checked less strictly than by default", Some(lead), &report.gate, true, |note: &GateNote| {
        let place = note
            .location
            .as_ref()
            .map_or_else(String::new, |at| format!("<code>{}</code> ", escaped(&words::short(at))));
        format!("<li>{place}{} <code>{}</code></li>\n", escaped(&note.told()), note.kind.name())
    })
}

fn unverified(report: &Report) -> String {
    let lead = "What no file shows is never taken as fine. This would settle it.";
    folded("unverified", "Could not be verified", Some(lead), &report.unverified, true, |finding| {
        row(finding, &finding.message, &finding.fix)
    })
}

fn checklist(report: &Report) -> String {
    let lead = "No file can show these: somebody has to vouch for them.";
    folded("checklist", "Checklist", Some(lead), &report.checklist, false, |finding| {
        row(finding, &finding.message, &finding.fix)
    })
}

fn waived(report: &Report) -> String {
    folded("waived", "Ignored by the project", None, &report.suppressed, false, |waived: &Suppressed| {
        row(&waived.finding, &waived.finding.message, &format!("Ignored: {}", waived.reason))
    })
}

fn folded<T>(id: &str, title: &str, lead: Option<&str>, items: &[T], open: bool, row: impl Fn(&T) -> String) -> String {
    if items.is_empty() {
        return String::new();
    }
    let rows: String = items.iter().map(row).collect();
    let lead = lead.map_or_else(String::new, |lead| format!("<p>{lead}</p>\n"));
    let (open, counted) = (if open { " open" } else { "" }, plural(items.len(), "item", "items"));
    format!(
        "<section id={id}>\n<details{open}><summary><h2>{title} <small>{counted}</small></h2></summary>\n\
         {lead}<ul class=rows>\n{rows}</ul>\n</details>\n</section>\n"
    )
}

fn row(finding: &Finding, message: &str, then: &str) -> String {
    let place = finding
        .location
        .as_ref()
        .map_or_else(String::new, |at| format!(" <code>{}</code>", escaped(&words::short(at))));
    format!(
        "<li{}><p class=rule><code>{}</code>{place}</p><p>{}</p><p class=meta>{}</p></li>\n",
        data(finding),
        finding.rule,
        escaped(message),
        escaped(then)
    )
}

/// What a finding is filtered by. Apps are told apart by a sign that no folder has in its name.
fn data(finding: &Finding) -> String {
    let mut apps: Vec<&str> =
        finding.subjects.iter().map(|subject| if subject.app.is_empty() { "." } else { &*subject.app }).collect();
    apps.sort_unstable();
    apps.dedup();
    format!(
        " data-severity={} data-rule=\"{}\" data-owner={} data-app=\"{}\"",
        json::severity_name(finding.severity),
        escaped(&finding.rule),
        finding.owner.name(),
        escaped(&apps.join("; "))
    )
}

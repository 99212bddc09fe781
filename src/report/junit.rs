//! JUnit XML: a suite for each app, in which what fails the scan is a failed test, so that test and exit code agree.

use super::words::{self, fails, in_repository};
use super::{AppNote, Ending, Report, Style};
use crate::findings::{Finding, Location};
use crate::mask::printable;
use std::fmt::Write;

/// How a test went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is told, and fails nothing.
    Passed,
    /// It fails the scan.
    Failed,
    /// prodcheck could not see what it had to.
    Error,
    /// Nobody knows, or the project waives it.
    Skipped,
}

/// One test.
struct Case {
    /// The rule, or the problem's id.
    class: String,
    /// What it is about, without a line: test histories go by names.
    name: String,
    outcome: Outcome,
    /// The weight, in a word.
    weight: &'static str,
    message: String,
    text: String,
}

/// The tests of one app.
struct Suite {
    name: String,
    cases: Vec<Case>,
}

/// The report as one XML document.
pub(super) fn render(report: &Report, style: Style) -> String {
    let suites = suites(report, style);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all = || suites.iter().flat_map(|suite| &suite.cases);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<testsuites name=\"prodcheck\" {} time=\"0\">", counts(all()));
    for suite in &suites {
        let (name, counts) = (escaped(&suite.name), counts(suite.cases.iter()));
        let _ = writeln!(out, "  <testsuite name=\"{name}\" {counts} skipped=\"{}\" time=\"0\">", skipped(suite));
        suite.cases.iter().for_each(|case| write_case(case, &mut out));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn suites(report: &Report, style: Style) -> Vec<Suite> {
    let mut suites: Vec<Suite> =
        report.apps.iter().map(|app| Suite { name: words::app(app), cases: cases_of(app, report, style) }).collect();
    let mut problems = problems(report);
    problems.extend(report.gate.iter().map(|note| Case {
        name: note.message.clone(),
        outcome: Outcome::Skipped,
        weight: "gate",
        message: note.told(),
        text: format!("{}{}", place(note.location.as_ref(), report), note.told()),
        ..Case::plain(note.kind.id())
    }));
    if !problems.is_empty() || suites.is_empty() {
        suites.push(Suite { name: "prodcheck".into(), cases: problems });
    }
    // A suite without a test reads as a run that broke.
    for suite in suites.iter_mut().filter(|suite| suite.cases.is_empty()) {
        let name = format!("nothing to report for {}", report.environment);
        suite.cases.push(Case { name, ..Case::plain("prodcheck") });
    }
    suites
}

fn cases_of(app: &AppNote, report: &Report, style: Style) -> Vec<Case> {
    let listed = style.checklist || report.fail_on.checklist;
    let checklist = report.checklist.iter().filter(|_| listed);
    let found = report.findings.iter().chain(&report.unverified).chain(checklist);
    let of_app = |finding: &&Finding| finding.subject().app == app.id;
    let mut cases: Vec<Case> = found.filter(of_app).map(|finding| case(finding, report)).collect();
    let waived = report.suppressed.iter().filter(|waived| of_app(&&waived.finding));
    cases.extend(waived.map(|waived| Case {
        outcome: Outcome::Skipped,
        message: format!("ignored: {}", waived.reason),
        ..case(&waived.finding, report)
    }));
    cases
}

fn case(finding: &Finding, report: &Report) -> Case {
    let unknown = finding.severity > crate::findings::Severity::Warning;
    Case {
        name: words::subject(finding),
        outcome: match (fails(finding, report), unknown) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Skipped,
            (false, false) => Outcome::Passed,
        },
        weight: super::json::severity_name(finding.severity),
        message: words::message(finding),
        text: details(finding, report),
        ..Case::plain(&finding.rule)
    }
}

/// What to do, and how the value came about.
fn details(finding: &Finding, report: &Report) -> String {
    let at = |at: Option<&Location>| place(at, report);
    let mut text = format!("{}{}\n{}\n", at(finding.location.as_ref()), words::message(finding), finding.fix);
    for step in &finding.trail {
        let _ = writeln!(text, "  {}{}", at(step.location.as_ref()), step.note);
    }
    if let Some(cause) = words::cause(finding, report) {
        let _ = writeln!(text, "follows from {cause}");
    }
    text
}

/// `file:line: `. Readers of schemas refuse it as attributes.
fn place(at: Option<&Location>, report: &Report) -> String {
    at.map_or_else(String::new, |at| format!("{}:{}: ", in_repository(report, &at.file), at.line))
}

fn problems(report: &Report) -> Vec<Case> {
    let mut cases: Vec<Case> = report
        .problems
        .iter()
        .map(|problem| Case {
            name: problem.message.clone(),
            outcome: if problem.blocking || report.fail_on.problem { Outcome::Error } else { Outcome::Passed },
            weight: if problem.blocking { "blocking" } else { "problem" },
            message: problem.message.clone(),
            text: format!("{}{}", place(problem.location.as_ref(), report), problem.message),
            ..Case::plain(problem.id)
        })
        .collect();
    if report.ending == Ending::NothingChecked {
        cases.push(Case {
            name: "a supported project".into(),
            outcome: Outcome::Error,
            weight: "nothing-checked",
            message: "nothing was checked: no supported project was found".into(),
            ..Case::plain("prodcheck")
        });
    }
    cases
}

impl Case {
    /// A test that passed without a word.
    fn plain(class: &str) -> Case {
        Case {
            class: class.to_owned(),
            name: String::new(),
            outcome: Outcome::Passed,
            weight: "",
            message: String::new(),
            text: String::new(),
        }
    }
}

fn write_case(case: &Case, out: &mut String) {
    let _ = write!(out, "    <testcase classname=\"{}\" name=\"{}\"", escaped(&case.class), escaped(&case.name));
    let (message, text) = (escaped(&case.message), body(&case.text));
    let (kind, inner) = (case.weight, case.outcome);
    let _ = match inner {
        Outcome::Passed if text.is_empty() => writeln!(out, " time=\"0\"/>"),
        Outcome::Passed => {
            writeln!(out, " time=\"0\">\n      <system-out>{kind}: {text}</system-out>\n    </testcase>")
        }
        Outcome::Skipped => {
            writeln!(out, " time=\"0\">\n      <skipped message=\"{message}\"/>\n    </testcase>")
        }
        Outcome::Failed => writeln!(
            out,
            " time=\"0\">\n      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>\n    </testcase>"
        ),
        Outcome::Error => writeln!(
            out,
            " time=\"0\">\n      <error type=\"{kind}\" message=\"{message}\">{text}</error>\n    </testcase>"
        ),
    };
}

fn counts<'c>(cases: impl Iterator<Item = &'c Case>) -> String {
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    for case in cases {
        tests += 1;
        failures += usize::from(case.outcome == Outcome::Failed);
        errors += usize::from(case.outcome == Outcome::Error);
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn skipped(suite: &Suite) -> usize {
    suite.cases.iter().filter(|case| case.outcome == Outcome::Skipped).count()
}

/// Text of several lines.
fn body(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("\n")
}

/// One line of text as XML: markup spelled out, and what XML has no way to say.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

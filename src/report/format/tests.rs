//! Every format from one report, as its reader gets it.

mod hostile;
mod schemas;

use super::super::tests::everything_once;
use super::super::{Ending, FailOn, ProblemNote, Report, SettingRow};
use super::*;
use crate::findings::{Certainty, Edit, Repair, Severity, Suppressed};
use clap::ValueEnum as _;

/// Findings that block and warn, one that follows from another, an unverified one, an item to attest, a waived one,
/// and problems of both kinds.
fn report() -> Report {
    let mut report = everything_once();
    let blocking = report.findings.iter().find(|finding| finding.severity == Severity::Blocking).cloned();
    let mut blocking = blocking.expect("something blocks");
    blocking.rule = "secrets/too-short".into();
    blocking.message = "the secret config.auth.jwt.secret is too short to resist guessing".into();
    blocking.because_of = Some(blocking.fingerprint.clone());
    blocking.fingerprint = "v1:00000000000000000000000000000001".into();
    let place = blocking.location.clone().expect("a place");
    blocking.repair =
        Some(Repair { safe: false, edits: vec![Edit { location: place, text: "'strict'".into() }], reveals: false });
    let mut item = blocking.clone();
    item.rule = "checklist/backups-restore".into();
    item.severity = Severity::Checklist;
    item.verdict = Certainty::Violated;
    item.message = "nobody has confirmed that backups exist and that a restore worked".into();
    item.fix = "Restore the newest backup into an empty database.".into();
    (item.because_of, item.trail) = (None, Vec::new());
    item.fingerprint = "v1:00000000000000000000000000000002".into();
    report.checklist = vec![item];
    let mut waived = report.findings[0].clone();
    waived.fingerprint = "v1:00000000000000000000000000000003".into();
    let reason = "the gateway in front answers for it".into();
    report.suppressed = vec![Suppressed { finding: waived, reason, means: crate::findings::Means::Comment }];
    report.findings.push(blocking);
    report.problems.push(ProblemNote {
        id: "suppress/unused",
        blocking: false,
        message: "nothing here needs this waiver".into(),
        location: report.findings[0].location.clone(),
    });
    report.settings = vec![setting("origins", "written"), setting("wildcard_effect", "derived")];
    report.prefix = "services/api/".into();
    report.ending = report.judge(FailOn::default(), false);
    report
}

fn setting(name: &'static str, state: &'static str) -> SettingRow {
    SettingRow {
        app: String::new(),
        target: None,
        kind: "cors",
        resource: "server".into(),
        setting: name,
        key: Some(format!("server.cors.{name}")),
        value: Some("[\"*\"]".into()),
        state,
        from: Some("bknd.config.ts:5".into()),
    }
}

fn shown(format: Format) -> String {
    format.render(&report(), Style { checklist: true, detail: 1, ..Style::default() })
}

#[test]
fn concise_is_one_line_a_finding() {
    insta::assert_snapshot!(Format::Concise.render(&report(), Style::default()));
}

#[test]
fn an_agent_reads_what_to_do_on_the_line_of_the_finding() {
    insta::assert_snapshot!(Format::Agent.render(&report(), Style { limit: Some(3), ..Style::default() }));
}

#[test]
fn json_lines_hold_the_entries_of_the_json_report() {
    let lines: Vec<serde_json::Value> =
        shown(Format::Jsonl).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let whole: serde_json::Value = serde_json::from_str(&shown(Format::Json)).unwrap();
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "scan",
            "finding",
            "finding",
            "finding",
            "unverified",
            "checklist",
            "suppressed",
            "problem",
            "problem",
            "summary"
        ]
    );
    let mut finding = lines[1].clone();
    finding.as_object_mut().unwrap().shift_remove("type");
    assert_eq!(finding, whole["findings"][0]);
    assert_eq!(lines[0]["schema_version"], 1);
    assert_eq!(lines[9]["exit_code"], 1);
    assert_eq!(lines[9]["blocking"], whole["summary"]["blocking"]);
}

#[test]
fn sarif_as_code_scanning_reads_it() {
    insta::assert_snapshot!(shown(Format::Sarif).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn github_shows_annotations_the_heaviest_first() {
    insta::assert_snapshot!(shown(Format::Github));
}

#[test]
fn gitlab_shows_what_is_not_waived() {
    insta::assert_snapshot!(shown(Format::Gitlab));
}

#[test]
fn junit_fails_what_fails_the_scan() {
    insta::assert_snapshot!(shown(Format::Junit));
}

#[test]
fn a_pull_request_gets_a_folded_summary() {
    insta::assert_snapshot!(shown(Format::Markdown));
}

#[test]
fn a_page_needs_nothing_else() {
    let page = shown(Format::Html);
    let (head, body) = page.split_once("</head>").unwrap();
    assert!(head.contains("Content-Security-Policy"), "{head}");
    assert_eq!(page.matches("<script").count(), 1, "its own, named by the policy");
    for outside in ["<script src", "<link", "<img", "@import", "url(", " onclick", " style="] {
        assert!(!page.contains(outside), "the page holds {outside}");
    }
    assert!(body.contains("<td>cors.origins<br>"), "the settings are there");
    assert!(!body.contains("cors.wildcard_effect"), "but not what only follows from others");
    insta::assert_snapshot!(body.split_once("<script>").expect("the script").0);
}

#[test]
fn every_format_says_when_nothing_was_checked_and_when_all_is_well() {
    let mut empty = Report { environment: "production".into(), ..Report::default() };
    empty.ending = empty.judge(FailOn::default(), false);
    assert_eq!(empty.ending, Ending::NothingChecked);
    let mut clean = Report { apps: report().apps, environment: "production".into(), ..Report::default() };
    clean.ending = clean.judge(FailOn::default(), false);
    assert_eq!(clean.ending, Ending::Clean);
    for format in Format::value_variants() {
        for report in [&empty, &clean] {
            let text = format.render(report, Style::default());
            assert!(text.ends_with('\n') && text.len() > 2, "{format:?}: {text}");
        }
    }
    let junit = Format::Junit.render(&empty, Style::default());
    assert!(junit.contains("tests=\"1\" failures=\"0\" errors=\"1\""), "{junit}");
    let junit = Format::Junit.render(&clean, Style::default());
    assert!(junit.contains("tests=\"1\" failures=\"0\" errors=\"0\""), "{junit}");
    assert!(Format::Markdown.render(&empty, Style::default()).starts_with("## ⚠️"));
    assert!(Format::Markdown.render(&clean, Style::default()).starts_with("## ✅"));
}

#[test]
fn junit_agrees_with_what_the_user_lets_fail() {
    let mut report = report();
    let failures = |report: &Report| {
        let text = Format::Junit.render(report, Style::default());
        text.matches("<failure ").count() + text.matches("<error ").count()
    };
    let blocking = report.summary().blocking;
    assert_eq!(failures(&report), blocking);
    report.fail_on = FailOn::STRICT;
    let counts = report.summary();
    assert_eq!(failures(&report), counts.blocking + counts.warnings + counts.unverified + counts.problems);
}

#[test]
fn a_comment_for_thousands_of_findings_can_still_be_posted() {
    let mut report = report();
    report.findings = vec![report.findings[0].clone(); 5_000];
    let text = Format::Markdown.render(&report, Style::default());
    assert!(text.len() <= 60_000, "{} bytes", text.len());
    assert!(text.contains("…and "), "{}", &text[text.len() - 500..]);
}

#[test]
fn quiet_leaves_machines_everything() {
    let quiet = Style { detail: -1, ..Style::default() };
    for format in [Format::Json, Format::Jsonl, Format::Sarif, Format::Gitlab, Format::Junit, Format::Html] {
        assert_eq!(format.render(&report(), quiet), format.render(&report(), Style::default()), "{format:?}");
    }
}

#[test]
fn files_and_rules_are_links_where_the_terminal_follows_them() {
    let mut report = report();
    report.root = "/srv/my app".into();
    let text = Format::Human.render(&report, Style { links: true, ..Style::default() });
    let file = "\u{1b}]8;;file:///srv/my%20app/bknd.config.ts\u{1b}\\bknd.config.ts\u{1b}]8;;\u{1b}\\:8:20]";
    assert!(text.contains(file), "{text:?}");
    assert!(text.contains("\u{1b}\\secrets/hardcoded\u{1b}]8;;\u{1b}\\"), "{text:?}");
}

#[test]
fn lines_and_labels_stay_inside_the_terminal() {
    let mut report = report();
    for step in report.findings.iter_mut().flat_map(|finding| &mut finding.trail) {
        step.note = "what the host is meant to set as JWT_SECRET: no loader of the app reads this file".into();
    }
    for width in [80, 120] {
        let text = Format::Human.render(&report, Style { width, ..Style::default() });
        let wide: Vec<&str> = text.lines().filter(|line| textwrap::core::display_width(line) > width).collect();
        assert_eq!(wide, Vec::<&str>::new(), "{text}");
    }
}

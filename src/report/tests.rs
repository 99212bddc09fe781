use super::*;
use crate::eval::{Because, How, Kind, Step, Value};
use crate::findings::scene::{Scene, default_of, fallback_origins, policy, signing_secret, star};
use crate::settings::{AppId, Resource, cors};
use clap::ValueEnum as _;

const CONFIG: &str = r#"import { defineConfig } from "bknd";

export default defineConfig({
  server: {
    cors: { origin: env.ORIGINS?.split(",") ?? ["*"], allow_credentials: true },
  },
  auth: {
    jwt: { secret: "correct horse battery" },
  },
});
"#;

/// Every format in every size.
fn everything(report: &Report) -> Vec<String> {
    let mut shown = Vec::new();
    for format in Format::value_variants() {
        for (colour, width, detail) in [(false, 80, 0), (true, 120, 1), (false, 80, -1)] {
            shown.push(format.render(report, Style { colour, width, detail, checklist: true, ..Style::default() }));
        }
    }
    shown
}

/// A project with something of each kind.
fn mixed() -> Scene {
    let rules = &[
        "cors/credentialed-wildcard",
        "secrets/hardcoded",
        "secrets/too-short",
        "secrets/placeholder",
        "secrets/missing",
    ];
    let mut scene = Scene::new(rules, &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let credentials = default_of("server.cors", Kind::Bool(true));
    model.resources.push(policy(&scene, fallback_origins(&scene), credentials));
    let text = "\"correct horse battery\"";
    let value = scene.written(0, text, Kind::Text("correct horse battery".into()));
    model.resources.push(signing_secret(&scene, "jwt", value, "jwt"));
    let reads = Step::start(scene.place(0, "auth"), How::Reads { variable: "CRON_SECRET".into(), fallback: None });
    let unknown = Value::unknown(Because::Variable("CRON_SECRET".into()), &reads);
    model.resources.push(signing_secret(&scene, "CRON_SECRET", unknown, "auth"));
    scene.add(None, model);
    scene
}

/// A report in which no list is empty.
pub(super) fn everything_once() -> Report {
    let mut report = mixed().report();
    let finding = report.findings[0].clone();
    report.checklist.push(finding.clone());
    report.suppressed.push(Suppressed {
        finding: finding.clone(),
        reason: "accepted".into(),
        means: crate::findings::Means::Config,
    });
    report.problems.push(ProblemNote {
        id: "project/unparsable",
        blocking: false,
        message: "it cannot be read".into(),
        location: finding.location,
    });
    report.apps[0].sources.push(EnvironmentSource { file: ".env".into(), git: Some("ignored") });
    report.apps[0].targets.push("compose.yaml:api".into());
    report
}

#[test]
fn what_people_read() {
    insta::assert_snapshot!(Format::Human.render(&mixed().report(), Style::default()));
}

#[test]
fn one_line_a_finding() {
    insta::assert_snapshot!(Format::Concise.render(&mixed().report(), Style::default()));
}

#[test]
fn json_is_the_published_schema() {
    insta::assert_snapshot!(Format::Json.render(&mixed().report(), Style::default()));
}

/// A CORS wildcard written in a file of this text and name.
fn wildcard_in(path: &str, text: &str) -> Report {
    let mut scene = Scene::new(&["cors/credentialed-wildcard"], &[(path, text)]);
    let mut model = scene.model("");
    let origins = scene.written(0, "[\"*\"]", star());
    let credentials = scene.written(0, "[\"*\"]", Kind::Bool(true));
    let place = origins.trail.place;
    let word = default_of("server.cors", Kind::Text("reflected".into()));
    let resource = Resource::new(cors::KIND, AppId(0), "server", place)
        .set_at(cors::origins, origins, "origin")
        .set(cors::credentials, credentials)
        .set(cors::wildcard_effect, word)
        .rest_not_here();
    model.resources.push(resource);
    scene.add(None, model);
    scene.report()
}

fn human(report: &Report) -> String {
    Format::Human.render(report, Style::default())
}

#[test]
fn no_format_shows_a_secret_or_a_part_of_one() {
    const CANARY: &str = "gentle otters swim upstream";
    let lines = [
        format!("const password = \"{CANARY}\"; "),
        format!("x: [\"*\"], api_key: '{CANARY}', "),
        format!("url: \"https://user:{}@example.com\" // token: {CANARY}", CANARY.replace(' ', "-")),
    ];
    let mut report = wildcard_in("a.config.ts", &lines.join("\n"));
    // The other lists and the notes hold what a finding holds.
    report.unverified = report.findings.clone();
    report.checklist = report.findings.clone();
    for shown in everything(&report) {
        let plain = shown.replace('-', " ");
        for part in CANARY.as_bytes().windows(8) {
            let part = std::str::from_utf8(part).unwrap();
            assert!(!plain.contains(part), "`{part}` is left in:\n{shown}");
        }
    }
}

#[test]
fn nothing_in_a_file_acts_on_the_terminal() {
    let text = "a: \"\u{1b}[2J\u{9b}31m\u{7}\", /* \u{202e} */ x: [\"*\"] // \u{200b}\u{1b}]8;;http://x\u{1b}\\";
    let mut report = wildcard_in("a\u{1b}[31m\nb\u{202e}.ts", text);
    for finding in &mut report.findings {
        finding.message.push_str("\u{1b}[1m\u{202e}");
        finding.subjects[0].name = "na\u{1b}me\n".into();
    }
    for format in Format::value_variants() {
        let shown = format.render(&report, Style { detail: 1, ..Style::default() });
        let acting = shown
            .chars()
            .find(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{200b}' | '\u{202e}'));
        assert_eq!(acting, None, "{shown}");
    }
    assert!(human(&report).contains("a\\u{1b}[31m\\u{a}b\\u{202e}.ts:1:"), "{}", human(&report));
}

#[test]
fn a_line_of_a_minified_file_is_clipped_around_the_finding() {
    let text = format!("{}x:[\"*\"],{}", "a:1,".repeat(20_000), "b:2,".repeat(20_000));
    let shown = human(&wildcard_in("dist/app.js", &text));
    assert!(shown.contains("dist/app.js:1:80003"), "{shown}");
    assert!(shown.contains("x:[\"*\"]"), "{shown}");
    let frame = shown.lines().filter(|line| line.contains('│'));
    assert!(frame.clone().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn labels_stand_under_their_text_behind_tabs_wide_and_masked_characters() {
    insta::assert_snapshot!(human(&wildcard_in("wide.ts", "\tpassword: \"日本\",\t日本: [\"*\"],\r\n\tnext: 1\r\n")));
}

#[test]
fn odd_files_cost_no_finding() {
    for text in ["[\"*\"]", "[\"*\"]\n", "\n\n[\"*\"]", "\r\n[\"*\"]\r\n", "\t[\"*\"]", "\u{feff}[\"*\"]"] {
        let shown = human(&wildcard_in("a.ts", text));
        assert!(shown.contains("cors/credentialed-wildcard"), "{shown}");
        assert!(shown.contains("[\"*\"]"), "{shown}");
    }
}

#[test]
fn a_place_that_is_longer_than_a_few_lines_shows_its_first() {
    let mut report = wildcard_in("a.ts", "[\"*\"]\n2\n3\n4\n5\n6\n7\n8\n9\n");
    let at = report.findings[0].location.as_mut().unwrap();
    (at.end_line, at.end_column) = (9, 2);
    report.findings[0].trail.clear();
    report.findings[0].also.clear();
    let shown = human(&report);
    assert!(!shown.contains(" 4 │"), "{shown}");
}

#[test]
fn places_in_several_files_have_frames_of_their_own() {
    let config = "export default { cors: { origin: [\"*\"] } }\n";
    let mut scene = Scene::new(
        &["cors/credentialed-wildcard"],
        &[("a.config.ts", config), (".env.production", "\nCREDENTIALS=true\n")],
    );
    let mut model = scene.model("");
    let origins = scene.written(0, "[\"*\"]", star());
    let sets = Step::start(scene.place(1, "true"), How::Sets { variable: "CREDENTIALS".into() });
    model.resources.push(policy(&scene, origins, Value::new(Kind::Bool(true), &sets)));
    scene.add(None, model);
    insta::assert_snapshot!(human(&scene.report()));
}

#[test]
fn consequences_are_told_under_their_cause() {
    let mut report = mixed().report();
    let cause = report.findings[0].fingerprint.clone();
    report.findings[1].because_of = Some(cause);
    let shown = human(&report);
    assert!(shown.contains("follows from it: secrets/hardcoded"), "{shown}");
    assert!(!shown.contains("blocking secrets/hardcoded"), "{shown}");
}

#[test]
fn endings_follow_what_was_found_and_what_was_asked() {
    let blocked = mixed().report();
    assert_eq!(blocked.judge(FailOn::default(), false), Ending::Blocked);
    let mut warned = mixed().report();
    warned.findings.retain(|finding| finding.severity == crate::findings::Severity::Warning);
    assert_eq!(warned.judge(FailOn::default(), false), Ending::Clean);
    assert_eq!(warned.judge(FailOn { warning: true, ..FailOn::default() }, false), Ending::Blocked);
    assert_eq!(warned.judge(FailOn { unverified: true, ..FailOn::default() }, false), Ending::Blocked);
    assert_eq!(warned.judge(FailOn { checklist: true, ..FailOn::default() }, false), Ending::Clean);
    let empty = Report::default();
    assert_eq!(empty.judge(FailOn::STRICT, false), Ending::NothingChecked);
    assert_eq!(empty.judge(FailOn::STRICT, true), Ending::Clean);
    let note = ProblemNote { id: "project/unparsable", blocking: true, message: "x".into(), location: None };
    let unread = Report { problems: vec![note], ..Report::default() };
    assert_eq!(unread.judge(FailOn::default(), false), Ending::Blocked);
}

/// A report whose one finding points at a text and has a label at another one.
fn two_places(text: &str, first: &str, second: (&str, &str)) -> Report {
    let mut report = wildcard_in("a.ts", text);
    let finding = &mut report.findings[0];
    let base = finding.location.clone().unwrap();
    let at = |needle: &str| {
        let start = text.find(needle).unwrap();
        let column = |end: usize| u32::try_from(text[..end].chars().count() + 1).unwrap();
        let (offset, end_offset) = (u32::try_from(start).unwrap(), u32::try_from(start + needle.len()).unwrap());
        let (first, last) = (column(start), column(start + needle.len()));
        crate::findings::Location { column: first, end_column: last, offset, end_offset, ..base.clone() }
    };
    finding.location = Some(at(first));
    finding.also.clear();
    let note = second.1.to_owned();
    finding.trail = vec![crate::findings::TrailStep { step: "reads", location: Some(at(second.0)), note }];
    report
}

#[test]
fn marks_that_overlap_stand_beside_each_other() {
    let text = "x: read(\"A\", [\"*\"]).split()";
    let shown = human(&two_places(text, "[\"*\"]", (text.get(3..).unwrap(), "reads `A`")));
    let under = shown.lines().find(|line| line.contains('┬')).unwrap_or_default();
    assert!(under.contains("    ────┬──── ──┬──"), "{shown}");
    assert!(shown.contains("[a.ts:1:14]"), "{shown}");
    // What begins with another mark leaves the text to that one.
    let shown = human(&two_places(text, "read(\"A\", [\"*\"])", ("read", "reads `A`")));
    assert!(shown.contains("[a.ts:1:4]") && !shown.contains("lets every site in"), "{shown}");
}

#[test]
fn the_name_of_a_setting_stays_whole_where_its_line_is_cut() {
    let text = format!("{}allowDynamicClientRegistrationOfAll: [\"*\"], {}", "a: 1, ".repeat(20), "b: 2, ".repeat(20));
    let shown = human(&wildcard_in("a.ts", &text));
    assert!(shown.contains("…allowDynamicClientRegistrationOfAll: [\"*\"]"), "{shown}");
}

#[test]
fn a_comment_behind_a_place_is_not_marked() {
    let mut report = wildcard_in("a.ts", "x: [\"*\"] // a comment\n2\n3\n4\n5\n6\n7\n8\n9\n");
    let at = report.findings[0].location.as_mut().unwrap();
    (at.end_line, at.end_column) = (9, 2);
    report.findings[0].trail.clear();
    report.findings[0].also.clear();
    let shown = human(&report);
    let under = shown.lines().find(|line| line.contains('─') && line.contains('·')).unwrap_or_default();
    assert_eq!(under.matches(['─', '┬']).count(), 5, "{shown}");
}

#[test]
fn a_piece_of_code_stays_on_one_line() {
    let mut report = wildcard_in("a.ts", "x: [\"*\"]");
    report.findings[0].fix = format!("{} `app.set(\"trust proxy\", 1)` too.", "word ".repeat(12).trim_end());
    assert!(human(&report).contains("`app.set(\"trust proxy\", 1)`"), "{}", human(&report));
}

#[test]
fn a_possible_finding_says_when_it_holds_and_says_it_once() {
    let mut report = wildcard_in("a.ts", "x: [\"*\"]");
    report.findings[0].when = vec!["`ORIGINS` is not set".into()];
    report.findings[0].message = "`ORIGINS` contains \"*\"".into();
    let shown = human(&report).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(shown.contains("`ORIGINS` contains \"*\", when the variable `ORIGINS` is not set"), "{shown}");
    report.findings[0].message = "any website can read when `ORIGINS` is not set".into();
    assert_eq!(human(&report).matches("is not set").count(), 1, "{}", human(&report));
}

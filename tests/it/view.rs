//! One opened project answers for findings, settings, their ways and fixes; what an editor holds counts in place of the disk.

use crate::support::project;
use prodcheck::project::Given;
use prodcheck::{Allowed, Asked, ScanError, ScanOptions, Stop, View, Waiting};
use std::fs;
use tempfile::TempDir;

const MANIFEST: &str = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
const CONFIG: &str = "import type { BkndConfig } from \"bknd\";\nexport default {\n  config: {\n    server: { cors: { origin: \"*\", allow_credentials: true } },\n    auth: { enabled: true, guard: { enabled: false }, cookie: { secure: false } },\n  },\n} satisfies BkndConfig;\n";

fn small() -> TempDir {
    project(&[("package.json", MANIFEST), ("bknd.config.ts", CONFIG)])
}

fn options(folder: &TempDir) -> ScanOptions {
    ScanOptions { path: folder.path().to_owned(), ..ScanOptions::default() }
}

fn rules(view: &View) -> Vec<String> {
    view.report().findings.iter().map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn an_opened_project_says_what_the_commands_say() {
    let folder = small();
    let options = options(&folder);
    let view = View::open(&options).expect("it opens");
    let scanned = prodcheck::scan(&options).expect("it scans");
    assert!(!scanned.findings.is_empty());
    assert_eq!(view.report().findings, scanned.findings);
    assert_eq!(view.report().unverified, scanned.unverified);
    let json = |rows: &Vec<prodcheck::report::SettingRow>| serde_json::to_string(rows).expect("rows");
    assert_eq!(json(&view.settings()), json(&prodcheck::settings_of(&options).expect("settings")));
    let asked = Asked { setting: "cors.origins".into(), ..Asked::default() };
    let (one, other) = (view.why(&asked), prodcheck::why(&options, &asked).expect("an answer"));
    assert_eq!(serde_json::to_string(&one.whys).expect("whys"), serde_json::to_string(&other.whys).expect("whys"));
    assert_eq!(
        view.fix(Allowed::Safe, None).expect("fixes").diff,
        prodcheck::fix(&options, Allowed::Safe).expect("fixes").diff
    );
}

#[test]
fn unsaved_text_counts_in_place_of_the_disk_for_every_answer() {
    let folder = small();
    let edited = CONFIG.replace("origin: \"*\"", "origin: \"https://app.example.com\"");
    let unsaved = vec![Given::new("bknd.config.ts", &*edited)];
    let view = View::open(&ScanOptions { unsaved, ..options(&folder) }).expect("it opens");
    let saved = View::open(&options(&folder)).expect("it opens");
    let of_cors = |view: &View| rules(view).iter().filter(|rule| rule.starts_with("cors/")).count();
    assert!(of_cors(&saved) > 0 && of_cors(&view) == 0, "{:?} {:?}", rules(&saved), rules(&view));
    let asked = Asked { setting: "cors.origins".into(), ..Asked::default() };
    assert!(view.why(&asked).whys[0].value.as_deref().is_some_and(|value| value.contains("app.example.com")));
    let fixed = view.fix(Allowed::Safe, None).expect("fixes");
    assert!(!fixed.patches().is_empty());
    assert!(fixed.patches().iter().all(|patch| patch.after.contains("app.example.com")), "a fix is made on top of it");
    assert_eq!(fs::read_to_string(folder.path().join("bknd.config.ts")).expect("a text"), CONFIG, "nothing is written");
}

#[test]
fn a_file_that_is_not_there_yet_is_one_of_the_project_but_for_what_is_never_read() {
    let folder = small();
    let open = |path: &str, text: &str| {
        let unsaved = vec![Given::new(path, text)];
        rules(&View::open(&ScanOptions { unsaved, ..options(&folder) }).expect("it opens"))
    };
    let without = rules(&View::open(&options(&folder)).expect("it opens"));
    let secret = "JWT_SECRET=correct-horse-battery-staple\n";
    assert_ne!(open(".env.production", secret), without);
    for path in ["node_modules/x/.env.production", "dist/.env.production", ".git/x.env"] {
        assert_eq!(open(path, secret), without, "{path}");
    }
}

#[test]
fn a_scan_that_nobody_wants_any_more_ends() {
    let folder = small();
    let stop = Stop::default();
    let options = ScanOptions { waiting: Waiting::until(&stop), ..options(&folder) };
    assert!(View::open(&options).is_ok());
    stop.stop();
    assert!(matches!(View::open(&options), Err(ScanError::Stopped)));
    assert!(matches!(prodcheck::scan(&options), Err(ScanError::Stopped)));
}

#[test]
fn one_finding_is_fixed_alone_and_an_ignore_is_tried_before_it_is_offered() {
    let folder = small();
    let view = View::open(&options(&folder)).expect("it opens");
    let of = |rule: &str| view.report().findings.iter().find(|finding| &*finding.rule == rule).expect(rule).clone();
    let guard = of("auth/guard-disabled");
    let fixed = view.fix(Allowed::Safe, Some(&guard.fingerprint)).expect("a fix");
    assert_eq!(fixed.rules.iter().map(|rule| &**rule).collect::<Vec<_>>(), ["auth/guard-disabled"]);
    let after = &fixed.patches()[0].after;
    assert!(after.contains("guard: { enabled: true }") && after.contains("secure: false"), "{after}");
    assert!(view.fix(Allowed::Safe, Some("v1:none")).expect("no fix").rules.is_empty());

    let line = guard.location.as_ref().expect("a place").line as usize;
    let with = |comment: &str| {
        let mut lines: Vec<&str> = CONFIG.lines().collect();
        lines.insert(line - 1, comment);
        view.would_go(&guard.fingerprint, "bknd.config.ts", &lines.join("\n")).expect("a scan")
    };
    assert!(with("// prodcheck-ignore-next-line auth/guard-disabled -- a demo"));
    assert!(!with("// prodcheck-ignore-next-line auth/guard-disabled"), "it gives no reason");
    assert!(!with("// prodcheck-ignore-next-line cors/wildcard -- another rule"));
}

#[test]
fn a_place_in_a_file_tells_the_settings_that_come_from_it() {
    let folder = small();
    let view = View::open(&options(&folder)).expect("it opens");
    let at = |needle: &str, plus: usize| {
        let offset = u32::try_from(CONFIG.find(needle).expect("it stands there") + plus).expect("small");
        view.why_at("bknd.config.ts", offset)
    };
    let on_value = at("\"*\"", 1);
    assert!(on_value.iter().any(|why| why.kind == "cors" && why.setting == "origins"), "{on_value:?}");
    let on_key = at("origin:", 2);
    assert!(on_key.iter().any(|why| why.kind == "cors" && why.setting == "origins"), "{on_key:?}");
    assert!(view.why_at("nowhere.ts", 0).is_empty());
    assert!(view.why_at("bknd.config.ts", 1_000_000).is_empty());
}

#[test]
fn a_setting_of_the_repository_has_a_way_too() {
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lucent/infrastructure");
    let folder = crate::support::lay_out(&fixture);
    let asked = Asked { setting: "storage.public".into(), ..Asked::default() };
    let answer = prodcheck::why(&options(&folder), &asked).expect("an answer");
    assert!(answer.whys.iter().any(|why| why.app == "repository" && why.variables.is_empty()), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn a_link_shows_what_is_unsaved_where_it_leads() {
    let folder = project(&[("package.json", MANIFEST), ("config/bknd.ts", CONFIG)]);
    std::os::unix::fs::symlink("config/bknd.ts", folder.path().join("bknd.config.ts")).expect("a link");
    let saved = rules(&View::open(&options(&folder)).expect("it opens"));
    let edited = CONFIG.replace("guard: { enabled: false }", "guard: { enabled: true }");
    let unsaved = vec![Given::new("config/bknd.ts", &*edited)];
    let view = rules(&View::open(&ScanOptions { unsaved, ..options(&folder) }).expect("it opens"));
    let has = |rules: &[String]| rules.iter().any(|rule| rule == "auth/guard-disabled");
    assert!(has(&saved) && !has(&view), "{saved:?} {view:?}");
}

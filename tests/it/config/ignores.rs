//! Exceptions in comments, by path, and in `[[ignore]]`.

use super::{MANIFEST, listed, project, report, run};
use serde_json::Value;

const RULE: &str = "cors/credentialed-wildcard";

/// The configuration with a comment behind the wildcard and one above it.
fn config(above: &str, behind: &str) -> String {
    format!(
        "import type {{ BkndConfig }} from \"bknd\";\nexport default {{\n  config: {{\n    server: {{ cors: {{\n      {above}\n      origin: \"*\", {behind}\n      allow_credentials: true,\n    }} }},\n  }},\n}} satisfies BkndConfig;\n"
    )
}

fn with_comments(above: &str, behind: &str) -> Value {
    let folder = project(&[("bknd.config.ts", &config(above, behind))]);
    report(&folder, &[])
}

fn with_file(text: &str) -> Value {
    report(&project(&[("prodcheck.toml", text)]), &[])
}

fn has(report: &Value, list: &str, rule: &str) -> bool {
    listed(report, list).iter().any(|entry| entry.starts_with(&format!("{rule} ")))
}

#[test]
fn a_comment_with_a_reason_waives_the_finding_on_its_line() {
    for (above, behind) in [
        (String::new(), format!("// prodcheck-ignore {RULE} -- a public API")),
        (format!("// prodcheck-ignore-next-line {RULE} -- a public API"), String::new()),
        (format!("// prodcheck-ignore {RULE} -- a public API\n      // and more words"), String::new()),
        (format!("/* prodcheck-ignore-file cors/wildcard, {RULE} -- a public API */"), String::new()),
    ] {
        let report = with_comments(&above, &behind);
        assert!(!has(&report, "findings", RULE), "{above}{behind}");
        let suppressed = report["suppressed"].as_array().unwrap();
        let entry = suppressed.iter().find(|entry| entry["rule"] == RULE).expect("it is listed as suppressed");
        assert_eq!((&entry["reason"], &entry["suppressed_by"]), (&"a public API".into(), &"comment".into()));
        assert_eq!(report["summary"]["suppressed"], suppressed.len());
    }
}

#[test]
fn a_comment_elsewhere_waives_nothing_and_is_reported() {
    let report = with_comments("", &format!("\n      // prodcheck-ignore-next-line {RULE} -- a public API"));
    assert!(has(&report, "findings", RULE));
    assert_eq!(listed(&report, "problems"), ["suppress/unused warning"]);
    assert_eq!(report["complete"], true);
}

#[test]
fn a_comment_without_a_reason_does_not_count() {
    let report = with_comments("", &format!("// prodcheck-ignore {RULE}"));
    assert!(has(&report, "findings", RULE));
    assert_eq!(listed(&report, "problems"), ["suppress/no-reason warning"]);
}

#[test]
fn an_exception_ends_with_its_day() {
    let report = with_comments("", &format!("// prodcheck-ignore {RULE} -- soon until 2999-01-01"));
    assert!(!has(&report, "findings", RULE));
    let report = with_comments("", &format!("// prodcheck-ignore {RULE} -- soon until 2020-01-01"));
    assert!(has(&report, "findings", RULE));
    assert_eq!(listed(&report, "problems"), ["suppress/expired warning"]);
}

#[test]
fn a_misspelt_rule_in_a_comment_is_reported_with_what_was_meant() {
    let report = with_comments("", "// prodcheck-ignore cors/credentialed-wildcart -- a public API");
    assert_eq!(listed(&report, "problems"), ["suppress/invalid warning"]);
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean `cors/credentialed-wildcard`?"), "{message}");
}

#[test]
fn no_ignores_shows_everything() {
    let folder = project(&[("bknd.config.ts", &config("", &format!("// prodcheck-ignore {RULE} -- a public API")))]);
    let report = report(&folder, &["--no-ignores"]);
    assert!(has(&report, "findings", RULE));
    assert!(listed(&report, "suppressed").is_empty());
}

#[test]
fn comments_of_every_format_count() {
    let folder = project(&[
        (
            ".env.production",
            "# prodcheck-ignore-next-line secrets/too-short, secrets/placeholder -- a stand-in\nJWT_SECRET=changeme\n",
        ),
        (".gitignore", "node_modules\n"),
    ]);
    let report = report(&folder, &[]);
    assert!(!listed(&report, "suppressed").is_empty(), "{report:#}");
    assert!(!listed(&report, "problems").contains(&"suppress/invalid warning".into()));
}

#[test]
fn a_comment_on_the_first_line_counts() {
    let folder = project(&[("Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"node\", \"a.js\"]\n")]);
    let found = report(&folder, &[]);
    let first =
        found["findings"].as_array().expect("a list").iter().find(|found| found["location"]["file"] == "Dockerfile");
    let Some(rule) = first.and_then(|found| found["rule"].as_str()) else {
        panic!("the image has a finding: {found:#}")
    };
    let waived = format!("# prodcheck-ignore {rule} -- a stand-in\nFROM node:22\nCOPY . .\nCMD [\"node\", \"a.js\"]\n");
    std::fs::write(folder.path().join("Dockerfile"), waived).expect("it is written");
    assert!(has(&report(&folder, &[]), "suppressed", rule));
}

#[test]
fn the_file_waives_by_app_subject_and_path() {
    let ignore = |more: &str| format!("[[ignore]]\nrule = \"{RULE}\"\nreason = \"a public API\"\n{more}\n");
    for more in ["", "app = \".\"", "subject = \"config.server.cors.origin\"", "path = \"*.ts\"", "until = 2999-01-01"]
    {
        let report = with_file(&ignore(more));
        assert!(!has(&report, "findings", RULE), "{more}");
        assert!(has(&report, "suppressed", RULE), "{more}");
        assert!(listed(&report, "problems").is_empty(), "{more}");
    }
    for more in ["app = \"apps/web\"", "subject = \"nothing\"", "path = \"apps/**\""] {
        let report = with_file(&ignore(more));
        assert!(has(&report, "findings", RULE), "{more}");
        assert_eq!(listed(&report, "problems"), ["suppress/unused warning"], "{more}");
    }
}

#[test]
fn severities_can_hang_on_the_path() {
    let setting = |glob: &str, severity: &str| {
        format!("[[path]]\nglob = \"{glob}\"\nrules = [\"{RULE}\"]\nseverity = \"{severity}\"\nreason = \"internal\"\n")
    };
    let severity = |text: &str| {
        let report = with_file(text);
        listed(&report, "findings").into_iter().find(|entry| entry.starts_with(RULE))
    };
    assert_eq!(severity(&setting("bknd.*", "warning")), Some(format!("{RULE} warning")));
    assert_eq!(severity(&setting("src/**", "warning")), Some(format!("{RULE} blocking")));
    assert_eq!(severity(&setting("**", "off")), None);
    let last_counts = setting("**", "off") + &setting("*.ts", "warning");
    assert_eq!(severity(&last_counts), Some(format!("{RULE} warning")));
}

#[test]
fn a_part_of_the_project_does_not_say_what_the_rest_needs() {
    let folder = project(&[
        ("apps/api/package.json", MANIFEST),
        ("apps/api/bknd.config.ts", &config("", "")),
        ("prodcheck.toml", &format!("[[ignore]]\nrule = \"{RULE}\"\nreason = \"x\"\napp = \"apps/web\"\n")),
    ]);
    let api = report(&folder, &["apps/api"]);
    assert!(listed(&api, "problems").is_empty());
    assert_eq!(listed(&report(&folder, &[]), "problems"), ["suppress/unused warning"]);
}

#[test]
fn people_see_what_is_waived_and_why() {
    let folder = project(&[("bknd.config.ts", &config("", &format!("// prodcheck-ignore {RULE} -- a public API")))]);
    let (_, out, _) = run(&folder, &["scan", "-v"]);
    let told = format!("{RULE}  bknd.config.ts:6  a public API");
    assert!(out.contains(&told), "{out}");
    let (_, out, _) = run(&folder, &["scan"]);
    assert!(out.contains("1 ignored") && !out.contains(&told), "{out}");
}

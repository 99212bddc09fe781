//! Baselines: what was there before is not told again; what changed for the worse is.

use super::{CANARY, listed, project, report, run};
use std::fs;
use tempfile::TempDir;

const FILE: &str = "prodcheck-baseline.json";
const RULE: &str = "cors/credentialed-wildcard";

/// A configuration with a secret in it.
fn config(secret: &str) -> String {
    format!(
        "import type {{ BkndConfig }} from \"bknd\";\nexport default {{\n  config: {{\n    server: {{ cors: {{ origin: \"*\", allow_credentials: true }} }},\n    auth: {{ enabled: true, jwt: {{ secret: \"{secret}\" }} }},\n  }},\n}} satisfies BkndConfig;\n"
    )
}

/// A project whose baseline is written.
fn known(more: &[(&str, &str)]) -> TempDir {
    let written = config(CANARY);
    let folder = project(&[&[("bknd.config.ts", written.as_str())], more].concat());
    let (code, out, err) = run(&folder, &["baseline"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    folder
}

fn secret_rules(report: &serde_json::Value) -> Vec<String> {
    listed(report, "findings").into_iter().filter(|found| found.starts_with("secrets/")).collect()
}

#[test]
fn what_the_baseline_knows_is_not_told_again() {
    let folder = known(&[]);
    assert!(!secret_rules(&report(&folder, &[])).is_empty());
    let report = report(&folder, &["--baseline", FILE]);
    assert!(listed(&report, "findings").is_empty() && listed(&report, "unverified").is_empty());
    assert!(report["suppressed"].as_array().unwrap().iter().all(|entry| entry["suppressed_by"] == "baseline"));
    assert!(listed(&report, "problems").is_empty());
}

#[test]
fn the_baseline_holds_no_secret_and_no_line() {
    let folder = known(&[]);
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(!text.contains(CANARY) && !text.contains("bknd.config.ts") && !text.contains("\"line\""), "{text}");
}

#[test]
fn code_that_moved_stays_known_and_a_changed_secret_comes_back() {
    let folder = known(&[]);
    let path = folder.path().join("bknd.config.ts");
    fs::write(&path, format!("// moved\n\n{}", config(CANARY))).unwrap();
    assert!(listed(&report(&folder, &["--baseline", FILE]), "findings").is_empty());
    fs::write(&path, config("brisk-meadow-signal-harbor")).unwrap();
    let report = report(&folder, &["--baseline", FILE]);
    assert!(!secret_rules(&report).is_empty());
    assert!(!listed(&report, "findings").iter().any(|found| found.starts_with(RULE)));
}

#[test]
fn a_finding_that_weighs_more_than_it_did_comes_back() {
    let warning = format!("[rules]\n\"{RULE}\" = {{ severity = \"warning\" }}\n");
    let folder = known(&[("prodcheck.toml", &warning)]);
    assert!(listed(&report(&folder, &["--baseline", FILE]), "findings").is_empty());
    fs::write(folder.path().join("prodcheck.toml"), "").unwrap();
    assert_eq!(listed(&report(&folder, &["--baseline", FILE]), "findings"), [format!("{RULE} blocking")]);
}

#[test]
fn entries_that_match_nothing_any_more_are_a_problem() {
    let folder = known(&[]);
    fs::write(folder.path().join("bknd.config.ts"), "export default { config: {} };\n").unwrap();
    let report = report(&folder, &["--baseline", FILE]);
    assert_eq!(listed(&report, "problems"), ["baseline/stale warning"]);
    assert_eq!(report["complete"], true);
}

#[test]
fn the_file_can_name_the_baseline_and_writing_anew_keeps_the_hashes() {
    let folder = known(&[("prodcheck.toml", &format!("baseline = \"{FILE}\"\n"))]);
    assert!(listed(&report(&folder, &[]), "findings").is_empty());
    let before = fs::read_to_string(folder.path().join(FILE)).unwrap();
    // What the file names does not count while the baseline is written.
    assert_eq!(run(&folder, &["baseline"]).0, 0);
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), before);
}

#[test]
fn a_baseline_that_cannot_be_read_ends_the_run() {
    let folder = project(&[("broken.json", &format!("{{ \"{CANARY}\": 1 }}"))]);
    for name in ["nowhere.json", "broken.json"] {
        let (code, _, err) = run(&folder, &["scan", "--baseline", name]);
        assert_eq!(code, 2, "{name}");
        assert!(err.contains("help: write one with `prodcheck baseline -o FILE`") && !err.contains(CANARY), "{err}");
    }
    let folder = project(&[("prodcheck.toml", "baseline = \"nowhere.json\"\n")]);
    let (code, _, err) = run(&folder, &["scan"]);
    assert!(code == 2 && err.contains("nowhere.json") && err.contains("it does not exist"), "{err}");
}

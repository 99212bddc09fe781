//! What a person asks for is what they get: some rules, some files, some settings, fewer words.

use crate::support::lay_out;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn fixture(name: &str) -> TempDir {
    lay_out(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name))
}

/// A run in a folder, without colours, in so many columns.
fn run_in(folder: &Path, columns: usize, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    command.current_dir(folder).env("NO_COLOR", "1").env("COLUMNS", columns.to_string());
    command.args(arguments).output().expect("prodcheck runs")
}

fn said(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run_in(folder.path(), 100, arguments);
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// The rules of a report.
fn rules(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    let shown = run_in(folder.path(), 100, &[&["scan", "--format", "json"], arguments].concat()).stdout;
    let report: serde_json::Value = serde_json::from_slice(&shown).expect("a report");
    let of = |list: &str| report[list].as_array().cloned().unwrap_or_default();
    let mut rules: Vec<String> = [of("findings"), of("unverified")]
        .concat()
        .iter()
        .map(|found| found["rule"].as_str().expect("a name").to_owned())
        .collect();
    rules.sort();
    rules.dedup();
    rules
}

#[test]
fn rules_and_categories_are_selected_and_ignored() {
    let folder = fixture("bknd/first-look");
    let all = rules(&folder, &[]);
    assert!(all.len() > 3, "{all:?}");
    assert_eq!(rules(&folder, &["--select", "cors"]), ["cors/wildcard-fallback"]);
    assert_eq!(rules(&folder, &["--select", "auth/guard-disabled", "--select", "cors/"]).len(), 2);
    let rest = rules(&folder, &["--ignore", "secrets", "--ignore", "cors/wildcard-fallback"]);
    assert!(rest.iter().all(|rule| !rule.starts_with("secrets/") && rule != "cors/wildcard-fallback"), "{rest:?}");
    assert!(rest.contains(&"auth/guard-disabled".to_owned()));
    let output = run_in(folder.path(), 100, &["scan", "--select", "auth/gard-disabled"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("there is no rule or category `auth/gard-disabled`"), "{message}");
    assert!(message.contains("did you mean `auth/guard-disabled`?"), "{message}");
}

#[test]
fn files_are_left_out_on_the_command_line_and_in_the_configuration() {
    let folder = fixture("bknd/first-look");
    let all = rules(&folder, &[]);
    let expected: Vec<String> = all.iter().filter(|rule| *rule != "cors/wildcard-fallback").cloned().collect();
    assert_eq!(rules(&folder, &["--exclude", "src/**"]), expected);
    std::fs::write(folder.path().join("prodcheck.toml"), "exclude = [\"src/**\"]\n").expect("a file");
    assert_eq!(rules(&folder, &[]), expected);
    std::fs::write(folder.path().join("prodcheck.toml"), "exclude = [\"src/[\"]\n").expect("a file");
    assert!(said(&folder, &["scan"]).contains("not a valid glob"));
}

#[test]
fn quiet_shows_what_blocks_in_every_format_and_counts_the_rest() {
    let folder = fixture("bknd/defaults");
    for format in ["concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
        let quiet = said(&folder, &["scan", "-q", "--format", format]);
        assert!(quiet.contains("auth/guard-disabled"), "{format}: {quiet}");
        assert!(!quiet.contains("authentication is off"), "{format}: {quiet}");
        assert!(said(&folder, &["scan", "--format", format]).contains("authentication is off"), "{format}");
    }
    let quiet = run_in(folder.path(), 100, &["scan", "-q", "--format", "json"]).stdout;
    let report: serde_json::Value = serde_json::from_slice(&quiet).expect("a report");
    assert!(report["summary"]["warnings"].as_u64().is_some_and(|warnings| warnings > 0), "{report}");
}

#[test]
fn the_end_of_the_screen_says_what_to_do_next() {
    let shown = said(&fixture("bknd/defaults"), &["scan"]);
    let end: Vec<&str> = shown.lines().rev().take(4).collect();
    let end = end.join("\n");
    for part in
        ["can be fixed: prodcheck scan --fix", "more on a rule: prodcheck explain ", "confirm: prodcheck checklist"]
    {
        assert!(end.contains(part), "{part}: {end}");
    }
}

#[test]
fn the_width_of_the_terminal_is_used_and_no_more() {
    let folder = fixture("bknd/first-look");
    for columns in [80, 100, 120] {
        let shown = String::from_utf8(run_in(folder.path(), columns, &["scan"]).stdout).expect("UTF-8");
        let widest = shown.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(widest <= columns, "{widest} in {columns}: {shown}");
        assert!(widest > columns - 12, "{widest} in {columns}");
    }
}

#[test]
fn settings_show_what_was_asked_for() {
    let folder = fixture("bknd/first-look");
    let usual = said(&folder, &["settings"]);
    let all = said(&folder, &["settings", "--all"]);
    assert!(all.lines().count() > usual.lines().count());
    assert!(!usual.contains(" derived "), "{usual}");
    let cors = said(&folder, &["settings", "--name", "cors"]);
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect::<Vec<_>>();
    assert!(!rows(&cors).is_empty() && rows(&cors).iter().all(|row| row.contains("cors")), "{cors}");
    assert!(
        said(&folder, &["settings", "--name", "no-such-thing"]).contains("no setting has `no-such-thing` in its name")
    );
}

#[test]
fn why_takes_a_variable_that_code_reads() {
    let folder = fixture("bknd/first-look");
    let told = said(&folder, &["why", "ALLOWED_ORIGINS"]);
    for part in ["variable.value of ALLOWED_ORIGINS", "src/origins.ts:2", "no file sets ALLOWED_ORIGINS"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_category_is_explained_by_its_rules() {
    let told = said(&fixture("bknd/first-look"), &["explain", "cors"]);
    for rule in ["cors/wildcard", "cors/credentialed-wildcard", "cors/loose-regex"] {
        assert!(told.contains(rule), "{told}");
    }
    assert!(!told.contains("cookies/"), "{told}");
}

#[test]
fn a_path_in_the_place_of_a_command_is_told_how_to_scan_it() {
    let folder = fixture("bknd/first-look");
    let told = said(&folder, &["."]);
    assert!(told.contains("run `prodcheck scan .`"), "{told}");
    assert!(!said(&folder, &["no-such-folder"]).contains("prodcheck scan no-such-folder"));
}

#[test]
fn several_paths_leave_what_lies_in_none_of_them() {
    let folder = fixture("bknd/first-look");
    let shown = said(&folder, &["scan", "src/origins.ts", "bknd.config.ts"]);
    assert!(shown.contains("cors/wildcard-fallback") && shown.contains("auth/guard-disabled"), "{shown}");
    assert!(!shown.contains("secrets/committed"), "{shown}");
    let missing = run_in(folder.path(), 100, &["scan", "src", "nowhere"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("`nowhere` cannot be opened"), "{missing:?}");
}

#[test]
fn each_command_that_writes_says_what_comes_next() {
    let folder = fixture("bknd/first-look");
    let stderr = |arguments: &[&str]| String::from_utf8(run_in(folder.path(), 100, arguments).stderr).expect("UTF-8");
    assert!(stderr(&["baseline"]).contains("next: commit it, and scan with `--baseline "), "baseline");
    let bare = run_in(fixture("bknd/defaults").path(), 100, &["init"]);
    assert!(
        String::from_utf8_lossy(&bare.stderr)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("uncomment what you need"),
        "{bare:?}"
    );
    let open = fixture("bknd/defaults");
    let fixes = |verb: &str| String::from_utf8(run_in(open.path(), 100, &["scan", verb]).stderr).expect("UTF-8");
    assert!(fixes("--diff").contains("next: `prodcheck scan --fix` writes it"), "--diff");
    assert!(fixes("--fix").contains("next: read the change with `git diff`"), "--fix");
    assert!(fixes("--fix").contains("nothing to fix: what is left needs a person"), "--fix again");
    let checklist = said(&folder, &["checklist"]);
    assert!(checklist.contains("\n  [[attest]]\n  rule = \"checklist/"), "{checklist}");
}

//! `prodcheck.toml` in whole runs: what it changes, and what a mistake in it looks like.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

const MANIFEST: &str = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
const WILDCARD: &str = r#"import type { BkndConfig } from "bknd";
export default {
  config: {
    server: { cors: { origin: "*", allow_credentials: true } },
    auth: { enabled: true, jwt: { secret: process.env.JWT_SECRET } },
  },
} satisfies BkndConfig;
"#;
const CANARY: &str = "quiet-forest-lantern-parade";

/// A project of these files beside a manifest and a configuration with a wildcard.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("a root");
    for (path, text) in [("package.json", MANIFEST), ("bknd.config.ts", WILDCARD)].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

/// Exit code, standard output, standard error.
fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("prodcheck").expect("the binary is built");
    command.env_remove("CLICOLOR_FORCE").env_remove("COLUMNS").env("NO_COLOR", "1").current_dir(folder.path());
    let output = command.args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

fn report(folder: &TempDir, arguments: &[&str]) -> Value {
    let (_, out, err) = run(folder, &[&["scan", "--format", "json"], arguments].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"))
}

/// `rule severity` of everything in a list of the report.
fn listed(report: &Value, list: &str) -> Vec<String> {
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let name = |entry: &Value| if entry["rule"].is_string() { word(entry, "rule") } else { word(entry, "id") };
    let entries = report[list].as_array().expect("a list");
    entries.iter().map(|entry| format!("{} {}", name(entry), word(entry, "severity"))).collect()
}

#[test]
fn a_mistake_is_shown_in_place_and_ends_the_run() {
    let folder = project(&[(
        "prodcheck.toml",
        "[environment]\nprovided = [\"A=1\"]\n\n[rules]\n\"cors/wildcart\" = { severity = \"off\", reason = \"x\" }\n",
    )]);
    let (code, out, err) = run(&folder, &["scan"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err);
}

#[test]
fn a_value_written_by_mistake_is_not_shown() {
    for line in [format!("provided = [\"JWT_SECRET={CANARY}\"]"), format!("JWT_SECRET = \"{CANARY}\"")] {
        let folder = project(&[("prodcheck.toml", &format!("[environment]\n{line}\n"))]);
        let (code, out, err) = run(&folder, &["scan"]);
        assert_eq!(code, 2);
        assert!(!out.contains(CANARY) && !err.contains(CANARY), "{err}");
    }
}

#[test]
fn what_the_host_provides_settles_a_variable() {
    let folder = project(&[]);
    let open = |report: &Value| listed(report, "unverified").iter().filter(|name| name.contains("secrets/")).count();
    assert!(open(&report(&folder, &[])) > 0);
    let apps = |report: &Value| report["apps"][0]["environment"]["closed"].clone();
    assert_eq!(apps(&report(&folder, &[])), false);
    let folder = project(&[("prodcheck.toml", "[environment]\nprovided = [\"JWT_SECRET\"]\n")]);
    assert_eq!(apps(&report(&folder, &[])), true);
}

#[test]
fn the_environment_of_the_file_gives_way_to_the_command_line() {
    let folder = project(&[("prodcheck.toml", "[environment]\nname = \"staging\"\n")]);
    assert_eq!(report(&folder, &[])["environment"], "staging");
    assert_eq!(report(&folder, &["--environment", "high-security"])["environment"], "high-security");
}

#[test]
fn a_project_weighs_rules_and_turns_them_off() {
    let rule = "cors/credentialed-wildcard";
    let folder = project(&[]);
    assert!(listed(&report(&folder, &[]), "findings").contains(&format!("{rule} blocking")));
    let folder = project(&[("prodcheck.toml", &format!("[rules]\n\"{rule}\" = {{ severity = \"warning\" }}\n"))]);
    assert!(listed(&report(&folder, &[]), "findings").contains(&format!("{rule} warning")));
    let off = format!("[rules]\n\"{rule}\" = {{ severity = \"off\", reason = \"no browser comes here\" }}\n");
    let folder = project(&[("prodcheck.toml", &off)]);
    assert!(!listed(&report(&folder, &[]), "findings").iter().any(|found| found.starts_with(rule)));
}

#[test]
fn attestations_close_items_until_they_end() {
    let attest = |until: &str| {
        format!("[[attest]]\nrule = \"checklist/backups-restore\"\nby = \"Ada\"\non = 2020-01-01\nuntil = {until}\n")
    };
    let item = "checklist/backups-restore checklist".to_owned();
    let folder = project(&[]);
    assert!(listed(&report(&folder, &[]), "checklist").contains(&item));
    let folder = project(&[("prodcheck.toml", &attest("2999-01-01"))]);
    assert!(!listed(&report(&folder, &[]), "checklist").contains(&item));
    assert!(listed(&report(&folder, &[]), "problems").is_empty());
    let folder = project(&[("prodcheck.toml", &attest("2020-02-01"))]);
    let report = report(&folder, &[]);
    assert!(listed(&report, "checklist").contains(&item));
    assert_eq!(listed(&report, "problems"), ["attest/expired warning"]);
}

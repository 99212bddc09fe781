//! `prodcheck checklist` in whole runs: what is open for whom, and what closes it.

use assert_cmd::Command;
use std::fs;
use tempfile::TempDir;

const CONFIG: &str = r#"import { defineLucentConfig } from "@codesordinatestudio/lucent";
export default defineLucentConfig({ migration: { warnings: "always" } });
"#;

/// A Lucent app with these scripts and this `prodcheck.toml`.
fn project(scripts: &str, own: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("a root");
    let manifest =
        format!(r#"{{ "scripts": {{ {scripts} }}, "dependencies": {{ "@codesordinatestudio/lucent": "0.9.0" }} }}"#);
    for (path, text) in [("package.json", &*manifest), ("lucent.config.ts", CONFIG), ("prodcheck.toml", own)] {
        fs::write(folder.path().join(path), text).expect("the file is written");
    }
    folder
}

/// Exit code and standard output.
fn run(folder: &TempDir, format: &str) -> (i32, String) {
    let mut command = Command::cargo_bin("prodcheck").expect("the binary is built");
    let output = command.arg("checklist").arg(folder.path()).args(["--format", format]).output().expect("it runs");
    (output.status.code().expect("it ends by itself"), String::from_utf8(output.stdout).expect("output is UTF-8"))
}

#[test]
fn items_are_open_until_a_file_shows_them_or_somebody_attests_them() {
    let (code, open) = run(&project("", ""), "markdown");
    assert_eq!(code, 0, "{open}");
    for item in ["checklist/dependency-audit", "checklist/backups-restore", "openapi/exposed"] {
        assert!(open.lines().any(|line| line.starts_with("- [ ]") && line.contains(item)), "{item} in {open}");
    }
    let attest = |rule| format!("[[attest]]\nrule = \"{rule}\"\nby = \"Ada\"\non = 2020-01-01\nuntil = 2999-01-01\n");
    let own = attest("checklist/backups-restore") + &attest("openapi/exposed");
    let (_, closed) = run(&project(r#""audit": "bun audit""#, &own), "markdown");
    let line = |item: &str| closed.lines().find(|line| line.contains(item)).unwrap_or_default().to_owned();
    assert!(line("checklist/dependency-audit").ends_with(": shown by package.json:1"), "{closed}");
    assert!(line("checklist/backups-restore").ends_with(": Ada on 2020-01-01 until 2999-01-01"), "{closed}");
    assert!(line("checklist/boundary").starts_with("- [ ]"), "{closed}");
    assert_eq!(line("openapi/exposed"), "");
}

#[test]
fn owners_come_in_their_order() {
    let (_, text) = run(&project("", ""), "human");
    let at = |title: &str| text.find(title).unwrap_or_else(|| panic!("{title} in {text}"));
    assert!(at("App\n") < at("Infrastructure\n"), "{text}");
}

#[test]
fn nothing_to_ask_is_an_ending_of_its_own() {
    let folder = TempDir::new().expect("a temporary folder");
    assert_eq!(run(&folder, "json").0, 3);
}

#[test]
fn every_item_that_is_listed_can_be_attested() {
    let folder = crate::support::lay_out(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bknd/guide-production"),
    );
    let items = |folder: &TempDir| -> Vec<String> {
        let (code, text) = run(folder, "json");
        assert_eq!(code, 0, "{text}");
        let list: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let open = list["items"].as_array().expect("items").iter().filter(|item| item["state"] == "open");
        open.map(|item| item["rule"].as_str().expect("a rule").to_owned()).collect()
    };
    let open = items(&folder);
    assert!(open.iter().any(|rule| !rule.starts_with("checklist/")), "{open:?}");
    let attested: String = open
        .iter()
        .map(|rule| format!("[[attest]]\nrule = \"{rule}\"\nby = \"Ada\"\non = 2020-01-01\nuntil = 2999-01-01\n"))
        .collect();
    fs::write(folder.path().join("prodcheck.toml"), attested).expect("a file");
    assert!(items(&folder).is_empty(), "{:?}", items(&folder));
}

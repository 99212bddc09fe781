//! Only what changed: the findings that a revision does not have.

use super::{CANARY, git, listed, project, report, run};
use std::fs;
use tempfile::TempDir;

const RULE: &str = "cors/credentialed-wildcard";

const LISTED: &str = r#"import type { BkndConfig } from "bknd";
export default {
  config: {
    server: { cors: { origin: "https://app.example.com", allow_credentials: true } },
    auth: { enabled: true, jwt: { secret: process.env.JWT_SECRET } },
  },
} satisfies BkndConfig;
"#;

/// A project that is committed on `main`.
fn committed(files: &[(&str, &str)]) -> TempDir {
    let folder = project(files);
    git(&folder, &["init", "-q", "-b", "main"]);
    commit(&folder);
    folder
}

fn commit(folder: &TempDir) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "next"]);
}

fn write(folder: &TempDir, path: &str, text: &str) {
    fs::write(folder.path().join(path), text).expect("the file is written");
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).expect("the file is read")
}

#[test]
fn what_the_revision_has_is_not_told_again() {
    let folder = committed(&[]);
    assert!(!listed(&report(&folder, &[]), "findings").is_empty());
    write(&folder, "bknd.config.ts", &format!("// moved\n\n{}", read(&folder, "bknd.config.ts")));
    let (code, out, _) = run(&folder, &["scan", "--changed"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("0 blocking, 0 warnings") && out.contains("the files here compared with HEAD ("), "{out}");
    let report = report(&folder, &["--changed"]);
    for list in ["findings", "unverified", "checklist"] {
        assert!(listed(&report, list).is_empty(), "{list}: {report:#}");
    }
    assert!(report["suppressed"].as_array().unwrap().iter().all(|entry| entry["suppressed_by"] == "revision"));
    assert_eq!(report["since"]["name"], "HEAD");
}

#[test]
fn a_new_bad_value_is_told() {
    let folder = committed(&[("bknd.config.ts", LISTED)]);
    write(&folder, "bknd.config.ts", &LISTED.replace("https://app.example.com", "*"));
    let changed = report(&folder, &["--changed"]);
    assert_eq!(listed(&changed, "findings"), [format!("{RULE} blocking")]);
    assert_eq!(changed["exit_code"], 1);
}

#[test]
fn a_deleted_line_of_an_env_file_counts_though_no_finding_stands_in_it() {
    let config = LISTED.replace("origin: \"https://app.example.com\"", "origin: process.env.ORIGIN ?? \"*\"");
    let folder = committed(&[("bknd.config.ts", &config), (".env.production", "ORIGIN=https://app.example.com\n")]);
    let known = listed(&report(&folder, &[]), "findings");
    assert!(!known.iter().any(|found| found.contains("cors/wildcard")), "{known:?}");
    write(&folder, ".env.production", "");
    let changed = listed(&report(&folder, &["--changed"]), "findings");
    assert!(changed.iter().any(|found| found.starts_with("cors/")), "{changed:?}");
}

#[test]
fn a_removed_guard_counts_though_the_line_of_the_finding_is_old() {
    let guard = "if (!origin) throw new Error(\"ORIGIN\");";
    let helper =
        format!("function origin() {{ const origin = process.env.ORIGIN; {guard} return origin ?? \"*\"; }}\n");
    let config = LISTED.replace("export default", &format!("{helper}export default"));
    let config = config.replace("\"https://app.example.com\"", "origin()");
    let folder = committed(&[("bknd.config.ts", &config)]);
    write(&folder, "bknd.config.ts", &config.replace(guard, ""));
    let changed = listed(&report(&folder, &["--changed"]), "findings");
    assert!(changed.iter().any(|found| found.starts_with("cors/")), "{changed:?}");
}

#[test]
fn a_secret_that_is_another_one_now_is_told() {
    let with = |secret: &str| LISTED.replace("process.env.JWT_SECRET", &format!("\"{secret}\""));
    let folder = committed(&[("bknd.config.ts", &with(CANARY))]);
    let secrets = |folder: &TempDir| {
        let found = listed(&report(folder, &["--changed"]), "findings");
        found.into_iter().filter(|found| found.starts_with("secrets/")).count()
    };
    write(&folder, "NOTES.md", "changed");
    assert_eq!(secrets(&folder), 0);
    write(&folder, "bknd.config.ts", &with("brisk-meadow-signal-harbor"));
    assert!(secrets(&folder) > 0);
}

#[test]
fn an_exception_that_was_taken_out_counts() {
    let ignored = LISTED
        .replace("https://app.example.com\",", &format!("*\", // prodcheck-ignore {RULE} -- a public API\n     "));
    let folder = committed(&[("bknd.config.ts", &ignored)]);
    write(&folder, "NOTES.md", "changed");
    assert!(listed(&report(&folder, &["--changed"]), "findings").is_empty());
    write(&folder, "bknd.config.ts", &LISTED.replace("https://app.example.com", "*"));
    assert_eq!(listed(&report(&folder, &["--changed"]), "findings"), [format!("{RULE} blocking")]);
}

#[test]
fn ignored_files_count_the_same_on_both_sides() {
    let folder = committed(&[(".gitignore", ".env*\n")]);
    write(&folder, ".env.production", "JWT_SECRET=changeme\n");
    let all = listed(&report(&folder, &[]), "findings");
    assert!(all.iter().any(|found| found.starts_with("secrets/")), "{all:?}");
    write(&folder, "NOTES.md", "changed");
    let changed = report(&folder, &["--changed"]);
    assert!(listed(&changed, "findings").is_empty(), "{changed:#}");
    // The line that ignored it is gone: that is a change.
    write(&folder, ".gitignore", "node_modules\n");
    let changed = listed(&report(&folder, &["--changed"]), "findings");
    assert!(!changed.is_empty() && changed.iter().all(|found| !found.starts_with("cors/")), "{changed:?}");
}

#[test]
fn a_branch_is_held_against_where_it_left_the_default_branch() {
    let folder = committed(&[("bknd.config.ts", LISTED)]);
    git(&folder, &["switch", "-q", "-c", "topic"]);
    write(&folder, "bknd.config.ts", &LISTED.replace("https://app.example.com", "*"));
    commit(&folder);
    let changed = report(&folder, &["--changed"]);
    assert_eq!(
        (listed(&changed, "findings"), &changed["since"]["name"]),
        (vec![format!("{RULE} blocking")], &"main".into())
    );
    let (code, out, err) = run(&folder, &["scan", "--changed", "HEAD"]);
    assert!(code == 2 && out.is_empty() && err.contains("compared with itself"), "{code} {out}{err}");
    assert!(err.contains("--changed HEAD~1"), "{err}");
    assert_eq!(listed(&report(&folder, &["--changed=main"]), "findings").len(), 1);
}

#[test]
fn a_config_that_could_not_be_used_then_is_taken_as_it_is_now() {
    let folder = committed(&[("prodcheck.toml", "[enviroment]\n")]);
    write(&folder, "prodcheck.toml", "");
    let changed = report(&folder, &["--changed"]);
    assert!(listed(&changed, "findings").is_empty(), "{changed:#}");
}

#[test]
fn a_revision_that_is_not_there_ends_the_run_with_what_to_do() {
    let folder = committed(&[("apps/api/x.ts", "")]);
    let (code, out, err) = run(&folder, &["scan", "--changed", "nowhere"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no revision `nowhere`") && err.contains("--changed origin/main"), "{err}");
    let (code, _, err) = run(&folder, &["scan", "--changed", "apps/api"]);
    assert!(code == 2 && err.contains("write `prodcheck scan apps/api --changed`"), "{err}");
    let (code, _, err) = run(&project(&[]), &["scan", "--changed"]);
    assert!(code == 2 && err.contains("no git repository"), "{err}");
}

#[test]
fn a_damaged_object_is_told() {
    let folder = committed(&[]);
    let listed_objects = std::process::Command::new("git")
        .current_dir(folder.path())
        .args(["rev-parse", "HEAD:bknd.config.ts"])
        .output()
        .expect("git runs");
    let id = String::from_utf8(listed_objects.stdout).expect("an id");
    let object = folder.path().join(".git/objects").join(&id[..2]).join(id[2..].trim());
    fs::remove_file(&object).expect("the object is loose");
    fs::write(&object, "garbage").expect("the file is written");
    write(&folder, "NOTES.md", "changed");
    let changed = report(&folder, &["--changed"]);
    assert_eq!(listed(&changed, "problems"), ["project/not-in-git warning"], "{changed:#}");
    assert_eq!(changed["complete"], false);
}

#[test]
fn a_repository_of_another_hash_is_named() {
    let folder = project(&[]);
    fs::remove_dir_all(folder.path().join(".git")).expect("the folder is removed");
    let made = std::process::Command::new("git")
        .current_dir(folder.path())
        .args(["init", "-q", "--object-format=sha256"])
        .status()
        .expect("git runs");
    if !made.success() {
        return;
    }
    commit(&folder);
    let (code, _, err) = run(&folder, &["scan", "--changed"]);
    assert!(code == 2 && err.contains("SHA-256") && err.contains("leave --changed out"), "{err}");
}

//! prodcheck says of small apps what the real packages were observed to do.
//!
//! `tests/oracle/SET.json` holds the apps, what was observed of each, and what has to be said of it (`want`). Where prodcheck
//! does not say that yet, `tests/oracle/SET.open.toml` names the app and why. One more that disagrees fails the test, and
//! so does one of that list that agrees by now: it has to leave the list.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The states in which a rule can be reported: the name in `want`, and the list of the report with the severity there.
const LEVELS: &[(&str, &str, Option<&str>)] = &[
    ("blocking", "findings", Some("blocking")),
    ("warnings", "findings", Some("warning")),
    ("unverified", "unverified", None),
    ("checklist", "checklist", None),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

/// Lays an app out as a project, and what production sets beside it; both are read while the folder lives.
fn lay_out(scenario: &Value, folder: &Path) -> (PathBuf, PathBuf) {
    let (root, env) = (folder.join("app"), folder.join("production.env"));
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write(".gitignore", "node_modules\ndist\n.next\n.env*\n!.env.example\n");
    for (path, text) in scenario["files"].as_object().expect("files") {
        write(path, text.as_str().expect("a text"));
    }
    let mut lines = String::new();
    for (name, value) in scenario["env"].as_object().expect("variables") {
        let Some(value) = value.as_str() else { continue };
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n");
        lines.push_str(&format!("{name}=\"{value}\"\n"));
    }
    fs::write(&env, lines).expect("a file");
    (root, env)
}

/// What prodcheck reports of an app, and whether it found one.
fn report(scenario: &Value) -> (Value, bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, env) = lay_out(scenario, folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    command.arg("scan").arg(&root).args(["--format", "json"]);
    // Where the environment is open, nobody says what else the host sets.
    if scenario["environment"] != "open" {
        command.arg("--env-file").arg(&env);
    }
    let output = command.output().expect("prodcheck runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let apps = report["apps"].as_array().map_or(&[][..], Vec::as_slice);
    let is_app = |app: &Value| app["framework"].is_string() && app["framework"] != "deployment";
    let checked = output.status.code() != Some(3) && apps.iter().any(is_app);
    (report, checked)
}

/// The rules that an entry of `want` names: one, or any of several.
fn rules(wanted: &Value) -> Vec<&str> {
    match wanted.as_array() {
        Some(several) => several.iter().filter_map(Value::as_str).collect(),
        None => wanted.as_str().into_iter().collect(),
    }
}

/// What disagrees between what is wanted and what is reported.
fn compare(want: &Value, report: &Value) -> Vec<String> {
    let of = |list: &str, severity: Option<&str>| -> BTreeSet<String> {
        let entries = report[list].as_array().map_or(&[][..], Vec::as_slice);
        let fits = |entry: &&Value| severity.is_none_or(|severity| entry["severity"] == severity);
        entries.iter().filter(fits).filter_map(|entry| entry["rule"].as_str().map(str::to_owned)).collect()
    };
    let mut at: BTreeMap<&str, BTreeSet<String>> =
        LEVELS.iter().map(|(level, list, severity)| (*level, of(list, *severity))).collect();
    let found = of("findings", None);
    at.insert("reported", found.union(&at["unverified"]).cloned().collect());
    let mut faults = Vec::new();
    for (level, rules_there) in &at {
        for wanted in want[*level].as_array().into_iter().flatten() {
            let any = rules(wanted);
            if !any.iter().any(|rule| rules_there.contains(*rule)) {
                faults.push(format!("{level} has no {}", any.join(" or ")));
            }
        }
    }
    for unwanted in want["absent"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if found.contains(unwanted) {
            faults.push(format!("an unwanted finding {unwanted}"));
        }
    }
    faults
}

/// The apps of a set that disagree so far, and why.
fn open(set: &str) -> BTreeMap<String, String> {
    let Ok(text) = fs::read_to_string(folder().join(format!("{set}.open.toml"))) else { return BTreeMap::new() };
    let table: toml::Table = text.parse().expect("valid TOML");
    let reason = |(name, why): (String, toml::Value)| (name, why.as_str().expect("a reason").to_owned());
    table.into_iter().map(reason).collect()
}

/// Replays every app of a set.
fn replay(set: &str, count: usize) {
    let text = fs::read_to_string(folder().join(format!("{set}.json"))).expect("the observations");
    let oracle: Value = serde_json::from_str(&text).expect("JSON");
    let scenarios = oracle["scenarios"].as_array().expect("scenarios");
    assert_eq!(scenarios.len(), count);
    let mut open = open(set);
    assert!(open.values().all(|why| why.split_whitespace().count() > 2), "each open one needs a reason");
    let mut wrong = Vec::new();
    for scenario in scenarios {
        let name = scenario["name"].as_str().expect("a name");
        let (report, checked) = report(scenario);
        let mut faults = compare(&scenario["want"], &report);
        if !checked {
            faults.insert(0, "no app was found".into());
        }
        match (faults.is_empty(), open.remove(name)) {
            (true, Some(_)) => wrong.push(format!("{name}: agrees by now; take it from {set}.open.toml")),
            (false, None) => wrong.push(format!("{name}: {}", faults.join("; "))),
            _ => {}
        }
    }
    wrong.extend(open.into_keys().map(|name| format!("{name}: {set}.open.toml names it, and there is no such app")));
    assert!(wrong.is_empty(), "{} of {set}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn cross_origin_answers_are_what_the_packages_give() {
    replay("node_cors", 91);
}

#[test]
fn sessions_cookies_and_tokens_are_what_the_packages_make() {
    replay("node_sessions", 89);
}

#[test]
fn errors_headers_limits_and_uploads_are_what_the_packages_do() {
    replay("node_misc", 82);
}

#[test]
fn whole_projects_are_what_they_do() {
    replay("node_projects", 7);
}

#[test]
fn next_applications_are_what_a_build_makes_of_them() {
    replay("nextjs", 25);
}

#[test]
fn libraries_that_sign_users_in_do_what_was_observed() {
    replay("auth_libraries", 45);
}

#[test]
fn servers_of_the_protocol_answer_whom_they_were_observed_to_answer() {
    replay("mcp_typescript", 27);
    replay("mcp_python", 33);
}

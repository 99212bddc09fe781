//! prodcheck says of small apps of Python what the real packages were observed to do.
//!
//! `tests/oracle/SET.json` holds the apps, what was observed of each, and what has to be said of it (`want`). Where prodcheck
//! does not say that yet, `tests/oracle/SET.open.toml` names the app and why. One more that disagrees fails the test, and
//! so does one of that list that agrees by now: it has to leave the list.
//!
//! Of the rules, only those of the set's `scope` and those that `want` names count. `a|b` is one of them. `absent` with `*` is
//! every rule of the scope that `want` does not name; `x/*` in `allowed` is a family.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The lists of `want` that name rules which may be there.
const NAMING: &[&str] = &["blocking", "warnings", "unverified", "spoken", "allowed"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Lays an app out as a project; gives its folder, and the file that says what the host sets.
fn lay_out(oracle: &Value, scenario: &Value, folder: &Path) -> (PathBuf, Option<PathBuf>) {
    let root = folder.join("app");
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    for all in [&oracle["common_files"], &scenario["files"]] {
        for (path, text) in all.as_object().into_iter().flatten() {
            match text.as_str() {
                Some(text) => drop(files.insert(path, text)),
                None => drop(files.remove(&**path)),
            }
        }
    }
    let packages = scenario["package"].as_object().into_iter().flatten();
    let versions: String =
        packages.map(|(name, version)| format!("{name}=={}\n", version.as_str().expect("a version"))).collect();
    if !files.contains_key("pyproject.toml") {
        files.entry("requirements.txt").or_insert(&versions);
    }
    files.entry(".gitignore").or_insert(".env*\n");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let Some(variables) = scenario["env"].as_object() else { return (root, None) };
    let mut lines = String::new();
    for (name, value) in variables {
        let value = value.as_str().expect("a text");
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n");
        lines.push_str(&format!("{name}=\"{value}\"\n"));
    }
    // The project's own file stays as it is.
    let own = root.join(".env.production");
    let env = if own.exists() { folder.join("host.env") } else { own };
    fs::write(&env, lines).expect("a file");
    (root, Some(env))
}

/// What prodcheck reports of an app.
fn report(oracle: &Value, scenario: &Value) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, env) = lay_out(oracle, scenario, folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    command.args(["scan", "--format", "json"]);
    if let Some(env) = env {
        command.arg("--env-file").arg(env);
    }
    let output = command.arg(&root).output().expect("prodcheck runs");
    serde_json::from_slice(&output.stdout).expect("a report")
}

/// The rules of a list of the report.
fn rules(report: &Value, list: &str, severities: &[&str]) -> BTreeSet<String> {
    let fits =
        |entry: &&Value| severities.is_empty() || severities.iter().any(|severity| entry["severity"] == *severity);
    let entries = report[list].as_array().into_iter().flatten();
    entries.filter(fits).filter_map(|entry| entry["rule"].as_str().map(str::to_owned)).collect()
}

/// What disagrees between what is wanted and what is reported.
fn compare(oracle: &Value, want: &Value, report: &Value) -> Vec<String> {
    let scope: BTreeSet<&str> = texts(&oracle["scope"]).into_iter().collect();
    let blocking = rules(report, "findings", &["blocking"]);
    let found = rules(report, "findings", &["blocking", "warning"]);
    let unverified = rules(report, "unverified", &[]);
    let listed = rules(report, "checklist", &[]);
    let named: BTreeSet<&str> =
        NAMING.iter().flat_map(|list| texts(&want[*list])).flat_map(|rule| rule.split('|')).collect();
    let is_family = |rule: &str| {
        let families = texts(&want["allowed"]).into_iter().filter_map(|rule| rule.strip_suffix('*'));
        families.into_iter().any(|family| rule.starts_with(family))
    };
    let mut faults = Vec::new();
    let apps = report["apps"].as_array().map_or(&[][..], Vec::as_slice);
    if !apps.iter().any(|app| app["framework"].as_str().is_some_and(|name| !name.is_empty() && name != "deployment")) {
        return vec!["no framework was recognised".into()];
    }
    for problem in
        report["problems"].as_array().into_iter().flatten().filter(|problem| problem["severity"] == "blocking")
    {
        faults.push(format!("problem {}", problem["id"]));
    }
    let mut demand = |list: &str, among: &dyn Fn(&str) -> bool| {
        for wanted in texts(&want[list]) {
            if !wanted.split('|').any(among) {
                faults.push(format!("{list} has no {wanted}"));
            }
        }
    };
    let excused: BTreeSet<&str> = texts(&oracle["may_be_checklist"]).into_iter().collect();
    demand("blocking", &|rule| blocking.contains(rule));
    demand("warnings", &|rule| found.contains(rule) || listed.contains(rule) && excused.contains(rule));
    demand("unverified", &|rule| unverified.contains(rule));
    demand("spoken", &|rule| found.contains(rule) || unverified.contains(rule) || listed.contains(rule));
    demand("checklist", &|rule| found.contains(rule) || listed.contains(rule));
    let mut refuse = |rule: &str| faults.push(format!("an unwanted finding {rule}"));
    texts(&want["unverified"])
        .into_iter()
        .flat_map(|rule| rule.split('|'))
        .filter(|rule| found.contains(*rule))
        .for_each(&mut refuse);
    texts(&want["not_checklist"])
        .into_iter()
        .filter(|rule| found.contains(*rule) || listed.contains(*rule))
        .for_each(&mut refuse);
    for absent in texts(&want["absent"]) {
        match absent {
            "*" => found
                .iter()
                .filter(|rule| scope.contains(&***rule) && !named.contains(&***rule) && !is_family(rule))
                .for_each(|rule| refuse(rule)),
            rule if found.contains(rule) => refuse(rule),
            _ => {}
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
        let faults = compare(&oracle, &scenario["want"], &report(&oracle, scenario));
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
fn django_settings_are_what_its_own_checks_say() {
    replay("django", 157);
}

#[test]
fn apps_of_fastapi_and_flask_are_what_they_do() {
    replay("fastapi_flask", 117);
}

#[test]
fn projects_of_django_in_the_shapes_of_real_ones_are_what_they_do() {
    replay("django_shapes", 123);
}

#[test]
fn projects_of_fastapi_starlette_and_flask_in_the_shapes_of_real_ones_are_what_they_do() {
    replay("web_shapes", 67);
}

#[test]
fn servers_of_the_protocol_in_the_shapes_of_real_ones_are_what_they_do() {
    replay("mcp_shapes", 20);
}

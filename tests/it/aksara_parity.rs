//! prodcheck says of a deployment what Aksara's own `doctor production-check` was observed to say.
//!
//! `fixtures/oracle/aksara.json` and `aksara-further.json` hold the observations, and in `compare` the rules of the
//! comparison. Where the peer is wrong or blind (`parity` is false), `want` says what prodcheck has to say instead.

use crate::support::scan;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    rule: String,
    severity: String,
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Lays a scenario out as `compare` says: a project that depends on Aksara, its files, and its variables, which the peer was
/// given by the process, in `.env.production`. Aksara itself reads `.env` alone.
fn lay_out(scenario: &Value, folder: &Path) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("pyproject.toml", "[project]\nname = \"app\"\ndependencies = [\"aksara-framework==0.7.2\"]\n");
    let files = scenario["files"].as_object();
    for (path, text) in files.into_iter().flatten() {
        write(path, text.as_str().expect("a text"));
    }
    let written = files.and_then(|files| files.get(".env.production")).and_then(Value::as_str);
    let mut lines = written.unwrap_or_default().to_owned();
    for (name, value) in scenario["env"].as_object().expect("variables") {
        lines.push_str(&format!("{name}={}\n", quoted(value.as_str().expect("a text"))));
    }
    // A release has to have the matrix and fails on warnings; that it is one is the deployment's to say.
    if is_release(scenario) {
        lines.push_str("AKSARA_REQUIRE_SECURITY_MATRIX=true\n");
    }
    write(".env.production", &lines);
}

/// A value between double quotes, with what would be read there escaped.
fn quoted(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    format!("\"{value}\"")
}

fn is_release(scenario: &Value) -> bool {
    texts(&scenario["args"]).contains(&"--release")
}

/// The rules that can answer a detail of the peer.
fn rules_of<'o>(oracle: &'o Value, id: &str, title: &str) -> Vec<&'o str> {
    let rows = oracle["rule_map"].as_array().expect("a map");
    let row = rows.iter().find(|row| row["id"] == id && row["title"] == title);
    row.map(|row| texts(&row["any_of"])).unwrap_or_default()
}

/// The rules that are looked at in a scenario: those that can answer the peer, and those that it wants or does not.
fn scope<'o>(oracle: &'o Value, scenario: &'o Value) -> BTreeSet<&'o str> {
    let map = oracle["rule_map"].as_array().into_iter().flatten();
    let mut scope: BTreeSet<&str> = map.flat_map(|row| texts(&row["any_of"])).collect();
    for list in ["blocking", "warnings", "absent"] {
        scope.extend(texts(&scenario["want"][list]));
    }
    // The peer died of a value that it cannot read, before it could say anything.
    if scenario["crash"].is_string() {
        scope.insert("env/malformed-value");
    }
    scope
}

/// What prodcheck exits with, seen through these findings: a release fails on warnings as well.
fn exit_of(scenario: &Value, findings: &BTreeSet<Finding>) -> i64 {
    let has = |severity: &str| findings.iter().any(|finding| finding.severity == severity);
    i64::from(has("blocking") || (is_release(scenario) && has("warning")))
}

/// What disagrees. Every id that the peer names has to be answered with its severity; more is allowed, but no blocking
/// finding where the peer exits with 0. Where the peer is wrong, `want` is held against in its stead.
fn compare(oracle: &Value, scenario: &Value, findings: &BTreeSet<Finding>) -> Vec<String> {
    let mut faults = Vec::new();
    let has = |rules: &[&str], severity: &str| {
        findings.iter().any(|finding| rules.contains(&&*finding.rule) && finding.severity == severity)
    };
    let want = &scenario["want"];
    let expected = if scenario["parity"] == true { &scenario["exit"] } else { &want["exit"] };
    let exit = exit_of(scenario, findings);
    if expected.as_i64() != Some(exit) {
        faults.push(format!("exit is {exit}, not {expected}"));
    }
    for (list, severity) in [("blocking", "blocking"), ("warnings", "warning")] {
        for id in texts(&scenario[list]) {
            let titles = titles_of(scenario, id, severity);
            if titles.is_empty() || titles.iter().any(|title| !has(&rules_of(oracle, id, title), severity)) {
                faults.push(format!("no {severity} finding for {id}: {titles:?}"));
            }
        }
        for rule in texts(&want[list]) {
            if !has(&[rule], severity) {
                faults.push(format!("no {severity} finding {rule}"));
            }
        }
    }
    for rule in texts(&want["absent"]) {
        if findings.iter().any(|finding| finding.rule == rule) {
            faults.push(format!("an unwanted finding {rule}"));
        }
    }
    faults
}

/// The titles under which the peer names an id with a severity; it blocks on `block` and on `fail`.
fn titles_of<'o>(scenario: &'o Value, id: &str, severity: &str) -> Vec<&'o str> {
    let details = scenario["details"].as_array().into_iter().flatten();
    let of_it = details.filter(|detail| detail["id"] == id && (detail["status"] == "warn") == (severity == "warning"));
    of_it.filter_map(|detail| detail["title"].as_str()).collect()
}

/// What disagrees in one scenario, with its name.
fn disagreements(oracle: &Value, scenario: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(scenario, folder.path());
    let report = scan(folder.path(), &[]);
    let scope = scope(oracle, scenario);
    let all = report["findings"].as_array().expect("findings");
    let findings: BTreeSet<Finding> = all
        .iter()
        .map(|finding| Finding {
            rule: finding["rule"].as_str().unwrap_or_default().to_owned(),
            severity: finding["severity"].as_str().unwrap_or_default().to_owned(),
        })
        .filter(|finding| scope.contains(&*finding.rule))
        .collect();
    let name = scenario["name"].as_str().unwrap_or_default();
    let faults = compare(oracle, scenario, &findings);
    faults.iter().map(|fault| format!("{name}: {fault}\n    {findings:?}")).collect()
}

/// Replays every scenario of a file of observations.
fn replay(file: &str, count: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle").join(file);
    let oracle: Value = serde_json::from_str(&fs::read_to_string(path).expect("the observations")).expect("JSON");
    let scenarios = oracle["scenarios"].as_array().expect("scenarios");
    let faults: Vec<String> = scenarios.iter().flat_map(|scenario| disagreements(&oracle, scenario)).collect();
    assert_eq!(scenarios.len(), count);
    assert!(faults.is_empty(), "{} disagreements:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_observation_of_the_peer_is_answered() {
    replay("aksara.json", 127);
}

#[test]
fn further_observations_of_the_peer_are_answered() {
    replay("aksara-further.json", 461);
}

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

/// Lays a scenario out as a project: its files, its variables in `.env.production`.
fn lay_out(scenario: &Value, folder: &Path) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("pyproject.toml", "[project]\nname = \"app\"\ndependencies = [\"aksara-framework==0.7.2\"]\n");
    let mut lines = String::new();
    for (name, value) in scenario["env"].as_object().expect("variables") {
        let value = value.as_str().expect("a text");
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
        lines.push_str(&format!("{name}=\"{value}\"\n"));
    }
    // A release has to have the matrix and fails on warnings; that it is one is the deployment's to say.
    if is_release(scenario) {
        lines.push_str("AKSARA_REQUIRE_SECURITY_MATRIX=true\n");
    }
    write(".env.production", &lines);
    for (path, text) in scenario["files"].as_object().into_iter().flatten() {
        write(path, text.as_str().expect("a text"));
    }
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

/// What disagrees.
fn compare(oracle: &Value, scenario: &Value, findings: &BTreeSet<Finding>) -> Vec<String> {
    let mut faults = Vec::new();
    let has = |rules: &[&str], severity: &str| {
        findings.iter().any(|finding| rules.contains(&&*finding.rule) && finding.severity == severity)
    };
    let want = &scenario["want"];
    let blocks = findings.iter().any(|finding| finding.severity == "blocking");
    let warns = findings.iter().any(|finding| finding.severity == "warning");
    let exit = i64::from(blocks || (is_release(scenario) && warns));
    let expected = if want["exit"].is_number() { &want["exit"] } else { &scenario["exit"] };
    if expected.as_i64() != Some(exit) {
        faults.push(format!("exit is {exit}, not {expected}"));
    }
    for detail in scenario["details"].as_array().into_iter().flatten() {
        let (id, title) = (detail["id"].as_str().unwrap_or_default(), detail["title"].as_str().unwrap_or_default());
        let severity = if detail["status"] == "warn" { "warning" } else { "blocking" };
        if !has(&rules_of(oracle, id, title), severity) {
            faults.push(format!("no {severity} finding for {id}: {title}"));
        }
    }
    for (list, severity) in [("blocking", "blocking"), ("warnings", "warning")] {
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

/// What disagrees in one scenario, with its name.
fn disagreements(oracle: &Value, known: &BTreeSet<&str>, scenario: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(scenario, folder.path());
    let report = scan(folder.path(), &[]);
    let all = report["findings"].as_array().expect("findings");
    let findings: BTreeSet<Finding> = all
        .iter()
        .map(|finding| Finding {
            rule: finding["rule"].as_str().unwrap_or_default().to_owned(),
            severity: finding["severity"].as_str().unwrap_or_default().to_owned(),
        })
        .filter(|finding| known.contains(&*finding.rule))
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
    let mut known: BTreeSet<&str> =
        oracle["rule_map"].as_array().into_iter().flatten().flat_map(|row| texts(&row["any_of"])).collect();
    for scenario in scenarios {
        for list in ["blocking", "warnings", "absent"] {
            known.extend(texts(&scenario["want"][list]));
        }
    }
    // What crashed the peer has to be found as well, where nothing else is.
    known.insert("env/malformed-value");
    let faults: Vec<String> = scenarios.iter().flat_map(|scenario| disagreements(&oracle, &known, scenario)).collect();
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

//! Output against the schemas of those who read it.

use super::*;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn check(schema: &Value, instance: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let mistakes: Vec<String> =
        validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

fn stored(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&fs::read_to_string(path).expect("the schema is there")).expect("a schema")
}

/// A report with nothing, one with everything, and one without places.
fn reports() -> Vec<Report> {
    let mut placeless = report();
    for finding in placeless.findings.iter_mut().chain(&mut placeless.unverified) {
        finding.location = None;
    }
    placeless.problems.iter_mut().for_each(|problem| problem.location = None);
    vec![Report::default(), report(), placeless]
}

#[test]
fn sarif_fits_the_official_schema() {
    let mut schema = stored("tests/schemas/sarif-2.1.0.json");
    // A bracket too many, which a strict reader of patterns refuses: `^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$`.
    for part in ["run", "toolComponent"] {
        schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap().shift_remove("pattern");
    }
    for report in reports() {
        let style = Style { checklist: true, detail: 1, ..Style::default() };
        check(&schema, &serde_json::from_str(&Format::Sarif.render(&report, style)).unwrap());
    }
}

#[test]
fn sarif_results_have_what_code_scanning_demands() {
    for report in reports() {
        let log: Value = serde_json::from_str(&Format::Sarif.render(&report, Style::default())).unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        for result in log["runs"][0]["results"].as_array().unwrap() {
            assert!(result["message"]["text"].is_string());
            assert!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].is_string());
            assert_eq!(result["partialFingerprints"].as_object().unwrap().len(), 1);
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["markdown"].as_str().is_some_and(|text| text.contains("## Fix")), "{rule}");
        }
    }
}

/// What GitLab's documentation asks of an entry.
#[test]
fn gitlab_entries_have_what_merge_requests_demand() {
    let schema = serde_json::json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "pattern": "^[^./]|^\\.[^/]|^\\.$" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } }
                        }
                    }
                }
            }
        }
    });
    for report in reports() {
        let issues: Value = serde_json::from_str(&Format::Gitlab.render(&report, Style::default())).unwrap();
        check(&schema, &issues);
        let prints: std::collections::BTreeSet<&str> =
            issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(prints.len(), issues.as_array().unwrap().len(), "each has a fingerprint of its own");
    }
}

#[test]
fn json_and_json_lines_fit_the_published_schemas() {
    let (whole, line) = (stored("schema/report.schema.json"), stored("schema/report-line.schema.json"));
    for report in reports() {
        check(&whole, &serde_json::from_str(&Format::Json.render(&report, Style::default())).unwrap());
        for text in Format::Jsonl.render(&report, Style::default()).lines() {
            check(&line, &serde_json::from_str(text).unwrap());
        }
    }
}

/// The attributes and the order that Jenkins, GitLab and their like agree on.
#[test]
fn junit_has_the_shape_that_its_readers_share() {
    for report in reports() {
        let text = Format::Junit.render(&report, Style { checklist: true, ..Style::default() });
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "testsuites");
        let count = |node: roxmltree::Node<'_, '_>, tag: &str| {
            node.descendants().filter(|node| node.has_tag_name(tag)).count().to_string()
        };
        let suites = root.children().filter(|node| node.is_element());
        for node in suites.chain([root]) {
            assert_eq!(node.attribute("tests"), Some(&*count(node, "testcase")));
            assert_eq!(node.attribute("failures"), Some(&*count(node, "failure")));
            assert_eq!(node.attribute("errors"), Some(&*count(node, "error")));
        }
        for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
            assert!(case.attribute("name").is_some_and(|name| !name.is_empty()), "{text}");
            assert!(case.attribute("classname").is_some_and(|name| !name.is_empty()), "{text}");
        }
    }
}

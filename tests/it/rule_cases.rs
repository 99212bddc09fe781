//! Every file of `rules/` is a complete rule that does what its cases say.

use prodcheck::rules::{Rule, causes, load, run_cases};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// Every rule file with its id; what lies beside the categories is no rule.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder()).min_depth(2).sort_by_file_name() {
        let entry = entry.expect("a readable folder of rules");
        if entry.path().extension().is_some_and(|ending| ending == "toml") {
            let path = entry.path().strip_prefix(folder()).expect("below the folder").with_extension("");
            let id = path.to_str().expect("a plain name").replace('\\', "/");
            files.insert(id, fs::read_to_string(entry.path()).expect("a readable rule"));
        }
    }
    files
}

/// The rules that can be read, and a line for each that cannot.
fn rules() -> (Vec<Rule>, Vec<String>) {
    let mut rules = Vec::new();
    let mut errors = Vec::new();
    for (id, text) in files() {
        match load(&id, &text) {
            Ok(rule) => rules.push(rule),
            Err(error) => {
                let start = error.span.start as usize;
                let line = text[..start.min(text.len())].matches('\n').count() + 1;
                let column = start - text[..start].rfind('\n').map_or(0, |at| at + 1) + 1;
                errors.push(format!("rules/{id}.toml:{line}:{column}: {}", error.message));
            }
        }
    }
    (rules, errors)
}

#[test]
fn every_rule_file_can_be_read() {
    let (_, errors) = rules();
    assert!(errors.is_empty(), "\n{}", errors.join("\n"));
}

#[test]
fn every_case_gets_the_verdict_it_names() {
    let mut failures = Vec::new();
    let texts = files();
    for rule in rules().0 {
        for failure in run_cases(&rule) {
            let line = texts[&*rule.id][..failure.span.start as usize].matches('\n').count() + 1;
            let place = format!("rules/{}.toml:{line}", rule.id);
            failures.push(format!(
                "{place}: {}\n    expected {}\n    got      {}",
                failure.case, failure.expected, failure.got
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_rule_says_what_why_and_what_to_do() {
    let mut faults = Vec::new();
    for rule in rules().0 {
        let mut fault = |wrong: bool, what: &str| {
            if wrong {
                faults.push(format!("rules/{}.toml: {what}", rule.id));
            }
        };
        let says = &rule.report.says;
        let messages: Vec<&String> = says.iter().map(|saying| &saying.message).chain([&rule.report.message]).collect();
        let fixes: Vec<&String> =
            says.iter().filter_map(|saying| saying.fix.as_ref()).chain([&rule.report.fix]).collect();
        for message in &messages {
            fault(message.ends_with('.'), "`message` ends with a full stop");
            let starts = message.chars().next().is_some_and(char::is_uppercase);
            fault(
                starts && !message[1..2].chars().all(char::is_uppercase),
                "`message` starts with an upper case letter",
            );
        }
        fault(fixes.iter().any(|fix| !fix.ends_with('.')), "`fix` is not a full sentence");
        fault(!rule.why.trim_end().ends_with('.'), "`why` is not a full sentence");
        fault(rule.why.len() < 40, "`why` says too little");
        fault(
            messages
                .iter()
                .chain(&fixes)
                .chain(&[&rule.why, &rule.summary])
                .any(|text| text.contains("! ") || text.ends_with('!')),
            "a text shouts",
        );
        fault(
            rule.references.iter().any(|reference| !reference.starts_with("https://")),
            "a reference is no https address",
        );
        for step in &rule.severity_when {
            let shown = rule.cases.iter().any(|case| case.severity == Some(step.severity));
            fault(!shown, &format!("no case shows the step of severity {}", step.severity.name()));
        }
        if let Some(severity) = rule.default_severity {
            let shown = rule.cases.iter().any(|case| case.severity == Some(severity));
            fault(!shown, "no case shows the severity of the default");
        }
        let names: std::collections::BTreeSet<_> = rule.cases.iter().map(|case| &case.name).collect();
        fault(names.len() != rule.cases.len(), "two cases have one name");
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_message_of_a_cause_is_told_by_a_case() {
    let mut faults = Vec::new();
    for rule in rules().0 {
        let told = causes(&rule);
        for (index, saying) in rule.report.says.iter().enumerate() {
            if !told.contains(&Some(index)) {
                faults.push(format!("rules/{}.toml: no case is told as \"{}\"", rule.id, saying.message));
            }
        }
        if !rule.report.says.is_empty() && !told.contains(&None) {
            faults.push(format!("rules/{}.toml: no case is told as \"{}\"", rule.id, rule.report.message));
        }
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

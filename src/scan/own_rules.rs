//! Tests the rules of a folder: their cases, and their examples on the whole way of a scan.

use super::open::{UserFile, open};
use super::{ScanError, ScanOptions, scan_files};
use crate::config::{ConfigError, FILE_NAME, Mistake};
use crate::project::{Given, OpenError, Options, Project};
use crate::report::Report;
use crate::rules::{Catalogue, Expected, Rule, load, run_cases};
use crate::syntax::Span;
use std::path::Path;
use std::sync::Arc;

/// One rule with what its cases and its example showed.
#[derive(Clone, Debug)]
pub struct TestedRule {
    /// The rule's id.
    pub id: Arc<str>,
    /// How many cases it has.
    pub cases: usize,
    /// Whether it has an example.
    pub example: bool,
    /// What is not as the rule's file says; nothing where all is.
    pub failures: Option<ConfigError>,
}

/// The rules that come with prodcheck, and those of the project at a path where it has its own.
pub fn rules_of(path: &Path) -> Result<Catalogue, ScanError> {
    if Project::root_of(path).is_ok_and(|root| root.join(FILE_NAME).exists()) {
        return Ok(open(&ScanOptions { path: path.into(), ..ScanOptions::default() })?.catalogue);
    }
    Ok(Catalogue::builtin())
}

/// The folder of own rules that the project at a path names, where it names one.
pub fn rules_folder_of(path: &Path) -> Result<Option<std::path::PathBuf>, ScanError> {
    let root = Project::root_of(path)?;
    if !root.join(FILE_NAME).exists() {
        return Ok(None);
    }
    let opened = open(&ScanOptions { path: path.into(), ..ScanOptions::default() })?;
    Ok(opened.config.rules_folder.map(|folder| root.join(folder)))
}

/// Runs the cases and the examples of every rule below a folder, in the order of their ids; a file that cannot be read
/// as a rule is one that failed. Of those that are `built_in` the cases alone are run: an example shows what is compiled in.
pub fn test_rules(folder: &Path, built_in: bool) -> Result<Vec<TestedRule>, ScanError> {
    if !folder.is_dir() {
        let why = if folder.exists() { "it is no folder" } else { "it does not exist" };
        return Err(OpenError { path: folder.display().to_string(), why: why.into() }.into());
    }
    let project = Project::open(folder, &Options::default())?;
    let catalogue = Catalogue::builtin();
    let mut rules: Vec<(Rule, UserFile)> = Vec::new();
    let mut wrong: Vec<TestedRule> = Vec::new();
    for file in project.ids() {
        let path = &project.file(file).path;
        if !project.selected(path) || **path == *FILE_NAME {
            continue;
        }
        let inner = path[project.selection().len()..].trim_start_matches('/');
        let Some(id) = inner.strip_suffix(".toml") else { continue };
        // Beside the categories lie the limits of all rules.
        if built_in && !id.contains('/') {
            continue;
        }
        let text = match UserFile::read(&project, file) {
            Ok(text) => text,
            Err(error) => {
                let empty = UserFile { path: path.clone(), text: Arc::default() };
                wrong.push(not_read(id, &empty, Mistake::unreadable(Span::default(), &error.why)));
                continue;
            }
        };
        if !built_in && catalogue.rule(id).is_some() {
            wrong.push(not_read(id, &text, Mistake::taken(Span::default(), id)));
            continue;
        }
        match load(id, &text.text) {
            Ok(rule) => rules.push((rule, text)),
            Err(error) => wrong.push(not_read(id, &text, Mistake::at(error.span, &error.message))),
        }
    }
    let texts: Vec<(String, String)> =
        rules.iter().map(|(rule, file)| (rule.id.to_string(), file.text.to_string())).collect();
    let of = |(rule, file): (Rule, UserFile)| {
        let rule = if built_in { Rule { example: None, ..rule } } else { rule };
        tested(&rule, &file, &texts)
    };
    let mut all: Vec<TestedRule> = rules.into_iter().map(of).collect();
    all.extend(wrong);
    all.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(all)
}

/// A file that is no rule: nothing of it can be run.
fn not_read(id: &str, file: &UserFile, mistake: Mistake) -> TestedRule {
    let failures = ConfigError { path: file.path.clone(), text: file.text.clone(), mistakes: vec![mistake] };
    TestedRule { id: id.into(), cases: 0, example: false, failures: Some(failures) }
}

fn tested(rule: &Rule, file: &UserFile, texts: &[(String, String)]) -> TestedRule {
    let failed = |failure: crate::rules::CaseFailure| {
        let message = format!("{}: expected {}, got {}", failure.case, failure.expected, failure.got);
        Mistake::at(failure.span, &message)
    };
    let mut mistakes: Vec<Mistake> = run_cases(rule).into_iter().map(failed).collect();
    mistakes.extend(example(rule, file, texts));
    let failures = ConfigError { path: file.path.clone(), text: file.text.clone(), mistakes };
    TestedRule {
        id: rule.id.clone(),
        cases: rule.cases.len(),
        example: rule.example.is_some(),
        failures: Some(failures).filter(|failures| !failures.mistakes.is_empty()),
    }
}

/// What is not so with the rule's example: the bad project raises the rule, the good one does not.
fn example(rule: &Rule, file: &UserFile, texts: &[(String, String)]) -> Vec<Mistake> {
    let Some(example) = &rule.example else { return Vec::new() };
    // A few rules never say more than that something cannot be known.
    let says_bad = rule.cases.iter().any(|case| case.verdict == Expected::Violated);
    let of = |title: &str, files: &[(Arc<str>, String)], wanted: bool| {
        let given = files.iter().map(|(path, text)| Given::new(&**path, text));
        let wrong = match scan_files(given, texts.to_vec(), &ScanOptions::default()) {
            Err(error) => Some(format!("the {title} example cannot be scanned: {error}")),
            Ok(report) if report.apps.is_empty() => Some(format!("no app is found in the {title} example")),
            Ok(report) => match (raises(&report, &rule.id, says_bad), wanted) {
                (false, true) => Some(format!("the {title} example does not raise the rule")),
                (true, false) => Some(format!("the {title} example raises the rule")),
                _ => None,
            },
        };
        wrong.map(|message| Mistake::at(place_of(&file.text, title), &message))
    };
    of("bad", &example.bad, true).into_iter().chain(of("good", &example.good, false)).collect()
}

fn raises(report: &Report, id: &str, says_bad: bool) -> bool {
    let said = report.findings.iter().chain(&report.checklist);
    let unknown = report.unverified.iter().filter(|_| !says_bad);
    said.chain(unknown).any(|finding| *finding.rule == *id)
}

/// The head of one side of the example.
fn place_of(text: &str, title: &str) -> Span {
    let head = format!("[example.{title}]");
    let start = text.find(&head).or_else(|| text.find("[example]")).unwrap_or_default();
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(byte(start), byte((start + head.len()).min(text.len())))
}

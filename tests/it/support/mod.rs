//! Fixtures: laid out as projects of their own, with what they expect and what prodcheck says.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Every folder two levels below `fixtures/` that holds a project.
pub(crate) fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = |dir: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).expect("a readable fixtures folder");
        let mut all: Vec<PathBuf> =
            entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
        all.sort();
        all
    };
    folders(&root).iter().flat_map(|framework| folders(framework)).collect()
}

/// A finding at a place, as a fixture states it and as a report gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expectation {
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) rule: String,
    pub(crate) severity: String,
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {} {}", self.file, self.line, self.rule, self.severity)
    }
}

/// A folder that is a root of its own, with these files.
pub(crate) fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("a root");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

/// Copies a fixture into a folder of its own and puts it under git.
pub(crate) fn lay_out(fixture: &Path) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(fixture, folder.path());
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git").current_dir(folder).args(arguments).status().expect("git");
    assert!(status.success(), "git {arguments:?}");
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else if entry.file_name() != "expect.toml" {
            fs::copy(entry.path(), &target).expect("a file");
        }
    }
}

/// What a fixture says it must report.
pub(crate) fn expected(fixture: &Path) -> BTreeSet<Expectation> {
    let mut all = BTreeSet::new();
    collect(fixture, fixture, &mut all);
    all
}

fn collect(root: &Path, folder: &Path, into: &mut BTreeSet<Expectation>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, into);
        } else if path.file_name().is_some_and(|name| name == "expect.toml") {
            from_table(&fs::read_to_string(&path).expect("a text"), into);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let file = path.strip_prefix(root).expect("a path below the fixture").display().to_string();
            from_comments(&file, &text, into);
        }
    }
}

fn from_table(text: &str, into: &mut BTreeSet<Expectation>) {
    let table: toml::Table = text.parse().expect("a valid expect.toml");
    for row in table.get("expect").and_then(toml::Value::as_array).into_iter().flatten() {
        let word = |key: &str| {
            row.get(key).and_then(toml::Value::as_str).unwrap_or_else(|| panic!("`{key}` in expect.toml")).to_owned()
        };
        let line = row.get("line").and_then(toml::Value::as_integer).expect("`line` in expect.toml");
        let line = u64::try_from(line).expect("a line number");
        into.insert(Expectation { file: word("file"), line, rule: word("rule"), severity: word("severity") });
    }
}

fn from_comments(file: &str, text: &str, into: &mut BTreeSet<Expectation>) {
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some((before, mut rest)) = line.split_once("expect: ") else { continue };
        let alone = before.trim().chars().all(|c| !c.is_alphanumeric());
        let target = if alone {
            lines
                .iter()
                .skip(index + 1)
                .position(|line| !line.contains("expect: "))
                .map_or(index, |next| index + 1 + next)
        } else {
            index
        };
        loop {
            let mut words = rest.split_whitespace();
            let (Some(rule), Some(severity)) = (words.next(), words.next()) else {
                panic!("{file}:{}: an expectation without a severity", index + 1)
            };
            let severity = severity.trim_end_matches(',').to_owned();
            into.insert(Expectation {
                file: file.to_owned(),
                line: target as u64 + 1,
                rule: rule.to_owned(),
                severity,
            });
            match rest.split_once(", ") {
                Some((_, more)) => rest = more,
                None => break,
            }
        }
    }
}

/// What prodcheck reports of a project.
pub(crate) fn actual(project: &Path) -> BTreeSet<Expectation> {
    let report = scan(project, &[]);
    let lists = ["findings", "unverified", "problems"].map(|list| report[list].as_array().cloned().unwrap_or_default());
    // What follows from another entry is told with it.
    lists.concat().iter().filter(|entry| !entry["because_of"].is_string()).map(expectation).collect()
}

fn expectation(entry: &Value) -> Expectation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rule = if entry["rule"].is_string() { text(&entry["rule"]) } else { text(&entry["id"]) };
    Expectation {
        file: text(&entry["location"]["file"]),
        line: entry["location"]["line"].as_u64().unwrap_or_default(),
        rule,
        severity: text(&entry["severity"]),
    }
}

/// The JSON report of a scan.
pub(crate) fn scan(project: &Path, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_prodcheck"))
        .arg("scan")
        .arg(project)
        .args(["--format", "json"])
        .args(arguments)
        .output()
        .expect("prodcheck runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("no report for {}: {error}\n{}", project.display(), String::from_utf8_lossy(&output.stderr))
    })
}

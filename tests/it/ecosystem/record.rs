//! What was judged of one public project: `ecosystem/OWNER.NAME.toml`, read and held to its form.

use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// One project, at one commit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// `OWNER.NAME`: the record's file and the clone's folder.
    #[serde(skip)]
    pub(super) name: String,
    pub(super) repository: String,
    pub(super) commit: String,
    /// The folder that is scanned.
    pub(super) root: String,
    pub(super) untuned: Untuned,
    #[serde(default)]
    pub(super) finding: Vec<Judged>,
    #[serde(default)]
    pub(super) missed: Vec<Missed>,
}

/// What the very first run gave, before anything was mended for what it showed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Untuned {
    pub(super) blocking: usize,
    pub(super) blocking_useful: usize,
    pub(super) all: usize,
    pub(super) all_useful: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// A maintainer would thank for it.
    Useful,
    /// True, and no reason to change anything.
    NotWorth,
    /// Not so.
    False,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Severity {
    Blocking,
    Warning,
}

/// A finding that was judged by reading the place it names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Judged {
    pub(super) rule: String,
    pub(super) severity: Severity,
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) verdict: Verdict,
    pub(super) why: String,
}

/// What is wrong with the project, and no finding says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Missed {
    pub(super) rule: String,
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) why: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ecosystem")
}

/// Every record, by name; one that cannot be read is an error that names it.
pub(super) fn all() -> Result<Vec<Record>, String> {
    let entries = fs::read_dir(folder()).map_err(|error| error.to_string())?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Record, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = path.file_stem().expect("a name").to_string_lossy();
    parse(&name, &text)
}

pub(super) fn parse(name: &str, text: &str) -> Result<Record, String> {
    let record: Record = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
    Ok(Record { name: name.to_owned(), ..record })
}

/// What is wrong with a record itself.
pub(super) fn faults(record: &Record) -> Vec<String> {
    let mut faults = Vec::new();
    let mut hold = |holds: bool, fault: String| {
        if !holds {
            faults.push(format!("{}: {fault}", record.name));
        }
    };
    hold(record.repository.replacen('/', ".", 1) == record.name, format!("is not the record of {}", record.repository));
    let full = record.commit.len() == 40 && record.commit.chars().all(|sign| sign.is_ascii_hexdigit());
    hold(full, format!("{} is no full commit", record.commit));
    let Untuned { blocking, blocking_useful, all, all_useful } = record.untuned;
    let adds_up = blocking_useful <= blocking && all_useful <= all && blocking <= all && blocking_useful <= all_useful;
    hold(adds_up, "the untuned figures do not add up".to_owned());
    for judged in &record.finding {
        let place = format!("{} in {}:{}", judged.rule, judged.file, judged.line);
        hold(is_rule(&judged.rule), format!("{place} names no rule"));
        hold(is_sentence(&judged.why), format!("{place} is judged without a sentence"));
    }
    for missed in &record.missed {
        let place = format!("{} missed in {}:{}", missed.rule, missed.file, missed.line);
        hold(is_sentence(&missed.why), format!("{place} has no sentence"));
    }
    faults
}

fn is_rule(id: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(format!("{id}.toml")).is_file()
}

fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() > 3
}

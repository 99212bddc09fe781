//! What prodcheck says of public projects, held against what was judged of it by reading them (`ecosystem/README.md`).

#![allow(clippy::print_stdout, reason = "the figures are what a run is for")]

mod figures;
mod held;
mod record;

use figures::Figures;
use held::{Held, findings, hold, place, was_missed};
use record::{Record, Verdict};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable that names the folder with the clones.
const CLONES: &str = "ECOSYSTEM";

fn records() -> Vec<Record> {
    record::all().unwrap_or_else(|error| panic!("{error}"))
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().expect("git runs");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Why a folder is not the clone that was judged. Without an index git tracks nothing, and every finding about what
/// is committed would be another one.
fn refused(clone: &Path, commit: &str) -> Option<String> {
    let own = |arguments: &[&str]| git(clone, arguments).map(|path| clone.join(path));
    let Some(top) = own(&["rev-parse", "--show-toplevel"]) else { return Some("is under no git".to_owned()) };
    if top.canonicalize().ok() != clone.canonicalize().ok() {
        return Some("is no clone of its own".to_owned());
    }
    if !own(&["rev-parse", "--git-path", "index"]).is_some_and(|index| index.is_file()) {
        return Some("has no git index: check the commit out".to_owned());
    }
    let head = git(clone, &["rev-parse", "HEAD"]).unwrap_or_default();
    (head != commit).then(|| format!("is at {head} and was judged at {commit}"))
}

fn scan(root: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    let output = command.arg("scan").arg(root).args(["--format", "json"]).output().expect("prodcheck runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("no report of {}: {error}", root.display()))
}

/// Tells what changed since the project was judged, and gives what nobody judged.
fn tell(record: &Record, held: &Held) -> Vec<String> {
    let name = &record.name;
    for known in &held.known {
        let now = place(&known.finding.rule, &known.finding.file, known.finding.line);
        if known.judged_at != known.finding.line {
            println!("moved   {name}: {now}, from line {}", known.judged_at);
        }
        if known.severity_changed {
            println!("changed {name}: {now} has another severity");
        }
    }
    for (place, verdict) in &held.gone {
        println!("gone    {name}: {place} ({verdict:?})");
    }
    for missed in &record.missed {
        println!("missed  {name}: {}: {}", place(&missed.rule, &missed.file, missed.line), missed.why);
    }
    let new = held.new.iter().map(|finding| {
        let said = if was_missed(record, finding) { ", which was missed" } else { "" };
        format!("{name}: {}{said}", place(&finding.rule, &finding.file, finding.line))
    });
    new.collect()
}

#[test]
fn every_verdict_is_one_of_three_and_has_a_reason() {
    let faults: Vec<String> = records().iter().flat_map(record::faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
#[ignore = "needs clones of the projects: see ecosystem/README.md"]
fn every_finding_was_judged() {
    let clones = PathBuf::from(std::env::var(CLONES).expect("ECOSYSTEM names the folder with the clones"));
    let (mut figures, mut faults, mut scanned) = (Figures::default(), Vec::new(), 0);
    for record in records() {
        let clone = clones.join(&record.name);
        if !clone.is_dir() {
            println!("absent  {}", record.name);
            continue;
        }
        scanned += 1;
        if let Some(reason) = refused(&clone, &record.commit) {
            faults.push(format!("{}: the clone {reason}", record.name));
            continue;
        }
        let held = hold(&record, findings(&scan(&clone.join(&record.root))));
        figures.add(&record.name, &record.untuned, &held);
        faults.extend(tell(&record, &held).into_iter().map(|new| format!("{new} has no verdict")));
    }
    println!("\n{figures}");
    assert!(scanned > 0, "{} holds none of the projects", clones.display());
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

const RECORD: &str = r#"
repository = "shop/api"
commit = "0123456789012345678901234567890123456789"
root = "."
untuned = { blocking = 1, blocking_useful = 0, all = 2, all_useful = 1 }

[[finding]]
rule = "cors/wildcard"
severity = "blocking"
file = "app.ts"
line = 12
verdict = "useful"
why = "Answers carry the cookies of users."

[[finding]]
rule = "cors/wildcard"
severity = "warning"
file = "app.ts"
line = 14
verdict = "not_worth"
why = "Only the public feed is read."

[[missed]]
rule = "cors/loose-regex"
file = "app.ts"
line = 40
why = "The pattern has no end."
"#;

fn judged() -> Record {
    record::parse("shop.api", RECORD).unwrap_or_else(|error| panic!("{error}"))
}

fn report(places: &[(&str, &str, u64)]) -> Value {
    let finding = |(rule, severity, line): &(&str, &str, u64)| serde_json::json!({ "rule": rule, "severity": severity, "location": { "file": "app.ts", "line": line } });
    serde_json::json!({ "apps": [], "findings": places.iter().map(finding).collect::<Vec<Value>>() })
}

#[test]
fn a_record_that_is_not_of_the_form_is_refused() {
    assert_eq!(record::faults(&judged()), Vec::<String>::new());
    for (from, to) in [("\"useful\"", "\"fine\""), ("severity", "level"), ("why = \"The pattern has no end.\"", "")] {
        assert!(record::parse("shop.api", &RECORD.replacen(from, to, 1)).is_err(), "{to}");
    }
    for (from, to) in [
        ("shop/api", "shop/web"),
        ("0123456789012345678901234567890123456789", "0123456"),
        ("all = 2", "all = 0"),
        ("cors/wildcard", "cors/any"),
        ("Answers carry the cookies of users.", "Yes."),
        ("The pattern has no end.", "Open."),
    ] {
        let record = record::parse("shop.api", &RECORD.replacen(from, to, 1)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(record::faults(&record).len(), 1, "{to}");
    }
}

#[test]
fn a_finding_takes_the_nearest_verdict_and_each_verdict_is_taken_once() {
    let three = [("cors/wildcard", "blocking", 14), ("cors/wildcard", "warning", 9), ("cors/wildcard", "warning", 12)];
    let held = hold(&judged(), findings(&report(&three)));
    let taken: Vec<_> = held.known.iter().map(|known| (known.finding.line, known.verdict)).collect();
    assert_eq!(taken, [(14, Verdict::NotWorth), (12, Verdict::Useful)]);
    assert!(held.known.iter().all(|known| known.severity_changed));
    assert_eq!(held.new.iter().map(|finding| finding.line).collect::<Vec<_>>(), [9]);
    assert!(held.gone.is_empty());
}

#[test]
fn what_moved_far_is_new_and_gone() {
    let held =
        hold(&judged(), findings(&report(&[("cors/wildcard", "blocking", 18), ("cors/loose-regex", "warning", 41)])));
    assert!(held.known.is_empty());
    assert_eq!(held.gone.len(), 2);
    let record = judged();
    let missed: Vec<bool> = held.new.iter().map(|finding| was_missed(&record, finding)).collect();
    assert_eq!(missed, [false, true]);
}

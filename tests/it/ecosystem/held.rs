//! The findings of one scan, held against what was judged: each verdict belongs to one finding, the nearest of its rule and file.

use super::record::{Judged, Record, Severity, Verdict};
use serde_json::Value;

/// How far a finding may stray from the line where it was judged.
const NEAR: u64 = 3;

/// A finding as a scan gives it.
pub(super) struct Finding {
    pub(super) rule: String,
    pub(super) severity: Severity,
    pub(super) file: String,
    pub(super) line: u64,
    /// The framework of the app it is about, or `deployment`.
    pub(super) framework: String,
}

/// A finding with its verdict, and the line where it was judged.
pub(super) struct Known {
    pub(super) finding: Finding,
    pub(super) verdict: Verdict,
    pub(super) judged_at: u64,
    pub(super) severity_changed: bool,
}

/// What became of one project's findings.
#[derive(Default)]
pub(super) struct Held {
    pub(super) known: Vec<Known>,
    /// Findings that nobody judged.
    pub(super) new: Vec<Finding>,
    /// What was judged and is no longer said: its place, and the verdict.
    pub(super) gone: Vec<(String, Verdict)>,
}

pub(super) fn findings(report: &Value) -> Vec<Finding> {
    let list = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
    list.iter().map(|entry| finding(entry, report)).collect()
}

fn finding(entry: &Value, report: &Value) -> Finding {
    let app = &entry["subjects"][0]["app"];
    let apps = report["apps"].as_array().map_or(&[][..], Vec::as_slice);
    let own = apps.iter().find(|own| own["id"] == *app);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Finding {
        rule: text(&entry["rule"]),
        severity: if entry["severity"] == "blocking" { Severity::Blocking } else { Severity::Warning },
        file: text(&entry["location"]["file"]),
        line: entry["location"]["line"].as_u64().unwrap_or_default(),
        framework: own.and_then(|own| own["framework"].as_str()).unwrap_or("deployment").to_owned(),
    }
}

/// Gives each finding its verdict: first those on the very line, then those near it.
pub(super) fn hold(record: &Record, findings: Vec<Finding>) -> Held {
    let mut open: Vec<&Judged> = record.finding.iter().collect();
    let mut held = Held { new: findings, ..Held::default() };
    for distance in 0..=NEAR {
        let mut left = Vec::new();
        for finding in held.new {
            let fits = |judged: &&Judged| is_of(judged, &finding, distance);
            let Some(position) = open.iter().position(fits) else {
                left.push(finding);
                continue;
            };
            let judged = open.swap_remove(position);
            let (verdict, judged_at) = (judged.verdict, judged.line);
            let severity_changed = judged.severity != finding.severity;
            held.known.push(Known { finding, verdict, judged_at, severity_changed });
        }
        held.new = left;
    }
    held.gone = open.iter().map(|judged| (place(&judged.rule, &judged.file, judged.line), judged.verdict)).collect();
    held
}

fn is_of(judged: &Judged, finding: &Finding, distance: u64) -> bool {
    judged.rule == finding.rule && judged.file == finding.file && judged.line.abs_diff(finding.line) == distance
}

/// Whether a new finding says what was written down as missed.
pub(super) fn was_missed(record: &Record, finding: &Finding) -> bool {
    let is_it = |file: &str, line: u64| file == finding.file && line.abs_diff(finding.line) <= NEAR;
    record.missed.iter().any(|missed| missed.rule == finding.rule && is_it(&missed.file, missed.line))
}

pub(super) fn place(rule: &str, file: &str, line: u64) -> String {
    format!("{rule} in {file}:{line}")
}

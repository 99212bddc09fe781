//! What differs between two looks at one project, as text for people and as JSON for programs.

use super::{SettingRow, Style, TableFormat};
use crate::findings::{Finding, Severity};
use crate::mask::{Masker, json_safe, printable};
use owo_colors::{OwoColorize, Style as Paint};
use serde::Serialize;
use std::fmt::Write;

/// The version of the JSON.
const SCHEMA_VERSION: u32 = 1;

/// What differs.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// What the left side is called.
    pub left: String,
    /// What the right side is called.
    pub right: String,
    /// The apps of both sides.
    pub apps: Vec<String>,
    /// Settings whose values differ.
    pub settings: Vec<SettingChange>,
    /// Findings that only one side has, or that weigh differently.
    pub findings: Vec<FoundChange>,
}

/// A setting whose value differs.
#[derive(Clone, Debug, Serialize)]
pub struct SettingChange {
    app: String,
    target: Option<String>,
    kind: &'static str,
    resource: String,
    setting: &'static str,
    key: Option<String>,
    /// What it is on the left; null where the left has no such thing.
    left: Option<Held>,
    /// What it is on the right; null where the right has no such thing.
    right: Option<Held>,
}

/// What a setting is on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Held {
    value: String,
    state: &'static str,
    from: Option<String>,
}

impl Held {
    fn of(row: SettingRow) -> Option<Held> {
        Some(Held { value: row.value?, state: row.state, from: row.from })
    }
}

impl SettingChange {
    /// The change from one row to another; one of them is there.
    pub fn between(left: Option<SettingRow>, right: Option<SettingRow>) -> SettingChange {
        let about = right.as_ref().or(left.as_ref()).expect("internal error: a change has a side").clone();
        SettingChange {
            app: about.app,
            target: about.target,
            kind: about.kind,
            resource: about.resource,
            setting: about.setting,
            key: about.key,
            left: left.and_then(Held::of),
            right: right.and_then(Held::of),
        }
    }
}

/// What becomes of a finding from the left to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingChange {
    /// Only the right has it.
    Appears,
    /// It weighs differently.
    Changes,
    /// Only the left has it.
    Disappears,
}

/// A finding that only one side has, or that weighs differently.
#[derive(Clone, Debug, Serialize)]
pub struct FoundChange {
    change: FindingChange,
    rule: String,
    /// Its weight: on the right, or where it is.
    severity: &'static str,
    /// Its weight on the left, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'static str>,
    message: String,
    app: String,
    place: Option<String>,
    fingerprint: String,
    #[serde(skip)]
    weight: Option<Severity>,
}

impl FoundChange {
    /// The change of a finding.
    pub fn of(finding: &Finding, masker: &Masker, change: FindingChange, was: Option<Severity>) -> FoundChange {
        FoundChange {
            change,
            rule: finding.rule.to_string(),
            severity: super::json::severity_name(finding.severity),
            was: was.map(super::json::severity_name),
            message: masker.words(&finding.message),
            app: finding.subject().app.to_string(),
            place: finding.location.as_ref().map(|at| format!("{}:{}:{}", at.file, at.line, at.column)),
            fingerprint: finding.fingerprint.clone(),
            weight: Some(finding.severity),
        }
    }
}

#[derive(Serialize)]
struct Document<'d> {
    schema_version: u32,
    left: &'d str,
    right: &'d str,
    settings: &'d [SettingChange],
    findings: &'d [FoundChange],
}

impl Difference {
    /// Whether both sides are the same.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.findings.is_empty()
    }

    /// The difference in a format, ready to be written out.
    pub fn render(&self, format: TableFormat, style: Style) -> String {
        match format {
            TableFormat::Json => {
                let Difference { left, right, settings, findings, .. } = self;
                let document = Document { schema_version: SCHEMA_VERSION, left, right, settings, findings };
                let json = serde_json::to_string_pretty(&document).expect("internal error: a row has no odd keys");
                json_safe(&(json + "\n")).into_owned()
            }
            TableFormat::Human => self.human(style),
        }
    }

    // Writing to a string cannot fail.
    fn human(&self, style: Style) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{} {}", painted("-", red(), style), painted(&self.left, red(), style));
        let _ = writeln!(out, "{} {}", painted("+", green(), style), painted(&self.right, green(), style));
        for group in self.settings.chunk_by(|a, b| a.app == b.app && a.target == b.target) {
            let target = group[0].target.as_ref().map_or(String::new(), |target| format!(" on {target}"));
            let app = if group[0].app.is_empty() { "." } else { &*group[0].app };
            let _ = writeln!(out, "\nSettings of {}", printable(&format!("{app}{target}")));
            for of_one in group.chunk_by(|a, b| a.kind == b.kind && a.resource == b.resource) {
                match one_sided(of_one) {
                    Some(line) => {
                        let paint = if line.starts_with('-') { red() } else { green() };
                        let _ = writeln!(out, "  {}", painted(&line, paint, style));
                    }
                    None => of_one.iter().for_each(|change| out.push_str(&setting(change, style))),
                }
            }
        }
        for (change, title) in [
            (FindingChange::Disappears, "Gone on the right"),
            (FindingChange::Changes, "Different severity"),
            (FindingChange::Appears, "New on the right"),
        ] {
            out.push_str(&self.findings_in_words(change, title, style));
        }
        let (settings, findings) = (self.settings.len(), self.findings.len());
        let nothing =
            if self.is_empty() { "\nno difference in settings or findings\n".to_owned() } else { String::new() };
        out.push_str(&nothing);
        if !self.is_empty() {
            let settings = super::words::plural(settings, "setting differs", "settings differ");
            let findings = super::words::plural(findings, "finding differs", "findings differ");
            let _ = writeln!(out, "\n{settings}, {findings}");
        }
        out
    }

    fn findings_in_words(&self, change: FindingChange, title: &str, style: Style) -> String {
        let mut found: Vec<&FoundChange> = self.findings.iter().filter(|found| found.change == change).collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.weight));
        if found.is_empty() {
            return String::new();
        }
        let mut out = format!("\n{title}\n");
        let (sign, paint) = match change {
            FindingChange::Appears => ("+", green()),
            FindingChange::Disappears => ("-", red()),
            FindingChange::Changes => ("~", Paint::new()),
        };
        for found in found {
            let was = found.was.map_or(String::new(), |was| format!(" (was {was})"));
            let head = painted(&format!("{sign} {} {}{was}", found.severity, found.rule), paint, style);
            let place = found.place.as_ref().map_or(String::new(), |place| format!("  {place}"));
            let _ = writeln!(out, "  {head}{}", printable(&place));
            let _ = writeln!(out, "      {}", printable(&found.message));
        }
        out
    }
}

/// A thing that only one side has, in one line.
fn one_sided(changes: &[SettingChange]) -> Option<String> {
    let sign = match &changes[0] {
        SettingChange { right: None, .. } => "-",
        SettingChange { left: None, .. } => "+",
        _ => return None,
    };
    let alone = |change: &SettingChange| if sign == "-" { change.right.is_none() } else { change.left.is_none() };
    let all = changes.len() > 1 && changes.iter().all(alone);
    all.then(|| format!("{sign} {} {}", changes[0].kind.replace('_', " "), changes[0].resource))
}

fn setting(change: &SettingChange, style: Style) -> String {
    let mut out = String::new();
    let key = change.key.as_ref().filter(|key| **key != change.resource);
    let key = key.map_or(String::new(), |key| format!("  {key}"));
    let name = format!("{}.{} of {}{key}", change.kind, change.setting, change.resource);
    let _ = writeln!(out, "  {}", printable(&name));
    let masked = change.left.as_ref().map(|held| &held.value) == change.right.as_ref().map(|held| &held.value);
    for (sign, held, paint) in [("-", &change.left, red()), ("+", &change.right, green())] {
        let line = match held {
            Some(held) => {
                let from = held.from.as_ref().map_or(String::new(), |from| format!("  {from}"));
                let another = if masked && sign == "+" { ", another value" } else { "" };
                format!("{sign} {} ({}{another}){from}", held.value, held.state)
            }
            None => format!("{sign} there is none"),
        };
        let _ = writeln!(out, "    {}", painted(&line, paint, style));
    }
    out
}

fn painted(text: &str, paint: Paint, style: Style) -> String {
    let text = printable(text);
    if style.colour { text.style(paint).to_string() } else { text.into_owned() }
}

fn red() -> Paint {
    Paint::new().red()
}

fn green() -> Paint {
    Paint::new().green()
}

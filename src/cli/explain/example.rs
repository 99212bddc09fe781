//! A rule's example: the sources, and what a scan says of them.

use super::super::output::{NARROW, WIDE};
use super::told::Told;
use crate::project::Given;
use crate::report::{Report, Style, of_rule};
use crate::rules::{Catalogue, Example};
use crate::{ScanError, ScanOptions};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// What the scans of the built-in rules' examples say, by rule in the order of the ids.
static TOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/told.postcard"));

/// What stands for the escape character in what is told, so that the file can be read.
const ESCAPE: char = '␛';

/// The files of one of the two projects of an example.
type Files = [(Arc<str>, String)];

/// A rule's example: the files of both projects, and what a scan says of them.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct Shown {
    /// The framework of the example.
    pub(in crate::cli) framework: String,
    /// What raises the finding.
    pub(in crate::cli) bad: Project,
    /// What does not.
    pub(in crate::cli) good: Project,
}

/// One project of an example.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct Project {
    /// Its files.
    pub(in crate::cli) files: Vec<File>,
    /// What a scan says of the rule there; empty where that is nothing.
    pub(in crate::cli) told: String,
}

/// A file of an example.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct File {
    /// Its path.
    pub(in crate::cli) path: String,
    /// What stands in it.
    pub(in crate::cli) text: String,
}

impl Shown {
    /// `own` is the text of a rule that prodcheck does not come with.
    pub(super) fn of(rule: &str, example: &Example, own: Option<&str>, style: Style) -> Shown {
        let known = if own.is_none() { known(rule, style) } else { None };
        let [bad, good] =
            known.unwrap_or_else(|| [&example.bad, &example.good].map(|files| told(rule, own, files, style)));
        Shown {
            framework: example.framework.to_string(),
            bad: Project { files: files(&example.bad), told: bad },
            good: Project { files: files(&example.good), told: good },
        }
    }

    /// The section of the page.
    pub(super) fn section(&self, rule: &str) -> String {
        let said = |told: &str| match told {
            "" => format!("  {rule} has nothing to report here\n"),
            told => told.to_owned(),
        };
        let bad = self.sources("Bad", &self.bad) + "\n" + &said(&self.bad.told);
        let good = self.sources("Good", &self.good) + "\n" + &said(&self.good.told);
        bad.trim_end().to_owned() + "\n" + good.trim_end() + "\n"
    }

    /// The sources as they are written, without wrapping.
    fn sources(&self, title: &str, project: &Project) -> String {
        let mut out = String::new();
        for File { path, text } in &project.files {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "\n{title} ({}, {path})", self.framework);
            text.lines().for_each(|line| out.extend(["  ", line, "\n"]));
        }
        out
    }
}

fn files(files: &Files) -> Vec<File> {
    files.iter().map(|(path, text)| File { path: path.to_string(), text: text.clone() }).collect()
}

/// What a scan of the files says of the rule.
fn told(rule: &str, own: Option<&str>, files: &Files, style: Style) -> String {
    match scanned(rule, own, files) {
        Ok(report) => of_rule(&report, rule, style),
        Err(error) => format!("  {error}\n"),
    }
}

fn scanned(rule: &str, own: Option<&str>, files: &Files) -> Result<Report, ScanError> {
    let given = files.iter().map(|(path, text)| Given::new(&**path, text));
    let options = ScanOptions { today: Some(super::super::output::today()), ..ScanOptions::default() };
    crate::scan_files(given, own.map(|text| (rule.to_owned(), text.to_owned())), &options)
}

/// What `prodcheck generate` wrote down of the scans of a built-in rule's examples, so that a page needs none.
fn known(rule: &str, style: Style) -> Option<[String; 2]> {
    let rules: Vec<(&str, &[u8])> =
        postcard::from_bytes(TOLD).expect("internal error: what was embedded of the examples cannot be read");
    let at = rules.binary_search_by_key(&rule, |(id, _)| id).ok()?;
    let told: Told<'_> =
        postcard::from_bytes(rules[at].1).expect("internal error: what was embedded of an example cannot be read");
    let wide = |narrow, wide: Cow<'static, str>| if wide.is_empty() { narrow } else { wide };
    let told = match style.width {
        NARROW => [told.bad, told.good],
        WIDE => [wide(told.bad, told.bad_wide), wide(told.good, told.good_wide)],
        _ => return None,
    };
    Some(told.map(|text| if style.colour { text.replace(ESCAPE, "\u{1b}") } else { colourless(&text) }))
}

/// The text without what it says of colours.
fn colourless(text: &str) -> String {
    let mut parts = text.split(ESCAPE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    out.extend(parts.map(|part| part.split_once('m').map_or("", |(_, text)| text)));
    out
}

/// The text of `told.toml`: what a scan says of each built-in rule in its examples.
pub(super) fn generated() -> String {
    let catalogue = Catalogue::builtin();
    let ids: Vec<&str> = catalogue.ids().collect();
    let told: BTreeMap<&str, Told<'_>> =
        ids.into_par_iter().filter_map(|id| Some((id, both(id, &catalogue.example(id)?)))).collect();
    let told = toml::to_string_pretty(&told).expect("internal error: texts by name are TOML");
    format!(
        "# Made by `cargo run -- generate`: what a scan says of each rule in its examples; not edited by hand.\n\
         # {ESCAPE} is the escape character.\n\n{told}"
    )
}

fn both(rule: &str, example: &Example) -> Told<'static> {
    let (bad, bad_wide) = widths(rule, &example.bad);
    let (good, good_wide) = widths(rule, &example.good);
    Told { bad: bad.into(), bad_wide: bad_wide.into(), good: good.into(), good_wide: good_wide.into() }
}

/// What a scan says with colours, narrow and wide; wide is empty where nothing differs.
fn widths(rule: &str, files: &Files) -> (String, String) {
    let report = scanned(rule, None, files).expect("internal error: the example of a built-in rule can be scanned");
    let said = |width| {
        let style = Style { colour: true, width, checklist: true, ..Style::default() };
        of_rule(&report, rule, style).replace('\u{1b}', &ESCAPE.to_string())
    };
    let (narrow, wide) = (said(NARROW), said(WIDE));
    let wide = if wide == narrow { String::new() } else { wide };
    (narrow, wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_what_a_scan_says() {
        let catalogue = Catalogue::builtin();
        // A finding with labels, one that is not verified, and an open item.
        for rule in ["cors/credentialed-wildcard", "config/unresolved-import", "checklist/backups-restore"] {
            let example = catalogue.example(rule).expect("the rule has an example");
            for (colour, width) in [(false, NARROW), (true, NARROW), (false, WIDE), (true, WIDE)] {
                let style = Style { colour, width, checklist: true, ..Style::default() };
                let scanned = [&example.bad, &example.good].map(|files| told(rule, None, files, style));
                assert_eq!(known(rule, style), Some(scanned), "{rule}, colour {colour}, width {width}");
            }
        }
    }

    #[test]
    fn colours_can_be_left_out() {
        assert_eq!(
            colourless("␛[33mwarning: cors/wildcard␛[0m in ␛[36;1;4ma.ts␛[0m"),
            "warning: cors/wildcard in a.ts"
        );
        assert_eq!(colourless("none"), "none");
    }
}

//! A rule's example: the sources, and what a scan says of them.

use crate::ScanOptions;
use crate::project::Given;
use crate::report::{Style, of_rule};
use crate::rules::{Example, Rule};
use std::fmt::Write;
use std::sync::Arc;

/// The section of the page; nothing where the rule has no example.
pub(super) fn of(rule: &Rule, texts: &[(String, String)], style: Style) -> String {
    let Some(example) = &rule.example else { return String::new() };
    let bad = shown("Bad", example, &example.bad) + "\n" + &told(rule, texts, &example.bad, style);
    let good = shown("Good", example, &example.good) + "\n" + &told(rule, texts, &example.good, style);
    bad.trim_end().to_owned() + "\n" + good.trim_end() + "\n"
}

/// The sources as they are written, without wrapping.
fn shown(title: &str, example: &Example, files: &[(Arc<str>, String)]) -> String {
    let mut out = String::new();
    for (path, text) in files {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n{title} ({}, {path})", example.framework);
        text.lines().for_each(|line| out.extend(["  ", line, "\n"]));
    }
    out
}

/// What a scan of the files says of the rule.
fn told(rule: &Rule, texts: &[(String, String)], files: &[(Arc<str>, String)], style: Style) -> String {
    let nothing = || format!("  {} has nothing to report here\n", rule.id);
    let given = files.iter().map(|(path, text)| Given::new(&**path, text));
    let options = ScanOptions { today: Some(super::super::output::today()), ..ScanOptions::default() };
    match crate::scan_files(given, texts.to_vec(), &options) {
        Ok(report) => Some(of_rule(&report, &rule.id, style)).filter(|told| !told.is_empty()).unwrap_or_else(nothing),
        Err(error) => format!("  {error}\n"),
    }
}

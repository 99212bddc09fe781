//! What could not be known, grouped by what would settle it: one unknown variable is told once.

use super::super::Style;
use super::super::words::plural;
use super::{painted, strong, warning};
use crate::findings::{Finding, Unsettled};
use crate::mask::printable;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The most reasons of one group that are told without `-v`.
const MOST_REASONS: usize = 10;
/// The most rules that one reason lists without `-v`.
const MOST_RULES: usize = 4;

/// One reason with the findings that wait for it.
type Reason<'f> = (&'f Unsettled, Vec<&'f Finding>);

/// The reasons with the rules that wait for them; nothing where all is known.
pub(super) fn render(unverified: &[Finding], style: Style) -> String {
    let reasons = reasons(unverified);
    if reasons.is_empty() {
        return String::new();
    }
    let (variables, others): (Vec<_>, Vec<_>) = reasons.into_iter().partition(|(why, _)| why.because == "variable");
    let (newer, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|(why, _)| why.because == "newer-version");
    let mut out = String::new();
    out.extend(newer.iter().map(|reason| newer_in_words(reason, style)));
    out.push_str(&variables_in_words(&variables, style));
    out.push_str(&others_in_words(&others, style));
    out
}

/// The reasons of each app, the one that most rules wait for first.
fn reasons(unverified: &[Finding]) -> Vec<Reason<'_>> {
    let mut reasons: BTreeMap<(&str, &Unsettled), Vec<&Finding>> = BTreeMap::new();
    for finding in unverified {
        let Some(unknown) = &finding.unknown else { continue };
        reasons.entry((&finding.subject().app, unknown)).or_default().push(finding);
    }
    let mut reasons: Vec<Reason<'_>> =
        reasons.into_iter().map(|((_, unknown), findings)| (unknown, findings)).collect();
    reasons.sort_by_key(|(_, findings)| std::cmp::Reverse(findings.len()));
    reasons
}

/// A version that is newer than what is known is one line, however many settings hang on it.
fn newer_in_words((unknown, findings): &Reason<'_>, style: Style) -> String {
    let settings = findings.iter().filter(|finding| &*finding.rule != "config/unresolved-import").count();
    let known = unknown.reason.rsplit_once('(').and_then(|(_, known)| known.strip_suffix(')')).unwrap_or_default();
    let read = match settings {
        0 => String::new(),
        1 => format!(": 1 setting was read as {known} has it"),
        more => format!(": {more} settings were read as {known} has them"),
    };
    let listed =
        if style.detail > 0 && settings > 0 { format!(" ({})", rules(findings, style)) } else { String::new() };
    let reason = painted(&unknown.reason, warning(), style);
    format!("{}\n\n", wrapped(&format!("{reason}{read}{listed}"), style))
}

/// Variables share what would settle them, so it is told once.
fn variables_in_words(reasons: &[Reason<'_>], style: Style) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let title = painted("Not verified, for nothing that can be read sets these variables:", warning(), style);
    let names: Vec<&str> = reasons.iter().filter_map(|(unknown, _)| unknown.name.as_deref()).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(32);
    let rows = reasons.iter().map(|(unknown, findings)| {
        let name = format!("{:widest$}", printable(unknown.name.as_deref().unwrap_or_default()));
        let row = format!("  {}  {}{}", painted(&name, strong(), style), rules(findings, style), place(findings));
        wrapped(&row, style)
    });
    let settle =
        "  settle with: --env-file FILE, --from-env, or `[environment] provided = [\"NAME\"]` in prodcheck.toml";
    format!("{title}\n{}{}\n\n", listed(rows.collect(), style), wrapped(settle, style))
}

fn others_in_words(reasons: &[Reason<'_>], style: Style) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let title = painted("Not verified, for it cannot be known from the files:", warning(), style);
    // One reason can stand at many places, each with its own remedy.
    let rows = reasons.iter().map(|(unknown, findings)| {
        let row = format!("  {}: {}{}", rules(findings, style), printable(&unknown.reason), place(findings));
        let mut row = wrapped(&row, style);
        // Writing to a string cannot fail.
        let settle = format!("      settle: {}", printable(&unknown.settle.join(", or ")));
        let _ = write!(row, "\n{}", wrapped(&settle, style));
        row
    });
    format!("{title}\n{}\n", listed(rows.collect(), style))
}

/// A line inside the terminal's width, further lines indented below it.
fn wrapped(line: &str, style: Style) -> String {
    let text = line.trim_start();
    let first = &line[..line.len() - text.len()];
    let further = format!("{first}    ");
    let options = textwrap::Options::new(style.width).initial_indent(first).subsequent_indent(&further);
    let options = options.word_separator(textwrap::WordSeparator::AsciiSpace).break_words(false);
    textwrap::fill(text, options.word_splitter(textwrap::WordSplitter::NoHyphenation))
}

/// The rows, as many as the reader wants.
fn listed(rows: Vec<String>, style: Style) -> String {
    let most = if style.detail > 0 { usize::MAX } else { MOST_REASONS };
    let more = rows.len().saturating_sub(most);
    let mut out: String = rows.into_iter().take(most).map(|row| row + "\n").collect();
    if more > 0 {
        let _ = writeln!(out, "  and {} (-v shows all)", plural(more, "other", "others"));
    }
    out
}

fn place(findings: &[&Finding]) -> String {
    let place = findings.iter().find_map(|finding| finding.location.as_ref());
    place.map_or(String::new(), |at| printable(&format!(" ({}:{})", at.file, at.line)).into_owned())
}

fn rules(findings: &[&Finding], style: Style) -> String {
    let rules: BTreeSet<&str> = findings.iter().map(|finding| &*finding.rule).collect();
    let most = if style.detail > 0 { usize::MAX } else { MOST_RULES };
    let more = rules.len().saturating_sub(most);
    let listed = rules.into_iter().take(most).collect::<Vec<_>>().join(", ");
    if more == 0 { listed } else { format!("{listed}, and {more} more") }
}

//! What could not be known: one list, grouped by what would settle it, with one line for one cause.

use super::super::Style;
use super::super::words::plural;
use super::{painted, strong, warning};
use crate::findings::{Finding, Unsettled};
use crate::mask::printable;
use std::collections::{BTreeMap, BTreeSet};

/// The most causes of one group that are told without `-v`.
const MOST_CAUSES: usize = 10;
/// The most names that one cause lists without `-v`.
const MOST_NAMES: usize = 4;

/// One reason with the findings that wait for it.
type Reason<'f> = (&'f Unsettled, Vec<&'f Finding>);

/// The list; nothing where all is known.
pub(super) fn render(unverified: &[Finding], style: Style) -> String {
    let reasons = reasons(unverified);
    if reasons.is_empty() {
        return String::new();
    }
    let (variables, rest): (Vec<_>, Vec<_>) = reasons.into_iter().partition(|(why, _)| why.because == "variable");
    let (provided, variables): (Vec<_>, Vec<_>) = variables.into_iter().partition(|(why, _)| why.settle.len() < 3);
    let looked_at = |(why, _): &Reason<'_>| matches!(why.because, "undecided" | "call" | "too-complex");
    let is_seen = |reason: &Reason<'_>| looked_at(reason) && reason.0.settle.len() > 1;
    let (values, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_seen);
    let (newer, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|(why, _)| why.because == "newer-version");
    let groups = [
        newer.iter().map(|reason| newer_in_words(reason, style)).collect::<String>(),
        group(
            "No file sets these variables. Pass --env-file FILE or --from-env; or, if the host sets them, name them in \
             `[environment] provided = [\"NAME\"]` in prodcheck.toml.",
            &named(&variables, style),
            style,
        ),
        group(
            "The host sets these variables, but their values are not known here. Pass --env-file FILE or --from-env.",
            &named(&provided, style),
            style,
        ),
        group(
            "The files do not tell these values. Look at them yourself, then ignore the rule there with a reason.",
            &placed(&values, style),
            style,
        ),
        others_in_words(&others, style),
    ];
    format!("{}\n{}\n", painted("Could not be checked:", warning(), style), groups.concat())
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
    wrapped(&format!("{reason}{read}{listed}"), "  ", style)
}

/// What would settle several causes, and the causes.
fn group(title: &str, rows: &[String], style: Style) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let most = if style.detail > 0 { usize::MAX } else { MOST_CAUSES };
    let more = rows.len().saturating_sub(most);
    let mut out = wrapped(title, "  ", style);
    rows.iter().take(most).for_each(|row| out.push_str(&wrapped(row, "    ", style)));
    if more > 0 {
        out.push_str(&format!("    and {} (-v shows all)\n", plural(more, "other", "others")));
    }
    out
}

/// Variables, each with the rules that wait for it.
fn named(reasons: &[Reason<'_>], style: Style) -> Vec<String> {
    let names: Vec<&str> = reasons.iter().filter_map(|(unknown, _)| unknown.name.as_deref()).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(32);
    let row = |(unknown, findings): &Reason<'_>| {
        let name = format!("{:widest$}", printable(unknown.name.as_deref().unwrap_or_default()));
        format!("{}  {}{}", painted(&name, strong(), style), rules(findings, style), place(findings))
    };
    reasons.iter().map(row).collect()
}

/// Places, each with the keys whose values hang on it.
fn placed(reasons: &[Reason<'_>], style: Style) -> Vec<String> {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in reasons.iter().flat_map(|(_, findings)| findings) {
        let place = finding.location.as_ref().map_or_else(|| "-".to_owned(), |at| format!("{}:{}", at.file, at.line));
        let key = finding.subject().key.as_deref().map_or_else(|| finding.rule.to_string(), ToString::to_string);
        places.entry(place).or_default().insert(format!("`{key}`"));
    }
    let row = |(place, keys): (String, BTreeSet<String>)| {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        format!("{}  {}", printable(&place), printable(&listed(&keys, style)))
    };
    places.into_iter().map(row).collect()
}

/// Reasons that have a remedy of their own.
fn others_in_words(reasons: &[Reason<'_>], style: Style) -> String {
    let mut told: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for (unknown, findings) in reasons {
        let remedy = unknown.settle.join(", or ");
        let line = format!("{}. {}.", capital(&unknown.reason), capital(&remedy));
        if !told.contains_key(&line) {
            order.push(line.clone());
        }
        told.entry(line).or_default().extend(findings);
    }
    let row = |line: &String| {
        let findings = &told[line];
        let count = plural(findings.len(), "check", "checks");
        let whose = format!("{count} left out: {}{}", rules(findings, style), place(findings));
        wrapped(&printable(line), "  ", style) + &wrapped(&whose, "    ", style)
    };
    order.iter().map(row).collect()
}

fn capital(text: &str) -> String {
    // A path stays as it is.
    let first = text.split(' ').next().unwrap_or_default();
    if !first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// A line inside the terminal's width, further lines indented below it.
fn wrapped(line: &str, indent: &str, style: Style) -> String {
    let further = format!("{indent}  ");
    let options = textwrap::Options::new(style.width).initial_indent(indent).subsequent_indent(&further);
    let options = options.word_separator(textwrap::WordSeparator::AsciiSpace).break_words(false);
    textwrap::fill(line, options.word_splitter(textwrap::WordSplitter::NoHyphenation)) + "\n"
}

fn place(findings: &[&Finding]) -> String {
    let place = findings.iter().find_map(|finding| finding.location.as_ref());
    place.map_or(String::new(), |at| printable(&format!(" ({}:{})", at.file, at.line)).into_owned())
}

fn rules(findings: &[&Finding], style: Style) -> String {
    let rules: BTreeSet<&str> = findings.iter().map(|finding| &*finding.rule).collect();
    listed(&rules.into_iter().collect::<Vec<_>>(), style)
}

/// Names, as many as the reader wants, with the number of the others.
fn listed(names: &[&str], style: Style) -> String {
    let most = if style.detail > 0 { usize::MAX } else { MOST_NAMES };
    let more = names.len().saturating_sub(most);
    let shown = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown}, and {more} more") }
}

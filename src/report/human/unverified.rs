//! What could not be known: one list, grouped by what would settle it, with one line for one cause.

use super::super::words::{self, plural};
use super::super::{Report, Style};
use super::{painted, strong, warning};
use crate::findings::{Finding, Unsettled, code, uncapitalised};
use crate::mask::printable;
use std::collections::{BTreeMap, BTreeSet};

/// The most causes of one group that are told without `-v`.
const MOST_CAUSES: usize = 10;
/// The most names that one cause lists without `-v`.
const MOST_NAMES: usize = 4;

/// One reason with the findings that wait for it.
type Reason<'f> = (&'f Unsettled, Vec<&'f Finding>);

/// The list; nothing where all is known.
pub(super) fn render(unverified: &[Finding], report: &Report, style: Style) -> String {
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
    let (of_framework, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|(why, _)| undocumented(why).is_some());
    let with_values = "prodcheck scan --env-file FILE, or --from-env for the variables of this shell";
    let groups = [
        newer.iter().map(|reason| newer_in_words(reason, style)).collect::<String>(),
        group("No file that is deployed sets these variables:", &named(&variables, report, style), style),
        to_check_variables(&variables, with_values, style),
        group(
            "The host sets these variables; their values are not known here:",
            &named(&provided, report, style),
            style,
        ),
        if provided.is_empty() {
            String::new()
        } else {
            wrapped(&format!("To check them: {with_values}"), "  ", style)
        },
        group("The files do not tell these values:", &placed(&values, report, style), style),
        if values.is_empty() {
            String::new()
        } else {
            wrapped("Look at them yourself; if all is well, ignore the rule there with a reason.", "  ", style)
        },
        undocumented_in_words(&of_framework, report, style),
        others_in_words(&others, report, style),
    ];
    format!("{}\n{}\n", painted("Could not be checked:", warning(), style), groups.concat())
}

/// How to have variables checked that no file sets, and how to say that they are set; lines of a file stand alone, ready to
/// be copied.
fn to_check_variables(reasons: &[Reason<'_>], with_values: &str, style: Style) -> String {
    let mut names: Vec<&str> = reasons.iter().filter_map(|(unknown, _)| unknown.name.as_deref()).collect();
    if names.is_empty() {
        return String::new();
    }
    names.sort_unstable();
    names.dedup();
    let most = if style.detail > 0 { usize::MAX } else { MOST_CAUSES };
    let quoted: Vec<String> = names.iter().take(most).map(|name| format!("\"{}\"", printable(name))).collect();
    let mut out = wrapped(&format!("To check them: {with_values}"), "  ", style);
    let only_set = "To say only that the host sets them, so that none counts as missing, in prodcheck.toml:";
    out.push_str(&wrapped(only_set, "  ", style));
    out.push_str("    [environment]\n");
    let list = format!("provided = [{}]", quoted.join(", "));
    // A list of TOML may go over several lines.
    let options = textwrap::Options::new(style.width).initial_indent("    ").subsequent_indent("      ");
    let options = options.word_separator(words::whole_code()).break_words(false);
    out.push_str(&textwrap::fill(&list, options.word_splitter(textwrap::WordSplitter::NoHyphenation)));
    out.push('\n');
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

/// Variables, each with what a bad value would do.
fn named(reasons: &[Reason<'_>], report: &Report, style: Style) -> Vec<String> {
    let row = |(unknown, findings): &Reason<'_>| {
        let name = printable(unknown.name.as_deref().unwrap_or_default()).into_owned();
        format!("{}{}: {}", painted(&name, strong(), style), place(findings), risk(findings, report, style))
    };
    reasons.iter().map(row).collect()
}

/// Places, each with the keys whose values hang on it and what a bad value would do.
fn placed(reasons: &[Reason<'_>], report: &Report, style: Style) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in reasons.iter().flat_map(|(_, findings)| findings) {
        let place = finding.location.as_ref().map_or_else(|| "-".to_owned(), |at| format!("{}:{}", at.file, at.line));
        places.entry(place).or_default().push(finding);
    }
    let row = |(place, findings): (String, Vec<&Finding>)| {
        let keys: BTreeSet<String> = findings.iter().filter_map(|finding| name_of(finding)).map(code).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let subject = match keys.is_empty() {
            true => place,
            false => format!("{} ({place})", listed(&keys, style)),
        };
        format!("{}: {}", printable(&subject), risk(&findings, report, style))
    };
    places.into_iter().map(row).collect()
}

/// The framework's own name of what is not known, else that of a variable; else it has none that a user would look for.
fn name_of(finding: &Finding) -> Option<&str> {
    let subject = finding.subject();
    let variable = Some(&*subject.name).filter(|_| subject.kind == "variable");
    subject.key.as_deref().or(variable)
}

/// What a bad value would mean: the weightiest of the rules that wait for it in words, and the names of all.
fn risk(findings: &[&Finding], report: &Report, style: Style) -> String {
    let weight = |finding: &&&Finding| report.rules.get(&finding.rule).is_some_and(|rule| rule.blocks);
    let heaviest = findings.iter().find(weight).or(findings.first());
    let rule = heaviest.and_then(|finding| report.rules.get(&finding.rule));
    let means = rule.map_or_else(String::new, |rule| format!("at worst, {} ", uncapitalised(&rule.summary)));
    format!("{means}({})", rules(findings, style))
}

/// What the framework's documents leave open, with what to do about it.
fn undocumented(why: &Unsettled) -> Option<&'static str> {
    match why.because {
        "undocumented-default" => Some("Set these explicitly: the framework does not document their defaults:"),
        "unlisted-option" => Some(
            "No document of the framework names these options; remove them, or check by hand that the framework reads them:",
        ),
        "unknown-unit" => {
            Some("Check by hand what these come to: the framework does not document what the numbers count:")
        }
        _ => None,
    }
}

/// What the framework's documents leave open, one group for each kind.
fn undocumented_in_words(reasons: &[Reason<'_>], report: &Report, style: Style) -> String {
    let mut titles: Vec<&str> = reasons.iter().filter_map(|(why, _)| undocumented(why)).collect();
    titles.sort_unstable();
    titles.dedup();
    let of = |title: &str| -> Vec<Reason<'_>> {
        reasons.iter().filter(|(why, _)| undocumented(why) == Some(title)).cloned().collect()
    };
    titles.into_iter().map(|title| group(title, &placed(&of(title), report, style), style)).collect()
}

/// Reasons that have a remedy of their own.
fn others_in_words(reasons: &[Reason<'_>], report: &Report, style: Style) -> String {
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
        let count = match findings.len() {
            1 => String::new(),
            many => format!("{many} checks were left out: "),
        };
        let whose = capital(&format!("{count}{}{}", risk(findings, report, style), place(findings)));
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
pub(super) fn wrapped(line: &str, indent: &str, style: Style) -> String {
    words::wrapped(line, indent, style.width)
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

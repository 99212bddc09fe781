//! Words and places that several formats share.

use super::{AppNote, Report};
use crate::findings::{Finding, Location, Severity};
use crate::mask::printable;
use crate::project::problem_id;
use crate::rules::Rule;
use std::fmt::Write;

/// `1 warning`, `2 warnings`.
pub(super) fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A line inside so many columns, further lines indented below it; pieces of code stay whole.
pub(crate) fn wrapped(line: &str, indent: &str, width: usize) -> String {
    let further = format!("{indent}  ");
    let options = textwrap::Options::new(width).initial_indent(indent).subsequent_indent(&further);
    let options = options.word_separator(whole_code()).break_words(false);
    textwrap::fill(line, options.word_splitter(textwrap::WordSplitter::NoHyphenation)) + "\n"
}

/// The message, and for a possible finding in which world it holds, where it does not say so by itself.
pub(crate) fn message(finding: &Finding) -> String {
    let message = &finding.message;
    let open: Vec<String> =
        finding.when.iter().filter(|when| !message.contains(&***when)).map(|when| asked(when, message)).collect();
    if open.is_empty() { message.clone() } else { format!("{message}, when {}", open.join(" and ")) }
}

/// What holds in a world; a variable that has the name of a setting in the message is told apart from it.
fn asked(when: &str, message: &str) -> String {
    let name = when.split_inclusive('`').take(2).collect::<String>();
    if name.len() > 2 && message.contains(&name) { format!("the variable {when}") } else { when.to_owned() }
}

/// The message and what to do, as sentences on one line.
pub(super) fn message_and_fix(finding: &Finding) -> String {
    let text = format!("{}. {}", message(finding), finding.fix);
    printable(text.trim_end()).into_owned()
}

/// `file:line:column`, or `-`.
pub(super) fn place(location: Option<&Location>) -> String {
    let place = location.map_or_else(|| "-".to_owned(), |at| format!("{}:{}:{}", at.file, at.line, at.column));
    printable(&place).into_owned()
}

/// `file:line`.
pub(super) fn short(at: &Location) -> String {
    printable(&format!("{}:{}", at.file, at.line)).into_owned()
}

/// What a finding is about above all, without a line: `cors server, origins, on compose.yaml:api`.
pub(super) fn subject(finding: &Finding) -> String {
    let subject = finding.subject();
    let mut words = format!("{} {}", subject.kind.replace('_', " "), subject.name);
    if let Some(setting) = &subject.setting {
        words = format!("{words}, {}", setting.replace('_', " "));
    }
    if !finding.targets.is_empty() {
        words = format!("{words}, on {}", finding.targets.join(", "));
    }
    printable(&words).into_owned()
}

/// A finding whose cause is told elsewhere: the rule of that cause.
pub(super) fn cause<'r>(finding: &Finding, report: &'r Report) -> Option<&'r str> {
    let cause = finding.because_of.as_ref()?;
    report.findings.iter().find(|other| other.fingerprint == *cause).map(|other| &*other.rule)
}

/// The rules of the findings that would go with this one.
pub(super) fn consequences<'r>(finding: &Finding, report: &'r Report) -> Vec<&'r str> {
    let folded = report.findings.iter().filter(|other| other.because_of.as_ref() == Some(&finding.fingerprint));
    let mut rules: Vec<&str> = folded.map(|other| &*other.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The app's framework and version, with its folder where that is not the root.
pub(super) fn app(app: &AppNote) -> String {
    let version = app.version.as_deref().map_or(String::new(), |version| format!(" {version}"));
    let name = match &*app.root {
        "" | "." => format!("{}{version}", app.framework),
        root => format!("{root} ({}{version})", app.framework),
    };
    printable(&name).into_owned()
}

/// What was checked: the apps, else the deployments.
pub(super) fn checked(report: &Report) -> String {
    const MOST: usize = 4;
    let mut all: Vec<String> = report.apps.iter().map(app).collect();
    if all.is_empty() {
        let named = report.deployments.iter().map(|deployment| deployment.target.as_deref());
        all = named
            .map(|name| name.map_or("deployment files".into(), |name| printable(&target(name)).into_owned()))
            .collect();
    }
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    if more == 0 { all.join(", ") } else { format!("{}, and {more} more", all.join(", ")) }
}

/// What was checked, and what was not.
pub(super) fn judged(report: &Report) -> Vec<String> {
    let unread = report.problems.iter().filter(|problem| problem.id == problem_id::NOT_JUDGED);
    let unread = unread.map(|problem| printable(&problem.message).into_owned());
    std::iter::once(checked(report)).chain(rivals(report)).chain(unread).collect()
}

/// A target with its file behind it: `api (compose.yaml)` for `compose.yaml:api`.
fn target(name: &str) -> String {
    match name.split_once(':') {
        Some((file, service)) if !service.is_empty() => format!("{service} ({file})"),
        _ => name.to_owned(),
    }
}

/// What to say of files that configure one app and of which nothing tells which runs.
pub(super) fn rivals(report: &Report) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for app in &report.apps {
        let same = |other: &&AppNote| other.root == app.root && other.framework == app.framework;
        let entries: Vec<&str> = report.apps.iter().filter(same).filter_map(|app| app.entry.as_deref()).collect();
        if entries.len() < 2 {
            continue;
        }
        let all = printable(&entries.join(" and ")).into_owned();
        let sentence = format!(
            "{all} each configure {}: nothing tells that one of them alone runs, so all are checked",
            self::app(app)
        );
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    told
}

/// What was compared with what.
pub(super) fn compared(report: &Report) -> Option<String> {
    let since = report.since.as_ref()?;
    Some(printable(&format!("the files here compared with {} ({})", since.name, since.commit)).into_owned())
}

/// The most files that are named as sources of variables.
const MOST_FILES: usize = 6;

/// What was judged for, and where the variables came from.
pub(super) fn environment(report: &Report) -> String {
    let of_apps = report.apps.iter().flat_map(|app| &app.sources);
    let alone = report.deployments.iter().filter(|_| report.apps.is_empty());
    let sources = of_apps.chain(alone.clone().flat_map(|deployment| &deployment.sources));
    let mut files: Vec<&str> = sources.map(|source| &*source.file).collect();
    files.sort_unstable();
    files.dedup();
    let open = report.apps.iter().any(|app| !app.closed) || alone.clone().any(|deployment| !deployment.closed);
    let more = files.len().saturating_sub(MOST_FILES);
    files.truncate(MOST_FILES);
    let named = files.join(", ");
    let from = match (files.is_empty(), more) {
        (true, _) => "no env file was found".to_owned(),
        (false, 0) => format!("variables from {named}"),
        (false, more) => format!("variables from {named} and {more} more"),
    };
    let rest = match (open, files.is_empty()) {
        (false, _) => "",
        (true, true) => ", and what the host sets is not known",
        (true, false) => "; the host may set others",
    };
    printable(&format!("{from}{rest}")).into_owned()
}

/// The longest piece of code that is kept on one line.
const LONGEST_CODE: usize = 60;

/// Words as they are kept together on a line: what stands between backticks is one, where it is short.
pub(super) fn whole_code() -> textwrap::WordSeparator {
    textwrap::WordSeparator::Custom(|line| Box::new(words_of(line).into_iter()))
}

fn words_of(line: &str) -> Vec<textwrap::core::Word<'_>> {
    let mut words = Vec::new();
    let (mut start, mut in_code, mut after_space) = (0, None, false);
    for (at, c) in line.char_indices() {
        let code_ends = |from: usize| line[from + 1..].find('`').is_some_and(|length| length <= LONGEST_CODE);
        if after_space && c != ' ' && in_code.is_none() {
            words.push(textwrap::core::Word::from(&line[start..at]));
            start = at;
        }
        match (c, in_code) {
            ('`', None) if code_ends(at) => in_code = Some(at),
            ('`', Some(_)) => in_code = None,
            _ => {}
        }
        after_space = c == ' ' && in_code.is_none();
    }
    if start < line.len() {
        words.push(textwrap::core::Word::from(&line[start..]));
    }
    words
}

/// Findings with the heaviest first; the order within a weight stays.
pub(super) fn heaviest_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    sorted
}

/// A file of the project as the repository's reviewers name it. A finding without a place stands at its app.
pub(super) fn path_of(finding: &Finding, report: &Report) -> String {
    if let Some(at) = &finding.location {
        return in_repository(report, &at.file);
    }
    let app = report.apps.iter().find(|app| app.id == finding.subject().app);
    let path = app.and_then(|app| app.entry.as_deref().or(Some(&app.root))).filter(|path| !path.is_empty());
    in_repository(report, path.unwrap_or("."))
}

/// A path below the top of the repository.
pub(super) fn in_repository(report: &Report, path: &str) -> String {
    format!("{}{path}", report.prefix)
}

/// Whether a finding fails the scan.
pub(super) fn fails(finding: &Finding, report: &Report) -> bool {
    match finding.severity {
        Severity::Blocking => true,
        Severity::Warning => report.fail_on.warning,
        Severity::Unverified => report.fail_on.unverified,
        Severity::Checklist => report.fail_on.checklist,
    }
}

/// What to do about a rule where no finding fills the placeholders; `key` is what the setting is called there.
pub(crate) fn in_general(rule: &Rule, key: Option<&str>) -> String {
    let of_kind = match rule.resource.name {
        "secret" => "the secret",
        _ => "the setting",
    };
    let key = key.unwrap_or(of_kind);
    let mut told = rule.report.fix.replace("{: state}", "").replace("own {key}", "own value");
    while let Some(at) = told.find("{set ") {
        let Some(end) = told[at..].find('}').map(|end| at + end) else { break };
        let value = told[at + "{set ".len()..end].to_owned();
        told.replace_range(at..=end, &format!("{} to `{value}`", if key == of_kind { "it" } else { key }));
    }
    [
        ("{key}", key),
        ("{state}", "the setting"),
        ("{move}", "Remove it, or use what is read instead"),
        ("{limit}", "the limit"),
        ("{env}", "the variable"),
        ("{value}", "the value"),
        ("{name}", "it"),
        ("{items}", "what is missing"),
        ("{last}", "the setting"),
        ("{file}", "the file"),
        ("{framework}", "the framework"),
        ("{installed}", "the installed version"),
        ("{true}", "true"),
        ("{false}", "false"),
        ("{arrives_as}", "something else"),
        ("{what_fits}", "something else"),
        ("{instead}", "the place that is read"),
        ("{replacement}", "a new random value, or a new key from the provider that issues it"),
    ]
    .iter()
    .fold(told, |text, (placeholder, words)| text.replace(placeholder, words))
}

/// A path as part of a URI.
pub(super) fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

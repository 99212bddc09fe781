//! One finding: what, the code with the way the value took, what to do.

use super::super::{Report, RuleNote, Style, words};
use super::excerpt::{Excerpt, Note};
use super::{blocking, link, painted, strong, warning};
use crate::findings::{Finding, Location, Severity, Subject, TrailStep, code};
use crate::mask::printable;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use std::fmt;
use std::sync::Arc;

/// The most places that one finding shows.
const MOST_LABELS: usize = 6;
/// The most subjects that are listed.
const MOST_SUBJECTS: usize = 12;

/// The finding as text with an empty line behind it.
pub(super) fn render(finding: &Finding, report: &Report, style: Style) -> String {
    let notes = notes(finding);
    // Line numbers, the frame and a margin take their part.
    let root = style.links.then_some(report.root.as_path());
    let (excerpt, labels) = Excerpt::new(&notes, &report.frames, style.width.saturating_sub(12), root);
    let headline = headline(finding, report, style);
    let shown = Shown { finding, headline, excerpt, labels, help: help(finding, report, style) };
    let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_links(false)
        .with_context_lines(1)
        // Ids of rules, paths and pieces of code stay whole.
        .with_word_separator(words::whole_code())
        .with_break_words(false)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .without_cause_chain();
    let mut out = String::new();
    // A frame that cannot be drawn must not cost the finding.
    if handler.render_report(&mut out, &shown).is_err() {
        out = format!("{}\n", shown.headline);
    }
    // The frames end with spaces where a line was empty.
    let mut trimmed: String = out.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    trimmed.push('\n');
    trimmed
}

/// `blocking cors/wildcard: what is wrong`, and for a possible one in which world.
fn headline(finding: &Finding, report: &Report, style: Style) -> String {
    let paint = if finding.severity == Severity::Blocking { blocking() } else { warning() };
    let severity = painted(super::super::json::severity_name(finding.severity), paint, style);
    let page = report.rules.get(&finding.rule).and_then(RuleNote::link);
    let rule = painted(&finding.rule, strong(), style);
    let rule = match page.filter(|_| style.links) {
        Some(page) => link::to(page, &rule),
        None => rule,
    };
    format!("{severity} {rule}: {}", printable(&words::message(finding)))
}

/// The places of a finding, each once, the primary one first.
pub(in crate::report) fn notes(finding: &Finding) -> Vec<Note<'_>> {
    let mut notes: Vec<Note<'_>> = placed(finding.location.iter()).map(|at| Note { at, text: String::new() }).collect();
    // The frame shows by itself that something is written there, or taken from there.
    let told = |step: &&TrailStep| match step.step {
        "written" | "derived" => false,
        // The message says so already.
        "default" => !says(finding, &step.note),
        // So does it that a name is used or parts are combined there, but where the parts stand elsewhere.
        "joined" | "named" => step.location.as_ref().is_none_or(|at| !overlaps_another(finding, at)),
        // What stands in for a variable says that it does.
        "not-set" => !finding.trail.iter().any(|step| step.step == "fallback" && step.location.is_some()),
        _ => true,
    };
    let said = finding.trail.iter().filter(told);
    let steps = said.filter_map(|step| Some((step.location.as_ref()?, &step.note)));
    let also = finding.also.iter().filter_map(|also| Some((also.location.as_ref()?, &also.note)));
    let steps = steps.chain(also).filter(|(at, text)| !at.is_whole_file() && !finding.message.contains(text.as_str()));
    for (at, text) in steps {
        let text = printable(text).into_owned();
        match notes.iter().position(|note| note.at == at) {
            Some(known) if notes[known].text.is_empty() => notes[known].text = text,
            Some(known) if !notes[known].text.contains(&text) => notes[known].text = joined(&notes[known].text, &text),
            None if notes.len() < MOST_LABELS => notes.push(Note { at, text }),
            Some(_) | None => {}
        }
    }
    name_the_culprit(&mut notes, finding);
    notes
}

/// What is said of the place that is to be edited is said there: without words it would be the one place that nobody notices.
fn name_the_culprit(notes: &mut [Note<'_>], finding: &Finding) {
    let is_lack = finding.label.starts_with("no `");
    let others = notes.iter().skip(1).any(|note| !note.text.is_empty());
    if let Some(first) = notes.first_mut().filter(|note| note.text.is_empty() && (others || is_lack)) {
        first.text = printable(&finding.label).into_owned();
    }
}

/// Two things that are said of one place: ``reads `CONSENT`, which is not set``.
fn joined(said: &str, text: &str) -> String {
    let name = said.strip_prefix("reads ").filter(|name| text.starts_with(*name));
    match name.and_then(|name| text[name.len()..].strip_prefix(" is ")) {
        Some(state) => format!("{said}, which is {state}"),
        None => format!("{said}; {text}"),
    }
}

/// The places that are a text which a frame can show.
fn placed<'f>(places: impl Iterator<Item = &'f Location>) -> impl Iterator<Item = &'f Location> {
    places.filter(|at| !at.is_whole_file())
}

/// Whether a place shares text with the finding's own, or with another step.
fn overlaps_another(finding: &Finding, at: &Location) -> bool {
    let steps = finding.trail.iter().filter_map(|step| step.location.as_ref());
    finding.location.iter().any(|primary| overlap(primary, at))
        || steps.filter(|other| *other != at).any(|other| overlap(other, at))
}

fn overlap(a: &Location, b: &Location) -> bool {
    a.file == b.file && a.offset < b.end_offset && b.offset < a.end_offset
}

/// Whether the message says that a key is not set, or the note says no more than that.
fn says(finding: &Finding, note: &str) -> bool {
    note.split_once(": ").is_none_or(|(unset, _)| finding.message.contains(unset))
}

/// What to do, and what no label could say.
fn help(finding: &Finding, report: &Report, style: Style) -> String {
    let mut lines = vec![finding.fix.clone()];
    // Where no text can be shown, the file is said.
    let whole = finding.location.as_ref().filter(|at| at.is_whole_file());
    lines.extend(whole.map(|at| format!("file: {}", at.file)));
    lines.extend(finding.repair.as_ref().map(|repair| match repair.safe {
        true => "`prodcheck scan --fix` makes this edit.".to_owned(),
        false => "`prodcheck scan --fix --unsafe-fixes` makes this edit; users may notice it.".to_owned(),
    }));
    let tells = |step: &&TrailStep| {
        // That a variable is read is what the message and the fix are about.
        let lacks = finding.label.starts_with("no `") || finding.trail.iter().any(|step| step.step == "unread");
        let is_told = step.step == "default" && (says(finding, &step.note) || lacks);
        is_nowhere(&step.location) && !is_told && !matches!(step.step, "derived" | "written" | "reads" | "named")
    };
    let unplaced = finding.trail.iter().filter(tells).map(|step| &step.note);
    let also = finding.also.iter().filter(|also| is_nowhere(&also.location)).map(|also| &also.note);
    let notes: Vec<&str> = unplaced.chain(also).map(String::as_str).collect();
    if !notes.is_empty() {
        lines.push(format!("note: {}", notes.join("; ")));
    }
    lines.extend(subjects(finding, report));
    // That a Dockerfile is about itself goes without saying.
    let is_itself = |target: &Arc<str>| finding.location.as_ref().is_some_and(|at| at.file == *target);
    if !finding.targets.iter().all(is_itself) {
        lines.push(format!("only in the deployment target: {}", finding.targets.join(", ")));
    }
    let consequences = words::consequences(finding, report);
    if !consequences.is_empty() {
        lines.push(format!("follows from it: {}", consequences.join(", ")));
    }
    if style.detail > 0
        && let Some(rule) = report.rules.get(&finding.rule)
    {
        lines.push(format!("why: {}", rule.why));
        lines.extend(rule.references.iter().map(|reference| format!("see: {reference}")));
    }
    lines.iter().filter(|line| !line.is_empty()).map(|line| printable(line)).collect::<Vec<_>>().join("\n")
}

/// Whether no frame can show a place.
fn is_nowhere(location: &Option<Location>) -> bool {
    location.as_ref().is_none_or(Location::is_whole_file)
}

/// What else the finding is about where one place stands for several things, and whose it is where the scan has several apps.
fn subjects(finding: &Finding, report: &Report) -> Vec<String> {
    let is_told = |name: &str| finding.message.contains(name) || finding.fix.contains(name);
    let others = finding.subjects.iter().skip(1).filter_map(subject_name);
    let mut names: Vec<String> = others.filter(|name| !is_told(name.trim_matches('`'))).collect();
    names.sort();
    names.dedup();
    let mut apps: Vec<&str> = finding.subjects.iter().map(|subject| name_of(&subject.app, report)).collect();
    apps.dedup();
    let mut lines = Vec::new();
    if !names.is_empty() {
        lines.push(format!("the same holds for: {}", listed(&names)));
    }
    if report.apps.len() > 1 {
        lines.push(format!("app: {}", listed(&apps)));
    }
    lines
}

/// What a reader knows a subject by: a secret by what holds it, a server block by its address; nothing for a further use
/// of a library, which has a number for a name.
fn subject_name(subject: &Subject) -> Option<String> {
    let name = &*subject.name;
    if let Some(key) = subject.key.as_deref().filter(|_| subject.kind == "secret") {
        return Some(code(key));
    }
    let parts: Vec<&str> = name.split(' ').collect();
    match parts[..] {
        [file, scheme @ ("http" | "https"), host, ref path @ ..] if path.len() < 2 => {
            let path = path.first().copied().unwrap_or_default();
            Some(format!("`{scheme}://{host}{path}` in {file}"))
        }
        [.., last] if parts.len() > 1 && last.bytes().all(|byte| byte.is_ascii_digit()) => None,
        _ => Some(format!("`{name}`")),
    }
}

/// An app by its id; that of the root, which has none, by the file that stands for it.
fn name_of<'r>(app: &'r str, report: &'r Report) -> &'r str {
    if !app.is_empty() {
        return app;
    }
    let own = report.apps.iter().find(|own| own.id.is_empty());
    own.and_then(|own| own.entry.as_deref()).unwrap_or(".")
}

/// As many names as a reader wants, and how many more there are.
fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let shown = names.iter().take(MOST_SUBJECTS).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_SUBJECTS) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}

/// A finding as miette draws it.
#[derive(Debug)]
struct Shown<'f> {
    finding: &'f Finding,
    headline: String,
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
    help: String,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Blocking => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Unverified | Severity::Checklist => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.labels.is_empty()).then_some(&self.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }
}

//! The trail of one effective setting, step by step: as text for people, as JSON for programs.

use super::settings::state_name;
use super::{Style, TableFormat};
use crate::eval::{Kind, Value, World};
use crate::findings::{Location, Locator, Sources, Unsettled, in_words, trail_in_words, unsettled_of};
use crate::mask::{HIDDEN, Masked, Masker, json_safe, printable, secret_name};
use crate::settings::{Key, Resource, State};
use crate::syntax::{FileId, Span};
use hashbrown::HashMap;
use owo_colors::{OwoColorize, Style as Paint};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The most characters of a step's source that are shown.
const MOST_CHARS: usize = 60;
/// The most worlds of one value that are told apart.
const MOST_WORLDS: usize = 16;

/// Why one setting of one resource is what it is.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// The app's id.
    pub app: String,
    /// The deployment target, where the app has any.
    pub target: Option<String>,
    /// The kind of resource.
    pub kind: &'static str,
    /// The resource's name.
    pub resource: String,
    /// The setting.
    pub setting: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// The framework's own name of it.
    pub key: Option<String>,
    /// Its value as far as it may be shown; none where the framework has no such setting.
    pub value: Option<String>,
    /// How it is known; see `prodcheck settings`.
    pub state: &'static str,
    /// The framework's default, and where that is written down.
    pub default: Option<DefaultNote>,
    /// One way for each answer to the questions that it hangs on; a settled value has one.
    pub ways: Vec<Way>,
    /// Where the variables on the way are set, the one that wins first.
    pub variables: Vec<VariableNote>,
}

/// What the framework does where nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DefaultNote {
    /// In words.
    pub is: String,
    /// Where the framework says so.
    pub reference: String,
}

/// How the value comes about in one world.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// The world; empty where there is but one.
    pub when: Vec<String>,
    /// The value there.
    pub value: String,
    /// The steps, from the setting back to where its value stands.
    pub steps: Vec<WhyStep>,
    /// Why it is not known, and what would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Unknown>,
}

/// Why something is not known.
#[derive(Clone, Debug, Serialize)]
pub struct Unknown {
    /// The reason in words.
    pub reason: String,
    /// What would settle it.
    pub settle: Vec<String>,
}

/// One step of a way.
#[derive(Clone, Debug, Serialize)]
pub struct WhyStep {
    /// The kind of step: `written`, `reads`, `sets`, `not-set`, `fallback`, `default`, ...
    pub step: &'static str,
    /// Where, if in a file of the project.
    pub location: Option<Spot>,
    /// What stands there, masked.
    pub text: Option<String>,
    /// What happens, in words.
    pub note: String,
}

/// A place in a file; lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// The path relative to the root.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// One place that says something of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VariableNote {
    /// The variable.
    pub variable: String,
    /// Where; none outside the project's files.
    pub location: Option<Spot>,
    /// What the source is, in words.
    pub source: &'static str,
    /// `wins`, `weaker`, or `not-read`.
    pub standing: &'static str,
}

/// Makes the whys of one project.
pub struct Explainer<'p> {
    sources: &'p dyn Sources,
    locator: Locator<'p>,
    masker: &'p Masker,
    hidden: &'p BTreeMap<FileId, Vec<Span>>,
    frames: RefCell<HashMap<FileId, Option<Masked>>>,
}

impl<'p> Explainer<'p> {
    /// An explainer that hides what is known to be secret.
    pub fn new(sources: &'p dyn Sources, masker: &'p Masker, hidden: &'p BTreeMap<FileId, Vec<Span>>) -> Self {
        Explainer { sources, locator: Locator::new(sources), masker, hidden, frames: RefCell::default() }
    }

    /// Why a setting is what it is; its default and its variables are for the caller to add.
    pub fn why(&self, app: &str, target: Option<&Arc<str>>, resource: &Resource, setting: Key) -> Why {
        let key = resource.spot(setting).map(|spot| spot.key.to_string());
        let named = setting.name == "value" && secret_name(&resource.name);
        let hint = if named { resource.name.to_string() } else { key.clone().unwrap_or_else(|| setting.name.into()) };
        let value = match resource.state(setting) {
            Some(State::Value(value)) => Some(value),
            _ => None,
        };
        Why {
            app: app.to_owned(),
            target: target.map(|target| target.to_string()),
            kind: resource.kind.name,
            resource: self.masker.words(&resource.name),
            setting: setting.name,
            meaning: setting.meaning,
            value: value.map(|value| self.masker.value(setting.ty, &hint, value)),
            state: value.map_or("not-applicable", state_name),
            default: None,
            ways: value.map(|value| self.ways(setting, &hint, value)).unwrap_or_default(),
            variables: Vec::new(),
            key,
        }
    }

    fn ways(&self, setting: Key, hint: &str, value: &Value) -> Vec<Way> {
        let mut worlds = Vec::new();
        collect(value, &World::default(), &mut worlds);
        let way = |(world, value): (World, &Value)| {
            let steps = trail_in_words(value, &self.locator, self.masker).into_iter();
            let unknown = unsettled_of(value, hint, &self.locator).map(|Unsettled { reason, settle, .. }| Unknown {
                reason: self.masker.words(&reason),
                settle: settle.iter().map(|way| self.masker.words(way)).collect(),
            });
            Way {
                when: in_words(&world, &self.locator, self.masker),
                value: self.masker.value(setting.ty, hint, value),
                steps: steps
                    .map(|step| WhyStep {
                        step: step.step,
                        text: step.location.as_ref().and_then(|at| self.text_at(at)),
                        location: step.location.as_ref().map(spot),
                        note: if value.is_unknown() { as_unknown(step.step, step.note) } else { step.note },
                    })
                    .collect(),
                unknown,
            }
        };
        worlds.into_iter().map(way).collect()
    }

    /// The masked text of a place, its first line.
    fn text_at(&self, at: &Location) -> Option<String> {
        let file = self.sources.find(&at.file)?;
        let frames = &mut *self.frames.borrow_mut();
        let masked = frames.entry(file).or_insert_with(|| {
            let hidden = self.hidden.get(&file).map_or(&[][..], Vec::as_slice);
            let text = self.sources.text(file)?;
            Some(Masked::new(self.masker, &text, self.sources.shape(file), hidden))
        });
        let line = masked.as_ref()?.line(at.line)?;
        let goes_on = at.end_line > at.line;
        let end = if goes_on { usize::MAX } else { at.end_column as usize - 1 };
        let start = at.column as usize - 1;
        let mut shown: String = line.chars().skip(start).take(end.saturating_sub(start).min(MOST_CHARS)).collect();
        if goes_on || end.saturating_sub(start) > MOST_CHARS {
            shown.truncate(shown.trim_end().len());
            shown.push('…');
        }
        (!shown.trim().is_empty()).then(|| without_lengths(&shown))
    }

    /// A place of the project, with its file and line.
    pub fn spot(&self, file: FileId, span: Span) -> Spot {
        spot(&self.locator.location(file, span))
    }
}

fn spot(at: &Location) -> Spot {
    Spot { file: at.file.to_string(), line: at.line, column: at.column }
}

/// A text without the length of what is hidden in it.
fn without_lengths(shown: &str) -> String {
    let mut out = String::new();
    for piece in shown.split_inclusive('•') {
        let hides = piece.ends_with('•');
        let plain = piece.trim_end_matches('•');
        if hides && plain.is_empty() && out.ends_with(HIDDEN) {
            continue;
        }
        out.push_str(plain);
        out.push_str(if hides { HIDDEN } else { "" });
    }
    out
}

/// A variable that nothing sets is not known to be unset where something unseen can set it.
fn as_unknown(step: &str, note: String) -> String {
    match note.strip_suffix(" is not set") {
        Some(variable) if step == "not-set" => format!("no file sets {variable}"),
        _ => note,
    }
}

/// Each arm of a choice with the world in which it holds.
fn collect<'v>(value: &'v Value, world: &World, into: &mut Vec<(World, &'v Value)>) {
    let Kind::Choice(question, arms) = &value.kind else {
        into.push((world.clone(), value));
        return;
    };
    for (answer, arm) in arms.iter().enumerate() {
        if into.len() < MOST_WORLDS
            && let Some(world) = world.with(question, answer)
        {
            collect(arm, &world, into);
        }
    }
}

/// The whys in a format, ready to be written out.
pub fn render(whys: &[Why], format: TableFormat, style: Style) -> String {
    match format {
        TableFormat::Json => {
            let json = serde_json::to_string_pretty(whys).expect("internal error: a setting has no odd keys");
            json_safe(&(json + "\n")).into_owned()
        }
        TableFormat::Human => whys.iter().map(|why| human(why, style)).collect::<Vec<_>>().join("\n"),
    }
}

fn human(why: &Why, style: Style) -> String {
    let mut out = String::new();
    let target = why.target.as_ref().map_or(String::new(), |target| format!(" on {target}"));
    let app = if why.app.is_empty() { "." } else { &*why.app };
    let whose = format!("of {} in {app}{target}", why.resource);
    let name = format!("{}.{}", why.kind, why.setting);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} {}", strong(&name, style), printable(&whose));
    let _ = writeln!(out, "  {}", why.meaning.trim());
    match &why.value {
        Some(value) => {
            let _ = writeln!(out, "\n  value    {} ({})", strong(value, style), why.state);
        }
        None => out.push_str("\n  the framework has no such setting here\n"),
    }
    if let Some(key) = &why.key {
        let _ = writeln!(out, "  key      {}", printable(key));
    }
    if let Some(default) = &why.default {
        let is = default.is.trim_start_matches("by default ").trim_matches('`');
        let _ = writeln!(out, "  default  {is} (source: {})", printable(&default.reference));
    }
    why.ways.iter().for_each(|way| out.push_str(&way_in_words(way, style)));
    out.push_str(&variables(&why.variables));
    out
}

fn way_in_words(way: &Way, style: Style) -> String {
    let mut out = String::from("\n");
    if !way.when.is_empty() {
        let when = format!("when {}", way.when.join(" and "));
        let _ = writeln!(out, "  {}: {}", printable(&when), strong(&way.value, style));
    }
    let place = |step: &WhyStep| step.location.as_ref().map_or_else(|| "-".into(), place);
    let widest = way.steps.iter().map(|step| place(step).chars().count()).max().unwrap_or(0);
    let mut before = None;
    for (number, step) in way.steps.iter().enumerate() {
        let _ = writeln!(out, "  {:>2}. {:widest$}  {}", number + 1, printable(&place(step)), printable(&step.note));
        let here = Some((&step.location, &step.text));
        if let (Some(text), true) = (&step.text, here != before) {
            let _ = writeln!(out, "      {:widest$}  {}", "", faint(text, style));
        }
        before = here;
    }
    if let Some(unknown) = &way.unknown {
        let _ = writeln!(out, "      not known: {}", printable(&unknown.reason));
        let _ = writeln!(out, "      settle with: {}", printable(&unknown.settle.join(", or ")));
    }
    out
}

fn variables(notes: &[VariableNote]) -> String {
    let mut out = String::new();
    for of_one in notes.chunk_by(|a, b| a.variable == b.variable) {
        let _ = writeln!(out, "\n  {} is named in", printable(&of_one[0].variable));
        let place = |note: &VariableNote| note.location.as_ref().map_or_else(|| "-".into(), place);
        let widest = of_one.iter().map(|note| place(note).chars().count()).max().unwrap_or(0);
        for note in of_one {
            let place = place(note);
            let standing = note.standing.replace('-', " ");
            let _ = writeln!(out, "    {:widest$}  {standing}: {}", printable(&place), note.source);
        }
    }
    out
}

fn place(at: &Spot) -> String {
    format!("{}:{}:{}", at.file, at.line, at.column)
}

fn strong(text: &str, style: Style) -> String {
    let text = printable(text);
    if style.colour { text.style(Paint::new().bold()).to_string() } else { text.into_owned() }
}

fn faint(text: &str, style: Style) -> String {
    let text = printable(text);
    if style.colour { text.style(Paint::new().dimmed()).to_string() } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_does_not_tell_its_length() {
        let short = without_lengths("a: \"•••\", b");
        assert_eq!(short, without_lengths("a: \"••••••••••••\", b"));
        assert_eq!(short, format!("a: \"{HIDDEN}\", b"));
        assert_eq!(without_lengths("plain"), "plain");
    }
}

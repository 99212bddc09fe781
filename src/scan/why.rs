//! Why a setting is what it is: the settings that a name means, each with its way, its default and its variables.

use crate::config::{is_app, nearest};
use crate::environment::{Environment, Role};
use crate::eval::{How, Kind, Place, Value};
use crate::facts;
use crate::findings::{Secrets, known_secrets};
use crate::frameworks::FRAMEWORKS;
use crate::mask::Masker;
use crate::reading::table::Row;
use crate::report::{DefaultNote, Explainer, VariableNote, Why};
use crate::scan::open::{Opened, open};
use crate::scan::{Environments, Evaluated, ScanError, ScanOptions, evaluate};
use crate::settings::{Resource, ResourceKind, Setting, State, vocabulary};
use crate::syntax::{FileId, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// The most steps of a value in which variables are looked for.
const MOST_STEPS: usize = 64;

/// The most settings that are told of one place.
const MOST_AT_ONE_PLACE: usize = 6;

/// Which settings are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `cors.origins`, a framework's key, or a variable.
    pub setting: String,
    /// The one app, by its id.
    pub app: Option<String>,
    /// The one resource, by its name.
    pub resource: Option<String>,
}

/// The answer: settings, or what can be said where there are none.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The settings that the name means.
    pub whys: Vec<Why>,
    /// The apps that were looked at.
    pub apps: Vec<String>,
    /// Why there is no setting, in words.
    pub nothing: Option<String>,
    /// What was most likely meant.
    pub help: Option<String>,
}

/// One setting of one resource.
#[derive(Clone, Copy)]
struct Candidate<'m> {
    app: &'m str,
    framework: &'static str,
    run: usize,
    resource: &'m Resource,
    setting: &'static Setting,
}

/// Why the settings of a name are what they are.
pub fn why(options: &ScanOptions, asked: &Asked) -> Result<Answer, ScanError> {
    let opened = open(options)?;
    let evaluated = evaluate(&opened, options, Environments::Kept)?;
    let secrets = known_secrets(evaluated.models.iter().map(|(_, model)| model));
    let masker = Masker::new(&secrets.texts);
    Ok(Known { opened: &opened, evaluated: &evaluated, secrets: &secrets, masker: &masker }.answer(asked))
}

/// A project that was evaluated, with its environments kept.
pub(super) struct Known<'k> {
    pub(super) opened: &'k Opened,
    pub(super) evaluated: &'k Evaluated,
    pub(super) secrets: &'k Secrets,
    pub(super) masker: &'k Masker,
}

impl<'k> Known<'k> {
    /// Why the settings of a name are what they are.
    pub(super) fn answer(&self, asked: &Asked) -> Answer {
        let all = self.candidates();
        let mut apps: Vec<String> = all.iter().map(|candidate| shown_app(candidate.app).to_owned()).collect();
        apps.dedup();
        let in_app = |candidate: &&Candidate<'_>| asked.app.as_ref().is_none_or(|app| is_app(app, candidate.app));
        let wanted: Vec<Candidate<'_>> = all.iter().filter(in_app).copied().collect();
        let named = best(&wanted, &asked.setting);
        let of_resource = |candidate: &&Candidate<'_>| {
            asked.resource.as_ref().is_none_or(|name| **name == *self.masker.words(&candidate.resource.name))
        };
        let whys = self.told(named.iter().filter(of_resource));
        let mut answer = Answer { whys, apps, ..Answer::default() };
        if answer.whys.is_empty() && !answer.apps.is_empty() {
            (answer.nothing, answer.help) = nothing(asked, &answer.apps, &wanted, &named, self.masker);
        }
        answer
    }

    /// Why the settings are what they are that come from a place of a file: those of the text that is closest, around it or
    /// next on its line. What nobody wrote comes from no text.
    pub(super) fn at(&self, file: FileId, offset: u32) -> Vec<Why> {
        let line = self.line_of(file, offset);
        let near = |candidate: &Candidate<'_>| {
            let value = candidate.resource.value(candidate.setting).filter(|value| !value.trail.is_default())?;
            let mut spans = Vec::new();
            spans_of(value, file, &mut spans);
            spans.iter().filter_map(|span| distance(*span, offset, &line)).min()
        };
        let all = self.candidates();
        let near: Vec<(u32, &Candidate<'_>)> =
            all.iter().filter_map(|candidate| Some((near(candidate)?, candidate))).collect();
        let Some(nearest) = near.iter().map(|(distance, _)| *distance).min() else { return Vec::new() };
        let mut closest: Vec<&Candidate<'_>> =
            near.iter().filter(|(distance, _)| *distance == nearest).map(|(_, candidate)| *candidate).collect();
        // What has a name in the framework is what the reader looks at.
        closest.sort_by_key(|candidate| candidate.resource.spot(candidate.setting).is_none());
        self.told(closest.into_iter().take(MOST_AT_ONE_PLACE))
    }

    fn candidates(&self) -> Vec<Candidate<'k>> {
        let mut all = Vec::new();
        for (run, (_, model)) in self.evaluated.models.iter().enumerate() {
            for resource in &model.resources {
                let app = &model.apps[resource.app.0];
                let (framework, app) = (app.framework, &*app.id);
                let settings = resource.kind.settings.iter();
                all.extend(settings.map(|setting| Candidate { app, framework, run, resource, setting }));
            }
        }
        all
    }

    fn told<'c>(&self, candidates: impl Iterator<Item = &'c Candidate<'c>>) -> Vec<Why> {
        let explainer = Explainer::new(&self.opened.project, self.masker, &self.secrets.places);
        let why = |candidate: &Candidate<'_>| {
            let Candidate { app, framework, run, resource, setting } = *candidate;
            let mut why = explainer.why(app, self.evaluated.models[run].0.as_ref(), resource, setting);
            why.default = default_of(framework, resource, setting, &self.opened.libraries);
            // The repository, which comes last, has no environment of its own.
            if let (Some(State::Value(value)), Some(environment)) =
                (resource.state(setting), self.evaluated.environments.get(run))
            {
                why.variables = variables(value, environment, &explainer);
            }
            why
        };
        candidates.map(why).collect()
    }

    /// The bytes of the line that an offset lies on.
    fn line_of(&self, file: FileId, offset: u32) -> Range<u32> {
        let text = self.opened.project.text(file).map_or("", |text| &**text);
        let at = text.floor_char_boundary(offset as usize);
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        byte(start)..byte(text[at..].find('\n').map_or(text.len(), |end| at + end))
    }
}

/// How far a text is from an offset: by its length where it is around it, else by what lies between on the same line.
fn distance(span: Span, offset: u32, line: &Range<u32>) -> Option<u32> {
    let (start, end) = (span.start, span.end);
    if start <= offset && offset <= end && start < end {
        return Some(end - start);
    }
    (start >= offset && line.contains(&start) && start < end).then(|| start - offset)
}

/// The texts of a file on the ways to a value.
fn spans_of(value: &Value, file: FileId, into: &mut Vec<Span>) {
    let steps = value.trail.walk(MOST_STEPS);
    let here = steps.iter().filter_map(|step| step.place.in_file()).filter(|(of, _)| *of == file);
    into.extend(here.map(|(_, span)| span));
    match &value.kind {
        Kind::Choice(_, arms) => arms.iter().for_each(|arm| spans_of(arm, file, into)),
        Kind::List { items, .. } => items.iter().for_each(|item| spans_of(item, file, into)),
        _ => {}
    }
}

/// The id of an app as a user would write it.
fn shown_app(id: &str) -> &str {
    if id.is_empty() { "." } else { id }
}

/// Those that a name means in the first way in which it means any.
fn best<'m>(all: &[Candidate<'m>], name: &str) -> Vec<Candidate<'m>> {
    let key = |candidate: &Candidate<'m>| candidate.resource.spot(candidate.setting).map(|spot| spot.key.clone());
    let ways: [&dyn Fn(&Candidate<'m>) -> bool; 6] = [
        &|candidate| full_name(candidate.setting) == name,
        &|candidate| key(candidate).is_some_and(|key| *key == *name),
        &|candidate| *candidate.resource.name == *name && candidate.setting.name == "value",
        &|candidate| candidate.setting.name == name,
        &|candidate| key(candidate).is_some_and(|key| key.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))),
        &|candidate| candidate.resource.value(candidate.setting).is_some_and(|value| hangs_on(value, name)),
    ];
    for means in ways {
        let meant: Vec<Candidate<'m>> = all.iter().filter(|candidate| means(candidate)).copied().collect();
        let real: Vec<Candidate<'m>> = meant.iter().filter(|candidate| candidate.has_value()).copied().collect();
        if !real.is_empty() {
            return real;
        }
        if !meant.is_empty() {
            return meant;
        }
    }
    Vec::new()
}

/// Whether a value is made of a variable, or would be if anything set it.
fn hangs_on(value: &Value, name: &str) -> bool {
    let is_it = |how: &How| match how {
        How::Reads { variable, .. } | How::NotSet { variable } | How::Sets { variable } => **variable == *name,
        _ => false,
    };
    let arms = if let Kind::Choice(_, arms) = &value.kind { arms.as_ref() } else { &[] };
    value.trail.walk(MOST_STEPS).into_iter().any(|step| is_it(&step.how)) || arms.iter().any(|arm| hangs_on(arm, name))
}

impl Candidate<'_> {
    fn has_value(&self) -> bool {
        matches!(self.resource.state(self.setting), Some(State::Value(_)))
    }
}

fn full_name(setting: &Setting) -> String {
    format!("{}.{}", setting.kind, setting.name)
}

/// What is wrong, and what was meant.
fn nothing(
    asked: &Asked,
    apps: &[String],
    wanted: &[Candidate<'_>],
    named: &[Candidate<'_>],
    masker: &Masker,
) -> (Option<String>, Option<String>) {
    if wanted.is_empty() {
        let app = asked.app.as_deref().unwrap_or_default();
        return (Some(format!("there is no app `{app}`")), Some(format!("there are {}", apps.join(", "))));
    }
    if let (Some(resource), false) = (&asked.resource, named.is_empty()) {
        let names: BTreeSet<&str> = named.iter().map(|candidate| &*candidate.resource.name).collect();
        let names: Vec<String> = names.into_iter().map(|name| masker.words(name)).collect();
        let message = format!("`{}` has no resource `{resource}` here", asked.setting);
        return (Some(message), Some(format!("there are {}", names.join(", "))));
    }
    let name = &asked.setting;
    if let Some(kind) = ResourceKind::named(name) {
        let settings: Vec<String> = kind.settings.iter().map(|setting| full_name(setting)).collect();
        return (
            Some(format!("`{name}` is a kind of resource with several settings")),
            Some(format!("name one of {}", settings.join(", "))),
        );
    }
    let words: Vec<String> = vocabulary().flat_map(|kind| kind.settings).map(|setting| full_name(setting)).collect();
    if words.contains(name) {
        let help = "`prodcheck settings` lists those that there are";
        return (Some(format!("no app here has anything with a setting `{name}`")), Some(help.into()));
    }
    let keys = wanted.iter().filter_map(|candidate| candidate.resource.spot(candidate.setting));
    let variables = wanted.iter().filter(|candidate| candidate.setting.name == "value");
    let variables = variables.map(|candidate| &*candidate.resource.name);
    let known = words.iter().map(String::as_str).chain(keys.map(|spot| &*spot.key)).chain(variables);
    let help = match nearest(name, known) {
        Some(word) => format!("did you mean `prodcheck why {word}`? `prodcheck settings` lists all of them"),
        None => "`prodcheck settings` lists all of them, such as `prodcheck why cors.origins`".to_owned(),
    };
    (Some(format!("there is no setting `{name}`")), Some(help))
}

/// What the framework's table, or the facts of the library that gave the resource, says of the setting where nothing is
/// written.
fn default_of(
    framework: &str,
    resource: &Resource,
    setting: &'static Setting,
    libraries: &facts::Catalogue,
) -> Option<DefaultNote> {
    let tables = FRAMEWORKS.iter().find(|known| known.name == framework).map_or(&[][..], |known| known.tables);
    let of_framework = tables.iter().flat_map(|(_, rows)| rows.iter());
    let is_own =
        |name: &str| resource.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let gives = libraries.libraries().flat_map(|library| &library.gives);
    let of_libraries =
        gives.filter(|gives| gives.kind == resource.kind && is_own(gives.name)).flat_map(|gives| gives.rows);
    let rows: Vec<&Row> = of_framework.chain(of_libraries).filter(|row| row.setting == setting).collect();
    let key = resource.spot(setting).map(|spot| spot.key.clone());
    let here = |row: &&&Row| key.as_ref().is_some_and(|key| row.places.iter().any(|place| *place.path == **key));
    let row = rows.iter().find(here).or_else(|| rows.first().filter(|_| rows.len() == 1))?;
    Some(DefaultNote { is: row.default.in_words(), reference: row.reference.to_owned() })
}

/// Every source of the variables that a value was read from.
fn variables(value: &Value, environment: &Environment, explainer: &Explainer<'_>) -> Vec<VariableNote> {
    let mut names = Vec::new();
    variables_of(value, &mut names);
    let mut notes = Vec::new();
    for name in names {
        let mut won = false;
        for said in environment.said_of(&name) {
            let standing = if !said.counts {
                "not-read"
            } else if won {
                "weaker"
            } else {
                "wins"
            };
            won |= said.counts;
            let location = said.place.in_file().map(|(file, span)| explainer.spot(file, span));
            let source = source(said.role, said.counts, said.place);
            notes.push(VariableNote { variable: name.to_string(), location, source, standing });
        }
    }
    notes
}

fn source(role: Role, counts: bool, place: Place) -> &'static str {
    match role {
        _ if place == Place::Process => "given on the command line, by the process or in prodcheck.toml",
        Role::Loaded => "the app loads this file",
        Role::Intent if counts => "it says what the host is meant to set",
        Role::Intent => "the target is told all that it gets elsewhere",
        Role::Developer if counts => "a developer's own file, which may be there when the app runs",
        Role::Developer => "a developer's own file",
        Role::Template => "it declares the name for others to fill in",
        Role::Other => "for another environment",
        Role::Target => "it describes the deployment",
    }
}

fn variables_of(value: &Value, into: &mut Vec<Arc<str>>) {
    for step in value.trail.walk(MOST_STEPS) {
        if let How::Reads { variable, .. }
        | How::Sets { variable }
        | How::NotSet { variable }
        | How::Intended { variable }
        | How::Assumed { variable } = &step.how
            && !into.contains(variable)
        {
            into.push(variable.clone());
        }
    }
    match &value.kind {
        Kind::Choice(_, arms) => arms.iter().for_each(|arm| variables_of(arm, into)),
        Kind::List { items, .. } => items.iter().for_each(|item| variables_of(item, into)),
        _ => {}
    }
}

//! Secrets by their names in env files, templates and deployment files, and equal values among them.

use crate::environment::{Role, Variable};
use crate::eval::{How, Kind, Value};
use crate::project::{File, FileKind, GitState};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::env_contents::asks_to_be_filled;
use crate::reading::interpolated::is_made_of_others;
use crate::reading::refused::is_refused;
use crate::reading::secret_text::{Written, secret_part, secret_value};
use crate::reading::siblings::Siblings;
use crate::secrets::{Served, is_placeholder, provider};
use crate::settings::{Resource, Type, secret};
use crate::stages::is_stage;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::HashMap;
use std::sync::Arc;

/// Each secret-named variable of a template or of a source that production reads.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let published = crate::platforms::datastore_published(reading);
    let variables: Vec<Variable> = reading.environment.variables().collect();
    let siblings = Siblings::of(&variables);
    for variable in &variables {
        let counts = matches!(variable.role, Role::Loaded | Role::Intent | Role::Target | Role::Template);
        if reading.spoken_for.contains(&variable.name) && variable.role != Role::Template {
            continue;
        }
        // What a job is given is judged by what the job is for, and what a script hands on where the script is read.
        let file = variable.place.in_file().map(|(file, _)| reading.documents.project.file(file));
        if file.is_some_and(|file| file.kind == crate::platforms::pipelines::KIND || file.name().ends_with(".sh")) {
            continue;
        }
        // The variable that the text is made of is judged where it is set.
        if is_made_of_others(reading, &variable.value) {
            continue;
        }
        let told = variable.role == Role::Target;
        if told && siblings.choose_other_engine(&variable.name) {
            continue;
        }
        let Some(written) = secret_value(&variable.name, &variable.value).filter(|_| counts) else { continue };
        if variable.role == Role::Template && file.is_some_and(is_of_developers) && is_made_here(&written) {
            continue;
        }
        if siblings.are_not_set_up(variable, &written) || siblings.belong_to_a_trial(variable) {
            continue;
        }
        // `<smtp-password>` in a manifest is a hole that a plugin of the cluster fills.
        let is_hole = |text: &Text| text.test(|text| text.starts_with('<') && text.ends_with('>'));
        if file.is_some_and(|file| file.kind == FileKind::Yaml) && variable.value.as_text().is_some_and(is_hole) {
            continue;
        }
        if variable.role != Role::Template && written.value.as_text().is_some_and(|text| is_refused(reading, text)) {
            continue;
        }
        let repeats = siblings.repeat_user(variable, &written);
        let mut resource = reading.secret_resource(&variable.name, &written.value, SecretFacts::of(written.purpose));
        let stated = reading.stated(Kind::Bool(repeats), resource.place);
        resource = resource.set(secret::repeats_user, stated);
        if file.is_some_and(|file| is_shared_default(reading, file))
            && written.value.as_text().is_some_and(|text| text.test(asks_to_be_filled))
        {
            let stated = reading.stated(Kind::Bool(true), resource.place);
            resource = resource.set(secret::shared_default, stated);
        }
        if let Some(published) = published {
            let place = resource.place;
            resource = resource.set(secret::service_published, reading.stated(Kind::Bool(published), place));
        }
        reading.add(resource);
    }
}

/// Whether a template is one of the env file of developers' machines: `.env.dev.example`.
fn is_of_developers(file: &File) -> bool {
    let FileKind::EnvFile { environment: Some(name), .. } = &file.kind else { return false };
    name.split(['.', '-', '_']).any(|word| matches!(word, "dev" | "development" | "develop" | "local"))
}

/// Whether a secret is one that each installation makes for itself: what a provider issued opens something elsewhere.
fn is_made_here(written: &Written) -> bool {
    written.purpose != "api_key" && written.value.as_text().is_none_or(|text| provider(text).is_none())
}

/// Whether a file is the `.env` in git of an app whose framework reads `.env.local` over it: public defaults by the
/// convention of Next.js and Vite.
fn is_shared_default(reading: &Reading<'_>, file: &File) -> bool {
    let plain = matches!(file.kind, FileKind::EnvFile { environment: None, local: false, template: false });
    let names = || reading.environment.loader.names("production");
    plain && file.git == GitState::Tracked && names().iter().any(|name| name == ".env.local")
}

/// Where the text of a secret stands.
fn place_of_text(resource: &Resource) -> Option<(FileId, Span)> {
    resource.value(secret::value).and_then(|value| value.trail.primary())
}

/// Notes, at secrets that code or a schema names, that their text is a stand-in of such a file.
fn shared_defaults(reading: &mut Reading<'_>) {
    let stands_in = |resource: &Resource| {
        let file = place_of_text(resource).map(|(file, _)| reading.documents.project.file(file));
        let text = resource.value(secret::value).and_then(Value::as_text);
        resource.kind.name == secret::KIND.name
            && file.is_some_and(|file| is_shared_default(reading, file))
            && text.is_some_and(|text| text.test(asks_to_be_filled))
    };
    let found: Vec<usize> =
        reading.model.resources.iter().enumerate().filter(|(_, one)| stands_in(one)).map(|(at, _)| at).collect();
    for at in found {
        let stated = reading.stated(Kind::Bool(true), reading.model.resources[at].place);
        reading.model.resources[at].put(secret::shared_default, stated);
    }
}

/// Notes, at each secret, the other environments and the other secrets that have the same value.
pub(crate) fn compare(reading: &mut Reading<'_>) {
    shared_defaults(reading);
    let elsewhere: Vec<(Arc<str>, Text)> = reading
        .environment
        .variables()
        .filter(|variable| matches!(variable.role, Role::Other | Role::Developer))
        .filter_map(|variable| {
            let file = variable.place.in_file()?.0;
            let file = reading.documents.project.file(file);
            // `netbox.env` is a part of one environment, not another one.
            let named = |name: &str| name.split(['.', '-', '_']).any(|word| is_stage(word) || word == "local");
            if matches!(&file.kind, FileKind::EnvFile { environment: Some(name), .. } if !named(name)) {
                return None;
            }
            let path = file.path.clone();
            let (secret, _) = secret_part(&variable.name, variable.value.as_text()?)?;
            Some((path, secret))
        })
        .collect();
    let mut in_files: HashMap<Text, Vec<Arc<str>>> = HashMap::new();
    for (path, text) in elsewhere {
        in_files.entry(text).or_default().push(path);
    }
    let mut own: HashMap<Text, Vec<Own>> = HashMap::new();
    for resource in reading.model.resources.iter().filter(|resource| resource.kind.name == secret::KIND.name) {
        if let Some(text) = comparable(resource) {
            own.entry(text).or_default().push(Own::of(resource));
        }
    }
    for resource in reading.model.resources.iter_mut().filter(|resource| resource.kind.name == secret::KIND.name) {
        let Some(text) = comparable(resource) else { continue };
        let this = Own::of(resource);
        let own_path = this.at.map(|(file, _)| &reading.documents.project.file(file).path);
        let in_files = in_files.get(&text).map_or(&[][..], Vec::as_slice);
        let in_files = in_files.iter().take(MOST_COMPARED).filter(|path| Some(*path) != own_path).take(MOST_TOLD);
        let in_files: Vec<Arc<str>> = in_files.cloned().collect();
        let others = own.get(&text).map_or(&[][..], Vec::as_slice).iter().take(MOST_COMPARED);
        let others = others.filter(|other| this.is_another(other)).take(MOST_TOLD);
        let as_secrets: Vec<Arc<str>> = others.map(|other| other.name.clone()).collect();
        put_names(resource, secret::same_value_in, in_files);
        put_names(resource, secret::same_value_as, as_secrets);
    }
}

/// Secrets of one text with which each of them is compared: where thousands are the same, so many say enough.
const MOST_COMPARED: usize = 1_000;

/// The most files or secrets of the same value that are named at one secret.
const MOST_TOLD: usize = 8;

/// A secret as it is compared with the others.
struct Own {
    name: Arc<str>,
    served: Served,
    variable: Option<Arc<str>>,
    /// Where its text stands.
    at: Option<(FileId, Span)>,
}

impl Own {
    fn of(resource: &Resource) -> Own {
        let variable = variable_of(resource);
        let key = resource.spot(secret::value).map_or(&resource.name, |spot| &spot.key);
        Own {
            name: resource.name.clone(),
            // The variable says more of a secret than the option that reads it.
            served: Served::of(variable.as_ref().unwrap_or(key), purpose_of(resource)),
            variable,
            at: place_of_text(resource),
        }
    }

    /// Whether a secret of the same text is one that should differ from this one.
    fn is_another(&self, other: &Own) -> bool {
        // One text that two parts of an app are given is one secret.
        let another = other.name != self.name
            && (self.variable.is_none() || other.variable != self.variable)
            && (self.at.is_none() || other.at != self.at);
        another && self.served.differs_from(&other.served)
    }
}

/// A word of `secret.purpose`; `other` where it is not said.
fn purpose_of(resource: &Resource) -> &'static str {
    let Type::Word(words) = secret::purpose.ty else { return "other" };
    resource.value(secret::purpose).and_then(Value::as_text).and_then(|text| text.one_of(words)).unwrap_or("other")
}

fn put_names(resource: &mut Resource, key: crate::settings::Key, names: Vec<Arc<str>>) {
    let Some(value) = resource.value(secret::value).cloned() else { return };
    let items = names.into_iter().map(|name| Value::new(Kind::Text(Text::new(name)), &value.trail)).collect();
    resource.put(key, Value::new(Kind::List { items, open: None }, &value.trail));
}

/// The text of a secret, where it is one that is worth comparing.
fn comparable(resource: &Resource) -> Option<Text> {
    let is_template =
        matches!(resource.value(secret::written_in).and_then(Value::as_text), Some(text) if text.is("template"));
    let text = resource.value(secret::value)?.as_text()?;
    (!is_template && !text.is_blank() && !is_placeholder(text) && text.chars() >= 8).then(|| text.clone())
}

/// The variable that a secret's value comes from.
fn variable_of(resource: &Resource) -> Option<Arc<str>> {
    resource.value(secret::value)?.trail.walk(16).iter().find_map(|step| match &step.how {
        How::Reads { variable, .. } | How::Sets { variable } => Some(variable.clone()),
        _ => None,
    })
}

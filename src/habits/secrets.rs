//! Secrets by their names in env files, templates and deployment files, and equal values among them.

use crate::environment::{Role, Variable};
use crate::eval::{How, Kind, Value};
use crate::project::FileKind;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::interpolated::is_made_of_others;
use crate::reading::secret_text::{secret_part, secret_value};
use crate::reading::siblings::Siblings;
use crate::secrets::is_placeholder;
use crate::settings::{Resource, secret};
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
        let repeats = siblings.repeat_user(variable, &written);
        let mut resource = reading.secret_resource(&variable.name, &written.value, SecretFacts::of(written.purpose));
        let stated = reading.stated(Kind::Bool(repeats), resource.place);
        resource = resource.set(secret::repeats_user, stated);
        if let Some(published) = published {
            let place = resource.place;
            resource = resource.set(secret::service_published, reading.stated(Kind::Bool(published), place));
        }
        reading.add(resource);
    }
}

/// Words in the names of env files by which they are for an environment of their own.
const ENVIRONMENTS: &[&str] = &[
    "development",
    "dev",
    "develop",
    "staging",
    "stage",
    "stg",
    "test",
    "testing",
    "ci",
    "e2e",
    "qa",
    "uat",
    "preview",
    "local",
    "production",
    "prod",
];

/// Where the text of a secret stands.
fn place_of_text(resource: &Resource) -> Option<(FileId, Span)> {
    resource.value(secret::value).and_then(|value| value.trail.primary())
}

/// Notes, at each secret, the other environments and the other secrets that have the same value.
pub(crate) fn compare(reading: &mut Reading<'_>) {
    let elsewhere: Vec<(Arc<str>, Text)> = reading
        .environment
        .variables()
        .filter(|variable| matches!(variable.role, Role::Other | Role::Developer))
        .filter_map(|variable| {
            let file = variable.place.in_file()?.0;
            let file = reading.documents.project.file(file);
            // `netbox.env` is a part of one environment, not another one.
            let named = |name: &str| name.split(['.', '-', '_']).any(|word| ENVIRONMENTS.contains(&word));
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
    variable: Option<Arc<str>>,
    stores: bool,
    /// Where its text stands.
    at: Option<(FileId, Span)>,
}

impl Own {
    fn of(resource: &Resource) -> Own {
        Own {
            name: resource.name.clone(),
            variable: variable_of(resource),
            stores: is_for_datastore(resource),
            at: place_of_text(resource),
        }
    }

    /// Whether a secret of the same text is one that should differ from this one.
    fn is_another(&self, other: &Own) -> bool {
        // One text that two parts of an app are given is one secret.
        let another = other.name != self.name
            && (self.variable.is_none() || other.variable != self.variable)
            && (self.at.is_none() || other.at != self.at);
        // A store and those who open it have the same password.
        another && !(self.stores && other.stores)
    }
}

fn is_for_datastore(resource: &Resource) -> bool {
    resource.value(secret::purpose).and_then(Value::as_text).is_some_and(|text| text.is("datastore"))
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

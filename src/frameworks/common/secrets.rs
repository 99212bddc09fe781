//! Secrets by their names in env files, templates and deployment files, and equal values among them.

use crate::environment::Role;
use crate::eval::{How, Kind, Value};
use crate::frameworks::Reading;
use crate::frameworks::reading::SecretFacts;
use crate::secrets::{is_placeholder, is_secret_name, provider, purpose};
use crate::settings::{Resource, secret};
use crate::text::Text;
use std::sync::Arc;

/// Each secret-named variable of a template or of a source that production reads.
pub(super) fn read(reading: &mut Reading<'_>) {
    let variables: Vec<_> = reading.environment.variables().collect();
    for variable in variables {
        let counts = matches!(variable.role, Role::Loaded | Role::Intent | Role::Target | Role::Template);
        if reading.spoken_for.contains(&variable.name) && variable.role != Role::Template {
            continue;
        }
        let Some(text) = variable.value.as_text() else { continue };
        let secret = is_secret_name(&variable.name) || provider(text).is_some_and(|_| variable.role != Role::Template);
        if counts && secret && !text.is_blank() {
            let facts = SecretFacts::of(purpose(&variable.name));
            reading.secret(&variable.name, &variable.value, facts);
        }
    }
}

/// Notes, at each secret, the other environments and the other secrets that have the same value.
pub(super) fn compare(reading: &mut Reading<'_>) {
    let elsewhere: Vec<(Arc<str>, Text)> = reading
        .environment
        .variables()
        .filter(|variable| matches!(variable.role, Role::Other | Role::Developer))
        .filter_map(|variable| {
            let file = variable.place.in_file()?.0;
            let path = reading.documents.project.file(file).path.clone();
            Some((path, variable.value.as_text()?.clone()))
        })
        .collect();
    let own: Vec<Own> = reading
        .model
        .resources
        .iter()
        .filter(|resource| resource.kind.name == secret::KIND.name)
        .map(|resource| Own {
            name: resource.name.clone(),
            text: comparable(resource),
            variable: variable_of(resource),
        })
        .collect();
    for resource in reading.model.resources.iter_mut().filter(|resource| resource.kind.name == secret::KIND.name) {
        let Some(text) = comparable(resource) else { continue };
        let variable = variable_of(resource);
        let in_files: Vec<Arc<str>> =
            elsewhere.iter().filter(|(_, other)| *other == text).map(|(path, _)| path.clone()).collect();
        let as_secrets: Vec<Arc<str>> = own
            .iter()
            .filter(|other| {
                let another = other.name != resource.name && (variable.is_none() || other.variable != variable);
                another && other.text.as_ref() == Some(&text)
            })
            .map(|other| other.name.clone())
            .collect();
        put_names(resource, secret::same_value_in, in_files);
        put_names(resource, secret::same_value_as, as_secrets);
    }
}

/// A secret as it is compared with the others.
struct Own {
    name: Arc<str>,
    text: Option<Text>,
    variable: Option<Arc<str>>,
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

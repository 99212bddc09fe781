//! Secrets that stand in the files of an app as literals, and that nothing else has spoken of; files of private keys.

use crate::eval::{How, Kind, Place, Value};
use crate::habits::env_files;
use crate::project::{File, FileKind, GitState, Project, lies_in};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::told::told;
use crate::secrets::{Sign, is_placeholder, is_predictable, is_well_known_default, looks_generated, provider, purpose};
use crate::settings::{Model, secret};
use crate::stages::{is_for_developers, is_shown};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One secret of a file, on its way to a resource.
struct Found {
    name: Arc<str>,
    value: Text,
    purpose: &'static str,
    span: Span,
}

/// One secret for each literal in the app's folder; comes after everything that knows what a value is for.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let root = reading.found.root.clone();
    let spoken_of = Spoken::of([&reading.model]);
    look(reading, spoken_of, &|file| lies_in(&file.path, &root) && !is_of_repository(file));
}

/// The same for what lies in the folder of no app, and of which nobody else has spoken.
pub(crate) fn beside(reading: &mut Reading<'_>, apps: &[Arc<str>], elsewhere: &[&Model]) {
    let spoken_of = Spoken::of(elsewhere.iter().copied().chain([&reading.model]));
    let in_app = |file: &File| apps.iter().any(|root| lies_in(&file.path, root));
    look(reading, spoken_of, &|file| is_of_repository(file) || !in_app(file));
}

/// Whether a file is the repository's wherever it lies.
fn is_of_repository(file: &File) -> bool {
    file.kind == crate::platforms::pipelines::KIND
}

fn look(reading: &mut Reading<'_>, mut spoken_of: Spoken, belongs: &dyn Fn(&File) -> bool) {
    let documents = reading.documents;
    for own in documents.literals() {
        if !belongs(documents.project.file(own.file)) {
            continue;
        }
        let Ok(text) = documents.project.text(own.file).cloned() else { continue };
        let mut found: Vec<Found> = own
            .literals
            .iter()
            .map(|literal| Found {
                name: name_of(&literal.sign),
                value: literal.value.clone(),
                purpose: match &literal.sign {
                    Sign::Token(_) => "api_key",
                    Sign::Address => "datastore",
                    Sign::Named(name) => purpose(name),
                },
                span: span(&literal.range),
            })
            .collect();
        if own.script {
            let told = reading.shared.told.of(own.file, || told(&text).into());
            for told in told.iter().filter(|told| counts(&told.value)) {
                let span = span(&told.range);
                if !found.iter().any(|known| overlap(known.span, span)) {
                    let (name, value) = (told.name.clone(), told.value.clone());
                    found.push(Found { name, value, purpose: told.purpose, span });
                }
            }
        }
        for found in found {
            if !spoken_of.holds(own.file, found.span) {
                spoken_of.note(own.file, found.span);
                add(reading, own.file, own.script, &text, found);
            }
        }
    }
    key_files(reading, belongs);
}

fn name_of(sign: &Sign) -> Arc<str> {
    match sign {
        Sign::Token(provider) => match provider.name.strip_prefix("a ") {
            Some(name) => name.into(),
            None => format!("token of {}", provider.name).into(),
        },
        Sign::Address => "in the address".into(),
        Sign::Named(name) => name.clone(),
    }
}

/// Whether a literal of a script is more than what every machine of a developer has.
fn counts(value: &Text) -> bool {
    let known = is_placeholder(value) || is_well_known_default(value) || is_predictable(value);
    !known && (looks_generated(value) || provider(value).is_some())
}

fn span(range: &std::ops::Range<usize>) -> Span {
    let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(fit(range.start), fit(range.end))
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// The texts that the secrets of the app come from: per file pieces that do not overlap, each from its start to its end.
struct Spoken(HashMap<FileId, BTreeMap<u32, u32>>);

impl Spoken {
    /// Those of the secrets that are known already.
    fn of<'m>(models: impl IntoIterator<Item = &'m Model>) -> Spoken {
        let mut spoken = Spoken(HashMap::new());
        let resources = models.into_iter().flat_map(|model| &model.resources);
        for resource in resources.filter(|resource| resource.kind.name == secret::KIND.name) {
            let Some(value) = resource.value(secret::value) else { continue };
            spoken.value(value);
            value.each(&mut |arm| {
                spoken.value(arm);
                arm.clone()
            });
        }
        spoken
    }

    /// Each text on the way to a value.
    fn value(&mut self, value: &Value) {
        for step in value.trail.walk(16) {
            // A fallback is spoken of with the variable that it stands behind, whether it counts or not.
            let fallback = match &step.how {
                How::Reads { fallback: Some(fallback), .. } => fallback.trail.primary(),
                _ => None,
            };
            step.place.in_file().into_iter().chain(fallback).for_each(|(file, span)| self.note(file, span));
        }
    }

    fn holds(&self, file: FileId, span: Span) -> bool {
        let before = self.0.get(&file).and_then(|pieces| pieces.range(..span.end).next_back());
        before.is_some_and(|(_, end)| span.start < *end)
    }

    fn note(&mut self, file: FileId, span: Span) {
        let pieces = self.0.entry(file).or_default();
        let (mut start, mut end) = (span.start, span.end);
        // Pieces that share text become one, so that the last one before a place is the one that reaches furthest.
        while let Some((&own_start, &own_end)) = pieces.range(..=end).next_back().filter(|(_, own)| **own >= start) {
            pieces.remove(&own_start);
            (start, end) = (start.min(own_start), end.max(own_end));
        }
        pieces.insert(start, end);
    }
}

fn add(reading: &mut Reading<'_>, file: FileId, script: bool, text: &str, found: Found) {
    let project = reading.documents.project;
    let place = Place::File(file, found.span);
    let is_code = matches!(project.file(file).kind, FileKind::Source(_) | FileKind::Json);
    let medium = match is_comment(text, found.span) {
        true => Some("comment"),
        false if script => Some("script"),
        false if matches!(project.file(file).kind, FileKind::EnvFile { .. }) => None,
        false if is_code => Some("code"),
        false => None,
    };
    // What an env file sets is judged as a file and as a variable.
    if medium.is_none() && matches!(project.file(file).kind, FileKind::EnvFile { .. }) {
        return;
    }
    let name = format!("{}:{}", project.file(file).path, found.name);
    let value = Value::written(Kind::Text(found.value), place);
    let mut resource = reading.secret_resource(&name, &value, SecretFacts::of(found.purpose));
    resource = resource.spot_at(secret::value, found.name);
    if let Some(medium) = medium {
        resource = resource.set(secret::written_in, reading.word(medium, place));
    }
    reading.add(resource);
}

/// Whether the line in which something stands is a comment.
fn is_comment(text: &str, span: Span) -> bool {
    let before = &text[..span.start as usize];
    let line = before[before.rfind('\n').map_or(0, |at| at + 1)..].trim_start();
    ["#", "//", "/*", "* ", "--", ";"].iter().any(|sign| line.starts_with(sign))
        || line.split(" //").count() > 1 && !line.contains("\"")
        || line.split(" # ").count() > 1 && !line.contains("\"")
}

/// Whether a word in the path of a key says that only a developer's machine uses it.
fn is_developers(word: &str) -> bool {
    is_for_developers(word) || is_shown(word) || matches!(word, "localhost" | "snakeoil" | "mock" | "spec" | "specs")
}

/// Files that are a private key.
fn key_files(reading: &mut Reading<'_>, belongs: &dyn Fn(&File) -> bool) {
    for file in reading.shared.keys.iter().copied() {
        if belongs(reading.documents.project.file(file)) {
            env_files::key(reading, file);
        }
    }
}

/// The private keys among the project's files that are not there for its developers alone.
pub(crate) fn private_keys(project: &Project) -> Vec<FileId> {
    let is_key = |file: &FileId| {
        let own = project.file(*file);
        let named = own.name().ends_with(".pem")
            || own.name().ends_with(".key")
            || matches!(own.name(), "id_rsa" | "id_ed25519" | "id_ecdsa" | "id_dsa");
        let for_developers = || own.path.to_ascii_lowercase().split(['/', '.', '-', '_']).any(is_developers);
        named && !for_developers() && own.git != GitState::Ignored && project.mentions(*file, &["PRIVATE KEY-----"])
    };
    project.ids().filter(is_key).collect()
}

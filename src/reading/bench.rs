//! The reading of one app: what adapters work with, and the resources they give.

use crate::answers::Answers;
use crate::documents::Documents;
use crate::environment::{Environment, Role};
use crate::eval::{Because, Declared, Evaluator, How, Kind, Place, Step, Trail, Unknown, Use, Value};
use crate::project::FileKind;
use crate::reading::commands::Command;
use crate::reading::found::Found;
use crate::reading::key;
use crate::reading::table;
use crate::reading::table::{Effect, Facts, Row};
use crate::reading::told::Told;
use crate::settings::{
    AppId, Count, Home, Model, Resource, ResourceKind, attestation, config_key, config_source, secret,
};
use crate::syntax::code::SourceKind;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// The most resources by which an app is judged, over all of its targets. A file with a hundred thousand variables would
/// else make as many secrets, each with its settings, its verdicts and its findings: some ten kilobytes.
pub(crate) const MOST_RESOURCES: usize = 8_000;

/// So many resources each target of an app may have, however many targets there are.
pub(crate) const LEAST_RESOURCES: usize = 500;

/// One app in one environment, being read.
pub struct Reading<'a> {
    /// The project's documents.
    pub documents: &'a Documents<'a>,
    /// What holds for every app of the project.
    pub shared: &'a Shared,
    /// The evaluator of this app in this environment.
    pub evaluator: &'a Evaluator<'a>,
    /// The environment.
    pub environment: &'a Environment,
    /// The app.
    pub found: &'a Found,
    /// What its defaults can depend on.
    pub facts: Facts,
    /// The app in the model.
    pub app: AppId,
    /// The model that is being filled.
    pub model: Model,
    /// How many resources the model may have.
    pub(crate) most: usize,
    /// Variables of the framework itself: the adapter has told what each means, so that its name decides nothing.
    pub spoken_for: BTreeSet<Arc<str>>,
    /// Variables that providers and libraries read by themselves.
    pub needed: Vec<Needed>,
    /// What is used in a shape that only the framework has: the facts of libraries say the rest.
    pub(crate) handed: Vec<Use>,
    /// The call or object that makes the app: where what is nowhere written belongs.
    pub(crate) anchor: Option<Place>,
    /// Why no default is a fact, while a framework of a version is read that is newer than what is known of it.
    pub(crate) no_default: Option<Because>,
}

/// What holds for every app of a project, found once.
#[derive(Debug, Default)]
pub struct Shared {
    /// The command lines of the project.
    pub(crate) commands: OnceLock<Vec<Command>>,
    /// The secrets that files of commands tell them.
    pub(crate) told: Answers<FileId, Arc<[Told]>>,
    /// What pipelines do and are given, as resources of whichever app asked first.
    pub(crate) pipelines: Answers<(), Arc<[Resource]>>,
    /// The files of private keys.
    pub(crate) keys: Vec<FileId>,
    /// Code that may switch the check of certificates off.
    pub(crate) unchecked: Vec<FileId>,
}

/// A variable that a provider or a library reads by itself.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The variable.
    pub variable: Arc<str>,
    /// Who reads it.
    pub by: Arc<str>,
    /// Whether an option in code gives the value instead.
    pub given_in_code: Value,
    /// Where the provider is handed to the app.
    pub place: Place,
}

/// The mark of an app whose own adapter is made for hosts without a lasting process.
pub(crate) const SERVERLESS: &str = "serverless";

/// What is known of a secret besides its value.
#[derive(Clone, Copy, Debug)]
pub struct SecretFacts {
    /// What it protects: a word of `secret.purpose`.
    pub purpose: &'static str,
    /// Whether the app cannot do its work without it.
    pub required: Option<bool>,
    /// The random bytes that the framework asks for.
    pub min_random_bytes: Option<f64>,
    /// Whether a variable or a secret store can supply it; false where only the configuration can, and says nothing.
    pub from_environment: bool,
}

impl SecretFacts {
    /// A secret for a purpose (a word of `secret.purpose`) that the environment can supply.
    pub fn of(purpose: &'static str) -> SecretFacts {
        SecretFacts { purpose, required: Some(false), min_random_bytes: None, from_environment: true }
    }
}

impl Reading<'_> {
    /// A new resource of this app.
    pub fn resource(&self, kind: &'static ResourceKind, name: impl Into<Arc<str>>, place: Place) -> Resource {
        Resource::new(kind, self.app, name, place)
    }

    /// Adds a resource, its remaining settings declined. One that is too many is a problem of its file, and none of its
    /// kind is taken for the last one.
    pub fn add(&mut self, resource: Resource) {
        let resource = match &self.no_default {
            Some(because) => resource.without_defaults(because),
            None => resource,
        };
        let must_be_there = resource.kind.count == Count::One || resource.kind.name == attestation::KIND.name;
        if self.model.resources.len() >= self.most && !must_be_there {
            self.unseen(resource.kind, Because::TooComplex);
            let file = resource.place.in_file().or(self.place().in_file()).map(|(file, _)| file);
            return file.into_iter().for_each(|file| self.documents.too_much(file, MOST_RESOURCES));
        }
        self.model.resources.push(resource.rest_not_here());
    }

    /// The place that stands for the whole app: where it is made, as far as the adapter knows.
    pub fn place(&self) -> Place {
        self.anchor.unwrap_or_else(|| self.found.place(self.documents))
    }

    /// The place of a value, or of the app where the value lies in no file, or only in the app's file as such.
    pub fn place_of(&self, value: &Value) -> Place {
        let file = |place: Place| place.in_file().map(|(file, _)| file);
        match value.trail.primary_place() {
            Some(whole @ Place::Whole(_)) => self.anchor.filter(|own| file(*own) == file(whole)).unwrap_or(whole),
            Some(text) => text,
            None => self.place(),
        }
    }

    /// A resource of a feature: what it lacks is missing where the feature is switched on.
    pub fn of_feature(&self, resource: Resource, switch: &Value) -> Resource {
        match switch.trail.primary() {
            Some((file, span)) => resource.moved(self.place(), Place::File(file, span)),
            None => resource,
        }
    }

    /// A value that prodcheck states itself, at a place.
    pub fn stated(&self, kind: Kind, place: Place) -> Value {
        Value::new(kind, &Step::start(place, How::Derived))
    }

    /// A word that prodcheck states itself.
    pub fn word(&self, word: &str, place: Place) -> Value {
        self.stated(Kind::Text(Text::new(word)), place)
    }

    /// Says that the app may have more resources of a kind than were seen.
    pub fn unseen(&mut self, kind: &'static ResourceKind, why: impl Into<Unknown>) {
        self.model.unseen.entry((self.app, kind.name)).or_insert_with(|| why.into());
    }

    /// Reads a table from a root object into one resource of a kind, and reports the keys without effect.
    pub fn table(&mut self, kind: &'static ResourceKind, name: &str, rows: &'static [Row], root: &Value) -> Resource {
        self.ineffective(rows, root);
        let place = self.place_of(root);
        table::fill(self.resource(kind, name, place), rows, root, &self.facts)
    }

    /// Reports the keys of a table that are written where the framework does not read them.
    pub fn ineffective(&mut self, rows: &'static [Row], root: &Value) {
        for key in table::ineffective(rows, root, &self.facts) {
            self.misplaced_key(root, key.written, &key.value, key.effect, key.instead);
        }
    }

    /// A written option of which nobody knows whether anything reads it.
    pub fn unlisted_key(&mut self, key: &str, value: &Value, instead: Option<&str>) {
        let place = key::place(self.documents, key, value).unwrap_or_else(|| self.place_of(value));
        let at = Step::start(place, How::Written);
        let mut resource = self
            .resource(config_key::KIND, key, place)
            .set_at(config_key::effect, Value::unknown(Because::UnlistedOption, &at), key)
            .set(config_key::accepted, self.stated(Kind::Bool(true), place))
            .set(config_key::version_known, self.stated(Kind::Bool(true), place));
        if let Some(instead) = instead {
            resource = resource.instead(instead);
        }
        self.add(resource);
    }

    /// A whole block of keys that the installed version does not read: where it is written, each key in it is without
    /// effect, and what is said of a setting for want of it points there.
    pub fn dead_block(&mut self, root: &Value, key: &'static str, instead: &'static str) {
        let Some(value) = root.written_at(key) else { return };
        self.misplaced_key(root, key, &value, Effect::Ignored, Some(instead));
        self.facts.dead_blocks.push((key, instead));
    }

    /// Whether the facts describe the version that the app has, and why not, for a rule that asks.
    pub fn version_known(&self, place: Place) -> Value {
        match self.found.beyond() {
            Some(because) => Value::unknown(because, &Step::start(place, How::Derived)),
            None => self.stated(Kind::Bool(true), place),
        }
    }

    /// A written key that has no effect, or that the framework refuses.
    pub fn written_key(&mut self, key: &str, value: &Value, effect: Effect, instead: Option<&str>) {
        let known = self.version_known(self.place_of(value));
        self.written_key_of(key, value, effect, instead, known, None);
    }

    /// As [`Reading::written_key`], of a key under a root from which both its own path and the one that is read begin.
    fn misplaced_key(&mut self, root: &Value, key: &str, value: &Value, effect: Effect, instead: Option<&str>) {
        let known = self.version_known(self.place_of(value));
        self.written_key_of(key, value, effect, instead, known, Some(root));
    }

    /// A written key, or a value behind it, with which the framework does not start; `accepts` says what it takes there.
    pub fn refused_key(&mut self, key: &str, value: &Value, accepts: &str) {
        if self.facts.is_in_dead_block(key) {
            return;
        }
        let place = key::place(self.documents, key, value).unwrap_or_else(|| self.place_of(value));
        let at = Step::start(place, How::Written);
        let said = |kind: Kind| Value::new(kind, &at);
        let fits = value.each(&mut |value| said(Kind::Bool(matches!(value.kind, Kind::Absent))));
        let resource = self
            .resource(config_key::KIND, key, place)
            .set_at(config_key::fits_version, fits, key)
            .set(config_key::what_fits, said(Kind::Text(Text::new(accepts))))
            .set(config_key::effect, said(Kind::Text(Text::new("some"))))
            .set(config_key::accepted, said(Kind::Bool(true)))
            .set(config_key::version_known, self.version_known(place));
        self.add(resource);
    }

    /// A written key that has no effect, or that a library refuses; `known` says whether the facts describe its version,
    /// and what is written under `root` can be moved to the path that is read.
    pub(crate) fn written_key_of(
        &mut self,
        key: &str,
        value: &Value,
        effect: Effect,
        instead: Option<&str>,
        known: Value,
        root: Option<&Value>,
    ) {
        if self.facts.is_in_dead_block(key) {
            return;
        }
        if effect == Effect::Refused {
            let accepts = instead.map_or("nothing there".to_owned(), |instead| format!("`{instead}` instead"));
            self.refused_key(key, value, &accepts);
            if let Some(instead) = instead {
                self.fix_of_key(&format!("Write `{instead}` in place of {{name}}."));
            }
            return;
        }
        let is_ignored = effect == Effect::Ignored;
        // A key that is not read stands where it stands, wherever its value comes from.
        let own = if is_ignored { key::place(self.documents, key, value) } else { None };
        let place = own.unwrap_or_else(|| self.place_of(value));
        let trail = |value: &Value| own.map_or_else(|| value.trail.clone(), |place| Step::start(place, How::Written));
        let accepted = Value::new(Kind::Bool(effect != Effect::Unfit), &trail(value));
        // What is written under a condition has no effect where it is there.
        let effect = value.each(&mut |value| {
            let word = if is_ignored && !value.is_absent() { "none" } else { "some" };
            Value::new(Kind::Text(Text::new(word)), &trail(value))
        });
        let mut resource = self
            .resource(config_key::KIND, key, place)
            .set_at(config_key::effect, effect, key)
            .set_at(config_key::accepted, accepted, key)
            .set(config_key::version_known, known);
        if let Some(instead) = instead {
            resource = resource.instead(instead);
        }
        if let (Some(instead), Some(root)) = (instead, root) {
            let home = Home::Elsewhere { root: root.clone(), from: key.into(), to: instead.into() };
            resource = resource.with_home(config_key::effect, home);
        }
        self.add(resource);
    }

    /// Says how the key that was written last is to be set right.
    pub(crate) fn fix_of_key(&mut self, fix: &str) {
        if let Some(last) = self.model.resources.last_mut().filter(|last| last.kind == config_key::KIND) {
            *last = last.clone().with_fix(config_key::accepted, fix).with_fix(config_key::fits_version, fix);
        }
    }

    /// A piece of configuration that the evaluator could not read, or that has a shape of no known helper.
    pub fn source(&mut self, name: &str, content: &Value, shape_known: bool) {
        let place = self.place_of(content);
        let resource = self
            .resource(config_source::KIND, name, place)
            .set_at(config_source::content, content.clone(), name)
            .set(config_source::shape_known, self.stated(Kind::Bool(shape_known), place));
        self.add(resource);
    }

    /// Says where it is so that the installed version is newer than what is known of the framework.
    pub(crate) fn newer_version(&mut self) {
        if let Some(because) = self.no_default.clone() {
            let name = match &because {
                Because::NewerVersion(versions) => format!("the behaviour of {}", versions[0]),
                _ => "the behaviour of the installed version".to_owned(),
            };
            let content = Value::unknown(because, &Step::start(self.place(), How::Derived));
            self.source(&name, &content, true);
        }
    }

    /// A file with configuration, as far as its text says, that cannot be read: nothing can be vouched for.
    pub fn unread(&mut self, file: FileId) {
        let trail = Step::start(Place::File(file, Span::default()), How::Written);
        let path = self.documents.project.file(file).path.clone();
        self.source(&path, &Value::unknown(Because::Unreadable(file), &trail), true);
    }

    /// A secret: its value, where the text stands, what it is for.
    pub fn secret(&mut self, key: &str, value: &Value, facts: SecretFacts) {
        let resource = self.secret_resource(key, value, facts);
        self.add(resource);
    }

    /// A secret that matters only where something holds.
    pub fn secret_if(&mut self, key: &str, value: &Value, facts: SecretFacts, present: Value) {
        let resource = self.secret_resource(key, value, facts).only_if(present);
        self.add(resource);
    }

    /// A secret as a resource, for what an adapter has to add.
    pub(crate) fn secret_resource(&self, key: &str, value: &Value, facts: SecretFacts) -> Resource {
        let place = self.place_of(value);
        let required = match facts.required {
            Some(required) => self.stated(Kind::Bool(required), place),
            None => Value::unknown(Because::Undecided, &value.trail),
        };
        let mut resource = self
            .resource(secret::KIND, key, place)
            .set_at(secret::value, value.clone(), key)
            .set(secret::written_in, self.written_in(value))
            .set(secret::purpose, self.word(facts.purpose, place))
            .set(secret::required, required)
            .set(secret::from_environment, self.stated(Kind::Bool(facts.from_environment), place));
        if let Some(bytes) = facts.min_random_bytes {
            resource = resource.set(secret::min_random_bytes, self.stated(Kind::Number(bytes), place));
        }
        if let Some(declared) = self.declaration_of(value) {
            resource = resource
                .set(secret::in_schema, self.stated(Kind::Bool(true), declared.place))
                .set(secret::schema_min_length, self.schema_min_length(&declared))
                .set(secret::schema_optional, self.schema_optional(&declared));
        }
        resource
    }

    /// The variable that a value comes from, where it comes from one.
    pub fn variable_of(&self, value: &Value) -> Option<Arc<str>> {
        value.trail.walk(32).iter().find_map(|step| match &step.how {
            How::Reads { variable, .. } | How::Sets { variable } | How::NotSet { variable } => Some(variable.clone()),
            _ => None,
        })
    }

    /// What the environment schema says of the variable that a value comes from.
    pub fn declaration_of(&self, value: &Value) -> Option<Declared> {
        let variable = self.variable_of(value)?;
        self.evaluator.declaration_of(&variable)
    }

    /// The least length that a schema guarantees: absent where it states none, unknown where it cannot be followed.
    pub fn schema_min_length(&self, declared: &Declared) -> Value {
        let stated = |kind| self.stated(kind, declared.place);
        match declared.min_chars {
            Some(chars) => stated(Kind::Number(chars as f64)),
            None if declared.is_known => stated(Kind::Absent),
            None => Value::unknown(Because::Undecided, &stated(Kind::Absent).trail),
        }
    }

    /// Whether a schema lets its variable be absent.
    pub fn schema_optional(&self, declared: &Declared) -> Value {
        let stated = |kind| self.stated(kind, declared.place);
        match declared.optional {
            Some(optional) => stated(Kind::Bool(optional)),
            None => Value::unknown(Because::Undecided, &stated(Kind::Absent).trail),
        }
    }

    /// In which kind of file the text of a value stands.
    pub fn written_in(&self, value: &Value) -> Value {
        value.each(&mut |value| {
            let kind = match value.kind {
                Kind::Text(_) => self.medium(&value.trail).map_or(Kind::Absent, |word| Kind::Text(Text::new(word))),
                _ => Kind::Absent,
            };
            Value::new(kind, &value.trail)
        })
    }

    fn describes_target(&self, file: FileId) -> bool {
        self.environment.sources.iter().any(|source| source.file == file && source.role == Role::Target)
    }

    fn medium(&self, trail: &Trail) -> Option<&'static str> {
        let (id, _) = trail.primary()?;
        let file = self.documents.project.file(id);
        Some(match &file.kind {
            _ if SourceKind::from_path(&file.path).is_some() => "code",
            // One that a build copies to where the app looks for its env file is what the app reads.
            FileKind::EnvFile { template: true, .. } if !self.environment.is_deployed(id) => "template",
            FileKind::EnvFile { .. } => "env_file",
            FileKind::Platform(files) => files.medium,
            // What a target is told by is no configuration of code.
            FileKind::Json if !self.describes_target(id) => "code",
            _ => "manifest",
        })
    }
}

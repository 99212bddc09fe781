//! A small project for tests: files, settings made of them by hand, and the built-in rules.

use super::{Findings, Judged, Sources, collect, known_secrets};
use crate::eval::{Because, How, Kind, Place, Question, Step, Trail, Value};
use crate::mask::{Masker, Shape};
use crate::report::{AppNote, Report, RuleNote};
use crate::rules::{Catalogue, Limits, Profile, judge};
use crate::settings::{App, AppId, Model, Resource, Scope, cors, secret};
use crate::syntax::{FileId, Span};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

/// Files and one model for each target.
#[derive(Default)]
pub(crate) struct Scene {
    files: Vec<(Arc<str>, Arc<str>)>,
    pub(crate) models: Vec<(Option<Arc<str>>, Model)>,
    /// Judges by these rules alone.
    pub(crate) rules: Vec<&'static str>,
}

impl Sources for Scene {
    fn path(&self, file: FileId) -> Arc<str> {
        self.files[file.0 as usize].0.clone()
    }

    fn find(&self, path: &str) -> Option<FileId> {
        let index = self.files.iter().position(|(known, _)| **known == *path)?;
        Some(FileId(u32::try_from(index).ok()?))
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        Some(self.files[file.0 as usize].1.clone())
    }

    fn shape(&self, file: FileId) -> Shape {
        let path = self.path(file);
        if path.contains(".env") { Shape::Env } else { Shape::Script }
    }
}

impl Scene {
    pub(crate) fn new(rules: &[&'static str], files: &[(&str, &str)]) -> Scene {
        let files = files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        Scene { files, models: Vec::new(), rules: rules.to_vec() }
    }

    /// The place of the first such text in a file.
    pub(crate) fn place(&self, file: usize, needle: &str) -> Place {
        let start = self.files[file].1.find(needle).expect("the file holds the text");
        let span = Span::new(u32::try_from(start).unwrap(), u32::try_from(start + needle.len()).unwrap());
        Place::File(FileId(u32::try_from(file).unwrap()), span)
    }

    pub(crate) fn written(&self, file: usize, needle: &str, kind: Kind) -> Value {
        Value::written(kind, self.place(file, needle))
    }

    /// A model with one app whose entry is the first file.
    pub(crate) fn model(&self, root: &str) -> Model {
        let app = App {
            scope: Scope::App,
            id: if root.is_empty() { "." } else { root }.into(),
            root: root.into(),
            framework: "bknd",
            title: "Bknd",
            version: Some("0.20.0".into()),
            stack: Vec::new(),
            entry: Place::File(FileId(0), Span::new(0, 0)),
        };
        Model { apps: vec![app], ..Model::default() }
    }

    pub(crate) fn add(&mut self, target: Option<&str>, model: Model) {
        self.models.push((target.map(Into::into), model));
    }

    pub(crate) fn masker(&self) -> Masker {
        Masker::new(&known_secrets(self.models.iter().map(|(_, model)| model)).texts)
    }

    pub(crate) fn findings(&self) -> Findings {
        let limits = Limits::builtin(Profile::Production);
        let runs: Vec<Judged<'_>> = self
            .models
            .iter()
            .map(|(target, model)| {
                let mut judgements = judge(model, &CATALOGUE, &limits);
                judgements.retain(|judgement| self.rules.contains(&&*judgement.rule.id));
                Judged { model, target: target.clone(), judgements }
            })
            .collect();
        collect(&runs, self, &self.masker())
    }

    pub(crate) fn report(&self) -> Report {
        let found = self.findings();
        let secrets = known_secrets(self.models.iter().map(|(_, model)| model));
        let find = |path: &str| {
            let index = self.files.iter().position(|(known, _)| **known == *path)?;
            Some(FileId(u32::try_from(index).ok()?))
        };
        let frames = crate::report::frames(&found.findings, self, find, &self.masker(), &secrets.places);
        let app = AppNote {
            id: ".".into(),
            framework: "bknd".into(),
            version: Some("0.20.0".into()),
            entry: Some(self.files[0].0.clone()),
            ..AppNote::default()
        };
        let rules: BTreeMap<_, _> = CATALOGUE.rules().map(|rule| (rule.id.clone(), RuleNote::of(rule))).collect();
        let mut report = Report {
            environment: "production".into(),
            apps: vec![app],
            findings: found.findings,
            unverified: found.unverified,
            checklist: found.checklist,
            rules,
            frames,
            ..Report::default()
        };
        report.ending = report.judge(crate::report::FailOn::default(), false);
        report
    }
}

/// The end of `server.cors`, which says nothing about a key.
pub(crate) fn default_of(key: &'static str, kind: Kind) -> Value {
    Value::new(kind, &Step::start(Place::Framework(key), How::Default))
}

pub(crate) fn star() -> Kind {
    Kind::List { items: [Value::written(Kind::Text("*".into()), Place::Process)].into(), open: None }
}

/// `env.ORIGINS?.split(",") ?? ["*"]` where nothing sets ORIGINS.
pub(crate) fn fallback_origins(scene: &Scene) -> Value {
    let variable: Arc<str> = "ORIGINS".into();
    let reads: Trail =
        Step::start(scene.place(0, "env.ORIGINS"), How::Reads { variable: variable.clone(), fallback: None });
    let written = scene.written(0, "[\"*\"]", star());
    let before = vec![written.trail.clone(), reads.clone()];
    let fallback = Value::new(star(), &Step::of(written.trail.place, How::Fallback, before));
    let unknown = Value::unknown(Because::Variable(variable.clone()), &reads);
    Value::choice(Question::IsSet(variable), vec![fallback, unknown], &reads)
}

/// One CORS policy.
pub(crate) fn policy(scene: &Scene, origins: Value, credentials: Value) -> Resource {
    Resource::new(cors::KIND, AppId(0), "server", scene.place(0, "cors"))
        .set_at(cors::origins, origins, "config.server.cors.origin")
        .set_at(cors::credentials, credentials, "config.server.cors.allow_credentials")
        .set(cors::wildcard_effect, default_of("server.cors", Kind::Text("reflected".into())))
        .rest_not_here()
}

/// One secret.
pub(crate) fn signing_secret(scene: &Scene, name: &str, value: Value, place: &str) -> Resource {
    let word = |word: &str| scene.written(0, place, Kind::Text(word.into()));
    Resource::new(secret::KIND, AppId(0), name, scene.place(0, place))
        .set_at(secret::value, value, "config.auth.jwt.secret")
        .set(secret::written_in, word("code"))
        .set(secret::purpose, word("signing"))
        .rest_not_here()
}

//! Which settings module production runs: the one that the deployment names, then the one of the server's entry, and that of
//! `manage.py` last.

use crate::eval::{Kind, Target, Value};
use crate::platforms::{self, uwsgi};
use crate::project::aside::is_never_deployed;
use crate::project::{Ecosystem, PackageId, Project, inside};
use crate::reading::bench::Reading;
use crate::stages;
use crate::syntax::FileId;
use crate::text::Text;
use std::sync::Arc;

/// The variable by which Django finds its settings.
const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

/// Files that a server or a developer starts, the server's first.
const ENTRIES: &[&str] = &["wsgi.py", "asgi.py", "manage.py"];

/// Last words of the names of modules that are made for production, the likeliest first.
const PRODUCTION: &[&str] = &["production", "prod", "deploy", "live"];

/// The files that name a settings module, the server's first.
pub(crate) fn entries(project: &Project, root: &str, package: Option<PackageId>) -> Vec<FileId> {
    let is_own = |file: &FileId| {
        let path = &project.file(*file).path;
        let above = project.package_above(project.file(*file).folder(), Some(Ecosystem::Python));
        !is_never_deployed(path.get(root.len()..).unwrap_or_default()) && (package.is_none() || above == package)
    };
    let named = project.within(root).filter(|file| ENTRIES.contains(&project.file(*file).name())).filter(is_own);
    let words = [VARIABLE, "get_wsgi_application", "get_asgi_application", "django.core"];
    let mut found: Vec<FileId> = named.filter(|file| project.mentions(*file, &words)).collect();
    found.sort_by_key(|file| {
        let file = project.file(*file);
        let kind = ENTRIES.iter().position(|name| *name == file.name());
        (kind, file.path.matches('/').count(), file.path.clone())
    });
    found
}

/// The settings module of production.
pub(super) fn of_production(reading: &Reading<'_>, entries: &[FileId]) -> Option<FileId> {
    let evaluator = reading.evaluator;
    let entries = &started_first(reading, entries);
    let told = evaluator.peek(VARIABLE, reading.place());
    let is_told = matches!(told.kind, Kind::Text(_));
    if !is_told && let Some(file) = by_server(reading, entries) {
        return Some(file);
    }
    // What the host sets stands over `setdefault`; a plain assignment in the entry stands over both.
    evaluator.run_program(&entries[..1]);
    let mut named = text_of(&evaluator.peek(VARIABLE, reading.place()));
    let mut from = entries[0];
    for entry in &entries[1..] {
        if named.is_none() {
            evaluator.run_program(&[*entry]);
            named = text_of(&evaluator.peek(VARIABLE, reading.place()));
            from = *entry;
        }
    }
    let file = named.and_then(|name| module(reading, from, &name)).or_else(|| by_habit(reading));
    // Where nobody can see what the host sets, what is made for production is likelier than what is made for developers.
    match file {
        Some(file) if !is_told && !matches!(told.kind, Kind::Absent) => Some(beside(reading, file).unwrap_or(file)),
        file => file,
    }
}

/// The entries, the one first that the start command names.
fn started_first(reading: &Reading<'_>, entries: &[FileId]) -> Vec<FileId> {
    let mut all = entries.to_vec();
    let is_started = |file: &FileId| {
        let path = &reading.documents.project.file(*file).path;
        platforms::starts_module(reading, &path.trim_end_matches(".py").replace('/', "."))
    };
    if all.len() > 1 && !is_started(&all[0]) {
        all.sort_by_key(|file| !is_started(file));
    }
    all
}

/// The module that uWSGI is told to tell the app.
fn by_server(reading: &Reading<'_>, entries: &[FileId]) -> Option<FileId> {
    let project = reading.documents.project;
    let files = uwsgi::files(project, &reading.found.root).into_iter();
    let deployed = files.filter(|file| {
        let path = &project.file(*file).path;
        !is_never_deployed(path.get(reading.found.root.len()..).unwrap_or_default())
            && !is_for_developers(project.file(*file).name().trim_end_matches(".ini"))
    });
    let mut named = deployed.filter_map(|file| uwsgi::variable(project, file, VARIABLE));
    named.find_map(|name| module(reading, entries[0], &name))
}

/// The name of a module: of a fallback, too.
fn text_of(value: &Value) -> Option<Arc<str>> {
    match &value.kind {
        Kind::Text(text) => Some(Text::as_name(text)),
        Kind::Choice(_, arms) => arms.iter().find_map(text_of),
        _ => None,
    }
}

fn module(reading: &Reading<'_>, from: FileId, name: &str) -> Option<FileId> {
    match reading.evaluator.resolve(from, name) {
        Target::Code(file) => Some(file),
        _ => {
            let project = reading.documents.project;
            let path = inside(&reading.found.root, &name.replace('.', "/"));
            project.find(&format!("{path}.py")).or_else(|| project.find(&format!("{path}/__init__.py")))
        }
    }
}

/// A module with the usual name of settings, where no entry names one.
fn by_habit(reading: &Reading<'_>) -> Option<FileId> {
    let project = reading.documents.project;
    let is_settings = |file: &FileId| {
        let path = &project.file(*file).path;
        (path.ends_with("/settings.py") || path.ends_with("/settings/__init__.py") || &**path == "settings.py")
            && project.mentions(*file, &["INSTALLED_APPS"])
    };
    project.within(&reading.found.root).filter(is_settings).min_by_key(|file| project.file(*file).path.len())
}

/// The module of production that lies beside one for developers.
fn beside(reading: &Reading<'_>, file: FileId) -> Option<FileId> {
    let project = reading.documents.project;
    let own = project.file(file);
    let stem = own.name().trim_end_matches(".py");
    if !is_for_developers(stem) {
        return None;
    }
    PRODUCTION.iter().find_map(|name| project.find(&inside(own.folder(), &format!("{name}.py"))))
}

/// Whether a module's name says that it is made for developers.
fn is_for_developers(name: &str) -> bool {
    let last = name.rsplit(['_', '.']).next().unwrap_or(name);
    stages::is_for_developers(last) || last == "debug"
}

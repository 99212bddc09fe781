//! Files from which servers of Python take what a start command does not say: `gunicorn.conf.py`, `uwsgi.ini`.

use super::uwsgi;
use crate::eval::{Kind, Place, Value};
use crate::project::{Project, inside, normalized};
use crate::reading::bench::Reading;
use crate::syntax::code::{Expr, ExprKind, Item, Pattern, SourceKind, Statement, parse};
use crate::syntax::{FileId, Span};
use crate::text::Text;

/// The file that gunicorn reads where it is told of none. <https://docs.gunicorn.org/en/stable/settings.html#config>
const GUNICORN: &str = "gunicorn.conf.py";

/// The variables of the app in it.
const GIVEN: &str = "raw_env";

/// Its settings that are asked for, and the options that say the same.
const SETTINGS: &[(&str, &str)] = &[
    ("bind", "--bind"),
    ("reload", "--reload"),
    ("workers", "--workers"),
    ("preload_app", "--preload"),
    ("forwarded_allow_ips", "--forwarded-allow-ips"),
];

/// An option that a file says, as a start command would.
pub(super) struct Told {
    /// `--bind=0.0.0.0:8000`, `--reload`.
    pub(super) word: String,
    /// Where the file says it.
    pub(super) place: Place,
}

/// What a program is told by its file; `folder` is where the app lies that it starts.
pub(super) fn options(reading: &Reading<'_>, words: &[String], folder: &str) -> Vec<Told> {
    let Some(program) = words.first().map(|word| word.rsplit('/').next().unwrap_or(word)) else { return Vec::new() };
    let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    let project = reading.documents.project;
    match program {
        "gunicorn" => gunicorn_file(project, &arguments, folder).map_or_else(Vec::new, |file| of_module(reading, file)),
        "uwsgi" => {
            let files = uwsgi_files(project, &arguments, folder);
            let said =
                files.into_iter().flat_map(|file| uwsgi::pairs(project, file).into_iter().map(move |own| (file, own)));
            said.map(|(file, (key, value, span))| Told {
                word: format!("--{key}={value}"),
                place: Place::File(file, span),
            })
            .collect()
        }
        _ => Vec::new(),
    }
}

/// What a server's file sets for the app, as `NAME=value` where it stands; none where the file cannot be read so far.
pub(super) fn variables(
    project: &Project,
    program: &str,
    arguments: &[&str],
    folder: &str,
) -> Option<Vec<(String, FileId, Span)>> {
    match program {
        "gunicorn" => {
            gunicorn_file(project, arguments, folder).map_or_else(|| Some(Vec::new()), |file| given(project, file))
        }
        "uwsgi" => {
            let files = uwsgi_files(project, arguments, folder);
            let said =
                files.into_iter().flat_map(|file| uwsgi::pairs(project, file).into_iter().map(move |own| (file, own)));
            let own = said.filter(|(_, (key, ..))| *key == "env");
            Some(own.map(|(file, (_, pair, span))| (pair.to_owned(), file, span)).collect())
        }
        _ => Some(Vec::new()),
    }
}

fn gunicorn_file(project: &Project, arguments: &[&str], folder: &str) -> Option<FileId> {
    let named = option(arguments, &["-c", "--config"]);
    if named.is_some_and(|name| name.starts_with("python:")) {
        return None;
    }
    find(project, named.map_or(GUNICORN, |name| name.trim_start_matches("file:")), folder)
}

fn uwsgi_files(project: &Project, arguments: &[&str], folder: &str) -> Vec<FileId> {
    let named = option(arguments, &["--ini", "-i"]);
    let bare = arguments.iter().copied().filter(|word| !word.starts_with('-') && word.ends_with(".ini"));
    let mut files: Vec<FileId> = named.into_iter().chain(bare).filter_map(|name| find(project, name, folder)).collect();
    files.dedup();
    files
}

fn option<'w>(arguments: &[&'w str], names: &[&str]) -> Option<&'w str> {
    arguments.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
        Some((name, value)) if names.contains(&name) => Some(value),
        _ if names.contains(word) => arguments.get(at + 1).copied(),
        _ => None,
    })
}

/// A file by the name that a command has for it: in the app's folder, at the top of the tree, or where an image puts it.
fn find(project: &Project, name: &str, folder: &str) -> Option<FileId> {
    let at = |folder: &str, name: &str| project.find(&normalized(&inside(folder, name))?);
    let last = name.rsplit('/').next().unwrap_or(name);
    at(folder, name).or_else(|| at("", name.trim_start_matches('/'))).or_else(|| {
        let mut own = project.within(folder).filter(|file| project.file(*file).name() == last);
        let only = own.next().filter(|_| name.starts_with('/'))?;
        own.next().is_none().then_some(only)
    })
}

/// The settings that a configuration of gunicorn gives.
fn of_module(reading: &Reading<'_>, file: FileId) -> Vec<Told> {
    let mut all = Vec::new();
    for (name, option) in SETTINGS {
        let Some(value) = reading.evaluator.own_name(file, name) else { continue };
        let word = match &value.kind {
            Kind::Bool(true) => (*option).to_owned(),
            Kind::Number(number) => format!("{option}={number}"),
            _ => match text_of(&value) {
                Some(text) => format!("{option}={}", text.as_name()),
                None => continue,
            },
        };
        all.push(Told { word, place: reading.place_of(&value) });
    }
    all
}

/// A text, or the first of several.
fn text_of(value: &Value) -> Option<Text> {
    value.as_text().or_else(|| value.as_list()?.first()?.as_text()).cloned()
}

/// The variables in a configuration of gunicorn, where each is written as a text.
fn given(project: &Project, file: FileId) -> Option<Vec<(String, FileId, Span)>> {
    if !project.mentions(file, &[GIVEN]) {
        return Some(Vec::new());
    }
    let module = parse(project.text(file).ok()?, SourceKind::Python).ok()?;
    let mut found = Vec::new();
    for statement in &module.body {
        let Some(value) = assigned(statement) else { continue };
        let ExprKind::List(items) = &value.kind else { return None };
        for item in items {
            let Item::One(Expr { kind: ExprKind::Text(text), span }) = item else { return None };
            found.push((text.as_name().to_string(), file, *span));
        }
    }
    Some(found)
}

/// What a statement of a module gives the name of the app's variables.
fn assigned(statement: &Statement) -> Option<&Expr> {
    match statement {
        Statement::Declare { pattern: Pattern::Name(name, _), value, .. } if &**name == GIVEN => value.as_ref(),
        Statement::Expression(Expr { kind: ExprKind::Assign { target, value, .. }, .. }) => {
            matches!(&target.kind, ExprKind::Name(name) if &**name == GIVEN).then_some(value)
        }
        _ => None,
    }
}

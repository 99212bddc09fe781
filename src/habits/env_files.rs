//! Env files as files: what git knows of them, and whether they hold secrets.

use crate::environment::Role;
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::project::aside::is_test;
use crate::project::{FileKind, GitState, inside, upward};
use crate::reading::bench::Reading;
use crate::reading::env_contents::{Contents, contents};
use crate::settings::{Home, env_file};
use crate::syntax::{FileId, Span};

/// Each env file that belongs to the app, and the production files that are used and not there yet.
pub(crate) fn read(reading: &mut Reading<'_>) {
    existing(reading);
    by_convention(reading);
}

/// Each env file that is there.
pub(crate) fn existing(reading: &mut Reading<'_>) {
    let sources = reading.environment.sources.clone();
    for source in &sources {
        if matches!(reading.documents.project.file(source.file).kind, FileKind::EnvFile { .. }) {
            file(reading, source.file, source.git, source.role);
        }
    }
}

fn file(reading: &mut Reading<'_>, file: FileId, git: GitState, role: Role) {
    let contents = contents(reading, file);
    // What stands in for a secret in a test is there to be read.
    if contents.only_dummies && is_test(reading.documents.project.path_below_selection(file)) {
        return;
    }
    add(reading, file, git, role, &contents);
}

/// A file that holds nothing but one secret: a private key.
pub(crate) fn key(reading: &mut Reading<'_>, file: FileId) {
    let git = reading.documents.project.file(file).git;
    add(reading, file, git, Role::Loaded, &Contents { first_secret: Some(Span::default()), only_dummies: false });
}

fn add(reading: &mut Reading<'_>, file: FileId, git: GitState, role: Role, contents: &Contents) {
    let place = Place::File(file, Span::default());
    let at = contents.first_secret.map_or(place, |span| Place::File(file, span));
    let bool = |value| Value::new(Kind::Bool(value), &Step::start(at, How::Derived));
    let of_git = |state: GitState| match git {
        GitState::NoRepository => Value::unknown(Because::Undecided, &bool(true).trail),
        own => bool(own == state),
    };
    let path = reading.documents.project.file(file).path.clone();
    let resource = reading
        .resource(env_file::KIND, path.clone(), at)
        .with_home(env_file::ignored, Home::IgnoreRule(path))
        .set(env_file::role, reading.word(if role == Role::Template { "template" } else { "values" }, place))
        .set(env_file::tracked, of_git(GitState::Tracked))
        .set(env_file::ignored, of_git(GitState::Ignored))
        .set(env_file::holds_secrets, bool(contents.first_secret.is_some()))
        .set(env_file::holds_only_dummies, bool(contents.only_dummies))
        .set(env_file::exists_by_convention, bool(git == GitState::Untracked && role != Role::Template));
    reading.add(resource);
}

/// Names of files with the values of production.
const PRODUCTION_NAMES: &[&str] = &[".env.production", ".env.prod", ".env.production.local"];

/// The names of production files that the project uses and that are not there yet: the one who makes such a file
/// counts on the ignore rules, which cover `.env`.
fn by_convention(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let root = reading.found.root.clone();
    if project.is_ignored(&inside(&root, ".env")) != Some(true) {
        return;
    }
    for name in PRODUCTION_NAMES {
        let path = inside(&root, name);
        if project.find(&path).is_some() || project.is_ignored(&path) != Some(false) || !is_used(reading, name) {
            continue;
        }
        let Some(place) = ignored_neighbour(reading, &root) else { continue };
        let bool = |value| reading.stated(Kind::Bool(value), place);
        let resource = reading
            .resource(env_file::KIND, &*path, place)
            .with_home(env_file::ignored, Home::IgnoreRule(path.as_str().into()))
            .set(env_file::role, reading.word("values", place))
            .set(env_file::tracked, bool(false))
            .set(env_file::ignored, bool(false))
            .set(env_file::holds_secrets, bool(false))
            .set(env_file::exists_by_convention, bool(true));
        reading.add(resource);
        return;
    }
}

/// Whether the app's loader reads an env file of a name, or a file that starts, deploys or describes the project
/// names it.
fn is_used(reading: &Reading<'_>, name: &str) -> bool {
    let project = reading.documents.project;
    let loader = reading.environment.loader;
    let loaded = loader.builds_in && loader.names("production").iter().any(|own| own == name);
    loaded
        || project.within(&reading.found.root).any(|file| {
            let own = project.file(file);
            let kind = matches!(own.kind, FileKind::Platform(_) | FileKind::Manifest(_))
                || own.path.ends_with(".sh")
                || own.name() == "Makefile"
                || own.name().to_ascii_lowercase().starts_with("readme");
            kind && names(project, file, name)
        })
}

/// Whether a text names the file itself, and not one whose name begins alike.
fn names(project: &crate::project::Project, file: FileId, name: &str) -> bool {
    project.mentions(file, &[name])
        && project.text(file).is_ok_and(|text| {
            text.match_indices(name).any(|(at, _)| {
                let next = text[at + name.len()..].chars().next();
                !next.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
                    || next == Some('.')
                        && !text[at + name.len() + 1..].starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        })
}

/// The first line of the nearest ignore file that speaks of env files.
fn ignored_neighbour(reading: &Reading<'_>, root: &str) -> Option<Place> {
    let project = reading.documents.project;
    let mut files = upward(root).filter_map(|folder| project.find(&inside(folder, ".gitignore")));
    files.find_map(|file| {
        let text = project.text(file).ok()?;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let pattern = line.trim().trim_start_matches('/');
            if pattern.starts_with(".env") {
                let at = u32::try_from(start).ok()?;
                return Some(Place::File(file, Span::new(at, at + u32::try_from(line.trim_end().len()).ok()?)));
            }
            start += line.len();
        }
        None
    })
}

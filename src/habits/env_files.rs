//! Env files as files: what git knows of them, and whether they hold secrets.

use crate::environment::Role;
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::habits::secrets::{is_dummy, secret_part};
use crate::project::{FileKind, GitState, inside, upward};
use crate::reading::bench::Reading;
use crate::secrets::provider;
use crate::settings::{Home, env_file};
use crate::syntax::data::dotenv;
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

/// What the secrets of a file are.
struct Contents {
    /// Where the first of them stands.
    first_secret: Option<Span>,
    /// All of them are placeholders.
    only_dummies: bool,
}

/// Whether an env file holds a secret that is no placeholder.
pub(crate) fn holds_real_secrets(reading: &Reading<'_>, file: FileId) -> bool {
    let contents = contents(reading, file);
    contents.first_secret.is_some() && !contents.only_dummies
}

fn contents(reading: &Reading<'_>, file: FileId) -> Contents {
    let project = reading.documents.project;
    let Ok(text) = project.text(file) else {
        return Contents { first_secret: None, only_dummies: false };
    };
    let mut contents = Contents { first_secret: None, only_dummies: true };
    for entry in dotenv::read(text, reading.environment.loader.dialect).entries {
        let Some((secret, _)) = entry.value.as_ref().and_then(|value| secret_part(&entry.name, value)) else {
            continue;
        };
        // What tests run with is thrown away, unless a provider issued it.
        if is_for_tests(&project.file(file).kind) && provider(&secret).is_none() {
            continue;
        }
        if secret.test(asks_to_be_filled) {
            continue;
        }
        let dummy = is_dummy(&secret);
        if contents.first_secret.is_none() || (contents.only_dummies && !dummy) {
            contents.first_secret = Some(entry.span);
        }
        contents.only_dummies &= dummy;
    }
    contents
}

/// `<INSERT_PASSWORD>`: whoever wrote it put no value there.
fn asks_to_be_filled(text: &str) -> bool {
    let text = text.trim();
    [("<", ">"), ("[", "]"), ("__", "__")].iter().any(|(open, close)| text.starts_with(open) && text.ends_with(close))
}

fn is_for_tests(kind: &FileKind) -> bool {
    let FileKind::EnvFile { environment: Some(name), .. } = kind else { return false };
    name.split(['.', '-', '_']).any(|word| matches!(word, "test" | "tests" | "testing" | "ci" | "e2e"))
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

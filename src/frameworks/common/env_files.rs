//! Env files as files: what git knows of them, and whether they hold secrets.

use crate::environment::Role;
use crate::eval::{Kind, Place, Value};
use crate::frameworks::Reading;
use crate::project::{FileKind, GitState, inside, upward};
use crate::secrets::{is_placeholder, is_secret_name};
use crate::settings::env_file;
use crate::syntax::data::{Dialect, dotenv};
use crate::syntax::{FileId, Span};

/// Each env file that belongs to the app, and the production file that its loader would read where there is none yet.
pub(super) fn read(reading: &mut Reading<'_>) {
    let sources = reading.environment.sources.clone();
    for source in &sources {
        if matches!(reading.documents.project.file(source.file).kind, FileKind::EnvFile { .. }) {
            file(reading, source.file, source.git, source.role);
        }
    }
    production_file_to_come(reading);
}

/// The file with production's values that the app's own loader would read and that nobody has made yet: a rule that
/// ignores its neighbours and not this one lets it be committed.
fn production_file_to_come(reading: &mut Reading<'_>) {
    let project = reading.documents.project;
    let root = reading.found.root.clone();
    let loader = crate::environment::loader_for(project, &root, reading.found.entry);
    let path = inside(&root, ".env.production");
    let is_read = loader.builds_in && loader.files.contains(&".env.production");
    if !is_read || project.find(&path).is_some() || project.is_ignored(&path) != Some(false) {
        return;
    }
    let Some(place) = ignored_neighbour(reading, &root) else { return };
    let bool = |value| reading.stated(Kind::Bool(value), place);
    let resource = reading
        .resource(env_file::KIND, path, place)
        .set(env_file::role, reading.word("values", place))
        .set(env_file::tracked, bool(false))
        .set(env_file::ignored, bool(false))
        .set(env_file::holds_secrets, bool(false))
        .set(env_file::holds_only_dummies, bool(false))
        .set(env_file::exists_by_convention, bool(true));
    reading.add(resource);
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

fn file(reading: &mut Reading<'_>, file: FileId, git: GitState, role: Role) {
    let place = Place::File(file, Span::default());
    let contents = contents(reading, file);
    let at = contents.first_secret.map_or(place, |span| Place::File(file, span));
    let bool = |value| Value::new(Kind::Bool(value), &crate::eval::Step::start(at, crate::eval::How::Derived));
    let of_git = |state: GitState| match git {
        GitState::NoRepository => Value::unknown(crate::eval::Because::Undecided, &bool(true).trail),
        own => bool(own == state),
    };
    let path = reading.documents.project.file(file).path.clone();
    let resource = reading
        .resource(env_file::KIND, path, at)
        .set(env_file::role, reading.word(if role == Role::Template { "template" } else { "values" }, place))
        .set(env_file::tracked, of_git(GitState::Tracked))
        .set(env_file::ignored, of_git(GitState::Ignored))
        .set(env_file::holds_secrets, bool(contents.first_secret.is_some()))
        .set(env_file::holds_only_dummies, bool(contents.only_dummies))
        .set(env_file::exists_by_convention, bool(git == GitState::Untracked));
    reading.add(resource);
}

/// What the secret-named values of a file are.
struct Contents {
    /// Where the first of them stands.
    first_secret: Option<Span>,
    /// All of them are placeholders.
    only_dummies: bool,
}

fn contents(reading: &Reading<'_>, file: FileId) -> Contents {
    let Ok(text) = reading.documents.project.text(file) else {
        return Contents { first_secret: None, only_dummies: false };
    };
    let entries = dotenv::read(text, Dialect::Node).entries;
    let secrets = entries.iter().filter(|entry| {
        is_secret_name(&entry.name)
            && entry.value.as_ref().is_some_and(|value| !value.is_blank() && !is_reference(value))
    });
    let mut contents = Contents { first_secret: None, only_dummies: true };
    for entry in secrets {
        let dummy = entry.value.as_ref().is_none_or(is_placeholder);
        if contents.first_secret.is_none() || (contents.only_dummies && !dummy) {
            contents.first_secret = Some(entry.span);
        }
        contents.only_dummies &= dummy;
    }
    contents
}

/// A value that is nothing but a reference to another variable.
fn is_reference(value: &crate::text::Text) -> bool {
    value.test(|text| text.starts_with("${") && text.ends_with('}'))
}

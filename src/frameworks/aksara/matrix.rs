//! The private security matrix: where it is looked for, and whether it is what the checks accept.

mod scalar;
mod schema;

use crate::eval::{Because, How, Kind, Place, Step, Trail, Value};
use crate::frameworks::aksara::{app::App, tables};
use crate::project::{GitState, inside, normalized};
use crate::reading::bench::Reading;
use crate::settings::security_matrix;
use crate::syntax::data::Format;
use crate::syntax::{FileId, Span};
use schema::Verdict;
use std::sync::Arc;

/// The one name under which it is looked for.
const NAME: &str = "security_matrix.yml";
/// Where it is looked for, in this order.
const PLACES: &[&str] = &["security/security_matrix.yml", "security_matrix.yml"];
/// Where the variable says it is.
const PATH_VARIABLE: &str = "AKSARA_SECURITY_MATRIX_PATH";

/// What stands at the path.
enum Found {
    File(FileId),
    /// A folder, which cannot be read as a file.
    Folder,
    Nothing,
    /// A path outside the project.
    Unseen,
}

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let path = app.root.field(PATH_VARIABLE);
    let required = reading.table(security_matrix::KIND, "matrix", tables::MATRIX, &app.root);
    let mut judged: Vec<FileId> = Vec::new();
    // One world for each path that the variable can have.
    let world = |reading: &Reading<'_>, path: &Value| look_up(reading, path);
    let found = path.each(&mut |path| facts(reading, world(reading, path), &path.trail));
    if let Some(file) = file_of(reading, &path) {
        judged.push(file);
    }
    let name: Arc<str> = match judged.first() {
        Some(file) => reading.documents.project.file(*file).path.clone(),
        None => PLACES[0].into(),
    };
    let mut resource = required;
    resource.name = name;
    resource = resource
        .set_at(security_matrix::found, found.field("found"), PLACES[0])
        .set_at(security_matrix::valid, found.field("valid"), PLACES[0])
        .set_at(security_matrix::complete, found.field("complete"), PLACES[0]);
    if let Some(file) = judged.first() {
        let verdict = verdict(reading, *file);
        let first = verdict.errors.first().or(verdict.gaps.first()).copied().unwrap_or_default();
        resource.place = Place::File(*file, first);
        resource = published(reading, resource, *file);
    }
    // One that is not there is missing where it is demanded.
    let demanded =
        resource.value(security_matrix::required).filter(|demanded| demanded.as_bool() == Some(true)).cloned();
    if let (Some(demanded), true) = (demanded, judged.is_empty()) {
        resource = reading.of_feature(resource, &demanded);
    }
    reading.add(resource);
    // A second one is in git as much as the first.
    let others: Vec<FileId> = PLACES
        .iter()
        .filter_map(|path| reading.documents.project.find(&inside(&reading.found.root, path)))
        .filter(|file| !judged.contains(file))
        .collect();
    for file in others {
        let place = Place::File(file, Span::default());
        let path = reading.documents.project.file(file).path.clone();
        let resource = published(reading, reading.resource(security_matrix::KIND, path, place), file);
        reading.add(resource);
    }
}

fn published(reading: &Reading<'_>, resource: crate::settings::Resource, file: FileId) -> crate::settings::Resource {
    let place = Place::File(file, Span::default());
    let own = reading.documents.project.file(file);
    let tracked = match own.git {
        GitState::NoRepository => Value::unknown(Because::Undecided, &Step::start(place, How::Derived)),
        state => reading.stated(Kind::Bool(state == GitState::Tracked), place),
    };
    let path = own.path.clone();
    resource
        .set_at(security_matrix::tracked, tracked, path)
        .set(security_matrix::is_example, reading.stated(Kind::Bool(own.name() != NAME), place))
}

/// The file that is looked up where the variable is settled.
fn file_of(reading: &Reading<'_>, path: &Value) -> Option<FileId> {
    match look_up(reading, path) {
        Found::File(file) => Some(file),
        _ => None,
    }
}

fn look_up(reading: &Reading<'_>, path: &Value) -> Found {
    let project = reading.documents.project;
    let root = &reading.found.root;
    let at = |path: &str| -> Option<Found> {
        let path = normalized(&inside(root, path))?;
        if let Some(file) = project.find(&path) {
            return Some(Found::File(file));
        }
        let prefix = format!("{path}/");
        project.files().iter().any(|file| file.path.starts_with(&prefix)).then_some(Found::Folder)
    };
    match &path.kind {
        Kind::Text(text) if !text.is_empty() => {
            let written = text.as_name();
            let inner = match written.strip_prefix('/') {
                None if written.starts_with('~') => return Found::Unseen,
                None => written.to_string(),
                Some(_) => match relative_to(project.root(), root, &written) {
                    Some(inner) => inner,
                    None => return Found::Unseen,
                },
            };
            match normalized(&inside(root, &inner)) {
                Some(_) => at(&inner).unwrap_or(Found::Nothing),
                None => Found::Unseen,
            }
        }
        Kind::Text(_) | Kind::Absent | Kind::Null => PLACES.iter().find_map(|path| at(path)).unwrap_or(Found::Nothing),
        _ => Found::Unseen,
    }
}

/// An absolute path as the app's folder sees it, where it leads there.
fn relative_to(root: &std::path::Path, app: &str, path: &str) -> Option<String> {
    let inner = std::path::Path::new(path).strip_prefix(root.join(app)).ok()?;
    Some(inner.to_string_lossy().replace('\\', "/"))
}

/// What is known of the matrix, as an object with the settings' names.
fn facts(reading: &Reading<'_>, found: Found, path: &Trail) -> Value {
    let place = path.place.in_file().map_or_else(|| reading.place(), |(file, span)| Place::File(file, span));
    let stated = |value: bool, trail: &Trail| Value::new(Kind::Bool(value), trail);
    let derived = Step::start(place, How::Derived);
    let object = |found: Value, valid: Value, complete: Value| {
        let fields = [("found".into(), found), ("valid".into(), valid), ("complete".into(), complete)];
        Value::new(Kind::Object { fields: fields.into(), open: None }, &derived)
    };
    let absent = || Value::new(Kind::Absent, &derived);
    match found {
        Found::Nothing => object(stated(false, &derived), absent(), absent()),
        Found::Folder => object(stated(true, &derived), stated(false, &derived), absent()),
        Found::Unseen => {
            let unknown = || Value::unknown(Because::MissingFile(PATH_VARIABLE.into()), &derived);
            object(unknown(), unknown(), unknown())
        }
        Found::File(file) => {
            let here = Step::start(Place::File(file, Span::default()), How::Derived);
            let verdict = verdict(reading, file);
            let complete = problems(file, &verdict.gaps);
            // A valid matrix with gaps is told where the first gap is.
            let valid = match (verdict.errors.as_slice(), complete.as_bool()) {
                ([], Some(false)) => Value::new(Kind::Bool(true), &complete.trail),
                (errors, _) => problems(file, errors),
            };
            object(stated(true, &here), valid, complete)
        }
    }
}

/// True, or false at the first problem, with the others on its trail.
fn problems(file: FileId, spans: &[Span]) -> Value {
    let trail = |span: &Span| Step::start(Place::File(file, *span), How::Derived);
    match spans.split_first() {
        None => Value::new(Kind::Bool(true), &trail(&Span::default())),
        Some((first, [])) => Value::new(Kind::Bool(false), &trail(first)),
        Some((first, rest)) => {
            let before = rest.iter().take(8).map(trail).collect();
            Value::new(Kind::Bool(false), &Step::of(Place::File(file, *first), How::Joined, before))
        }
    }
}

fn verdict(reading: &Reading<'_>, file: FileId) -> Verdict {
    let project = reading.documents.project;
    let unreadable = |span: Span| Verdict { errors: vec![span], gaps: Vec::new() };
    let Ok(text) = project.text(file) else { return unreadable(Span::default()) };
    // The loader wants UTF-8 and refuses control characters.
    if let Some(at) =
        text.find(|c: char| c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}')))
    {
        let at = u32::try_from(at).unwrap_or_default();
        return unreadable(Span::new(at, at));
    }
    match crate::syntax::data::parse(text, Format::Yaml) {
        Ok(document) if document.roots().len() == 1 && document.errors.is_empty() => {
            schema::check(text, document.root())
        }
        Ok(document) => {
            let span = document.errors.first().map(|error| error.span);
            unreadable(span.or(document.roots().get(1).map(|root| root.span)).unwrap_or_default())
        }
        Err(refused) => unreadable(refused.span().unwrap_or_default()),
    }
}

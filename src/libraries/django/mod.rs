//! The configuration of a Django app: the names of the settings module that production runs, in the order in which they are
//! given.

mod classes;
mod middleware;
mod module;
mod names;

use crate::eval::{Because, Evaluator, How, Kind, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::syntax::code::{Imported, Pattern, Statement};
use crate::syntax::{FileId, Span};
use crate::text::Text;
pub(crate) use module::entries;
use names::is_setting;
use std::sync::Arc;

/// The path of the facts of the host.
const HOST: &str = "pypi/django";

/// The settings that name parts of the app by their path in Python.
const NAMING: &[&str] = &["MIDDLEWARE", "INSTALLED_APPS"];

/// The mark of an app whose users are known by a cookie of a session.
const SESSIONS: &str = "sessions";

/// The mark of an app that has a cookie against forged requests.
const CSRF_COOKIE: &str = "csrf_cookie";

/// The middleware that reads sessions.
const SESSION_MIDDLEWARE: &str = "django.contrib.sessions.middleware.SessionMiddleware";

/// The middleware that refuses forged requests.
const CSRF_MIDDLEWARE: &str = "django.middleware.csrf.CsrfViewMiddleware";

/// Puts the settings beside the facts of the app; none where no settings module is found.
pub(crate) fn configure(reading: &mut Reading<'_>) -> Option<FileId> {
    let entries = entries(reading.documents.project, &reading.found.root, reading.found.package);
    if entries.is_empty() {
        return None;
    }
    let file = module::of_production(reading, &entries)?;
    reading.evaluator.run_program(&[file]);
    let place = Place::File(file, Span::default());
    let trail = Step::start(place, How::Written);
    let mut fields = match classes::of_production(reading, file) {
        Some(class) => classes::fields(reading, &class),
        None => fields(reading.evaluator, file),
    };
    for (name, value) in &mut fields {
        if &**name == "MIDDLEWARE" {
            *value = middleware::with_bases(reading.evaluator, file, value);
        }
    }
    let open = (!reading.evaluator.unseen_names().is_empty()).then(|| Because::Undecided.into());
    let config = Value::new(Kind::Object { fields: fields.into(), open }, &trail);
    for setting in NAMING {
        named(&config.field(setting), &mut reading.facts.named);
    }
    reading.anchor = reading.anchor.or_else(|| anchor(reading, &config, file));
    let names = |path: &str| reading.facts.named.iter().any(|own| **own == *path);
    let has_sessions = names(SESSION_MIDDLEWARE) || names("django.contrib.sessions");
    let keeps_in_session = config.field("CSRF_USE_SESSIONS").as_bool() == Some(true);
    let has_csrf = names(CSRF_MIDDLEWARE) && !keeps_in_session;
    reading.facts.marks.extend(has_sessions.then_some(SESSIONS));
    reading.facts.marks.extend(has_csrf.then_some(CSRF_COOKIE));
    reading.facts.named.push("django".into());
    reading.facts.config_of = Some(HOST);
    reading.facts.config_name = Some(("django/conf", "settings."));
    reading.facts.config = Some(config);
    Some(file)
}

/// Where settings belong that are nowhere written: at the list of the app's parts, else where the module takes another one
/// over, else at its first setting.
/// The text of the module says which that is: what its values come from differs from target to target.
fn anchor(reading: &Reading<'_>, config: &Value, file: FileId) -> Option<Place> {
    let module = reading.documents.module_of(file);
    let body = module.as_ref().map_or(&[][..], |module| &module.body);
    let declared = |statement: &Statement| match statement {
        Statement::Declare { pattern: Pattern::Name(name, _), value: Some(value), .. } if is_setting(name) => {
            Some((name.clone(), value.span))
        }
        _ => None,
    };
    let declared: Vec<(Arc<str>, Span)> = body.iter().filter_map(declared).collect();
    let list = NAMING.iter().find_map(|name| declared.iter().find(|(own, _)| **own == **name));
    let list = list.map(|(_, span)| *span);
    // Where the list lies in a module that this one takes over, the line that does so is where to look on.
    let taken_over = body.iter().find_map(|statement| match statement {
        Statement::Import(import) if import.names.iter().any(|name| name.what == Imported::Everything) => {
            Some(import.span)
        }
        _ => None,
    });
    let written = list.or(taken_over).or_else(|| declared.first().map(|(_, span)| *span));
    written.map(|span| Place::File(file, span)).or_else(|| by_values(config, file))
}

/// The same by the values of settings, for a module whose settings stand in a class.
fn by_values(config: &Value, file: FileId) -> Option<Place> {
    let here = |value: &Value| value.trail.primary().filter(|(own, span)| *own == file && *span != Span::default());
    let named = NAMING.iter().find_map(|name| here(&config.field(name)));
    let first = || config.fields().iter().filter_map(|(_, value)| here(value)).min_by_key(|(_, span)| span.start);
    named.or_else(first).map(|(file, span)| Place::File(file, span))
}

/// The settings of a module: its names in capitals.
fn fields(evaluator: &Evaluator<'_>, file: FileId) -> Vec<(Arc<str>, Value)> {
    let names = evaluator.names_of(file).into_iter().filter(|name| is_setting(name));
    let own = |name: Arc<str>| {
        let value = evaluator.own_name(file, &name)?;
        Some((name, value))
    };
    names.filter_map(own).collect()
}

/// The paths in a list, in any of its forms.
fn named(value: &Value, into: &mut Vec<Arc<str>>) {
    match &value.kind {
        Kind::List { items, .. } => items.iter().for_each(|item| named(item, into)),
        Kind::Choice(_, arms) => arms.iter().for_each(|arm| named(arm, into)),
        Kind::Text(text) => {
            let name = Text::as_name(text);
            if !into.contains(&name) {
                into.push(name);
            }
        }
        _ => {}
    }
}

//! Variables whose text Aksara cannot read: it throws, or takes the default and says nothing.

use crate::environment::{Role, Variable};
use crate::eval::{Kind, Value};
use crate::frameworks::aksara::app::App;
use crate::frameworks::aksara::fields::{LISTS, SWITCHES, UNGUARDED_FLOAT, variables};
use crate::frameworks::aksara::parsers::{is_float, is_list, switch};
use crate::frameworks::aksara::recognise::app_files;
use crate::reading::bench::Reading;
use crate::settings::variable;
use crate::text::Text;

/// Words in names of variables by which somebody believes to be protected.
const PROTECTIONS: &[&str] = &["CORS", "CSRF", "COOKIE", "COOKIES", "SESSION", "HSTS", "ORIGINS", "HOSTS", "RATE"];

/// Variables with such a word that the framework reads and no table needs (0.7.2: `conf.py`).
const READ: &[&str] = &[
    "AKSARA_ADMIN_RATE_LIMIT_REQUESTS",
    "AKSARA_ADMIN_RATE_LIMIT_WINDOW_SECONDS",
    "AKSARA_MCP_ALLOWED_HOSTS",
    "AKSARA_MCP_ALLOWED_ORIGINS",
];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    unread(reading);
    let number = app.settings.variable(reading.evaluator, UNGUARDED_FLOAT);
    malformed(reading, UNGUARDED_FLOAT, &number, &|text| !is_float(text));
    for name in LISTS {
        let list = app.settings.variable(reading.evaluator, name);
        malformed(reading, name, &list, &|text| !is_list(text));
    }
    for name in SWITCHES {
        let value = app.settings.variable(reading.evaluator, name);
        let unread = judged(&value, &|text| !text.is_empty() && switch(text).is_none());
        if holds_somewhere(&unread) {
            let resource = reading.resource(variable::KIND, *name, reading.place_of(&value)).set_at(
                variable::unrecognized_boolean,
                unread,
                *name,
            );
            reading.add(resource);
        }
    }
}

/// Variables with the framework's prefix that neither it nor the app's code reads.
fn unread(reading: &mut Reading<'_>) {
    let known: Vec<&str> = variables().chain(READ.iter().copied()).collect();
    let is_meant = |name: &str| {
        name.strip_prefix("AKSARA_").is_some_and(|rest| rest.split('_').any(|word| PROTECTIONS.contains(&word)))
            && !known.contains(&name)
    };
    let set = |own: &Variable| matches!(own.role, Role::Loaded | Role::Intent | Role::Target);
    let written: Vec<Variable> =
        reading.environment.variables().filter(|own| set(own) && is_meant(&own.name)).collect();
    let files = app_files(reading.documents, &reading.found.root);
    for own in written {
        if reading.documents.project.mentioning(&files, &[&own.name]).is_empty() {
            reading.dropped_key(&own.name, &own.value, None);
        }
    }
}

fn malformed(reading: &mut Reading<'_>, name: &str, value: &Value, is_bad: &dyn Fn(&Text) -> bool) {
    let bad = judged(value, is_bad);
    if holds_somewhere(&bad) {
        let resource =
            reading.resource(variable::KIND, name, reading.place_of(value)).set_at(variable::parse_error, bad, name);
        reading.add(resource);
    }
}

fn judged(value: &Value, is_bad: &dyn Fn(&Text) -> bool) -> Value {
    value.each(&mut |value| {
        let bad = matches!(&value.kind, Kind::Text(text) if is_bad(text));
        Value::new(Kind::Bool(bad), &value.trail)
    })
}

/// Whether it is true in some world.
fn holds_somewhere(value: &Value) -> bool {
    match &value.kind {
        Kind::Bool(value) => *value,
        Kind::Choice(_, arms) => arms.iter().any(holds_somewhere),
        _ => false,
    }
}

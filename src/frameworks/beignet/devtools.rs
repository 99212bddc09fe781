//! Devtools: the dashboard's route, and where its records lie.

use crate::eval::{Answer, Because, Guard, How, Kind, Step, Use, Value};
use crate::frameworks::beignet::{app::App, authorize::authorize_of};
use crate::libraries::middleware;
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::table::at;
use crate::reading::table::{Plain, Preset, Reader, Row};
use crate::settings::devtools;

const DOCUMENTS: &str = "https://beignetjs.com/docs/devtools";

/// Without `enabled` the route answers 404 in production.
pub(super) static ROUTE: &[Row] = &[Row {
    setting: devtools::enabled,
    places: &[at("enabled")],
    reader: Reader::Truthy,
    default: Preset::Default(Plain::Bool(false)),
    reference: DOCUMENTS,
}];

/// Folders that are served as they lie there.
const SERVED: &[&str] = &["public/", ".next/static/", "static/"];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let routes: Vec<Use> = app.calls_of("createDevtoolsRoute").cloned().collect();
    for route in &routes {
        let options = if route.given.arguments.len() > 1 { route.argument(1) } else { route.argument(0) };
        self::route(reading, app, route, &options);
    }
    for provider in app.calls_of("createDevtoolsProvider") {
        let options = provider.argument(0);
        let served = persistence(&options);
        if served.is_absent() {
            continue;
        }
        // Without a word about it the provider does nothing in production.
        let resource = reading.resource(devtools::KIND, "provider", provider.place).set_at(
            devtools::persistence_path_served,
            served,
            "persistence",
        );
        reading.add(resource);
    }
}

fn route(reading: &mut Reading<'_>, app: &App, route: &Use, options: &Value) {
    let options = &if options.is_absent() {
        Value::written(Kind::Object { fields: std::sync::Arc::new([]), open: None }, route.place)
    } else {
        options.clone()
    };
    let name = app.path_of(route.file).unwrap_or_else(|| "/api/devtools".into());
    let name = name.split("/[").next().unwrap_or_default().to_owned();
    let resource = reading.table(devtools::KIND, &name, ROUTE, options);
    let hangs_on_variable = match resource.value(devtools::enabled).map(|value| &value.kind) {
        Some(Kind::Unknown(unknown)) => matches!(unknown.because, Because::Variable(_)),
        _ => false,
    };
    // The switch as it stands in the route, not the variable's declaration: there the check is missing.
    let mut resource = resource;
    if let (true, Some(enabled)) = (hangs_on_variable, resource.value(devtools::enabled).cloned()) {
        let at_route = Value::new(enabled.kind, &Step::after(route.place, How::Joined, &enabled.trail));
        resource = resource.set_at(devtools::enabled, at_route, "enabled");
    }
    let mut authorized = authorized(reading, route, options);
    if authorized.as_bool() == Some(false) {
        // Where the route asks nobody, the middleware can.
        match middleware::in_front_of(reading, &name).map(|front| (front.guarded.guard, front.place)) {
            Some((Some(Guard::Compares), place)) => authorized = reading.stated(Kind::Bool(true), place),
            Some((None, _)) => authorized = Value::unknown(Because::Undecided, &authorized.trail),
            _ => {}
        }
    }
    shared_tokens(reading, route, options);
    let resource = resource
        .set_at(devtools::switched_by_variable, reading.stated(Kind::Bool(hangs_on_variable), route.place), "enabled")
        .set_at(devtools::authorized, authorized, "authorize");
    let served = persistence(options);
    let resource = if served.is_absent() {
        resource
    } else {
        resource.set_at(devtools::persistence_path_served, served, "persistence")
    };
    reading.add(resource);
}

/// The tokens that a check compares with: whoever has one gets in.
fn shared_tokens(reading: &mut Reading<'_>, route: &Use, options: &Value) {
    if !matches!(options.field("authorize").kind, Kind::Function(_)) {
        return;
    }
    let find = authorize_of(route);
    let guarded = reading.evaluator.guard(&find, &["request"], Answer::Truth);
    let named = guarded.compared.iter().find_map(|value| reading.variable_of(value));
    let Some(variable) = named.filter(|name| crate::secrets::is_secret_name(name)) else { return };
    let declared = reading.evaluator.declared_variables().into_iter().find(|known| known.variable == variable);
    let value = declared.map_or_else(|| reading.evaluator.variable(&variable, route.place), |known| known.value);
    reading.secret(&variable, &value, SecretFacts::of("agent"));
}

/// Whether a real check stands before the route: one that is always true, or that an unset token passes, is none.
fn authorized(reading: &Reading<'_>, route: &Use, options: &Value) -> Value {
    let authorize = options.field("authorize");
    authorize.each(&mut |authorize| {
        let kind = match &authorize.kind {
            Kind::Absent | Kind::Null => return reading.stated(Kind::Bool(false), route.place),
            Kind::Bool(value) => Kind::Bool(!value),
            Kind::Function(_) => {
                let find = authorize_of(route);
                match reading.evaluator.lets_everybody_through(&find, &["request"]) {
                    Some(everybody) => Kind::Bool(!everybody),
                    // Something decides that cannot be followed.
                    None => Kind::Bool(true),
                }
            }
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &authorize.trail)
    })
}

/// Whether the records are written under a folder that is served; absent where no path is written.
fn persistence(options: &Value) -> Value {
    let paths = [
        "persistence.path",
        "persistence.file",
        "persistence.filePath",
        "persistence.directory",
        "persistence",
        "persistPath",
        "filePath",
    ];
    let path = paths.iter().map(|path| options.path(path)).find(|path| matches!(path.kind, Kind::Text(_)));
    let Some(path) = path else { return Value::new(Kind::Absent, &options.trail) };
    path.read(&|path| {
        let is_served = path.as_text().is_some_and(|text| {
            text.test(|text| {
                let text = text.trim_start_matches("./").trim_start_matches('/');
                SERVED.iter().any(|folder| text.starts_with(folder))
            })
        });
        Kind::Bool(is_served)
    })
}

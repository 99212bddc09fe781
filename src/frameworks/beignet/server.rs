//! The server of a Beignet app: its environment's name, what its errors tell, and its description of the API.

use crate::eval::{Because, Guard, Kind, Use, Value};
use crate::frameworks::beignet::app::App;
use crate::habits::unread;
use crate::libraries::middleware;
use crate::reading::addresses;
use crate::reading::bench::Reading;
use crate::reading::taken;
use crate::settings::{endpoint, errors, openapi, runtime};
use std::sync::Arc;

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let place = reading.place();
    let name = reading.evaluator.variable("NODE_ENV", place);
    let resource = reading.resource(runtime::KIND, "app", place).set_at(runtime::environment_name, name, "NODE_ENV");
    reading.add(resource);
    for option in ["hooks", "providers"] {
        if app.server.is_some() {
            unread::told(reading, &app.option(reading, option));
        }
    }
    unlisted_options(reading, app);
    unhandled_errors(reading, app);
    let public = addresses::of_variables(reading);
    addresses::add(reading, public);
    let descriptions: Vec<Use> = app.calls_of("createOpenAPIHandler").cloned().collect();
    for description in &descriptions {
        self::description(reading, app, description);
    }
}

/// The options of a server that the documents name, in their older and newer spelling.
const OPTIONS: &[&str] = &[
    "ports",
    "providers",
    "providerConfig",
    "providerEnv",
    "hooks",
    "context",
    "createContext",
    "routes",
    "mapUnhandledError",
    "onCaughtError",
    "instrumentation",
    "openapi",
    "name",
    "server",
];

/// What does elsewhere what these words seem to ask of the server.
const INSTEAD: &[(&str, &str)] = &[
    ("cors", "createCorsHooks in hooks"),
    ("csrf", "createCsrfHooks in hooks"),
    ("rateLimit", "createRateLimitHooks in hooks"),
    ("securityHeaders", "createSecurityHeadersHooks in hooks"),
    ("headers", "createSecurityHeadersHooks in hooks"),
    ("cookies", "the options of Better Auth"),
    ("auth", "createAuthHooks in hooks"),
];

/// Options that no document names: nobody knows whether anything reads them.
fn unlisted_options(reading: &mut Reading<'_>, app: &App) {
    let Some(server) = &app.server else { return };
    for (key, value) in taken::beside(&server.argument(0), "", &[OPTIONS]) {
        let instead = INSTEAD.iter().find(|(own, _)| *own == key).map(|(_, instead)| *instead);
        reading.unlisted_key(&format!("{}.{key}", server.export), &value, instead);
    }
}

/// What `mapUnhandledError` tells the client of an error that nobody expected.
fn unhandled_errors(reading: &mut Reading<'_>, app: &App) {
    let map = app.option(reading, "mapUnhandledError");
    let Kind::Function(_) = map.kind else { return };
    let (parts, followed) = reading.evaluator.result_is_made_of(&map, &["input", "context"]);
    let inner = |part: &Arc<str>| {
        part.starts_with("input")
            && (["message", "stack", "cause", "toString()"].iter().any(|end| part.ends_with(end)) || &**part == "input")
    };
    let kind = if parts.iter().any(inner) {
        Kind::Bool(true)
    } else if followed {
        Kind::Bool(false)
    } else {
        Kind::Unknown(Because::Undecided.into())
    };
    let resource = reading.resource(errors::KIND, "unhandled errors", reading.place_of(&map)).set_at(
        errors::exposes_internals,
        Value::new(kind, &map.trail),
        "mapUnhandledError",
    );
    reading.add(resource);
}

/// The route that describes the API; Beignet documents no option to guard it.
fn description(reading: &mut Reading<'_>, app: &App, call: &Use) {
    let path = app.path_of(call.file).unwrap_or_else(|| "openapi".into());
    let stated = |value| reading.stated(Kind::Bool(value), call.place);
    let exported = exported_directly(reading, call);
    let in_front = middleware::in_front_of(reading, &path);
    let protected = match in_front.map(|front| front.guarded.guard) {
        Some(Some(Guard::Compares)) => stated(true),
        Some(None) => Value::unknown(Because::Undecided, &stated(false).trail),
        _ if exported => stated(false),
        _ => Value::unknown(Because::Undecided, &stated(false).trail),
    };
    let resource = reading
        .resource(openapi::KIND, path, call.place)
        .set_at(openapi::served, stated(true), "createOpenAPIHandler")
        .set_at(openapi::protected, protected, "createOpenAPIHandler");
    reading.add(resource);
    let servers = call.argument(1).field("servers");
    for (index, server) in servers.as_list().unwrap_or_default().iter().enumerate() {
        let url = server.field("url");
        // What only the host knows is an address of its own.
        if !matches!(url.kind, Kind::Text(_) | Kind::Choice(..)) {
            continue;
        }
        let place = reading.place_of(&url);
        let resource = reading
            .resource(endpoint::KIND, format!("OpenAPI server {}", index + 1), place)
            .set(endpoint::role, reading.word("public_url", place))
            .set_at(endpoint::url, url, "servers[].url");
        reading.add(resource);
    }
}

/// Whether the route's module exports what the call gave, and nothing wraps it.
fn exported_directly(reading: &Reading<'_>, call: &Use) -> bool {
    let exported = reading.evaluator.export(call.file, "GET");
    let is_call = exported
        .as_call()
        .is_some_and(|inner| inner.external().is_some_and(|(_, path)| path == "createOpenAPIHandler"));
    is_call || exported.is_unknown()
}

//! FrontMCP: servers as decorated classes, whose keys the framework often accepts without reading them.

mod auth;
mod deployment;
mod dialect;
mod environment;
mod http;
mod operations;
mod plugins;
mod refusals;
mod shapes;
mod stores;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use crate::eval::{Because, How, Place, Step, Value};
use crate::reading::bench::Reading;
use crate::reading::bench::SERVERLESS;
use crate::reading::found::Framework;
use crate::reading::table::{Effect, Row};
use crate::reading::version::Versions;
use crate::settings::{
    Resource, ResourceKind, anonymous_access, cors, endpoint, jwt, logging, mcp_server, oauth, rate_limit,
    refresh_token, session, signing_key, token_store, token_verifier,
};
use std::sync::Arc;
use words::named;

/// FrontMCP, from SDK 0.1 to 1.5.
pub(super) static FRONTMCP: Framework = Framework {
    name: "frontmcp",
    title: "FrontMCP",
    packages: &["@frontmcp/sdk", "frontmcp", "@frontmcp/auth", "@frontmcp/edge"],
    known: Versions { since: None, until: Some((1, 6)) },
    recognise: shapes::recognise,
    read,
    unasked: &["tools", "resources", "prompts", "skills"],
    speaks_for: &[],
    tables: &[
        (anonymous_access::KIND, tables::ANONYMOUS),
        (anonymous_access::KIND, tables::DEFAULT_PUBLIC),
        (token_store::KIND, tables::TOKENS),
        (oauth::KIND, tables::OAUTH),
        (oauth::KIND, tables::SCOPES),
        (oauth::KIND, tables::REQUIRED_SCOPES),
        (oauth::KIND, tables::UPSTREAM),
        (oauth::KIND, tables::REQUESTED_SCOPES),
        (token_verifier::KIND, tables::VERIFIER),
        (token_verifier::KIND, tables::ISSUER),
        (refresh_token::KIND, tables::REFRESH),
        (jwt::KIND, tables::ACCESS_TOKEN),
        (jwt::KIND, tables::REFRESH_TOKEN),
        (jwt::KIND, tables::ANONYMOUS_TOKEN),
        (signing_key::KIND, tables::ROTATION),
        (session::KIND, tables::SESSION),
        (cors::KIND, tables::CORS),
        (rate_limit::KIND, tables::THROTTLE),
        (logging::KIND, tables::LOGGING),
        (endpoint::KIND, tables::LISTENER),
        (mcp_server::KIND, tables::HOST_CHECK),
    ],
};

/// One scope with an `auth` of its own: a server, or an app that is served by itself.
struct Scope {
    /// Its name in reports.
    label: Arc<str>,
    /// The object that holds `auth`.
    options: Value,
    /// Its effective mode.
    mode: Value,
    /// Whether it is served on a network.
    listens: Value,
    /// A word of `auth.scope`.
    reach: &'static str,
}

impl Scope {
    /// Whether the mode is one of these.
    fn is(&self, modes: &[&str]) -> Value {
        words::is_one_of(&self.mode, modes)
    }

    /// Whether this server makes tokens itself.
    fn signs(&self) -> Value {
        self.is(&["local", "remote"])
    }
}

fn read(reading: &mut Reading<'_>) {
    for file in shapes::unread(reading) {
        reading.unread(file);
    }
    let mut servers = shapes::servers(reading);
    if deployment::is_worker(reading) {
        servers.iter_mut().for_each(|server| server.worker = true);
    }
    let objects = || servers.iter().filter_map(|server| server.options.trail.primary());
    let of_entry = objects().find(|(file, _)| Some(*file) == reading.found.entry);
    reading.anchor = of_entry.or_else(|| objects().next()).map(|(file, span)| Place::File(file, span));
    if !servers.is_empty() && servers.iter().all(|server| server.worker) {
        reading.facts.marks.push(SERVERLESS);
    }
    if servers.is_empty() {
        // A server is written somewhere in it, in a way that is not followed.
        let place = reading.place();
        let unknown = Value::unknown(Because::Undecided, &Step::start(place, How::Written));
        reading.source("the options of the server", &unknown, true);
    }
    let mut scopes = Vec::new();
    let mut apps = plugins::Apps::default();
    for server in &servers {
        if server.options.is_unknown() {
            reading.source(&format!("the options of {}", server.label), &server.options, true);
        }
        http::read(reading, server);
        operations::read(reading, server);
        stores::of_server(reading, server);
        let of_apps = plugins::read(reading, server, &mut apps);
        scopes.extend(scopes_of(server, of_apps));
        dead_keys(reading, &server.options, &server.label);
        refusals::of_server(reading, &server.options, &server.label);
    }
    for scope in &scopes {
        auth::read(reading, scope);
        if !servers.iter().any(|server| server.label == scope.label) {
            dead_keys(reading, &scope.options, &scope.label);
        }
        refusals::read(reading, &scope.options, &scope.label);
    }
    environment::read(reading, &servers, &scopes);
    deployment::read(reading);
}

/// The server's own scope, unless every app is served by itself, and those of apps with an `auth` of their own.
fn scopes_of(server: &shapes::Server, of_apps: Vec<plugins::AppScope>) -> Vec<Scope> {
    let split = server.options.field("splitByApp").as_bool() == Some(true);
    let auth = server.options.field("auth");
    let mut scopes = Vec::new();
    if !(split && auth.is_absent() && !of_apps.is_empty()) {
        scopes.push(Scope {
            label: server.label.clone(),
            mode: dialect::mode(&auth, &server.options),
            options: server.options.clone(),
            listens: server.listens.clone(),
            reach: "server",
        });
    }
    for app in of_apps {
        let own = app.options.field("auth");
        // An app inside of a server falls under the server's auth; one that is split off stands alone.
        if own.is_absent() && !(split && auth.is_absent()) {
            continue;
        }
        scopes.push(Scope {
            reach: if own.is_absent() { "server" } else { "app" },
            mode: dialect::mode(&own, &app.options),
            label: app.label,
            options: app.options,
            listens: server.listens.clone(),
        });
    }
    scopes
}

/// Reads a table into a resource named after its server, and reports the keys that the installed version does not read.
fn table(
    reading: &mut Reading<'_>,
    kind: &'static ResourceKind,
    name: &str,
    rows: &'static [Row],
    root: &Value,
    label: &str,
) -> Resource {
    dead(reading, rows, root, label);
    let place = reading.place_of(root);
    crate::reading::table::fill(reading.resource(kind, name, place), rows, root, &reading.facts)
}

/// Reports the keys of a table that the installed version does not read.
fn dead(reading: &mut Reading<'_>, rows: &'static [Row], root: &Value, label: &str) {
    for key in crate::reading::table::ineffective(rows, root, &reading.facts) {
        reading.written_key(&named(key.written, label), &key.value, key.effect, key.instead);
    }
}

/// Whether any place of a table's rows is written.
fn is_written(rows: &[Row], root: &Value) -> bool {
    rows.iter().flat_map(|row| row.places).any(|spot| root.written_at(spot.path).is_some())
}

/// Keys without effect that belong to no setting.
fn dead_keys(reading: &mut Reading<'_>, options: &Value, label: &str) {
    // Up to 0.4 the keys of an identity provider stood beside its address.
    let of_provider = options.path("auth.type").as_text().is_some_and(|text| text.is("remote"));
    for (key, instead) in tables::DEAD_KEYS {
        if of_provider && *key == "auth.jwks" {
            continue;
        }
        if let Some(value) = options.written_at(key) {
            reading.written_key(&named(key, label), &value, Effect::Ignored, *instead);
        }
    }
    let later = |major, minor| reading.facts.at_least(major, minor) == Some(false);
    if later(1, 4) {
        for key in ["auth.tokenStorage.redis", "auth.tokenStorage.config", "auth.tokenStorage.sqlite"] {
            if let Some(value) = options.written_at(key) {
                reading.written_key(&named(key, label), &value, Effect::Ignored, None);
            }
        }
    }
}

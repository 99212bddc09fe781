//! FrontMCP: servers as decorated classes, whose keys the framework often accepts without reading them.

mod auth;
mod deployment;
mod dialect;
mod environment;
mod http;
mod keys;
mod operations;
mod plugins;
mod refusals;
mod scope;
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
use crate::reading::version::Versions;
use crate::settings::{
    anonymous_access, cors, endpoint, jwt, logging, mcp_server, oauth, rate_limit, refresh_token, session, signing_key,
    token_store, token_verifier,
};
use keys::dead_keys;
use scope::scopes_of;

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
    carried: false,
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
        refusals::of_server(reading, server);
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

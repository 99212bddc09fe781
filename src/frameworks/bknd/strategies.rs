//! Ways to sign in that Bknd refuses to start with: which types there are, and what each must be given.
//!
//! Run with 0.20.0; `auth/authenticate/strategies/oauth/{OAuthStrategy,CustomOAuthStrategy}.ts`, `auth/auth-schema.ts`.

use super::refused::refuse;
use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;

/// The types of strategies.
const TYPES: &[&str] = &["password", "oauth", "custom_oauth"];

/// The services whose addresses are built in.
const SERVICES: &[&str] = &["google", "github"];

/// The protocols.
const PROTOCOLS: &[&str] = &["oidc", "oauth2"];

/// What a service of one's own is described by.
const ISSUER: &[&str] = &[
    "issuer",
    "code_challenge_methods_supported",
    "scopes_supported",
    "scope_separator",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
];

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    for (name, strategy) in root.path("config.auth.strategies").fields() {
        // The password strategy has a table of its own.
        if &**name == "password" {
            continue;
        }
        let key = format!("config.auth.strategies.{name}");
        for strategy in arms(strategy) {
            one(reading, &key, strategy);
        }
    }
}

/// The ways in which something can be written.
fn arms(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::Choice(_, arms) => arms,
        _ => std::slice::from_ref(value),
    }
}

fn one(reading: &mut Reading<'_>, key: &str, strategy: &Value) {
    let Kind::Object { open: None, .. } = &strategy.kind else { return };
    let kind = strategy.field("type");
    if lacks(strategy, &["type", "config"]) {
        return refuse(reading, key, strategy, "type and config, such as { type: \"oauth\", config: { .. } }");
    }
    if is_none_of(&kind, TYPES) {
        return refuse(reading, &format!("{key}.type"), &kind, "\"password\", \"oauth\" or \"custom_oauth\"");
    }
    closed(reading, key, strategy, &["enabled", "type", "config"], "enabled, type and config alone");
    let config = strategy.field("config");
    let key = format!("{key}.config");
    match kind.as_text() {
        Some(kind) if kind.is("oauth") => of_service(reading, &key, &config),
        Some(kind) if kind.is("custom_oauth") => of_ones_own(reading, &key, &config),
        _ => {}
    }
}

/// A login at a service that Bknd knows.
fn of_service(reading: &mut Reading<'_>, key: &str, config: &Value) {
    if lacks(config, &["name", "type", "client"]) {
        let accepts = "name (\"google\" or \"github\"), type and client: { client_id, client_secret }";
        return refuse(reading, key, config, accepts);
    }
    let name = config.field("name");
    if is_none_of(&name, SERVICES) {
        let accepts = "\"google\" or \"github\"; other services need the type \"custom_oauth\"";
        refuse(reading, &format!("{key}.name"), &name, accepts);
    }
    protocol(reading, key, config);
    let key = format!("{key}.client");
    client(reading, &key, &config.field("client"), &["client_id", "client_secret"]);
}

/// A login at a service that the configuration describes.
fn of_ones_own(reading: &mut Reading<'_>, key: &str, config: &Value) {
    if lacks(config, &["name", "type", "client", "as"]) {
        return refuse(reading, key, config, "name, type, client and as, the addresses of the service");
    }
    closed(reading, key, config, &["name", "type", "client", "as"], "name, type, client and as alone");
    protocol(reading, key, config);
    let issuer = config.field("as");
    if lacks(&issuer, &["issuer"]) {
        refuse(reading, &format!("{key}.as"), &issuer, "the service's issuer");
    }
    closed(reading, &format!("{key}.as"), &issuer, ISSUER, &ISSUER.join(", "));
    let client = config.field("client");
    let method = client.field("token_endpoint_auth_method");
    let wrong = is_none_of(&method, &["client_secret_basic"]);
    if wrong || lacks(&client, &["client_id", "client_secret", "token_endpoint_auth_method"]) {
        let accepts = "client_id, client_secret and token_endpoint_auth_method: \"client_secret_basic\"";
        refuse(reading, &format!("{key}.client"), &client, accepts);
    }
}

fn protocol(reading: &mut Reading<'_>, key: &str, config: &Value) {
    let protocol = config.field("type");
    if is_none_of(&protocol, PROTOCOLS) {
        refuse(reading, &format!("{key}.type"), &protocol, "\"oidc\" or \"oauth2\"");
    }
}

fn client(reading: &mut Reading<'_>, key: &str, client: &Value, keys: &[&str]) {
    let accepts = format!("{} alone", keys.join(" and "));
    if lacks(client, keys) {
        return refuse(reading, key, client, &accepts);
    }
    closed(reading, key, client, keys, &accepts);
}

/// Whether one of some keys is certainly not written.
fn lacks(object: &Value, keys: &[&str]) -> bool {
    matches!(&object.kind, Kind::Object { open: None, .. }) && keys.iter().any(|key| object.written_at(key).is_none())
}

/// Whether a text is certainly none of some words, in some world.
fn is_none_of(value: &Value, words: &[&str]) -> bool {
    let is_other = |value: &Value| value.as_text().is_some_and(|text| !words.iter().any(|word| text.is(word)));
    arms(value).iter().any(is_other)
}

fn closed(reading: &mut Reading<'_>, key: &str, object: &Value, keys: &[&str], accepts: &str) {
    for (name, value) in object.fields() {
        if !keys.contains(&&**name) && !value.is_absent() {
            refuse(reading, &format!("{key}.{name}"), value, accepts);
        }
    }
}

//! What has an `auth` of its own: a server, or an app that is served by itself.

use super::{dialect, shapes, words};
use crate::eval::Value;
use std::sync::Arc;

/// One scope with an `auth` of its own: a server, or an app that is served by itself.
pub(super) struct Scope {
    /// Its name in reports.
    pub(super) label: Arc<str>,
    /// The object that holds `auth`.
    pub(super) options: Value,
    /// Its effective mode.
    pub(super) mode: Value,
    /// Whether it is served on a network.
    pub(super) listens: Value,
    /// A word of `auth.scope`.
    pub(super) reach: &'static str,
}

/// An app with what can be an `auth` of its own.
pub(super) struct AppScope {
    /// Its name in reports.
    pub(super) label: Arc<str>,
    /// Its options.
    pub(super) options: Value,
}

impl Scope {
    /// Whether the mode is one of these.
    pub(super) fn is(&self, modes: &[&str]) -> Value {
        words::is_one_of(&self.mode, modes)
    }

    /// Whether this server makes tokens itself.
    pub(super) fn signs(&self) -> Value {
        self.is(&["local", "remote"])
    }
}

/// The server's own scope, unless every app is served by itself, and those of apps with an `auth` of their own.
pub(super) fn scopes_of(server: &shapes::Server, of_apps: Vec<AppScope>) -> Vec<Scope> {
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

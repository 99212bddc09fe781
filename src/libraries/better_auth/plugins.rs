//! What plugins and other sign-in services bring to Better Auth.

use crate::eval::{Because, How, Kind, Step, Value};
use crate::reading::bench::{Reading, SecretFacts};
use crate::reading::uses;
use crate::settings::oauth;
use crate::text::Text;
use std::sync::Arc;

/// Secrets of other services that stand in the code.
pub(super) fn client_secrets(reading: &mut Reading<'_>, options: &Value) {
    for (name, provider) in options.field("socialProviders").fields() {
        let secret = provider.field("clientSecret");
        if matches!(secret.kind, Kind::Text(_)) {
            reading.secret(&format!("{name}.clientSecret"), &secret, SecretFacts::of("api_key"));
        }
    }
}

/// Providers of the generic OAuth plugin, which proves the exchange of codes only where it is told to.
/// <https://www.better-auth.com/docs/plugins/generic-oauth>
pub(super) fn providers(reading: &mut Reading<'_>, options: &Value) {
    for plugin in uses::inside(&options.field("plugins"), "genericOAuth", 4) {
        let Some(call) = plugin.as_call() else { continue };
        let Some(options) = call.arguments.first() else { continue };
        for provider in options.field("config").as_list().unwrap_or_default() {
            if !matches!(provider.kind, Kind::Object { .. }) {
                continue;
            }
            let place = reading.place_of(provider);
            let pkce = provider
                .field("pkce")
                .or_default(&|_| Value::new(Kind::Bool(false), &Step::start(place, How::Default)));
            let pkce = pkce.each(&mut |pkce| match pkce.kind {
                Kind::Bool(on) => Value::new(Kind::Text(Text::new(if on { "s256" } else { "none" })), &pkce.trail),
                _ => pkce.clone(),
            });
            let client = provider.field("clientSecret");
            let client = if client.is_absent() { "public" } else { "confidential" };
            let id = provider.field("providerId").as_text().map_or("a provider".into(), Text::as_name);
            let resource = reading
                .resource(oauth::KIND, format!("genericOAuth {id}"), place)
                .set_at(oauth::pkce, pkce, "pkce")
                .set(oauth::client_type, reading.word(client, place));
            reading.add(resource);
        }
    }
}

/// Plugins in which clients or hosts register themselves.
pub(super) fn clients(reading: &mut Reading<'_>, options: &Value) {
    let plugins = options.field("plugins");
    let mut found: Vec<(Arc<str>, Value)> = Vec::new();
    for plugin in plugins.as_list().unwrap_or_default() {
        plugin.each(&mut |plugin| {
            if let Some(call) = plugin.as_call() {
                call.arguments.iter().for_each(|argument| switches(argument, 3, &mut found));
            }
            plugin.clone()
        });
    }
    for (key, value) in found {
        let resource = reading.resource(oauth::KIND, format!("plugin ({key})"), reading.place_of(&value)).set_at(
            oauth::dynamic_registration,
            value,
            key,
        );
        reading.add(resource);
    }
}

fn switches(options: &Value, depth: usize, found: &mut Vec<(Arc<str>, Value)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (key, value) in options.fields() {
        let name = key.to_ascii_lowercase();
        let is_switch = name.contains("dynamic") && name.contains("registration");
        match &value.kind {
            _ if is_switch => {
                let value = value.read(&|value| match value.kind {
                    Kind::Bool(on) => Kind::Bool(on),
                    Kind::Object { .. } => Kind::Bool(true),
                    _ => Kind::Unknown(Because::Undecided.into()),
                });
                found.push((key.clone(), value));
            }
            Kind::Object { .. } => switches(value, depth, found),
            _ => {}
        }
    }
}

//! The addresses under which the app and its pages are known to their users, in the configuration and the environment.

use crate::environment::Role;
use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::settings::endpoint;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words in a variable's name by which an address is one for users, not one of a service behind the app.
const PUBLIC: &[&str] = &[
    "PUBLIC",
    "APP",
    "SITE",
    "BASE",
    "API",
    "WEB",
    "WEBSITE",
    "FRONTEND",
    "CLIENT",
    "SERVER",
    "EXTERNAL",
    "CANONICAL",
    "LUCENT",
];

/// Blocks of the configuration whose addresses are those of other services.
const SERVICES: &[&str] = &["s3", "googleDrive", "redis", "queue", "queues", "jobs", "database", "db", "smtp", "email"];

/// One endpoint for each public address over plain http; of the others nothing is to be said.
pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    let mut found: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    in_configuration(root, "", 4, &mut found);
    let variables = reading.environment.variables().filter(|variable| {
        matches!(variable.role, Role::Loaded | Role::Intent | Role::Target) && is_public(&variable.name)
    });
    for variable in variables {
        found.insert(variable.name.clone(), variable.value.clone());
    }
    for (name, url) in found {
        let plain = url.as_text().is_some_and(|text| text.test(is_plain));
        if !plain || seen(reading, &url) {
            continue;
        }
        let place = reading.place_of(&url);
        let resource = reading
            .resource(endpoint::KIND, name.clone(), place)
            .set(endpoint::role, reading.word("public_url", place))
            .set_at(endpoint::url, url, name);
        reading.add(resource);
    }
}

/// Whether an address at this place is told already: a key that is read from a variable is one with it.
fn seen(reading: &Reading<'_>, url: &Value) -> bool {
    let place = |value: &Value| value.trail.primary().map(|(file, span)| Place::File(file, span));
    reading.model.resources.iter().any(|resource| {
        resource.kind.name == endpoint::KIND.name
            && resource.value(endpoint::url).is_some_and(|known| place(known).is_some() && place(known) == place(url))
    })
}

fn in_configuration(value: &Value, path: &str, depth: usize, found: &mut BTreeMap<Arc<str>, Value>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (key, field) in value.fields() {
        let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        match &field.kind {
            Kind::Object { .. } if !SERVICES.contains(&&**key) => in_configuration(field, &path, depth, found),
            Kind::Text(_) if key.to_ascii_lowercase().ends_with("url") => {
                found.insert(path.into(), field.clone());
            }
            _ => {}
        }
    }
}

/// Plain http, and no address of this machine.
fn is_plain(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    lower
        .strip_prefix("http://")
        .is_some_and(|rest| !["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|host| rest.starts_with(host)))
}

/// `PUBLIC_URL`, `APP_ORIGIN`, `URL`; not `REDIS_URL`, `INTERNAL_API_URL`.
fn is_public(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    let Some((last, before)) = words.split_last() else { return false };
    let before: Vec<&&str> = before.iter().filter(|word| !matches!(**word, "NEXT" | "VITE")).collect();
    matches!(*last, "URL" | "ORIGIN") && before.iter().all(|word| PUBLIC.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn a_public_address_is_told_by_its_name() {
        for name in ["PUBLIC_URL", "APP_URL", "BASE_URL", "PUBLIC_API_URL", "URL", "WEB_ORIGIN"] {
            assert!(is_public(name), "{name}");
        }
        for name in ["REDIS_URL", "DATABASE_URL", "INTERNAL_API_URL", "S3_ENDPOINT", "WEBHOOK_URL", "CURL"] {
            assert!(!is_public(name), "{name}");
        }
    }
}

//! The addresses under which an app is known to its users, as variables name them: one over plain http is worth a word.

use crate::environment::Role;
use crate::eval::{Place, Value};
use crate::machines::leads_here;
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

/// The variables that name a public address, with what the app or its host is told.
pub(crate) fn of_variables(reading: &Reading<'_>) -> BTreeMap<Arc<str>, Value> {
    let variables = reading.environment.variables().filter(|variable| {
        matches!(variable.role, Role::Loaded | Role::Intent | Role::Target) && is_public(&variable.name)
    });
    variables.map(|variable| (variable.name.clone(), variable.value.clone())).collect()
}

/// One endpoint for each of these addresses over plain http; of the others nothing is to be said.
pub(crate) fn add(reading: &mut Reading<'_>, addresses: BTreeMap<Arc<str>, Value>) {
    for (name, url) in addresses {
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

/// Plain http, and no address of this machine.
fn is_plain(url: &str) -> bool {
    url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) && !leads_here(url)
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
    use super::{is_plain, is_public};

    #[test]
    fn plain_http_to_the_own_machine_is_fine() {
        assert!(is_plain("http://shop.example.com") && is_plain("HTTP://10.0.0.4"));
        assert!(!is_plain("http://localhost:3000") && !is_plain("https://shop.example.com"));
    }

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

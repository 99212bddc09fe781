//! Where data lies: passwords of databases, and caches on the disk.

use crate::eval::{Kind, Value};
use crate::machines::is_own;
use crate::reading::bench::{Reading, SecretFacts};
use crate::settings::{cache, database, secret};
use crate::text::Text;
use std::sync::Arc;

/// The folders that are served.
const PUBLIC: &[&str] = &["MEDIA_ROOT", "STATIC_ROOT"];

/// The database that every project has.
const DEFAULT: &str = "default";

pub(super) fn read(reading: &mut Reading<'_>, config: &Value) {
    databases(reading, &config.field("DATABASES"));
    caches(reading, config);
}

fn databases(reading: &mut Reading<'_>, databases: &Value) {
    let mut aliases = aliases(databases);
    // Of what nobody knows this much is: without it nothing runs.
    if is_open(databases) && !aliases.iter().any(|alias| &**alias == DEFAULT) {
        aliases.push(DEFAULT.into());
    }
    for alias in aliases {
        let one = databases.field(&alias);
        let password = one.field("PASSWORD");
        let is_empty = password.as_text().is_some_and(|text| text.is_empty());
        let host = one.field("HOST");
        if !password.is_absent() && !is_empty && !is_one_local_address(&password, &host) {
            let name = format!("DATABASES.{alias}.PASSWORD");
            let mut resource = reading.secret_resource(&name, &password, SecretFacts::of("datastore"));
            if is_on_this_machine(&host) {
                let stated = reading.stated(Kind::Bool(false), resource.place);
                resource = resource.set(secret::service_published, stated);
            }
            reading.add(resource);
        }
        let kind = one.field("ENGINE").read(&|engine| match &engine.kind {
            Kind::Text(text) => {
                Kind::Text(Text::new(if text.test(|text| text.ends_with("sqlite3")) { "local_file" } else { "server" }))
            }
            _ => Kind::Unknown(crate::eval::Because::Undecided.into()),
        });
        if !kind.is_absent() {
            let place = reading.place_of(&kind);
            let resource = reading.resource(database::KIND, format!("DATABASES.{alias}"), place);
            reading.add(resource.set_at(database::kind, kind, "ENGINE"));
        }
    }
}

/// Whether a dictionary may have more keys than it shows, in any of its forms.
fn is_open(all: &Value) -> bool {
    match &all.kind {
        Kind::Absent | Kind::Null => false,
        Kind::Object { open, .. } => open.is_some(),
        Kind::Choice(_, arms) => arms.iter().any(is_open),
        _ => true,
    }
}

fn is_local(host: &Text) -> bool {
    host.test(|host| host.is_empty() || is_own(host) || host.starts_with('/'))
}

/// Whether a server is this very machine where nothing else is said: who names another one names its password, too.
fn is_on_this_machine(host: &Value) -> bool {
    match &host.kind {
        Kind::Absent => true,
        Kind::Text(text) => is_local(text),
        Kind::Choice(_, arms) => arms.iter().any(is_on_this_machine),
        _ => false,
    }
}

/// Whether host and password are parts of one fallback, the address of a server on this very machine: production that is not
/// told its address finds none, and the password opens nothing.
fn is_one_local_address(password: &Value, host: &Value) -> bool {
    let (Kind::Choice(asked, passwords), Kind::Choice(of_host, hosts)) = (&password.kind, &host.kind) else {
        return false;
    };
    let pairs = || passwords.iter().zip(hosts.iter()).filter(|(password, _)| password.as_text().is_some());
    asked == of_host && pairs().count() > 0 && pairs().all(|(_, host)| host.as_text().is_some_and(is_local))
}

/// The keys of a dictionary, in any of its forms.
fn aliases(all: &Value) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    let _ = all.each(&mut |one| {
        for (name, _) in one.fields() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        one.clone()
    });
    names
}

/// Caches in files: whether their folder is one that is served, lies in one, or holds one.
fn caches(reading: &mut Reading<'_>, config: &Value) {
    let caches = config.field("CACHES");
    for alias in aliases(&caches) {
        let one = caches.field(&alias);
        let is_files =
            one.field("BACKEND").as_text().is_some_and(|text| text.test(|text| text.ends_with("FileBasedCache")));
        let location = one.field("LOCATION");
        if !is_files || location.is_absent() {
            continue;
        }
        let mut folders: Vec<Value> = PUBLIC.iter().map(|key| config.field(key)).collect();
        folders.extend(config.field("STATICFILES_DIRS").as_list().unwrap_or_default().iter().cloned());
        folders.retain(|folder| !folder.is_absent());
        let served = location.each(&mut |location| {
            let kind = match location.as_text() {
                Some(own)
                    if folders.iter().any(|folder| folder.as_text().is_some_and(|folder| overlap(own, folder))) =>
                {
                    Kind::Bool(true)
                }
                Some(_) if folders.iter().all(|folder| folder.as_text().is_some()) => Kind::Bool(false),
                _ => Kind::Unknown(crate::eval::Because::Undecided.into()),
            };
            Value::new(kind, &location.trail)
        });
        let place = reading.place_of(&location);
        let resource = reading.resource(cache::KIND, format!("CACHES.{alias}"), place);
        reading.add(resource.set_at(cache::path_served, served, "LOCATION"));
    }
}

/// Whether one of two folders lies in the other.
fn overlap(one: &Text, other: &Text) -> bool {
    let inside = |inner: &str, outer: &str| {
        let outer = outer.trim_end_matches('/');
        !outer.is_empty() && inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    one.test(|one| other.test(|other| inside(one, other) || inside(other, one)))
}

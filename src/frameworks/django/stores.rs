//! Where data lies: passwords of databases, and caches on the disk.

use crate::eval::{Kind, Value};
use crate::reading::bench::{Reading, SecretFacts};
use crate::settings::{cache, database};
use crate::text::Text;
use std::sync::Arc;

/// The folders that are served.
const PUBLIC: &[&str] = &["MEDIA_ROOT", "STATIC_ROOT"];

pub(super) fn read(reading: &mut Reading<'_>, config: &Value) {
    databases(reading, &config.field("DATABASES"));
    caches(reading, config);
}

fn databases(reading: &mut Reading<'_>, databases: &Value) {
    for alias in aliases(databases) {
        let one = databases.field(&alias);
        let password = one.field("PASSWORD");
        let is_empty = password.as_text().is_some_and(|text| text.is_empty());
        if !password.is_absent() && !is_empty {
            reading.secret(&format!("DATABASES.{alias}.PASSWORD"), &password, SecretFacts::of("datastore"));
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

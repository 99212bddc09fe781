//! FrontMCP's keys as tables read them, under names that tell several servers apart.

use super::tables;
use super::words::named;
use crate::eval::Value;
use crate::reading::bench::Reading;
use crate::reading::table::{Effect, Row, ineffective};
use crate::settings::{Resource, ResourceKind};

/// Reads a table into a resource named after its server, and reports the keys that the installed version does not read.
pub(super) fn table(
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
pub(super) fn dead(reading: &mut Reading<'_>, rows: &'static [Row], root: &Value, label: &str) {
    for key in ineffective(rows, root, &reading.facts) {
        reading.written_key(&named(key.written, label), &key.value, key.effect, key.instead);
    }
}

/// Whether any place of a table's rows is written.
pub(super) fn is_written(rows: &[Row], root: &Value) -> bool {
    rows.iter().flat_map(|row| row.places).any(|spot| root.written_at(spot.path).is_some())
}

/// Keys without effect that belong to no setting.
pub(super) fn dead_keys(reading: &mut Reading<'_>, options: &Value, label: &str) {
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

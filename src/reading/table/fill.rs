//! The rows of a table, read into a resource.

use super::asking::Looked;
use super::facts::Facts;
use super::row::{Preset, Reader, Row};
use crate::eval::Value;
use crate::settings::{Home, Resource};

/// Reads every row of a table from a root object into a resource.
pub(crate) fn fill(resource: Resource, table: &'static [Row], root: &Value, facts: &Facts) -> Resource {
    fill_from(resource, table, &Looked::of(root), facts)
}

/// Reads every row of a table into a resource.
pub(crate) fn fill_from(mut resource: Resource, table: &'static [Row], looked: &Looked<'_>, facts: &Facts) -> Resource {
    for row in table {
        resource = match row.default.settled(facts) {
            Preset::NotHere => resource.not_here(row.setting),
            // What nobody can write is no key of anybody's.
            Preset::Fixed(_) if row.places.is_empty() => resource.set(row.setting, row.read_from(looked, facts)),
            preset => {
                let value = row.read_from(looked, facts);
                // What has no name that a user would look for is told under no name.
                let resource = match row.has_name(looked, facts) {
                    true => resource.set_at(row.setting, value, row.key_in(looked, facts)),
                    false => resource.set(row.setting, value),
                };
                match row.home(looked, facts) {
                    Some(spot) if let Reader::ContainsBefore(item, before) = row.reader => {
                        let list = looked.options.path(spot);
                        resource.with_home(row.setting, Home::Item { list, item, before })
                    }
                    Some(spot) if !matches!(preset, Preset::Fixed(_)) => {
                        let reader = row.reader;
                        resource.read_at(row.setting, looked.options, spot, move |value| reader.apply(value))
                    }
                    _ => resource,
                }
            }
        };
    }
    resource
}

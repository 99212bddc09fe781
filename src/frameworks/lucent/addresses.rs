//! The addresses under which the app and its pages are known to their users, in the configuration and the environment.

use crate::eval::{Kind, Value};
use crate::reading::addresses;
use crate::reading::bench::Reading;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Blocks of the configuration whose addresses are those of other services.
const SERVICES: &[&str] = &["s3", "googleDrive", "redis", "queue", "queues", "jobs", "database", "db", "smtp", "email"];

/// One endpoint for each public address over plain http; of the others nothing is to be said.
pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    let mut found: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    in_configuration(root, "", 4, &mut found);
    found.extend(addresses::of_variables(reading));
    addresses::add(reading, found);
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

//! Configuration that is imported from where nothing can be read: named once, whatever hangs on it.

use crate::eval::{Because, Kind, Value};
use crate::reading::bench::Reading;
use crate::settings::{State, config_source};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One source for each missing file on which a setting hangs, and of which the framework's adapter has not spoken.
pub(crate) fn read(reading: &mut Reading<'_>) {
    let mut missing: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut told: Vec<Arc<str>> = Vec::new();
    for resource in &reading.model.resources {
        for setting in resource.kind.settings {
            let Some(State::Value(value)) = resource.state(setting) else { continue };
            let Some((path, piece)) = missing_in(value, 6) else { continue };
            if resource.kind.name == config_source::KIND.name {
                told.push(path);
            } else {
                missing.entry(path).or_insert(piece);
            }
        }
    }
    for (path, piece) in missing {
        if !told.contains(&path) {
            source(reading, &path, &piece);
        }
    }
}

/// Names what is missing of a piece of configuration that no setting shows by itself.
pub(crate) fn told(reading: &mut Reading<'_>, configuration: &Value) {
    if let Some((path, piece)) = missing_in(configuration, 6) {
        source(reading, &path, &piece);
    }
}

fn source(reading: &mut Reading<'_>, path: &Arc<str>, piece: &Value) {
    let Some((file, _)) = reading.place_of(piece).in_file() else { return };
    if reading.documents.project.file(file).kind.is_script() {
        reading.source(path, piece, true);
    }
}

/// The first part of a value that is not known since a file is missing, and that file.
fn missing_in(value: &Value, depth: usize) -> Option<(Arc<str>, Value)> {
    let depth = depth.checked_sub(1)?;
    match &value.kind {
        Kind::Unknown(unknown) => match &unknown.because {
            Because::MissingFile(path) => Some((path.clone(), value.clone())),
            _ => None,
        },
        Kind::Choice(_, items) | Kind::List { items, open: None } => {
            items.iter().find_map(|item| missing_in(item, depth))
        }
        Kind::List { items, open: Some(open) } => match &open.because {
            Because::MissingFile(path) => Some((path.clone(), Value::new(Kind::Unknown(open.clone()), &value.trail))),
            _ => items.iter().find_map(|item| missing_in(item, depth)),
        },
        _ => None,
    }
}

//! Lists of variables as several platforms have them: a name and a value an item.

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::eval::Place;
use crate::syntax::FileId;
use crate::syntax::data::{Node, scalar};
use std::sync::Arc;

/// The variables of a list, and the names of those whose value a store holds.
pub(crate) struct Listed {
    pub(crate) layer: Layer,
    pub(crate) stored: Vec<Arc<str>>,
}

/// Reads a list whose items have their names under `name` and literal values under `value`. What has none, or one that
/// only refers to something, is there and cannot be seen.
pub(crate) fn listed(file: FileId, list: Option<&Node>, name: &str, value: &str, refers: fn(&str) -> bool) -> Listed {
    let mut found = Listed { layer: Layer::new(Role::Target, Weight::Certain), stored: Vec::new() };
    for item in list.map_or(&[][..], Node::items) {
        let Some((variable, key)) = item.get(name).and_then(|key| Some((key.text()?.as_name(), key))) else { continue };
        let written = item.get(value);
        let place = Place::File(file, written.unwrap_or(key).span);
        let text = written.and_then(|node| scalar(&node.kind)).filter(|text| !text.test(refers));
        let value = match text {
            Some(text) => set(&text, &variable, place),
            None => {
                found.stored.push(variable.clone());
                present(&variable, place, 0)
            }
        };
        found.layer.add(variable, file, key.span, value);
    }
    found
}

/// A text that only refers to nothing.
pub(crate) fn never(_: &str) -> bool {
    false
}

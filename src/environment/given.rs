//! Variables that no file of the project sets: what the user says the host provides, and the process's own.

use crate::environment::layer::{Entry, Layer, Role, Weight, Written};
use crate::eval::{How, Kind, Place, Step, Value};
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the user says the host sets: there, and no more is known.
pub(crate) fn provided(names: &[String]) -> Option<Layer> {
    if names.is_empty() {
        return None;
    }
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    layer.entries = names.iter().map(|name| outside(name, |variable| present(variable, Place::Process, 0))).collect();
    Some(layer)
}

pub(crate) fn process(variables: &BTreeMap<String, Text>) -> Layer {
    let mut layer = Layer::new(Role::Loaded, Weight::Certain);
    let entry = |(name, value): (&String, &Text)| {
        outside(name, |variable| {
            let trail = Step::start(Place::Process, How::Sets { variable: variable.clone() });
            Value::new(Kind::Text(value.clone()), &trail)
        })
    };
    layer.entries = variables.iter().map(entry).collect();
    layer
}

/// A variable that no file of the project sets.
pub(crate) fn outside(name: &str, value: impl FnOnce(&Arc<str>) -> Value) -> Entry {
    let name: Arc<str> = name.into();
    let written = Written::Value(value(&name));
    Entry { name, name_place: Place::Process, written }
}

/// A variable that is certainly there, with a value that cannot be seen and has at least so many characters.
pub(crate) fn present(variable: &Arc<str>, place: Place, at_least_chars: usize) -> Value {
    let unknown = crate::eval::Unknown {
        present: true,
        unset_with: None,
        at_least_chars,
        ..crate::eval::Because::Variable(variable.clone()).into()
    };
    Value::new(Kind::Unknown(unknown), &Step::start(place, How::Sets { variable: variable.clone() }))
}

//! Variables that a platform sets by itself in all that it runs.

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::eval::Place;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// The layer of these: what each holds, where that can be said.
pub(super) fn variables(platform: &'static str, file: FileId, all: &[(&str, Option<String>)]) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for (name, value) in all {
        let name: Arc<str> = (*name).into();
        let place = Place::Framework(platform);
        let value = match value {
            Some(text) => set(&Text::new(text.as_str()), &name, place),
            None => present(&name, place, 1),
        };
        layer.add(name, file, Span::default(), value);
    }
    layer
}

//! Hands on what the adapter finds to the facts of the library, which know what each key means there.

use crate::eval::{Place, Use, Value};
use crate::reading::bench::Reading;

/// Hands on arguments under a name that the facts know, as of a call at a place.
pub(super) fn hand_on(reading: &mut Reading<'_>, name: &str, place: Place, arguments: Vec<Value>) {
    let file = place.in_file().map(|(file, _)| file).or(reading.found.entry);
    if let Some(file) = file.filter(|_| !arguments.is_empty()) {
        reading.handed.push(Use::handed(super::shapes::PACKAGE, name, arguments, (file, place)));
    }
}

//! Hands on what the adapter finds to the facts of the library, which know what each key means there.

use crate::eval::{Given, Kind, Place, Use, Value, Way};
use crate::reading::bench::Reading;

/// Hands on arguments under a name that the facts know, as of a call at a place.
pub(super) fn hand_on(reading: &mut Reading<'_>, name: &str, place: Place, arguments: Vec<Value>) {
    let (Some(file), Some(first)) = (place.in_file().map(|(file, _)| file).or(reading.found.entry), arguments.first())
    else {
        return;
    };
    let call = first.clone();
    reading.handed.push(Use {
        module: super::shapes::PACKAGE.into(),
        export: name.into(),
        way: Way::Called,
        call,
        given: Given { arguments, ..Given::default() },
        decorates: None,
        file,
        place,
        present: reading.stated(Kind::Bool(true), place),
        entered: false,
        as_loaded: true,
    });
}

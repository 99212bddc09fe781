//! What is counted and remembered while the libraries of an app are read.

use super::library::{Gives, Library, Options};
use crate::eval::{Kind, Place, Value};
use hashbrown::HashMap;

/// What is counted and remembered while an app is read.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) names: HashMap<(&'static str, String), usize>,
    pub(super) hosts: Vec<&'static Library>,
    pub(super) marks: Vec<&'static str>,
    /// Uses that hold for the routes alone that are added after they were awaited.
    pub(super) awaited: Vec<Place>,
    /// Whether the app calls methods of these names.
    pub(super) calls: HashMap<Vec<&'static str>, bool>,
}

/// The mark that the app has by a use with these options: none where they are `false`, or are one that is not written.
pub(super) fn mark(gives: &Gives, options: &Value) -> Option<&'static str> {
    let is_one = matches!(gives.options, Options::Argument(_, path) | Options::Last(path) if !path.is_empty());
    let is_off =
        matches!(options.kind, Kind::Bool(false)) || is_one && matches!(options.kind, Kind::Absent | Kind::Null);
    gives.mark.filter(|_| !is_off)
}

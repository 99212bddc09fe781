//! What each framework and platform is known to do: files and values in, settings out.
//!
//! One file or folder for each framework: how it is recognised, a table of its keys and defaults, and the few shapes
//! that no table can say. None of them judges.

mod bknd;
mod found;
mod reading;
mod table;
mod version;

pub use found::{Found, Framework};
pub use reading::Reading;
pub use table::{Effect, Facts, Ineffective, Plain, Preset, Reader, Row, Spot};
pub use version::Versions;

use crate::documents::Documents;

/// Every framework, in the order in which they are tried.
pub static FRAMEWORKS: &[&Framework] = &[&bknd::BKND];

/// The apps of a project: each manifest or entry point in which a framework is recognised.
pub fn recognise(documents: &Documents<'_>) -> Vec<Found> {
    let mut apps: Vec<Found> =
        FRAMEWORKS.iter().flat_map(|framework| (framework.recognise)(framework, documents)).collect();
    apps.sort_by(|a, b| (&a.root, a.framework.name, &a.entry).cmp(&(&b.root, b.framework.name, &b.entry)));
    apps.retain(|app| {
        documents.project.selected(&app.root) || documents.project.selected(&app.path_of_entry(documents))
    });
    apps
}

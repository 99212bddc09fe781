//! The apps of a project.

use crate::documents::Documents;
use crate::frameworks::FRAMEWORKS;
use crate::reading::found::{Found, Framework};
use rayon::prelude::*;

/// The apps of a project: each manifest or entry point in which a framework is recognised.
pub fn recognise(documents: &Documents<'_>) -> Vec<Found> {
    // Side by side, and so on threads with a stack that most files can be parsed on.
    let found = |framework: &&'static Framework| (framework.recognise)(framework, documents);
    let mut apps: Vec<Found> = FRAMEWORKS.par_iter().flat_map_iter(found).collect();
    apps.sort_by(|a, b| (&a.root, a.framework_name(), &a.entry).cmp(&(&b.root, b.framework_name(), &b.entry)));
    apps.retain(|app| {
        documents.project.selected(&app.root) || documents.project.selected(&app.path_of_entry(documents))
    });
    apps
}

//! The apps of a project.

use crate::documents::Documents;
use crate::facts;
use crate::frameworks::FRAMEWORKS;
use crate::reading::found::{Found, Framework};
use rayon::prelude::*;

/// The apps of a project: each manifest or entry point in which a framework is recognised, and where there is none each
/// package whose code makes an app of a host.
pub fn recognise(documents: &Documents<'_>, libraries: &facts::Catalogue) -> Vec<Found> {
    // Side by side, and so on threads with a stack that most files can be parsed on.
    let found = |framework: &&'static Framework| (framework.recognise)(framework, documents);
    let mut apps: Vec<Found> = FRAMEWORKS.par_iter().flat_map_iter(found).collect();
    leave_to_the_inner(&mut apps);
    // On a thread of the pool, whose stack most files can be parsed on.
    let hosts = rayon::scope(|_| facts::recognise(documents, libraries, &apps));
    apps.extend(hosts);
    apps.sort_by(|a, b| (&a.root, a.framework_name(), &a.entry).cmp(&(&b.root, b.framework_name(), &b.entry)));
    apps.retain(|app| {
        documents.project.selected(&app.root) || documents.project.selected(&app.path_of_entry(documents))
    });
    apps
}

/// Some frameworks run inside of another one: what both find in one package is an app of the inner one.
fn leave_to_the_inner(apps: &mut Vec<Found>) {
    let inner: Vec<_> = apps.iter().filter(|app| !is_outer(app)).filter_map(|app| app.package).collect();
    apps.retain(|app| !is_outer(app) || !app.package.is_some_and(|package| inner.contains(&package)));
}

fn is_outer(app: &Found) -> bool {
    app.framework_name() == "next"
}

//! Where a Django app is: the folder of a `manage.py`, else the package or folder whose server entry asks Django for an app.

use crate::documents::Documents;
use crate::libraries::django::entries;
use crate::project::aside::is_never_deployed;
use crate::project::{Ecosystem, PackageId, folder_of, lies_in};
use crate::reading::found::{Found, Framework};
use crate::syntax::FileId;
use std::sync::Arc;

/// Files by which an app is found.
const FILES: &[&str] = &["manage.py", "wsgi.py", "asgi.py"];

/// What such a file says of Django.
const SIGNS: &[&str] = &["DJANGO_SETTINGS_MODULE", "django.core.wsgi", "django.core.asgi", "django.core.management"];

/// Folders in which requirements lie that speak for the folder above.
const REQUIREMENTS: &[&str] = &["requirements", "reqs", "deps"];

/// Each app of a project.
pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let is_sign = |file: &FileId| {
        let own = project.file(*file);
        FILES.contains(&own.name())
            && !is_never_deployed(project.path_below_selection(*file))
            && project.mentions(*file, SIGNS)
    };
    let signs: Vec<FileId> = project.ids().filter(is_sign).collect();
    let mut roots: Vec<(Arc<str>, Option<PackageId>)> = Vec::new();
    let managed = signs.iter().copied().filter(|file| project.file(*file).name() == "manage.py");
    for file in managed.chain(signs.iter().copied()) {
        let folder = project.file(file).folder();
        if roots.iter().any(|(root, _)| lies_in(folder, root)) {
            continue;
        }
        let package = project.package_above(folder, Some(Ecosystem::Python));
        let is_managed = project.file(file).name() == "manage.py";
        let root = match package {
            Some(package) if !is_managed => project.package(package).dir.clone(),
            _ if is_managed => folder.into(),
            _ => folder_of(folder).into(),
        };
        if !roots.iter().any(|(known, _)| *known == root) {
            roots.push((root, package));
        }
    }
    roots.into_iter().map(|(root, package)| found(framework, documents, root, package)).collect()
}

fn found(
    framework: &'static Framework,
    documents: &Documents<'_>,
    root: Arc<str>,
    package: Option<PackageId>,
) -> Found {
    let project = documents.project;
    let package = package.or_else(|| beside(documents, &root));
    let entry = entries(project, &root, None).first().copied();
    let version = package.and_then(|package| project.resolved_version(package, "django").version().cloned());
    Found { id: root.clone(), framework: Some(framework), root, package, entry, version }
}

/// `requirements/production.txt` speaks for the folder above.
fn beside(documents: &Documents<'_>, root: &str) -> Option<PackageId> {
    let project = documents.project;
    let speaks = |id: &PackageId| {
        let dir = &project.package(*id).dir;
        let name = dir.rsplit('/').next().unwrap_or(dir);
        REQUIREMENTS.contains(&name) && folder_of(dir) == root
    };
    project.package_ids().find(speaks)
}

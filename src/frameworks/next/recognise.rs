//! Where an app of Next.js is: a package that needs it and has its configuration or its folders of pages.

use crate::documents::Documents;
use crate::libraries::next;
use crate::project::aside::is_never_deployed;
use crate::project::{Ecosystem, PackageId, Project, inside};
use crate::reading::found::{Found, Framework};
use crate::syntax::FileId;

/// The folders of pages and routes, in the package's own folder or in `src`.
const PAGES: &[&str] = &["app/", "pages/"];

pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let is_app = |id: &PackageId| {
        let package = project.package(*id);
        package.ecosystem == Ecosystem::Npm
            && package.dependencies.contains_key("next")
            && package.name.as_deref() != Some("next")
            && !is_never_deployed(project.path_below_selection(package.file))
    };
    let found = |id: PackageId| {
        let config = config(project, id);
        let has_pages = || project.within(&project.package(id).dir).any(|file| is_route(project, id, file));
        (config.is_some() || has_pages()).then(|| Found::in_package(framework, documents, id, config))
    };
    project.package_ids().filter(is_app).filter_map(found).collect()
}

fn config(project: &Project, package: PackageId) -> Option<FileId> {
    let folder = &*project.package(package).dir;
    next::CONFIGS.iter().find_map(|name| project.find(&inside(folder, name)))
}

/// Whether a file is a script in one of the folders of pages and routes.
fn is_route(project: &Project, package: PackageId, file: FileId) -> bool {
    below(project, package, file).is_some()
}

/// Whether a file is a page, and not only a route that answers programs.
pub(super) fn is_page(project: &Project, package: PackageId, file: FileId) -> bool {
    let Some(path) = below(project, package, file) else { return false };
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    match path.strip_prefix("pages/") {
        Some(page) => !page.starts_with("api/"),
        None => matches!(stem, "page" | "layout"),
    }
}

/// The path of a script from the folder that holds `app` and `pages`, where it lies in one of them.
fn below(project: &Project, package: PackageId, file: FileId) -> Option<&str> {
    let own = project.file(file);
    let folder = &*project.package(package).dir;
    let path = own.path.strip_prefix(folder)?.trim_start_matches('/');
    let path = path.strip_prefix("src/").unwrap_or(path);
    (own.kind.is_script() && PAGES.iter().any(|pages| path.starts_with(pages))).then_some(path)
}

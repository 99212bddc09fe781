//! Where an app of Next.js is: a package that needs it and has its configuration or its folders of pages.

use crate::documents::Documents;
use crate::libraries::next;
use crate::project::aside::is_never_deployed;
use crate::project::{Ecosystem, PackageId, Project, inside};
use crate::reading::found::{Found, Framework};
use crate::syntax::FileId;

/// The folders of pages and routes, from the package's own.
const PAGES: &[&str] = &["app/", "pages/", "src/app/", "src/pages/"];

pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let is_app = |id: &PackageId| {
        let package = project.package(*id);
        package.ecosystem == Ecosystem::Npm
            && package.dependencies.contains_key("next")
            && package.name.as_deref() != Some("next")
            && !is_never_deployed(&project.file(package.file).path)
    };
    let found = |id: PackageId| Some(Found::in_package(framework, documents, id, Some(entry(project, id)?)));
    project.package_ids().filter(is_app).filter_map(found).collect()
}

/// The configuration, else the first page.
fn entry(project: &Project, package: PackageId) -> Option<FileId> {
    let folder = &*project.package(package).dir;
    let config = next::CONFIGS.iter().find_map(|name| project.find(&inside(folder, name)));
    let folders: Vec<String> = PAGES.iter().map(|pages| inside(folder, pages)).collect();
    let is_page = |file: &FileId| {
        let own = project.file(*file);
        own.kind.is_script() && folders.iter().any(|pages| own.path.starts_with(pages.as_str()))
    };
    config.or_else(|| project.within(folder).find(is_page))
}

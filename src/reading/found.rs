//! Apps as they are recognised, before anything of them is evaluated.

use crate::documents::Documents;
use crate::eval::{Because, Place, Source as _};
use crate::project::{Ecosystem, FileKind, Manifest, PackageId, Project, Version};
use crate::reading::bench::Reading;
use crate::reading::table::{Facts, Row};
use crate::reading::version::Versions;
use crate::settings::{Member, ResourceKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::fmt;
use std::sync::Arc;

/// One framework: how it is recognised and read.
pub struct Framework {
    /// Its name in reports and on the command line.
    pub name: &'static str,
    /// Its name as its authors write it.
    pub title: &'static str,
    /// The packages that carry its version, the telling one first.
    pub packages: &'static [&'static str],
    /// The versions that its tables describe; facts tied to versions are unknown beyond.
    pub known: Versions,
    /// Finds its apps.
    pub recognise: fn(&'static Framework, &Documents<'_>) -> Vec<Found>,
    /// Reads one app into settings.
    pub read: fn(&mut Reading<'_>),
    /// Keys of its calls' options under which lists stand that the reading never asks for.
    pub unasked: &'static [&'static str],
    /// Libraries whose uses it reads by itself, by the paths of their facts.
    pub speaks_for: &'static [&'static str],
    /// Whether its app is handed to a host of another making, which does no more than carry it: the headers of their answers
    /// are asked of what stands in front.
    pub carried: bool,
    /// Its tables, for `explain` and the generated references.
    pub tables: &'static [(&'static ResourceKind, &'static [Row])],
}

impl fmt::Debug for Framework {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// One app in which a framework was recognised.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id in reports; given when all apps are known.
    pub id: Arc<str>,
    /// The framework; none where it is a deployment or the repository that is read.
    pub framework: Option<&'static Framework>,
    /// The app's folder, relative to the root; empty for the root itself.
    pub root: Arc<str>,
    /// Its manifest.
    pub package: Option<PackageId>,
    /// The file its configuration begins in.
    pub entry: Option<FileId>,
    /// The framework's version as resolved.
    pub version: Option<Version>,
}

impl Found {
    /// What stands for a folder in which no app is read: for its deployments, or for all of the repository.
    pub fn of_folder(documents: &Documents<'_>, id: &str, root: &str, entry: Option<FileId>) -> Found {
        let project = documents.project;
        let package = project.package_above(root, None).filter(|id| &*project.package(*id).dir == root);
        Found { id: id.into(), framework: None, root: root.into(), package, entry, version: None }
    }

    /// The name of its framework; empty where it has none.
    pub fn framework_name(&self) -> &'static str {
        self.framework.map_or("", |framework| framework.name)
    }

    /// Its framework as the first part of what it is made of.
    pub fn member(&self) -> Option<Member> {
        let version = self.version.as_ref().map(|version| version.to_string().into());
        self.framework.map(|framework| Member { is_host: true, name: framework.name.into(), version })
    }

    /// An app in the folder of a package, with the framework's version resolved through its lockfile.
    pub fn in_package(
        framework: &'static Framework,
        documents: &Documents<'_>,
        package: PackageId,
        entry: Option<FileId>,
    ) -> Found {
        let project = documents.project;
        let version =
            framework.packages.iter().find_map(|name| project.resolved_version(package, name).version().cloned());
        let root = project.package(package).dir.clone();
        Found { id: root.clone(), framework: Some(framework), root, package: Some(package), entry, version }
    }

    /// The smallest thing that stands for the app: its entry, else its manifest.
    pub fn place(&self, documents: &Documents<'_>) -> Place {
        if let Some(entry) = self.entry {
            return Place::Whole(entry);
        }
        let Some(package) = self.package else { return Place::Process };
        let file = documents.project.package(package).file;
        let names = self.framework.map_or(&[][..], |framework| framework.packages);
        names
            .iter()
            .find_map(|name| dependency(documents, file, name))
            .map_or(Place::Whole(file), |span| Place::File(file, span))
    }

    /// The path of its entry, or of its folder.
    pub fn path_of_entry(&self, documents: &Documents<'_>) -> Arc<str> {
        self.entry.map_or_else(|| self.root.clone(), |file| documents.project.file(file).path.clone())
    }

    /// What its defaults can depend on.
    pub fn facts(&self) -> Facts {
        Facts { version: self.version.clone(), beyond: self.beyond(), ..Facts::default() }
    }

    /// Why no default is a fact of the framework, where it is of a version that is newer than what is known.
    pub fn newer(&self) -> Option<Because> {
        self.beyond().filter(|because| matches!(because, Because::NewerVersion(..)))
    }

    /// The same of a package, where that is the framework's.
    pub fn newer_package(&self, name: &str) -> Option<Because> {
        self.framework.filter(|framework| framework.packages.contains(&name)).and_then(|_| self.newer())
    }

    /// Why the facts of the framework's version are not known, where they are not.
    pub fn beyond(&self) -> Option<Because> {
        let framework = self.framework?;
        let Some(version) = &self.version else { return Some(Because::UnknownVersion) };
        if framework.known.hold(version) {
            return None;
        }
        let package = framework.packages.first().unwrap_or(&framework.name);
        let installed = format!("{package} {}.{}", version.major, version.minor);
        Some(match framework.known.until {
            Some((major, minor)) if (version.major, version.minor) >= (major, minor) => {
                let newest = match minor.checked_sub(1) {
                    Some(minor) => format!("{major}.{minor}"),
                    None => format!("{}.x", major.saturating_sub(1)),
                };
                Because::NewerVersion(Arc::new([installed.into(), newest.into()]))
            }
            _ => Because::UnknownVersion,
        })
    }
}

/// The tables of a manifest that name what a package needs.
const NEEDS: &[&str] = &[
    "dependencies",
    "devDependencies",
    "peerDependencies",
    "optionalDependencies",
    "project.dependencies",
    "tool.poetry.dependencies",
];

/// The place in a manifest that says that a package is needed.
fn dependency(documents: &Documents<'_>, manifest: FileId, name: &str) -> Option<Span> {
    let data = documents.data(manifest)?;
    NEEDS.iter().find_map(|path| {
        let mut node = &*data;
        for key in path.split('.') {
            node = node.get(key)?;
        }
        let entry = node.entries().iter().find(|entry| &*entry.key == name).map(|entry| entry.key_span);
        // `"aksara-framework==0.7.2"`, with any of what may stand behind the name.
        let is_it = |text: &Text| {
            text.test(|text| {
                let rest = text.strip_prefix(name);
                rest.is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                })
            })
        };
        entry.or_else(|| node.items().iter().find(|item| item.text().is_some_and(is_it)).map(|item| item.span))
    })
}

/// The scripts that may use packages of a framework: where no package of the project is one or depends on one, only
/// those that lie in no package can.
pub(crate) fn scripts_using(project: &Project, is_ours: fn(&str) -> bool) -> Vec<FileId> {
    let scripts = project.ids().filter(|id| project.file(*id).kind.is_script());
    let mut packages = project.package_ids().map(|id| project.package(id));
    let is_used = packages.any(|package| {
        package.name.as_deref().is_some_and(is_ours) || package.dependencies.keys().any(|name| is_ours(name))
    });
    // What a manifest that cannot be read asks for is anything.
    let npm = project.packages().iter().filter(|package| package.ecosystem == Ecosystem::Npm).count();
    let all_read = project.of_kind(&FileKind::Manifest(Manifest::PackageJson)).len() <= npm;
    scripts.filter(|id| is_used || !all_read || project.nearest_package(*id).is_none()).collect()
}

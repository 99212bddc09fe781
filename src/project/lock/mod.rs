//! Which version of a dependency a package really gets, out of the nearest lockfile.
//!
//! Lockfiles are searched for the one name that is asked for, never parsed as a whole.

mod bun;
mod npm;
mod pnpm;
mod python;
#[cfg(test)]
mod tests;
mod yarn;

pub(super) use pnpm::workspace_patterns;

use super::Project;
use super::file::{inside, normalized, upward};
use super::kind::Lockfile;
use super::packages::{Ecosystem, Package, PackageId, normalised};
use super::version::{self, Version};

/// The version of a dependency, by how surely it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This very version: a lockfile says so, or the range allows no other.
    Locked(Version),
    /// That of a package of the project itself.
    Workspace(Version),
    /// This one or a later one: the least that the range allows.
    Range(Version),
    /// Nothing says.
    Unknown,
}

impl Resolved {
    /// The version, however surely it is known.
    pub fn version(&self) -> Option<&Version> {
        match self {
            Resolved::Locked(version) | Resolved::Workspace(version) | Resolved::Range(version) => Some(version),
            Resolved::Unknown => None,
        }
    }
}

/// What a lockfile says of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// The version.
    Version(String),
    /// A folder of the project, relative to the lockfile.
    Folder(String),
}

/// What is asked of a lockfile.
struct Question<'q> {
    /// The dependency.
    name: &'q str,
    /// The range that the package asks for; `""` when it does not name the dependency itself.
    range: &'q str,
    /// The package's folder, relative to the lockfile's; `""` is the same.
    dir: &'q str,
    /// The package's own name.
    package: Option<&'q str>,
}

const NPM: &[(&str, Lockfile)] = &[
    ("package-lock.json", Lockfile::Npm),
    ("npm-shrinkwrap.json", Lockfile::Npm),
    ("pnpm-lock.yaml", Lockfile::Pnpm),
    ("yarn.lock", Lockfile::Yarn),
    ("bun.lock", Lockfile::Bun),
];
const PYTHON: &[(&str, Lockfile)] =
    &[("uv.lock", Lockfile::Uv), ("poetry.lock", Lockfile::Poetry), ("Pipfile.lock", Lockfile::Pipfile)];

impl Project {
    /// The version of the dependency `name` that `package` gets.
    pub fn resolved_version(&self, package: PackageId, name: &str) -> Resolved {
        let name = match self.package(package).ecosystem {
            Ecosystem::Npm => name.to_owned(),
            Ecosystem::Python => normalised(name),
        };
        self.versions.of((package, name.clone()), || self.search_version(self.package(package), &name))
    }

    fn search_version(&self, package: &Package, name: &str) -> Resolved {
        let range = package.dependencies.get(name).map_or("", |dependency| &dependency.range);
        if let Some(target) = self.local_package(package, name, range) {
            return in_workspace(self.package(target));
        }
        if let Some(resolved) = self.locked(package, name, range) {
            return resolved;
        }
        let range = self.catalogued(package, name, range).unwrap_or_else(|| range.to_owned());
        if let Some(version) = version::exact(&range, package.ecosystem) {
            return Resolved::Locked(version);
        }
        if let Some(version) = version::least(&range) {
            return Resolved::Range(version);
        }
        let own = self.named_packages(package.ecosystem, name).next().filter(|_| range == "*");
        own.map_or(Resolved::Unknown, |own| in_workspace(self.package(own)))
    }

    /// The package of the project that a range such as `workspace:*` or `file:../lib` names.
    pub(super) fn local_package(&self, importer: &Package, name: &str, range: &str) -> Option<PackageId> {
        if range.starts_with("workspace:") {
            return self.named_packages(importer.ecosystem, name).next();
        }
        let folder = ["file:", "link:", "portal:"].iter().find_map(|protocol| range.strip_prefix(protocol))?;
        self.package_at(&normalized(&inside(&importer.dir, folder))?, importer.ecosystem)
    }

    /// The packages of this name, the likeliest first: the root of a workspace is often named like its main package.
    pub(super) fn named_packages(&self, ecosystem: Ecosystem, name: &str) -> impl Iterator<Item = PackageId> + use<> {
        let is_named = |p: &Package| p.ecosystem == ecosystem && p.name.as_deref() == Some(name);
        let mut named: Vec<PackageId> = self.package_ids().filter(|id| is_named(self.package(*id))).collect();
        named.sort_by_key(|id| (self.package(*id).workspaces.is_some(), self.package(*id).version.is_none()));
        named.into_iter()
    }

    fn locked(&self, package: &Package, name: &str, range: &str) -> Option<Resolved> {
        let kinds = if package.ecosystem == Ecosystem::Npm { NPM } else { PYTHON };
        for folder in upward(&package.dir) {
            let dir = package.dir.strip_prefix(folder).unwrap_or(&package.dir).trim_start_matches('/');
            let question = Question { name, range, dir, package: package.name.as_deref() };
            for (file, kind) in kinds {
                let Some(text) = self.find(&inside(folder, file)).and_then(|id| self.text(id).ok()) else { continue };
                let Some(entry) = ask(*kind, text, &question) else { continue };
                let Some(resolved) = self.understood(folder, package.ecosystem, &entry) else { continue };
                // An example or a fixture below a workspace is often no member of it and installs for itself.
                if speaks_for(*kind, text, &question) || answers(&resolved, range, package.ecosystem) {
                    return Some(resolved);
                }
            }
        }
        None
    }

    fn understood(&self, folder: &str, ecosystem: Ecosystem, entry: &Entry) -> Option<Resolved> {
        match entry {
            Entry::Version(version) => Version::parse(version).map(Resolved::Locked),
            Entry::Folder(dir) => {
                let target = self.package_at(&normalized(&inside(folder, dir))?, ecosystem)?;
                Some(in_workspace(self.package(target)))
            }
        }
    }

    fn package_at(&self, dir: &str, ecosystem: Ecosystem) -> Option<PackageId> {
        let fits = |package: &Package| *package.dir == *dir && package.ecosystem == ecosystem;
        self.package_ids().find(|id| fits(self.package(*id)))
    }

    /// The range that a pnpm catalog gives for `catalog:` and `catalog:name`.
    fn catalogued(&self, package: &Package, name: &str, range: &str) -> Option<String> {
        let catalog = range.strip_prefix("catalog:")?.trim();
        let workspace = upward(&package.dir).find_map(|folder| self.find(&inside(folder, "pnpm-workspace.yaml")))?;
        pnpm::catalogued(self.text(workspace).ok()?, catalog, name)
    }
}

fn in_workspace(package: &Package) -> Resolved {
    package.version.as_deref().and_then(Version::parse).map_or(Resolved::Unknown, Resolved::Workspace)
}

/// Whether a lockfile is the one that a package is installed by.
fn speaks_for(kind: Lockfile, text: &str, question: &Question<'_>) -> bool {
    match kind {
        _ if question.dir.is_empty() => true,
        Lockfile::Npm | Lockfile::Bun => values_of_key(text, question.dir).any(|value| value.starts_with('{')),
        // It was asked for this very importer.
        Lockfile::Pnpm => true,
        Lockfile::Uv => text.contains(&format!(" = \"{}\"", question.dir)),
        _ => false,
    }
}

/// Whether what is locked is a version that the range allows.
fn answers(resolved: &Resolved, range: &str, ecosystem: Ecosystem) -> bool {
    let Some(version) = resolved.version() else { return true };
    if let Some(exact) = version::exact(range, ecosystem) {
        return *version == exact;
    }
    version::least(range).is_none_or(|least| version::is_compatible(version, &least))
}

fn ask(kind: Lockfile, text: &str, question: &Question<'_>) -> Option<Entry> {
    match kind {
        Lockfile::Npm => npm::ask(text, question),
        Lockfile::Pnpm => pnpm::ask(text, question),
        Lockfile::Yarn => yarn::ask(text, question),
        Lockfile::Bun => bun::ask(text, question),
        Lockfile::Poetry | Lockfile::Uv => python::ask_packages(text, question.name),
        Lockfile::Pipfile => python::ask_pipfile(text, question.name),
        Lockfile::BunBinary => None,
    }
}

/// The one version all agree on; two different ones tell nothing about which is meant.
fn agreed(mut versions: Vec<Entry>) -> Option<Entry> {
    versions.dedup();
    if versions.len() == 1 { versions.pop() } else { None }
}

/// What follows each `"key":` of a JSON text, white space skipped. A key stands there once or twice; the bound is for
/// texts made to be slow.
fn values_of_key<'t>(text: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    let quoted = format!("\"{key}\"");
    let starts: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), quoted.as_bytes()).collect();
    starts
        .into_iter()
        .filter_map(move |at| Some(text[at + quoted.len()..].trim_start().strip_prefix(':')?.trim_start()))
}

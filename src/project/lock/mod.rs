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
        let key = (package, name);
        let answers = || self.versions.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = answers().get(&key) {
            return known.clone();
        }
        let resolved = self.search_version(self.package(package), &key.1);
        answers().insert(key, resolved.clone());
        resolved
    }

    fn search_version(&self, package: &Package, name: &str) -> Resolved {
        let range = package.dependencies.get(name).map_or("", |dependency| &dependency.range);
        if let Some(folder) = local_folder(range) {
            let target = match folder {
                Some(folder) => {
                    normalized(&inside(&package.dir, folder)).and_then(|dir| self.package_at(&dir, package))
                }
                None => self.packages().iter().find(|other| is_named(other, package, name)),
            };
            return target.map_or(Resolved::Unknown, in_workspace);
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
        let own = self.packages().iter().find(|other| range == "*" && is_named(other, package, name));
        own.map_or(Resolved::Unknown, in_workspace)
    }

    fn locked(&self, package: &Package, name: &str, range: &str) -> Option<Resolved> {
        let kinds = if package.ecosystem == Ecosystem::Npm { NPM } else { PYTHON };
        for folder in upward(&package.dir) {
            let dir = package.dir.strip_prefix(folder).unwrap_or(&package.dir).trim_start_matches('/');
            let question = Question { name, range, dir, package: package.name.as_deref() };
            for (file, kind) in kinds {
                let Some(text) = self.find(&inside(folder, file)).and_then(|id| self.text(id).ok()) else { continue };
                let Some(entry) = ask(*kind, text, &question) else { continue };
                return self.understood(folder, package, &entry);
            }
        }
        None
    }

    fn understood(&self, folder: &str, package: &Package, entry: &Entry) -> Option<Resolved> {
        match entry {
            Entry::Version(version) => Version::parse(version).map(Resolved::Locked),
            Entry::Folder(dir) => self.package_at(&normalized(&inside(folder, dir))?, package).map(in_workspace),
        }
    }

    fn package_at(&self, dir: &str, like: &Package) -> Option<&Package> {
        self.packages().iter().find(|package| &*package.dir == dir && package.ecosystem == like.ecosystem)
    }

    /// The range that a pnpm catalog gives for `catalog:` and `catalog:name`.
    fn catalogued(&self, package: &Package, name: &str, range: &str) -> Option<String> {
        let catalog = range.strip_prefix("catalog:")?.trim();
        let workspace = upward(&package.dir).find_map(|folder| self.find(&inside(folder, "pnpm-workspace.yaml")))?;
        pnpm::catalogued(self.text(workspace).ok()?, catalog, name)
    }
}

fn is_named(other: &Package, like: &Package, name: &str) -> bool {
    other.ecosystem == like.ecosystem && other.name.as_deref() == Some(name)
}

fn in_workspace(package: &Package) -> Resolved {
    package.version.as_deref().and_then(Version::parse).map_or(Resolved::Unknown, Resolved::Workspace)
}

/// Whether a range names a package of the project: by its folder, or (`None` inside) by its name alone.
pub(super) fn local_folder(range: &str) -> Option<Option<&str>> {
    if range.starts_with("workspace:") {
        return Some(None);
    }
    let folder = ["file:", "link:", "portal:"].iter().find_map(|protocol| range.strip_prefix(protocol))?;
    Some(Some(folder))
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

/// What follows each `"key":` of a JSON text, white space skipped.
fn values_of_key<'t>(text: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    let quoted = format!("\"{key}\"");
    let starts: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), quoted.as_bytes()).collect();
    starts
        .into_iter()
        .filter_map(move |at| Some(text[at + quoted.len()..].trim_start().strip_prefix(':')?.trim_start()))
}

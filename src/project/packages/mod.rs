//! The packages of the project: what each manifest says of its name, its dependencies and its scripts.

mod npm;
mod python;
mod requirements;
#[cfg(test)]
mod tests;

pub(super) use requirements::normalised;

use super::file::File;
use super::kind::{FileKind, Manifest};
use super::problem::Problem;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One package, by its place in the project's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub u32);

/// A folder with a manifest. The manifests of one ecosystem in one folder make one package.
#[derive(Clone, Debug)]
pub struct Package {
    /// Where it lies, relative to the root; `""` is the root.
    pub dir: Arc<str>,
    /// Whose package it is.
    pub ecosystem: Ecosystem,
    /// Its name; that of a Python package is normalised as in PEP 503.
    pub name: Option<Arc<str>>,
    /// Its own version.
    pub version: Option<Arc<str>>,
    /// The manifest that speaks for it.
    pub file: FileId,
    /// What it needs, by name; names of Python packages are normalised as in PEP 503.
    pub dependencies: BTreeMap<Arc<str>, Dependency>,
    /// The scripts of its `package.json` (the tasks of its `deno.json`), in order.
    pub scripts: Vec<Script>,
    /// The patterns of a workspace that has its root here.
    pub workspaces: Option<Vec<String>>,
    /// It is published for other people's code: it can be imported, and nothing in it says how it would be started.
    pub library: bool,
    pub(super) entries: Entries,
}

/// Whose rules a package follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// npm, pnpm, yarn, Bun, Deno.
    Npm,
    /// PyPI.
    Python,
}

/// One thing that a package needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The versions that will do, as written; credentials in an address are left out.
    pub range: Arc<str>,
    /// What it is needed for.
    pub section: Section,
    /// The manifest that says so.
    pub file: FileId,
    /// Where it says so.
    pub span: Span,
}

/// What a dependency is needed for. Of several sections the first one here counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// To run.
    Normal,
    /// To run, where it can be had; an extra of a Python package.
    Optional,
    /// To be brought along by whoever uses the package.
    Peer,
    /// To develop.
    Dev,
}

/// A command with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The name.
    pub name: Arc<str>,
    /// The command line.
    pub command: Text,
    /// The command line's place in the package's file, quotes included.
    pub span: Span,
}

/// What a package offers to those who import it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    /// `exports` of `package.json`.
    pub(super) exports: Option<serde_json::Value>,
    /// `imports` of `package.json`.
    pub(super) imports: Option<serde_json::Value>,
    /// `source`, `module`, `main`, `types`, in that order.
    pub(super) main: Vec<String>,
    /// `imports` of `deno.json`: what is written, and what it stands for.
    pub(super) import_map: Vec<(String, String)>,
}

impl Package {
    fn new(dir: &str, ecosystem: Ecosystem, file: FileId) -> Self {
        Self {
            dir: dir.into(),
            ecosystem,
            name: None,
            version: None,
            file,
            dependencies: BTreeMap::new(),
            scripts: Vec::new(),
            workspaces: None,
            library: false,
            entries: Entries::default(),
        }
    }

    /// Notes a dependency; the more important section wins, and of two alike the first.
    fn add(&mut self, name: impl Into<Arc<str>>, dependency: Dependency) {
        let name = name.into();
        match self.dependencies.get(&name) {
            Some(known) if known.section <= dependency.section => {}
            _ => drop(self.dependencies.insert(name, dependency)),
        }
    }

    /// The script of this name.
    pub fn script(&self, name: &str) -> Option<&Script> {
        self.scripts.iter().find(|script| &*script.name == name)
    }
}

/// Reads all manifests. `text` gives a file's text.
pub(super) fn collect<'f>(
    files: &'f [File],
    text: &(dyn Fn(FileId) -> Option<&'f Arc<str>> + Sync),
    problems: &mut Vec<Problem>,
) -> Vec<Package> {
    let mut manifests: BTreeMap<(&str, Ecosystem), Vec<(FileId, Manifest)>> = BTreeMap::new();
    // In this order the strongest manifest of a folder comes first and names the package.
    for wanted in [
        Manifest::PackageJson,
        Manifest::DenoJson,
        Manifest::Pyproject,
        Manifest::SetupCfg,
        Manifest::SetupPy,
        Manifest::Pipfile,
        Manifest::Requirements,
    ] {
        for (index, file) in files.iter().enumerate().filter(|(_, file)| file.kind == FileKind::Manifest(wanted)) {
            let is_npm = matches!(wanted, Manifest::PackageJson | Manifest::DenoJson);
            let ecosystem = if is_npm { Ecosystem::Npm } else { Ecosystem::Python };
            let own = manifests.entry((dir_of(file, wanted), ecosystem)).or_default();
            own.push((super::file::file_id(index), wanted));
        }
    }
    let read = |((dir, ecosystem), manifests): ((&str, Ecosystem), Vec<(FileId, Manifest)>)| {
        let mut problems = Vec::new();
        let mut package: Option<Package> = None;
        for (id, kind) in manifests {
            let Some(text) = text(id) else { continue };
            let package = package.get_or_insert_with(|| Package::new(dir, ecosystem, id));
            let path = &files[id.0 as usize].path;
            read_manifest(package, kind, &mut ManifestText { id, path, text, problems: &mut problems });
        }
        (package, problems)
    };
    let all: Vec<(Option<Package>, Vec<Problem>)> = manifests.into_par_iter().map(read).collect();
    let (packages, flaws): (Vec<Option<Package>>, Vec<Vec<Problem>>) = all.into_iter().unzip();
    problems.extend(flaws.into_iter().flatten());
    packages.into_iter().flatten().collect()
}

fn read_manifest(package: &mut Package, kind: Manifest, manifest: &mut ManifestText<'_>) {
    match kind {
        Manifest::PackageJson => npm::read(package, manifest),
        Manifest::Pyproject => python::read_pyproject(package, manifest),
        Manifest::SetupCfg => python::read_setup_cfg(package, manifest),
        Manifest::SetupPy => python::read_setup_py(package, manifest),
        Manifest::Pipfile => python::read_pipfile(package, manifest),
        Manifest::Requirements => requirements::read(package, manifest),
        Manifest::DenoJson => npm::read_deno(package, manifest),
    }
}

/// The folder a manifest speaks for: `requirements/base.txt` speaks for the folder around `requirements`.
fn dir_of(file: &File, manifest: Manifest) -> &str {
    let folder = file.folder();
    if manifest != Manifest::Requirements {
        return folder;
    }
    match folder.strip_suffix("requirements") {
        Some(above) if above.is_empty() || above.ends_with('/') => above.trim_end_matches('/'),
        _ => folder,
    }
}

/// A manifest while it is read.
struct ManifestText<'a> {
    id: FileId,
    path: &'a str,
    text: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl ManifestText<'_> {
    fn complain(&mut self, problem: Problem) {
        self.problems.push(problem.in_file(self.id));
    }

    fn dependency(&self, range: &str, section: Section, span: Span) -> Dependency {
        Dependency { range: without_credentials(range.trim()).into(), section, file: self.id, span }
    }
}

/// An address can carry a token; ranges are shown in reports.
fn without_credentials(range: &str) -> String {
    let Some((scheme, rest)) = range.split_once("://") else { return range.to_owned() };
    let host_end = rest.find(['/', '#', '?']).unwrap_or(rest.len());
    match rest[..host_end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => range.to_owned(),
    }
}

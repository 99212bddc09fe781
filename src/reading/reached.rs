//! Code of an app that lies in other packages of its workspace: what its own files import from there.

use crate::project::aside::is_never_deployed;
use crate::project::{Ecosystem, PackageId, Resolution};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, Module, Statement, visit};
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// Files that are read for what they import.
const MOST_READ: usize = 400;

/// The files of other packages that an app runs, among those whose text says one of some words: `own` are its own files.
pub(crate) fn saying(reading: &Reading<'_>, own: &[FileId], words: &[&str]) -> Vec<FileId> {
    let project = reading.documents.project;
    let Some(package) = reading.found.package.filter(|_| project.packages().len() > 1) else { return Vec::new() };
    let needed = needed(reading, package);
    let candidates: HashSet<FileId> = needed
        .iter()
        .flat_map(|(id, _)| {
            let folder = &project.package(*id).dir;
            let is_own = move |file: &FileId| {
                let path = &project.file(*file).path;
                project.file(*file).kind.is_script()
                    && project.nearest_package(*file) == Some(*id)
                    && !is_never_deployed(&path[folder.len()..])
                    && !project.is_built(*file)
            };
            let files: Vec<FileId> = project.within(folder).filter(is_own).collect();
            project.mentioning(&files, words)
        })
        .collect();
    let through = leading(&needed, |id| candidates.iter().any(|file| project.nearest_package(*file) == Some(id)));
    if through.is_empty() {
        return Vec::new();
    }
    let names: Vec<Arc<str>> = through.iter().filter_map(|id| project.package(*id).name.clone()).collect();
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    let mut queue = project.mentioning(own, &names);
    queue.retain(|file| project.file(*file).kind.is_script());
    let mut seen: HashSet<FileId> = queue.iter().copied().collect();
    let mut reached = Vec::new();
    while let Some(file) = queue.pop().filter(|_| seen.len() <= MOST_READ + own.len()) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        for imported in imports(&module) {
            let Resolution::File(target) = project.resolve(file, &imported) else { continue };
            let is_there = project.nearest_package(target).is_some_and(|id| through.contains(&id));
            if is_there && project.file(target).kind.is_script() && seen.insert(target) {
                queue.push(target);
                reached.extend(candidates.contains(&target).then_some(target));
            }
        }
    }
    reached.sort_unstable();
    reached
}

/// The packages of the workspace that one needs, and what each of them needs in turn.
fn needed(reading: &Reading<'_>, package: PackageId) -> Vec<(PackageId, Vec<PackageId>)> {
    let project = reading.documents.project;
    let is_npm = |id: &PackageId| project.package(*id).ecosystem == Ecosystem::Npm;
    let by_name: HashMap<Arc<str>, PackageId> =
        project.package_ids().filter(is_npm).filter_map(|id| Some((project.package(id).name.clone()?, id))).collect();
    let of = |id: PackageId| -> Vec<PackageId> {
        project.package(id).dependencies.keys().filter_map(|name| by_name.get(name).copied()).collect()
    };
    let mut seen: HashSet<PackageId> = HashSet::from([package]);
    let mut queue = of(package);
    let mut found = Vec::new();
    while let Some(id) = queue.pop() {
        if seen.insert(id) {
            let inner = of(id);
            queue.extend(&inner);
            found.push((id, inner));
        }
    }
    found
}

/// Those packages that something lies in, or that need one of these.
fn leading(needed: &[(PackageId, Vec<PackageId>)], holds: impl Fn(PackageId) -> bool) -> HashSet<PackageId> {
    let mut leading: HashSet<PackageId> = needed.iter().map(|(id, _)| *id).filter(|id| holds(*id)).collect();
    loop {
        let before = leading.len();
        for (id, inner) in needed {
            if inner.iter().any(|id| leading.contains(id)) {
                leading.insert(*id);
            }
        }
        if leading.len() == before {
            return leading;
        }
    }
}

/// The modules that a file imports as it runs.
pub(crate) fn imports(module: &Module) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    for statement in &module.body {
        match statement {
            Statement::Import(import) if !import.type_only => found.push(import.module.clone()),
            Statement::Export(export) => found.extend(export.module.clone()),
            _ => {}
        }
    }
    visit(&module.body, &mut |expr, _| {
        if let ExprKind::ImportCall(module) = &expr.kind {
            found.push(module.clone());
        }
    });
    found
}

//! Imports of JavaScript and TypeScript.

use super::super::Project;
use super::super::file::{inside, normalized, upward};
use super::super::packages::{Ecosystem, PackageId};
use super::{Resolution, entries};
use crate::syntax::FileId;

impl Project {
    /// What `module`, written in an `import` or a `require` of the file `from`, leads to.
    pub fn resolve(&self, from: FileId, module: &str) -> Resolution {
        if matches!(module, "." | "..") || module.starts_with("./") || module.starts_with("../") {
            return self.resolve_path(self.import_folder(from), module);
        }
        if let Some(resolution) = self.through_import_map(from, module) {
            return resolution;
        }
        if module.starts_with('#') {
            return self.resolve_hash(from, module);
        }
        if let Some(file) = self.through_paths(from, module) {
            return Resolution::File(file);
        }
        let Some((name, subpath)) = split(module) else {
            return Resolution::Missing(self.first_path(from, module).as_deref().unwrap_or(module).into());
        };
        if let Some(package) = self.workspace_package(from, name) {
            return self.resolve_entry(package, subpath);
        }
        if let Some(file) = self.below_base_url(from, module) {
            return Resolution::File(file);
        }
        if let Some(path) = self.path_promised(from, module, name) {
            return Resolution::Missing(path.into());
        }
        Resolution::External { package: name.into(), subpath: subpath.into() }
    }

    fn resolve_path(&self, folder: &str, path: &str) -> Resolution {
        let Some(path) = normalized(&inside(folder, path)) else { return Resolution::Missing(path.into()) };
        self.probe(&path).map_or_else(|| Resolution::Missing(path.into()), Resolution::File)
    }

    /// Deno's import map: a whole module, or (with a slash at the end) all that begins with it.
    fn through_import_map(&self, from: FileId, module: &str) -> Option<Resolution> {
        let package = self.package(self.package_above(self.import_folder(from), Some(Ecosystem::Npm))?);
        let fits = |key: &str| module == key || (key.ends_with('/') && module.starts_with(key));
        let matching = package.entries.import_map.iter().filter(|(key, _)| fits(key));
        let (key, target) = matching.max_by_key(|(key, _)| key.len())?;
        let target = format!("{target}{}", &module[key.len()..]);
        if target.starts_with('.') {
            return Some(self.resolve_path(&package.dir, &target));
        }
        Some(self.resolve_bare(from, &target))
    }

    /// `#x` is the importing package's own name for something, in `imports` of its `package.json`; some tsconfigs use
    /// the mark for their `paths`.
    fn resolve_hash(&self, from: FileId, module: &str) -> Resolution {
        let missing = || Resolution::Missing(module.into());
        if let Some(file) = self.through_paths(from, module) {
            return Resolution::File(file);
        }
        let Some(id) = self.package_above(self.import_folder(from), Some(Ecosystem::Npm)) else { return missing() };
        let package = self.package(id);
        let Some(imports) = &package.entries.imports else { return missing() };
        let targets = entries::targets(imports, module);
        let found = targets.iter().find_map(|target| match target.strip_prefix("./") {
            Some(path) => self.probe_source(&package.dir, path).map(Resolution::File),
            None => split(target).map(|_| self.resolve_bare(from, target)),
        });
        found
            .or_else(|| Some(Resolution::Missing(inside(&package.dir, &normalized(targets.first()?)?).into())))
            .unwrap_or_else(missing)
    }

    /// A target of `imports` that is a package; never `#` again, so it ends.
    fn resolve_bare(&self, from: FileId, module: &str) -> Resolution {
        let Some((name, subpath)) = split(module) else { return Resolution::Missing(module.into()) };
        match self.workspace_package(from, name) {
            Some(package) => self.resolve_entry(package, subpath),
            None => Resolution::External { package: name.into(), subpath: subpath.into() },
        }
    }

    /// Where `paths` would put a module that nobody installs.
    fn path_promised(&self, from: FileId, module: &str, name: &str) -> Option<String> {
        let path = self.first_path(from, module)?;
        let declares = |id: PackageId| self.package(id).dependencies.contains_key(name);
        let ancestors =
            upward(self.import_folder(from)).filter_map(|dir| self.package_above(dir, Some(Ecosystem::Npm)));
        let is_installed = ancestors.into_iter().any(declares);
        // A pattern that takes everything (`*`) promises nothing.
        (!is_installed && !self.paths_take_all(from)).then_some(path)
    }
}

/// A module's package and what stands behind it; `None` where no package can have the name.
pub(super) fn split(module: &str) -> Option<(&str, &str)> {
    if let Some(deno) = module.strip_prefix("npm:") {
        return split_versioned(deno.trim_start_matches('/'));
    }
    // `node:fs`, `bun:sqlite`, `https://...`: the whole is one name.
    if module.contains(':') {
        return Some((module, ""));
    }
    if module.is_empty() || module.starts_with(['/', '~', '.', '#', '?']) || module.starts_with("@/") {
        return None;
    }
    let end = if module.starts_with('@') { module.find('/').map(|slash| slash + 1)? } else { 0 };
    let end = module[end..].find('/').map_or(module.len(), |slash| end + slash);
    Some((&module[..end], module[end..].trim_start_matches('/')))
}

/// Deno's `npm:bknd@0.20/adapter`.
fn split_versioned(module: &str) -> Option<(&str, &str)> {
    let (name, subpath) = split(module)?;
    let name = name.get(1..)?.find('@').map_or(name, |at| &name[..=at]);
    Some((name, subpath))
}

//! The routes of a Next.js app: which address leads to which file.

use crate::project::aside::is_test;
use crate::project::inside;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Imported, Module, Pattern, Statement};
use std::sync::Arc;

/// One file that answers requests by itself.
#[derive(Clone, Debug)]
pub(crate) struct RouteFile {
    /// The file.
    pub(crate) file: FileId,
    /// The address it answers to, its dynamic parts as they are written: `/api/cron/[job]`.
    pub(crate) path: Arc<str>,
}

/// The route handlers of an app: `app/**/route.ts`, `pages/api/**`.
pub(crate) fn handlers(reading: &Reading<'_>) -> Vec<RouteFile> {
    let root = &*reading.found.root;
    let project = reading.documents.project;
    let mut routes = Vec::new();
    for file in project.ids().filter(|file| project.file(*file).kind.is_script()) {
        let whole = &*project.file(file).path;
        let Some(path) = below(whole, root) else { continue };
        let path = path.strip_prefix("src/").unwrap_or(path);
        if is_test(whole) {
            continue;
        }
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        if let Some(folder) = stem.strip_prefix("app/").and_then(|rest| rest.strip_suffix("/route")) {
            routes.push(RouteFile { file, path: address(folder) });
        } else if let Some(rest) = stem.strip_prefix("pages/api/") {
            routes.push(RouteFile { file, path: address(&format!("api/{}", rest.trim_end_matches("/index"))) });
        }
    }
    routes
}

fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() { Some(path) } else { path.strip_prefix(root)?.strip_prefix('/') }
}

/// A folder as an address: groups in parentheses and slots are no part of it.
fn address(folder: &str) -> Arc<str> {
    let parts = folder.split('/').filter(|part| !part.starts_with('(') && !part.starts_with('@'));
    format!("/{}", parts.collect::<Vec<_>>().join("/")).into()
}

/// Whether a route answers to an address.
pub(crate) fn answers(route: &str, address: &str) -> bool {
    let address = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
    let wanted: Vec<&str> = address.trim_start_matches('/').split('/').collect();
    let parts: Vec<&str> = route.trim_start_matches('/').split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        if part.starts_with("[[...") {
            return true;
        }
        let Some(own) = wanted.get(index) else { return false };
        if part.starts_with("[...") {
            return true;
        }
        if !part.starts_with('[') && part != own {
            return false;
        }
    }
    parts.len() == wanted.len()
}

/// A file of the app by its name in the app's folder or in `src`.
pub(crate) fn file_named(reading: &Reading<'_>, names: &[&str]) -> Option<FileId> {
    let project = reading.documents.project;
    let root = &reading.found.root;
    let in_src = |name: &str| format!("src/{name}");
    names
        .iter()
        .find_map(|name| project.find(&inside(root, name)).or_else(|| project.find(&inside(root, &in_src(name)))))
}

/// The names that a module exports, with those of destructured declarations.
pub(crate) fn exported_names(module: &Module) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for statement in &module.body {
        match statement {
            Statement::Declare { pattern, exported: true, .. } => bound(pattern, &mut names),
            Statement::Function { name, exported: true, .. } => names.push(name.clone()),
            Statement::Export(export) => {
                let own = export.names.iter().filter(|(what, _)| *what != Imported::Everything);
                names.extend(own.map(|(_, name)| name.clone()));
            }
            _ => {}
        }
    }
    names
}

fn bound(pattern: &Pattern, into: &mut Vec<Arc<str>>) {
    match pattern {
        Pattern::Name(name, _) => into.push(name.clone()),
        Pattern::Object { fields, .. } => fields.iter().for_each(|field| bound(&field.pattern, into)),
        _ => {}
    }
}

//! The scripts of an app, and what they call of packages.

use crate::eval::{Call, Kind, Use, Value, Way};
use crate::project::aside::is_never_deployed;
use crate::reading::bench::Reading;
use crate::syntax::FileId;

/// The scripts of an app that its deployments can run, in the order of their paths.
pub(crate) fn scripts(reading: &Reading<'_>) -> Vec<FileId> {
    let project = reading.documents.project;
    let own = reading.found.package;
    let folder = own.map_or(&reading.found.root, |package| &project.package(package).dir);
    let is_own = |file: &FileId| own.is_none() || project.nearest_package(*file) == own;
    project
        .within(folder)
        .filter(|id| {
            let file = project.file(*id);
            file.kind.is_script() && !is_never_deployed(&file.path[folder.len()..]) && !project.is_built(*id)
        })
        .filter(is_own)
        .collect()
}

/// Those among [`scripts`] whose text says one of some words.
pub(crate) fn scripts_with(reading: &Reading<'_>, words: &[&str]) -> Vec<FileId> {
    reading.documents.project.mentioning(&scripts(reading), words)
}

/// Every call of something that is imported from a module of one of some packages (`@scope/` and
/// `name-` for all that begin so). What
/// certainly does not run in production is left out.
pub(crate) fn calls_of(reading: &Reading<'_>, files: &[FileId], packages: &[&str]) -> Vec<Use> {
    let importing = reading.documents.project.mentioning(files, packages);
    let is_meant = |module: &str| packages.iter().any(|package| is_of(module, package));
    let mut uses = reading.evaluator.uses(&importing, &[], &is_meant);
    uses.retain(|found| matches!(found.way, Way::Called));
    uses
}

/// Whether a module belongs to a package, or begins like one that ends in a slash or a dash.
pub(crate) fn is_of(module: &str, package: &str) -> bool {
    let rest = module.strip_prefix(package);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || package.ends_with(['/', '-']))
}

/// Every opaque call of a function of this name inside a value.
pub(crate) fn inside(value: &Value, name: &str, depth: usize) -> Vec<Value> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let all = |values: &[Value]| values.iter().flat_map(|value| inside(value, name, depth)).collect();
    match &value.kind {
        Kind::Call(call) if is_named(call, name) => vec![value.clone()],
        Kind::Call(call) => all(&call.arguments),
        Kind::List { items, .. } | Kind::Choice(_, items) => all(items),
        Kind::Object { fields, .. } => fields.iter().flat_map(|(_, field)| inside(field, name, depth)).collect(),
        _ => Vec::new(),
    }
}

fn is_named(call: &Call, name: &str) -> bool {
    let mut callee = &call.callee;
    for _ in 0..3 {
        match &callee.kind {
            Kind::External { path, .. } => return path.rsplit('.').next() == Some(name),
            Kind::Call(inner) => callee = &inner.callee,
            _ => return false,
        }
    }
    false
}

//! The calls of packages in an app's own files: who is called, with what, and whether it runs in production.

use crate::eval::{Kind, Place, Step, Value, Way};
use crate::project::aside::is_test;
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Imported, Module, Statement};
use hashbrown::HashMap;
use std::sync::Arc;

/// One call of a package's function.
#[derive(Clone, Debug)]
pub(crate) struct CallSite {
    /// The file it stands in.
    pub(crate) file: FileId,
    /// The whole call.
    pub(crate) place: Place,
    /// The module that the function is imported from.
    pub(crate) module: Arc<str>,
    /// Its name there; `default` for the default export.
    pub(crate) name: Arc<str>,
    /// What it is called with.
    pub(crate) arguments: Vec<Value>,
}

impl CallSite {
    /// The argument at a place; absent where there is none.
    pub(crate) fn argument(&self, index: usize) -> Value {
        let absent = || Value::new(Kind::Absent, &Step::start(self.place, crate::eval::How::Written));
        self.arguments.get(index).cloned().unwrap_or_else(absent)
    }
}

/// The scripts of an app that are no tests, in the order of their paths.
pub(crate) fn scripts(reading: &Reading<'_>) -> Vec<FileId> {
    let project = reading.documents.project;
    let own = reading.found.package;
    let is_own = |file: &FileId| own.is_none() || project.nearest_package(*file) == own;
    let folder = own.map_or("", |package| &project.package(package).dir);
    project
        .within(folder)
        .filter(|file| project.file(*file).kind.is_script() && !is_test(&project.file(*file).path))
        .filter(is_own)
        .collect()
}

/// Every call of a function that is imported from a module of one of these packages (`@scope/` for a whole scope) and
/// whose name is wanted. What certainly does not run in production is left out.
pub(crate) fn of_packages(
    reading: &Reading<'_>,
    files: &[FileId],
    packages: &[&str],
    wanted: &dyn Fn(&str, &str) -> bool,
) -> Vec<CallSite> {
    let importing = reading.documents.project.mentioning(files, packages);
    let is_meant = |module: &str| packages.iter().any(|package| is_of(module, package));
    let uses = reading.evaluator.uses(&importing, &[], &is_meant).into_iter();
    let called = uses.filter(|found| matches!(found.way, Way::Called) && wanted(&found.module, &found.export));
    called
        .map(|found| CallSite {
            file: found.file,
            place: found.place,
            module: found.module,
            name: found.export,
            arguments: found.given.arguments,
        })
        .collect()
}

/// Local names and what they stand for: a module and a name in it, an empty one for the whole module.
pub(crate) type Imports = HashMap<Arc<str>, (Arc<str>, Arc<str>)>;

/// What a module imports from some packages.
pub(crate) fn imports(module: &Module, packages: &[&str]) -> Imports {
    let mut names = Imports::new();
    for statement in &module.body {
        let Statement::Import(import) = statement else { continue };
        if import.type_only || !packages.iter().any(|package| is_of(&import.module, package)) {
            continue;
        }
        for name in &import.names {
            let what: Arc<str> = match &name.what {
                Imported::Named(what) => what.clone(),
                Imported::Default => "default".into(),
                Imported::Module | Imported::Everything => "".into(),
            };
            names.insert(name.local.clone(), (import.module.clone(), what));
        }
    }
    names
}

/// Whether a module belongs to a package, or to a scope that ends in a slash.
pub(crate) fn is_of(module: &str, package: &str) -> bool {
    let rest = module.strip_prefix(package);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || package.ends_with('/'))
}

/// The module and the name there of what is called, where it is one of some imports.
pub(crate) fn callee_of(callee: &Expr, imports: &Imports) -> Option<(Arc<str>, Arc<str>)> {
    match &callee.kind {
        ExprKind::Name(name) => imports.get(name).filter(|(_, what)| !what.is_empty()).cloned(),
        ExprKind::Member { object, property, .. } => match &object.kind {
            ExprKind::Name(name) => {
                let (module, what) = imports.get(name)?;
                what.is_empty().then(|| (module.clone(), property.clone()))
            }
            _ => None,
        },
        ExprKind::Call { callee, .. } => callee_of(callee, imports),
        _ => None,
    }
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

fn is_named(call: &crate::eval::Call, name: &str) -> bool {
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

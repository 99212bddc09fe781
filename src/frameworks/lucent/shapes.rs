//! Where a Lucent configuration is written, and the one object that all its shapes come to.

use crate::documents::Documents;
use crate::eval::{Because, How, Kind, Step, Value};
use crate::frameworks::entries::Candidates;
use crate::project::{Package, PackageId, inside};
use crate::reading::bench::Reading;
use crate::reading::found::scripts_using;
use crate::reading::found::{Found, Framework};
use crate::reading::uses::is_of;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Imported, Module, Statement, visit};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The package; its parts and siblings begin with it.
pub(super) const PACKAGE: &str = "@codesordinatestudio/lucent";

/// The package and its siblings, as they begin.
pub(super) const PACKAGES: &[&str] = &[PACKAGE, "@codesordinatestudio/lucent-"];

/// The names under which Lucent exports its helper; older pages have the second.
const HELPERS: &[&str] = &["defineLucentConfig", "defineConfig"];

/// Where the configuration lies by convention.
const CONFIG_NAMES: &[&str] = &[
    "lucent.config.ts",
    "lucent.config.mts",
    "lucent.config.js",
    "lucent.config.mjs",
    "src/lucent.config.ts",
    "src/lucent.config.js",
    "config/lucent.config.ts",
];

/// Whether a module is Lucent or a part of it.
pub(super) fn is_lucent(module: &str) -> bool {
    PACKAGES.iter().any(|package| is_of(module, package))
}

/// Each package that configures Lucent, or plugs it into an Elysia app.
pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let mentioning = project.mentioning(&scripts_using(project, is_lucent), &[PACKAGE]);
    let mut packages: BTreeSet<PackageId> =
        mentioning.iter().filter_map(|file| project.nearest_package(*file)).collect();
    packages.extend(project.package_ids().filter(|id| {
        let package = project.package(*id);
        depends_on(package, is_lucent) || is_strong(documents, package)
    }));
    let mut apps = Vec::new();
    for id in packages {
        let own: Vec<FileId> =
            mentioning.iter().copied().filter(|file| project.nearest_package(*file) == Some(id)).collect();
        let package = project.package(id);
        let entry = entry(documents, package, &own);
        let starting = own.iter().copied().filter(|file| Some(*file) != entry && configures(documents, *file, entry));
        let starting: Vec<FileId> = starting.collect();
        let program = ("lucent", &["dev", "start", "build", "migrate", "generate"][..]);
        let candidates = Candidates { folder: &package.dir, config: entry, names: CONFIG_NAMES, starting, program };
        let entries = candidates.that_run(documents);
        for (index, entry) in entries.iter().enumerate() {
            let found = Found::in_package(framework, documents, id, Some(*entry));
            let id = if index == 0 { found.id.clone() } else { project.file(*entry).path.clone() };
            apps.push(Found { id, ..found });
        }
        if entries.is_empty() && is_strong(documents, package) {
            apps.push(Found::in_package(framework, documents, id, None));
        }
    }
    apps
}

fn depends_on(package: &Package, wanted: fn(&str) -> bool) -> bool {
    package.dependencies.keys().any(|name| wanted(name))
}

/// An Elysia app whose scripts run Lucent, or with Lucent's generated types.
fn is_strong(documents: &Documents<'_>, package: &Package) -> bool {
    let elysia = depends_on(package, |name| name == "elysia" || is_lucent(name));
    let runs = package.scripts.iter().any(|script| crate::frameworks::lucent::deploys::runs_lucent(&script.command));
    let types = || {
        ["lucent-types.ts", "src/lucent-types.ts"]
            .iter()
            .any(|name| documents.project.find(&inside(&package.dir, name)).is_some())
    };
    elysia && (runs || types())
}

/// The configuration file, else the file that makes a configuration, else the file that plugs Lucent in.
fn entry(documents: &Documents<'_>, package: &Package, own: &[FileId]) -> Option<FileId> {
    let project = documents.project;
    let named = CONFIG_NAMES.iter().filter_map(|name| project.find(&inside(&package.dir, name)));
    let depends = depends_on(package, is_lucent);
    let mut named = named.filter(|file| {
        // Other tools have a file of this name, and helpers of these names.
        own.contains(file) || (depends && documents.module_of(*file).is_some_and(|module| !has_other_helper(&module)))
    });
    named
        .next()
        .or_else(|| own.iter().copied().find(|file| makes_config(documents, *file)))
        .or_else(|| own.iter().copied().find(|file| plugs_in(documents, *file)))
}

/// Whether a module imports one of the helpers from somewhere else.
fn has_other_helper(module: &Module) -> bool {
    imports(module).any(|(from, what, _)| HELPERS.contains(&&*what) && !is_lucent(&from))
}

/// What a module imports: from where, what, and under which name.
fn imports(module: &Module) -> impl Iterator<Item = (Arc<str>, Arc<str>, Arc<str>)> {
    module
        .body
        .iter()
        .filter_map(|statement| match statement {
            Statement::Import(import) if !import.type_only => Some(import),
            _ => None,
        })
        .flat_map(|import| {
            import.names.iter().map(|name| {
                let what: Arc<str> = match &name.what {
                    Imported::Named(what) => what.clone(),
                    _ => "default".into(),
                };
                (import.module.clone(), what, name.local.clone())
            })
        })
}

fn makes_config(documents: &Documents<'_>, file: FileId) -> bool {
    documents
        .module_of(file)
        .is_some_and(|module| imports(&module).any(|(from, what, _)| is_lucent(&from) && HELPERS.contains(&&*what)))
}

fn plugs_in(documents: &Documents<'_>, file: FileId) -> bool {
    documents.module_of(file).is_some_and(|module| {
        let elysia = imports(&module).any(|(from, _, _)| &*from == "elysia");
        elysia && plugin_argument(&module).is_some()
    })
}

/// Whether a file plugs Lucent in with another configuration than that of a file.
fn configures(documents: &Documents<'_>, file: FileId, config: Option<FileId>) -> bool {
    let Some(module) = documents.module_of(file).filter(|_| plugs_in(documents, file)) else { return false };
    let from_config = |name: &Arc<str>| {
        imports(&module).any(|(from, _, local)| {
            local == *name && config.is_some() && documents.project.resolve(file, &from).file() == config
        })
    };
    let loads = |name: &Arc<str>| {
        imports(&module).any(|(from, what, local)| local == *name && is_lucent(&from) && what.starts_with("load"))
    };
    plugin_argument(&module).is_some_and(|argument| match &argument.kind {
        ExprKind::Name(name) => !from_config(name),
        ExprKind::Call { callee, .. } => !matches!(&callee.kind, ExprKind::Name(name) if loads(name)),
        _ => true,
    })
}

/// The options of the plugin where it is called in place: `.use(lucent({ … }))`.
fn plugin_argument(module: &Module) -> Option<&Expr> {
    let names: Vec<Arc<str>> = imports(module)
        .filter(|(from, what, _)| is_lucent(from) && !what.starts_with("define") && !what.contains("Secrets"))
        .map(|(_, _, local)| local)
        .collect();
    let is_plugin = |name: &Arc<str>, member: Option<&str>| {
        names.contains(name) && member.is_none_or(|member| !member.starts_with("define") && !member.contains("Secrets"))
    };
    let mut found = None;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let is_it = match &callee.kind {
            ExprKind::Name(name) => is_plugin(name, None),
            // `import * as Lucent`
            ExprKind::Member { object, property, .. } => {
                matches!(&object.kind, ExprKind::Name(name) if is_plugin(name, Some(property)))
            }
            _ => false,
        };
        if is_it && found.is_none() {
            found = arguments.first().map(|argument| &argument.value);
        }
    });
    found
}

/// The configuration of the app; unknown where it is not in the tree.
pub(super) fn config(reading: &Reading<'_>) -> Value {
    let place = reading.place();
    let Some(entry) = reading.found.entry else {
        let trail = Step::start(place, How::Written);
        return Value::unknown(Because::MissingFile("lucent.config.ts".into()), &trail);
    };
    let Some(module) = reading.documents.module_of(entry) else {
        return Value::unknown(Because::Unreadable(entry), &Step::start(place, How::Written));
    };
    let written = match plugin_argument(&module) {
        Some(argument) => reading.evaluator.expression(entry, argument),
        None => match exported(&module) {
            Some(name) => reading.evaluator.export(entry, &name),
            None => helper_call(&module).map_or_else(
                || Value::unknown(Because::Undecided, &Step::start(place, How::Written)),
                |call| reading.evaluator.expression(entry, call),
            ),
        },
    };
    unwrapped(reading, &written, 0)
}

/// The export that holds the configuration: the default one, or the one that is called so.
fn exported(module: &Module) -> Option<Arc<str>> {
    let mut named = None;
    for statement in &module.body {
        match statement {
            Statement::ExportDefault { .. } => return Some("default".into()),
            Statement::Export(export) => {
                if export.names.iter().any(|(_, name)| &**name == "default") {
                    return Some("default".into());
                }
                named =
                    named.or_else(|| export.names.iter().map(|(_, name)| name.clone()).find(|name| is_config(name)));
            }
            Statement::Declare { pattern: crate::syntax::code::Pattern::Name(name, _), exported: true, .. }
                if is_config(name) =>
            {
                named = named.or_else(|| Some(name.clone()));
            }
            _ => {}
        }
    }
    named
}

fn is_config(name: &str) -> bool {
    matches!(name, "config" | "lucentConfig" | "lucent")
}

/// The first call of a helper in a module.
fn helper_call(module: &Module) -> Option<&Expr> {
    let names: Vec<Arc<str>> = imports(module)
        .filter(|(from, what, _)| is_lucent(from) && HELPERS.contains(&&**what))
        .map(|(_, _, local)| local)
        .collect();
    let mut found = None;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, .. } = &expr.kind else { return };
        if found.is_none() && matches!(&callee.kind, ExprKind::Name(name) if names.contains(name)) {
            found = Some(expr);
        }
    });
    found
}

/// The object inside helpers and functions.
fn unwrapped(reading: &Reading<'_>, value: &Value, depth: usize) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Call(call) if depth < 4 => match call.external() {
            Some((module, _)) if is_lucent(module) => unwrapped(reading, &call.argument(0, &value.trail), depth + 1),
            _ => Value::unknown(crate::eval::call_reason(call), &value.trail),
        },
        Kind::Function(_) if depth < 4 => {
            let environment = Value::new(Kind::Environment, &value.trail);
            unwrapped(reading, &reading.evaluator.call(value, vec![environment]), depth + 1)
        }
        Kind::Object { .. } | Kind::Unknown(_) => value.clone(),
        _ => Value::unknown(Because::Undecided, &value.trail),
    })
}

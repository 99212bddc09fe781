//! Where a Bknd configuration is written, and the one object that all its shapes come to.

use crate::documents::Documents;
use crate::eval::{Because, Evaluator, Kind, Value};
use crate::frameworks::entries::Candidates;
use crate::project::{FileKind, Project, Version, inside};
use crate::reading::found::{Found, Framework};
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Import, Imported, Module, Name, Property, Statement, visit};
use std::sync::Arc;

/// File names that the CLI looks for, in its order.
const CONFIG_NAMES: &[&str] =
    &["bknd.config.js", "bknd.config.ts", "bknd.config.mjs", "bknd.config.cjs", "bknd.config.json", "bknd.config"];

/// Functions that take the configuration as their first argument and start the app.
const STARTERS: &[&str] = &[
    "serve",
    "createApp",
    "createHandler",
    "getApp",
    "getFresh",
    "createRuntimeApp",
    "createFrameworkApp",
    "App.create",
    "serveLambda",
];

/// Wrappers that hand their first argument on.
const WRAPPERS: &[&str] = &["withPlatformProxy", "code", "hybrid"];

/// Each package with Bknd in it, once for each file that configures what runs, and each configuration outside of one.
pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let mut apps = Vec::new();
    for id in project.package_ids() {
        let package = project.package(id);
        let depends = package.dependencies.keys().any(|name| &**name == "bknd" || name.starts_with("@bknd/"));
        let config = config_file(project, &package.dir).filter(|file| depends || is_ours(documents, *file));
        let starting = starting_files(documents, id, config);
        // Where a workspace's root has the dependency, or `npx` fetches it, the files alone tell.
        if !depends && config.is_none() && starting.is_empty() {
            continue;
        }
        let runs = package.scripts.iter().any(|script| script.command.test(|command| command.contains("bknd run")));
        let folder = &package.dir;
        let program = ("bknd", &["run"][..]);
        let candidates = Candidates { folder, config, names: CONFIG_NAMES, starting, program };
        let entries = candidates.that_run(documents);
        for (index, entry) in entries.iter().enumerate() {
            apps.push(found(framework, documents, id, (*entry, index)));
        }
        if entries.is_empty() && (runs || is_lone(project, folder)) {
            apps.push(Found::in_package(framework, documents, id, None));
        }
    }
    apps
}

/// An app of a package with its entry; the second has the entry's path for its id.
fn found(
    framework: &'static Framework,
    documents: &Documents<'_>,
    package: crate::project::PackageId,
    (entry, index): (FileId, usize),
) -> Found {
    let project = documents.project;
    let found = Found::in_package(framework, documents, package, Some(entry));
    let id = if index == 0 { found.id.clone() } else { project.file(entry).path.clone() };
    let version = found.version.clone().or_else(|| fetched_version(project, package));
    Found { id, version, ..found }
}

/// `npx bknd@0.20.0 run`
fn fetched_version(project: &Project, package: crate::project::PackageId) -> Option<Version> {
    let mut scripts = project.package(package).scripts.iter();
    scripts.find_map(|script| {
        let line = script.command.as_name();
        let rest = line.split_once("bknd@")?.1;
        Version::parse(rest.split(|c: char| c.is_whitespace() || "\"';&|".contains(c)).next()?)
    })
}

/// Whether a configuration file speaks of Bknd: other tools have none of its name.
fn is_ours(documents: &Documents<'_>, file: FileId) -> bool {
    documents.project.mentions(file, &["bknd"])
}

/// A package with nothing but the dependency: the CLI runs it on defaults alone. One that builds a library does not.
fn is_lone(project: &Project, dir: &str) -> bool {
    let inside = |path: &str| dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    !project.files().iter().any(|file| inside(&file.path) && matches!(file.kind, FileKind::Source(_)))
}

fn config_file(project: &Project, dir: &str) -> Option<FileId> {
    CONFIG_NAMES.iter().find_map(|name| project.find(&inside(dir, name)))
}

/// The source files of a package that start Bknd with another configuration than that of a file.
fn starting_files(
    documents: &Documents<'_>,
    package: crate::project::PackageId,
    config: Option<FileId>,
) -> Vec<FileId> {
    let project = documents.project;
    let own: Vec<FileId> = project
        .within(&project.package(package).dir)
        .filter(|id| {
            matches!(project.file(*id).kind, FileKind::Source(_)) && project.nearest_package(*id) == Some(package)
        })
        .filter(|id| Some(*id) != config)
        .collect();
    let starts = |file: &FileId| {
        let Some(module) = documents.module_of(*file).filter(|module| imports_bknd(module)) else { return false };
        starter_argument(&module).is_some_and(|argument| !hands_on(documents, *file, &module, argument, config))
    };
    // Nothing starts an app without an import.
    let starting: Vec<FileId> = project.mentioning(&own, &["\"bknd", "'bknd"]).into_iter().filter(starts).collect();
    // What several of them are handed is one configuration: it is read where it stands, else in the first of them.
    let origins: Vec<(FileId, Arc<str>)> = starting.iter().map(|file| origin(documents, *file)).collect();
    let is_first = |at: usize| {
        let same = |other: usize| origins[other] == origins[at];
        let owns = |other: usize| same(other) && starting[other] == origins[other].0;
        match (0..starting.len()).find(|other| owns(*other)) {
            Some(owner) => owner == at,
            None => !(0..at).any(same),
        }
    };
    (0..starting.len()).filter(|at| is_first(*at)).map(|at| starting[at]).collect()
}

/// Where what a file starts the app with is written: the file, and its name there (none for what is written in place).
fn origin(documents: &Documents<'_>, file: FileId) -> (FileId, Arc<str>) {
    let Some(module) = documents.module_of(file) else { return (file, "".into()) };
    let Some(name) = starter_argument(&module).and_then(handed) else { return (file, "".into()) };
    let imported = imports(&module).find_map(|import| {
        let own = import.names.iter().find(|own| own.local == *name)?;
        let exported: Arc<str> = match &own.what {
            Imported::Named(what) => what.clone(),
            _ => "default".into(),
        };
        Some((documents.project.resolve(file, &import.module).file()?, exported))
    });
    imported.unwrap_or_else(|| (file, name.clone()))
}

/// Whether what starts the app is handed what a configuration file exports, by its own name or through the file that both
/// take it from.
fn hands_on(documents: &Documents<'_>, file: FileId, module: &Module, argument: &Expr, config: Option<FileId>) -> bool {
    let (Some(name), Some(config)) = (handed(argument), config) else { return false };
    let project = documents.project;
    let leads_to = |from: FileId, module: &Module, to: FileId| {
        imports(module).any(|import| project.resolve(from, &import.module).file() == Some(to))
    };
    let of_name = imports(module).find(|import| import.names.iter().any(|own| own.local == *name));
    let Some(source) = of_name.and_then(|import| project.resolve(file, &import.module).file()) else { return false };
    let is_linked =
        |from: FileId, to: FileId| documents.module_of(from).is_some_and(|module| leads_to(from, &module, to));
    source == config || is_linked(source, config) || is_linked(config, source)
}

fn imports(module: &Module) -> impl Iterator<Item = &Import> {
    module.body.iter().filter_map(|statement| match statement {
        Statement::Import(import) => Some(import),
        _ => None,
    })
}

/// Keys with which a call configures the app itself, and not what is around it.
const TELLING: &[&str] = &["app", "config", "connection", "options", "initialConfig"];

/// The name whose value is handed on: `config`, `{ ...config, cleanRequest: {} }`.
fn handed(argument: &Expr) -> Option<&Name> {
    match &argument.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Object(properties) => {
            let mut spread = None;
            for property in properties {
                match property {
                    Property::Spread(Expr { kind: ExprKind::Name(name), .. }) if spread.is_none() => {
                        spread = Some(name)
                    }
                    Property::Field { key, .. } if !TELLING.contains(&&**key) => {}
                    _ => return None,
                }
            }
            spread
        }
        _ => None,
    }
}

fn imports_bknd(module: &Module) -> bool {
    module.body.iter().any(|statement| match statement {
        Statement::Import(import) => {
            !import.type_only && (&*import.module == "bknd" || import.module.starts_with("bknd/adapter"))
        }
        _ => false,
    })
}

/// The names under which a module imports from Bknd.
fn bknd_names(module: &Module) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for statement in &module.body {
        let Statement::Import(import) = statement else { continue };
        if &*import.module != "bknd" && !import.module.starts_with("bknd/adapter") {
            continue;
        }
        for name in &import.names {
            if matches!(&name.what, Imported::Named(what) if STARTERS.contains(&&**what) || &**what == "App") {
                names.push(name.local.clone());
            }
        }
    }
    names
}

/// The first argument of the call that starts the app.
pub(super) fn starter_argument(module: &Module) -> Option<&Expr> {
    let names = bknd_names(module);
    let mut found = None;
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
        let starts = match &callee.kind {
            ExprKind::Name(name) => names.contains(name),
            ExprKind::Member { object, property, .. } => {
                matches!(&object.kind, ExprKind::Name(name) if names.contains(name)) && &**property == "create"
            }
            _ => false,
        };
        if starts && found.is_none() {
            found = arguments.first().map(|argument| &argument.value);
        }
    });
    found
}

/// What the files say of the app's configuration.
pub(super) struct Config {
    /// One object with `config`, `connection`, `options` and what else stands beside them.
    pub(super) root: Value,
    /// The helper that wraps it: `code`, `hybrid`, or none.
    pub(super) helper: Option<&'static str>,
    /// Whether the shape is one that no version has.
    pub(super) invented: bool,
    /// Whether the configuration has its name of up to 0.17, in an app that reads it.
    pub(super) legacy: bool,
    /// What is written as `config` in a call of `hybrid`, which takes the file's instead.
    pub(super) replaced: Option<Value>,
}

/// Reads the configuration of an app through all its shapes.
pub(super) fn read(documents: &Documents<'_>, evaluator: &Evaluator<'_>, found: &Found) -> Config {
    let nothing = || Value::written(Kind::Object { fields: Arc::new([]), open: None }, found.place(documents));
    let Some(entry) = found.entry else {
        return Config { root: nothing(), helper: None, invented: false, legacy: false, replaced: None };
    };
    let written = if documents.project.file(entry).path.ends_with(".json") {
        exported_json(documents, entry)
    } else {
        exported(documents, evaluator, entry)
    };
    let mut config = Config { root: written, helper: None, invented: false, legacy: false, replaced: None };
    config.unwrap(0);
    config.root = config.root.each(&mut |value| with_app(evaluator, value));
    if config.helper == Some("hybrid") {
        config.replaced = config.root.written_at("config");
        config.root = config.root.each(&mut |root| read_from_file(documents, evaluator, found, root));
    }
    if found.facts().at_least(0, 18) == Some(false) {
        config.root = renamed_legacy(&config.root);
        config.legacy = true;
    }
    config
}

fn exported_json(documents: &Documents<'_>, entry: FileId) -> Value {
    use crate::eval::Source;
    match documents.data(entry) {
        Some(node) => crate::eval::data_value(&node, entry),
        None => Value::unknown(
            Because::Unreadable(entry),
            &crate::eval::Step::start(crate::eval::Place::File(entry, Default::default()), crate::eval::How::Written),
        ),
    }
}

fn exported(documents: &Documents<'_>, evaluator: &Evaluator<'_>, entry: FileId) -> Value {
    let module = documents.module_of(entry);
    let has_default = module.as_ref().is_none_or(|module| {
        module.body.iter().any(|statement| match statement {
            Statement::ExportDefault { .. } => true,
            Statement::Export(export) => export.names.iter().any(|(_, name)| &**name == "default"),
            Statement::Function { is_default, .. } => *is_default,
            Statement::Expression(Expr { kind: ExprKind::Assign { target, .. }, .. }) => {
                matches!(&target.kind, ExprKind::Member { property, .. } if &**property == "exports")
            }
            _ => false,
        })
    });
    let argument = module.as_ref().and_then(|module| starter_argument(module));
    match (has_default, argument) {
        (_, Some(argument)) => {
            let value = evaluator.expression(entry, argument);
            if matches!(value.kind, Kind::External { .. }) { evaluator.export(entry, "default") } else { value }
        }
        _ => evaluator.export(entry, "default"),
    }
}

impl Config {
    /// Takes wrappers off until the object itself is there.
    fn unwrap(&mut self, depth: usize) {
        let Some(call) = self.root.as_call().cloned() else { return };
        let Some((module, path)) = call.external() else { return };
        let name = path.rsplit('.').next().unwrap_or(path);
        let ours = module == "bknd" || module.starts_with("bknd/");
        if !ours || depth > 4 {
            return;
        }
        if WRAPPERS.contains(&name) || STARTERS.contains(&name) {
            self.helper = match name {
                "code" => Some("code"),
                "hybrid" => Some("hybrid"),
                _ => self.helper,
            };
        } else {
            self.invented = true;
        }
        self.root = call.argument(0, &self.root.trail);
        self.unwrap(depth + 1);
    }
}

/// The keys that `app` returns replace the outer ones, each as a whole.
fn with_app(evaluator: &Evaluator<'_>, outer: &Value) -> Value {
    if !matches!(outer.kind, Kind::Object { .. }) {
        return outer.clone();
    }
    let app = outer.field("app");
    let inner = app.each(&mut |app| match &app.kind {
        Kind::Function(_) => {
            let environment = Value::new(Kind::Environment, &app.trail);
            evaluator.call(app, vec![environment])
        }
        _ => app.clone(),
    });
    if inner.is_absent() {
        return outer.clone();
    }
    Value::new(evaluator.merged(&[outer.clone(), inner]).kind, &outer.trail)
}

/// What stands in the file of `hybrid` replaces `config`, which it does not read. Without a reader there is nothing to
/// follow, and the app does not start.
fn read_from_file(documents: &Documents<'_>, evaluator: &Evaluator<'_>, found: &Found, root: &Value) -> Value {
    if !matches!(root.kind, Kind::Object { .. }) || root.field("reader").is_absent() {
        return root.clone();
    }
    let config = crate::frameworks::bknd::hybrid::configuration(documents, evaluator, found, root);
    with_field(root, "config", config)
}

fn with_field(root: &Value, key: &str, value: Value) -> Value {
    let Kind::Object { fields, open } = &root.kind else { return root.clone() };
    let mut fields: Vec<_> = fields.iter().filter(|(own, _)| &**own != key).cloned().collect();
    fields.push((key.into(), value));
    Value::new(Kind::Object { fields: fields.into(), open: open.clone() }, &root.trail)
}

/// `initialConfig` was the name of `config` up to 0.17.
fn renamed_legacy(root: &Value) -> Value {
    root.each(&mut |root| {
        let (config, legacy) = (root.field("config"), root.field("initialConfig"));
        if !config.is_absent() || legacy.is_absent() {
            return root.clone();
        }
        with_field(root, "config", legacy)
    })
}

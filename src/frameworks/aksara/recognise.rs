//! Where an Aksara app is: a manifest that needs the framework, or modules that import it; and which of its modules run.

use crate::documents::Documents;
use crate::eval::{Place, Source, Target};
use crate::project::{Ecosystem, PackageId, Project, Resolved, folder_of, inside, lies_in};
use crate::reading::bench::Reading;
use crate::reading::found::{Found, Framework};
use crate::syntax::FileId;
use crate::syntax::code::{ExprKind, Statement, visit};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The name of the framework's distribution.
const DISTRIBUTION: &str = "aksara-framework";

/// Files in which a package manager writes down what it chose.
const LOCKFILES: &[&str] = &["uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"];

/// Files that make an app are called like this as a rule, the likeliest first.
const ENTRY_NAMES: &[&str] = &["main.py", "app.py", "asgi.py", "wsgi.py", "server.py", "__init__.py"];

/// Each package that needs the framework, and each folder with modules that import it.
pub(super) fn recognise(framework: &'static Framework, documents: &Documents<'_>) -> Vec<Found> {
    let project = documents.project;
    let importing = importing_files(documents);
    let mut roots: Vec<(Arc<str>, Option<PackageId>)> = Vec::new();
    for id in project.package_ids() {
        let package = project.package(id);
        let needs = package.ecosystem == Ecosystem::Python && package.dependencies.contains_key(DISTRIBUTION);
        if needs && package.name.as_deref() != Some(DISTRIBUTION) {
            let root = app_folder(&package.dir);
            if !roots.iter().any(|(known, _)| *known == root) {
                roots.push((root, Some(id)));
            }
        }
    }
    let outside = |roots: &[(Arc<str>, Option<PackageId>)], file: &FileId| {
        !roots.iter().any(|(root, _)| lies_in(&project.file(*file).path, root))
    };
    let rest: Vec<FileId> = importing.iter().copied().filter(|file| outside(&roots, file)).collect();
    let making: BTreeSet<&str> =
        rest.iter().filter(|file| makes_app(documents, **file)).map(|file| project.file(*file).folder()).collect();
    for file in &rest {
        if !outside(&roots, file) {
            continue;
        }
        let folder = project.file(*file).folder();
        let package = project.package_above(folder, Some(Ecosystem::Python));
        // Without a manifest, the uppermost folder that makes an app, or the uppermost one with an import.
        let root: Arc<str> = match package {
            Some(package) => project.package(package).dir.clone(),
            None => match making.iter().find(|maker| lies_in(folder, maker)) {
                Some(maker) => (*maker).into(),
                None if making.is_empty() => uppermost(documents, &rest).into(),
                None => continue,
            },
        };
        if !roots.iter().any(|(known, _)| *known == root) {
            roots.push((root, package));
        }
    }
    if roots.is_empty() {
        roots = locked(project);
    }
    roots.into_iter().map(|(root, package)| found(framework, documents, &importing, root, package)).collect()
}

/// Packages whose own lockfile holds the framework, where neither a manifest nor a module names it.
fn locked(project: &Project) -> Vec<(Arc<str>, Option<PackageId>)> {
    let holds = |id: &PackageId| {
        let package = project.package(*id);
        let has_lock = LOCKFILES.iter().any(|name| project.find(&inside(&package.dir, name)).is_some());
        let is_other = package.ecosystem == Ecosystem::Python && package.name.as_deref() != Some(DISTRIBUTION);
        has_lock && is_other && matches!(project.resolved_version(*id, DISTRIBUTION), Resolved::Locked(_))
    };
    project.package_ids().filter(holds).map(|id| (app_folder(&project.package(id).dir), Some(id))).collect()
}

fn found(
    framework: &'static Framework,
    documents: &Documents<'_>,
    importing: &[FileId],
    root: Arc<str>,
    package: Option<PackageId>,
) -> Found {
    let project = documents.project;
    let own: Vec<FileId> = importing.iter().copied().filter(|file| lies_in(&project.file(*file).path, &root)).collect();
    let makers: Vec<FileId> = own.iter().copied().filter(|file| makes_app(documents, *file)).collect();
    let rank = |file: &FileId| {
        let file = project.file(*file);
        let depth = file.path.matches('/').count();
        let name = ENTRY_NAMES.iter().position(|name| file.name() == *name).unwrap_or(ENTRY_NAMES.len());
        (depth, name, file.path.clone())
    };
    let entry = makers.iter().min_by_key(|file| rank(file)).copied().or_else(|| {
        own.iter().filter(|file| project.mentions(**file, &["configure("])).min_by_key(|file| rank(file)).copied()
    });
    let version = package.and_then(|package| project.resolved_version(package, DISTRIBUTION).version().cloned());
    Found { id: root.clone(), framework: Some(framework), root, package, entry, version }
}

/// `requirements/production.txt` speaks for the folder above.
fn app_folder(dir: &Arc<str>) -> Arc<str> {
    let name = dir.rsplit('/').next().unwrap_or(dir);
    if matches!(name, "requirements" | "reqs" | "deps") { folder_of(dir).into() } else { dir.clone() }
}

fn uppermost<'d>(documents: &'d Documents<'_>, files: &[FileId]) -> &'d str {
    let folders = files.iter().map(|file| documents.project.file(*file).folder());
    folders.min_by_key(|folder| (folder.matches('/').count() + usize::from(!folder.is_empty()), *folder)).unwrap_or("")
}

/// The Python modules of an app: no tests, no migrations.
pub(super) fn app_files(documents: &Documents<'_>, root: &str) -> Vec<FileId> {
    let project = documents.project;
    project
        .within(root)
        .filter(|id| {
            let file = project.file(*id);
            file.kind.is_python() && !is_aside(&file.path)
        })
        .collect()
}

fn is_aside(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let in_folder = |word: &str| folder.split('/').any(|part| part == word);
    ["tests", "test", "testing", "migrations", "docs"].into_iter().any(in_folder)
        || name.starts_with("test_")
        || name.ends_with("_test.py")
        || matches!(name, "conftest.py" | "setup.py" | "noxfile.py" | "tasks.py")
}

/// The modules that import the framework itself.
fn importing_files(documents: &Documents<'_>) -> Vec<FileId> {
    let files = app_files(documents, "");
    let named = documents.project.mentioning(&files, &["from aksara", "import aksara"]);
    named.into_iter().filter(|file| imports_framework(documents, *file)).collect()
}

fn imports_framework(documents: &Documents<'_>, file: FileId) -> bool {
    // Of a module that cannot be read, the text has to do.
    let Some(module) = documents.module_of(file) else { return true };
    let mut found = false;
    imports(&module.body, &mut |module| {
        let is_named = module == "aksara" || module.starts_with("aksara.");
        found |= is_named && matches!(documents.resolve(file, module), Target::External(_));
    });
    found
}

/// Calls `f` with the module of each import, those inside functions and conditions too.
fn imports(body: &[Statement], f: &mut dyn FnMut(&str)) {
    for statement in body {
        match statement {
            Statement::Import(import) => f(&import.module),
            Statement::If { then, otherwise, .. } => {
                imports(then, f);
                imports(otherwise, f);
            }
            Statement::Try { body, handlers, finally, .. } => {
                imports(body, f);
                handlers.iter().for_each(|handler| imports(handler, f));
                imports(finally, f);
            }
            Statement::Block(body) => imports(body, f),
            Statement::Function { function, .. } => imports(&function.body, f),
            _ => {}
        }
    }
}

/// Whether a module makes an app: it calls `Aksara(…)`, or derives from it.
fn makes_app(documents: &Documents<'_>, file: FileId) -> bool {
    use crate::syntax::code::ExprKind;
    if !documents.project.mentions(file, &["Aksara"]) {
        return false;
    }
    let Some(module) = documents.module_of(file) else { return documents.project.mentions(file, &["Aksara("]) };
    let names = names_of_the_app(&module.body);
    let mut makes = false;
    for statement in &module.body {
        if let Statement::Class { class, .. } = statement {
            makes |= class.bases.iter().any(|base| match &base.kind {
                ExprKind::Name(name) => names.contains(&**name),
                ExprKind::Member { property, .. } => &**property == "Aksara",
                _ => false,
            });
        }
    }
    visit(&module.body, &mut |expr, _| {
        if let ExprKind::Call { callee, .. } = &expr.kind {
            makes |= match &callee.kind {
                ExprKind::Name(name) => names.contains(&**name),
                ExprKind::Member { property, .. } => &**property == "Aksara",
                _ => false,
            };
        }
    });
    makes
}

/// The modules that make or configure an app, as far as their text or their name says, and cannot be read.
pub(super) fn unread(documents: &Documents<'_>, found: &Found, files: &[FileId]) -> Vec<FileId> {
    let project = documents.project;
    let configures = |file: &FileId| {
        let own = project.file(*file);
        // Where no module is known to begin the app, each that could is asked for.
        let begins = found.entry.is_none() && (*own.folder() == *found.root && ENTRY_NAMES.contains(&own.name()));
        begins || project.mentions(*file, &["aksara"]) && project.mentions(*file, &["Aksara(", "configure("])
    };
    files.iter().copied().filter(|file| configures(file) && documents.module_of(*file).is_none()).collect()
}

/// The names under which a module imports `Aksara`, and its own.
fn names_of_the_app(body: &[Statement]) -> BTreeSet<&str> {
    use crate::syntax::code::Imported;
    let imports = body.iter().filter_map(|statement| match statement {
        Statement::Import(import) => Some(&import.names),
        _ => None,
    });
    let is_app = |what: &Imported| matches!(what, Imported::Named(what) if &**what == "Aksara");
    let aliases = imports.flatten().filter(|name| is_app(&name.what)).map(|name| &*name.local);
    aliases.chain(["Aksara"]).collect()
}

/// The modules that the program begins with: those that make an app, or, where none does, those that configure one.
pub(super) fn program(documents: &Documents<'_>, found: &Found, files: &[FileId]) -> Vec<FileId> {
    let project = documents.project;
    let named = project.mentioning(files, &["aksara"]);
    let mut begins: Vec<FileId> = found.entry.into_iter().collect();
    begins.extend(named.iter().copied().filter(|file| Some(*file) != found.entry && makes_app(documents, *file)));
    if begins.is_empty() || !makes_app(documents, begins[0]) {
        begins.extend(named.iter().copied().filter(|file| project.mentions(*file, &["configure("])));
    }
    let callers: Vec<FileId> = files.iter().copied().filter(|file| starts_one_of(documents, *file, &begins)).collect();
    begins.extend(callers);
    begins
}

/// Whether a module that a server may be started with takes something from one of some others: `app = create_app()`.
fn starts_one_of(documents: &Documents<'_>, file: FileId, makers: &[FileId]) -> bool {
    if makers.contains(&file) || !ENTRY_NAMES.contains(&documents.project.file(file).name()) {
        return false;
    }
    let Some(module) = documents.module_of(file) else { return false };
    let mut starts = false;
    imports(&module.body, &mut |module| {
        starts |= matches!(documents.resolve(file, module), Target::Code(file) if makers.contains(&file));
    });
    starts
}

/// Where settings of an app belong that are nowhere written: the call of `configure`, else the one that makes the app, else
/// the first variable of Aksara's in an env file.
pub(super) fn anchor(reading: &Reading<'_>, files: &[FileId]) -> Option<Place> {
    let named = reading.documents.project.mentioning(files, &["aksara"]);
    ["configure", "Aksara"].iter().find_map(|name| first_call(reading.documents, &named, name)).or_else(|| {
        let own = |name: &str| name.starts_with("AKSARA_");
        reading.environment.variables().find(|variable| own(&variable.name)).map(|variable| variable.place)
    })
}

fn first_call(documents: &Documents<'_>, files: &[FileId], name: &str) -> Option<Place> {
    files.iter().find_map(|file| {
        let module = documents.module_of(*file)?;
        let mut found = None;
        visit(&module.body, &mut |expr, _| {
            let ExprKind::Call { callee, .. } = &expr.kind else { return };
            let (ExprKind::Name(own) | ExprKind::Member { property: own, .. }) = &callee.kind else { return };
            if &**own == name && found.is_none() {
                found = Some(Place::File(*file, callee.span));
            }
        });
        found
    })
}

//! Apps of hosts that are data: each package, or folder, whose code makes one.

use super::catalogue::Catalogue;
use super::code::{self, is_export, locals};
use super::library::{Host, Library};
use super::names::is_module;
use crate::documents::Documents;
use crate::project::aside::is_never_deployed;
use crate::project::{Ecosystem, PackageId, Project, Section, lies_in};
use crate::reading::found::{Found, Framework};
use crate::settings::ResourceKind;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Module, Statement, visit};
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Files that make an app are called like this as a rule, the likeliest first.
const ENTRIES: &[&str] = &["main", "index", "server", "app", "asgi", "wsgi", "worker", "start", "__init__"];

/// The hosts as frameworks, by the address of their facts: each is made once in a process.
static FRAMEWORKS: Mutex<BTreeMap<usize, &'static Framework>> = Mutex::new(BTreeMap::new());

/// A host as a framework.
fn framework_of(library: &'static Library, host: &'static Host) -> &'static Framework {
    let mut known = FRAMEWORKS.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(std::ptr::from_ref(library).addr()).or_insert_with(|| {
        let tables: Vec<(&'static ResourceKind, _)> =
            library.gives.iter().map(|gives| (gives.kind, gives.rows)).collect();
        Box::leak(Box::new(Framework {
            name: host.name,
            title: host.title,
            packages: Box::leak(Box::new([library.name])),
            known: library.known,
            recognise: |framework, documents| {
                let mut all = recognise(documents, &Catalogue::builtin(), &[]);
                all.retain(|found| found.framework_name() == framework.name);
                all
            },
            // Everything that it gives stands in its facts, which are read for every app.
            read: |_| {},
            unasked: &[],
            speaks_for: &[],
            carried: false,
            tables: tables.leak(),
        }))
    })
}

/// Whether a framework is a host that is data.
pub(crate) fn is_host(framework: &'static Framework) -> bool {
    let known = FRAMEWORKS.lock().unwrap_or_else(PoisonError::into_inner);
    known.values().any(|host| std::ptr::eq(*host, framework))
}

/// Whether a framework is a host that only speaks a protocol: another one carries it, and answers what else is asked.
pub(crate) fn is_carried(framework: &'static Framework) -> bool {
    let hosts = Catalogue::builtin();
    let mut own = hosts.hosts().filter_map(|library| library.host.as_ref()).filter(|host| host.name == framework.name);
    is_host(framework) && own.all(|host| host.surfaces.is_empty())
}

/// Whether apps of a host of this title are read.
pub(crate) fn reads(title: &str) -> bool {
    Catalogue::builtin().hosts().filter_map(|library| library.host.as_ref()).any(|host| host.title == title)
}

/// A file that makes an app.
struct Maker {
    file: FileId,
    root: Arc<str>,
    package: Option<PackageId>,
    library: &'static Library,
}

/// The apps of hosts that are none of the `taken` ones: one for each package, and for each folder that lies in none.
pub(crate) fn recognise(documents: &Documents<'_>, libraries: &Catalogue, taken: &[Found]) -> Vec<Found> {
    let project = documents.project;
    let files: Vec<FileId> = project
        .ids()
        .filter(|file| {
            code::registry_of(project, *file).is_some()
                && !is_never_deployed(project.path_below_selection(*file))
                && !project.is_built(*file)
        })
        .collect();
    let mut makers: Vec<Maker> = Vec::new();
    for (file, registry) in code::importing(project, &files, libraries, true) {
        let ecosystem = if registry == "npm" { Ecosystem::Npm } else { Ecosystem::Python };
        let package = project.package_above(project.file(file).folder(), Some(ecosystem));
        if taken.iter().any(|app| is_of(documents, app, file, package)) {
            continue;
        }
        let Some(module) = documents.module_of(file) else { continue };
        for library in libraries.hosts().filter(|library| library.id.starts_with(registry)) {
            let Some(host) = &library.host else { continue };
            if is_for_developers(documents, package, library)
                || package.is_some_and(|package| is_imported_alone(project, package))
                || !makes(registry, &module, host)
            {
                continue;
            }
            let root = package.map_or_else(|| "".into(), |package| project.package(package).dir.clone());
            makers.push(Maker { file, root, package, library });
        }
    }
    let mounted: Vec<bool> = makers.iter().map(|maker| is_mounted(project, maker, &makers)).collect();
    let mut mounted = mounted.into_iter();
    makers.retain(|_| mounted.next() != Some(true));
    let mut apps: BTreeMap<(Arc<str>, Option<PackageId>), Vec<Maker>> = BTreeMap::new();
    for maker in makers {
        let root = if maker.package.is_some() { maker.root.clone() } else { uppermost(documents, &maker) };
        apps.entry((root, maker.package)).or_default().push(maker);
    }
    let apps: Vec<Found> = apps.into_iter().filter_map(|((root, _), makers)| found(documents, root, &makers)).collect();
    outermost(apps)
}

/// Whether a file belongs to an app that is known already.
fn is_of(documents: &Documents<'_>, app: &Found, file: FileId, package: Option<PackageId>) -> bool {
    match (app.package, package) {
        (Some(own), Some(package)) => own == package,
        _ => lies_in(&documents.project.file(file).path, &app.root),
    }
}

/// Whether a package needs a host for development alone.
fn is_for_developers(documents: &Documents<'_>, package: Option<PackageId>, library: &Library) -> bool {
    let needed = package.and_then(|package| documents.project.package(package).dependencies.get(library.name));
    needed.is_some_and(|needed| needed.section == Section::Dev)
}

/// Whether a package of a workspace is published for other people's code, which decides how it is run; one that
/// somebody asks for by its folder is judged all the same.
fn is_imported_alone(project: &Project, package: PackageId) -> bool {
    let own = project.package(package);
    own.library && *own.dir != *project.selection() && !own.dir.is_empty()
}

/// Whether a path below an app leads to a helper that somebody starts at a command line beside it. `bin/www` starts the
/// app itself.
pub(crate) fn is_helper(path: &str) -> bool {
    let mut folders = path.trim_start_matches('/').split('/').rev().skip(1).peekable();
    let first = folders.clone().last();
    first.is_some_and(|first| matches!(first, "scripts" | "hack" | "contrib" | "tools"))
        || first == Some("bin") && folders.nth(1).is_some()
}

/// Whether what some files of a package make is mounted by code of another package, which lets requests in and adds to
/// all answers what is missing here.
fn is_mounted(project: &Project, maker: &Maker, makers: &[Maker]) -> bool {
    let Some(package) = maker.package else { return false };
    let own = project.package(package);
    let Some(name) = &own.name else { return false };
    let starts = own.script("start").is_some() || *own.dir == *project.selection();
    let names = [format!("\"{name}\""), format!("'{name}'"), format!("\"{name}/"), format!("'{name}/")];
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    !starts
        && makers.iter().any(|other| {
            other.package != maker.package
                && project.mentions(other.file, &names)
                && project.mentions(other.file, &[".route(", ".use(", ".mount(", ".register("])
        })
}

/// Whether a module makes an app of a host.
fn makes(registry: &str, module: &Module, host: &Host) -> bool {
    let is_meant = |name: &str| host.modules.iter().any(|own| is_module(registry, own, name));
    let names = locals(module, &|name| {
        is_meant(name) || registry == "pypi" && host.modules.iter().any(|own| is_module(registry, name, own))
    });
    let mut found = false;
    // A class of the project's own that is an app of the host: whoever makes one makes an app.
    code::declared(&module.body, &mut |statement| {
        let Statement::Class { class, .. } = statement else { return };
        found |= class.bases.iter().any(|base| is_one(registry, host, named_by(base, &names, &is_meant)));
    });
    visit(&module.body, &mut |expr, _| {
        let ExprKind::Call { callee, .. } = &expr.kind else { return };
        found |= is_one(registry, host, named_by(callee, &names, &is_meant));
    });
    found
}

/// The module and the name in it of what an expression names: `express`, `fastapi.FastAPI`, `FastMCP[Context]`, `require("hono").Hono`.
fn named_by(
    expr: &Expr,
    names: &HashMap<Arc<str>, (Arc<str>, Arc<str>)>,
    is_meant: &dyn Fn(&str) -> bool,
) -> Option<(Arc<str>, Arc<str>)> {
    match &expr.kind {
        ExprKind::Name(name) => names.get(name).cloned(),
        ExprKind::Index { object, .. } => named_by(object, names, is_meant),
        ExprKind::Member { object, property, .. } => match &object.kind {
            ExprKind::Name(name) => names.get(name).map(|(module, there)| {
                let there = if there.is_empty() { property.clone() } else { format!("{there}.{property}").into() };
                (module.clone(), there)
            }),
            _ => None,
        },
        _ => code::loaded(expr).filter(|(module, _)| is_meant(module)),
    }
}

fn is_one(registry: &str, host: &Host, named: Option<(Arc<str>, Arc<str>)>) -> bool {
    named.is_some_and(|(module, name)| is_export(registry, &host.modules, &host.made_by, &module, &name))
}

/// The folder of an app that lies in no package.
fn uppermost(documents: &Documents<'_>, maker: &Maker) -> Arc<str> {
    documents.project.file(maker.file).folder().into()
}

/// The app that some files of one package make: of the first host by its name, with the likeliest file as its entry.
fn found(documents: &Documents<'_>, root: Arc<str>, makers: &[Maker]) -> Option<Found> {
    let rank = |maker: &&Maker| {
        let file = documents.project.file(maker.file);
        let stem = file.name().split('.').next().unwrap_or_default();
        let name = ENTRIES.iter().position(|entry| *entry == stem).unwrap_or(ENTRIES.len());
        // What only speaks a protocol is carried by another host, where there is one.
        let is_carried = maker.library.host.as_ref().is_some_and(|host| host.surfaces.is_empty());
        let is_helper = is_helper(&file.path[maker.root.len()..]);
        (is_carried, is_helper, maker.library.id, name, file.path.matches('/').count(), file.path.clone())
    };
    let first = makers.iter().min_by_key(rank)?;
    let framework = framework_of(first.library, first.library.host.as_ref()?);
    Some(match first.package {
        Some(package) => Found::in_package(framework, documents, package, Some(first.file)),
        None => Found {
            id: root.clone(),
            framework: Some(framework),
            root,
            package: None,
            entry: Some(first.file),
            version: None,
        },
    })
}

/// Of apps in no package, those whose folder lies in the folder of none of the others.
fn outermost(apps: Vec<Found>) -> Vec<Found> {
    let loose: Vec<Arc<str>> = apps.iter().filter(|app| app.package.is_none()).map(|app| app.root.clone()).collect();
    let is_inner =
        |app: &Found| app.package.is_none() && loose.iter().any(|root| *root != app.root && lies_in(&app.root, root));
    apps.into_iter().filter(|app| !is_inner(app)).collect()
}

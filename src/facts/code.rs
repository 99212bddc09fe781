//! The code of an app in which libraries are looked for, and what a file imports, as far as its text says it.

use super::catalogue::Catalogue;
use super::names;
use crate::project::Project;
use crate::project::aside::is_never_deployed;
use crate::reading::found::Found;
use crate::syntax::FileId;
use crate::syntax::code::{Expr, ExprKind, Imported, Module, Pattern, Statement, visit};
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// Whose packages code imports.
pub(super) const REGISTRIES: [&str; 2] = ["npm", "pypi"];

/// The registry whose packages a file imports; none where it is no code.
pub(super) fn registry_of(project: &Project, file: FileId) -> Option<&'static str> {
    let kind = &project.file(file).kind;
    match (kind.is_script(), kind.is_python()) {
        (true, _) => Some("npm"),
        (_, true) => Some("pypi"),
        _ => None,
    }
}

/// The code of an app: what is deployed of its own package.
pub(crate) fn of_app(project: &Project, found: &Found) -> Vec<FileId> {
    let folder = found.package.map_or(&found.root, |package| &project.package(package).dir);
    let folder = if folder.len() < found.root.len() { &found.root } else { folder };
    let is_own = |file: &FileId| match found.package {
        Some(package) => {
            let ecosystem = project.package(package).ecosystem;
            project.package_above(project.file(*file).folder(), Some(ecosystem)) == Some(package)
        }
        None => true,
    };
    let all = project.within(folder).filter(|file| registry_of(project, *file).is_some());
    let is_deployed =
        |file: &FileId| !is_never_deployed(&project.file(*file).path[folder.len()..]) && !project.is_built(*file);
    let is_helper = |file: &FileId| super::hosts::is_helper(&project.file(*file).path[folder.len()..]);
    // Where helpers are all there is, they are the app.
    let helps = found.entry.as_ref().is_some_and(is_helper);
    all.filter(is_deployed).filter(is_own).filter(|file| helps || !is_helper(file)).collect()
}

/// Those of some files that may import one of the catalogue's libraries, or one of its hosts: its text says a module's name.
pub(super) fn importing(
    project: &Project,
    files: &[FileId],
    libraries: &Catalogue,
    only_hosts: bool,
) -> Vec<(FileId, &'static str)> {
    let mut found: Vec<(FileId, &'static str)> = Vec::new();
    for registry in REGISTRIES {
        let own: Vec<FileId> =
            files.iter().copied().filter(|file| registry_of(project, *file) == Some(registry)).collect();
        let modules = libraries.modules(registry, only_hosts);
        if own.is_empty() || modules.is_empty() {
            continue;
        }
        let words: Vec<String> = modules.iter().flat_map(|module| spelled(registry, module)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        found.extend(project.mentioning(&own, &words).into_iter().map(|file| (file, registry)));
    }
    found.sort_unstable();
    found
}

/// What the text of a file says that imports one of the libraries of a registry.
pub(super) fn words(registry: &str, libraries: &Catalogue) -> Vec<String> {
    libraries.modules(registry, false).iter().flat_map(|module| spelled(registry, module)).collect()
}

/// How code spells the import of a module.
fn spelled(registry: &str, module: &str) -> Vec<String> {
    match registry {
        "npm" => vec![format!("\"{module}\""), format!("'{module}'"), format!("`{module}`")],
        _ => vec![format!("from {module}"), format!("import {module}"), format!(", {module}")],
    }
}

/// The modules that a file imports or loads, by their letter.
pub(super) fn imported(module: &Module) -> HashSet<Arc<str>> {
    let mut all: HashSet<Arc<str>> = HashSet::new();
    for statement in &module.body {
        let Statement::Import(import) = statement else { continue };
        if import.type_only {
            continue;
        }
        all.insert(import.module.clone());
        // `from flask import wrappers` names a module of the package.
        all.extend(import.names.iter().filter_map(|name| match &name.what {
            Imported::Named(name) => Some(format!("{}.{name}", import.module).into()),
            _ => None,
        }));
    }
    visit(&module.body, &mut |expr, _| {
        if let ExprKind::ImportCall(module) = &expr.kind {
            all.insert(module.clone());
        }
    });
    all
}

/// The names in a file that stand for something of some modules: the module, and the name there; an empty one for the
/// whole module.
pub(super) fn locals(module: &Module, is_meant: &dyn Fn(&str) -> bool) -> HashMap<Arc<str>, (Arc<str>, Arc<str>)> {
    let mut names = HashMap::new();
    declared(&module.body, &mut |statement| match statement {
        Statement::Import(import) if !import.type_only && is_meant(&import.module) => {
            for name in &import.names {
                let there: Arc<str> = match &name.what {
                    Imported::Named(there) => there.clone(),
                    Imported::Default => "default".into(),
                    Imported::Module => "".into(),
                    Imported::Everything => continue,
                };
                names.insert(name.local.clone(), (import.module.clone(), there));
            }
        }
        Statement::Declare { pattern, value: Some(value), .. } => {
            if let Some((module, there)) = loaded(value).filter(|(module, _)| is_meant(module)) {
                bound(pattern, &module, &there, &mut names);
            }
        }
        _ => {}
    });
    names
}

/// What is loaded by `require("m")`, `await import("m")`, or a part of it.
pub(super) fn loaded(expr: &Expr) -> Option<(Arc<str>, Arc<str>)> {
    match &expr.kind {
        ExprKind::ImportCall(module) => Some((module.clone(), "".into())),
        ExprKind::Member { object, property, .. } => {
            let (module, there) = loaded(object)?;
            Some((module, joined(&there, property)))
        }
        ExprKind::Unary(_, inner) => loaded(inner),
        _ => None,
    }
}

fn bound(pattern: &Pattern, module: &Arc<str>, there: &Arc<str>, into: &mut HashMap<Arc<str>, (Arc<str>, Arc<str>)>) {
    match pattern {
        Pattern::Name(name, _) => drop(into.insert(name.clone(), (module.clone(), there.clone()))),
        Pattern::Object { fields, .. } => {
            fields.iter().for_each(|field| bound(&field.pattern, module, &joined(there, &field.key), into));
        }
        _ => {}
    }
}

fn joined(there: &str, name: &str) -> Arc<str> {
    if there.is_empty() { name.into() } else { format!("{there}.{name}").into() }
}

/// Calls `f` with each statement of a body and of the bodies in it, those of functions that are declared there included.
pub(super) fn declared<'t>(body: &'t [Statement], f: &mut dyn FnMut(&'t Statement)) {
    for statement in body {
        f(statement);
        match statement {
            Statement::If { then, otherwise, .. } => {
                declared(then, f);
                declared(otherwise, f);
            }
            Statement::Block(body) | Statement::Loop { body, .. } => declared(body, f),
            Statement::Try { body, handlers, finally, .. } => {
                declared(body, f);
                handlers.iter().for_each(|handler| declared(handler, f));
                declared(finally, f);
            }
            Statement::Function { function, .. } => declared(&function.body, f),
            Statement::Declare { value: Some(Expr { kind: ExprKind::Function(function), .. }), .. } => {
                declared(&function.body, f);
            }
            _ => {}
        }
    }
}

/// Whether something that is imported is one of the exports that a library speaks of.
pub(super) fn is_export(registry: &str, modules: &[&str], exports: &[&str], module: &str, name: &str) -> bool {
    if registry == "npm" {
        let name = name.strip_suffix(".default").unwrap_or(name);
        let name = if name.is_empty() { "default" } else { name };
        // `import jwt from "jsonwebtoken"; jwt.sign(..)`: the default export of most packages has all of the others.
        let inside = name.strip_prefix("default.").unwrap_or(name);
        return modules.contains(&module) && (exports.contains(&name) || exports.contains(&inside));
    }
    let whole = if name.is_empty() || name == "default" { module.to_owned() } else { format!("{module}.{name}") };
    let inside = modules.iter().any(|own| names::is_module(registry, own, &whole));
    let ends =
        |export: &&str| whole.strip_suffix(*export).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    inside && exports.iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::is_export;

    #[test]
    fn an_export_of_javascript_is_meant_by_its_module_and_name() {
        let cors = |module, name| is_export("npm", &["cors"], &["default"], module, name);
        assert!(cors("cors", "") && cors("cors", "default"));
        let sign = |name| is_export("npm", &["jsonwebtoken"], &["sign"], "jsonwebtoken", name);
        assert!(sign("sign") && sign("default.sign") && !sign("default"));
        assert!(!cors("cors", "other") && !cors("cors/lib", "default"));
    }

    #[test]
    fn an_export_of_python_lies_anywhere_in_its_module() {
        let modules = &["starlette.middleware.cors"];
        let cors = |module, name| is_export("pypi", modules, &["CORSMiddleware"], module, name);
        assert!(cors("starlette.middleware.cors", "CORSMiddleware"));
        assert!(cors("starlette", "middleware.cors.CORSMiddleware"));
        assert!(
            !cors("starlette.middleware", "CORSMiddleware") && !cors("starlette.middleware.cors", "MyCORSMiddleware")
        );
    }
}

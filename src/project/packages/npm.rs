//! Reads `package.json` and `deno.json`.

use super::{ManifestText, Package, Script, Section};
use crate::project::json;
use crate::project::problem::{Problem, id};
use crate::text::Text;
use jsonc_parser::ast::{Object, Value};

/// Adds what a `package.json` says.
pub(super) fn read(package: &mut Package, manifest: &mut ManifestText<'_>) {
    let (value, problem) = json::read(manifest.text, manifest.path);
    if let Some(problem) = problem {
        manifest.complain(problem);
    }
    let Some(Value::Object(object)) = value else { return };
    package.name = json::string(&object, "name").map(Into::into);
    package.version = json::string(&object, "version").map(Into::into);
    read_dependencies(package, manifest, &object);
    read_scripts(package, &object, "scripts");
    package.workspaces = workspaces(&object);
    package.entries.exports = object.get("exports").map(|property| json::plain(&property.value));
    package.entries.imports = object.get("imports").map(|property| json::plain(&property.value));
    let mains = ["source", "module", "main", "types", "typings"];
    package.entries.main = mains.iter().filter_map(|key| json::string(&object, key)).map(str::to_owned).collect();
    package.library = is_library(package, &object);
}

/// Whether a package is there to be imported and nothing else: it is no private one, has entries for those who import
/// it, and neither a command nor a script that starts it.
fn is_library(package: &Package, object: &Object<'_>) -> bool {
    let private =
        object.get("private").is_some_and(|property| !matches!(&property.value, Value::BooleanLit(own) if !own.value));
    let offers = ["main", "module", "exports", "types", "typings"].iter().any(|key| object.get(key).is_some());
    offers && !private && object.get("bin").is_none() && package.script("start").is_none()
}

/// Adds what a `deno.json` says: its import map names the dependencies, its tasks are scripts.
pub(super) fn read_deno(package: &mut Package, manifest: &mut ManifestText<'_>) {
    let Some(Value::Object(object)) = json::lax(manifest.text) else {
        let message = format!("`{}` is not valid JSON", manifest.path);
        return manifest.complain(Problem::new(id::UNPARSABLE, message));
    };
    if package.name.is_none() {
        package.name = json::string(&object, "name").map(Into::into);
        package.version = json::string(&object, "version").map(Into::into);
    }
    if package.scripts.is_empty() && package.file == manifest.id {
        read_scripts(package, &object, "tasks");
    }
    let Some(imports) = object.get_object("imports") else { return };
    for property in &imports.properties {
        let Value::StringLit(target) = &property.value else { continue };
        package.entries.import_map.push((property.name.as_str().to_owned(), target.value.to_string()));
        let Some(specifier) = target.value.strip_prefix("npm:") else { continue };
        let specifier = specifier.trim_start_matches('/');
        let name_end = specifier.get(1..).and_then(|rest| rest.find('@')).map_or(specifier.len(), |at| at + 1);
        let (name, range) = specifier.split_at(name_end);
        let range = range.trim_start_matches('@').split('/').next().unwrap_or(range);
        let range = if range.is_empty() { "*" } else { range };
        let span = json::span(property.range);
        package.add(name.trim_end_matches('/'), manifest.dependency(range, Section::Normal, span));
    }
}

fn read_dependencies(package: &mut Package, manifest: &ManifestText<'_>, object: &Object<'_>) {
    let sections = [
        ("dependencies", Section::Normal),
        ("optionalDependencies", Section::Optional),
        ("peerDependencies", Section::Peer),
        ("devDependencies", Section::Dev),
    ];
    for (key, section) in sections {
        let Some(listed) = object.get_object(key) else { continue };
        for property in &listed.properties {
            let Value::StringLit(range) = &property.value else { continue };
            let span = json::span(range.range).to(json::span(property.range));
            package.add(property.name.as_str(), manifest.dependency(&range.value, section, span));
        }
    }
}

fn read_scripts(package: &mut Package, object: &Object<'_>, key: &str) {
    let Some(scripts) = object.get_object(key) else { return };
    for property in &scripts.properties {
        let Value::StringLit(command) = &property.value else { continue };
        let (name, span) = (property.name.as_str().into(), json::span(command.range));
        package.scripts.push(Script { name, command: Text::new(&*command.value), span });
    }
}

fn workspaces(object: &Object<'_>) -> Option<Vec<String>> {
    let value = &object.get("workspaces")?.value;
    match value {
        Value::Array(_) => Some(json::strings(value)),
        Value::Object(settings) => Some(settings.get("packages").map(|p| json::strings(&p.value)).unwrap_or_default()),
        _ => None,
    }
}

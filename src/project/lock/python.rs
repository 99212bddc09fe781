//! `poetry.lock`, `uv.lock`, `Pipfile.lock`.

use super::{Entry, agreed};
use crate::project::packages::normalised;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The version in the `[[package]]` block of a name.
pub(super) fn ask_packages(text: &str, name: &str) -> Option<Entry> {
    let mut all = Vec::new();
    for block in text.split("[[package]]").skip(1) {
        // Sub-tables such as `[package.dependencies]` follow the keys of the package itself.
        let own = block.split("\n[").next().unwrap_or(block);
        if value_of(own, "name").is_none_or(|found| normalised(found) != name) {
            continue;
        }
        let source = own.lines().find_map(|line| line.strip_prefix("source = {"));
        let folder =
            source.and_then(|source| ["editable", "virtual", "directory"].iter().find_map(|k| inline(source, k)));
        match (folder, value_of(own, "version")) {
            (Some(folder), _) => all.push(Entry::Folder(folder.to_owned())),
            (None, Some(version)) => all.push(Entry::Version(version.to_owned())),
            (None, None) => {}
        }
    }
    agreed(all)
}

fn value_of<'t>(block: &'t str, key: &str) -> Option<&'t str> {
    let rest = block.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
    Some(rest.trim().trim_matches('"'))
}

/// `editable = "packages/x"` in an inline table.
fn inline<'t>(table: &'t str, key: &str) -> Option<&'t str> {
    let (_, rest) = table.split_once(key)?;
    rest.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?.split('"').next()
}

#[derive(Deserialize)]
struct Pipfile {
    #[serde(default)]
    default: BTreeMap<String, Pinned>,
    #[serde(default)]
    develop: BTreeMap<String, Pinned>,
}

#[derive(Deserialize)]
struct Pinned {
    version: Option<String>,
}

/// The version that a `Pipfile.lock` pins.
pub(super) fn ask_pipfile(text: &str, name: &str) -> Option<Entry> {
    let pipfile: Pipfile = serde_json::from_str(text).ok()?;
    let mut pins = pipfile.default.iter().chain(&pipfile.develop);
    let (_, pinned) = pins.find(|(found, _)| normalised(found) == name)?;
    Some(Entry::Version(pinned.version.as_ref()?.trim_start_matches('=').to_owned()))
}

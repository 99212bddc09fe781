//! Which file of a package an import of it means, by its `exports` and `main`, back from the built file to its source.

use super::super::Project;
use super::super::file::{inside, normalized};
use super::super::kind::{FileKind, SourceKind};
use super::super::packages::PackageId;
use super::Resolution;
use crate::syntax::FileId;
use serde_json::Value;

/// Folders that hold what `src` is built into.
const BUILT: &[&str] = &["dist", "lib", "build", "out", "output", "esm", "cjs", "es", "types", "node", "bundle"];

impl Project {
    /// The source file behind a package's entry; `""` is the main one.
    pub(super) fn resolve_entry(&self, id: PackageId, subpath: &str) -> Resolution {
        let package = self.package(id);
        let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
        let mut candidates: Vec<String> = Vec::new();
        if let Some(exports) = &package.entries.exports {
            candidates = targets(exports, &key);
        } else if subpath.is_empty() {
            candidates.clone_from(&package.entries.main);
        }
        let promised = candidates.first().cloned();
        if subpath.is_empty() {
            candidates.extend(["index", "src/index", "src/main"].map(str::to_owned));
        } else {
            candidates.extend([subpath.to_owned(), format!("src/{subpath}")]);
        }
        if let Some(file) = candidates.iter().find_map(|path| self.probe_source(&package.dir, path)) {
            return Resolution::File(file);
        }
        let path = promised.as_deref().unwrap_or(subpath);
        Resolution::Missing(normalized(&inside(&package.dir, path)).unwrap_or_else(|| path.to_owned()).into())
    }

    /// The file at `path` in a package, or the source it is built from.
    pub(super) fn probe_source(&self, dir: &str, path: &str) -> Option<FileId> {
        let path = normalized(path)?;
        let found = self.probe(&inside(dir, &path)).filter(|id| self.has_values(*id));
        found.or_else(|| {
            let sources = sources_of(&path);
            sources.iter().find_map(|source| self.probe(&inside(dir, source)).filter(|id| self.has_values(*id)))
        })
    }

    fn has_values(&self, id: FileId) -> bool {
        matches!(&self.file(id).kind, FileKind::Source(kind) if *kind != SourceKind::Declarations)
            || matches!(self.file(id).kind, FileKind::Json | FileKind::Manifest(_))
    }
}

/// Where the source of a built file can lie: `dist/esm/a.d.ts` comes from `src/a` or `a`.
fn sources_of(path: &str) -> Vec<String> {
    let name_start = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = &path[name_start..];
    let name = [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs"]
        .iter()
        .find_map(|extension| name.strip_suffix(extension))
        .unwrap_or(name);
    let folders: Vec<&str> = path[..name_start].split('/').filter(|part| !part.is_empty()).collect();
    let built = folders.iter().take_while(|folder| BUILT.contains(folder)).count();
    if built == 0 {
        return vec![format!("{}{name}", &path[..name_start])];
    }
    let sources = (1..=built).map(|built| inside(&folders[built..].join("/"), name));
    let plain = sources.map(|source| source.strip_prefix("src/").map_or(source.clone(), str::to_owned));
    plain.flat_map(|plain| [format!("src/{plain}"), plain]).collect()
}

/// What `exports` or `imports` gives for a key, in the order of its conditions; types come last, since they hold no
/// values.
pub(super) fn targets(map: &Value, key: &str) -> Vec<String> {
    let mut out = Vec::new();
    let keyed = map.as_object().filter(|object| object.keys().any(|key| key.starts_with(['.', '#'])));
    match keyed {
        None if key == "." => collect(map, None, &mut out),
        None => {}
        Some(object) => match object.get(key) {
            Some(value) => collect(value, None, &mut out),
            None => {
                let matching = object.iter().filter_map(|(pattern, value)| Some((pattern, value, star(pattern, key)?)));
                let best = matching.max_by_key(|(pattern, ..)| pattern.find('*'));
                if let Some((_, value, middle)) = best {
                    collect(value, Some(middle), &mut out);
                }
            }
        },
    }
    out
}

/// What the `*` of a pattern stands for.
pub(super) fn star<'k>(pattern: &str, key: &'k str) -> Option<&'k str> {
    let (before, after) = pattern.split_once('*')?;
    let middle = key.strip_prefix(before)?.strip_suffix(after)?;
    (!middle.is_empty()).then_some(middle)
}

fn collect(value: &Value, middle: Option<&str>, out: &mut Vec<String>) {
    match value {
        Value::String(target) => out.push(middle.map_or_else(|| target.clone(), |middle| target.replace('*', middle))),
        Value::Array(choices) => choices.iter().for_each(|choice| collect(choice, middle, out)),
        Value::Object(conditions) => {
            let is_last = |condition: &str| condition.starts_with("types") || condition == "browser";
            for last in [false, true] {
                let here = conditions.iter().filter(|(condition, _)| is_last(condition) == last);
                here.for_each(|(_, value)| collect(value, middle, out));
            }
        }
        _ => {}
    }
}

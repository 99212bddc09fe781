//! Where the project begins: the nearest folder above PATH that says so.

use super::json;
use super::read::{Decoded, MAX_FILE_BYTES, bytes_of, decode};
use std::path::{Path, PathBuf};

/// The root for a canonical folder: the nearest ancestor (itself first) with `prodcheck.toml`, `.git` or a workspace
/// manifest, else the folder itself.
pub(super) fn root_of(folder: &Path) -> PathBuf {
    folder.ancestors().find(|ancestor| is_root(ancestor)).unwrap_or(folder).to_path_buf()
}

fn is_root(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).exists();
    has("prodcheck.toml")
        || has(".git")
        || has("pnpm-workspace.yaml")
        || json_has_key(&folder.join("package.json"), "workspaces")
        || json_has_key(&folder.join("deno.json"), "workspace")
        || text_of(&folder.join("pyproject.toml")).is_some_and(|text| text.contains("[tool.uv.workspace]"))
}

fn json_has_key(path: &Path, key: &str) -> bool {
    let Some(text) = text_of(path).filter(|text| text.contains(key)) else { return false };
    json::lax(&text).is_some_and(|value| value.as_object().is_some_and(|object| object.get(key).is_some()))
}

fn text_of(path: &Path) -> Option<String> {
    match decode(bytes_of(path, MAX_FILE_BYTES).ok()??) {
        Decoded::Exact(text) | Decoded::Lossy(text) => Some(text),
    }
}

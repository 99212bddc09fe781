//! Which changes on the disk can change what a scan says.

use super::walk::is_skipped;
use std::path::Path;

/// Whether a scan reads the file: not what was installed or built, and of git's folder what says which files it tracks.
pub(crate) fn is_watched(path: &Path, root: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(root) else { return true };
    if inside.starts_with(".git") {
        return [".git/index", ".git/HEAD", ".git/info/exclude"].iter().any(|file| inside == Path::new(file));
    }
    inside.components().all(|part| !is_skipped(&part.as_os_str().to_string_lossy()))
}

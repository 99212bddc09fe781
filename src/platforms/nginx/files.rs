//! The files of nginx.

use crate::project::{FileKind, FilesOf, Pattern};
use crate::syntax::data::nginx as syntax;

/// Configuration of nginx, templates of it included.
pub(crate) static FILES: FilesOf = FilesOf {
    name: "nginx",
    patterns: &[Pattern::Told(is_nginx)],
    medium: "manifest",
    comments: Some(|text| syntax::read(text).map(|file| file.comments).unwrap_or_default()),
};

/// Its kind.
pub(crate) const KIND: FileKind = FileKind::Platform(&FILES);

fn is_nginx(folder: &str, name: &str) -> bool {
    // The official image renders `templates/*.conf.template` with the environment.
    let name = name.strip_suffix(".template").unwrap_or(name);
    if name.ends_with(".nginx") {
        return true;
    }
    let parent = folder.rsplit('/').next().unwrap_or(folder);
    if matches!(parent, "sites-available" | "sites-enabled") {
        return !name.starts_with('.');
    }
    let Some(stem) = name.strip_suffix(".conf") else { return false };
    stem.split(['.', '-', '_']).any(|word| word == "nginx")
        || parent == "conf.d"
        || folder.split('/').any(|part| part == "nginx")
}

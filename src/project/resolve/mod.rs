//! Which file an import means: relative paths, `paths` of tsconfig, packages of the workspace, Python modules.

mod entries;
mod python;
mod script;
#[cfg(test)]
mod tests;
mod tsconfig;
mod workspace;

pub(super) use tsconfig::{TsConfigs, Written as TsConfigFile};
pub(super) use workspace::Workspaces;

use super::Project;
use super::file::inside;
use crate::syntax::FileId;
use std::sync::Arc;

/// What an import leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// A file of the project.
    File(FileId),
    /// Something installed: a package, or what the platform brings along (`node:fs`).
    External {
        /// Its name, scope included; the first part of a Python module.
        package: Arc<str>,
        /// What stands behind the name, without the leading separator; `""` is the package itself.
        subpath: Arc<str>,
    },
    /// A file of the project that is not there: built, generated or forgotten. The path is relative to the root where
    /// the import leads into it, else as it was written.
    Missing(Arc<str>),
}

impl Resolution {
    /// The file, if it is one.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Resolution::File(id) => Some(*id),
            _ => None,
        }
    }
}

/// How Node and its bundlers complete a path, most likely first.
const EXTENSIONS: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json"];

impl Project {
    /// The file that a JavaScript path without or with its extension means: the file itself, with an extension, or the
    /// index of a folder. TypeScript writes `./x.js` where it means `x.ts`.
    fn probe(&self, path: &str) -> Option<FileId> {
        let with = |stem: &str, extension: &str| self.find(&format!("{stem}.{extension}"));
        let exact = self.find(path).filter(|_| !path.is_empty());
        exact
            .or_else(|| EXTENSIONS.iter().find_map(|extension| with(path, extension)))
            .or_else(|| {
                let (stem, extension) = path.rsplit_once('.')?;
                let sources: &[&str] = match extension {
                    "js" => &["ts", "tsx", "jsx"],
                    "jsx" => &["tsx"],
                    "mjs" => &["mts"],
                    "cjs" => &["cts"],
                    _ => &[],
                };
                sources.iter().find_map(|source| with(stem, source))
            })
            .or_else(|| EXTENSIONS.iter().find_map(|extension| with(&inside(path, "index"), extension)))
    }

    /// Whether a file lies in a folder of this path.
    fn has_folder(&self, path: &str) -> bool {
        let own = &self.files()[..self.by_path.len()];
        let path = format!("{path}/");
        let at = own.partition_point(|file| *file.path < *path);
        own.get(at).is_some_and(|file| file.path.starts_with(&path))
    }

    /// The folder that relative imports of a file start from; Node and Python follow a link first.
    fn import_folder(&self, from: FileId) -> &str {
        let file = self.file(from);
        file.link_to.as_deref().map_or(file.folder(), super::file::folder_of)
    }
}

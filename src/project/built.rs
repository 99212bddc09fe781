//! What a compiler made of the sources beside it: committed by some, and said a second time if it were read.

use super::Project;
use super::kind::{FileKind, SourceKind};
use crate::syntax::FileId;

/// Folders that compilers and bundlers write into by default.
const OUTPUT: &[&str] = &["dist", "build", "out", ".next", ".nuxt", ".output", ".svelte-kit"];

impl Project {
    /// Whether a file is JavaScript below a folder for output, in a package whose sources in TypeScript lie beside it.
    pub fn is_built(&self, file: FileId) -> bool {
        let own = self.file(file);
        if own.kind != FileKind::Source(SourceKind::JavaScript) {
            return false;
        }
        let folder = self.nearest_package(file).map_or("", |package| &*self.package(package).dir);
        below_output(&own.path[folder.len()..]) && self.has_sources(folder)
    }

    /// Whether some TypeScript lies in the package of a folder, outside of what is output.
    fn has_sources(&self, folder: &str) -> bool {
        let known = self.sources.get_or_init(|| {
            let typed = self
                .ids()
                .filter(|id| matches!(self.file(*id).kind, FileKind::Source(SourceKind::TypeScript | SourceKind::Tsx)));
            let folders = typed.filter_map(|id| {
                let folder = self.nearest_package(id).map_or("", |package| &*self.package(package).dir);
                (!below_output(&self.file(id).path[folder.len()..])).then(|| folder.into())
            });
            folders.collect()
        });
        known.contains(folder)
    }
}

fn below_output(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|folder| OUTPUT.contains(&folder)))
}

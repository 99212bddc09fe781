//! Imports of Python.

use super::super::Project;
use super::super::file::{folder_of, inside, upward};
use super::super::packages::Ecosystem;
use super::Resolution;
use crate::syntax::FileId;

impl Project {
    /// The file of `module` (`a.b.c`, or `""` in `from . import x`) as the file `from` imports it; `level` counts the
    /// leading dots.
    ///
    /// A folder without `__init__.py` has no file of its own and is [`Resolution::Missing`]; its modules are found by
    /// their full names. `from a import b` can mean the module `a.b`: ask for it when `a` has no such name.
    pub fn resolve_python(&self, from: FileId, module: &str, level: u32) -> Resolution {
        let path = module.replace('.', "/");
        if level > 0 {
            return self.resolve_dots(from, &path, level);
        }
        let bases = self.python_bases(from);
        if let Some(file) = bases.iter().find_map(|base| self.python_file(&inside(base, &path))) {
            return Resolution::File(file);
        }
        let (first, rest) = module.split_once('.').unwrap_or((module, ""));
        let here = bases.iter().map(|base| inside(base, first)).find(|path| self.is_python_name(path));
        match here {
            Some(top) => Resolution::Missing(inside(&top, &rest.replace('.', "/")).into()),
            None => Resolution::External { package: first.into(), subpath: rest.into() },
        }
    }

    fn resolve_dots(&self, from: FileId, path: &str, level: u32) -> Resolution {
        let mut folder = self.import_folder(from);
        for _ in 1..level {
            if folder.is_empty() {
                return Resolution::Missing(path.into());
            }
            folder = folder_of(folder);
        }
        let path = inside(folder, path);
        self.python_file(&path).map_or_else(|| Resolution::Missing(path.into()), Resolution::File)
    }

    /// The folders that Python would look in: that of the package, its `src`, and those around the file which are no
    /// package themselves. A file inside a package does not see its neighbours under their bare names.
    fn python_bases(&self, from: FileId) -> Vec<String> {
        let folder = self.import_folder(from);
        let package = self.package_above(folder, Some(Ecosystem::Python)).map(|id| &*self.package(id).dir);
        let around = upward(folder).filter(|folder| self.find(&inside(folder, "__init__.py")).is_none());
        let mut bases: Vec<String> = Vec::new();
        for base in package.into_iter().chain(around) {
            for base in [base.to_owned(), inside(base, "src")] {
                if !bases.contains(&base) {
                    bases.push(base);
                }
            }
        }
        bases
    }

    fn python_file(&self, path: &str) -> Option<FileId> {
        let module = (!path.is_empty()).then(|| self.find(&format!("{path}.py"))).flatten();
        // A package wins over a module of the same name.
        self.find(&inside(path, "__init__.py")).or(module)
    }

    /// Whether a module or a folder with modules has this path.
    fn is_python_name(&self, path: &str) -> bool {
        self.python_file(path).is_some() || self.has_python_in(path)
    }

    fn has_python_in(&self, path: &str) -> bool {
        self.has_folder(path) && {
            let prefix = format!("{path}/");
            self.files().iter().any(|file| file.kind.is_python() && file.path.starts_with(&prefix))
        }
    }
}

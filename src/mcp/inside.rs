//! Paths that a client names: only those in the folder that was given at the start are looked at.

use std::path::{Path, PathBuf};

/// The folder that was given at the start.
pub(crate) struct Inside(PathBuf);

impl Inside {
    /// The folder at a path; an error where it is not there.
    pub(crate) fn of(path: &Path) -> Result<Inside, String> {
        let real =
            std::fs::canonicalize(path).map_err(|error| format!("`{}` cannot be opened: {error}", path.display()))?;
        Ok(Inside(real))
    }

    /// The folder itself.
    pub(super) fn root(&self) -> &Path {
        &self.0
    }

    /// A path in it, links followed; none is the folder itself.
    pub(super) fn path(&self, named: Option<&str>) -> Result<PathBuf, String> {
        let Some(named) = named.filter(|named| !named.is_empty()) else { return Ok(self.0.clone()) };
        // One answer for what is elsewhere and for what is nowhere: nobody learns what there is outside.
        let refused = || format!("`{named}` is no path in the folder that prodcheck was started for");
        let real = std::fs::canonicalize(self.0.join(named)).map_err(|_| refused())?;
        if real.starts_with(&self.0) { Ok(real) } else { Err(refused()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_inside_is_looked_at() {
        let folder = tempfile::TempDir::new().unwrap();
        let root = folder.path().join("root");
        std::fs::create_dir_all(root.join("apps/api")).unwrap();
        std::fs::create_dir_all(folder.path().join("root-beside")).unwrap();
        let inside = Inside::of(&root).unwrap();
        for named in [None, Some(""), Some("."), Some("apps/api"), Some("apps/../apps"), root.to_str()] {
            assert!(inside.path(named).is_ok(), "{named:?}");
        }
        for named in ["..", "../root-beside", "/", "/etc", "apps/../..", "nowhere"] {
            assert!(inside.path(Some(named)).is_err(), "{named}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc", root.join("link")).unwrap();
            assert!(inside.path(Some("link")).is_err());
        }
        assert!(Inside::of(&folder.path().join("nowhere")).is_err());
    }
}

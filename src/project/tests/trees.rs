//! Builds a folder for a test.

use crate::project::{FileId, Options, Project};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that lives as long as the test.
pub(in crate::project) struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    /// A folder with these files.
    pub(in crate::project) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| tree.write(path, text.as_bytes()));
        tree
    }

    pub(in crate::project) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(in crate::project) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(in crate::project) fn open(&self) -> Project {
        self.open_at("")
    }

    pub(in crate::project) fn open_at(&self, path: &str) -> Project {
        Project::open(&self.path(path), &Options::default()).unwrap()
    }

    /// Runs git in the folder; `false` where there is no git, and the test has nothing to say.
    #[expect(clippy::disallowed_methods, reason = "a test may run git to get an index that git wrote")]
    pub(in crate::project) fn git(&self, arguments: &[&str]) -> bool {
        let run = Command::new("git")
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
            .args(arguments)
            .output();
        match run {
            Ok(output) => {
                assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
                true
            }
            Err(_) => false,
        }
    }
}

impl AsRef<Path> for Tree {
    fn as_ref(&self) -> &Path {
        self.folder.path()
    }
}

impl Project {
    /// The paths of all files.
    pub(in crate::project) fn paths(&self) -> Vec<&str> {
        self.files().iter().map(|file| &*file.path).collect()
    }

    /// The id of a file that is there.
    pub(in crate::project) fn id(&self, path: &str) -> FileId {
        self.find(path).unwrap_or_else(|| panic!("no file {path} among {:?}", self.paths()))
    }
}

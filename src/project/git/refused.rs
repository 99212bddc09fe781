//! Why a revision cannot be read.

use std::fmt;
use std::path::Path;

/// Why a revision cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionError {
    /// What is wrong.
    pub message: String,
    /// What to do, with a valid example.
    pub help: Option<String>,
}

impl RevisionError {
    pub(super) fn new(message: impl Into<String>) -> RevisionError {
        RevisionError { message: message.into(), help: None }
    }

    /// The project is the same there: it would be compared with itself, and nothing could ever be found.
    pub(crate) fn nothing_changed(name: &str, commit: &str) -> RevisionError {
        RevisionError::new(format!("the project is what {name} ({commit}) has: it would be compared with itself"))
            .help("name another revision, as in `--changed HEAD~1`, or leave --changed out to report everything")
    }

    pub(super) fn no_repository() -> RevisionError {
        RevisionError::new("the project is in no git repository, so it has no revisions")
    }

    /// Why a repository cannot be opened, as far as its own configuration tells.
    pub(super) fn cannot_open(top: &Path) -> RevisionError {
        let config = std::fs::read_to_string(top.join(".git").join("config")).unwrap_or_default();
        let by_sha_256 = config.lines().any(|line| {
            let line: String = line.to_ascii_lowercase().split_whitespace().collect();
            line.starts_with("objectformat=sha256")
        });
        if by_sha_256 {
            return RevisionError::new(
                "the repository names its objects by SHA-256, whose revisions cannot be read yet",
            )
            .help("leave --changed out: the files as they are here are scanned all the same");
        }
        RevisionError::new("the git repository cannot be opened")
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> RevisionError {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for RevisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RevisionError {}

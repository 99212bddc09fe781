//! What the meaning of a key can depend on.

use super::row::When;
use crate::eval::{Because, Place, Value};
use crate::project::Version;
use crate::reading::version::Versions;
use std::sync::Arc;

/// What a default can depend on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The framework's resolved version.
    pub version: Option<Version>,
    /// Why the facts of that version are not known, where they are not.
    pub beyond: Option<Because>,
    /// Blocks of keys that are written where the version does not look, each with the place of it that is read.
    pub dead_blocks: Vec<(&'static str, &'static str)>,
    /// Marks that the adapter sets by name, such as a mode.
    pub marks: Vec<&'static str>,
    /// The hosts of the app: `npm/express`.
    pub hosts: Vec<Arc<str>>,
    /// What the configuration object of the app's host holds, where it has one.
    pub config: Option<Value>,
    /// The host whose configuration object that is, by the path of its facts.
    pub config_of: Option<&'static str>,
    /// What code calls that object: the module that it takes it of, and the beginning of each key's path there.
    pub config_name: Option<(&'static str, &'static str)>,
    /// Where the app is made.
    pub made: Option<Place>,
    /// What that object names by its path in Python: the middleware and the parts of the app.
    pub named: Vec<Arc<str>>,
}

impl When {
    /// It always holds.
    pub const ALWAYS: When = When { versions: Versions::ALL, host: None, mark: None };

    /// Whether it holds; none where the version is not known and decides.
    pub(super) fn holds(&self, facts: &Facts) -> Option<bool> {
        let host = self.host.is_none_or(|host| facts.hosts.iter().any(|own| **own == *host));
        if !host || self.mark.is_some_and(|mark| !facts.has(mark)) {
            return Some(false);
        }
        match &facts.version {
            _ if self.versions == Versions::ALL => Some(true),
            Some(version) => Some(self.versions.hold(version)),
            None => None,
        }
    }
}

impl Facts {
    /// Whether the adapter set this mark.
    pub fn has(&self, mark: &str) -> bool {
        self.marks.contains(&mark)
    }

    /// Whether the version is known and at least this one.
    pub fn at_least(&self, major: u64, minor: u64) -> Option<bool> {
        self.version.as_ref().map(|version| *version >= Version::new(major, minor, 0))
    }
}

//! The versions a fact holds for.

use crate::project::Version;

/// A range of versions: from `since` on, before `until`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The first version (major, minor); none for "from the beginning".
    pub since: Option<(u64, u64)>,
    /// The first version that is out of the range; none for "to this day".
    pub until: Option<(u64, u64)>,
}

impl Versions {
    /// Every version.
    pub const ALL: Versions = Versions { since: None, until: None };

    /// Whether a version lies in the range.
    pub fn hold(&self, version: &Version) -> bool {
        let own = (version.major, version.minor);
        self.since.is_none_or(|since| own >= since) && self.until.is_none_or(|until| own < until)
    }
}

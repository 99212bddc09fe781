//! Versions of packages, compared as semver and PEP 440 agree to, and the least version a range allows.

use super::packages::Ecosystem;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A version. A pre-release comes before the release it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
    /// What marks a pre-release: `beta.1`, `rc1`.
    pub pre: Option<Arc<str>>,
}

impl Version {
    /// A release.
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch, pre: None }
    }

    /// Reads `1.2.3`, `v1.2`, `1.2.3-beta.1+build`, `1.2.3rc1`, `1!2.0.post1`. Missing numbers are zero.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim().trim_start_matches(['v', 'V', '=']);
        let text = text.split('+').next().unwrap_or(text);
        let mut rest = text.split_once('!').map_or(text, |(_epoch, rest)| rest);
        let mut numbers = [0u64; 3];
        for place in 0.. {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = rest[..digits].parse().ok()?;
            if let Some(slot) = numbers.get_mut(place) {
                *slot = number;
            }
            rest = &rest[digits..];
            let more = rest.strip_prefix('.').filter(|more| more.starts_with(|c: char| c.is_ascii_digit()));
            let Some(more) = more else { break };
            rest = more;
        }
        let [major, minor, patch] = numbers;
        Some(Version { major, minor, patch, pre: pre_release(rest)? })
    }

    /// Whether it leads to a release.
    pub fn is_pre_release(&self) -> bool {
        self.pre.is_some()
    }
}

/// What stands behind the numbers: a mark, nothing, or (as `None`) no part of a version.
fn pre_release(rest: &str) -> Option<Option<Arc<str>>> {
    let mark = rest.trim_start_matches(['-', '.', '_']);
    if !mark.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
        return None;
    }
    // PEP 440: a post-release comes after; it is the same release to whoever asks for its features.
    let is_none = mark.is_empty() || mark.starts_with("post");
    Some((!is_none).then(|| mark.into()))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| match (&self.pre, &other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => runs(a).cmp(&runs(b)),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A piece of a pre-release mark; numbers come before words and compare as numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Run<'m> {
    Number(u64),
    Word(&'m str),
}

/// `rc10` and `rc.10` as the word and the number.
fn runs(mark: &str) -> Vec<Run<'_>> {
    let mut out = Vec::new();
    for part in mark.split(['.', '-', '_']) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c: char| c.is_ascii_digit() != first.is_ascii_digit()).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            out.push(run.parse().map_or(Run::Word(run), Run::Number));
            rest = after;
        }
    }
    out
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        self.pre.iter().try_for_each(|pre| write!(f, "-{pre}"))
    }
}

/// The one version that a range allows, when it allows only one.
pub(super) fn exact(range: &str, ecosystem: Ecosystem) -> Option<Version> {
    let range = aliased(range).trim();
    let bare = range.trim_start_matches('=').trim();
    let pinned = match ecosystem {
        Ecosystem::Npm => bare.split('-').next().unwrap_or(bare).split('.').count() == 3,
        Ecosystem::Python => range.starts_with("==") || bare == range,
    };
    let plain = bare.starts_with(|c: char| c.is_ascii_digit()) && !bare.contains(['*', ',', ' ', '|', 'x', 'X']);
    (pinned && plain).then(|| Version::parse(bare)).flatten()
}

/// The least version that a range allows; `None` where it names no lower bound.
pub(super) fn least(range: &str) -> Option<Version> {
    let mut least: Option<Version> = None;
    for alternative in aliased(range).split("||") {
        let bound = lower_bound(alternative)?;
        least = Some(least.map_or(bound.clone(), |known| known.min(bound)));
    }
    least
}

/// Whether `version` is one that a caret range from `least` on accepts.
pub(super) fn is_compatible(version: &Version, least: &Version) -> bool {
    version >= least && version.major == least.major && (version.major > 0 || version.minor == least.minor)
}

fn lower_bound(alternative: &str) -> Option<Version> {
    // `1.2 - 2.0` begins where its first half does.
    let alternative = alternative.split(" - ").next().unwrap_or(alternative);
    let mut bound: Option<Version> = None;
    let mut operator = "";
    for word in alternative.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        let end = word.find(|c: char| !matches!(c, '<' | '>' | '=' | '!' | '~' | '^')).unwrap_or(word.len());
        let (found, version) = word.split_at(end);
        // `>= 1.0` comes in two words.
        if !found.is_empty() {
            operator = found;
        }
        if version.is_empty() {
            continue;
        }
        if !operator.starts_with(['<', '!'])
            && let Some(version) = Version::parse(version.trim_end_matches(['*', 'x', 'X']).trim_end_matches('.'))
        {
            bound = Some(bound.map_or(version.clone(), |known| known.max(version)));
        }
        operator = "";
    }
    bound
}

/// `npm:other@^1.0` is the range of another package under this name.
fn aliased(range: &str) -> &str {
    let Some(alias) = range.strip_prefix("npm:") else { return range };
    alias.rfind('@').filter(|at| *at > 0).map_or(alias, |at| &alias[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text} is a version"))
    }

    #[test]
    fn versions_come_in_their_order() {
        let order =
            ["0.9", "1.0.0-alpha", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-rc1", "1.0.0rc2", "v1.0.0", "1.0.1"];
        for pair in order.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        assert_eq!(version("1.2.3+build.7"), version("1.2.3"));
        assert_eq!(version("1!2024.1.post1"), Version::new(2024, 1, 0));
        for text in ["", "latest", "1.2.3(react@18)", "file:../x", "x"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_has_a_least_version_or_none() {
        let table = [
            ("^0.20.0", Some("0.20.0")),
            ("~1.2", Some("1.2.0")),
            ("1.x", Some("1.0.0")),
            (">=1.0 <2", Some("1.0.0")),
            (">= 1.5 < 2", Some("1.5.0")),
            ("<2,>=1.4", Some("1.4.0")),
            ("~=0.5.1", Some("0.5.1")),
            ("==0.5.*", Some("0.5.0")),
            ("^2.0.0 || ^1.3.0", Some("1.3.0")),
            ("1.2 - 2.0", Some("1.2.0")),
            ("npm:@acme/bknd@^0.19.1", Some("0.19.1")),
            ("^1.0.0-rc.1", Some("1.0.0-rc.1")),
            ("<2", None),
            ("!=1.5", None),
            ("*", None),
            ("", None),
            ("latest", None),
            ("^1 || *", None),
            ("git+https://example.org/x.git", None),
        ];
        for (range, expected) in table {
            assert_eq!(least(range), expected.map(version), "{range}");
        }
    }

    #[test]
    fn only_a_full_version_is_exact() {
        assert_eq!(exact("0.20.0", Ecosystem::Npm), Some(version("0.20.0")));
        assert_eq!(exact("=0.20.0-rc.1", Ecosystem::Npm), Some(version("0.20.0-rc.1")));
        assert_eq!(exact("==5.0", Ecosystem::Python), Some(version("5.0")));
        for (range, ecosystem) in [
            ("0.20", Ecosystem::Npm),
            ("^1.2.3", Ecosystem::Npm),
            ("==5.*", Ecosystem::Python),
            (">=5", Ecosystem::Python),
        ] {
            assert_eq!(exact(range, ecosystem), None, "{range}");
        }
    }
}

//! Which packages of the project an import can mean: members of the importer's workspace, and folders it names.

use super::super::Project;
use super::super::file::{folder_of, lies_in};
use super::super::lock::{Resolved, workspace_patterns};
use super::super::packages::{Ecosystem, PackageId};
use super::super::version::{Version, is_compatible};
use crate::syntax::FileId;

/// The workspaces of the project: the folder of each, and the patterns of its members.
pub(in crate::project) type Workspaces = Vec<(String, Vec<String>)>;

impl Project {
    /// The package of the project that `name` means in the file `from`.
    ///
    /// A repository can hold a package *and* an example that gets it from the registry in another version; only a
    /// member of the same workspace, in a version that the importer accepts, or a folder it names is meant.
    pub(super) fn workspace_package(&self, from: FileId, name: &str) -> Option<PackageId> {
        let folder = self.import_folder(from);
        let mut candidates = self.named_packages(Ecosystem::Npm, name);
        let Some(importer) = self.package_above(folder, Some(Ecosystem::Npm)) else {
            return candidates.find(|id| self.share_a_workspace(folder, &self.package(*id).dir));
        };
        let package = self.package(importer);
        let range = package.dependencies.get(name).map(|dependency| &*dependency.range);
        if let Some(local) = range.and_then(|range| self.local_package(package, name, range)) {
            return Some(local);
        }
        // A package can import itself by its name once it has `exports`.
        if package.name.as_deref() == Some(name) && range.is_none() && package.entries.exports.is_some() {
            return Some(importer);
        }
        let member = candidates.find(|id| *id != importer && self.share_a_workspace(folder, &self.package(*id).dir))?;
        if range.is_none() {
            return Some(member);
        }
        let is_meant = match self.resolved_version(importer, name) {
            Resolved::Locked(_) => false,
            Resolved::Range(least) => {
                let own = self.package(member).version.as_deref().and_then(Version::parse);
                own.is_some_and(|own| is_compatible(&own, &least))
            }
            Resolved::Workspace(_) | Resolved::Unknown => true,
        };
        is_meant.then_some(member)
    }

    fn share_a_workspace(&self, folder: &str, dir: &str) -> bool {
        let workspaces = self.workspaces.get_or_init(|| self.read_workspaces());
        workspaces.iter().any(|(root, patterns)| {
            lies_in(folder, root)
                && lies_in(dir, root)
                && (dir == root || is_member(dir[root.len()..].trim_start_matches('/'), patterns))
        })
    }

    fn read_workspaces(&self) -> Workspaces {
        let of_packages = self.packages().iter().filter(|package| package.ecosystem == Ecosystem::Npm);
        let mut all: Workspaces =
            of_packages.filter_map(|package| Some((package.dir.to_string(), package.workspaces.clone()?))).collect();
        for id in self.ids().filter(|id| self.file(*id).name() == "pnpm-workspace.yaml") {
            let Ok(text) = self.text(id) else { continue };
            all.push((folder_of(&self.file(id).path).to_owned(), workspace_patterns(text)));
        }
        all
    }
}

/// Whether the patterns of a workspace take a folder in; a later `!pattern` takes it out again.
fn is_member(dir: &str, patterns: &[String]) -> bool {
    patterns.iter().fold(false, |is_in, pattern| match pattern.strip_prefix('!') {
        Some(pattern) => is_in && !matches(pattern, dir),
        None => is_in || matches(pattern, dir),
    })
}

/// Patterns come from the project, so no pattern may cost more than its length times the path's.
fn matches(pattern: &str, dir: &str) -> bool {
    let parts: Vec<&str> = dir.split('/').collect();
    // `reached[n]` says that the pattern so far can stand for the first `n` parts.
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for piece in pattern.trim_start_matches("./").trim_end_matches('/').split('/') {
        let before = std::mem::replace(&mut reached, vec![false; parts.len() + 1]);
        for at in 0..=parts.len() {
            reached[at] = match piece {
                "**" => before[at] || (at > 0 && reached[at - 1]),
                _ => at > 0 && before[at - 1] && part_matches(piece, parts[at - 1]),
            };
        }
    }
    reached[parts.len()]
}

/// One part of a path against one part of a pattern, in which `*` stands for anything.
fn part_matches(pattern: &str, part: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == part };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut part) = part.strip_prefix(first).and_then(|part| part.strip_suffix(last)) else { return false };
    for piece in middle.split('*') {
        let Some(at) = part.find(piece) else { return false };
        part = &part[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_folders_in_and_out() {
        let patterns: Vec<String> =
            ["./apps/*", "packages/**", "!packages/old", "web-*", "a*b*c"].map(Into::into).to_vec();
        for dir in ["apps/api", "packages/a", "packages/a/b", "web-shop", "a-b-c", "abc"] {
            assert!(is_member(dir, &patterns), "{dir}");
        }
        for dir in ["apps/api/sub", "packages/old", "web", "examples/x", "ac", "abcd"] {
            assert!(!is_member(dir, &patterns), "{dir}");
        }
    }
}

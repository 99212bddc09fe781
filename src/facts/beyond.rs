//! What an app does with libraries in other packages of its workspace: helpers that it calls, and what it mounts.

use super::catalogue::Catalogue;
use super::code;
use super::library::Library;
use crate::eval::{Use, Way};
use crate::reading::bench::Reading;
use crate::reading::reached;
use crate::settings::{debug, host_check, migration, registration};
use crate::syntax::FileId;

/// The files of other packages that the app imports and that may import a library themselves.
pub(super) fn files(reading: &Reading<'_>, own: &[FileId], libraries: &Catalogue) -> Vec<FileId> {
    let words = code::words("npm", libraries);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    reached::saying(reading, own, &words)
}

/// Kinds of what a library does as soon as it is made, whatever becomes of it.
const AT_ONCE: &[&str] = &[debug::KIND.name, host_check::KIND.name, migration::KIND.name, registration::KIND.name];

/// Keeps what the app does itself. A package that is shared makes more than one app needs: of what stands in it counts what
/// a function does that the app calls, what the app mounts, and what happens as the file is loaded.
pub(super) fn retain(uses: &mut Vec<Use>, beyond: &[FileId], happens_at_once: &dyn Fn(&Use) -> bool) {
    if beyond.is_empty() {
        return;
    }
    let is_own = |one: &Use| one.entered || !beyond.contains(&one.file) || one.as_loaded && happens_at_once(one);
    let mounts: Vec<Use> =
        uses.iter().filter(|one| is_own(one) && matches!(one.way, Way::Method { .. })).cloned().collect();
    uses.retain(|one| is_own(one) || mounts.iter().any(|mount| mount.takes(one)));
}

/// Whether a library does something as soon as it is made.
pub(super) fn works_at_once(library: &Library) -> bool {
    library.gives.iter().any(|gives| AT_ONCE.contains(&gives.kind.name))
}

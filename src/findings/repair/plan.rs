//! Edits of many findings as new texts of files.

use super::object::parses;
use super::{Edit, Repair};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file with its text before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Relative to the root.
    pub path: Arc<str>,
    /// The text before; none where there is no such file yet.
    pub before: Option<Arc<str>>,
    /// The text after.
    pub after: String,
}

/// The texts after some repairs, and which of the repairs are in them. A repair is taken whole or left out: where its
/// edits overlap those of one before it, or where a file would not parse any more.
pub fn merge(repairs: &[&Repair], text: &dyn Fn(&str) -> Option<Arc<str>>) -> (Vec<Patch>, Vec<usize>) {
    let mut chosen: Vec<usize> = Vec::new();
    let mut edits: Vec<Edit> = Vec::new();
    for (index, repair) in repairs.iter().enumerate() {
        let new: Vec<&Edit> = repair.edits.iter().filter(|edit| !edits.contains(edit)).collect();
        if new.iter().any(|edit| edits.iter().any(|other| meet(edit, other))) {
            continue;
        }
        let with: Vec<Edit> = edits.iter().cloned().chain(new.into_iter().cloned()).collect();
        if patches(&with, text).is_some() {
            edits = with;
            chosen.push(index);
        }
    }
    (patches(&edits, text).unwrap_or_default(), chosen)
}

/// Whether two edits of one file share text, or stand at one place.
fn meet(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (&a.location, &b.location);
    a.file == b.file && a.offset <= b.end_offset && b.offset <= a.end_offset
}

/// The files with edits in them; none where one would not parse.
fn patches(edits: &[Edit], text: &dyn Fn(&str) -> Option<Arc<str>>) -> Option<Vec<Patch>> {
    let mut files: BTreeMap<&Arc<str>, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        files.entry(&edit.location.file).or_default().push(edit);
    }
    files.into_iter().map(|(path, edits)| patch(path, edits, text(path))).collect()
}

fn patch(path: &Arc<str>, mut edits: Vec<&Edit>, before: Option<Arc<str>>) -> Option<Patch> {
    edits.sort();
    let mut after = before.as_deref().unwrap_or_default().to_owned();
    for edit in edits.into_iter().rev() {
        let range = edit.location.offset as usize..edit.location.end_offset as usize;
        after.get(range.clone())?;
        after.replace_range(range, &edit.text);
    }
    parses(path, &after).then(|| Patch { path: path.clone(), before, after })
}

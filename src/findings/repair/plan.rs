//! Edits of many findings as new texts of files.

use super::edit::{Edit, Repair};
use super::object::parses;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
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
    let mut apart = Apart::default();
    let fitting: Vec<usize> = (0..repairs.len()).filter(|index| apart.take(&repairs[*index].edits)).collect();
    let mut plan = Plan { repairs, text, edits: BTreeSet::new(), patches: Vec::new(), chosen: Vec::new() };
    plan.add(&fitting);
    (plan.patches, plan.chosen)
}

/// Edits that do not meet, by file and by where they begin.
#[derive(Default)]
struct Apart<'e> {
    edits: BTreeSet<&'e Edit>,
    ends: HashMap<&'e str, BTreeMap<u32, u32>>,
}

impl<'e> Apart<'e> {
    /// Takes in the edits of a repair, all of them or none: two of one file must neither share text nor stand at one
    /// place, but may be the same.
    fn take(&mut self, edits: &'e [Edit]) -> bool {
        let new: Vec<&Edit> = edits.iter().filter(|edit| !self.edits.contains(edit)).collect();
        if new.iter().any(|edit| self.meets(edit)) {
            return false;
        }
        for edit in new {
            self.edits.insert(edit);
            self.ends.entry(&edit.location.file).or_default().insert(edit.location.offset, edit.location.end_offset);
        }
        true
    }

    fn meets(&self, edit: &Edit) -> bool {
        let at = &edit.location;
        let before = self.ends.get(&*at.file).and_then(|ends| ends.range(..=at.end_offset).next_back());
        before.is_some_and(|(_, end)| at.offset <= *end)
    }
}

/// Repairs that are made together.
struct Plan<'r> {
    repairs: &'r [&'r Repair],
    text: &'r dyn Fn(&str) -> Option<Arc<str>>,
    edits: BTreeSet<Edit>,
    patches: Vec<Patch>,
    chosen: Vec<usize>,
}

impl Plan<'_> {
    /// Makes some more: all at once, and where a file would not parse then, either half of them by itself.
    fn add(&mut self, more: &[usize]) {
        let own = more.iter().flat_map(|index| &self.repairs[*index].edits);
        let with: BTreeSet<Edit> = self.edits.iter().chain(own).cloned().collect();
        if let Some(patches) = patches(&with, self.text) {
            (self.edits, self.patches) = (with, patches);
            self.chosen.extend(more);
        } else if let (first, second @ [_, ..]) = more.split_at(more.len() / 2)
            && !first.is_empty()
        {
            self.add(first);
            self.add(second);
        }
    }
}

/// The files with edits in them; none where one would not parse.
fn patches(edits: &BTreeSet<Edit>, text: &dyn Fn(&str) -> Option<Arc<str>>) -> Option<Vec<Patch>> {
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

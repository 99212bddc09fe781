//! The regular expressions of a project, each built once by each thread: code asks the same one of every item of a list.

use crate::text::Text;
use hashbrown::HashMap;
use regex::{Regex, RegexBuilder};
use std::cell::RefCell;

/// Bytes that one may take when it is built.
const MOST_BYTES: usize = 1 << 18;
/// How many are kept.
const MOST_KEPT: usize = 64;

thread_local! {
    /// By their text, and whether the case of letters counts; none for one that is not understood.
    static KEPT: RefCell<HashMap<(Text, bool), Option<Regex>>> = RefCell::default();
}

/// A regular expression with these flags; none where it does not mean the same in both worlds.
pub(super) fn pattern(source: &Text, flags: &str) -> Option<Regex> {
    let any_case = flags.contains('i');
    KEPT.with_borrow_mut(|kept| {
        if let Some(known) = kept.get(&(source.clone(), any_case)) {
            return known.clone();
        }
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        let mut built = None;
        source.test(|source| {
            built = RegexBuilder::new(source).case_insensitive(any_case).size_limit(MOST_BYTES).build().ok();
            true
        });
        kept.entry((source.clone(), any_case)).or_insert(built).clone()
    })
}

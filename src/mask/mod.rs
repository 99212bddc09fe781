//! What of a project's text may be shown: the one place that reveals it, and masks whatever looks like a secret.

mod frame;
mod looks;
mod printable;
mod value;

pub use frame::{Masked, Shape};
pub use looks::secret_name;
pub(crate) use printable::push_printable;
pub use printable::{json_safe, printable};
pub(crate) use value::{answer, because, is_words};

use crate::text::Text;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::BTreeSet;

/// What stands where something is hidden in running text: it does not tell the length.
pub const HIDDEN: &str = "••••••••";

/// A known secret shorter than this is masked only where it stands as a word of its own.
const SHORT: usize = 6;

/// Decides what may be shown, knowing the secrets that a scan met.
#[derive(Debug, Default)]
pub struct Masker {
    known: Option<AhoCorasick>,
}

impl Masker {
    /// A masker that also hides these very texts, and their telling parts, wherever they stand.
    pub fn new<'t>(secrets: impl IntoIterator<Item = &'t Text>) -> Masker {
        let mut parts = BTreeSet::new();
        for secret in secrets.into_iter().filter(|secret| !is_harmless(secret)) {
            collect_parts(reveal(secret), &mut parts);
        }
        if parts.is_empty() {
            return Masker::default();
        }
        // A set too large to build hides nothing by itself; names and shapes still do.
        // A table of all transitions would take time that grows with the square of a repetitive secret.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        let known = AhoCorasick::builder().match_kind(MatchKind::Standard).kind(kind).build(&parts).ok();
        Masker { known }
    }

    /// The byte ranges in which a known secret stands, in order; secrets that overlap give one range.
    fn known_in(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let Some(known) = &self.known else { return Vec::new() };
        let found = known.find_overlapping_iter(text).map(|found| found.range());
        let mut joined: Vec<std::ops::Range<usize>> = Vec::new();
        // They come in the order of their ends, so each swallows what it overlaps.
        for mut range in found.filter(|range| is_whole(text, range)) {
            while let Some(last) = joined.pop_if(|last| range.start <= last.end) {
                range.start = range.start.min(last.start);
            }
            joined.push(range);
        }
        joined
    }

    /// Our own words, or a project's name (a key, a variable), without any known secret that slipped into them.
    pub fn words(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for range in self.known_in(text) {
            // A short secret is an everyday word too often to cut it out of a sentence.
            if range.len() < 8 || is_everyday(&text[range.clone()]) {
                continue;
            }
            shown.push_str(&text[at..range.start]);
            shown.push_str(HIDDEN);
            at = range.end;
        }
        shown.push_str(&text[at..]);
        shown
    }
}

impl Masker {
    /// A sentence that somebody wrote into the project, or that quotes one: without what looks like a secret, too.
    pub fn prose(&self, text: &str) -> String {
        let mut ranges = looks::secret_ranges(text);
        ranges.extend(looks::told(text));
        self.words(&without(text, ranges))
    }

    /// A name of the project's, without what is a secret beyond doubt.
    pub fn name(&self, text: &str) -> String {
        self.words(&without(text, looks::certain_ranges(text)))
    }
}

/// A text with the sign that something is hidden in place of these ranges.
fn without(text: &str, mut ranges: Vec<std::ops::Range<usize>>) -> String {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        if range.end <= at {
            continue;
        }
        if range.start >= at {
            shown.push_str(text.get(at..range.start).unwrap_or_default());
            shown.push_str(HIDDEN);
        }
        at = text.ceil_char_boundary(range.end);
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}

/// Whether a text says nothing that could not be public, or is one plain word, as values are that name a thing.
pub(crate) fn is_common(text: &Text) -> bool {
    is_harmless(text) || is_everyday(reveal(text))
}

/// Whether a text says nothing that could not be public, whatever holds it: a switch, a number, `production`.
pub(crate) fn is_harmless(text: &Text) -> bool {
    looks::harmless(reveal(text))
}

/// Whether a secret is a plain lower-case word, which says nothing where it stands in a sentence.
fn is_everyday(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase()) && text.len() < 12
}

/// Whether a match is long enough to be no accident, or stands as a word of its own. A plain word is found inside others
/// (`postgres` in `postgresql`) and as a scheme: hiding it there hides nothing, and tells it.
fn is_whole(text: &str, range: &std::ops::Range<usize>) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_plain = is_everyday(&text[range.clone()]);
    if is_plain && text[range.end..].starts_with("://") {
        return false;
    }
    range.len() >= SHORT && !is_plain
        || !(text[..range.start].chars().next_back().is_some_and(is_word)
            || text[range.end..].chars().next().is_some_and(is_word))
}

/// A secret, each long line of it, and the password inside a URL.
fn collect_parts(secret: &str, into: &mut BTreeSet<String>) {
    let whole = secret.trim();
    if whole.chars().count() >= 3 {
        into.insert(whole.to_owned());
    }
    into.extend(whole.lines().map(str::trim).filter(|line| line.len() >= 8).map(str::to_owned));
    if let Some((user, password)) = looks::userinfo(whole).and_then(|range| whole[range].split_once(':')) {
        into.extend([user, password].into_iter().filter(|part| part.len() >= SHORT).map(str::to_owned));
    }
}

/// The characters of a text.
#[expect(clippy::disallowed_methods, reason = "this module decides what is shown")]
fn reveal(text: &Text) -> &str {
    text.reveal()
}

#[cfg(test)]
mod tests;

//! Words that a file is searched for before it is worth parsing.

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

/// Some words, ready to be looked for in many files.
pub(super) struct Needles<'n> {
    search: Search<'n>,
    longest: usize,
}

enum Search<'n> {
    One(Finder<'n>),
    Some(AhoCorasick),
    /// More than the automaton takes.
    Many(Vec<Finder<'n>>),
}

impl<'n> Needles<'n> {
    pub(super) fn new(words: &[&'n str]) -> Needles<'n> {
        let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
        let finders = || words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        let search = match words {
            [word] => Search::One(Finder::new(word.as_bytes())),
            words => AhoCorasick::new(words).map_or_else(|_| Search::Many(finders()), Search::Some),
        };
        Needles { search, longest }
    }

    /// Whether one of them stands in the text.
    pub(super) fn stand_in(&self, text: &[u8]) -> bool {
        match &self.search {
            Search::One(finder) => finder.find(text).is_some(),
            Search::Some(words) => words.is_match(text),
            Search::Many(finders) => finders.iter().any(|finder| finder.find(text).is_some()),
        }
    }

    /// How many bytes the longest of them has.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }
}

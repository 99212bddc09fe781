//! Words that many texts are searched for.

use aho_corasick::{AhoCorasick, packed};
use memchr::memmem::Finder;

/// Some words, ready to be looked for in many files.
pub(crate) struct Needles<'n> {
    search: Search<'n>,
    longest: usize,
}

enum Search<'n> {
    One(Finder<'n>),
    /// A few, searched for with vector instructions.
    Few(packed::Searcher),
    Many(AhoCorasick),
    /// More than the automaton takes.
    TooMany(Vec<Finder<'n>>),
}

impl<'n> Needles<'n> {
    pub(crate) fn new(words: &[&'n str]) -> Needles<'n> {
        // A word that holds another one says no more than that.
        let needed = |word: &&&str| !words.iter().any(|other| other.len() < word.len() && word.contains(other));
        let words: Vec<&str> = words.iter().filter(needed).copied().collect();
        let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
        let finders = || words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        let search = match *words {
            [word] => Search::One(Finder::new(word.as_bytes())),
            _ => match packed::Searcher::new(&words) {
                Some(searcher) => Search::Few(searcher),
                None => AhoCorasick::new(&words).map_or_else(|_| Search::TooMany(finders()), Search::Many),
            },
        };
        Needles { search, longest }
    }

    /// The same, which can be kept for whoever looks for these words next.
    pub(crate) fn kept(words: &[&str]) -> Needles<'static> {
        let Needles { search, longest } = Needles::new(words);
        let search = match search {
            Search::One(finder) => Search::One(finder.into_owned()),
            Search::Few(searcher) => Search::Few(searcher),
            Search::Many(automaton) => Search::Many(automaton),
            Search::TooMany(finders) => Search::TooMany(finders.into_iter().map(Finder::into_owned).collect()),
        };
        Needles { search, longest }
    }

    /// Whether one of them stands in the text.
    pub(crate) fn stand_in(&self, text: &[u8]) -> bool {
        match &self.search {
            Search::One(finder) => finder.find(text).is_some(),
            Search::Few(words) => words.find(text).is_some(),
            Search::Many(words) => words.is_match(text),
            Search::TooMany(finders) => finders.iter().any(|finder| finder.find(text).is_some()),
        }
    }

    /// Calls `each` with every place where one of them begins.
    pub(crate) fn each_in(&self, text: &[u8], mut each: impl FnMut(usize)) {
        match &self.search {
            Search::One(finder) => finder.find_iter(text).for_each(each),
            Search::Few(words) => words.find_iter(text).for_each(|found| each(found.start())),
            Search::Many(words) => words.find_iter(text).for_each(|found| each(found.start())),
            Search::TooMany(finders) => finders.iter().for_each(|finder| finder.find_iter(text).for_each(&mut each)),
        }
    }

    /// How many bytes the longest of them has.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::Needles;

    #[test]
    fn any_of_the_words_is_found_however_many_there_are() {
        let many: Vec<String> = (0..300).map(|n| format!("word-{n}-")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (words, there, absent) in [
            (&["cors"][..], "use cors()", "use CORS"),
            (&["dotenv/config", "dotenv"], "import \"dotenv\"", "import \"dot-env\""),
            (&["", "x"], "", "\0"),
            (&many, "a word-299- b", "a word-300- b"),
        ] {
            for needles in [Needles::new(words), Needles::kept(words)] {
                assert!(needles.stand_in(there.as_bytes()), "{words:?} in {there}");
                assert_eq!(needles.stand_in(absent.as_bytes()), words.contains(&""), "{words:?} in {absent}");
            }
        }
    }
}

//! Words of a shell: assignments, and what a word with references comes to.

use crate::environment::expand::expand;
use crate::eval::{How, Kind, Place, Step, Value};
use crate::syntax::data::interpolation::interpolation;
use crate::syntax::shell::Word;
use crate::text::Text;

/// `NAME=value`: the name and what stands behind the sign.
pub(super) fn assignment(word: &Word) -> Option<(&str, &str)> {
    let (name, value) = word.text.split_once('=')?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_name = starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

/// What an assignment gives its name.
pub(super) fn assigned(word: &Word, place: Place, lookup: &dyn Fn(&str) -> Value) -> Value {
    let value = assignment(word).map_or("", |(_, value)| value);
    expanded(word, value, place, lookup)
}

/// What a part of a word comes to.
pub(super) fn expanded(word: &Word, text: &str, place: Place, lookup: &dyn Fn(&str) -> Value) -> Value {
    if !word.open || !text.contains(['$', '`']) {
        return Value::written(Kind::Text(Text::new(text)), place);
    }
    let is_position = |at: usize| {
        let rest = text[at + 1..].trim_start_matches('{');
        rest.starts_with(|c: char| c.is_ascii_digit() || "@*#?!(".contains(c))
    };
    if text.contains('`') || text.match_indices('$').any(|(at, _)| is_position(at)) {
        return unknown(place);
    }
    expand(&interpolation(&Text::new(text)), place, lookup)
}

/// Words with those in place of `"$@"` that the script was handed.
pub(super) fn plain(words: &[Word], arguments: &[Word]) -> Vec<Word> {
    let mut all = Vec::with_capacity(words.len());
    for word in words {
        match &*word.text {
            "$@" | "$*" | "${@}" | "${*}" => all.extend(arguments.iter().cloned()),
            "$1" | "${1}" if word.open => all.extend(arguments.first().cloned()),
            _ => all.push(word.clone()),
        }
    }
    all
}

/// A value that nobody can know.
pub(super) fn unknown(place: Place) -> Value {
    Value::unknown(crate::eval::Because::Undecided, &Step::start(place, How::Written))
}

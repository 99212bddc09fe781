//! npm's `dotenv`: the whole of it is one regular expression over the whole file, and its oddities are that
//! expression's, so the reader is one too (<https://github.com/motdotla/dotenv>, versions 15 to 18).

use super::{Dialect, EnvFile, Found, Quote};
use crate::syntax::data::span_of;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A variable: its name, its value with white space and quotes, the comment behind it. `\s` is JavaScript's,
/// a byte order mark is white space and U+0085 is not.
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    let space = r"[\s\x{feff}--\x{85}]";
    let value =
        [r"'(?:\\'|[^'])*'", r#""(?:\\"|[^"])*""#, r"`(?:\\`|[^`])*`"].map(|quoted| format!("{space}*{quoted}"));
    let pattern = format!(
        r"(?mR)^{space}*(?:export{space}+)?([0-9A-Za-z_.\-]+)(?:{space}*={space}*?|:{space}+?)({}|[^#\r\n]+)?{space}*(#.*)?$",
        value.join("|")
    );
    Regex::new(&pattern).expect("internal error: the pattern for env files does not compile")
});

pub(super) fn read(text: &str, dialect: Dialect, file: &mut EnvFile) {
    let mut read_up_to = 0;
    for found in VARIABLE.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        skipped(text, read_up_to..whole.start(), file);
        read_up_to = whole.end();
        let value = found.get(2).map(|value| trim(text, value.range()));
        // an empty value stands behind the separator
        let empty = || {
            let behind = text[name.end()..].find(['=', ':']).map_or(name.end(), |at| name.end() + at + 1);
            behind..behind
        };
        let range = value.unwrap_or_else(empty);
        let (value, quote) = unquote(&text[range.clone()]);
        file.add(
            Found {
                name: name.as_str().to_owned(),
                name_span: span_of(name.range()),
                value: Some(value),
                span: span_of(range),
                quote,
            },
            dialect,
        );
        if let Some(comment) = found.get(3) {
            file.comments.push(span_of(comment.range()));
        }
    }
    skipped(text, read_up_to..text.len(), file);
}

/// Comments, and lines that are no variable to this loader: it passes over them in silence.
fn skipped(text: &str, range: Range<usize>, file: &mut EnvFile) {
    let mut start = range.start;
    for line in text[range].split_inclusive(['\n', '\r']) {
        let inside = trim(text, start..start + line.len());
        start += line.len();
        if inside.is_empty() {
            continue;
        }
        if text[inside.clone()].starts_with('#') {
            file.comments.push(span_of(inside));
        } else {
            file.fail(span_of(inside), "npm's dotenv does not read this line: expected `NAME=value`");
        }
    }
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let is_space = |c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}';
    let all = &text[range.clone()];
    let inside = all.trim_start_matches(is_space);
    let start = range.start + all.len() - inside.len();
    start..start + inside.trim_end_matches(is_space).len()
}

/// The value without quotes. Quotes go when the first and the last character are the same one; `\n` and `\r` are
/// line breaks when the first character is `"`, whether or not it is closed.
fn unquote(written: &str) -> (String, Quote) {
    let opening = Quote::of(written.chars().next());
    let closed =
        opening != Quote::None && written.len() > 1 && written.as_bytes()[0] == written.as_bytes()[written.len() - 1];
    let inside = if closed { &written[1..written.len() - 1] } else { written };
    let mut value = inside.replace("\r\n", "\n").replace('\r', "\n");
    if opening == Quote::Double {
        value = value.replace("\\n", "\n").replace("\\r", "\r");
    }
    (value, if closed { opening } else { Quote::None })
}

//! What a secret looks like: by the name it has, and by its characters. When in doubt, it is one.

mod issued;
mod names;
mod told;

pub use names::secret_name;
pub(super) use names::{is_about, is_group};
pub(super) use told::told;

use crate::digits::{bytes, digits, stretches};
use memchr::{memchr_iter, memmem, memrchr};
use std::ops::Range;

/// The bytes of the scheme of a URL.
static OF_SCHEME: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));

/// The bytes that end the part of a URL in which its host stands.
static ENDS_HOST: [bool; 256] =
    bytes!(byte => matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'?' | b'#' | b'"' | b'\'' | b'`'));

/// The bytes of the name of a user.
static OF_USER: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'%' | b'~' | b'$' | b'{' | b'}'));

/// The bytes of the name of a parameter.
static OF_PARAMETER: [bool; 256] = bytes!(byte => byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'-'));

/// The bytes that end its value.
static ENDS_VALUE: [bool; 256] =
    bytes!(byte => matches!(byte, b'&' | b';' | b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b'#'));

/// The bytes of which generated texts are made.
static OF_RUN: [bool; 256] = bytes!(byte =>
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'~' | b'.' | b'-'));

/// Those of them that are no separators.
static OF_PART: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric());

/// The shortest text that looks generated.
const SHORTEST: usize = 8;

/// The shortest one without a digit.
const SHORTEST_OF_LETTERS: usize = 20;

/// How many bytes of a kind a text ends in.
fn count_last(text: &[u8], kind: &[bool; 256]) -> usize {
    text.iter().rev().take_while(|byte| kind[usize::from(**byte)]).count()
}

/// How many bytes a text has before the first of a kind.
fn count_before(text: &[u8], kind: &[bool; 256]) -> usize {
    text.iter().position(|byte| kind[usize::from(*byte)]).unwrap_or(text.len())
}

/// The credential of the first URL in a text.
pub(super) fn userinfo(text: &str) -> Option<Range<usize>> {
    credentials(text.as_bytes()).next()
}

/// The credentials inside URLs: what stands between `://` and `@`.
fn credentials(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    memmem::find_iter(text, "://").filter_map(|sign| {
        let scheme = &text[sign - count_last(&text[..sign], &OF_SCHEME)..sign];
        if !scheme.iter().any(u8::is_ascii_alphabetic) {
            return None;
        }
        let start = sign + "://".len();
        let host = &text[start..start + count_before(&text[start..], &ENDS_HOST)];
        let within = memrchr(b'@', host);
        let end = unencoded(&text[start..], within).or(within)?;
        Some(start..start + end)
    })
}

/// The longest credential that is looked for beyond what a URL allows.
const LONGEST_CREDENTIAL: usize = 200;

/// Where a credential ends in which `/`, `?`, `#`, a quote or a space stands as it is: at the last `@` before the word
/// ends, else at the next one on the line. `user:` has to stand before it, and no port behind the colon.
fn unencoded(rest: &[u8], within: Option<usize>) -> Option<usize> {
    let line = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len()).min(LONGEST_CREDENTIAL);
    let colon = rest[..line].iter().position(|byte| !OF_USER[usize::from(*byte)]).filter(|at| rest[*at] == b':')?;
    let password = &rest[colon + 1..line];
    let digits = password.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_port = password
        .get(digits)
        .is_none_or(|byte| ENDS_HOST[usize::from(*byte)] || matches!(byte, b',' | b')' | b']' | b'}'));
    if is_port && within.is_none() {
        return None;
    }
    let word = password.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b',' | b'<' | b'>'));
    let word = word.unwrap_or(password.len());
    let end = memrchr(b'@', &password[..word]).or_else(|| password.iter().position(|byte| *byte == b'@'))?;
    within.is_none_or(|within| within < colon + 1 + end).then_some(colon + 1 + end)
}

/// The parameters of URLs and of connection strings: their names and their values.
fn parameters(text: &[u8]) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    // A value can hold what looks like a parameter.
    let mut done = 0;
    memchr_iter(b'=', text).filter_map(move |equals| {
        let before = text.get(done..equals)?;
        let name = count_last(before, &OF_PARAMETER);
        let sign = before.len().checked_sub(name + 1)?;
        if name == 0 || !matches!(before[sign], b'?' | b'&' | b';') {
            return None;
        }
        // Looked at for parameters alone, behind which the search goes on: else it would cost the square of the text.
        let value = equals + 1..equals + 1 + count_before(&text[equals + 1..], &ENDS_VALUE);
        done = value.end;
        (!value.is_empty()).then_some((equals - name..equals, value))
    })
}

/// The ranges of a text that look like secrets whatever their name.
pub(super) fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut ranges = issued::tokens(bytes);
    ranges.extend(credentials(bytes));
    ranges.extend(parameters(bytes).filter(|(name, _)| secret_name(&text[name.clone()])).map(|(_, value)| value));
    ranges.extend(generated(bytes));
    ranges
}

/// The stretches that look generated: as a whole, or the parts between separators.
fn generated(text: &[u8]) -> Vec<Range<usize>> {
    let digits = digits(text);
    let long = |range: &Range<usize>| range.len() >= SHORTEST;
    let runs = stretches(text, &digits, &OF_RUN).map(|run| behind_name(text, run)).filter(long);
    let runs = runs.filter(|run| is_base64_like(&text[run.clone()]));
    let parts = stretches(text, &digits, &OF_PART).filter(long).chain(long_parts(text));
    runs.chain(parts.filter(|part| is_generated(&text[part.clone()]))).collect()
}

/// A run without the name in front of it: of `NAME=abc==`, what stands behind the first `=`. In base64 it stands at the end.
fn behind_name(text: &[u8], run: Range<usize>) -> Range<usize> {
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'_');
    match text[run.clone()].iter().position(|byte| *byte == b'=') {
        Some(equals) if equals > 0 && text[run.start..run.start + equals].iter().all(is_name) => {
            run.start + equals + 1..run.end
        }
        _ => run,
    }
}

/// The stretches of letters and digits that are so long that they need no digit to look generated.
fn long_parts(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    // One byte of so many is looked at: such a stretch has one of those.
    let mut at = SHORTEST_OF_LETTERS - 1;
    std::iter::from_fn(move || {
        while !OF_PART[usize::from(*text.get(at)?)] {
            at += SHORTEST_OF_LETTERS;
        }
        let start = at - count_last(&text[..at], &OF_PART);
        at += text[at..].iter().take_while(|byte| OF_PART[usize::from(**byte)]).count();
        let end = at;
        at += SHORTEST_OF_LETTERS;
        Some(start..end)
    })
    .filter(|range| range.len() >= SHORTEST_OF_LETTERS)
}

/// Whether a stretch of letters and digits is nothing that a person would write.
fn is_generated(bytes: &[u8]) -> bool {
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = bytes.len() - digits;
    let kind = |byte: &u8| if byte.is_ascii_digit() { 0 } else { 1 };
    let changes = bytes.windows(2).filter(|pair| kind(&pair[0]) != kind(&pair[1])).count();
    let is_hex = bytes.iter().all(u8::is_ascii_hexdigit);
    let mixed_case =
        bytes.iter().any(u8::is_ascii_uppercase) && bytes.iter().skip(1).any(u8::is_ascii_lowercase) && letters > 0;
    (bytes.len() >= 8 && digits > 0 && letters > 0 && (changes >= 3 || (is_hex && digits >= 3)))
        || (bytes.len() >= 16 && digits >= 3 && letters > 0)
        || (bytes.len() >= 24 && digits > 0)
        || (bytes.len() >= 20 && mixed_case && case_changes(bytes) >= 8 && !is_camel_case(bytes))
        || (bytes.len() >= 12 && digits == bytes.len())
}

/// Whether letters read as words that are joined: `fromAuthHeaderAsBearerToken`.
fn is_camel_case(bytes: &[u8]) -> bool {
    let word = |part: &[u8]| part.len() >= 2 && part[1..].iter().all(u8::is_ascii_lowercase);
    let starts: Vec<usize> = (1..bytes.len()).filter(|at| bytes[*at].is_ascii_uppercase()).collect();
    let ends = starts.iter().copied().chain([bytes.len()]);
    let starts = [0].into_iter().chain(starts.iter().copied());
    bytes.iter().all(u8::is_ascii_alphabetic) && starts.zip(ends).all(|(start, end)| word(&bytes[start..end]))
}

/// How often upper and lower case change; camel case changes at word ends alone.
fn case_changes(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase()).count()
}

/// Whether a run reads as base64: long, of mixed cases and digits, or padded.
fn is_base64_like(bytes: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    let padded = bytes.ends_with(b"=") && bytes.len() >= 12;
    let no_words =
        bytes.len() >= 20 && !bytes.iter().any(|byte| matches!(byte, b'.' | b'-' | b'_')) && !bytes.starts_with(b"/");
    (padded || no_words)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && case_changes(bytes) >= 4
}

/// The ranges of a name that are secrets beyond doubt: names of files and settings have digits, too.
pub(super) fn certain_ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut ranges = issued::tokens(bytes);
    ranges.extend(credentials(bytes));
    ranges.extend(generated(bytes).into_iter().filter(|range| range.len() >= 32));
    ranges
}

/// Whether a value can be shown under a secret's name: a switch, a mode, the place of a file. `tokenStore: "memory"`.
pub(super) fn openly(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "memory",
        "database",
        "redis-store",
        "filesystem",
        "external",
        "custom",
        "*",
        "localhost",
        "never",
        "inherit",
    ];
    let value = value.trim();
    WORDS.contains(&value) || crate::secrets::is_plain_word(value) || is_bare_path(value) || is_path_of_parts(value)
}

/// `` `uploads/${user.id}/${file.name}` ``: a path of words whose other parts the code fills in.
fn is_path_of_parts(value: &str) -> bool {
    let of_path = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'/' | b'.' | b'_' | b'-');
    let of_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    let mut pieces = value.split("${");
    let first = pieces.next().unwrap_or_default();
    let mut filled = 0;
    let fits = pieces.all(|piece| {
        filled += 1;
        piece.split_once('}').is_some_and(|(part, path)| part.bytes().all(of_part) && path.bytes().all(of_path))
    });
    fits && filled > 0 && value.contains('/') && first.bytes().all(of_path)
}

/// `file:data.db`, `./data.db`, `/run/secrets/jwt`: parts of a path with a sign of being one.
fn is_bare_path(value: &str) -> bool {
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-');
    let rest = value.strip_prefix("file:").unwrap_or(value);
    let begins = ["file:", "./", "../", "~/"].iter().any(|start| value.starts_with(start))
        || (value.starts_with('/') && value[1..].contains('/'));
    begins && rest.trim_start_matches('~').bytes().all(is_path) && generated(value.as_bytes()).is_empty()
}

/// Whether a value says nothing that could not be public: a switch, a number, the name of an environment or of a log
/// level, an address without credentials. Only for values whose name is no secret's.
pub(super) fn harmless(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "none",
        "production",
        "prod",
        "development",
        "dev",
        "staging",
        "test",
        "local",
        "trace",
        "debug",
        "info",
        "warn",
        "warning",
        "error",
        "fatal",
        "silent",
        "*",
        "localhost",
        "0.0.0.0",
        "127.0.0.1",
        "strict",
        "lax",
        "json",
        "pretty",
    ];
    let lower = value.trim().to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) || openly(value) {
        return true;
    }
    let is_number = |text: &str| text.len() <= 8 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unit = lower.trim_end_matches(|c: char| c.is_ascii_lowercase());
    if is_number(unit) && lower.len() - unit.len() <= 3 {
        return true;
    }
    // A list of origins is the value that CORS findings are about.
    value.split(',').all(|part| is_plain_address(part.trim()))
}

/// An `http` or `https` address that carries no credential, parameter or generated part.
pub(super) fn is_plain_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    !rest.is_empty() && !rest.contains(['@', '?', '#', ' ', '$']) && secret_ranges(text).is_empty()
}

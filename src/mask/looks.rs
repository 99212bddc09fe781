//! What a secret looks like: by the name it has, and by its characters. When in doubt, it is one.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Parts of names that hold secrets, wherever they stand in the name.
const IN_NAME: &[&str] = &[
    "secret",
    "passw",
    "passphrase",
    "token",
    "credential",
    "apikey",
    "privatekey",
    "accesskey",
    "authkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "connectionstring",
    "serviceaccount",
];

/// Words that make a name secret where they are a word of it.
const AS_WORD: &[&str] = &[
    "pwd",
    "pass",
    "salt",
    "pepper",
    "dsn",
    "pin",
    "otp",
    "totp",
    "auth",
    "authorization",
    "bearer",
    "pem",
    "hmac",
    "mnemonic",
    "seed",
    "sig",
    "signature",
    "webhook",
    "cert",
    "creds",
    "cred",
];

static HOLDS_SECRET: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // The form that is the quickest to build: names are short.
    let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(IN_NAME);
    builder.expect("internal error: the parts of names make a machine")
});

/// Whether a key or variable of this name holds a secret. Of a path such as `auth.jwt.alg` the last part decides,
/// unless one before it speaks of secrets plainly.
pub fn secret_name(name: &str) -> bool {
    let last = words_of(name.rsplit('.').next().unwrap_or(name));
    if speaks_about(&last) {
        return false;
    }
    let all = words_of(name);
    HOLDS_SECRET.is_match(&all.joined)
        || last.iter().any(|word| AS_WORD.contains(&word) || ends_in_pass(word))
        || matches!(last.iter().next_back(), Some("key" | "keys"))
}

/// Whether a name tells something about a secret without holding one: `access_token_ttl`, `password.hashing`.
pub(super) fn is_about(name: &str) -> bool {
    speaks_about(&words_of(name))
}

/// Whether a name is that of a group of settings, whose own names tell what is secret: `auth: { ... }`.
pub(super) fn is_group(name: &str) -> bool {
    matches!(words_of(name).joined.as_str(), "auth" | "authentication" | "authorization" | "webhook" | "webhooks")
}

fn speaks_about(words: &Words) -> bool {
    words.iter().next_back().is_some_and(is_about_word)
}

/// Last words of names that speak about a secret without holding one: `access_token_ttl`, `password_min_length`.
fn is_about_word(word: &str) -> bool {
    matches!(
        word,
        "ttl"
            | "lifetime"
            | "expire"
            | "expires"
            | "expiry"
            | "expiration"
            | "age"
            | "length"
            | "min"
            | "max"
            | "minutes"
            | "seconds"
            | "hours"
            | "days"
            | "type"
            | "algorithm"
            | "algorithms"
            | "enabled"
            | "required"
            | "header"
            | "prefix"
            | "field"
            | "issuer"
            | "audience"
            | "path"
            | "endpoint"
            | "file"
            | "count"
            | "limit"
            | "size"
            | "rounds"
            | "cost"
            | "in"
            | "bytes"
            | "alg"
            | "hashing"
            | "site"
            | "secure"
            | "mode"
            | "provider"
            | "strategy"
            | "default"
    )
}

/// `requirepass`, `pgpass`; not `bypass`.
fn ends_in_pass(word: &str) -> bool {
    word.ends_with("pass") && !matches!(word, "bypass" | "compass" | "encompass" | "surpass" | "trespass")
}

/// The words of a name in lower case, one behind the other.
struct Words {
    joined: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Words {
    fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        let start = |index: usize| index.checked_sub(1).map_or(0, |before| self.ends[before]);
        (0..self.ends.len()).map(move |index| &self.joined[start(index)..self.ends[index]])
    }
}

/// The words of a name: those of `dbPassword`, `DB_PASSWORD` and `db-password` are alike.
fn words_of(name: &str) -> Words {
    let mut words = Words { joined: String::with_capacity(name.len()), ends: Vec::new() };
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() || starts {
            words.ends.push(words.joined.len());
        }
        if c.is_alphanumeric() {
            words.joined.extend(c.to_lowercase());
        }
        before = c;
    }
    words.ends.push(words.joined.len());
    // Two marks in a row have no word between them.
    words.ends.dedup();
    words.ends.retain(|end| *end > 0);
    words
}

/// Tokens whose issuers gave them a shape of their own.
static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        // Without `-u` each counted `\w` is compiled to thousands of states: a tenth of a second at every start.
        r"(?x-u)
        \b(?: (?:AKIA|ASIA|AGPA|AROA)[0-9A-Z]{12,} | gh[pousr]_[0-9A-Za-z]{16,} | github_pat_\w{20,} | glpat-[\w-]{16,}
        | [sprw]k_(?:live|test)_\w{8,} | sk-[\w-]{12,} | xox[abeoprs]-[\w-]{8,} | AIza[\w-]{20,} | ya29\.[\w-]+
        | npm_\w{20,} | SG\.[\w-]{10,}\.[\w-]{10,} | eyJ[\w-]{6,}(?:\.[\w-]*)* | whsec_\w{8,} | dop_v1_\w{16,}
        | hf_\w{16,} | shpat_\w{16,} | pypi-\w{16,} | key-[0-9a-f]{16,} )",
    )
    .expect("internal error: the pattern of issued tokens")
});

/// How the tokens of [`ISSUED`] begin, and where that differs what all of a kind hold: a pattern costs more to build
/// than most scans have use for.
const ISSUED_HOLD: &[&str] = &[
    "AKIA",
    "ASIA",
    "AGPA",
    "AROA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "k_live_",
    "k_test_",
    "sk-",
    "xox",
    "AIza",
    "ya29.",
    "npm_",
    "SG.",
    "eyJ",
    "whsec_",
    "dop_v1_",
    "hf_",
    "shpat_",
    "pypi-",
    "key-",
];

/// A credential inside a URL: what stands between `://` and `@`.
static USERINFO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"[A-Za-z][A-Za-z0-9+.-]*://([^ \t\r\n/?#"'`]*)@"#).expect("internal error: the pattern of userinfo")
});

/// A parameter of a URL or of a connection string with its value.
static PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"[?&;]([A-Za-z_.-]+)=([^&; \t\r\n"'`#]+)"#).expect("internal error: the pattern of parameters")
});

/// The runs of at least eight characters of which generated texts are made, with where they begin.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_of_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '~' | '.' | '-');
    let mut start = 0;
    text.split_inclusive(move |c| !is_of_run(c)).filter_map(move |piece| {
        let from = start;
        start += piece.len();
        let run = piece.trim_end_matches(|c| !is_of_run(c));
        (run.len() >= 8).then_some((from, run))
    })
}

/// The credential of the first URL in a text.
pub(super) fn userinfo(text: &str) -> Option<Range<usize>> {
    // A pattern costs more to build than most scans have use for.
    if !has_userinfo(text) {
        return None;
    }
    USERINFO.captures(text).and_then(|found| found.get(1)).map(|group| group.range())
}

fn has_userinfo(text: &str) -> bool {
    text.contains("://") && text.contains('@')
}

/// The ranges of a text that look like secrets whatever their name.
pub(super) fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if ISSUED_HOLD.iter().any(|part| text.contains(part)) {
        ranges.extend(ISSUED.find_iter(text).map(|found| found.range()));
    }
    if has_userinfo(text) {
        ranges.extend(USERINFO.captures_iter(text).filter_map(|found| found.get(1)).map(|group| group.range()));
    }
    let has_parameter = text.contains('=') && text.contains(['?', '&', ';']);
    for found in has_parameter.then(|| PARAMETER.captures_iter(text)).into_iter().flatten() {
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
        if secret_name(name.as_str()) {
            ranges.push(value.range());
        }
    }
    for (start, run) in runs(text) {
        ranges.extend(generated_parts(run).map(|part| start + part.start..start + part.end));
    }
    ranges
}

/// The parts of a run that look generated: as a whole first, else each stretch between separators.
fn generated_parts(run: &str) -> impl Iterator<Item = Range<usize>> {
    let whole = is_base64_like(run).then_some(0..run.len());
    let mut parts = Vec::new();
    if whole.is_none() {
        let mut start = 0;
        for (at, c) in run.char_indices().chain([(run.len(), '.')]) {
            if matches!(c, '.' | '/' | '-' | '_' | '=' | '+' | '~') {
                if is_generated(&run[start..at]) {
                    parts.push(start..at);
                }
                start = at + c.len_utf8();
            }
        }
    }
    whole.into_iter().chain(parts)
}

/// Whether a stretch of letters and digits is nothing that a person would write.
fn is_generated(part: &str) -> bool {
    let bytes = part.as_bytes();
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
        || (bytes.len() >= 20 && mixed_case && case_changes(bytes) >= 8)
        || (bytes.len() >= 12 && digits == bytes.len())
}

/// How often upper and lower case change; camel case changes at word ends alone.
fn case_changes(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase()).count()
}

/// Whether a run reads as base64: long, of mixed cases and digits, or padded.
fn is_base64_like(run: &str) -> bool {
    let bytes = run.as_bytes();
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    let padded = run.ends_with('=') && bytes.len() >= 12;
    let no_words = bytes.len() >= 20 && !run.contains(['.', '-', '_']) && !run.starts_with('/');
    (padded || no_words)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && case_changes(bytes) >= 4
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
    ];
    let lower = value.trim().to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
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

//! Names that hold secrets, and names that only speak about one.

use crate::digits::bytes;
use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use std::borrow::Cow;
use std::collections::BTreeSet;
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

/// Words that make a name secret where they are the last one.
const AT_END: &[&str] = &["key", "keys"];

/// A machine that finds [`IN_NAME`], and the state in which it starts.
static HOLDS_SECRET: LazyLock<(NFA, StateID)> = LazyLock::new(|| {
    let machine = NFA::builder().ascii_case_insensitive(true).build(IN_NAME);
    let machine = machine.expect("internal error: the parts of names make a machine");
    let start = machine.start_state(Anchored::No).expect("internal error: the machine searches from anywhere");
    (machine, start)
});

/// The letters of each of these words: a name that has those of none is no secret's, and most names are told by that.
static TELLING: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let words = [IN_NAME, AS_WORD, AT_END].into_iter().flatten();
    let telling: BTreeSet<u32> = words.map(|word| letters(word)).collect();
    // What has all the letters of a shorter word is found by that one.
    let needed = |letters: &u32| !telling.iter().any(|other| other != letters && letters & other == *other);
    telling.iter().copied().filter(needed).collect()
});

/// Which letters a name has, whatever their case. A mark or a digit counts as some letter, a character of another
/// alphabet as all of them: in lower case it can be any.
fn letters(name: &str) -> u32 {
    name.bytes().fold(0, |letters, byte| letters | if byte.is_ascii() { 1 << (byte & 31) } else { u32::MAX })
}

/// Whether a key or variable of this name holds a secret. Of a path such as `auth.jwt.alg` the last part decides,
/// unless one before it speaks of secrets plainly.
pub fn secret_name(name: &str) -> bool {
    let letters = letters(name);
    if !TELLING.iter().fold(false, |any, telling| any | (letters & telling == *telling)) {
        return false;
    }
    let name = spelled_out(name);
    let name = name.as_bytes();
    let last_part = name.rsplit(|byte| *byte == b'.').next().unwrap_or(name);
    let mut says_so = false;
    let mut last: &[u8] = b"";
    for word in words(last_part) {
        says_so |= is_secret_word(word);
        last = word;
    }
    let says_so = says_so || AT_END.iter().any(|end| last.eq_ignore_ascii_case(end.as_bytes()));
    (says_so || holds_secret(name)) && !is_about_word(last)
}

/// Whether a name tells something about a secret without holding one: `access_token_ttl`, `password.hashing`.
pub(in crate::mask) fn is_about(name: &str) -> bool {
    words(spelled_out(name).as_bytes()).last().is_some_and(is_about_word)
}

/// Whether a name is that of a group of settings, whose own names tell what is secret: `auth: { ... }`.
pub(in crate::mask) fn is_group(name: &str) -> bool {
    let joined: Vec<u8> = words(spelled_out(name).as_bytes()).flatten().map(u8::to_ascii_lowercase).collect();
    matches!(&*joined, b"auth" | b"authentication" | b"authorization" | b"webhook" | b"webhooks")
}

/// The bytes that words are made of; what is not ASCII comes from [`spelled_out`].
static OF_WORD: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || !byte.is_ascii());

fn is_of_word(byte: u8) -> bool {
    OF_WORD[usize::from(byte)]
}

/// A name whose words can be told apart by its bytes: of one that is not ASCII alone, the words in lower case between
/// underscores and dots.
fn spelled_out(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    let mut plain = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() {
            plain.push(if c == '.' { '.' } else { '_' });
        } else {
            if c.is_uppercase() && before.is_lowercase() {
                plain.push('_');
            }
            plain.extend(c.to_lowercase());
        }
        before = c;
    }
    Cow::Owned(plain)
}

/// The words of a name: those of `dbPassword`, `DB_PASSWORD` and `db-password` are alike but for the case.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|byte| is_of_word(*byte))?;
        let mut before = b' ';
        let ends = |byte: &u8| {
            let starts_next = before.is_ascii_lowercase() && byte.is_ascii_uppercase();
            before = *byte;
            starts_next || !is_of_word(*byte)
        };
        let length = rest[start..].iter().position(ends).unwrap_or(rest.len() - start);
        let (word, after) = rest[start..].split_at(length);
        rest = after;
        Some(word)
    })
}

/// A word in lower case; of one that is longer than all that say something, the beginning.
fn lower<'b>(word: &[u8], into: &'b mut [u8; 16]) -> &'b [u8] {
    for (lower, byte) in into.iter_mut().zip(word) {
        *lower = byte.to_ascii_lowercase();
    }
    &into[..word.len().min(16)]
}

/// Whether a word makes a name secret wherever it stands: one of [`AS_WORD`], `requirepass`, `pgpass`; not `bypass`.
fn is_secret_word(word: &[u8]) -> bool {
    let ends_in_pass = || word.len() > 4 && word[word.len() - 4..].eq_ignore_ascii_case(b"pass");
    let mut buffer = [0; 16];
    let lower = lower(word, &mut buffer);
    AS_WORD.iter().any(|known| known.as_bytes() == lower)
        || (ends_in_pass() && !matches!(lower, b"bypass" | b"compass" | b"encompass" | b"surpass" | b"trespass"))
}

/// Whether the words of a name, one behind the other, hold one of [`IN_NAME`].
fn holds_secret(name: &[u8]) -> bool {
    let (machine, start) = &*HOLDS_SECRET;
    let mut state = *start;
    name.iter().filter(|byte| is_of_word(**byte)).any(|byte| {
        state = machine.next_state(Anchored::No, state, *byte);
        machine.is_match(state)
    })
}

/// Last words of names that speak about a secret without holding one: `access_token_ttl`, `password_min_length`.
fn is_about_word(word: &[u8]) -> bool {
    matches!(
        lower(word, &mut [0; 16]),
        b"ttl"
            | b"lifetime"
            | b"expire"
            | b"expires"
            | b"expiry"
            | b"expiration"
            | b"age"
            | b"length"
            | b"min"
            | b"max"
            | b"minutes"
            | b"seconds"
            | b"hours"
            | b"days"
            | b"type"
            | b"algorithm"
            | b"algorithms"
            | b"enabled"
            | b"required"
            | b"header"
            | b"prefix"
            | b"field"
            | b"issuer"
            | b"audience"
            | b"path"
            | b"endpoint"
            | b"file"
            | b"count"
            | b"limit"
            | b"size"
            | b"rounds"
            | b"cost"
            | b"in"
            | b"bytes"
            | b"alg"
            | b"hashing"
            | b"site"
            | b"secure"
            | b"mode"
            | b"provider"
            | b"strategy"
            | b"default"
            | b"store"
            | b"storage"
            | b"backend"
            | b"driver"
            | b"engine"
            | b"kind"
            | b"format"
            | b"encoding"
            | b"method"
            | b"methods"
            | b"policy"
            | b"schedule"
            | b"interval"
            | b"timeout"
            | b"duration"
            | b"namespace"
            | b"name"
            | b"region"
            | b"version"
            | b"scope"
            | b"scopes"
            | b"disabled"
            | b"optional"
            | b"manager"
            | b"hashers"
            | b"template"
            | b"validation"
    )
}

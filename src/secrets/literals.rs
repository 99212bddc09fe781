//! Literals in a file's text that are secrets: tokens of providers, passwords in addresses, and generated values
//! under a secret's name.

use super::tokens::tokens_among;
use super::{
    Naming, Provider, is_ciphertext, is_documented, is_placeholder, is_plain, is_public_id, is_well_known_default,
    looks_generated, naming,
};
use crate::digits::{bytes, digits, stretches};
use crate::machines::leads_to_a_developer;
use crate::text::Text;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use memchr::{memchr, memchr2, memmem, memrchr};
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// What makes a literal a secret.
#[derive(Clone, Debug)]
pub enum Sign {
    /// Its shape is that of a provider's tokens.
    Token(&'static Provider),
    /// It is the password of an address.
    Address,
    /// It is generated and stands under this name.
    Named(Arc<str>),
}

/// One secret in a text.
#[derive(Clone, Debug)]
pub struct Literal {
    /// Its bytes.
    pub range: Range<usize>,
    /// The characters.
    pub value: Text,
    /// Why it is one.
    pub sign: Sign,
}

/// Words without which no line holds a named secret.
static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // The form that is the quickest to build: few lines are searched.
    AhoCorasickBuilder::new()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .ascii_case_insensitive(true)
        .build([
            "secret",
            "passw",
            "passphrase",
            "token",
            "api_key",
            "apikey",
            "api-key",
            "private",
            "access_key",
            "accesskey",
            "credential",
            "encryption",
            "signing",
        ])
        .expect("internal error: the words make a machine")
});

/// `name = "value"` and its relatives in code and data.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"([A-Za-z_][0-9A-Za-z_.-]{2,60})["']?\]?\s*(?::\s*(?:str|string|Final|Final\[str\])\s*)?(?:=>|:=|=|:)\s*["'`]([^"'`\s]{16,200})["'`]"#,
    )
});

/// `name: value` and `name=value` where a format needs no quotes.
static BARE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^[\s#/-]*([A-Za-z_][0-9A-Za-z_.-]{2,60})\s*[:=]\s*([^\s"'`#]{16,200})\s*$"#));

/// `scheme://user:password@host`.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"[a-z][a-z0-9+.-]{1,20}://([^\s:/@"'`<>{}$]{0,60}):([^\s:/@"'`<>{}$\[\]*]{4,100})@([^\s:/?#"'`,<>]{3,100})"#,
    )
});

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text).unicode(false).build().expect("internal error: the pattern is valid")
}

/// Whether a text can hold one of these at all; cheap.
pub fn may_hold_literals(text: &str) -> bool {
    WORDS.is_match(text) || text.contains("://") || super::tokens::has_literal(text)
}

/// Every secret in a text, in order. `bare` says that values need no quotes in its format.
pub fn literals(text: &str, bare: bool) -> Vec<Literal> {
    let digits = digits(text.as_bytes());
    let mut found: Vec<Literal> = tokens_among(text, &digits)
        .into_iter()
        .map(|(range, provider)| Literal { value: Text::new(&text[range.clone()]), range, sign: Sign::Token(provider) })
        .collect();
    let mut telling = generated_words(text.as_bytes(), &digits);
    telling.extend(addresses(text.as_bytes()));
    telling.sort_unstable();
    let mut done = 0;
    for at in telling {
        if at < done {
            continue;
        }
        let start = memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |found| found + 1);
        done = memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found);
        // A line of a bundle is no line that a person wrote.
        if done - start <= LONGEST_LINE {
            of_line(&text[start..done], start, bare, &mut found);
        }
    }
    found.retain(|literal| !is_of_public_client(text, literal));
    found.sort_by_key(|literal| literal.range.start);
    found
}

/// What stands beside the key of a client that runs in browsers: of a search by Algolia, of an app of Firebase.
const BESIDE_PUBLIC_KEYS: &[&str] = &["indexName", "authDomain", "messagingSenderId"];

/// How many lines around a key are looked at.
const LINES_AROUND: usize = 8;

/// Whether a key is that of a client for browsers, by the fields beside it: `{ appId, apiKey, indexName }`.
fn is_of_public_client(text: &str, literal: &Literal) -> bool {
    let Sign::Named(name) = &literal.sign else { return false };
    if !name.to_ascii_lowercase().ends_with("apikey") {
        return false;
    }
    let Range { start, end } = literal.range;
    let above = text[..start].rmatch_indices('\n').nth(LINES_AROUND).map_or(0, |(at, _)| at);
    let below = text[end..].match_indices('\n').nth(LINES_AROUND).map_or(text.len(), |(at, _)| end + at);
    BESIDE_PUBLIC_KEYS.iter().any(|word| text[above..below].contains(word))
}

/// Lines longer than this are generated.
const LONGEST_LINE: usize = 2_000;

fn of_line(line: &str, start: usize, bare: bool, found: &mut Vec<Literal>) {
    let mut add = |range: Range<usize>, sign: Sign| {
        let range = start + range.start..start + range.end;
        let overlaps = found.iter().any(|other| other.range.start < range.end && range.start < other.range.end);
        // The patterns are ASCII at their ends, not inside.
        let Some(value) = line.get(range.start - start..range.end - start).filter(|_| !overlaps) else { return };
        found.push(Literal { range, value: Text::new(value), sign });
    };
    let addresses = line.contains("://") && line.contains('@');
    for captures in addresses.then(|| ADDRESS.captures_iter(line.as_bytes())).into_iter().flatten() {
        let (user, password, host) = (group(line, &captures, 1), group(line, &captures, 2), group(line, &captures, 3));
        if let Some(at) = captures.get(2).filter(|_| is_real_password(user, password, host)) {
            add(at.range(), Sign::Address);
        }
    }
    if !WORDS.is_match(line) {
        return;
    }
    let named = QUOTED.captures_iter(line.as_bytes()).chain(bare.then(|| BARE.captures(line.as_bytes())).flatten());
    for captures in named {
        let (name, value) = (group(line, &captures, 1), group(line, &captures, 2));
        let last = name.rsplit('.').next().unwrap_or(name);
        let named = match naming(last) {
            // A UUID is a key, or the id of something that is called after passwords: nobody types it.
            Naming::Holds => !(is_public_id(value) && last.to_ascii_lowercase().contains("passw")),
            // Under a name that has only to do with secrets stand the ids of things.
            Naming::Mentions => !is_public_id(value),
            Naming::Nothing => false,
        };
        if let Some(at) = captures.get(2).filter(|_| named && is_real(line, value)) {
            add(at.range(), Sign::Named(last.into()));
        }
    }
}

/// What words are made of.
static OF_WORD: [bool; 256] = bytes!(byte => !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`'));

/// Where words stand that are long and have digits and letters: few lines have one, and without it a line holds no
/// generated value.
fn generated_words(text: &[u8], digits: &[usize]) -> Vec<usize> {
    let words = stretches(text, digits, &OF_WORD).filter(|word| is_generated_word(&text[word.clone()]));
    words.map(|word| word.start).collect()
}

fn is_generated_word(word: &[u8]) -> bool {
    word.len() >= 16
        && word.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2
        && word.iter().any(u8::is_ascii_alphabetic)
}

/// Where addresses stand that can name a user.
fn addresses(text: &[u8]) -> impl Iterator<Item = usize> {
    memmem::find_iter(text, "://").filter(|at| {
        let rest = &text[*at..];
        memchr2(b'@', b'\n', rest).is_some_and(|found| rest[found] == b'@')
    })
}

fn group<'l>(line: &'l str, captures: &regex::bytes::Captures<'_>, index: usize) -> &'l str {
    captures.get(index).and_then(|found| line.get(found.range())).unwrap_or_default()
}

/// Keys of web applications that are made to be public, and what is made of a secret and is none.
fn is_real(line: &str, value: &str) -> bool {
    let public =
        ["AIza", "pk_", "$2a$", "$2b$", "$2y$", "$argon2", "$pbkdf2", "pbkdf2:", "sha256:", "sha512-", "0x", "arn:"];
    let lower = line.to_ascii_lowercase();
    let shown = ["hash", "algolia", "docsearch", "firebase", "publishable", "posthog", "integrity"];
    !public.iter().any(|start| value.starts_with(start))
        && !shown.iter().any(|word| lower.contains(word))
        && !refers(value)
        && !is_documented(value)
        && !is_ciphertext(value)
        && !is_plain(value)
        && !is_identifier(value)
        && looks_generated(&Text::new(value))
}

/// The name of a record, whatever name it stands under.
fn is_identifier(value: &str) -> bool {
    value.starts_with("urn:") || value.starts_with("d-") && is_public_id(value)
}

/// A password that somebody chose for a server that is not this machine.
fn is_real_password(user: &str, password: &str, host: &str) -> bool {
    let text = Text::new(password);
    let name = host.split(':').next().unwrap_or(host);
    let here = leads_to_a_developer(host) || name.ends_with(".local");
    let sample = name.contains("example") || name == "host" || name == "hostname" || name.contains("your");
    let says = |word: &str| password.eq_ignore_ascii_case(word);
    !here
        && !sample
        && password != user
        && !says("pass")
        && !refers(password)
        && !is_placeholder(&text)
        && !is_well_known_default(&text)
        // A word behind a colon is what every manual shows.
        && password.bytes().any(|byte| byte.is_ascii_digit())
        && password.bytes().any(|byte| byte.is_ascii_alphabetic())
        && password.len() >= 8
}

fn refers(value: &str) -> bool {
    ["${", "$(", "{{", "#{", "%(", "<%", "%s"].iter().any(|sign| value.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<String> {
        literals(text, true)
            .iter()
            .map(|literal| match &literal.sign {
                Sign::Token(provider) => provider.name.to_owned(),
                Sign::Address => "address".to_owned(),
                Sign::Named(name) => name.to_string(),
            })
            .collect()
    }

    #[test]
    fn generated_values_under_a_secrets_name_are_found() {
        for (text, name) in [
            ("const jwtSecret = \"q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91\";", "jwtSecret"),
            ("  \"clientSecret\": \"q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91\",", "clientSecret"),
            ("API_TOKEN: str = 'q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91'", "API_TOKEN"),
            ("settings['SECRET_KEY'] = 'q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91'", "SECRET_KEY"),
            ("  api_key: q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91", "api_key"),
            ("# old: postgres://shop:hV7kQ2zLw9@db.acme-shop.com/shop", "address"),
        ] {
            assert_eq!(signs(text), [name], "{text}");
        }
    }

    #[test]
    fn the_key_of_a_client_for_browsers_is_told_by_what_stands_beside_it() {
        let search =
            "{\n  indexName: \"docs\",\n  appId: \"ABCDEF\",\n  apiKey: \"8d3f1c0b7e5a49d2b6c8f0a1e2d3c4b5\",\n}";
        assert_eq!(signs(search), Vec::<String>::new());
        assert_eq!(signs(&search.replace("indexName", "host")), ["apiKey"]);
    }

    #[test]
    fn names_schemas_samples_and_public_keys_are_no_secrets() {
        for text in [
            "secret: text({ required: true, label: \"secret_of_the_customer\" }),",
            "const TOKEN_STORAGE_KEY = \"acme.session.access-token.v2\";",
            "firebase: { apiKey: \"AIzaSyD4x8Qm2Zt7Lw0RkXc5YpJmN3sHfB1dGaE\" }",
            "algolia: { apiKey: \"8f3a1c7e5b2d9046af13c95e7d60b824\" },",
            "passwordHash: \"$2b$12$q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91q8Zt3v\"",
            "JWT_SECRET: \"your-super-secret-key-with-32-characters\"",
            "secret: \"${{ secrets.API_TOKEN_FOR_PRODUCTION }}\"",
            "DATABASE_URL=postgres://postgres:postgres@db:5432/app",
            "url: postgres://user:hV7kQ2zLw9@localhost:5432/app",
            "url: postgres://user:password@host:5432/app",
            "publicKey: \"q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91\"",
            "SafePasswordBox: \"7f3b9c1d-5e8a-4046-b7d9-c3f1e5a80462\",",
            "GooglePasswordManager = \"7f3b9c1d-5e8a-4046-b7d9-c3f1e5a80462\",",
            "passwordResetTemplate: \"d-7f3b9c1d5e8a2046b7d9c3f1e5a80462\",",
            "passwordTemplate: \"d-7f3b9c1d5e8a2046b7d9c3f1e5a80462\",",
            "ApplePasswords = \"7f3b9c1d-5e8a-4046-b7d9-c3f1e5a80462\",",
            "tokenCommit: \"9fceb02d0ae598e95dc970b74767f19372d61af8\",",
            "JWT_SECRET: \"encrypted:BD8nQ0q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91\"",
            "JWT_SECRET: AgBy3i4OJSWKq8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91q8Zt3vLw0RkXc7YpJm",
            "azureAccountKey: \"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==\"",
        ] {
            assert_eq!(signs(text), Vec::<String>::new(), "{text}");
        }
    }
}

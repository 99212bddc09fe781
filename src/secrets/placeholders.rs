//! Texts that stand where a secret is to be put.

use crate::text::Text;

/// Words that say placeholder wherever they stand as a word.
#[rustfmt::skip]
const TELLING: [&str; 22] = [
    "changeme", "changethis", "changeit", "placeholder", "example", "dummy", "replaceme", "replacethis", "insecure",
    "todo", "fixme", "tbd", "sample", "fake", "tobemodified", "supersecret", "topsecret", "verysecret", "notsecret",
    "notasecret", "secrethere", "donotuse",
];

/// Words that people build stand-ins of; a text of nothing else is one.
#[rustfmt::skip]
const FILLER: [&str; 82] = [
    "a", "an", "the", "my", "our", "this", "that", "is", "be", "to", "for", "in", "on", "of", "and", "or", "not",
    "only", "use", "used", "please", "some", "any", "here", "at", "least", "min", "minimum", "with", "very", "super",
    "top", "so", "long", "longer", "enough", "strong", "random", "safe", "unsafe", "secure", "string", "text",
    "value", "chars", "characters", "character", "bit", "bits", "bytes", "app", "api", "jwt", "auth", "better",
    "session", "cookie", "signing", "encryption", "local", "default", "demo", "dev", "development", "prod",
    "production", "test", "testing", "staging", "server", "local", "build", "db", "database", "postgres", "mysql",
    "redis", "admin", "user", "root", "with", "val",
];

/// At least one of these has to be among the filler.
#[rustfmt::skip]
const SUBJECT: [&str; 13] = [
    "secret", "secrets", "password", "passwd", "pass", "token", "key", "apikey", "passphrase", "credential",
    "credentials", "test", "dev",
];

/// Beginnings that ask for something to be put there, before a separator or one of the words that go with them.
const BEGINNINGS: [&str; 5] = ["change", "replace", "insecure", "your", "todo"];

/// Beginnings that ask for it where what is asked for follows.
const ASKING: [&str; 8] = ["put", "insert", "enter", "add", "set", "fill", "paste", "generate"];

/// What is asked for.
const ASKED: [&str; 9] = ["your", "here", "me", "secret", "key", "password", "token", "value", "this"];

/// Whole texts that stand for nothing.
#[rustfmt::skip]
const WHOLE: [&str; 21] = [
    "foo", "bar", "foobar", "baz", "null", "undefined", "nil", "none", "n/a", "na", "empty", "unset", "string",
    "value", "s3cr3t", "shhh", "shh", "hunter2", "keyboard cat", "keyboardcat", "key",
];

/// Constants from published documentation and defaults; whoever can read can use them.
#[rustfmt::skip]
const PUBLISHED: [&str; 12] = [
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "_5#y2l\"f4q8z",
    "better-auth-secret-123456789", "better-auth-secret-12345678901234567890",
    "a-string-secret-at-least-256-bits-long", "super-secret-jwt-token-with-at-least-32-characters-long",
    "255d861b-5ea1-5996-9aa3-922530ec40b1", "6116487b-cda1-52c2-b5b5-c8022c45e263", "thisisasecret_1234",
    "thisismyscretkey", "keyboard cat", "dev-secret-key-change-in-production",
];

/// From this length on a text could be a secret.
const WRITTEN: usize = 32;

/// Beginnings of a text that is long enough to be a secret and asks for another one.
const LONG_BEGINNINGS: &[&str] = &["change", "replace", "insecure"];

/// Whether it is or holds a placeholder: a known word, a sample's beginning, or a published constant.
pub fn is_placeholder(text: &Text) -> bool {
    text.test(|text| {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        if text.is_empty() {
            return false;
        }
        WHOLE.contains(&lower.as_str())
            || PUBLISHED.contains(&lower.as_str())
            || is_bracketed(text)
            || is_counted(&lower)
            || is_crossed_out(&lower)
            || text.contains("EXAMPLE")
            // cut off, to be shown
            || text.ends_with("...")
            || text.ends_with('…')
            || begins_as_request(&lower)
            || denies(&lower)
            || asks_inside(&lower)
            || is_made_of_filler(&lower)
            || is_named_after_itself(&lower)
            || words(&lower).any(|word| TELLING.contains(&word))
    })
}

fn words(lower: &str) -> impl Iterator<Item = &str> {
    lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// `<secret>`, `[secret]`, `{{secret}}`, `%SECRET%`: something else is to stand here.
fn is_bracketed(text: &str) -> bool {
    let is_name = |inside: &str| {
        let is_word = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '.' | '\'' | '/');
        !inside.is_empty() && inside.chars().all(|c| is_word(c) || c.is_ascii_digit()) && inside.chars().any(is_word)
    };
    [("<", ">"), ("[", "]"), ("{{", "}}"), ("%", "%"), ("__", "__")]
        .iter()
        .any(|(open, close)| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name))
}

/// `123`, `123456`, `abc`, `abcd1234`: keys in the order of the keyboard or the alphabet.
fn is_counted(lower: &str) -> bool {
    let letters = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &lower[letters.len()..];
    let runs = |part: &str, row: &str| part.is_empty() || (part.len() >= 3 && row.contains(part));
    !lower.is_empty()
        && runs(digits, "01234567890")
        && (runs(letters, "abcdefghijklmnopqrstuvwxyz") || runs(letters, "qwertyuiopasdfghjklzxcvbnm"))
}

/// `xxxxxxxx`, `****`, `sk-xxxx`, `....`.
fn is_crossed_out(lower: &str) -> bool {
    let Some(first) = lower.chars().next() else { return false };
    let length = lower.chars().count();
    // As long as a secret, one letter again and again was typed to satisfy a check: that is a poor secret.
    let is_sign = length < WRITTEN || first == 'x' || !first.is_alphanumeric();
    let same = length >= 3 && is_sign && lower.chars().all(|c| c == first);
    same || lower.contains("xxxx") || lower.contains("****") || lower.contains("....")
}

/// `change-me`, `your_secret_here`, `replace this`, `yourSecret`.
fn begins_as_request(lower: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let requests = BEGINNINGS.iter().filter_map(|word| lower.strip_prefix(word)).any(|rest| {
        rest.starts_with(['-', '_', ' ', '.', ':'])
            || ["this", "secret", "password", "token", "api", "key"].iter().any(|word| rest.starts_with(word))
            || ["me", "it"].iter().any(|word| rest.strip_prefix(word).is_some_and(ends))
    });
    // In a text as long as a secret no separator is needed: no generator begins with these words.
    let is_long = lower.chars().count() >= WRITTEN;
    if requests || (is_long && LONG_BEGINNINGS.iter().any(|word| lower.starts_with(word))) {
        return true;
    }
    let mut words = words(lower);
    words.next().is_some_and(|first| ASKING.contains(&first)) && words.any(|word| ASKED.contains(&word))
}

/// `ci-build-not-a-real-secret`, `not-for-production`: it says itself what it is not.
fn denies(lower: &str) -> bool {
    let all: Vec<&str> = words(lower).collect();
    let denied = ["real", "secret", "production", "secure", "safe", "important", "password", "sensitive"];
    let not = all.iter().position(|word| *word == "not");
    not.is_some_and(|at| all[at + 1..].iter().take(3).any(|word| denied.contains(word)))
}

/// `our-key-change-me-before-release`: a request in the middle of a long text.
fn asks_inside(lower: &str) -> bool {
    let all: Vec<&str> = words(lower).collect();
    all.windows(2).any(|pair| matches!(pair, ["change" | "replace", "me" | "this"]))
}

/// `my-super-secret-key`, `dev_secret`, `test-token-123`: words that everybody would try.
fn is_made_of_filler(lower: &str) -> bool {
    let mut subject = false;
    for word in words(lower) {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = digits && (word.len() <= 4 || "01234567890".contains(word));
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        subject |= SUBJECT.contains(&stem);
        if !is_number && !FILLER.contains(&stem) && !SUBJECT.contains(&stem) && !is_glued(stem) {
            return false;
        }
        subject |= is_glued(stem);
    }
    subject
}

/// `crm_password`, `novu_api_key`: the name of a product and what it is.
fn is_named_after_itself(lower: &str) -> bool {
    let all: Vec<&str> = words(lower).collect();
    let plain = lower.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    let [.., last] = all[..] else { return false };
    let strange = all.iter().filter(|word| !FILLER.contains(word) && !SUBJECT.contains(word)).count();
    plain && matches!(all.len(), 2..=3) && strange <= 1 && SUBJECT.contains(&last) && !matches!(last, "test" | "dev")
}

/// `mysecret`, `secretkey`, `mysecretkey`: such words without separators.
fn is_glued(word: &str) -> bool {
    word.len() <= 40 && SUBJECT.iter().any(|subject| word.contains(subject)) && falls_apart(word)
}

fn falls_apart(word: &str) -> bool {
    let parts = FILLER.iter().chain(&SUBJECT).filter(|part| part.len() > 1);
    word.is_empty() || parts.filter_map(|part| word.strip_prefix(part)).any(falls_apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_told_from_secrets() {
        for text in [
            "changeme",
            "change-me-in-production",
            "our-service-change-me-before-the-first-release-2026",
            "CHANGE_ME",
            "your-secret-key",
            "yourSecretHere",
            "replace_with_a_random_value",
            "django-insecure-abc",
            "secret",
            "password123",
            "my-super-secret-key",
            "<your secret>",
            "xxxxxxxxxxxx",
            "sk-xxxxxxxx",
            "supersecret",
            "todo",
            "dev-secret",
            "test",
            "better-auth-secret-123456789",
            "keyboard cat",
            "{{ SECRET }}",
            "mysecretkey",
            "jwtsecret",
            "this-is-not-a-secret",
            "a-string-secret-at-least-256-bits-long",
            "insecure-dev-only",
            "generate-me",
            "secret-key-for-testing-only",
            "placeholder",
            "insecure7f3b9c1d5e8a2046b7d9c3f1e5a80462",
            "ci-release-not-a-real-secret",
            "not-for-production-9f2c",
            "test-api-key-12345",
            "crm_password",
            "novu_api_key",
        ] {
            assert!(is_placeholder(&text.into()), "{text}");
        }
        for text in [
            "",
            "correct horse battery staple",
            "k7Jq2mXw9Lr4",
            "changeling-of-the-night",
            "tr0ub4dor&3",
            "settings",
            "yourself",
            "postgres://db:5432/app",
            "Zm9vYmFyYmF6cXV4",
            "adder-viper-cobra",
            "adder-viper-token",
            "set-in-stone-4711",
            r#"["k1xA", "k2"]"#,
            "production",
            "replacement",
        ] {
            assert!(!is_placeholder(&text.into()), "{text}");
        }
    }
}

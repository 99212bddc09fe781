//! Character statistics: what is predictable, what looks generated, how many bytes hide in a text.

use crate::text::Text;
use hashbrown::HashMap;

/// Neighbours on keyboards and in alphabets; a run along one of these is typed, not generated.
const SEQUENCES: [&str; 5] = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Whether it is repeated, sequential, or made of fewer than five different characters.
pub fn is_predictable(text: &Text) -> bool {
    text.test(|text| {
        let chars: Vec<char> = text.trim().to_lowercase().chars().collect();
        !chars.is_empty() && (distinct(&chars) < 5 || is_repeated(&chars) || is_sequential(&chars))
    })
}

/// Whether it looks like the output of a generator: long, mixed, and not made of words.
pub fn looks_generated(text: &Text) -> bool {
    if is_predictable(text) || super::is_placeholder(text) {
        return false;
    }
    text.test(|text| {
        let text = text.trim();
        if text.contains("://") || text.chars().any(char::is_whitespace) {
            return false;
        }
        is_uuid(text) || longest_part(text).is_some_and(is_random_part)
    })
}

/// How many bytes plain hex or base64 stands for; none for anything else.
pub fn decoded_bytes(text: &str) -> Option<usize> {
    let length = text.len();
    if length < 2 || !text.is_ascii() {
        return None;
    }
    if length.is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(length / 2);
    }
    let body = text.trim_end_matches('=');
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let mixed = body.bytes().any(|byte| byte.is_ascii_uppercase())
        && body.bytes().any(|byte| byte.is_ascii_lowercase())
        && body.bytes().any(|byte| byte.is_ascii_digit());
    // A passphrase has the same characters; only padding or a thorough mix says base64.
    let is_base64 = length - body.len() <= 2 && body.bytes().all(alphabet) && body.len() % 4 != 1;
    let padded = length.is_multiple_of(4) && length > body.len();
    (is_base64 && (padded || mixed && transitions(body) >= 0.35)).then_some(body.len() * 3 / 4)
}

fn distinct(chars: &[char]) -> usize {
    let mut seen: Vec<char> = chars.to_vec();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

/// A unit of at most a third of the text, over and over: its longest beginning that is its end, too, leaves no more.
fn is_repeated(chars: &[char]) -> bool {
    let mut borders = vec![0_usize; chars.len()];
    for at in 1..chars.len() {
        let mut border = borders[at - 1];
        while border > 0 && chars[border] != chars[at] {
            border = borders[border - 1];
        }
        borders[at] = border + usize::from(chars[border] == chars[at]);
    }
    borders.last().is_some_and(|border| chars.len() - border <= chars.len() / 3)
}

/// Nearly every character repeats or follows the one before, in the alphabet or on the keyboard.
fn is_sequential(chars: &[char]) -> bool {
    if chars.len() < 6 {
        return false;
    }
    let follows = |a: char, b: char| {
        a == b
            || SEQUENCES.iter().any(|row| {
                let place = |c: char| row.find(c);
                matches!((place(a), place(b)), (Some(a), Some(b)) if a.abs_diff(b) == 1)
            })
            || (a, b) == ('9', '0')
            || (a, b) == ('z', '0')
    };
    let runs = chars.windows(2).filter(|pair| follows(pair[0], pair[1])).count();
    runs * 10 >= (chars.len() - 1) * 8
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The longest run without separators; a provider's prefix is none of the randomness.
fn longest_part(text: &str) -> Option<&str> {
    let separators = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
    text.split(separators).max_by_key(|part| part.len())
}

fn is_random_part(part: &str) -> bool {
    let length = part.len();
    let has = |test: fn(&u8) -> bool| part.as_bytes().iter().filter(|byte| test(byte)).count();
    let (digits, upper, lower) = (has(u8::is_ascii_digit), has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase));
    let is_hex = part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && length >= 24 {
        return digits >= 3 && upper + lower >= 3 && entropy(part) >= 2.8;
    }
    if upper > 0 && lower > 0 {
        return length >= 20 && digits > 1 && transitions(part) >= 0.42 && entropy(part) >= 3.6;
    }
    length >= 24 && digits >= 3 && upper + lower >= 3 && transitions(part) >= 0.2 && entropy(part) >= 3.4
}

/// Shannon entropy in bits a character.
fn entropy(text: &str) -> f64 {
    let mut counts: HashMap<u8, f64> = HashMap::new();
    text.bytes().for_each(|byte| *counts.entry(byte).or_default() += 1.0);
    let length = text.len() as f64;
    counts.values().map(|count| -(count / length) * (count / length).log2()).sum()
}

/// How often the class of the character changes: words and names seldom do, generated text often.
fn transitions(text: &str) -> f64 {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    let bytes = text.as_bytes();
    let changes = bytes.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    changes as f64 / (bytes.len().max(2) - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text as a generator would give it, made at run time.
    fn generated(alphabet: &str, length: usize, seed: u64) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let mut state = seed;
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                alphabet[(state >> 33) as usize % alphabet.len()]
            })
            .collect()
    }

    const HEX: &str = "0123456789abcdef";
    const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    #[test]
    fn repeated_and_sequential_texts_are_predictable() {
        for text in [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "12345678901234567890123456789012",
            "abababababababababababababababababab",
            "secretsecretsecretsecretsecretsecret",
            "qwertyuiopasdfghjklzxcvbnmqwertyuiop",
        ] {
            assert!(is_predictable(&text.into()), "{text}");
        }
        for seed in 0..200 {
            assert!(!is_predictable(&Text::new(generated(HEX, 32, seed))), "{seed}");
            assert!(!is_predictable(&Text::new(generated(BASE64, 32, seed))), "{seed}");
        }
    }

    #[test]
    fn generated_texts_are_told_from_words() {
        let found = (0..200).filter(|seed| looks_generated(&Text::new(generated(BASE64, 40, *seed)))).count();
        assert!(found >= 190, "{found} of 200");
        let found = (0..200).filter(|seed| looks_generated(&Text::new(generated(HEX, 64, *seed)))).count();
        assert!(found >= 195, "{found} of 200");
        for words in [
            "my-very-long-configuration-name-2024",
            "createUserWithEmailAndPassword2",
            "correcthorsebatterystaple",
            "https://example.com/aB3dE5gH7jK9mN1pQ3sT5",
            "postgres",
            "production",
            "changeme-0123456789abcdef0123456789abcdef",
        ] {
            assert!(!looks_generated(&words.into()), "{words}");
        }
    }

    #[test]
    fn only_plain_hex_and_base64_decode() {
        assert_eq!(decoded_bytes(&generated(HEX, 64, 1)), Some(32));
        assert_eq!(decoded_bytes(&format!("{}=", generated(BASE64, 43, 1))), Some(32));
        assert_eq!(decoded_bytes("a passphrase of some length"), None);
        assert_eq!(decoded_bytes("correcthorsebatterystaple"), None);
    }
}

//! Quoted values in code: what a secret's name is given, up to the end of the expression.

use super::super::looks;
use super::{Cover, hide_unless_address};
use crate::digits::bytes;
use memchr::{memchr, memchr2};
use std::ops::Range;

/// How comments and long strings are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `//`, `/* */`, templates in backticks.
    Script,
    /// `#`, triple quotes.
    Hash,
}

enum Token {
    Word(Range<usize>),
    Literal(Range<usize>),
    Comment(Range<usize>),
    Mark(char),
    Line,
}

/// Covers the literals that belong to secret names.
pub(super) fn cover(text: &str, dialect: Dialect, cover: &mut Cover) {
    let tokens = tokens(text, dialect);
    let mut depth = 0usize;
    // The depth at which the expression of a secret name began.
    let mut zone: Option<usize> = None;
    // The depth at which a key inside it began that only speaks about the secret: `hashing: "sha256"`.
    let mut about: Option<usize> = None;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(range) => {
                let word = &text[range.clone()];
                if word.as_bytes()[0].is_ascii_digit() {
                    if zone.is_some() && about.is_none() && word.len() >= 4 {
                        cover.hide(range.clone());
                    }
                } else if zone.is_none() && looks::secret_name(word) && !opens_group(word, &tokens, index) {
                    zone = Some(depth);
                } else if is_key(&tokens, index) && looks::is_about(word) {
                    about = Some(depth);
                }
            }
            Token::Literal(range) => {
                let subscript = is_subscript(&tokens, index) && zone.is_none();
                if subscript || is_key(&tokens, index) {
                    let name = text[range.clone()].trim_matches(['"', '\'', '`']);
                    if zone.is_none() && looks::secret_name(name) && !opens_group(name, &tokens, index) {
                        zone = Some(depth - usize::from(subscript));
                    } else if looks::is_about(name) {
                        about = Some(depth);
                    }
                } else if (zone.is_some()
                    && about.is_none()
                    && !names_a_variable(text, &tokens, index)
                    && !names_a_value(text, &tokens, index))
                    || is_paired(text, &tokens, index)
                {
                    hide_unless_address(text, range.clone(), cover);
                }
                cover_told(text, range.clone(), cover);
            }
            Token::Comment(range) => cover_comment(text, range.clone(), cover),
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                zone = zone.filter(|began| depth >= *began);
                about = about.filter(|began| depth >= *began);
            }
            Token::Mark(',' | ';') => {
                zone = zone.filter(|began| depth > *began);
                about = about.filter(|began| depth > *began);
            }
            Token::Mark(_) => {}
            Token::Line => zone = zone.filter(|began| depth > *began || goes_on(&tokens, index)),
        }
    }
}

/// Whether the token is the key of a field, and not what a condition chooses: `cond ? "X" : "Y"`.
fn is_key(tokens: &[Token], index: usize) -> bool {
    let meaningful = |token: &&Token| !matches!(token, Token::Line | Token::Comment(_));
    let before = tokens[..index].iter().rev().find(meaningful);
    matches!(tokens.get(index + 1), Some(Token::Mark(':')))
        && matches!(before, None | Some(Token::Mark('{' | ',' | ';' | '(' | '[' | '}')))
}

/// How many tokens before a value are looked at for the name of what it is the value of.
const PAIR: usize = 10;

/// `["password", "X"]`, `["--password", "X"]`, `{ name: "PASSWORD", value: "X" }`: a literal before it names it.
fn is_paired(text: &str, tokens: &[Token], index: usize) -> bool {
    let before = |at: usize| index.checked_sub(at).and_then(|at| tokens.get(at));
    match (before(3), before(2), before(1)) {
        (Some(Token::Mark(sign)), Some(Token::Literal(literal)), Some(Token::Mark(','))) => {
            // A list of names is none of pairs: `["password", "token", "key"]`.
            let closes = matches!(tokens.get(index + 1), Some(Token::Mark(']' | ')')));
            let option = unquoted(text, literal).starts_with("--");
            names_secret(text, literal) && (option || closes && matches!(sign, '[' | '('))
        }
        (_, Some(key), Some(Token::Mark(':' | '='))) => {
            is_one_of(text, key, &["value", "Value", "val", "default", "content"])
                && is_named_before(text, tokens, index - 2)
        }
        _ => false,
    }
}

/// Whether a field before one, in the same braces, names a secret: `name: "PASSWORD", `.
fn is_named_before(text: &str, tokens: &[Token], value: usize) -> bool {
    for at in (value.saturating_sub(PAIR)..value).rev() {
        let key = at.checked_sub(2).and_then(|at| tokens.get(at));
        match (&tokens[at], key) {
            (Token::Mark('{' | '}'), _) => return false,
            (Token::Literal(literal), Some(key))
                if is_one_of(text, key, &["name", "Name", "key", "Key", "variable", "id"]) =>
            {
                return names_secret(text, literal);
            }
            _ => {}
        }
    }
    false
}

fn unquoted<'t>(text: &'t str, literal: &Range<usize>) -> &'t str {
    text[literal.clone()].trim_matches(['"', '\'', '`'])
}

fn is_one_of(text: &str, token: &Token, words: &[&str]) -> bool {
    matches!(token, Token::Word(word) | Token::Literal(word) if words.contains(&unquoted(text, word)))
}

/// Whether a literal is the name of a secret, or the option that takes one.
fn names_secret(text: &str, literal: &Range<usize>) -> bool {
    let name = unquoted(text, literal);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    name.bytes().all(is_name) && looks::secret_name(name)
}

/// What a text tells in a language of its own: a command, a header, a connection string.
fn cover_told(text: &str, range: Range<usize>, cover: &mut Cover) {
    let start = range.start;
    looks::told(&text[range]).into_iter().for_each(|told| cover.hide(start + told.start..start + told.end));
}

/// `auth: {`: a group of settings, each with a name of its own.
fn opens_group(name: &str, tokens: &[Token], index: usize) -> bool {
    looks::is_group(name)
        && matches!(
            (tokens.get(index + 1), tokens.get(index + 2)),
            (Some(Token::Mark(':' | '=')), Some(Token::Mark('{'))) | (Some(Token::Mark('(')), _)
        )
}

/// Whether the expression goes on after the line end at `index`.
fn goes_on(tokens: &[Token], index: usize) -> bool {
    let meaningful = |token: &&Token| !matches!(token, Token::Line | Token::Comment(_));
    let before = tokens[..index].iter().rev().find(meaningful);
    let after = tokens[index..].iter().find(meaningful);
    matches!(before, Some(Token::Mark('=' | ':' | '?' | '|' | '&' | '+' | '\\' | '>')))
        || matches!(after, Some(Token::Mark('?' | '|' | '&' | '+' | '.' | '=' | ':')))
}

/// `["name"]`: the literal is a key.
fn is_subscript(tokens: &[Token], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|at| tokens.get(at));
    let word = index.checked_sub(2).and_then(|at| tokens.get(at));
    matches!(
        (word, before, tokens.get(index + 1)),
        (Some(Token::Word(_)), Some(Token::Mark('[')), Some(Token::Mark(']')))
    )
}

/// `env("NAME")`, `environ["NAME"]`, `config.get("NAME")`: the literal names a variable.
fn names_a_variable(text: &str, tokens: &[Token], index: usize) -> bool {
    let Some(Token::Literal(literal)) = tokens.get(index) else { return false };
    let mut before = tokens[..index].iter().rev().filter(|token| !matches!(token, Token::Line | Token::Comment(_)));
    let (Some(Token::Mark('(' | '[')), Some(Token::Word(word))) = (before.next(), before.next()) else { return false };
    let word = text[word.clone()].to_ascii_lowercase();
    let of_environment =
        |token: &Token| matches!(token, Token::Word(of) if text[of.clone()].to_ascii_lowercase().contains("env"));
    let is_environment = word.contains("env")
        || matches!(&*word, "get" | "pop" | "setdefault")
            && matches!(before.next(), Some(Token::Mark('.')))
            && before.next().is_some_and(of_environment);
    let reads = is_environment || matches!(word.as_str(), "get" | "getorthrow" | "config");
    let name = unquoted(text, literal);
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    reads && (is_environment || name.contains('_')) && name.chars().all(is_name)
}

/// `{ key: "Strict-Transport-Security", value: .. }`: the literal is the name of what stands beside it.
fn names_a_value(text: &str, tokens: &[Token], index: usize) -> bool {
    let key = index.checked_sub(2).and_then(|at| tokens.get(at));
    let mut behind = tokens[index + 1..].iter().filter(|token| !matches!(token, Token::Line | Token::Comment(_)));
    let (Some(Token::Literal(literal)), Some(key)) = (tokens.get(index), key) else { return false };
    let is_name = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-');
    is_one_of(text, key, &["key", "Key"])
        && unquoted(text, literal).bytes().all(is_name)
        && matches!(behind.next(), Some(Token::Mark(',')))
        && behind.next().is_some_and(|value| is_one_of(text, value, &["value", "Value"]))
        && matches!(behind.next(), Some(Token::Mark(':')))
}

/// A comment can hold an old value: `// password: hunter2`.
fn cover_comment(text: &str, range: Range<usize>, cover: &mut Cover) {
    cover_told(text, range.clone(), cover);
    let mut start = range.start;
    for line in text[range].split_inclusive('\n') {
        if let Some(sign) = memchr2(b':', b'=', line.as_bytes()) {
            let name = line[..sign].trim_end().rsplit(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
            if looks::secret_name(name) {
                cover.hide(start + sign + 1..start + line.trim_end().len());
            }
        }
        start += line.len();
    }
}

/// Words, literals, comments and marks. Broken code gives some tokens and never a failure.
fn tokens(text: &str, dialect: Dialect) -> Vec<Token> {
    // Few files have more of them.
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let rest = &text[at..];
        let (length, token) = match byte {
            b'\n' => (1, Some(Token::Line)),
            b' ' => (1, None),
            b'/' if dialect == Dialect::Script && rest.starts_with("//") => comment(at, line_length(rest)),
            b'#' if dialect == Dialect::Hash => comment(at, line_length(rest)),
            b'/' if dialect == Dialect::Script && rest.starts_with("/*") => {
                comment(at, rest.find("*/").map_or(rest.len(), |end| end + 2))
            }
            b'"' | b'\'' | b'`' => {
                let length = literal_length(rest, *byte, dialect);
                (length, Some(Token::Literal(at..at + length)))
            }
            _ => match word_length(rest) {
                0 => mark(rest),
                length => (length, Some(Token::Word(at..at + length))),
            },
        };
        tokens.extend(token);
        at += length;
    }
    tokens
}

fn comment(at: usize, length: usize) -> (usize, Option<Token>) {
    (length, Some(Token::Comment(at..at + length)))
}

/// The first character, which is neither of a word nor of a literal.
fn mark(rest: &str) -> (usize, Option<Token>) {
    let Some(c) = rest.chars().next() else { return (1, None) };
    (c.len_utf8(), (!c.is_whitespace()).then_some(Token::Mark(c)))
}

fn line_length(rest: &str) -> usize {
    memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())
}

static OF_WORD: [bool; 256] = bytes!(byte => byte.is_ascii_alphanumeric() || byte == b'_');

/// The length of the word that begins here, if one does.
fn word_length(rest: &str) -> usize {
    let ascii = rest.bytes().position(|byte| !OF_WORD[usize::from(byte)]).unwrap_or(rest.len());
    if rest.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    // Letters of other alphabets are of words, too.
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

/// The length of the literal that begins here. A quote that nothing closes ends with its line.
fn literal_length(rest: &str, quote: u8, dialect: Dialect) -> usize {
    let triple = match quote {
        b'"' => "\"\"\"",
        b'\'' => "'''",
        _ => "```",
    };
    if dialect == Dialect::Hash && rest.starts_with(triple) {
        return rest[3..].find(triple).map_or(rest.len(), |end| end + 6);
    }
    let bytes = rest.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            // Of a longer character the first byte is passed over, and the others are no sign.
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return at,
            byte if *byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

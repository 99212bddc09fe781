//! Quoted values in code: what a secret's name is given, up to the end of the expression.

use super::super::looks;
use super::{Cover, hide_unless_address};
use hashbrown::HashMap;
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
pub(super) fn cover<'t>(text: &'t str, dialect: Dialect, cover: &mut Cover) {
    let tokens = tokens(text, dialect);
    // Code says the same names again and again.
    let mut known: HashMap<&str, bool> = HashMap::new();
    let mut is_secret = |name: &'t str| *known.entry(name).or_insert_with(|| looks::secret_name(name));
    let mut depth = 0usize;
    // The depth at which the expression of a secret name began.
    let mut zone: Option<usize> = None;
    // The depth at which a key inside it began that only speaks about the secret: `hashing: "sha256"`.
    let mut about: Option<usize> = None;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(range) => {
                let word = &text[range.clone()];
                if word.starts_with(|c: char| c.is_ascii_digit()) {
                    if zone.is_some() && about.is_none() && word.len() >= 4 {
                        cover.hide(range.clone());
                    }
                } else if zone.is_none() && is_secret(word) && !opens_group(word, &tokens, index) {
                    zone = Some(depth);
                } else if is_key(&tokens, index) && looks::is_about(word) {
                    about = Some(depth);
                }
            }
            Token::Literal(range) => {
                let subscript = is_subscript(&tokens, index) && zone.is_none();
                if subscript || is_key(&tokens, index) {
                    let name = text[range.clone()].trim_matches(['"', '\'', '`']);
                    if zone.is_none() && is_secret(name) && !opens_group(name, &tokens, index) {
                        zone = Some(depth - usize::from(subscript));
                    } else if looks::is_about(name) {
                        about = Some(depth);
                    }
                } else if zone.is_some() && about.is_none() && !names_a_variable(text, &tokens, index) {
                    hide_unless_address(text, range.clone(), cover);
                }
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

/// Whether the token is the key of a field.
fn is_key(tokens: &[Token], index: usize) -> bool {
    matches!(tokens.get(index + 1), Some(Token::Mark(':')))
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
    let (Some(Token::Literal(literal)), Some(Token::Word(word)), Some(Token::Mark('(' | '['))) = (
        tokens.get(index),
        index.checked_sub(2).and_then(|at| tokens.get(at)),
        index.checked_sub(1).and_then(|at| tokens.get(at)),
    ) else {
        return false;
    };
    let word = text[word.clone()].to_ascii_lowercase();
    let reads = word.contains("env") || matches!(word.as_str(), "get" | "getorthrow" | "config");
    let name = text[literal.clone()].trim_matches(['"', '\'', '`']);
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    reads && name.contains('_') && name.chars().all(is_name)
}

/// A comment can hold an old value: `// password: hunter2`.
fn cover_comment(text: &str, range: Range<usize>, cover: &mut Cover) {
    let mut start = range.start;
    for line in text[range].split_inclusive('\n') {
        if let Some(sign) = line.find([':', '=']) {
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
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '\n' => {
                tokens.push(Token::Line);
                1
            }
            '/' if dialect == Dialect::Script && rest.starts_with("//") => line_comment(rest, at, &mut tokens),
            '#' if dialect == Dialect::Hash => line_comment(rest, at, &mut tokens),
            '/' if dialect == Dialect::Script && rest.starts_with("/*") => {
                let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
                tokens.push(Token::Comment(at..at + length));
                length
            }
            '"' | '\'' | '`' => {
                let length = literal_length(rest, c, dialect);
                tokens.push(Token::Literal(at..at + length));
                length
            }
            c if is_word(c) => {
                let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(at..at + length));
                length
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token::Mark(c));
                }
                c.len_utf8()
            }
        };
        at += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_comment(rest: &str, at: usize, tokens: &mut Vec<Token>) -> usize {
    let length = rest.find('\n').unwrap_or(rest.len());
    tokens.push(Token::Comment(at..at + length));
    length
}

/// The length of the literal that begins here. A quote that nothing closes ends with its line.
fn literal_length(rest: &str, quote: char, dialect: Dialect) -> usize {
    let triple: String = [quote; 3].iter().collect();
    if dialect == Dialect::Hash && rest.starts_with(&triple) {
        return rest[3..].find(&triple).map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote != '`' => return at,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

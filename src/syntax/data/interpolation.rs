//! Texts with references to variables in them: `${NAME:-default}` and its relatives.

use crate::text::Text;
use std::sync::Arc;

/// References nested deeper than this are taken as malformed; each level is a default inside a default.
const MAX_NESTING: usize = 32;

/// Who expands the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Compose files and Compose's env files: `$NAME`, `${NAME}`, all operators, `$$` for a `$`; braces with anything
    /// else in them refuse the file, a `$` before anything else is a `$`.
    Compose,
    /// `dotenv-expand`: `$NAME`, `${NAME}`, `:-`, `-`, `:+`, `+`, where empty always counts as unset; `\$` for a `$`.
    NodeExpand,
    /// `python-dotenv`: `${NAME}` and `${NAME:-default}`, where the default is for unset alone; nothing escapes.
    Python,
    /// Dockerfiles: `$NAME`, `${NAME}` and the operators; `\$` for a `$`.
    Dockerfile,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Characters as they are.
    Text(Text),
    /// The value of a variable.
    Reference {
        /// Its name.
        name: Arc<str>,
        /// What happens when it is not set.
        form: Form,
    },
    /// A `$` that the expander refuses: the whole text has no value. Always the last part.
    Malformed,
}

/// What a reference gives besides the value of its variable. `when_empty` says that an empty variable counts as
/// one that is not set (`:-` against `-`).
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// `$NAME`, `${NAME}`: nothing.
    Plain,
    /// `${NAME:-value}`: the value stands in for the variable.
    Default {
        /// Whether it also stands in for an empty one.
        when_empty: bool,
        /// What stands in.
        value: Vec<Piece>,
    },
    /// `${NAME:?message}`: without the variable nothing starts.
    Required {
        /// Whether an empty one does not do.
        when_empty: bool,
    },
    /// `${NAME#pattern}` and its relatives in a Dockerfile: the value without what the pattern fits, or with something
    /// else in its place.
    Changed {
        /// What is changed.
        edit: Edit,
        /// Whether the sign stands there twice: the longest fit is taken off, all fits are replaced.
        twice: bool,
        /// What has to fit, with `*` and `?`.
        pattern: Vec<Piece>,
        /// What takes its place.
        replacement: Vec<Piece>,
    },
    /// `${NAME:+value}`: the value, if the variable is set; else nothing.
    Alternate {
        /// Whether an empty one counts as not set.
        when_empty: bool,
        /// What is given.
        value: Vec<Piece>,
    },
}

/// What a pattern changes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// `#`: the start is taken off.
    Prefix,
    /// `%`: the end is taken off.
    Suffix,
    /// `/`: what fits is replaced, wherever it stands.
    Replace,
}

/// The parts of a value in a compose file.
pub fn interpolation(text: &Text) -> Vec<Piece> {
    template(text, Syntax::Compose)
}

/// The parts of a text that `syntax` expands. A text without references is one text; an empty one has no parts.
pub fn template(text: &Text, syntax: Syntax) -> Vec<Piece> {
    let mut parts = Vec::new();
    text.test(|text| {
        parts = pieces(text, syntax);
        true
    });
    parts
}

/// The parts of characters that are still at hand.
pub(super) fn pieces(text: &str, syntax: Syntax) -> Vec<Piece> {
    Scanner { syntax, depth: 0 }.pieces(text)
}

/// The reference that `text` starts with, which starts with a `$`, and its length; none if the `$` is only a `$`.
/// [`Piece::Malformed`] takes the rest of the text.
pub(super) fn reference_at(text: &str, syntax: Syntax) -> Option<(Piece, usize)> {
    match (Scanner { syntax, depth: 0 }).sign(text, text.starts_with("${") && text.contains('}')) {
        Sign::Literal(_) => None,
        Sign::Reference(piece, length) => Some((piece, length)),
        Sign::Refused => Some((Piece::Malformed, text.len())),
    }
}

#[derive(Clone, Copy)]
struct Scanner {
    syntax: Syntax,
    depth: usize,
}

/// What stands at a `$`, and how many bytes it takes, the `$` included.
enum Sign {
    Literal(usize),
    Reference(Piece, usize),
    Refused,
}

impl Scanner {
    fn pieces(self, text: &str) -> Vec<Piece> {
        if self.syntax == Syntax::Dockerfile && self.depth > 0 {
            return self.operand(text);
        }
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        let last_brace = text.rfind('}').unwrap_or(0);
        while let Some(next) = text[at..].find(['$', '\\']) {
            literal.push_str(&text[at..at + next]);
            at += next;
            if text[at..].starts_with('\\') {
                let escapes = matches!(self.syntax, Syntax::NodeExpand | Syntax::Dockerfile);
                let escaped = escapes && text[at + 1..].starts_with('$');
                literal.push(if escaped { '$' } else { '\\' });
                at += if escaped { 2 } else { 1 };
                continue;
            }
            match self.sign(&text[at..], at < last_brace) {
                Sign::Literal(length) => {
                    literal.push('$');
                    at += length;
                }
                Sign::Reference(piece, length) => {
                    flush(&mut literal, &mut parts);
                    parts.push(piece);
                    at += length;
                }
                Sign::Refused => {
                    flush(&mut literal, &mut parts);
                    parts.push(Piece::Malformed);
                    return parts;
                }
            }
        }
        literal.push_str(&text[at..]);
        flush(&mut literal, &mut parts);
        parts
    }

    /// Reads `text`, which starts with a `$`. `closes` says that a closing brace is somewhere in it: without one,
    /// nothing is searched for, since a file of nothing but `${` would be searched to its end for each of them.
    fn sign(self, text: &str, closes: bool) -> Sign {
        let after = &text[1..];
        if after.starts_with('$') && self.syntax == Syntax::Compose {
            return Sign::Literal(2);
        }
        if let Some(inside) = after.strip_prefix('{') {
            return match closes.then(|| self.braces(inside)).flatten() {
                Some((piece, length)) => Sign::Reference(piece, length + 2),
                None if matches!(self.syntax, Syntax::Dockerfile | Syntax::Compose) => Sign::Refused,
                None => Sign::Literal(1),
            };
        }
        if self.syntax == Syntax::Dockerfile
            && let Some(length) = special_parameter(after)
        {
            return Sign::Reference(Piece::Text(Text::new("")), 1 + length);
        }
        let name = &after[..name_length(after)];
        if name.is_empty() || self.syntax == Syntax::Python {
            return Sign::Literal(1);
        }
        Sign::Reference(Piece::Reference { name: Arc::from(name), form: Form::Plain }, 1 + name.len())
    }

    /// The reference in braces that `text` starts with, and its length up to and with the closing brace.
    fn braces(self, text: &str) -> Option<(Piece, usize)> {
        if self.syntax == Syntax::Python {
            return python_braces(text);
        }
        let inside = &text[..self.closing_brace(text)?];
        // its pattern knows no brace inside braces but those of a reference, which is put in first
        if self.syntax == Syntax::NodeExpand && has_lone_brace(inside) {
            return None;
        }
        let name = match self.syntax {
            Syntax::NodeExpand => &inside[..first_operator(inside)],
            _ => &inside[..name_length(inside)],
        };
        if name.is_empty() || name.contains(['$', '{']) || self.depth >= MAX_NESTING {
            return None;
        }
        let form = self.form(&inside[name.len()..])?;
        Some((Piece::Reference { name: Arc::from(name), form }, inside.len() + 1))
    }

    /// The parts of what stands behind an operator in a Dockerfile, where quotes are taken off as in a word.
    fn operand(self, text: &str) -> Vec<Piece> {
        let (mut parts, mut literal, mut quote, mut at) = (Vec::new(), String::new(), None, 0);
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            at += c.len_utf8();
            match c {
                _ if quote == Some(c) => quote = None,
                '\'' | '"' if quote.is_none() => quote = Some(c),
                '\\' if quote != Some('\'') => {
                    let Some(next) = text[at..].chars().next() else { break };
                    if quote.is_some() && !matches!(next, '"' | '$' | '\\') {
                        literal.push(c);
                    }
                    literal.push(next);
                    at += next.len_utf8();
                }
                '$' if quote != Some('\'') => match self.sign(rest, true) {
                    Sign::Literal(_) => literal.push(c),
                    Sign::Reference(piece, length) => {
                        flush(&mut literal, &mut parts);
                        parts.push(piece);
                        at += length - 1;
                    }
                    Sign::Refused => return vec![Piece::Malformed],
                },
                _ => literal.push(c),
            }
        }
        flush(&mut literal, &mut parts);
        parts
    }

    fn closing_brace(self, text: &str) -> Option<usize> {
        let mut open = 1_usize;
        let mut before = '\0';
        let mut quote = None;
        for (at, c) in text.char_indices() {
            match c {
                _ if quote == Some(c) => quote = None,
                _ if quote.is_some() => {}
                '\'' | '"' if self.syntax == Syntax::Dockerfile && before != '\\' => quote = Some(c),
                '{' if before == '$' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return Some(at);
            }
            // also keeps a file of nothing but `${` from being searched to its end for each of them
            if open > MAX_NESTING {
                return None;
            }
            before = c;
        }
        None
    }

    /// What follows the name in braces.
    fn form(self, text: &str) -> Option<Form> {
        let colon = text.starts_with(':');
        let text_behind = text.strip_prefix(':').unwrap_or(text);
        let when_empty = colon || self.syntax == Syntax::NodeExpand;
        let Some(operator) = text_behind.chars().next() else { return (!colon).then_some(Form::Plain) };
        let operand = &text_behind[operator.len_utf8()..];
        let value = || Scanner { depth: self.depth + 1, ..self }.pieces(operand);
        match operator {
            '-' => Some(Form::Default { when_empty, value: value() }),
            '+' => Some(Form::Alternate { when_empty, value: value() }),
            '?' if self.syntax != Syntax::NodeExpand => Some(Form::Required { when_empty }),
            '#' | '%' | '/' if self.syntax == Syntax::Dockerfile && !colon => Some(self.change(operator, operand)),
            _ => None,
        }
    }

    /// `${NAME#pattern}`, `${NAME%pattern}`, `${NAME/pattern/text}`; the operator twice for the longest, or for all.
    fn change(self, operator: char, operand: &str) -> Form {
        let (twice, operand) = match operand.strip_prefix(operator) {
            Some(operand) => (true, operand),
            None => (false, operand),
        };
        let (pattern, replacement) = match operand.split_once('/') {
            Some((pattern, replacement)) if operator == '/' => (pattern, replacement),
            _ => (operand, ""),
        };
        let edit = match operator {
            '#' => Edit::Prefix,
            '%' => Edit::Suffix,
            _ => Edit::Replace,
        };
        let parts = |text: &str| Scanner { depth: self.depth + 1, ..self }.pieces(text);
        Form::Changed { edit, twice, pattern: parts(pattern), replacement: parts(replacement) }
    }
}

/// How many bytes the parameter takes that `text` starts with and that a build has none of: `$1`, `$?`, `$$`.
fn special_parameter(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some(digits);
    }
    text.starts_with(['@', '*', '#', '?', '-', '$', '!']).then_some(1)
}

/// Whether a brace opens that belongs to no reference.
fn has_lone_brace(inside: &str) -> bool {
    inside.match_indices('{').any(|(at, _)| !inside[..at].ends_with('$'))
}

/// Where the name in braces ends for `dotenv-expand`, which takes everything before the first operator for it.
fn first_operator(inside: &str) -> usize {
    let is_operator = |at: &usize| {
        let rest = &inside[*at..];
        rest.starts_with(['-', '+']) || rest.starts_with(":-") || rest.starts_with(":+")
    };
    inside.match_indices([':', '-', '+']).map(|(at, _)| at).find(is_operator).unwrap_or(inside.len())
}

/// `${NAME}` and `${NAME:-default}`, up to the first closing brace; names hold anything but `:` and `}`.
fn python_braces(text: &str) -> Option<(Piece, usize)> {
    let end = text.find([':', '}'])?;
    let (name, behind) = text.split_at(end);
    let (form, length) = if let Some(default) = behind.strip_prefix(":-") {
        let default = &default[..default.find('}')?];
        let mut value = Vec::new();
        flush(&mut default.to_owned(), &mut value);
        (Form::Default { when_empty: false, value }, end + ":-".len() + default.len())
    } else {
        (behind.starts_with('}').then_some(Form::Plain)?, end)
    };
    Some((Piece::Reference { name: Arc::from(name), form }, length + 1))
}

fn name_length(text: &str) -> usize {
    let is_part =
        |(at, byte): &(usize, u8)| byte.is_ascii_alphabetic() || *byte == b'_' || (*at > 0 && byte.is_ascii_digit());
    text.bytes().enumerate().take_while(is_part).count()
}

fn flush(literal: &mut String, parts: &mut Vec<Piece>) {
    if !literal.is_empty() {
        parts.push(Piece::Text(Text::new(std::mem::take(literal))));
    }
}

#[cfg(test)]
mod tests;

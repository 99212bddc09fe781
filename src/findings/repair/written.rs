//! Values as they are written in a language.

use crate::eval::{Kind, Value};
use crate::text::Text;

/// The language that a value is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// TypeScript and JavaScript.
    Script,
    /// JSON.
    Json,
    /// Python.
    Python,
    /// Keyword arguments of a call of Python.
    Keyword,
}

/// Values that could mean a wanted one to a framework: itself, its opposite, milliseconds for seconds.
pub(super) fn spellings(wanted: &Value) -> Vec<Value> {
    let kinds = match &wanted.kind {
        Kind::Bool(value) => vec![Kind::Bool(*value), Kind::Bool(!value)],
        Kind::Number(number) => vec![Kind::Number(*number), Kind::Number(number * 1000.0)],
        Kind::Text(text) => vec![Kind::Text(text.clone())],
        _ => Vec::new(),
    };
    kinds.into_iter().map(|kind| Value::new(kind, &wanted.trail)).collect()
}

/// Texts that could mean a wanted value where only texts are written.
pub(super) fn texts(wanted: &Value) -> Vec<String> {
    match &wanted.kind {
        Kind::Bool(_) => vec!["true".into(), "false".into()],
        Kind::Number(number) if number.fract() == 0.0 && *number >= 0.0 && *number < 1e15 => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// A value as its text; none for what has no plain one. A word is a word of the vocabulary, never a project's own text.
pub(super) fn literal(value: &Value, spelling: Spelling, quote: char, counts_bytes: bool) -> Option<String> {
    match &value.kind {
        Kind::Bool(value) if matches!(spelling, Spelling::Python | Spelling::Keyword) => {
            Some(if *value { "True" } else { "False" }.to_owned())
        }
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Number(number) if number.fract() == 0.0 && *number >= 0.0 && *number < 1e15 => {
            let mega = 1024.0 * 1024.0;
            let as_product = counts_bytes && spelling != Spelling::Json && *number >= mega && number % mega == 0.0;
            Some(if as_product { format!("{} * 1024 * 1024", number / mega) } else { number.to_string() })
        }
        Kind::Text(text) => word(text).map(|word| match spelling {
            Spelling::Json => format!("\"{word}\""),
            Spelling::Script | Spelling::Python | Spelling::Keyword => format!("{quote}{word}{quote}"),
        }),
        _ => None,
    }
}

/// A word of the vocabulary, which is made of letters.
fn word(text: &Text) -> Option<String> {
    let plain = text.test(|text| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    plain.then(|| text.as_name().to_string())
}

//! What an unquoted YAML scalar is: the core schema of YAML 1.2, in which `on`, `no` and `yes` are texts.

use crate::syntax::data::NodeKind;
use crate::text::Text;
use saphyr_parser::{ScalarStyle, Tag};

/// What a tag does to a value.
pub(super) enum Meaning {
    /// What the value says by itself.
    Own,
    /// A text, whatever it looks like.
    Text,
    /// What it looks like without its quotes.
    Unquoted,
    /// Something that only the application knows: the tag's name.
    Application(String),
}

impl Meaning {
    pub(super) fn of(tag: Option<&Tag>) -> Self {
        let Some(tag) = tag else { return Meaning::Own };
        match (&*tag.handle, &*tag.suffix) {
            ("", "!") => Meaning::Text,
            ("tag:yaml.org,2002:", "str" | "binary") => Meaning::Text,
            ("tag:yaml.org,2002:", "int" | "float" | "bool" | "null") => Meaning::Unquoted,
            ("tag:yaml.org,2002:", "map" | "seq" | "omap" | "set" | "pairs" | "merge" | "timestamp") => Meaning::Own,
            (handle, suffix) => Meaning::Application(format!("{handle}{suffix}")),
        }
    }
}

/// The value of a scalar.
pub(super) fn value(content: &str, style: ScalarStyle, meaning: &Meaning) -> NodeKind {
    match meaning {
        Meaning::Text => NodeKind::Text(Text::new(content)),
        Meaning::Unquoted => plain(content),
        Meaning::Own | Meaning::Application(_) if style == ScalarStyle::Plain => plain(content),
        _ => NodeKind::Text(Text::new(content)),
    }
}

fn plain(content: &str) -> NodeKind {
    match content {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" => NodeKind::Bool(true),
        "false" | "False" | "FALSE" => NodeKind::Bool(false),
        _ => match number(content) {
            Some(value) => NodeKind::Number(value, Text::new(content)),
            None => NodeKind::Text(Text::new(content)),
        },
    }
}

fn number(content: &str) -> Option<f64> {
    let whole = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|n| n as f64);
    if let Some(digits) = content.strip_prefix("0x") {
        return whole(digits.strip_prefix('+').map_or(digits, |_| ""), 16);
    }
    if let Some(digits) = content.strip_prefix("0o") {
        return whole(digits.strip_prefix('+').map_or(digits, |_| ""), 8);
    }
    let unsigned = content.strip_prefix(['-', '+']).unwrap_or(content);
    match unsigned {
        ".inf" | ".Inf" | ".INF" if content.starts_with('-') => return Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        _ if matches!(content, ".nan" | ".NaN" | ".NAN") => return Some(f64::NAN),
        _ => {}
    }
    // Rust's own reader also takes `inf`, `nan` and `infinity`, which are texts here
    let starts_well = unsigned.starts_with(|c: char| c.is_ascii_digit())
        || unsigned.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    starts_well.then(|| content.parse().ok()).flatten()
}

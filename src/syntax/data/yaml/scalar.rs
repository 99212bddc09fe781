//! What an unquoted YAML scalar is: the core schema of YAML 1.2, in which `on`, `no` and `yes` are texts.

use crate::syntax::data::NodeKind;
use crate::text::Text;
use granit_parser::{ScalarStyle, Tag};

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
        match tag.parts() {
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
        _ => match Number::of(content) {
            Some(number) => NodeKind::Number(number.value(), Text::new(content)),
            None => NodeKind::Text(Text::new(content)),
        },
    }
}

/// A number as Go's `yaml.v3` reads it, which Compose and Kubernetes are built on: YAML 1.2, and of YAML 1.1 octal
/// numbers behind a mere zero, binary ones, and underscores between digits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Whole(i128),
    Float(f64),
}

impl Number {
    fn of(content: &str) -> Option<Number> {
        let (negative, unsigned) = match content.strip_prefix(['-', '+']) {
            Some(unsigned) => (content.starts_with('-'), unsigned),
            None => (false, content),
        };
        match unsigned {
            ".inf" | ".Inf" | ".INF" if negative => return Some(Number::Float(f64::NEG_INFINITY)),
            ".inf" | ".Inf" | ".INF" => return Some(Number::Float(f64::INFINITY)),
            _ if matches!(content, ".nan" | ".NaN" | ".NAN") => return Some(Number::Float(f64::NAN)),
            _ => {}
        }
        // Rust's own reader also takes `inf`, `nan` and `infinity`, which are texts here
        let starts_well = unsigned.starts_with(|c: char| c.is_ascii_digit())
            || unsigned.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !starts_well {
            return None;
        }
        let digits = unsigned.replace('_', "");
        if let Some(whole) = whole(&digits) {
            return Some(Number::Whole(if negative { -whole } else { whole }));
        }
        let float: f64 = digits.parse().ok()?;
        Some(Number::Float(if negative { -float } else { float }))
    }

    fn value(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Float(float) => float,
        }
    }
}

/// What does not fit into 64 bits is a float.
fn whole(digits: &str) -> Option<i128> {
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0o" | "0O") => (&digits[2..], 8),
        Some("0b" | "0B") => (&digits[2..], 2),
        _ if digits.len() > 1 && digits.starts_with('0') => (&digits[1..], 8),
        _ => (digits, 10),
    };
    let plain = digits.starts_with(|c: char| c.is_ascii_alphanumeric());
    plain.then(|| u64::from_str_radix(digits, radix).ok().map(i128::from)).flatten()
}

/// The text that Compose hands a process for a number: the number printed, not what is written.
pub fn printed(written: &Text) -> Text {
    written.map(|content| match Number::of(content) {
        Some(Number::Whole(whole)) => whole.to_string(),
        Some(Number::Float(float)) => printed_float(float),
        None => content.to_owned(),
    })
}

/// As Go prints it: the shortest digits, and an exponent where it is below -4 or above 5.
fn printed_float(float: f64) -> String {
    if !float.is_finite() {
        return if float.is_nan() {
            "NaN"
        } else if float > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
        .to_owned();
    }
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return float.to_string();
    }
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

//! What a YAML value is to Python's reader, which follows YAML 1.1: `yes` is true there, `1e3` a text.

use crate::syntax::data::{Node, NodeKind};

/// A value as Python has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i128),
    /// A float or a date: true unless it is zero.
    Other {
        truth: bool,
    },
    Text(String),
    /// A list or a mapping, and whether it has something in it.
    Collection {
        truth: bool,
    },
}

impl Scalar {
    /// The value of a node, whose text is a part of the file's.
    pub(super) fn of(file: &str, node: &Node) -> Scalar {
        match &node.kind {
            NodeKind::List(items) => Scalar::Collection { truth: !items.is_empty() },
            NodeKind::Map(entries) => Scalar::Collection { truth: !entries.is_empty() },
            NodeKind::Tagged(_, inner) => Scalar::of(file, inner),
            NodeKind::Null => Scalar::Null,
            NodeKind::Bool(value) => Scalar::Bool(*value),
            NodeKind::Number(number, text) => {
                of_plain(&text.as_name()).unwrap_or(Scalar::Other { truth: *number != 0.0 })
            }
            NodeKind::Text(text) => {
                let written = file.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
                let is_plain = !written.starts_with(['"', '\'', '|', '>']);
                let text = text.as_name();
                let plain = if is_plain { of_plain(&text) } else { None };
                plain.unwrap_or_else(|| Scalar::Text(text.to_string()))
            }
        }
    }

    /// Whether Python counts it as true.
    pub(super) fn truth(&self) -> bool {
        match self {
            Scalar::Null => false,
            Scalar::Bool(value) => *value,
            Scalar::Int(number) => *number != 0,
            Scalar::Other { truth } | Scalar::Collection { truth } => *truth,
            Scalar::Text(text) => !text.is_empty(),
        }
    }

    /// The value as a member of a set: in Python `1` and `True` are one. None for what no set can hold.
    pub(super) fn key(&self) -> Option<String> {
        Some(match self {
            Scalar::Null => "null".to_owned(),
            Scalar::Bool(value) => format!("number {}", i32::from(*value)),
            Scalar::Int(number) => format!("number {number}"),
            Scalar::Other { .. } => "other".to_owned(),
            Scalar::Text(text) => format!("text {text}"),
            Scalar::Collection { .. } => return None,
        })
    }

    /// Whether it is a whole number; a boolean slips through.
    pub(super) fn is_int(&self) -> bool {
        matches!(self, Scalar::Int(_) | Scalar::Bool(_))
    }
}

/// What an unquoted text is; none for a text.
fn of_plain(text: &str) -> Option<Scalar> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Scalar::Null),
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Some(Scalar::Bool(true)),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Some(Scalar::Bool(false)),
        _ => {}
    }
    if let Some(number) = int(text) {
        return Some(Scalar::Int(number));
    }
    if let Some(truth) = float(text) {
        return Some(Scalar::Other { truth });
    }
    is_date(text).then_some(Scalar::Other { truth: true }).or_else(|| Some(Scalar::Text(text.to_owned())))
}

fn int(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let radix = |digits: &str, radix| i128::from_str_radix(&digits.replace('_', ""), radix).ok();
    let first = digits.chars().next()?;
    if !first.is_ascii_digit() {
        return None;
    }
    let number = if let Some(binary) = digits.strip_prefix("0b") {
        radix(binary, 2)?
    } else if let Some(hex) = digits.strip_prefix("0x") {
        radix(hex, 16)?
    } else if digits == "0" {
        0
    } else if first == '0' {
        radix(digits, 8)?
    } else if digits.contains(':') {
        sexagesimal(digits)?
    } else {
        radix(digits, 10)?
    };
    Some(sign * number)
}

/// `1:30` is ninety.
fn sexagesimal(digits: &str) -> Option<i128> {
    let mut parts = digits.split(':');
    let mut number = parts.next()?.replace('_', "").parse::<i128>().ok()?;
    for part in parts {
        let place: i128 = part.parse().ok().filter(|place| *place < 60 && !part.starts_with(['+', '-']))?;
        number = number.checked_mul(60)?.checked_add(place)?;
    }
    Some(number)
}

/// Whether a float is true; none for what is no float in YAML 1.1.
fn float(text: &str) -> Option<bool> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(true);
    }
    let (whole, rest) = unsigned.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    let begins = if whole.is_empty() {
        text.starts_with('.') && fraction.starts_with(|c: char| c.is_ascii_digit())
    } else {
        whole.starts_with(|c: char| c.is_ascii_digit())
    };
    let fits = digits(whole) && digits(fraction) && exponent_fits && begins;
    fits.then(|| whole.bytes().chain(fraction.bytes()).any(|byte| (b'1'..=b'9').contains(&byte)))
}

/// `2026-01-31`, with or without a time behind it.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| {
            !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let (year, month, rest) = (parts.next(), parts.next(), parts.next());
    let day = rest.and_then(|rest| rest.split(['T', 't', ' ']).next());
    digits(year, 4) && year.is_some_and(|year| year.len() == 4) && digits(month, 2) && digits(day, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_are_what_yaml_1_1_says() {
        for (text, expected) in [
            ("yes", Scalar::Bool(true)),
            ("off", Scalar::Bool(false)),
            ("~", Scalar::Null),
            ("1", Scalar::Int(1)),
            ("+1_000", Scalar::Int(1000)),
            ("0x1F", Scalar::Int(31)),
            ("017", Scalar::Int(15)),
            ("0b11", Scalar::Int(3)),
            ("1:30", Scalar::Int(90)),
            ("1.0", Scalar::Other { truth: true }),
            ("0.0", Scalar::Other { truth: false }),
            ("2026-01-31", Scalar::Other { truth: true }),
            ("08", Scalar::Text("08".into())),
            ("0o17", Scalar::Text("0o17".into())),
            ("1e3", Scalar::Text("1e3".into())),
            ("y", Scalar::Text("y".into())),
            ("1:99", Scalar::Text("1:99".into())),
        ] {
            assert_eq!(of_plain(text), Some(expected), "{text}");
        }
    }
}

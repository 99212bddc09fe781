//! Functions that every program has: conversions, `Object.*`, `Math.*`, Python's builtins.

use super::Callback;
use crate::eval::spans;
use crate::eval::{Because, Kind, Trail, Unknown, Value};
use crate::syntax::code::Language;
use crate::text::Text;
use std::sync::Arc;

/// The result of a global function; none where it is not followed.
pub(in crate::eval) fn global(path: &str, arguments: &[Value], trail: &Trail, call: Callback) -> Option<Value> {
    let first = arguments.first();
    match path {
        "String" | "str" => {
            let language = if path == "str" { Language::Python } else { Language::TypeScript };
            Some(first?.read(&|value| {
                crate::eval::expressions::text_of(&value.kind, language).map_or_else(|| unread(value), Kind::Text)
            }))
        }
        "Number" => Some(to_number(first?)),
        "parseInt" | "Number.parseInt" => Some(parsed(first?, &radix(arguments.get(1))?)),
        "parseFloat" | "Number.parseFloat" => Some(parsed(first?, &|text| leading(text, false))),
        // Whole seconds of now are now.
        "int" | "float" | "round" if spans::is_now(first?) == Some(true) => Some(first?.clone()),
        "int" | "float" if arguments.len() == 1 => Some(python_number(first?, path == "int")),
        "Boolean" | "bool" => Some(to_boolean(first?, path == "bool")),
        "Object.freeze" | "Object.seal" | "structuredClone" | "Promise.resolve" => first.cloned(),
        "list" | "tuple" | "set" | "Array.from" | "frozenset" | "Set" if arguments.len() == 1 => {
            let given = first.filter(|value| !matches!(value.kind, Kind::Text(_) | Kind::Object { .. }));
            match path {
                "set" | "frozenset" | "Set" => given.map(once_each),
                _ => given.cloned(),
            }
        }
        "Object.assign" => Some(crate::eval::objects::merged(arguments, trail.place)),
        "Object.keys" => entries(first?, "keys"),
        "Object.values" => entries(first?, "values"),
        "Object.entries" => entries(first?, "items"),
        "Object.fromEntries" | "dict" if first.is_some() => from_entries(first?, trail),
        "JSON.parse" if arguments.len() == 1 => super::json(first?),
        "Array.isArray" => match first?.kind {
            Kind::List { .. } => Some(Value::new(Kind::Bool(true), trail)),
            Kind::Unknown(_) | Kind::Choice(..) | Kind::Call(_) | Kind::External { .. } => None,
            _ => Some(Value::new(Kind::Bool(false), trail)),
        },
        "Math.max" | "Math.min" | "Math.floor" | "Math.round" | "Math.ceil" | "Math.trunc" | "Math.pow" | "max"
        | "min" => {
            let numbers: Option<Vec<f64>> = arguments.iter().map(Value::as_number).collect();
            Some(match numbers.as_deref().and_then(|numbers| compute(path, numbers)) {
                Some(result) => Value::new(Kind::Number(result), &first?.trail),
                None => Value::unknown(reason(first?), &first?.trail),
            })
        }
        "filter" => kept(first?, arguments.get(1)?, call),
        "isinstance" => is_instance(first?, arguments.get(1)?),
        "len" => match &first?.kind {
            Kind::Text(text) => Some(Value::new(Kind::Number(text.chars() as f64), trail)),
            Kind::List { items, open: None } if items.iter().all(crate::eval::expressions::is_certain) => {
                Some(Value::new(Kind::Number(items.len() as f64), trail))
            }
            _ => None,
        },
        "any" | "all" => {
            let items = first?.as_list()?;
            let answers: Option<Vec<bool>> = items.iter().map(Value::as_bool).collect();
            let answers = answers?;
            let holds = if path == "any" { answers.contains(&true) } else { !answers.contains(&false) };
            Some(Value::new(Kind::Bool(holds), trail))
        }
        _ => {
            let _ = call;
            None
        }
    }
}

/// `isinstance(value, bool)`, `isinstance(value, (int, str))`, of Python's own classes and of what is plainly one of them.
fn is_instance(value: &Value, classes: &Value) -> Option<Value> {
    let classes = match &classes.kind {
        Kind::List { items, open: None } => items.iter().collect(),
        _ => vec![classes],
    };
    let names: Option<Vec<&str>> = classes
        .iter()
        .map(|class| match &class.kind {
            Kind::External { module, path } if &**module == "global" => Some(&**path),
            _ => None,
        })
        .collect();
    let names = names?;
    let is_any = |of: &[&str]| of.iter().any(|name| names.contains(name));
    Some(value.each(&mut |value| {
        let holds = match &value.kind {
            Kind::Text(_) => Some(is_any(&["str"])),
            Kind::Bool(_) => Some(is_any(&["bool", "int"])),
            Kind::Null => Some(false),
            // Which of the two it is, and which collection, is not kept.
            Kind::Number(_) if is_any(&["int"]) == is_any(&["float"]) => Some(is_any(&["int"])),
            Kind::List { .. } if !is_any(&["list", "tuple", "set", "frozenset"]) => Some(false),
            Kind::List { .. } if ["list", "tuple", "set", "frozenset"].iter().all(|name| names.contains(name)) => {
                Some(true)
            }
            _ => None,
        };
        let kind = holds.map_or_else(|| unread(value), Kind::Bool);
        Value::new(kind, &value.trail)
    }))
}

fn compute(path: &str, numbers: &[f64]) -> Option<f64> {
    let first = *numbers.first()?;
    Some(match path.rsplit('.').next()? {
        "max" => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "min" => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        "floor" => first.floor(),
        "round" => first.round(),
        "ceil" => first.ceil(),
        "trunc" => first.trunc(),
        "pow" => first.powf(*numbers.get(1)?),
        _ => return None,
    })
}

fn reason(value: &Value) -> Because {
    match &value.kind {
        Kind::Unknown(unknown) => unknown.because.clone(),
        // A text that is made of what a call gives: `str(uuid4())`.
        Kind::Call(call) => crate::eval::call_reason(call),
        _ => Because::Undecided,
    }
}

/// `filter(function, items)`; without a function it keeps what is not empty.
fn kept(function: &Value, list: &Value, call: Callback) -> Option<Value> {
    let mut keeps = |function: &Value, given: Vec<Value>| match &function.kind {
        Kind::Null => given.first().map_or_else(|| function.clone(), |item| to_boolean(item, true)),
        _ => call(function, given),
    };
    Some(list.each(&mut |list| {
        let filtered = match &list.kind {
            Kind::List { items, open } => super::lists::filtered(list, items, open.as_ref(), function, &mut keeps),
            _ => None,
        };
        filtered.unwrap_or_else(|| Value::unknown(reason(list), &list.trail))
    }))
}

fn unread(value: &Value) -> Kind {
    Kind::Unknown(Unknown::from(reason(value)))
}

/// `parseInt(x)`, `parseFloat(x)`: as much of the text as is a number.
fn parsed(value: &Value, read: &dyn Fn(&str) -> Option<f64>) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => Value::new(Kind::Number(text.number(read).unwrap_or(f64::NAN)), &value.trail),
        Kind::Number(number) => {
            let text = crate::eval::expressions::number_name(*number);
            Value::new(Kind::Number(read(&text).unwrap_or(f64::NAN)), &value.trail)
        }
        Kind::Bool(_) | Kind::Null | Kind::Absent => Value::new(Kind::Number(f64::NAN), &value.trail),
        _ => to_number(value),
    })
}

/// How `parseInt` reads a text in a base; none where the base is not known.
fn radix(base: Option<&Value>) -> Option<impl Fn(&str) -> Option<f64> + use<>> {
    let base = match base.map(|base| &base.kind) {
        None | Some(Kind::Absent) => 0,
        Some(Kind::Number(base)) if (*base == 0.0 || *base >= 2.0) && *base <= 36.0 => *base as u32,
        Some(_) => return None,
    };
    Some(move |text: &str| {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, text.strip_prefix('+').unwrap_or(text)),
        };
        let hexadecimal = digits.strip_prefix("0x").or(digits.strip_prefix("0X")).filter(|_| matches!(base, 0 | 16));
        let (digits, base) = hexadecimal.map_or((digits, if base == 0 { 10 } else { base }), |rest| (rest, 16));
        let values = digits.chars().map_while(|digit| digit.to_digit(base));
        let value =
            values.fold(None, |sum: Option<f64>, digit| Some(sum.unwrap_or(0.0) * f64::from(base) + f64::from(digit)));
        value.map(|value| sign * value)
    })
}

/// The longest beginning of a text that is a number, or the whole text where nothing may stand behind it.
fn leading(text: &str, is_whole: bool) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() {
        return is_whole.then_some(0.0);
    }
    let plain = |text: &str| {
        let is_plain =
            text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        is_plain.then(|| text.parse::<f64>().ok()).flatten()
    };
    if is_whole {
        let based = |prefix: &str, base: u32| {
            let digits = text.to_ascii_lowercase().strip_prefix(prefix).map(str::to_owned)?;
            u64::from_str_radix(&digits, base).ok().map(|number| number as f64)
        };
        let infinite = || matches!(text, "Infinity" | "+Infinity").then_some(f64::INFINITY);
        return plain(text)
            .or_else(|| based("0x", 16))
            .or_else(|| based("0o", 8))
            .or_else(|| based("0b", 2))
            .or_else(infinite);
    }
    let ends = (1..=text.len().min(MOST_DIGITS)).rev().filter(|end| text.is_char_boundary(*end));
    ends.into_iter().find_map(|end| plain(&text[..end]))
}

/// A number written longer than this is not read.
const MOST_DIGITS: usize = 64;

/// `int(x)`, `float(x)`; what they refuse throws.
fn python_number(value: &Value, is_int: bool) -> Value {
    value.each(&mut |value| {
        let refused = || Kind::Unknown(Because::Undecided.into());
        let kind = match &value.kind {
            Kind::Number(number) if is_int => Kind::Number(number.trunc()),
            Kind::Text(text) => {
                let read = |text: &str| {
                    let text = text.trim().replace('_', "");
                    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+'));
                    if is_int && !is_plain { None } else { text.parse::<f64>().ok() }
                };
                text.number(read).map_or_else(refused, Kind::Number)
            }
            Kind::Null | Kind::Absent => refused(),
            _ => return to_number(value),
        };
        Value::new(kind, &value.trail)
    })
}

/// `Number(x)`, `+x`: of an unset variable it is not a number, which counts as false.
pub(in crate::eval) fn to_number(value: &Value) -> Value {
    value.each(&mut |value| {
        let kind = match &value.kind {
            Kind::Number(number) => Kind::Number(*number),
            Kind::Bool(value) => Kind::Number(f64::from(u8::from(*value))),
            Kind::Text(text) => Kind::Number(text.number(|text| leading(text, true)).unwrap_or(f64::NAN)),
            Kind::Null => Kind::Number(0.0),
            Kind::Absent => Kind::Number(f64::NAN),
            Kind::Unknown(unknown) => Kind::Unknown(Unknown {
                present: false,
                at_least_chars: 0,
                prefix: None,
                answers: None,
                ..unknown.clone()
            }),
            _ => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &value.trail)
    })
}

/// A list with each of its items once, as far as they are known.
fn once_each(list: &Value) -> Value {
    let Kind::List { items, open } = &list.kind else { return list.clone() };
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter() {
        if !kept.iter().take(MOST_COMPARED).any(|other| other.same_as(item) == Some(true)) {
            kept.push(item.clone());
        }
    }
    Value::new(Kind::List { items: kept.into(), open: open.clone() }, &list.trail)
}

/// An item is compared with so many others.
const MOST_COMPARED: usize = 256;

/// `strtobool(text)`: 1 or 0; another text throws.
pub(in crate::eval) fn yes_or_no(value: &Value) -> Value {
    value.each(&mut |value| {
        let word = match &value.kind {
            Kind::Text(text) => text.map(str::to_ascii_lowercase),
            _ => return Value::new(unread(value), &value.trail),
        };
        let is = |words: &[&str]| word.one_of(words).is_some();
        let kind = if is(&["y", "yes", "t", "true", "on", "1"]) {
            Kind::Number(1.0)
        } else if is(&["n", "no", "f", "false", "off", "0"]) {
            Kind::Number(0.0)
        } else {
            Kind::Unknown(Because::Undecided.into())
        };
        Value::new(kind, &value.trail)
    })
}

fn to_boolean(value: &Value, python: bool) -> Value {
    value.each(&mut |value| {
        use crate::eval::truth::{Truth, truth};
        let kind = match truth(value, python, value.trail.place) {
            Truth::Yes => Kind::Bool(true),
            Truth::No => Kind::Bool(false),
            Truth::Ask(question, as_asked) => {
                let because = reason(value);
                Kind::Unknown(Unknown {
                    because,
                    present: false,
                    at_least_chars: 0,
                    prefix: None,
                    unset_with: None,
                    answers: Some(Arc::new((question, as_asked))),
                })
            }
        };
        Value::new(kind, &value.trail)
    })
}

/// The keys, values or pairs of an object.
pub(super) fn entries(object: &Value, what: &str) -> Option<Value> {
    let Kind::Object { fields, open } = &object.kind else { return None };
    let key = |name: &std::sync::Arc<str>| Value::new(Kind::Text(Text::new(name.clone())), &object.trail);
    let items = fields
        .iter()
        .map(|(name, value)| match what {
            "keys" => key(name),
            "values" => value.clone(),
            _ => Value::new(Kind::List { items: [key(name), value.clone()].into(), open: None }, &value.trail),
        })
        .collect();
    Some(Value::new(Kind::List { items, open: open.clone() }, &object.trail))
}

fn from_entries(pairs: &Value, trail: &Trail) -> Option<Value> {
    if let Kind::Object { .. } = pairs.kind {
        return Some(pairs.clone());
    }
    let Kind::List { items, open } = &pairs.kind else { return None };
    let fields = items
        .iter()
        .map(|pair| {
            let pair = pair.as_list()?;
            Some((pair.first()?.as_text()?.as_name(), pair.get(1)?.clone()))
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Value::new(Kind::Object { fields: fields.into(), open: open.clone() }, trail))
}

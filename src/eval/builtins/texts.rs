//! Methods of texts.

use super::patterns::pattern;
use crate::eval::{Because, Kind, MOST_TEXT, Value};
use crate::syntax::code::Language;
use crate::text::Text;
use hashbrown::HashSet;
use std::sync::Arc;

/// The result of a text's method; none where it is not followed.
pub(super) fn method(receiver: &Value, text: &Text, name: &str, arguments: &[Value]) -> Option<Value> {
    let first = arguments.first().and_then(Value::as_text);
    let same = |text: Text| Some(Value::new(Kind::Text(text), &receiver.trail));
    let answer = |holds: bool| Some(Value::new(Kind::Bool(holds), &receiver.trail));
    match name {
        "trim" | "strip" if arguments.is_empty() => same(text.map(|text| text.trim().to_owned())),
        "trimEnd" | "rstrip" if arguments.is_empty() => same(text.map(|text| text.trim_end().to_owned())),
        "trimStart" | "lstrip" if arguments.is_empty() => same(text.map(|text| text.trim_start().to_owned())),
        "toLowerCase" | "lower" | "toLocaleLowerCase" | "casefold" => same(text.map(str::to_lowercase)),
        "toUpperCase" | "upper" | "toLocaleUpperCase" => same(text.map(str::to_uppercase)),
        "title" if arguments.is_empty() => same(text.map(titled)),
        "capitalize" if arguments.is_empty() => same(text.map(|text| {
            let mut letters = text.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters.as_str().to_lowercase().chars()).collect()
        })),
        "toString" | "valueOf" | "normalize" | "encode" | "get_secret_value" => same(text.clone()),
        "split" => split(receiver, text, arguments),
        "join" => {
            let parts = arguments.first()?;
            if let Kind::Call(call) = &parts.kind {
                return Some(Value::unknown(crate::eval::call_reason(call), &parts.trail));
            }
            if let Kind::Unknown(unknown) = &parts.kind
                && let Because::Call(_) = unknown.because
            {
                return Some(Value::unknown(unknown.because.clone(), &parts.trail));
            }
            let parts: Option<Vec<&Text>> = parts.as_list()?.iter().map(Value::as_text).collect();
            Some(joined(&parts?, text, receiver))
        }
        "replace" | "replaceAll" if matches!(arguments.first()?.kind, Kind::Pattern { .. }) => {
            let Kind::Pattern { source, flags } = &arguments.first()?.kind else { return None };
            let (pattern, to) = (pattern(source, flags)?, arguments.get(1)?.as_text()?);
            // `$1` and its like are not followed.
            if to.test(|to| to.contains('$')) {
                return None;
            }
            let most = if flags.contains('g') || name == "replaceAll" { 0 } else { 1 };
            match replace_pattern(text, &pattern, to, most) {
                Some(text) => same(text),
                None => Some(too_complex(receiver)),
            }
        }
        "replace" | "replaceAll" => {
            let (from, to) = (first?, arguments.get(1)?.as_text()?);
            let once = name == "replace" && !text.test(|text| from.test(|from| text.matches(from).nth(1).is_some()));
            if name == "replace" && !once {
                return Some(Value::unknown(Because::Undecided, &receiver.trail));
            }
            match replace(text, from, to) {
                Some(text) => same(text),
                None => Some(too_complex(receiver)),
            }
        }
        "concat" => {
            let parts: Option<Vec<&Text>> = arguments.iter().map(Value::as_text).collect();
            let parts: Vec<&Text> = std::iter::once(text).chain(parts?).collect();
            Some(joined(&parts, &Text::new(""), receiver))
        }
        "repeat" => {
            let times = arguments.first()?.as_number()?;
            let fits = times >= 0.0 && times * text.len() as f64 <= MOST_TEXT as f64;
            if !fits {
                return Some(too_complex(receiver));
            }
            same(text.map(|text| text.repeat(times as usize)))
        }
        "startsWith" | "startswith" => answer(any_of(arguments, &|part| text.test(|text| text.starts_with(part)))?),
        "endsWith" | "endswith" => answer(any_of(arguments, &|part| text.test(|text| text.ends_with(part)))?),
        "includes" => answer(first.map(|part| part.test(|part| text.test(|text| text.contains(part))))?),
        "removeprefix" => same(without(text, first?, &|text, part| text.strip_prefix(part))),
        "removesuffix" => same(without(text, first?, &|text, part| text.strip_suffix(part))),
        "strip" => same(without(text, first?, &|text, part| Some(text.trim_matches(in_set(part))))),
        "lstrip" => same(without(text, first?, &|text, part| Some(text.trim_start_matches(in_set(part))))),
        "rstrip" => same(without(text, first?, &|text, part| Some(text.trim_end_matches(in_set(part))))),
        "isdigit" => answer(text.test(|text| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()))),
        "slice" | "substring" => {
            let bound =
                |index: usize| arguments.get(index).map(|value| value.as_number().filter(|number| *number >= 0.0));
            let start = bound(0)?? as usize;
            let end = match bound(1) {
                None => usize::MAX,
                Some(end) => end? as usize,
            };
            same(text.map(|text| text.chars().take(end).skip(start).collect()))
        }
        _ => None,
    }
}

/// Whether a question holds of the argument, or of one of the texts in it; none where that is not seen.
fn any_of(arguments: &[Value], holds: &dyn Fn(&str) -> bool) -> Option<bool> {
    let first = arguments.first()?;
    let alone = std::slice::from_ref(first);
    let texts: Option<Vec<&Text>> = first.as_list().unwrap_or(alone).iter().map(Value::as_text).collect();
    Some(texts?.iter().any(|part| part.test(holds)))
}

/// Whether a letter is one of some; a text can have as many as the one that is asked.
fn in_set(letters: &str) -> impl Fn(char) -> bool {
    let letters: HashSet<char> = letters.chars().collect();
    move |letter| letters.contains(&letter)
}

/// What a text leaves without a part of it; all of it where the part is not there.
fn without(text: &Text, part: &Text, rest: &dyn for<'t> Fn(&'t str, &str) -> Option<&'t str>) -> Text {
    text.map(|text| {
        let mut left = text;
        part.test(|part| {
            left = rest(text, part).unwrap_or(text);
            true
        });
        left.to_owned()
    })
}

/// `split` with a number: Python leaves the rest of the text in the last item, JavaScript leaves it out.
pub(super) fn split_some(
    receiver: &Value,
    text: &Text,
    positional: &[Value],
    keywords: &[(Arc<str>, Value)],
    language: Language,
) -> Option<Value> {
    let most = positional.get(1).or_else(|| crate::eval::calls::keyword(keywords, "maxsplit"))?.as_number()?;
    let separator = positional.first()?.as_text()?;
    let mut items: Vec<Text> = Vec::new();
    separator.test(|separator| {
        text.test(|text| {
            let whole = most < 0.0 || separator.is_empty();
            items = match language {
                Language::Python if !whole => text.splitn(most as usize + 1, separator).map(Text::new).collect(),
                _ if !whole => text.split(separator).take(most as usize).map(Text::new).collect(),
                _ => text.split(separator).map(Text::new).collect(),
            };
            true
        })
    });
    let items = items.into_iter().map(|item| Value::new(Kind::Text(item), &receiver.trail)).collect();
    Some(Value::new(Kind::List { items, open: None }, &receiver.trail))
}

/// Each word with a capital letter, as Python has words: letters next to each other.
fn titled(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut in_word = false;
    for letter in text.chars() {
        if in_word {
            result.extend(letter.to_lowercase());
        } else {
            result.extend(letter.to_uppercase());
        }
        in_word = letter.is_alphabetic();
    }
    result
}

fn too_complex(receiver: &Value) -> Value {
    Value::unknown(Because::TooComplex, &receiver.trail)
}

/// None where the result would be larger than any text that is followed.
fn replace(text: &Text, from: &Text, to: &Text) -> Option<Text> {
    let mut times = 0;
    text.test(|text| {
        from.test(|from| {
            times = text.matches(from).count();
            true
        })
    });
    if text.len().saturating_add(times.saturating_mul(to.len())) > MOST_TEXT {
        return None;
    }
    Some(text.map(|text| {
        let mut result = String::new();
        from.test(|from| {
            to.test(|to| {
                result = text.replace(from, to);
                true
            })
        });
        result
    }))
}

/// None where the result would be larger than any text that is followed. `most` is 0 for every match.
fn replace_pattern(text: &Text, pattern: &regex::Regex, to: &Text, most: usize) -> Option<Text> {
    let mut times = 0;
    text.test(|text| {
        times = pattern.find_iter(text).take(if most == 0 { usize::MAX } else { most }).count();
        true
    });
    if text.len().saturating_add(times.saturating_mul(to.len())) > MOST_TEXT {
        return None;
    }
    Some(text.map(|text| {
        let mut result = String::new();
        to.test(|to| {
            result = pattern.replacen(text, most, regex::NoExpand(to)).into_owned();
            true
        });
        result
    }))
}

fn split(receiver: &Value, text: &Text, arguments: &[Value]) -> Option<Value> {
    let items: Vec<Text> = match arguments.first().map(|first| &first.kind) {
        Some(Kind::Text(separator)) => {
            let mut parts = Vec::new();
            separator.test(|separator| {
                parts = text.split(separator);
                true
            });
            parts
        }
        Some(Kind::Pattern { source, .. }) => {
            let pattern = pattern(source, "")?;
            let mut parts = Vec::new();
            text.test(|text| {
                parts = pattern.split(text).map(Text::new).collect();
                true
            });
            parts
        }
        None => {
            let mut parts = Vec::new();
            text.test(|text| {
                parts = text.split_whitespace().map(Text::new).collect();
                true
            });
            parts
        }
        Some(_) => return None,
    };
    let items = items.into_iter().map(|item| Value::new(Kind::Text(item), &receiver.trail)).collect();
    Some(Value::new(Kind::List { items, open: None }, &receiver.trail))
}

/// Texts with a separator between them, as one.
pub(super) fn joined(parts: &[&Text], separator: &Text, receiver: &Value) -> Value {
    let bytes: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
    if bytes > MOST_TEXT {
        return too_complex(receiver);
    }
    let mut whole = String::with_capacity(bytes);
    for (index, part) in parts.iter().enumerate() {
        let separator = (index > 0).then_some(separator);
        for piece in separator.into_iter().chain([*part]) {
            piece.test(|piece| {
                whole.push_str(piece);
                true
            });
        }
    }
    Value::new(Kind::Text(Text::new(whole)), &receiver.trail)
}

/// `/…/.test(text)`, where the pattern means the same in both worlds of regular expressions.
pub(super) fn matches(source: &Text, flags: &str, text: &Value, receiver: &Value) -> Option<Value> {
    let pattern = pattern(source, flags)?;
    Some(Value::new(Kind::Bool(text.as_text()?.test(|text| pattern.is_match(text))), &receiver.trail))
}

//! Values that Django's own checks refuse.

use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::reading::table::Effect;
use crate::text::Text;

/// Words that are valid in a header, by the setting that gives it.
const WORDS: &[(&str, &[&str])] = &[
    (
        "SECURE_REFERRER_POLICY",
        &[
            "no-referrer",
            "no-referrer-when-downgrade",
            "origin",
            "origin-when-cross-origin",
            "same-origin",
            "strict-origin",
            "strict-origin-when-cross-origin",
            "unsafe-url",
        ],
    ),
    ("SECURE_CROSS_ORIGIN_OPENER_POLICY", &["same-origin", "same-origin-allow-popups", "unsafe-none"]),
];

/// Settings that are dictionaries, since this version.
const DICTIONARIES: &[&str] = &["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"];

pub(super) fn read(reading: &mut Reading<'_>, config: &Value) {
    for (key, words) in WORDS {
        let value = config.field(key);
        if is_refused(&value, words) {
            reading.written_key(key, &value, Effect::Unfit, None);
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            reading.fix_of_key(&format!("Set {{key}} to one of {}.", words.join(", ")));
        }
    }
    if reading.facts.at_least(6, 0) == Some(false) {
        return;
    }
    for key in DICTIONARIES {
        let value = config.field(key);
        if matches!(value.kind, Kind::List { .. } | Kind::Text(_) | Kind::Bool(_) | Kind::Number(_)) {
            reading.written_key(key, &value, Effect::Unfit, None);
            reading.fix_of_key("Set {key} to a dictionary of directives, such as {\"default-src\": [\"'self'\"]}.");
        }
    }
}

/// Whether one of the words, in a list or between commas, is none that the header knows.
fn is_refused(value: &Value, words: &[&str]) -> bool {
    let is_odd = |text: &Text| text.split(",").iter().any(|part| !part.test(|part| words.contains(&part.trim())));
    match &value.kind {
        Kind::Text(text) => is_odd(text),
        Kind::List { items, open: None } => items.iter().filter_map(Value::as_text).any(is_odd),
        _ => false,
    }
}

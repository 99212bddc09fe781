//! Origins as Starlette's middleware takes them.

use crate::eval::{Kind, Value};
use crate::reading::shapes;
use crate::text::Text;

/// What Starlette asks of its list is `"*" in list`, which holds for a text with a star in it as well.
pub(in crate::facts) fn starlette_origins(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) if text.test(|text| text.contains('*')) => star(value),
        _ => shapes::list(value),
    })
}

/// Every origin.
pub(super) fn star(value: &Value) -> Value {
    let items = [Value::new(Kind::Text(Text::new("*")), &value.trail)].into();
    Value::new(Kind::List { items, open: None }, &value.trail)
}

/// Regular expressions that the whole origin has to match, so that anchors change nothing. One that matches everything
/// stays as it is.
pub(in crate::facts) fn full_patterns(value: &Value) -> Value {
    shapes::list(&value.read(&|value| match &value.kind {
        Kind::Text(text) | Kind::Pattern { source: text, .. } if !text.test(matches_all) => {
            Kind::Text(text.map(|text| format!("^{}$", text.trim_start_matches('^').trim_end_matches('$'))))
        }
        other => other.clone(),
    }))
}

/// Origins of nobody that a pattern is for.
const FOREIGN: &[&str] = &["https://x7.evil-zone.example", "https://q0-shop.invalid:8443"];

/// Whether a pattern matches every origin of https, whoever it is.
pub(super) fn matches_all(pattern: &str) -> bool {
    let inner = pattern.trim_start_matches('^').trim_end_matches('$');
    let whole = regex::RegexBuilder::new(&format!("^(?:{inner})$")).size_limit(1 << 20).build();
    whole.is_ok_and(|whole| FOREIGN.iter().all(|origin| whole.is_match(origin)))
}

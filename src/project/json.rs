//! JSON of manifests, with the places of its keys and values.

use super::problem::{Problem, id};
use crate::syntax::Span;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// Reads strict JSON; a text that only a lax reader takes still gives its value, together with the problem.
pub(super) fn read<'t>(text: &'t str, shown: &str) -> (Option<Value<'t>>, Option<Problem>) {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match parse_to_ast(text, &CollectOptions::default(), &strict) {
        Ok(parsed) => (parsed.value, None),
        Err(error) => {
            let problem = Problem::new(id::UNPARSABLE, format!("`{shown}` is not valid JSON")).at(span(error.range()));
            (lax(text), Some(problem))
        }
    }
}

/// Reads JSON with comments, trailing commas and what else people write.
pub(super) fn lax(text: &str) -> Option<Value<'_>> {
    parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?.value
}

/// The same value without places; nesting is bounded by the parser.
pub(super) fn plain(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::StringLit(text) => serde_json::Value::String(text.value.to_string()),
        Value::NumberLit(number) => number.value.parse().map_or(serde_json::Value::Null, serde_json::Value::Number),
        Value::BooleanLit(boolean) => serde_json::Value::Bool(boolean.value),
        Value::Object(object) => {
            let entries = object.properties.iter().map(|p| (p.name.as_str().to_owned(), plain(&p.value)));
            serde_json::Value::Object(entries.collect())
        }
        Value::Array(array) => serde_json::Value::Array(array.elements.iter().map(plain).collect()),
        Value::NullKeyword(_) => serde_json::Value::Null,
    }
}

/// The text under `key`.
pub(super) fn string<'v>(object: &'v Object<'_>, key: &str) -> Option<&'v str> {
    object.get_string(key).map(|text| &*text.value)
}

/// The texts in an array.
pub(super) fn strings(value: &Value<'_>) -> Vec<String> {
    let elements = value.as_array().map(|array| array.elements.as_slice()).unwrap_or_default();
    elements.iter().filter_map(|element| element.as_string_lit()).map(|text| text.value.to_string()).collect()
}

/// The parser's range as a span.
pub(super) fn span(range: Range) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

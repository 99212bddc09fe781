//! Values that are made of other variables: the secret in them is judged where that variable is set.

use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::secrets::is_secret_name;

/// Whether the secret in the text of a value is another variable's, without a fallback there:
/// `postgres://app:${PASSWORD}@db/app`.
pub(crate) fn is_made_of_others(reading: &Reading<'_>, value: &Value) -> bool {
    let Kind::Text(text) = &value.kind else { return false };
    let Some((file, span)) = value.trail.primary() else { return false };
    let Ok(whole) = reading.documents.project.text(file) else { return false };
    let written = whole.get(span.start as usize..span.end as usize).unwrap_or_default();
    let references = references(written);
    // What still stands in the value is no reference where it was read.
    let is_read =
        |name: &str| !text.test(|text| text.contains(&format!("${name}")) || text.contains(&format!("${{{name}")));
    let settled: Vec<&str> = references
        .iter()
        .filter(|(_, has_fallback)| !has_fallback)
        .map(|(name, _)| *name)
        .filter(|name| is_read(name))
        .collect();
    settled.iter().any(|name| is_secret_name(name)) || (!settled.is_empty() && settled.len() == references.len())
}

/// The variables that a text refers to, and whether a fallback stands beside each: `$NAME`, `${NAME}`, `${NAME:-text}`.
fn references(text: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('$') {
        let behind = &text[at + 1..];
        let braces = behind.starts_with('{');
        let name = behind.strip_prefix('{').unwrap_or(behind);
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        // `$$` is a sign that stands for itself.
        if starts && !text[..at].ends_with('$') {
            let rest = &name[end..];
            found.push((&name[..end], braces && (rest.starts_with(":-") || rest.starts_with('-'))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn references_are_told_from_signs_that_stand_for_themselves() {
        for (text, expected) in [
            ("postgres://app:${PASSWORD}@db/app", vec![("PASSWORD", false)]),
            ("postgres://${USER:-app}:$PASSWORD@db", vec![("USER", true), ("PASSWORD", false)]),
            ("${PASSWORD:?set it}", vec![("PASSWORD", false)]),
            ("pa$$word and $5", vec![]),
        ] {
            assert_eq!(references(text), expected, "{text}");
        }
    }
}

//! `package-lock.json`: an object for each folder in which npm puts a package.

use super::{Entry, Question, values_of_key};
use crate::project::file::{inside, upward};
use serde::Deserialize;

/// The most bytes an entry may have; npm writes a few hundred.
const MAX_ENTRY_BYTES: usize = 1 << 18;

#[derive(Deserialize)]
struct Placed {
    version: Option<String>,
    resolved: Option<String>,
    #[serde(default)]
    link: bool,
}

/// Looks where Node would: in the package's own `node_modules`, then in those above.
pub(super) fn ask(text: &str, question: &Question<'_>) -> Option<Entry> {
    let placed = upward(question.dir).find_map(|dir| {
        let key = inside(dir, &format!("node_modules/{}", question.name));
        values_of_key(text, &key).find_map(entry)
    });
    placed.or_else(|| ask_version_1(text, question.name))
}

fn entry(value: &str) -> Option<Entry> {
    if !value.starts_with('{') {
        return None;
    }
    // Only the object's own beginning is read, however long an unclosed one goes on.
    let value = &value[..value.floor_char_boundary(MAX_ENTRY_BYTES)];
    let placed: Placed = serde_json::Deserializer::from_str(value).into_iter().next()?.ok()?;
    if placed.link {
        return placed.resolved.map(Entry::Folder);
    }
    placed.version.map(Entry::Version)
}

/// The first format nests packages under `dependencies`; npm indents those of the root by four.
fn ask_version_1(text: &str, name: &str) -> Option<Entry> {
    if text.contains("\"packages\"") {
        return None;
    }
    let head = format!("\n    \"{name}\":");
    let at = memchr::memmem::find(text.as_bytes(), head.as_bytes())?;
    entry(text[at + head.len()..].trim_start())
}

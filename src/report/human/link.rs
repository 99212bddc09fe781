//! Links that a terminal follows (OSC 8), around words that it shows.

use super::super::words::uri_path;
use std::path::Path;

/// Words that lead to a file below the root.
pub(super) fn to_file(root: &Path, file: &str, words: &str) -> String {
    let Some(path) = root.join(file).to_str().map(uri_path) else { return words.to_owned() };
    to(&format!("file://{path}"), words)
}

/// Words that lead to an address of the rule catalogue.
pub(super) fn to(address: &str, words: &str) -> String {
    if address.chars().any(|c| !c.is_ascii_graphic()) {
        return words.to_owned();
    }
    format!("\u{1b}]8;;{address}\u{1b}\\{words}\u{1b}]8;;\u{1b}\\")
}

//! What a setting would be in production and where that comes from, as Markdown.

use super::folder::Place;
use super::uri::uri_of;
use crate::report::{Spot, Why};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The most steps of one way that are told.
const MOST_STEPS: usize = 8;

/// The settings of one place, each once.
pub(super) fn markdown(whys: &[Why], environment: &str, place: &Place) -> Option<String> {
    let mut seen = BTreeSet::new();
    let told: Vec<String> =
        whys.iter().filter(|why| why.value.is_some()).map(|why| one(why, environment, place)).collect();
    let told: Vec<&str> = told.iter().map(String::as_str).filter(|text| seen.insert(*text)).collect();
    (!told.is_empty()).then(|| told.join("\n---\n"))
}

fn one(why: &Why, environment: &str, place: &Place) -> String {
    let name = why.key.clone().unwrap_or_else(|| format!("{}.{}", why.kind, why.setting));
    let value = why.value.as_deref().unwrap_or_default();
    let app = if why.app.is_empty() || why.app == "." { String::new() } else { format!(" for {}", code(&why.app)) };
    let mut out = format!("**{}** is {} in {environment}{app}\n\n", code(&name), code(value));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} (`{}.{}`)\n", plain(why.meaning.trim()), why.kind, why.setting);
    for way in &why.ways {
        if !way.when.is_empty() {
            let _ = writeln!(out, "When {}: {}\n", plain(&way.when.join(" and ")), code(&way.value));
        }
        for step in way.steps.iter().take(MOST_STEPS) {
            let at = step.location.as_ref().map_or_else(String::new, |at| format!(", {}", link(at, place)));
            let _ = writeln!(out, "- {}{at}", plain(&step.note));
        }
        if let Some(unknown) = &way.unknown {
            let _ = writeln!(out, "- not known: {}", plain(&unknown.reason));
        }
        out.push('\n');
    }
    for note in &why.variables {
        let at = note.location.as_ref().map_or_else(String::new, |at| format!(" in {}", link(at, place)));
        let _ = writeln!(out, "- {}{at}: {} ({})", code(&note.variable), plain(note.source), note.standing);
    }
    if let Some(default) = &why.default {
        let _ = writeln!(out, "\nBy default: {}", plain(&default.is));
    }
    out
}

fn link(at: &Spot, place: &Place) -> String {
    format!("[{}:{}]({}#L{})", plain(&at.file), at.line, uri_of(&place.outer(&at.file)), at.line)
}

/// A text as code, whatever backticks are in it.
fn code(text: &str) -> String {
    let text = crate::mask::printable(text).replace('\n', " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A text without what Markdown would make of it, but for code in backticks.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            1 => out.push_str(&code(part)),
            _ => crate::mask::printable(part).chars().for_each(|c| {
                if matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
                    out.push('\\');
                }
                out.push(c);
            }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_project_says_is_no_markup() {
        assert_eq!(plain("a *b* <img> [x](y) `c*d`"), "a \\*b\\* \\<img\\> \\[x\\](y) `c*d`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}

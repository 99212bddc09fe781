//! Rules of ignore files: one line in the nearest one, beside its like.

use super::edit::RawEdit;
use crate::findings::locate::Locator;
use crate::project::{folder_of, inside, upward};
use crate::syntax::Span;

/// The edit after which git ignores a path; a new ignore file at the root where there is none.
pub(super) fn rule(path: &str, locator: &Locator<'_>) -> Option<RawEdit> {
    let name = path.rsplit('/').next()?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) && !name.is_empty();
    if !is_plain {
        return None;
    }
    let file = upward(folder_of(path)).find_map(|folder| locator.find(&inside(folder, ".gitignore")));
    let Some(file) = file else {
        return Some(RawEdit { file: Err(".gitignore".into()), span: Span::default(), text: format!("{name}\n") });
    };
    let text = locator.text(file)?;
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let at = behind_its_like(&text);
    let before = &text[..at];
    let line = if before.is_empty() || before.ends_with('\n') {
        format!("{name}{line_end}")
    } else {
        format!("{line_end}{name}{line_end}")
    };
    let at = u32::try_from(at).ok()?;
    Some(RawEdit { file: Ok(file), span: Span::new(at, at), text: line })
}

/// Behind the last line that ignores env files, else the end of the file. A later line that takes an env file back in
/// would win, so then it is the end, too.
fn behind_its_like(text: &str) -> usize {
    let mut at = None;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let pattern = line.trim();
        if pattern.starts_with('!') {
            at = None;
        } else if pattern.trim_start_matches('/').starts_with(".env") {
            at = Some(end);
        }
    }
    at.unwrap_or(text.len())
}

//! Control characters and marks that change how a terminal shows the text around them, made visible.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character acts on a terminal or on the text around it instead of being seen.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with every such character written as `\u{..}`: it can be sent to a terminal, on one line.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    text.chars().for_each(|c| push_printable(c, &mut shown));
    Cow::Owned(shown)
}

/// One character of it. Tabs of a code frame are kept by its caller.
pub(crate) fn push_printable(c: char, into: &mut String) {
    if acts(c) {
        // Writing to a string cannot fail.
        let _ = write!(into, "\\u{{{:x}}}", u32::from(c));
    } else {
        into.push(c);
    }
}

/// JSON text in which those characters stand as `\uXXXX`. JSON allows them raw, a terminal should not see them;
/// outside strings only line ends occur, and those stay.
pub fn json_safe(json: &str) -> Cow<'_, str> {
    let unsafe_in_json = |c: char| acts(c) && c != '\n';
    if !json.chars().any(unsafe_in_json) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if unsafe_in_json(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

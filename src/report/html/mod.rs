//! One page that needs nothing else: no address, light and dark as the reader has it, and whole without its script.

mod frame;
mod page;
mod policy;
mod settings;

pub(super) use page::render;

use crate::mask::printable;

/// Text between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    printable(text).chars().for_each(|c| push_escaped(c, &mut out));
    out
}

/// A sentence of ours: what stands in backticks is code.
fn told(text: &str) -> String {
    if !text.matches('`').count().is_multiple_of(2) {
        return escaped(text);
    }
    let one = |(at, piece): (usize, &str)| match at % 2 {
        1 => format!("<code>{}</code>", escaped(piece)),
        _ => escaped(piece),
    };
    text.split('`').enumerate().map(one).collect()
}

/// One character of it.
fn push_escaped(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}

//! Values of env files: hidden unless they are well known to be harmless.

use super::super::looks;
use super::{Cover, hide_value};

/// Covers the values of `NAME=value` lines, quoted ones over several lines too.
pub(super) fn cover(text: &str, cover: &mut Cover) {
    let mut at = 0;
    let mut open: Option<char> = None;
    for line in text.split_inclusive('\n') {
        let (start, body) = (at, line.trim_end_matches(['\n', '\r']));
        at += line.len();
        if let Some(quote) = open {
            cover.hide(start..start + body.len());
            open = (!body.contains(quote)).then_some(quote);
            continue;
        }
        let Some(equals) = body.find('=') else {
            if !body.trim_start().starts_with('#') && !body.trim().is_empty() {
                // Neither a comment nor an assignment: perhaps the rest of a value.
                cover.hide(start..start + body.len());
            }
            continue;
        };
        let name = body[..equals].trim().trim_start_matches('#').trim().trim_start_matches("export ").trim();
        let value = &body[equals + 1..];
        let lead = value.len() - value.trim_start().len();
        let value_start = start + equals + 1 + lead;
        let value = value.trim();
        open = unclosed(value);
        let is_amount = looks::is_about(name) && is_amount(unquoted(value));
        if ((looks::secret_name(name) && !is_switch(unquoted(value))) || !is_open(value)) && !is_amount {
            hide_value(text, value_start..value_start + value.len(), cover);
        }
    }
}

/// Whether a value is a switch, which is no secret under any name: `STUDIO_REQUIRE_AUTH=off`.
fn is_switch(value: &str) -> bool {
    let words = ["true", "false", "yes", "no", "on", "off", "0", "1"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether a value is a number as people write spans and sizes, of which none is a secret: `+7_200`, `15m`.
fn is_amount(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'_' | b'+' | b'-' | b'.');
    let first = number.trim_start_matches(['+', '-']).bytes().next();
    value.len() <= 12
        && value.len() - number.len() <= 3
        && first.is_some_and(|byte| byte.is_ascii_digit())
        && number.bytes().all(of_number)
}

/// Whether a value can be shown, and the comment behind it, too.
fn is_open(value: &str) -> bool {
    if looks::harmless(unquoted(value)) {
        return true;
    }
    let Some((told, comment)) = value.split_once(" #") else { return false };
    looks::harmless(unquoted(told.trim_end()))
        && looks::secret_ranges(comment).is_empty()
        && looks::told(comment).is_empty()
        && !comment.contains('=')
}

/// The quote that a value opens and does not close on its line.
fn unclosed(value: &str) -> Option<char> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    (!value[1..].contains(quote)).then_some(quote)
}

fn unquoted(value: &str) -> &str {
    value.trim_matches(|c| matches!(c, '"' | '\'' | '`'))
}

//! Values that can stand without quotes: what follows a secret's name on its line, and below it.

use super::super::looks;
use super::{Cover, hide_unless_address, hide_value, reference};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A name, and what parts it from its value: `name: value`, `NAME=value`, `ENV NAME value`, `--name value`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"([A-Za-z_][A-Za-z0-9_.-]*)["']?(\s*[:=]\s*|\s+)"#)
        .expect("internal error: the pattern of named values")
});

/// `key:` or `- key:` at the start of a line.
static KEY_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?:-\s+)*["']?[A-Za-z0-9_./-]+["']?\s*[:=]"#).expect("internal error: the pattern of keys")
});

/// `- name: JWT_SECRET`
static NAME_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?:-\s+)?["']?(?:name|key|Name|Key|variable)["']?\s*[:=]\s*["']?([A-Za-z0-9_.-]+)["']?\s*,?$"#)
        .expect("internal error: the pattern of names")
});

/// `value: …`
static VALUE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?:-\s+)?["']?(?:value|Value|default|content)["']?\s*[:=]\s*(\S.*)$"#)
        .expect("internal error: the pattern of values")
});

/// The values behind options in a list: `["redis-server", "--requirepass", "…"]`.
fn options(body: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !body.contains("\"--") && !body.contains("'--") {
        return found;
    }
    let mut secret = false;
    let mut at = 0;
    for item in body.split_inclusive(',') {
        let shown = item.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']'));
        if let Some(inside) = item.find(shown).filter(|_| secret && !shown.is_empty()) {
            found.push(at + inside..at + inside + shown.len());
        }
        let option = shown.rsplit(['"', '\'', '[', ' ']).next().unwrap_or(shown);
        secret = option.starts_with("--") && looks::secret_name(option);
        at += item.len();
    }
    found
}

/// Covers the values of secret names, those on the lines below included.
pub(super) fn cover(text: &str, cover: &mut Cover) {
    let all = is_kubernetes_secret(text);
    let mut below: Option<usize> = None;
    let mut named = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, body) = (at, line.trim_end_matches(['\n', '\r']));
        at += line.len();
        if body.trim().is_empty() {
            continue;
        }
        let indent = body.len() - body.trim_start().len();
        for told in looks::told(body) {
            let named = reference(&body[told.clone()]);
            cover.hide(start + told.start + named..start + told.end);
        }
        options(body).into_iter().for_each(|value| cover.hide(start + value.start..start + value.end));
        // `- name: JWT_SECRET`, and the value on the next line
        if let (true, Some(value)) = (named, VALUE_LINE.captures(body).and_then(|found| found.get(1))) {
            hide_unless_address(text, start + value.start()..start + body.trim_end().len(), cover);
        }
        let name = NAME_LINE.captures(body).and_then(|found| found.get(1));
        named = name.is_some_and(|name| looks::secret_name(name.as_str()));
        if below.is_some_and(|key| continues(body, indent, key)) {
            hide_value(text, start + indent..start + body.len(), cover);
            continue;
        }
        below = None;
        if let Some(value) = secret_value(body, all) {
            hide_unless_address(text, start + value..start + body.trim_end().len(), cover);
            below = Some(indent);
        }
    }
}

/// Whether a line goes on with the value of the secret key above it.
fn continues(body: &str, indent: usize, key_indent: usize) -> bool {
    let is_item = body.trim_start().starts_with("- ");
    (indent > key_indent || (is_item && indent == key_indent)) && !KEY_LINE.is_match(body)
}

/// Where the value of the first secret name of a line begins.
fn secret_value(body: &str, all: bool) -> Option<usize> {
    let is_comment = body.trim_start().starts_with('#');
    let mut at = 0;
    while let Some(found) = NAMED.captures_at(body, at) {
        let (name, sign) = (found.get(1)?, found.get(2)?);
        let plain_space = sign.as_str().trim().is_empty();
        let named = looks::secret_name(name.as_str()) && !(is_comment && plain_space);
        if named || (all && !plain_space && !is_structure(name.as_str())) {
            return Some(sign.end().min(body.trim_end().len()));
        }
        // A sign can be the space before the next name.
        at = if plain_space { sign.end() } else { name.end() + 1 };
    }
    // A key at the end of its line: what it names stands below.
    let last = body.trim_end().trim_end_matches([':', '|', '>', '-', '+']).trim_end();
    let name = last.rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).find(|part| !part.is_empty())?;
    (body.trim_end() != last && looks::secret_name(name)).then_some(body.trim_end().len())
}

/// The keys of a Kubernetes object that hold no secret.
fn is_structure(name: &str) -> bool {
    matches!(
        name,
        "apiVersion" | "kind" | "metadata" | "name" | "namespace" | "type" | "data" | "stringData" | "labels"
    )
}

fn is_kubernetes_secret(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "kind: Secret")
}

//! The secret in a text under a name: all of it, the password of an address, or nothing.

use crate::eval::{How, Kind, Question, Value};
use crate::secrets::{is_placeholder, is_secret_name, is_well_known_default, provider, purpose};
use crate::text::Text;

/// A secret as it is written somewhere, alone or in an address.
pub(crate) struct Written {
    /// Its text, or the worlds in which a written fallback is it.
    pub(crate) value: Value,
    /// What it is for: a word of `secret.purpose`.
    pub(crate) purpose: &'static str,
}

/// The secret under a name: all of the text, or the password of an address. None where nothing of it is written.
pub(crate) fn secret_value(name: &str, value: &Value) -> Option<Written> {
    let fallback = value.trail.walk(8).into_iter().find_map(|step| match &step.how {
        How::Reads { fallback: Some(fallback), .. } => fallback.as_text().cloned(),
        _ => None,
    });
    let text = match &value.kind {
        Kind::Text(text) => text.clone(),
        Kind::Choice(..) => without_variables(value, false).or(fallback)?,
        _ => return None,
    };
    let found = secret_part(name, &text)?;
    let value = value.each(&mut |arm| match &arm.kind {
        Kind::Text(text) => {
            let part = secret_part(name, text);
            Value::new(Kind::Text(part.map_or_else(|| text.clone(), |(part, _)| part)), &arm.trail)
        }
        _ => arm.clone(),
    });
    Some(Written { value, purpose: found.1 })
}

/// The text that there is where none of its variables is set, if one of those is a secret: an address with a fallback
/// in it, `postgres://app:${PASSWORD:-app}@db`.
fn without_variables(value: &Value, secret: bool) -> Option<Text> {
    match &value.kind {
        Kind::Choice(Question::IsSet(name), arms) => without_variables(arms.first()?, secret || is_secret_name(name)),
        Kind::Text(text) => secret.then(|| text.clone()),
        _ => None,
    }
}

/// The secret in a text under a name, and what it is for.
pub(crate) fn secret_part(name: &str, text: &Text) -> Option<(Text, &'static str)> {
    if text.is_blank() || text.test(is_reference) || text.test(|text| repeats(name, text)) {
        return None;
    }
    if let Some((password, purpose)) = password_of(text) {
        return Some((password, purpose));
    }
    if is_secret_name(name) {
        return (!text.test(is_no_secret)).then(|| (text.clone(), purpose(name)));
    }
    provider(text).map(|_| (text.clone(), "api_key"))
}

/// The password of an address such as `postgres://user:password@host/name`.
fn password_of(address: &Text) -> Option<(Text, &'static str)> {
    let mut scheme = String::new();
    let mut inside = None;
    address.test(|address| {
        let Some((before, rest)) = address.trim().split_once("://") else { return false };
        let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let Some((user, _)) = host.rsplit_once('@') else { return false };
        scheme = before.to_ascii_lowercase();
        inside = user.split_once(':').map(|(_, password)| password.to_owned());
        true
    });
    let password = Text::new(inside.filter(|password| !password.is_empty())?);
    if password.test(is_reference) || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        return None;
    }
    let own = matches!(&*scheme, "http" | "https" | "smtp" | "smtps" | "ftp" | "sftp" | "ssh" | "ldap" | "ldaps");
    Some((password, if own { "password" } else { "datastore" }))
}

/// A reference to something else: another variable, a template's hole, a secret store.
fn is_reference(text: &str) -> bool {
    let text = text.trim();
    [
        "${",
        "$(",
        "{{",
        "<%",
        "%{",
        "#{",
        "op://",
        "vault:",
        "vault://",
        "arn:aws:",
        "secretsmanager:",
        "sm://",
        "awssm://",
        "ENC[",
    ]
    .iter()
    .any(|start| text.starts_with(start))
        || text.contains("${")
        || text.contains("{{")
        || text.contains("$(")
        || (text.starts_with('$') && text[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        || (text.starts_with('@') && !text.contains(' '))
}

/// The name itself as a text, which asks for the value: `API_KEY=API_KEY_VAL`.
fn repeats(name: &str, text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    name.len() > 3 && text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-']))
}

/// A text that no secret is, whatever its name says: a switch, a small number, a path, an address.
fn is_no_secret(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    matches!(
        &*lower,
        "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "null"
            | "none"
            | "nil"
            | "undefined"
            | "disabled"
            | "enabled"
            | "auto"
    ) || (text.len() < 5 && text.bytes().all(|byte| byte.is_ascii_digit()))
        || text.starts_with(['/', '~'])
        || text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with("file:")
        || text.contains("://")
        || text.starts_with("C:\\")
}

/// Whether a value is one that everybody knows or that asks to be replaced.
pub(crate) fn is_dummy(text: &Text) -> bool {
    is_placeholder(text) || is_well_known_default(text)
}

//! The secret in a text under a name: all of it, the password of an address, or nothing.

use crate::eval::{How, Kind, Question, Value};
use crate::machines::leads_to_a_developer;
use crate::secrets::{
    Naming, is_ciphertext, is_documented, is_inert, is_placeholder, is_plain, is_public_id, is_reference,
    is_secret_name, is_well_known_default, looks_generated, naming, provider, purpose, reads_any_text,
};
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

/// The secret in a text under a name, and what it is for. The name says where to look, the text whether there is one: a
/// name that is only about secrets needs a text that was generated.
pub(crate) fn secret_part(name: &str, text: &Text) -> Option<(Text, &'static str)> {
    if text.is_blank() || text.test(is_elsewhere) || text.test(|text| repeats(name, text)) {
        return None;
    }
    if let Some((password, purpose)) = password_of(text) {
        return Some((password, purpose));
    }
    if provider(text).is_some() {
        return Some((text.clone(), if is_secret_name(name) { purpose(name) } else { "api_key" }));
    }
    let is_one = match naming(name) {
        Naming::Holds => reads_any_text(name) || !text.test(is_plain),
        Naming::Mentions => looks_generated(text) && !text.test(|text| is_plain(text) || is_public_id(text)),
        Naming::Nothing => false,
    };
    let purpose = purpose(name);
    // What a provider checks is not opened by `unset`; what the app checks itself is.
    let works = !(text.test(is_documented) || matches!(purpose, "api_key" | "other") && text.test(is_inert));
    (is_one && works).then(|| (text.clone(), purpose))
}

/// Whether the secret is kept elsewhere, or stands here as nobody can read it.
fn is_elsewhere(text: &str) -> bool {
    is_reference(text) || is_ciphertext(text)
}

/// The password of an address such as `postgres://user:password@host/name`.
fn password_of(address: &Text) -> Option<(Text, &'static str)> {
    let mut scheme = String::new();
    let mut inside = None;
    let mut here = false;
    address.test(|address| {
        let Some((before, rest)) = address.trim().split_once("://") else { return false };
        let Some((user, host)) = user_and_host(rest) else { return false };
        here = leads_to_a_developer(host);
        scheme = before.to_ascii_lowercase();
        inside = user.split_once(':').map(|(_, password)| password.to_owned());
        true
    });
    let password = Text::new(inside.filter(|password| !password.is_empty())?);
    // What this very machine serves to itself opens nothing elsewhere, unless somebody made the password for it.
    if here && !looks_generated(&password) {
        return None;
    }
    if password.test(is_reference) || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        return None;
    }
    let own = matches!(&*scheme, "http" | "https" | "smtp" | "smtps" | "ftp" | "sftp" | "ssh" | "ldap" | "ldaps");
    Some((password, if own { "password" } else { "datastore" }))
}

/// What stands before the host of an address, and the rest. People write a password as it is, `/`, `?` and `#` in it, too.
fn user_and_host(rest: &str) -> Option<(&str, &str)> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if let Some(found) = authority.rsplit_once('@') {
        return Some(found);
    }
    // An `@` in a path or a query is no end of a password, unless what is before it can be one.
    let (user, host) = rest.split_once('@')?;
    let (name, password) = user.split_once(':')?;
    let is_port =
        password.split(['/', '?', '#']).next().is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    (!name.contains(['/', '?', '#', ' ']) && !is_port && !user.contains(' ')).then_some((user, host))
}

/// The name itself as a text, which asks for the value: `API_KEY=API_KEY_VAL`.
fn repeats(name: &str, text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    name.len() > 3 && text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-']))
}

/// Whether a value is one that everybody knows or that asks to be replaced.
pub(crate) fn is_dummy(text: &Text) -> bool {
    is_placeholder(text) || is_well_known_default(text)
}

//! Placeholders in a rule's message and fix.

use super::draft::Draft;
use super::locate::Locator;
use super::words;
use crate::eval::Value;
use crate::mask::Masker;
use crate::settings::{Type, secret};

/// A rule's text with `{key}`, `{env}`, `{value}`, `{name}`, `{instead}`, `{limit}`, `{replacement}`, `{true}`, `{false}` and settings that are
/// texts filled in; what is left in braces stays.
pub(super) fn fill(text: &str, draft: &Draft<'_>, locator: &Locator<'_>, masker: &Masker) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        filled.push_str(before);
        let Some(close) = tail.find('}') else { break };
        match placeholder(&tail[1..close], draft, locator, masker) {
            Some(words) => filled.push_str(&words),
            None => filled.push_str(&tail[..=close]),
        }
        rest = &tail[close + 1..];
        if close == 0 {
            break;
        }
    }
    filled.push_str(rest);
    masker.words(&filled)
}

fn placeholder(name: &str, draft: &Draft<'_>, locator: &Locator<'_>, masker: &Masker) -> Option<String> {
    let first = draft.evidence.first();
    match name {
        "key" => Some(key(draft)),
        "name" => Some(draft.resource.name.to_string()),
        // As the language of the file spells it.
        "true" | "false" => {
            let is_python = draft.primary.is_some_and(|(file, _)| locator.path(file).ends_with(".py"));
            Some(match (name, is_python) {
                ("true", true) => "True".into(),
                ("false", true) => "False".into(),
                (word, _) => word.to_owned(),
            })
        }
        "instead" => {
            Some(draft.resource.instead.as_deref().unwrap_or("the place that the installed version reads").to_owned())
        }
        "env" => Some(
            draft
                .evidence
                .iter()
                .find_map(|leaf| words::variable(&leaf.value.trail))
                .unwrap_or_else(|| "an environment variable".into()),
        ),
        "value" => Some(first.map_or("not set".into(), |leaf| {
            let ty = leaf.setting.map_or(Type::Any, |setting| setting.ty);
            masker.value(ty, hint(draft), &leaf.value)
        })),
        "replacement" => Some(replacement(draft).to_owned()),
        "limit" => Some(draft.limit.map_or("the limit".into(), |limit| limit.to_string())),
        // A setting whose text is made for people, such as what arrives of a value.
        _ => {
            let setting = draft.resource.kind.setting(name).filter(|setting| matches!(setting.ty, Type::Text))?;
            Some(draft.resource.value(setting)?.as_text()?.as_name().to_string())
        }
    }
}

/// What to put in the place of a secret: what a provider issues, nobody else can make.
fn replacement(draft: &Draft<'_>) -> &'static str {
    let purpose = draft.resource.value(secret::purpose).and_then(Value::as_text);
    let is = |word: &str| purpose.is_some_and(|purpose| purpose.is(word));
    if is("api_key") {
        "a new key from the provider that issues it"
    } else if is("password") || is("datastore") {
        "a new password, such as the output of openssl rand -hex 24"
    } else {
        "the output of openssl rand -hex 32"
    }
}

/// The framework's own name of the setting that decided, else the vocabulary's, else the resource's.
pub(super) fn key(draft: &Draft<'_>) -> String {
    let subject = &draft.subject;
    subject.key.as_deref().or(subject.setting.as_deref()).unwrap_or(&draft.resource.name).to_string()
}

/// The name that tells whether a value is secret: a resource named after a variable, else the key.
fn hint<'d>(draft: &'d Draft<'_>) -> &'d str {
    if crate::mask::secret_name(&draft.resource.name) {
        return &draft.resource.name;
    }
    draft.subject.key.as_deref().unwrap_or_default()
}

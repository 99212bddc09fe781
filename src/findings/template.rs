//! Placeholders in a rule's message and fix.

use super::code::code;
use super::draft::Draft;
use super::locate::Locator;
use super::state::{Telling, spelled};
use super::words;
use crate::eval::{Kind, Place, Value};
use crate::mask::{HIDDEN, Masker};
use crate::settings::{Home, Type, secret};
use std::collections::BTreeSet;

/// A rule's text with its placeholders and settings that are texts filled in; what is left in braces stays.
pub(super) fn fill(text: &str, group: &[Draft<'_>], locator: &Locator<'_>, masker: &Masker) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        filled.push_str(before);
        let Some(close) = tail.find('}') else { break };
        match placeholder(&tail[1..close], group, locator, masker) {
            // Two colons in one sentence are one too many.
            Some(words) if words.starts_with(": ") && filled.contains(": ") => {
                filled.push_str(&format!(" ({})", &words[2..]));
            }
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

fn placeholder(name: &str, group: &[Draft<'_>], locator: &Locator<'_>, masker: &Masker) -> Option<String> {
    let draft = group.first()?;
    let first = draft.evidence.first();
    if let Some(value) = name.strip_prefix("set ") {
        return Some(set(value, draft, locator));
    }
    match name {
        "key" => Some(match written_key(draft, locator) {
            Some(written) => code(&written),
            None => draft.subject.key.as_deref().map_or_else(|| told_name(draft, locator), code),
        }),
        "name" => Some(told_name(draft, locator)),
        "names" => Some(names(group, locator)),
        "state" => Some(state(draft, locator, masker).unwrap_or_else(|| code(&key(draft)))),
        // What a file shows of the setting, behind a colon; nothing where none can be quoted.
        ": state" => Some(state(draft, locator, masker).map_or(String::new(), |state| format!(": {state}"))),
        // What is no key says where the key would be read.
        "move" if draft.resource.instead.as_deref().is_some_and(|instead| !code(instead).starts_with('`')) => {
            let instead = draft.resource.instead.as_deref().unwrap_or_default();
            Some(format!("Remove {}: it is read only by {instead}", told_name(draft, locator)))
        }
        "move" => Some(match &draft.resource.instead {
            Some(instead) => format!("Use {} and remove {}", code(instead), told_name(draft, locator)),
            None => format!("Remove {}", told_name(draft, locator)),
        }),
        "true" | "false" => Some(spelled(name, is_python(draft, locator)).to_owned()),
        "items" => Some(items(draft, masker)),
        "instead" => Some(draft.resource.instead.as_deref().map_or("the place that is read".into(), code)),
        "env" => Some(code(&variable(draft).unwrap_or_else(|| "an environment variable".into()))),
        "value" => Some(first.map_or("not set".into(), |leaf| {
            let ty = leaf.setting.map_or(Type::Any, |setting| setting.ty);
            masker.value(ty, hint(draft), &leaf.value)
        })),
        "replacement" => Some(replacement(draft).to_owned()),
        "framework" => Some(or_else(draft.product.title, "the framework")),
        "installed" => Some(or_else(&draft.product.installed, "the installed version")),
        "file" => Some(draft.primary.map_or_else(|| "the file".into(), |(file, _)| code(&locator.path(file)))),
        "last" => Some(draft.subject.key.as_deref().map_or_else(|| told_name(draft, locator), |key| code(last(key)))),
        "limit" => Some(draft.limit.map_or("the limit".into(), |limit| limit.to_string())),
        // A setting whose text is made for people, such as what arrives of a value.
        _ => {
            let setting = draft.resource.kind.setting(name).filter(|setting| matches!(setting.ty, Type::Text))?;
            Some(draft.resource.value(setting)?.as_text()?.as_name().to_string())
        }
    }
}

/// The setting of a settings module that the finding's own place is assigned to, where that is another one of those that
/// give the value: `CORS_ALLOWED_ORIGINS` beside `CORS_ALLOW_ALL_ORIGINS`.
fn written_key(draft: &Draft<'_>, locator: &Locator<'_>) -> Option<String> {
    let key = draft.subject.key.as_deref().filter(|key| is_variable(key))?;
    let (file, span) = draft.primary.filter(|_| draft.framework == "django" && draft.resource.kind.name == "cors")?;
    let text = locator.text(file)?;
    let line = text.get(..span.start as usize)?.rsplit('\n').next()?;
    let name = line.trim_end().strip_suffix('=')?.trim_end();
    (is_variable(name) && name != key).then(|| name.to_owned())
}

fn or_else(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise } else { text }.to_owned()
}

/// The last name of a key: `enabled` of `config.auth.enabled`.
pub(super) fn last(key: &str) -> &str {
    let is_path = !key.contains(['(', '[', ' ', '/', ':']);
    key.rsplit('.').next().filter(|_| is_path).unwrap_or(key)
}

/// The variable that decided: of a fallback the one that has it, else the first that was read.
fn variable(draft: &Draft<'_>) -> Option<String> {
    let of = |find: fn(&crate::eval::Trail) -> Option<String>| {
        draft.evidence.iter().find_map(|leaf| find(&leaf.value.trail))
    };
    of(words::falls_back).or_else(|| of(words::variable))
}

/// `` `secure` to `true` ``, as the language and the kind of key have it: `` `configure(cookie_secure=True)` ``.
fn set(value: &str, draft: &Draft<'_>, locator: &Locator<'_>) -> String {
    let value = spelled(as_read(value, draft), is_python(draft, locator));
    let key = key(draft);
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let argument = key.strip_suffix(')').and_then(|key| key.split_once('('));
    match argument.filter(|(call, name)| is_name(call) && is_name(name)) {
        Some((call, name)) => format!("`{call}({name}={value})`"),
        None if draft.subject.key.is_none() => format!("it to `{value}`"),
        None => format!("{} to `{value}`", code(&key)),
    }
}

/// A switch as the key takes it: `disableChecks` has to be false where the checks are to be on.
fn as_read<'v>(value: &'v str, draft: &Draft<'_>) -> &'v str {
    let wanted = match value {
        "true" => true,
        "false" => false,
        _ => return value,
    };
    let setting = draft.rule.report.at.and_then(|setting| draft.resource.home(setting));
    let Some(Home::Key { read, .. }) = setting else { return value };
    let means = |written: bool| {
        let read = read.of(&Value::written(Kind::Bool(written), Place::Process));
        matches!(read.kind, Kind::Bool(is) if is == wanted)
    };
    match (means(wanted), means(!wanted)) {
        (false, true) if wanted => "false",
        (false, true) => "true",
        _ => value,
    }
}

/// What a file shows of the setting that the rule points at.
pub(super) fn state(draft: &Draft<'_>, locator: &Locator<'_>, masker: &Masker) -> Option<String> {
    let leaf = draft.evidence.first()?;
    // What is written in vain is the news, not that the key is not set.
    if !draft.product.installed.is_empty() && words::unread(&leaf.value.trail).is_some() {
        return Some(format!("{} ignores what is written here", draft.product.installed));
    }
    let telling = Telling { locator, masker, world: &draft.when, is_python: is_python(draft, locator) };
    telling.state(draft.resource, leaf.setting?, &leaf.value)
}

/// The texts of the list that decided: of origins those that are to go, of names all.
fn items(draft: &Draft<'_>, masker: &Masker) -> String {
    let list = draft.evidence.first().and_then(|leaf| leaf.value.as_list()).unwrap_or_default();
    let is_open = |text: &str| text.starts_with("http://") || text.contains("//localhost") || text.contains("//127.");
    let is_meant =
        |item: &&Value| draft.resource.kind.name != "cors" || item.as_text().is_some_and(|text| text.test(is_open));
    let shown = |item: &Value| {
        let shown = masker.value(Type::Text, "", item);
        (!shown.contains(HIDDEN)).then(|| format!("`{}`", shown.trim_matches('"')))
    };
    let mut all: Vec<String> = list.iter().filter(is_meant).filter_map(shown).collect();
    all.dedup();
    match all.is_empty() {
        true if draft.resource.kind.name == "cors" => "an origin".into(),
        true => "some that are not shown".into(),
        false => joined(all),
    }
}

/// The most names that a list has.
const MOST_NAMES: usize = 30;

/// The names of all that is judged together: `A`, `B` and `C`.
fn names(group: &[Draft<'_>], locator: &Locator<'_>) -> String {
    let all: BTreeSet<String> = group.iter().map(|draft| told_name(draft, locator)).collect();
    joined(all.into_iter().collect())
}

/// Names in a sentence: `A, B and C`, not more of them than it can hold.
fn joined(all: Vec<String>) -> String {
    let more = all.len().saturating_sub(MOST_NAMES);
    let mut names: Vec<String> = all.into_iter().take(MOST_NAMES).collect();
    names.extend((more > 0).then(|| format!("{more} more")));
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// What a reader knows a secret by: the variable that holds it, else its key.
pub(super) fn secret_name(draft: &Draft<'_>) -> Option<String> {
    let variable = draft.resource.value(secret::value).and_then(|value| words::variable(&value.trail));
    variable.or_else(|| draft.resource.spot(secret::value).map(|spot| spot.key.to_string()))
}

/// Whether a key is the name of a variable.
pub(super) fn is_variable(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The name of what is judged, as it stands out in a sentence. A server block is told as the address that it answers.
fn told_name(draft: &Draft<'_>, locator: &Locator<'_>) -> String {
    let name = &*draft.resource.name;
    if let Some(told) = secret_name(draft).filter(|_| !is_variable(name)) {
        return code(&told);
    }
    let file = draft.primary.map(|(file, _)| locator.path(file));
    let behind = |mark: char| file.as_ref().and_then(|file| name.strip_prefix(&**file)?.strip_prefix(mark));
    // A job or a service in the file that the frame shows.
    if let Some(job) = behind(':').filter(|job| !job.is_empty()) {
        return code(job);
    }
    // A plugin of an app, which is told before it: `app crm: OpenapiAdapter`.
    match name.split_once(": ") {
        Some(("server", part)) => return code(part),
        Some((whose, part)) if whose.starts_with("app ") => return format!("{} of the {whose}", code(part)),
        _ => {}
    }
    if let Some(app) = name.strip_prefix("app ").filter(|_| draft.framework == "frontmcp") {
        return format!("the app {}", code(app));
    }
    let in_file = behind(' ');
    let parts: Vec<&str> = in_file.unwrap_or_default().split(' ').collect();
    match parts[..] {
        [scheme @ ("http" | "https"), host, ref path @ ..] if path.len() < 2 => {
            let host = if host == "_" { "*" } else { host };
            code(&format!("{scheme}://{host}{}", path.first().copied().unwrap_or_default()))
        }
        [host] if host.contains('.') && !host.contains('(') => code(host),
        _ => code(name),
    }
}

/// Whether the finding is about a text or an app of Python. A variable's value is spelled the same everywhere.
pub(super) fn is_python(draft: &Draft<'_>, locator: &Locator<'_>) -> bool {
    let key = draft.subject.key.as_deref().unwrap_or_default();
    let settings_are_caps = matches!(draft.framework, "django" | "flask");
    if is_variable(key) && !settings_are_caps {
        return false;
    }
    // `configure(debug)` is a keyword of a call, wherever the value stands.
    if key.ends_with(')') && is_python_framework(draft.framework) {
        return true;
    }
    let in_python = draft.primary.is_some_and(|(file, _)| locator.path(file).ends_with(".py"));
    in_python || is_python_framework(draft.framework) && draft.primary.is_none()
}

pub(super) fn is_python_framework(framework: &str) -> bool {
    matches!(framework, "aksara" | "django" | "fastapi" | "flask" | "starlette" | "fastmcp")
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

/// The framework's own name of the setting that decided, else the name of what is judged.
pub(super) fn key(draft: &Draft<'_>) -> String {
    let subject = &draft.subject;
    subject.key.as_deref().unwrap_or(&draft.resource.name).to_string()
}

/// The name that tells whether a value is secret: a resource named after a variable, else the key.
fn hint<'d>(draft: &'d Draft<'_>) -> &'d str {
    if crate::mask::secret_name(&draft.resource.name) {
        return &draft.resource.name;
    }
    draft.subject.key.as_deref().unwrap_or_default()
}

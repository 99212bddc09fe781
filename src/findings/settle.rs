//! Why something is not known, and what a person can do to settle it.

use super::Unsettled;
use super::code::code;
use super::locate::Locator;
use crate::eval::{Because, How, Kind, Value};
use std::sync::Arc;

/// The first reason for not knowing inside a value.
pub(super) fn reason(value: &Value) -> Option<&Because> {
    match &value.kind {
        Kind::Unknown(unknown) => Some(&unknown.because),
        Kind::Choice(_, arms) => arms.iter().find_map(reason),
        Kind::List { items, open } => {
            open.as_ref().map(|unknown| &unknown.because).or_else(|| items.iter().find_map(reason))
        }
        Kind::Object { open, .. } => open.as_ref().map(|unknown| &unknown.because),
        _ => None,
    }
}

/// Why a value is not known, and what would settle it; none where it is known.
pub(crate) fn unsettled_of(value: &Value, key: &str, locator: &Locator<'_>) -> Option<Unsettled> {
    reason(value).map(|because| unsettled(Some(because), Some(key), is_provided(value), locator))
}

/// Whether something outside the project is said to set the variable that is missing.
pub(super) fn is_provided(value: &Value) -> bool {
    value.trail.walk(8).iter().any(|step| matches!(step.how, How::Sets { .. }))
}

/// What tells one reason from another: its kind, and the variable, call or file that it is about.
pub(super) fn identity(because: &Because, locator: &Locator<'_>) -> (&'static str, Option<Arc<str>>) {
    match because {
        Because::Variable(name) => ("variable", Some(name.clone())),
        Because::Call(name) => ("call", Some(name.clone())),
        Because::MissingFile(path) => ("missing-file", Some(path.clone())),
        Because::Unreadable(file) => ("unreadable-file", Some(locator.path(*file))),
        Because::UndocumentedDefault => ("undocumented-default", None),
        Because::WrongType => ("wrong-type", None),
        Because::UnknownVersion => ("unknown-version", None),
        Because::NewerVersion(versions) => ("newer-version", Some(versions[0].clone())),
        Because::UnlistedOption => ("unlisted-option", None),
        Because::UnknownUnit => ("unknown-unit", None),
        Because::Undecided => ("undecided", None),
        Because::Changed => ("changed", None),
        Because::TooComplex => ("too-complex", None),
    }
}

/// The reason in words, with what would settle it. `key` is the framework's own name of the setting, where it has one.
/// Nobody is told to write a value out where it may be a secret.
pub(super) fn unsettled(
    because: Option<&Because>,
    key: Option<&str>,
    is_provided: bool,
    locator: &Locator<'_>,
) -> Unsettled {
    let because = because.unwrap_or(&Because::Undecided);
    let (kind, name) = identity(because, locator);
    let it = key.map_or_else(|| "it".to_owned(), code);
    let look = || vec![format!("look at {it} yourself"), "ignore this with a reason".to_owned()];
    let settle = match because {
        Because::Variable(_) if is_provided => vec!["--env-file FILE".into(), "--from-env".into()],
        Because::Variable(name) => vec![
            "--env-file FILE".into(),
            "--from-env".into(),
            format!("[environment] provided = [\"{name}\"] in prodcheck.toml"),
        ],
        Because::MissingFile(path) if is_package(path) => {
            vec![format!("look at {it} yourself; if all is well, ignore this with a reason")]
        }
        Because::MissingFile(path) => vec![format!("generate or commit {path} before the scan")],
        Because::Unreadable(file) => vec![format!("fix the syntax error in {}", locator.path(*file))],
        Because::UndocumentedDefault => vec!["set it explicitly".into()],
        Because::WrongType => vec!["give it a value of the type that its documentation names".into()],
        Because::UnknownVersion => vec!["commit the lockfile, or use a version that prodcheck knows".into()],
        Because::NewerVersion(..) => vec!["use a prodcheck that knows this version".into()],
        Because::UnlistedOption => vec![format!("remove {it}, or check by hand that the framework reads it")],
        Because::UnknownUnit => {
            vec![format!("check by hand what {it} comes to, then ignore the finding with a reason")]
        }
        Because::Call(_) | Because::Undecided | Because::TooComplex => look(),
        Because::Changed => vec![format!("write {it} where it is made, and change it nowhere else")],
    };
    let reason = match because {
        Because::Unreadable(file) => format!("{} cannot be read", locator.path(*file)),
        Because::Variable(name) if is_provided => format!("the host sets {name}, but its value is not known here"),
        Because::MissingFile(path) if is_package(path) => {
            format!("the package {} is not read, only the project's own code", code(path))
        }
        Because::UndocumentedDefault => match key {
            Some(_) => format!("{it} is not set, and its default is not documented"),
            None => "what applies here by default is not documented".into(),
        },
        Because::WrongType => {
            format!("{} has another type than is read there", key.map_or_else(|| "a value".into(), code))
        }
        because => crate::mask::because(because),
    };
    Unsettled { because: kind, name, reason, settle }
}

/// What is not known, in a sentence: ``` `origin` depends on ORIGINS, which no file sets```.
pub(super) fn sentence(unsettled: &Unsettled, key: Option<&str>, summary: &str) -> String {
    let reason = &unsettled.reason;
    let Some(key) = key.map(code) else { return format!("{reason}; not checked: {summary}") };
    let name = unsettled.name.as_deref().map(code).unwrap_or_default();
    let same = name == key;
    match unsettled.because {
        "variable" if same => reason.clone(),
        "variable" if reason.starts_with("no file") => format!("{key} depends on {name}, which no file sets"),
        "call" => {
            let call = unsettled.name.as_deref().map(|name| code(&format!("{name}()"))).unwrap_or_default();
            format!("{key} comes from {call}, which prodcheck does not follow")
        }
        "unknown-version" => format!("prodcheck does not know this version of the framework; it judged {key}"),
        "missing-file" if reason.starts_with("the package") => {
            format!("{key} depends on the package {name}, which prodcheck does not read")
        }
        "missing-file" if same => format!("{name} is not in the tree"),
        "missing-file" => format!("{key} depends on {name}, which is not in the tree"),
        "undecided" => format!("the files do not tell what {key} is"),
        "wrong-type" => format!("{key} has another type than is read there"),
        "undocumented-default" => format!("{key} is not set, and its default is not documented"),
        "too-complex" => format!("{key} is too complex to follow"),
        _ => format!("{key} is not known: {reason}"),
    }
}

/// What would settle it, as a sentence.
pub(super) fn advice(unsettled: &Unsettled) -> String {
    match unsettled.because {
        "variable" => format!("To check it: {}.", unsettled.settle.join(", or ")),
        "call" | "undecided" | "too-complex" if unsettled.settle.len() == 2 => {
            format!("{}, then {}.", capital(&unsettled.settle[0]), unsettled.settle[1])
        }
        _ => format!("{}.", capital(&unsettled.settle.join(", or "))),
    }
}

/// Whether something that is not in the tree is a package, which nobody commits: `flask`, `@acme/config`.
fn is_package(path: &str) -> bool {
    path.starts_with('@')
        || !path.is_empty() && path.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

//! Why something is not known, and what a person can do to settle it.

use super::Unsettled;
use super::locate::Locator;
use crate::eval::{Because, Kind, Value};
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
    reason(value).map(|because| unsettled(Some(because), key, locator))
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
        Because::Undecided => ("undecided", None),
        Because::Changed => ("changed", None),
        Because::TooComplex => ("too-complex", None),
    }
}

/// The reason in words, with what would settle it. `key` is the framework's own name of the setting.
pub(super) fn unsettled(because: Option<&Because>, key: &str, locator: &Locator<'_>) -> Unsettled {
    let because = because.unwrap_or(&Because::Undecided);
    let (kind, name) = identity(because, locator);
    let settle = match because {
        Because::Variable(name) => vec![
            "--env-file FILE".into(),
            "--from-env".into(),
            format!("[environment] provided = [\"{name}\"] in prodcheck.toml"),
        ],
        Because::Call(_) => vec![format!("write {key} out instead of computing it")],
        Because::MissingFile(path) => vec![format!("generate or commit {path} before the scan")],
        Because::Unreadable(file) => vec![format!("repair {}", locator.path(*file))],
        Because::UndocumentedDefault => vec![format!("set {key} explicitly")],
        Because::WrongType => vec![format!("give {key} a value of the type that the framework reads")],
        Because::UnknownVersion => vec!["commit the lockfile, or use a version that prodcheck knows".into()],
        Because::Undecided => vec![format!("write {key} out where prodcheck can read it")],
        Because::Changed => vec![format!("write {key} where it is made, and change it nowhere else")],
        Because::TooComplex => vec![format!("write {key} more simply")],
    };
    let reason = match because {
        Because::Unreadable(file) => format!("{} cannot be read", locator.path(*file)),
        because => crate::mask::because(because),
    };
    Unsettled { because: kind, name, reason, settle }
}

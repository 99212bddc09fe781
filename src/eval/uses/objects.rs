//! What a value has to do with a package: something of it, or something that it gave.

use super::Object;
use crate::eval::{Kind, Place, Value};
use std::sync::Arc;

/// The module and the name in it of something imported, where the module is meant.
pub(super) fn named(
    module: &str,
    path: &str,
    python: bool,
    is_meant: &dyn Fn(&str) -> bool,
) -> Option<(Arc<str>, Arc<str>)> {
    if !python {
        return is_meant(module).then(|| (module.into(), export_name(path)));
    }
    let module = module.replace('/', ".");
    let whole = if path.is_empty() { module } else { format!("{module}.{path}") };
    let mut parts = whole.match_indices('.').map(|(at, _)| at).rev();
    match parts.find(|at| is_meant(&whole[..*at])) {
        Some(at) => Some((whole[..at].into(), whole[at + 1..].into())),
        None => is_meant(&whole).then(|| (whole.as_str().into(), "default".into())),
    }
}

/// A path inside a module as the name of an export: the module itself and its default export are one.
fn export_name(path: &str) -> Arc<str> {
    let path = path.strip_prefix("default.").unwrap_or(path);
    let path = path.strip_suffix(".default").unwrap_or(path);
    if path.is_empty() { "default".into() } else { path.into() }
}

/// What a package gave, where a value is the result of one of its functions.
pub(super) fn object(value: &Value, python: bool, is_meant: &dyn Fn(&str) -> bool) -> Option<Object> {
    match &value.kind {
        Kind::Call(call) => {
            let (module, path) = call.origin()?;
            let (module, export) = named(module, path, python, is_meant)?;
            let (file, span) = value.trail.primary()?;
            Some(Object { module, export, made: Place::File(file, span), through: Vec::new() })
        }
        Kind::Choice(_, arms) => arms.iter().find_map(|arm| object(arm, python, is_meant)),
        _ => None,
    }
}

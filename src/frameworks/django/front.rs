//! Whether the app leaves it to its operator what stands in front of it: what is in front may then send people on to https
//! and promise it, as the one who put it there decides.

use crate::reading::bench::Reading;
use crate::syntax::code::{ExprKind, Pattern, Statement};

/// The setting by which an app believes what is in front of it.
const BELIEVES: &str = "SECURE_PROXY_SSL_HEADER";

/// The header that proxies tell the scheme by where nobody says otherwise.
const USUAL: &str = "HTTP_X_FORWARDED_PROTO";

/// The setting by which sessions go over https alone.
const OVER_HTTPS: &str = "SESSION_COOKIE_SECURE";

/// Whether the settings module believes a proxy under a condition alone, and says nothing of `own`, by which the app would
/// do by itself what the proxy can.
pub(super) fn is_operators(reading: &Reading<'_>, own: &str) -> bool {
    let file = reading.facts.config.as_ref().and_then(|config| config.trail.place.in_file());
    let Some((file, _)) = file else { return false };
    if reading.documents.project.mentions(file, &[own]) {
        return false;
    }
    reading.documents.module_of(file).is_some_and(|module| asks(&module.body, false)) || is_behind_own_proxy(reading)
}

/// Whether the app believes a proxy that tells the scheme by a header of its own making, and sends sessions over https alone:
/// somebody has written that proxy for this very app, and https was on their mind.
fn is_behind_own_proxy(reading: &Reading<'_>) -> bool {
    let Some(config) = reading.facts.config.as_ref() else { return false };
    let header = config.field(BELIEVES).as_list().and_then(|pair| pair.first()?.as_text().cloned());
    header.is_some_and(|header| !header.is(USUAL)) && config.field(OVER_HTTPS).as_bool() == Some(true)
}

/// Whether some statements set it under a condition.
fn asks(statements: &[Statement], under: bool) -> bool {
    statements.iter().any(|statement| match statement {
        Statement::Declare { pattern: Pattern::Name(name, _), value: Some(value), .. } => {
            &**name == BELIEVES && (under || matches!(value.kind, ExprKind::Conditional { .. }))
        }
        Statement::If { then, otherwise, .. } => asks(then, true) || asks(otherwise, true),
        _ => false,
    })
}

//! The shapes that `auth` has had, and the one set of modes that they all come to.

use crate::eval::{Because, Kind, Value};
use crate::frameworks::frontmcp::words::{default, word};
use crate::project::Version;
use crate::reading::table::Facts;
use crate::text::Text;

/// The effective mode of an `auth` block: `public`, `transparent`, `local`, `remote` or `static`. `around` is the
/// object that the block belongs to.
pub(super) fn mode(auth: &Value, around: &Value) -> Value {
    auth.each(&mut |auth| match &auth.kind {
        // Without `auth` the registry makes a public server.
        Kind::Absent | Kind::Null => default(Kind::Text(Text::new("public")), "auth", around),
        Kind::Object { .. } => written(auth),
        Kind::Unknown(_) => auth.clone(),
        _ => Value::unknown(Because::Undecided, &auth.trail),
    })
}

fn written(auth: &Value) -> Value {
    let kind = auth.field("type");
    auth.field("mode").each(&mut |mode| match &mode.kind {
        Kind::Text(text) if text.is("orchestrated") => kind.each(&mut |kind| match &kind.kind {
            Kind::Text(text) if text.is("remote") => word("remote", mode),
            Kind::Unknown(_) => kind.clone(),
            _ => word("local", mode),
        }),
        Kind::Text(text) => match text.one_of(&["public", "transparent", "local", "remote", "static"]) {
            Some(known) => word(known, mode),
            None => Value::unknown(Because::Undecided, &mode.trail),
        },
        // Up to 0.4 the type alone decided.
        Kind::Absent => kind.each(&mut |kind| match &kind.kind {
            Kind::Text(text) if text.is("local") => word("local", kind),
            Kind::Text(text) if text.is("remote") => word("transparent", kind),
            Kind::Unknown(_) => kind.clone(),
            _ => Value::unknown(Because::Undecided, &auth.trail),
        }),
        Kind::Unknown(_) => mode.clone(),
        _ => Value::unknown(Because::WrongType, &mode.trail),
    })
}

/// Whether a version of the SDK knows a mode by this name; a version that is not known takes every one.
pub(super) fn knows(version: Option<&Version>, mode: &Text) -> bool {
    version.is_none() || mode.one_of(modes(version)).is_some()
}

/// The modes of a version of the SDK.
pub(super) fn modes(version: Option<&Version>) -> &'static [&'static str] {
    match version.map(|version| (version.major, version.minor)) {
        Some((0, 0..=4)) => &["orchestrated", "transparent"],
        Some((0, _)) => &["public", "transparent", "orchestrated"],
        _ => &["public", "transparent", "local", "remote"],
    }
}

/// Whether the version is known and at least this one, patch included.
pub(super) fn at_least(facts: &Facts, major: u64, minor: u64, patch: u64) -> Option<bool> {
    facts.version.as_ref().map(|version| *version >= Version::new(major, minor, patch))
}

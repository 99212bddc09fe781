//! Bknd's modes: `db`, `code`, hybrid and read-only.

use crate::eval::{How, Kind, Place, Step, Value};
use crate::reading::table::unread_trail;

/// How the app runs in production.
pub(super) struct Mode {
    /// The helper around the configuration.
    pub(super) helper: Option<&'static str>,
    /// `isProduction` of a helper: it decides between production and development behaviour.
    pub(super) is_production: Value,
    /// Whether the configuration stands in code: applied at each start, not changed at run time.
    pub(super) code: Value,
    /// Whether the app is in production mode at all.
    pub(super) production: Value,
}

pub(super) fn read(root: &Value, helper: Option<&'static str>) -> Mode {
    let stated = |value| Value::new(Kind::Bool(value), &root.trail);
    let written = root.field("isProduction");
    // Without `isProduction` a helper is in production: the published package fixes its fallback to that.
    let is_production = written
        .or_default(&|_| Value::new(Kind::Bool(true), &Step::after(root.trail.place, How::Default, &root.trail)));
    // A plain configuration's switch is read by nobody.
    let switch = root.written_at("isProduction").filter(|_| helper.is_none());
    let in_code = root.path("options.mode").each(&mut |mode| match &mode.kind {
        Kind::Text(text) => Value::new(Kind::Bool(text.is("code")), &mode.trail),
        Kind::Absent | Kind::Null => {
            let missing = match &switch {
                Some(switch) => unread_trail(switch, Some("options.mode")),
                None => mode.trail.clone(),
            };
            Value::new(Kind::Bool(false), &Step::after(Place::Framework("options.mode"), How::Default, &missing))
        }
        _ => mode.clone(),
    });
    let code = match helper {
        Some("code") => stated(true),
        Some(_) => is_production.clone(),
        None => in_code,
    };
    let production = match helper {
        Some(_) => is_production.clone(),
        None => {
            let read_only = root.path("options.readonly");
            let on = |value: &Value| matches!(value.kind, Kind::Bool(true));
            if on(&read_only) { stated(true) } else { code.clone() }
        }
    };
    Mode { helper, is_production, code, production }
}

//! Switches of Better Auth's options.

use crate::eval::{Kind, Value};

/// Whether something is switched on: by `true`, or by options of its own.
pub(super) fn is_on(value: &Value) -> bool {
    matches!(value.kind, Kind::Bool(true) | Kind::Object { .. })
}

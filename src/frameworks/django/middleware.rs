//! What the list of middleware has.

use crate::eval::{Kind, Value};
use crate::reading::table::Reader;

/// What the middleware is called that sends the headers and redirects.
pub(super) const SECURITY: &str = "django.middleware.security.SecurityMiddleware";

/// Whether the list of middleware has a class.
pub(super) fn has_middleware(config: &Value, path: &'static str) -> Value {
    Reader::Contains(path)
        .apply(&config.field("MIDDLEWARE"))
        .or_default(&|absent| Value::new(Kind::Bool(false), &absent.trail))
}

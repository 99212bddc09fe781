//! What a cookie's name and options say of it, whoever sets it.

use crate::eval::Value;
use crate::text::Text;

/// What a cookie of this name carries.
pub(crate) fn purpose(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    if name.contains("csrf") || name.contains("xsrf") {
        "csrf"
    } else if name.contains("sess") || name == "sid" || name.contains("auth") {
        "session"
    } else if name.contains("token") || name.contains("jwt") {
        "token"
    } else if name.contains("admin") {
        "admin"
    } else {
        "other"
    }
}

/// A cookie that is emptied or already over.
pub(crate) fn is_removal(options: &Value) -> bool {
    let over = options.field("maxAge").as_number().is_some_and(|age| age <= 0.0);
    over || options.field("value").as_text().is_some_and(Text::is_empty)
}

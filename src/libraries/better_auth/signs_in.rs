//! What other parts of an adapter need of Better Auth.

use crate::eval::Value;

/// What other parts of an adapter need of an app that signs users in with cookies.
pub(crate) struct SignsIn {
    /// The same-site mode of the session's cookie.
    pub(crate) same_site: Value,
}

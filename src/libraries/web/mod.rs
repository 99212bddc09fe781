//! What code sets on its answers by hand, in whatever framework: CORS headers and cookies.

pub(crate) mod at_sign_in;
pub(crate) mod cookies;
pub(crate) mod cors;
mod headers;
pub(crate) mod opened;
mod set_cookie;

//! What code sets on its answers by hand, in whatever framework: CORS headers and cookies.

pub(crate) mod cookies;
pub(crate) mod cors;
mod headers;
mod set_cookie;

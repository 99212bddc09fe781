//! The vocabulary, declared once: every kind of resource that rules can speak of, by theme.

mod access;
mod app;
mod hosting;
mod secrets;
mod surfaces;

pub use access::*;
pub use app::*;
pub use hosting::*;
pub use secrets::*;
pub use surfaces::*;

use super::ResourceKind;

/// Every kind of resource, in a fixed order.
pub fn vocabulary() -> impl Iterator<Item = &'static ResourceKind> {
    [app::APP, secrets::SECRETS, access::ACCESS, surfaces::SURFACES, hosting::HOSTING]
        .into_iter()
        .flat_map(|theme| theme.iter().copied())
}

#[cfg(test)]
mod tests;

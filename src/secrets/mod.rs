//! What secrets look like: names, placeholders, randomness, and the token shapes of providers.

mod checksums;
mod defaults;
mod entropy;
mod names;
mod placeholders;
mod providers;
mod tokens;

pub use defaults::is_well_known_default;
pub use entropy::{decoded_bytes, is_predictable, looks_generated};
pub use names::{is_secret_name, purpose};
pub use placeholders::is_placeholder;
pub use providers::{PROVIDERS, Provider};
pub use tokens::{provider, tokens};

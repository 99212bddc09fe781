//! The facts of a library as the build script leaves them; this file is a part of that script, too.

use serde::{Deserialize, Serialize};

/// One file of facts.
#[derive(Serialize, Deserialize)]
pub(crate) struct CompiledFacts<'t> {
    /// Its path below `libraries/` without the ending.
    pub(crate) id: &'t str,
    /// The modules by which code imports it.
    #[serde(borrow)]
    pub(crate) modules: Vec<&'t str>,
    /// Whether it answers requests.
    pub(crate) is_host: bool,
    /// Its node without the cases.
    pub(crate) head: &'t [u8],
}

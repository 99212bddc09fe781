//! The form in which `told.toml` is kept; the build script embeds that file and reads this one as a part of its own.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a scan says of a rule in its two examples; nothing where it has nothing to say.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Told<'t> {
    /// Of the bad example.
    #[serde(borrow)]
    pub(crate) bad: Cow<'t, str>,
    /// The same on a wide terminal; empty where nothing differs.
    pub(crate) bad_wide: Cow<'t, str>,
    /// Of the good example.
    pub(crate) good: Cow<'t, str>,
    /// The same on a wide terminal; empty where nothing differs.
    pub(crate) good_wide: Cow<'t, str>,
}

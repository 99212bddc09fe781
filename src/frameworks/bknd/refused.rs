//! One refusal of a key.

use crate::eval::Value;
use crate::reading::bench::Reading;
use crate::settings::config_key;

/// One refusal of each key: where several reasons meet, the first one says what to do.
pub(super) fn refuse(reading: &mut Reading<'_>, key: &str, value: &Value, accepts: &str) {
    if reading.model.of(reading.app, config_key::KIND).any(|known| *known.name == *key) {
        return;
    }
    reading.refused_key(key, value, accepts);
}

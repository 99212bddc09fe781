//! Questions about the bytes behind a secret.

use super::super::truth::Truth;
use crate::eval::Kind;
use crate::secrets::decoded_bytes;

/// Whether it is plain hex or base64 of fewer bytes.
pub(super) fn decodes_below(kind: &Kind, bound: f64) -> Truth {
    match kind {
        Kind::Text(text) => {
            text.test(|text| decoded_bytes(text.trim()).is_some_and(|bytes| (bytes as f64) < bound)).into()
        }
        Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) => Truth::Unknown,
        _ => Truth::False,
    }
}

//! Tokens that an app signs for services of others.

use crate::eval::{Kind, Value};

/// Whether a payload says who sends it and nothing of anybody who signed in.
pub(super) fn names_sender_alone(payload: &Value) -> Value {
    payload.each(&mut |payload| {
        let alone = match &payload.kind {
            Kind::Object { fields, open: None } => {
                let is_sender = |name: &str| matches!(name, "iss" | "aud" | "iat" | "jti" | "nbf");
                fields.iter().any(|(name, _)| &**name == "iss") && fields.iter().all(|(name, _)| is_sender(name))
            }
            _ => false,
        };
        Value::new(Kind::Bool(alone), &payload.trail)
    })
}

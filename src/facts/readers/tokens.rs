//! Tokens that an app signs for services of others.

use crate::eval::{How, Kind, Value};

/// Words by which a variable says that its key is one of a single sign-on at somebody else's: `HELPDESK_SSO_KEY`.
const AT_OTHERS: &[&str] = &["SSO"];

/// Whether a key comes from a variable by whose name another service gave it out.
pub(super) fn key_of_others(key: &Value) -> Value {
    let named = key.trail.walk(32).iter().any(|step| match &step.how {
        How::Reads { variable, .. } | How::Sets { variable } | How::NotSet { variable } => {
            variable.split('_').any(|word| AT_OTHERS.contains(&word))
        }
        _ => false,
    });
    Value::new(Kind::Bool(named), &key.trail)
}

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

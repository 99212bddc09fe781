//! The secret that Better Auth signs with: the options say it, else variables that the library reads by itself.

use crate::eval::{Kind, Value};
use crate::reading::bench::{Reading, SecretFacts};

pub(super) fn secret(reading: &mut Reading<'_>, options: &Value) {
    let place = reading.place_of(options);
    // Several that are told apart by a version: the first one signs.
    let listed = options.field("secrets");
    let first = listed.as_list().and_then(<[Value]>::first).map(|first| first.field("value"));
    let written = options.field("secret").or_default(&|absent| match (&first, &listed.kind) {
        (Some(first), _) => first.clone(),
        (None, Kind::Unknown(_)) => listed.clone(),
        _ => told_by_version(reading, absent),
    });
    let secret = written.or_default(&|_| {
        ["BETTER_AUTH_SECRET", "AUTH_SECRET"]
            .iter()
            .map(|name| reading.evaluator.variable(name, place))
            .find(|value| !value.is_absent())
            .unwrap_or_else(|| reading.evaluator.variable("BETTER_AUTH_SECRET", place))
    });
    let facts = SecretFacts { required: Some(true), ..SecretFacts::of("session") };
    reading.secret("betterAuth({ secret })", &secret, facts);
}

/// `BETTER_AUTH_SECRETS`, `2:new,1:old`, where something that can be read sets it.
fn told_by_version(reading: &Reading<'_>, absent: &Value) -> Value {
    let told = reading.evaluator.variable("BETTER_AUTH_SECRETS", reading.place_of(absent));
    match told.as_text() {
        Some(text) if !text.is_blank() => {
            let first = text.map(|text| {
                let first = text.split(',').next().unwrap_or(text);
                first.split_once(':').map_or(first, |(_, secret)| secret).trim().to_owned()
            });
            Value::new(Kind::Text(first), &told.trail)
        }
        _ => absent.clone(),
    }
}

//! Who gets in: the secrets of Lucent.

use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::settings::secret;
use crate::text::Text;

/// Random bytes that the production guide asks of every secret.
const RANDOM_BYTES: Option<f64> = Some(32.0);

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    secrets(reading, root);
}

/// A block of the configuration, or the configuration where it has no such block.
fn around(root: &Value, key: &str) -> Value {
    let block = root.field(key);
    if matches!(block.kind, Kind::Object { .. }) { block } else { root.clone() }
}

fn secrets(reading: &mut Reading<'_>, root: &Value) {
    let signing = SecretFacts { required: Some(true), min_random_bytes: RANDOM_BYTES, ..SecretFacts::of("signing") };
    let (key, value) = or_variable(reading, root, "auth.jwtSecret", "JWT_SECRET");
    reading.secret(key, &value, signing);
    if uses_sessions(reading, root) {
        let session = SecretFacts { purpose: "session", ..signing };
        let (key, value) = or_variable(reading, root, "auth.sessionSecret", "SESSION_SECRET");
        reading.secret(key, &value, session);
    }
    vault(reading, root);
    let issued = SecretFacts::of("api_key");
    for block in ["upload", "storage"] {
        for key in ["s3.accessKeyId", "s3.secretAccessKey", "googleDrive.privateKey"] {
            let key = format!("{block}.{key}");
            let value = root.path(&key);
            if !value.is_absent() {
                reading.secret(&key, &value, issued);
            }
        }
    }
}

/// A secret as the configuration has it; where it says nothing, Lucent takes the variable.
fn or_variable(
    reading: &Reading<'_>,
    root: &Value,
    key: &'static str,
    variable: &'static str,
) -> (&'static str, Value) {
    let written = root.path(key);
    let key = if written.is_absent() || root.is_unknown() { variable } else { key };
    let place = reading.place_of(&around(root, "auth"));
    let value = match written.kind {
        // A configuration that cannot be read leaves the variable all the same.
        Kind::Unknown(_) if root.is_unknown() => reading.evaluator.variable(variable, place),
        _ if written.is_absent() && reads_variable(&written) => written,
        _ => written.or_default(&|_| reading.evaluator.variable(variable, place)),
    };
    (key, value)
}

/// Whether an absent value is a variable that is not set, rather than an absent key.
fn reads_variable(value: &Value) -> bool {
    value.trail.walk(16).iter().any(|step| matches!(step.how, crate::eval::How::Reads { .. }))
}

/// Sessions are signed where the project names their secret, or the configuration speaks of them.
fn uses_sessions(reading: &Reading<'_>, root: &Value) -> bool {
    let strategy = |value: Value| {
        let texts: Vec<Value> = value.as_list().map_or_else(|| vec![value.clone()], <[Value]>::to_vec);
        texts.iter().any(|text| text.as_text().is_some_and(|text| text.is("session")))
    };
    let named = !crate::reading::uses::scripts_with(reading, &["SESSION_SECRET"]).is_empty();
    named
        || !reading.environment.declared("SESSION_SECRET").is_empty()
        || (!root.is_unknown() && !root.path("auth.sessionSecret").is_absent())
        || strategy(root.path("auth.strategy"))
        || strategy(root.path("auth.strategies"))
}

/// The key of the secrets vault: what it encrypted is lost with it.
fn vault(reading: &mut Reading<'_>, root: &Value) {
    let block = root.field("secrets");
    if !matches!(block.kind, Kind::Object { .. }) {
        return;
    }
    let key = block.field("masterKey");
    let from_environment = !key.is_absent() || reads_variable(&key);
    let value = key.or_default(&|absent| {
        if reads_variable(absent) {
            return absent.clone();
        }
        let variable = reading.evaluator.variable("LUCENT_SECRETS_KEY", reading.place_of(&block));
        if variable.as_text().is_some() { variable } else { Value::new(Kind::Absent, &block.trail) }
    });
    let on = block.field("enabled");
    let on = on.read(&|value| match value.kind {
        Kind::Bool(on) => Kind::Bool(on),
        _ => Kind::Unknown(crate::eval::Because::WrongType.into()),
    });
    // Without the switch the vault is off, and its key protects nothing.
    let on = on.or_default(&|_| Value::new(Kind::Bool(false), &block.trail));
    let facts = SecretFacts { min_random_bytes: RANDOM_BYTES, from_environment, ..SecretFacts::of("vault") };
    let resource =
        reading.secret_resource("secrets.masterKey", &value, facts).set(secret::required, on.clone()).only_if(on);
    reading.add(resource);
}

/// Whether a text is an address of this scheme.
pub(super) fn has_scheme(text: &Text, scheme: &str) -> bool {
    text.test(|text| text.split_once("://").is_some_and(|(own, _)| own.eq_ignore_ascii_case(scheme)))
}

//! Bknd's authentication: tokens, cookies, passwords, registration and the secrets behind them.

use crate::eval::{Because, Kind, Value};
use crate::frameworks::bknd::{app::App, tables};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::settings::{access_guard, auth, cookie, jwt, password_policy, registration, signing_key};
use crate::text::Text;

/// Calls that make a new random value at each start.
const GENERATORS: &[&str] = &[
    "secureRandomString",
    "randomString",
    "randomBytes",
    "randomUUID",
    "nanoid",
    "getRandomValues",
    "uuid",
    "v4",
    "createId",
];

pub(super) fn read(reading: &mut Reading<'_>, app: &App) {
    let root = &app.root;
    let resource = reading.table(auth::KIND, "auth", tables::AUTH, root).set_at(
        auth::enabled,
        app.auth_on.clone(),
        "config.auth.enabled",
    );
    reading.add(resource);
    let place = reading.place_of(root);
    let resource = reading
        .table(access_guard::KIND, "guard", tables::GUARD, root)
        .set(access_guard::scope, reading.word("app", place));
    reading.add(resource);
    tokens(reading, app);
    passwords(reading, app);
    secrets(reading, app);
}

fn tokens(reading: &mut Reading<'_>, app: &App) {
    let mut resource = reading.table(jwt::KIND, "token", tables::JWT, &app.root);
    let place =
        around(&app.root, &["config.auth.jwt", "config.auth"]).map_or(resource.place, |value| reading.place_of(&value));
    resource.place = place;
    let resource = resource.set(jwt::kind, reading.word("session", place)).only_if(app.auth_on.clone());
    reading.add(resource);
    let mut resource = reading
        .table(cookie::KIND, "auth", tables::COOKIE, &app.root)
        .set(cookie::purpose, reading.word("session", place));
    if let Some(value) = around(&app.root, &["config.auth.cookie"]) {
        resource.place = reading.place_of(&value);
    }
    reading.add(resource.only_if(app.auth_on.clone()));
}

/// The innermost of some objects that exists.
fn around(root: &Value, paths: &[&str]) -> Option<Value> {
    paths.iter().map(|path| root.path(path)).find(|value| matches!(value.kind, Kind::Object { .. }))
}

fn passwords(reading: &mut Reading<'_>, app: &App) {
    let hashing = tables::PASSWORDS[0].read(&app.root, &reading.facts);
    if hashing.as_text().is_some_and(|text| text.is("bcrypt")) {
        reading.facts.marks.push(tables::BCRYPT);
    }
    let resource =
        reading.table(password_policy::KIND, "password", tables::PASSWORDS, &app.root).only_if(app.auth_on.clone());
    reading.add(resource);
    let mut resource =
        reading.table(registration::KIND, "register", tables::REGISTRATION, &app.root).only_if(app.auth_on.clone());
    let role = app.root.path("config.auth.default_role_register");
    let (implicit, admin) = crate::frameworks::bknd::roles::handed_out(&app.root, &role);
    resource = resource
        .set_at(registration::role_implicit_allow, implicit, "config.auth.default_role_register")
        .set(registration::role_is_admin_like, admin);
    reading.add(resource);
}

fn secrets(reading: &mut Reading<'_>, app: &App) {
    let root = &app.root;
    let key = "config.auth.jwt.secret";
    let written = reading.facts.read_at(root, key);
    let absent_at = around(root, &["config.auth.jwt", "config.auth"]).unwrap_or_else(|| root.clone());
    // A record of secrets that is read from the environment fills in empty ones when the app starts.
    let supplied =
        [root.path("options.manager.secrets"), root.field("secrets")].iter().any(|record| !record.is_absent());
    let value = written.each(&mut |value| {
        let empty = value.is_absent() || value.as_text().is_some_and(Text::is_blank);
        match (empty, supplied) {
            (true, true) => Value::unknown(Because::Variable("auth.jwt.secret".into()), &absent_at.trail),
            (true, false) if value.is_absent() => {
                Value::new(Kind::Absent, if written_trail(value, root) { &value.trail } else { &absent_at.trail })
            }
            _ => value.clone(),
        }
    });
    let source = value.each(&mut |value| {
        let word = match &value.kind {
            Kind::Call(call) => match call.external().map(|(_, path)| path.rsplit('.').next().unwrap_or(path)) {
                Some(name) if GENERATORS.contains(&name) => "generated",
                _ => return value.clone(),
            },
            // A method of what was made: `randomBytes(64).toString("hex")`.
            Kind::Unknown(unknown) if is_generated(&unknown.because) => "generated",
            _ => "configured",
        };
        Value::new(Kind::Text(Text::new(word)), &value.trail)
    });
    let source_word = source.clone();
    let place = reading.place_of(&value);
    let resource = reading
        .resource(signing_key::KIND, "token", place)
        .set_at(signing_key::source, source, key)
        .set(signing_key::needed, app.auth_on.clone())
        .set(signing_key::persisted, negated(&app.mode.code));
    reading.add(resource);
    // A text that is written empty is what the app signs with: no variable of the host takes its place.
    let blank = value.as_text().is_some_and(Text::is_blank) && reading.variable_of(&value).is_none();
    let left_out = blank || value.is_absent() && !written_trail(&value, root);
    let facts = SecretFacts { required: Some(true), from_environment: !left_out, ..SecretFacts::of("signing") };
    let present = configured(&app.auth_on, &source_word);
    reading.secret_if(key, &value, facts, present);
    providers(reading, root);
}

fn is_generated(because: &Because) -> bool {
    let Because::Call(name) = because else { return false };
    let name = name.trim_end_matches("()");
    GENERATORS.contains(&name.rsplit('.').next().unwrap_or(name))
}

/// Whether there is a written secret to judge: authentication is on and the key is not made anew at each start.
fn configured(auth_on: &Value, source: &Value) -> Value {
    let written = source.read(&|source| match source.as_text() {
        Some(text) => Kind::Bool(!text.is("generated")),
        None => Kind::Bool(true),
    });
    auth_on.join(&written, &|auth, written| match (auth, written) {
        (Kind::Bool(false), _) | (_, Kind::Bool(false)) => Kind::Bool(false),
        (auth, Kind::Bool(true) | Kind::Unknown(_)) => auth.clone(),
        (_, other) => other.clone(),
    })
}

/// Whether an absent value came from a variable that is not set, rather than from an absent key.
fn written_trail(value: &Value, root: &Value) -> bool {
    value.trail.primary() != root.trail.primary()
        && value.trail.walk(16).iter().any(|step| matches!(step.how, crate::eval::How::Reads { .. }))
}

fn negated(value: &Value) -> Value {
    value.read(&|value| match value.kind {
        Kind::Bool(value) => Kind::Bool(!value),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

fn is_object(value: &Value) -> bool {
    matches!(value.kind, Kind::Object { .. })
}

/// Keys that a provider issues: storage, sign-in providers, mail drivers.
fn providers(reading: &mut Reading<'_>, root: &Value) {
    let facts = SecretFacts::of("api_key");
    for key in [
        "access_key",
        "secret_access_key",
        "accessKeyId",
        "secretAccessKey",
        "api_key",
        "api_secret",
        "apiKey",
        "apiSecret",
    ] {
        let path = format!("config.media.adapter.config.{key}");
        let value = root.path(&path);
        if is_object(&root.path("config.media.adapter")) && !value.is_absent() {
            reading.secret(&path, &value, facts);
        }
    }
    for (name, strategy) in root.path("config.auth.strategies").fields() {
        let value = strategy.path("config.client.client_secret");
        if !value.is_absent() {
            reading.secret(&format!("config.auth.strategies.{name}.config.client.client_secret"), &value, facts);
        }
    }
    let driver = root.path("options.drivers.email");
    if let Some(call) = driver.as_call() {
        let value = call.argument(0, &driver.trail).field("apiKey");
        if !value.is_absent() {
            reading.secret("options.drivers.email.apiKey", &value, facts);
        }
    }
}

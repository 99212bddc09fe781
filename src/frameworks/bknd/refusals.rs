//! What Bknd refuses to start with: its schemas are strict about types, ranges and, in some blocks, keys.

use super::refused::refuse;
use super::strategies;
use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::reading::taken::{self, Taken};
use crate::text::Text;

/// What a key takes.
enum Takes {
    /// A number in a range.
    Number(f64, f64),
    /// One text.
    Text,
    /// One of some texts, in this very spelling.
    Word(&'static [&'static str]),
}

/// Keys with a type and a range (run with 0.20.0 and 0.21.0-rc.1; `auth/auth-schema.ts`, `auth/authenticate/Authenticator.ts`,
/// `auth/authenticate/strategies/PasswordStrategy.ts`, `media/media-schema.ts`, `modules/server/AppServer.ts`).
const VALUES: &[(&str, Takes, &str)] = &[
    ("config.auth.jwt.alg", Takes::Word(&["HS256", "HS384", "HS512"]), "\"HS256\", \"HS384\" or \"HS512\""),
    ("config.auth.jwt.expires", Takes::Number(f64::MIN, f64::MAX), "a number of seconds, such as 604800"),
    ("config.auth.cookie.expires", Takes::Number(f64::MIN, f64::MAX), "a number of seconds, such as 604800"),
    ("config.auth.cookie.sameSite", Takes::Word(&["strict", "lax", "none"]), "\"strict\", \"lax\" or \"none\""),
    (
        "config.auth.strategies.password.config.hashing",
        Takes::Word(&["plain", "sha256", "bcrypt"]),
        "\"plain\", \"sha256\" or \"bcrypt\"",
    ),
    ("config.auth.strategies.password.config.rounds", Takes::Number(1.0, 10.0), "a number from 1 to 10"),
    ("config.auth.strategies.password.config.minLength", Takes::Number(1.0, f64::MAX), "a number from 1 on"),
    ("config.server.cors.origin", Takes::Text, "one text, in which commas separate several origins"),
    ("config.media.storage.body_max_size", Takes::Number(f64::MIN, f64::MAX), "a number of bytes"),
];

/// Blocks that take no other keys, by the same sources.
const CLOSED: &[Taken] = &[
    ("config.auth.jwt", &["secret", "alg", "expires", "issuer", "fields"]),
    (
        "config.auth.cookie",
        &[
            "domain",
            "path",
            "sameSite",
            "secure",
            "httpOnly",
            "expires",
            "partitioned",
            "renew",
            "pathSuccess",
            "pathLoggedOut",
        ],
    ),
    ("config.auth.strategies.password", &["type", "enabled", "config"]),
    ("config.auth.strategies.password.config", &["hashing", "rounds", "minLength"]),
    ("config.media", &["enabled", "basepath", "entity_name", "storage", "adapter"]),
    ("config.media.storage", &["body_max_size"]),
];

/// Blocks that take others and pass them over (run with 0.20.0 and 0.21.0-rc.1; `auth/auth-schema.ts`,
/// `modules/server/AppServer.ts`, `App.ts`).
const OPEN: &[Taken] = &[
    ("config", &["version", "server", "data", "auth", "media", "flows"]),
    (
        "config.auth",
        &[
            "enabled",
            "basepath",
            "entity_name",
            "allow_register",
            "default_role_register",
            "jwt",
            "cookie",
            "strategies",
            "guard",
            "roles",
        ],
    ),
    ("config.auth.guard", &["enabled"]),
    ("config.server", &["cors", "mcp"]),
    ("config.server.cors", &["origin", "allow_methods", "allow_headers", "allow_credentials"]),
    ("config.server.mcp", &["enabled", "path", "logLevel"]),
    ("options", &["plugins", "seed", "manager", "asyncEventsMode", "drivers", "mode", "readonly"]),
];

/// The address of a bucket: <https://github.com/bknd-io/bknd>, `media/storage/adapters/s3/StorageS3Adapter.ts`.
const BUCKET_URL: &str = "^https?://(?:.*)?[^/.]+$";

/// What the adapters of media must be given (`media/storage/adapters`).
const ADAPTERS: &[(&str, &[&str], &str)] = &[
    ("s3", &["access_key", "secret_access_key", "url"], "access_key, secret_access_key and url, the bucket's address"),
    ("cloudinary", &["cloud_name", "api_key", "api_secret"], "cloud_name, api_key and api_secret"),
];

pub(super) fn read(reading: &mut Reading<'_>, root: &Value) {
    for (path, takes, accepts) in VALUES {
        let Some(written) = root.written_at(path) else { continue };
        if refuses(&written, takes) {
            refuse(reading, path, &written, accepts);
        }
    }
    for (block, keys) in CLOSED {
        for (key, value) in taken::beside(root, block, &[keys]) {
            refuse(reading, &key, &value, &one_of(keys));
        }
    }
    // What the app's own object has besides goes to the server of its adapter.
    for (key, value) in taken::beside(root, "", &[]) {
        if taken::is_a_protection(&key) {
            reading.dropped_key(&key, &value, None);
        }
    }
    if reading.facts.at_least(0, 18) == Some(true) {
        reading.passed_over(root, OPEN, &str::to_owned);
    }
    adapter(reading, root);
    strategies::read(reading, root);
    roles(reading, root);
}

/// Whether a value is certainly of a type or range that is not taken, in some world.
fn refuses(value: &Value, takes: &Takes) -> bool {
    match (&value.kind, takes) {
        (Kind::Choice(_, arms), _) => arms.iter().any(|arm| refuses(arm, takes)),
        (Kind::Absent | Kind::Unknown(_) | Kind::Call(_) | Kind::External { .. }, _) => false,
        (Kind::Number(number), Takes::Number(least, most)) => !(*least..=*most).contains(number),
        (Kind::Text(_), Takes::Text) => false,
        (Kind::Text(text), Takes::Word(words)) => !words.iter().any(|word| text.is(word)),
        _ => true,
    }
}

fn one_of(keys: &[&str]) -> String {
    match keys.split_last() {
        Some((last, [])) => format!("{last} alone"),
        Some((last, before)) => format!("{} and {last} alone", before.join(", ")),
        None => "nothing".into(),
    }
}

/// The credentials of a media adapter under other names: the shape of the adapter does not match.
fn adapter(reading: &mut Reading<'_>, root: &Value) {
    let adapter = root.path("config.media.adapter");
    let config = adapter.field("config");
    let Kind::Object { open: None, .. } = &config.kind else { return };
    let kind = adapter.field("type");
    let found = ADAPTERS.iter().find(|(name, ..)| kind.as_text().is_some_and(|kind| kind.is(name)));
    let Some((_, needed, accepts)) = found else { return };
    // A record of secrets fills in what an exported configuration leaves out.
    if ["options.manager.secrets", "secrets"].iter().any(|path| !root.path(path).is_absent()) {
        return;
    }
    if needed.iter().any(|key| config.written_at(key).is_none()) {
        return refuse(reading, "config.media.adapter.config", &config, accepts);
    }
    let url = config.field("url");
    if kind.as_text().is_some_and(|kind| kind.is("s3")) && is_no_bucket(&url) {
        let accepts =
            "an http or https address without a slash at its end, such as https://BUCKET.s3.REGION.amazonaws.com";
        refuse(reading, "config.media.adapter.config.url", &url, accepts);
    }
}

/// Whether a text is certainly no address of a bucket, in some world.
fn is_no_bucket(url: &Value) -> bool {
    match &url.kind {
        Kind::Choice(_, arms) => arms.iter().any(is_no_bucket),
        Kind::Text(text) => {
            regex::Regex::new(BUCKET_URL).is_ok_and(|address| !text.test(|text| address.is_match(text)))
        }
        _ => false,
    }
}

/// Permissions in a shape that no role takes (`auth/authorize/Role.ts`).
fn roles(reading: &mut Reading<'_>, root: &Value) {
    for (name, role) in root.path("config.auth.roles").fields() {
        let key = format!("config.auth.roles.{name}.permissions");
        let permissions = role.field("permissions");
        let items = permissions.as_list().unwrap_or_default();
        let is_text = |item: &&Value| matches!(item.kind, Kind::Text(_));
        let is_object = |item: &&Value| matches!(item.kind, Kind::Object { .. });
        if items.iter().any(|item| is_text(&item)) && items.iter().any(|item| is_object(&item)) {
            refuse(reading, &key, &permissions, "either names alone or objects alone");
        }
        for item in items.iter().filter(is_object) {
            entry(reading, &key, item);
        }
    }
}

fn entry(reading: &mut Reading<'_>, key: &str, item: &Value) {
    let effect = item.field("effect");
    let is_filter = |text: &Text| !text.is("allow") && !text.is("deny");
    for (name, value) in item.fields() {
        if matches!(&**name, "condition" | "filter") && !value.is_absent() {
            refuse(reading, &format!("{key}.{name}"), value, &format!("{name} in one of the permission's policies"));
        }
    }
    if effect.as_text().is_some_and(is_filter) {
        let accepts = "\"allow\" or \"deny\"; \"filter\" is an effect of the permission's policies";
        refuse(reading, &format!("{key}.effect"), &effect, accepts);
    }
}

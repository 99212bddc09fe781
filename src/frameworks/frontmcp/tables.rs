//! FrontMCP's keys, defaults and versions, as of SDK 1.5.6 (defaults: the framework's option schemas, named in each row).

use crate::eval::{Because, Kind, Value};
use crate::frameworks::frontmcp::dialect::at_least;
use crate::reading::table::{Asking, Facts, Plain, Preset, Reader, Row, at, ignored, unread_trail};
use crate::settings::{
    anonymous_access, cors, endpoint, jwt, logging, mcp_server, oauth, rate_limit, refresh_token, session, signing_key,
    token_store, token_verifier,
};
use crate::text::Text;

/// The mark of a server on a host where CORS is off unless it is written: a Worker, a fetch handler.
pub(super) const WORKER: &str = "worker";

const AUTH: &str = "libs/auth/src/options";
const SERVER: &str = "libs/sdk/src/common/types/options";

/// What callers without a login may do, where a login is otherwise demanded.
pub(super) static ANONYMOUS: &[Row] = &[Row {
    setting: anonymous_access::level,
    places: &[at("auth.allowAnonymous")],
    reader: Reader::Own(anonymous_level),
    default: Preset::Default(Plain::Text("none")),
    reference: AUTH,
}];

/// The same switch of servers that issue tokens themselves.
pub(super) static DEFAULT_PUBLIC: &[Row] = &[Row {
    setting: anonymous_access::level,
    places: &[at("auth.allowDefaultPublic")],
    reader: Reader::Own(anonymous_level),
    default: Preset::Default(Plain::Text("none")),
    reference: AUTH,
}];

fn anonymous_level(value: &Value) -> Value {
    value.read(&|value| match value.kind {
        Kind::Bool(true) => Kind::Text(Text::new("operate")),
        Kind::Bool(false) => Kind::Text(Text::new("none")),
        _ => Kind::Unknown(Because::WrongType.into()),
    })
}

/// Where tokens are kept: a word, or an object that names the store. Read from 1.4 on; before, everything stays in memory.
pub(super) static TOKENS: &[Row] = &[Row {
    setting: token_store::kind,
    places: &[at("auth.tokenStorage")],
    reader: Reader::Asking(token_store_kind),
    default: Preset::Default(Plain::Text("memory")),
    reference: AUTH,
}];

/// Up to 1.3 the key is taken and everything stays in memory.
fn token_store_kind(asking: &Asking<'_>, value: &Value) -> Value {
    if asking.facts.at_least(1, 4) != Some(false) {
        return store_kind(value);
    }
    store_kind(value).each(&mut |kind| match &kind.kind {
        Kind::Absent => kind.clone(),
        Kind::Text(text) if text.is("memory") => kind.clone(),
        _ => Value::new(Kind::Text(Text::new("memory")), &unread_trail(value, None)),
    })
}

/// The word for a store, in each of its spellings.
pub(super) fn store_kind(value: &Value) -> Value {
    let word = |word: &str, at: &Value| Value::new(Kind::Text(Text::new(word)), &at.trail);
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => match text.one_of(&["memory", "redis", "sqlite", "vercel-kv"]) {
            Some("memory") => word("memory", value),
            Some("sqlite") => word("local_file", value),
            Some(_) => word("shared", value),
            None => Value::unknown(Because::Undecided, &value.trail),
        },
        Kind::Object { .. } => {
            if !value.field("redis").is_absent() {
                return word("shared", value);
            }
            if !value.field("sqlite").is_absent() {
                return word("local_file", value);
            }
            let kind = value.field("type").or_default(&|_| value.field("provider"));
            match &kind.kind {
                Kind::Text(_) | Kind::Choice(..) => store_kind(&kind),
                Kind::Unknown(_) => kind,
                _ => Value::unknown(Because::Undecided, &value.trail),
            }
        }
        Kind::Absent | Kind::Unknown(_) => value.clone(),
        _ => Value::unknown(Because::Undecided, &value.trail),
    })
}

/// The authorization server of `local` and `remote` mode.
pub(super) static OAUTH: &[Row] = &[
    Row {
        setting: oauth::pkce,
        places: &[],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Text("s256")),
        reference: "libs/sdk/src/auth/flows",
    },
    Row {
        setting: oauth::compliant_by_design,
        places: &[],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Bool(true)),
        reference: "libs/sdk/src/auth/flows",
    },
    Row {
        setting: oauth::consent,
        places: &[at("auth.consent.enabled"), ignored("consent.enabled")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Bool(false)),
        reference: AUTH,
    },
    Row {
        setting: oauth::unregistered_clients,
        places: &[at("auth.requireRegisteredClients").since(1, 5)],
        reader: Reader::Own(crate::frameworks::frontmcp::words::negated),
        default: Preset::Depends(unregistered),
        reference: AUTH,
    },
    Row {
        setting: oauth::redirect_allow_list,
        places: &[at("auth.dcr.allowedRedirectUris").since(1, 4)],
        reader: Reader::AsIs,
        default: Preset::Absent,
        reference: AUTH,
    },
    Row {
        setting: oauth::dynamic_registration,
        places: &[at("auth.dcr.enabled").since(1, 4)],
        reader: Reader::AsIs,
        default: Preset::Depends(registration),
        reference: AUTH,
    },
    Row {
        setting: oauth::state_validation,
        places: &[at("auth.federatedAuth.stateValidation")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Text("strict")),
        reference: AUTH,
    },
];

/// Clients can register themselves from 1.4 on: in production only where it is switched on.
fn registration(facts: &Facts) -> Preset {
    match facts.at_least(1, 4) {
        Some(false) => Preset::NotHere,
        _ => Preset::Default(Plain::Bool(false)),
    }
}

/// Registered clients can be demanded from 1.5.4 on.
fn unregistered(facts: &Facts) -> Preset {
    match at_least(facts, 1, 5, 4) {
        Some(false) => Preset::NotHere,
        _ => Preset::Default(Plain::Bool(true)),
    }
}

/// Scopes that everyone gets, and scopes that are demanded.
pub(super) static SCOPES: &[Row] = &[Row {
    setting: oauth::default_scopes,
    places: &[at("auth.anonymousScopes")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Texts(&["anonymous"])),
    reference: AUTH,
}];

/// Scopes that a token of another issuer must have.
pub(super) static REQUIRED_SCOPES: &[Row] = &[Row {
    setting: oauth::required_scopes,
    places: &[at("auth.requiredScopes")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Texts(&[])),
    reference: AUTH,
}];

/// Registration of this server at its identity provider; from 1.0 on the schema takes the switch and no code reads it.
pub(super) static UPSTREAM: &[Row] = &[Row {
    setting: oauth::dynamic_registration,
    places: &[
        ignored("auth.providerConfig.dcrEnabled"),
        at("auth.remote.dcrEnabled").until(1, 0),
        at("auth.dcrEnabled").until(0, 5),
    ],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Bool(false)),
    reference: AUTH,
}];

/// Scopes that the server asks for at its identity provider.
pub(super) static REQUESTED_SCOPES: &[Row] = &[Row {
    setting: oauth::requested_scopes,
    places: &[at("auth.scopes").since(1, 0), at("auth.remote.scopes").until(1, 0)],
    reader: Reader::AsIs,
    default: Preset::Absent,
    reference: AUTH,
}];

/// The check of tokens of another issuer.
pub(super) static VERIFIER: &[Row] = &[
    Row {
        setting: token_verifier::audience,
        places: &[at("auth.expectedAudience")],
        reader: Reader::Own(one_or_many),
        default: Preset::Absent,
        reference: AUTH,
    },
    Row {
        setting: token_verifier::audience_enforced,
        places: &[at("auth.requireAudience").since(1, 5)],
        reader: Reader::AsIs,
        default: Preset::Depends(audience_enforced),
        reference: AUTH,
    },
];

/// The check of the issuer, of `transparent` and `remote` mode.
pub(super) static ISSUER: &[Row] = &[Row {
    setting: token_verifier::issuer_enforced,
    places: &[at("auth.providerConfig.verifyIssuer").since(1, 0), at("auth.remote.verifyIssuer").until(1, 0)],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Bool(true)),
    reference: AUTH,
}];

/// A token without an audience can be refused from 1.5.4 on.
fn audience_enforced(facts: &Facts) -> Preset {
    match at_least(facts, 1, 5, 4) {
        Some(true) => Preset::Default(Plain::Bool(false)),
        Some(false) => Preset::NotHere,
        None => Preset::Absent,
    }
}

/// One text is a list of one.
fn one_or_many(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) if text.is_blank() => Value::new(Kind::Absent, &value.trail),
        Kind::Text(_) => Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail),
        // What is certainly there is certainly a list of one.
        Kind::Unknown(unknown) if unknown.present => {
            Value::new(Kind::List { items: [value.clone()].into(), open: None }, &value.trail)
        }
        _ => value.clone(),
    })
}

/// Refresh tokens; their rotation is built in, and the switch of the guide is read by no version.
pub(super) static REFRESH: &[Row] = &[
    Row {
        setting: refresh_token::rotated,
        places: &[ignored("auth.refresh.rotateRefreshToken"), ignored("auth.refresh.rotate")],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Bool(true)),
        reference: "libs/sdk/src/auth/flows",
    },
    Row {
        setting: refresh_token::enabled,
        places: &[at("auth.refresh.enabled")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Bool(true)),
        reference: AUTH,
    },
];

/// The lifetime of access tokens is fixed to an hour, and no version reads the guide's key.
pub(super) static ACCESS_TOKEN: &[Row] = &[Row {
    setting: jwt::lifetime,
    places: &[
        ignored("auth.refresh.accessTokenTtl"),
        ignored("auth.accessTokenTtl"),
        ignored("auth.local.accessTokenTtl"),
    ],
    reader: Reader::Seconds,
    default: Preset::Absent,
    reference: "libs/sdk/src/auth/instances/instance.local-primary-auth.ts",
}];

/// The lifetime of refresh tokens is fixed to 30 days.
pub(super) static REFRESH_TOKEN: &[Row] = &[Row {
    setting: jwt::lifetime,
    places: &[
        ignored("auth.refresh.refreshTokenTtl"),
        ignored("auth.refreshTokenTtl"),
        ignored("auth.local.refreshTokenTtl"),
    ],
    reader: Reader::Seconds,
    default: Preset::Absent,
    reference: "libs/sdk/src/auth/instances/instance.local-primary-auth.ts",
}];

/// The lifetime of a session without a login.
pub(super) static ANONYMOUS_TOKEN: &[Row] = &[Row {
    setting: jwt::lifetime,
    places: &[at("auth.sessionTtl")],
    reader: Reader::Seconds,
    default: Preset::Default(Plain::Number(3_600.0)),
    reference: AUTH,
}];

/// The rotation of the guide; no version reads it.
pub(super) static ROTATION: &[Row] = &[Row {
    setting: signing_key::rotation_period,
    places: &[
        ignored("auth.local.keyRotationDays"),
        ignored("auth.keyRotationDays"),
        ignored("auth.local.keyRotation.days"),
    ],
    reader: Reader::Own(days),
    default: Preset::Absent,
    reference: "libs/sdk/src/auth/instances/instance.local-primary-auth.ts",
}];

fn days(value: &Value) -> Value {
    value.read(&|value| match value.kind {
        Kind::Number(days) => Kind::Number(days * 86_400.0),
        _ => Kind::Unknown(Because::WrongType.into()),
    })
}

/// How sessions are kept, as the guide writes it; no runtime code reads it from 1.0 on.
pub(super) static SESSION: &[Row] = &[Row {
    setting: session::stateless,
    places: &[at("transport.sessionMode").until(1, 0), at("auth.sessionMode").until(0, 7)],
    reader: Reader::Own(stateless),
    default: Preset::Absent,
    reference: SERVER,
}];

fn stateless(value: &Value) -> Value {
    value.read(&|value| match value.as_text() {
        Some(text) => Kind::Bool(text.is("stateless")),
        None => Kind::Unknown(Because::WrongType.into()),
    })
}

/// Cross-origin calls.
pub(super) static CORS: &[Row] = &[
    Row {
        setting: cors::origins,
        places: &[at("http.cors").since(0, 9)],
        reader: Reader::Own(origins),
        default: Preset::Depends(default_origins),
        reference: "libs/sdk/src/server/adapters/express.host.adapter.ts",
    },
    Row {
        setting: cors::credentials,
        places: &[at("http.cors.credentials").since(0, 9)],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Bool(false)),
        reference: "libs/sdk/src/server/adapters/express.host.adapter.ts",
    },
];

fn default_origins(facts: &Facts) -> Preset {
    let version = facts.version.as_ref().map(|version| (version.major, version.minor));
    match version {
        Some((0, 0..=8)) => Preset::Fixed(Plain::Texts(&["*"])),
        Some((0, 9 | 10)) => Preset::Undocumented,
        _ if facts.has(WORKER) => Preset::Default(Plain::Texts(&[])),
        _ => Preset::Default(Plain::Texts(&["*"])),
    }
}

/// `false` switches CORS off; an object without `origin` installs none.
fn origins(value: &Value) -> Value {
    let none = |at: &Value| Value::new(Kind::List { items: [].into(), open: None }, &at.trail);
    value.each(&mut |value| match &value.kind {
        Kind::Bool(false) | Kind::Null => none(value),
        Kind::Bool(true) => value.clone(),
        Kind::Object { .. } => value.field("origin").each(&mut |origin| match &origin.kind {
            Kind::Absent | Kind::Bool(false) | Kind::Null => none(value),
            Kind::Text(_) => Value::new(Kind::List { items: [origin.clone()].into(), open: None }, &origin.trail),
            Kind::Function(_) => Value::unknown(Because::Undecided, &origin.trail),
            _ => origin.clone(),
        }),
        _ => value.clone(),
    })
}

/// The guard that limits requests, from 1.0 on.
pub(super) static THROTTLE: &[Row] = &[
    Row {
        setting: rate_limit::installed,
        places: &[at("throttle").since(1, 0)],
        reader: Reader::Own(throttled),
        default: Preset::Default(Plain::Bool(false)),
        reference: "libs/guard/src/schemas/schemas.ts",
    },
    Row {
        setting: rate_limit::store,
        places: &[at("throttle.storage").since(1, 0)],
        reader: Reader::Own(store_kind_of_counters),
        default: Preset::Default(Plain::Text("memory")),
        reference: "libs/guard/src/schemas/schemas.ts",
    },
];

fn throttled(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Object { .. } => value.field("enabled").or_default(&|_| Value::new(Kind::Bool(true), &value.trail)),
        Kind::Null => Value::new(Kind::Bool(false), &value.trail),
        _ => value.clone(),
    })
}

fn store_kind_of_counters(value: &Value) -> Value {
    store_kind(value).read(&|value| match value.as_text() {
        Some(text) if text.is("memory") || text.is("shared") => value.kind.clone(),
        _ => Kind::Unknown(Because::Undecided.into()),
    })
}

/// The log.
pub(super) static LOGGING: &[Row] = &[Row {
    setting: logging::level,
    places: &[at("logging.level")],
    reader: Reader::Own(level),
    default: Preset::Default(Plain::Text("info")),
    reference: "libs/sdk/src/common/types/options/logging/schema.ts",
}];

const LEVELS: &[(&str, f64, &str)] = &[
    ("debug", 0.0, "debug"),
    ("verbose", 1.0, "verbose"),
    ("info", 2.0, "info"),
    ("warn", 3.0, "warn"),
    ("error", 4.0, "error"),
    ("off", 100.0, "silent"),
];

/// `LogLevel.Info`, `LogLevel.VERBOSE` of old, a number, or a text.
fn level(value: &Value) -> Value {
    value.each(&mut |value| {
        let found = match &value.kind {
            Kind::External { path, .. } => {
                let name = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
                let found = LEVELS.iter().find(|(word, ..)| *word == name);
                // A user would edit the use of the enum, not its import.
                let kind = match found {
                    Some((_, _, word)) => Kind::Text(Text::new(*word)),
                    None => Kind::Unknown(Because::Undecided.into()),
                };
                return Value::written(kind, value.trail.place);
            }
            Kind::Number(number) => LEVELS.iter().find(|(_, own, _)| own == number),
            Kind::Text(text) => {
                LEVELS.iter().find(|(word, ..)| text.test(|text| text.trim().eq_ignore_ascii_case(word)))
            }
            Kind::Absent | Kind::Unknown(_) => return value.clone(),
            _ => None,
        };
        let kind = match found {
            Some((_, _, word)) => Kind::Text(Text::new(*word)),
            None => Kind::Unknown(Because::Undecided.into()),
        };
        Value::new(kind, &value.trail)
    })
}

/// The interface that the server binds.
pub(super) static LISTENER: &[Row] = &[Row {
    setting: endpoint::bind_address,
    places: &[at("http.security.bindAddress").since(1, 1)],
    reader: Reader::Words(&[("loopback", "127.0.0.1"), ("all", "0.0.0.0")]),
    default: Preset::Depends(bind_address),
    reference: "libs/sdk/src/common/types/options/http/schema.ts",
}];

/// The mark of `http.security.strict`, which binds the loopback interface.
pub(super) const STRICT: &str = "strict";

fn bind_address(facts: &Facts) -> Preset {
    Preset::Default(Plain::Text(if facts.has(STRICT) { "127.0.0.1" } else { "0.0.0.0" }))
}

/// Whether the server looks at Host and Origin.
pub(super) static HOST_CHECK: &[Row] = &[Row {
    setting: mcp_server::host_check,
    places: &[at("http.security.dnsRebindingProtection.enabled").since(1, 1)],
    reader: Reader::Truthy,
    default: Preset::Depends(host_check),
    reference: "libs/sdk/src/common/types/options/http/schema.ts",
}];

fn host_check(facts: &Facts) -> Preset {
    Preset::Default(Plain::Bool(facts.has(STRICT)))
}

/// Keys that the guide or the schema writes and no version reads, with what works instead.
pub(super) static DEAD_KEYS: &[(&str, Option<&str>)] = &[
    ("auth.local.signKey", Some("JWT_SECRET")),
    ("auth.local.jwks", Some("JWT_SECRET")),
    ("auth.signKey", Some("JWT_SECRET")),
    ("auth.jwks", Some("JWT_SECRET")),
    ("auth.local.maxKeys", None),
    ("auth.maxKeys", None),
    ("auth.publicAccess.rateLimit", Some("throttle")),
    ("logging.redact", Some("observability.logging.redactFields")),
    ("logging.redactFields", Some("observability.logging.redactFields")),
];

//! Bknd's keys, defaults and versions, as of 0.21.0-rc.1 (defaults: the framework's schema files, named in each row).

use crate::eval::{Kind, Value};
use crate::reading::table::{Effect, Facts, Plain, Preset, Reader, Row, at, ignored, refused};
use crate::settings::{access_guard, auth, cookie, cors, jwt, mcp_server, password_policy, registration};
use crate::text::Text;

/// Marks that the adapter sets for defaults that depend on them.
pub(super) const BCRYPT: &str = "bcrypt";

/// The keys of authentication as a whole.
pub(super) static AUTH: &[Row] = &[Row {
    setting: auth::enabled,
    places: &[at("config.auth.enabled")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Bool(false)),
    reference: "auth/auth-schema.ts",
}];

/// The permission layer.
pub(super) static GUARD: &[Row] = &[Row {
    setting: access_guard::enabled,
    places: &[at("config.auth.guard.enabled")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Bool(false)),
    reference: "auth/auth-schema.ts",
}];

/// Tokens.
pub(super) static JWT: &[Row] = &[
    Row {
        setting: jwt::algorithm,
        places: &[at("config.auth.jwt.alg")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Text("HS256")),
        reference: "auth/authenticate/Authenticator.ts",
    },
    Row {
        setting: jwt::lifetime,
        places: &[at("config.auth.jwt.expires")],
        reader: Reader::Seconds,
        default: Preset::Absent,
        reference: "auth/authenticate/Authenticator.ts",
    },
];

/// The cookie that carries the token.
pub(super) static COOKIE: &[Row] = &[
    Row {
        setting: cookie::secure,
        places: &[at("config.auth.cookie.secure")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Bool(true)),
        reference: "auth/authenticate/Authenticator.ts",
    },
    Row {
        setting: cookie::http_only,
        places: &[at("config.auth.cookie.httpOnly")],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Bool(true)),
        reference: "auth/authenticate/Authenticator.ts",
    },
    Row {
        setting: cookie::same_site,
        places: &[at("config.auth.cookie.sameSite")],
        reader: Reader::Words(&[("strict", "strict"), ("lax", "lax"), ("none", "none")]),
        default: Preset::Default(Plain::Text("lax")),
        reference: "auth/authenticate/Authenticator.ts",
    },
    Row {
        setting: cookie::max_age,
        places: &[at("config.auth.cookie.expires")],
        reader: Reader::Seconds,
        default: Preset::Default(Plain::Number(604_800.0)),
        reference: "auth/authenticate/Authenticator.ts",
    },
];

/// Password rules; the guide writes them beside the strategy instead of in its `config`.
pub(super) static PASSWORDS: &[Row] = &[
    Row {
        setting: password_policy::hashing,
        places: &[
            at("config.auth.strategies.password.config.hashing"),
            refused("config.auth.strategies.password.hashing"),
        ],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Text("sha256")),
        reference: "auth/authenticate/strategies/PasswordStrategy.ts",
    },
    Row {
        setting: password_policy::hash_cost,
        places: &[
            at("config.auth.strategies.password.config.rounds"),
            refused("config.auth.strategies.password.rounds"),
        ],
        reader: Reader::AsIs,
        default: Preset::Depends(default_rounds),
        reference: "auth/authenticate/strategies/PasswordStrategy.ts",
    },
    Row {
        setting: password_policy::min_length,
        places: &[
            at("config.auth.strategies.password.config.minLength").since(0, 20),
            refused("config.auth.strategies.password.minLength"),
        ],
        reader: Reader::AsIs,
        default: Preset::Default(Plain::Number(8.0)),
        reference: "auth/authenticate/strategies/PasswordStrategy.ts",
    },
];

/// bcrypt without `rounds` takes 4; the other algorithms have none.
fn default_rounds(facts: &Facts) -> Preset {
    if facts.has(BCRYPT) { Preset::Default(Plain::Number(4.0)) } else { Preset::NotHere }
}

/// Self-registration.
pub(super) static REGISTRATION: &[Row] = &[Row {
    setting: registration::open,
    places: &[at("config.auth.allow_register")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Bool(true)),
    reference: "auth/auth-schema.ts",
}];

/// Cross-origin calls. The origin is one text with commas; the guide writes a list, which 0.20 refuses.
pub(super) static CORS: &[Row] = &[
    Row {
        setting: cors::origins,
        places: &[at("config.server.cors.origin")],
        reader: Reader::Own(origins),
        default: Preset::Default(Plain::Texts(&["*"])),
        reference: "modules/server/AppServer.ts",
    },
    Row {
        setting: cors::credentials,
        places: &[at("config.server.cors.allow_credentials").since(0, 16), ignored("config.server.cors.credentials")],
        reader: Reader::AsIs,
        default: Preset::Depends(default_credentials),
        reference: "modules/server/AppServer.ts",
    },
];

/// CORS has a credentials option from 0.16 on.
fn default_credentials(facts: &Facts) -> Preset {
    match facts.at_least(0, 16) {
        Some(false) => Preset::Default(Plain::Bool(false)),
        _ => Preset::Default(Plain::Bool(true)),
    }
}

fn origins(value: &Value) -> Value {
    Reader::CommaList.apply(value).read(&|value| match &value.kind {
        Kind::List { items, open } => {
            // `*` anywhere in the text counts for every origin.
            let wild = items.iter().any(|item| {
                item.as_text().is_some_and(|text| text.test(|text| text.contains('*') && text.trim() == "*"))
            });
            if wild {
                let star = Value::new(Kind::Text(Text::new("*")), &value.trail);
                return Kind::List { items: [star].into(), open: None };
            }
            Kind::List { items: items.clone(), open: open.clone() }
        }
        other => other.clone(),
    })
}

/// The MCP endpoint.
pub(super) static MCP: &[Row] = &[Row {
    setting: mcp_server::enabled,
    places: &[at("config.server.mcp.enabled")],
    reader: Reader::AsIs,
    default: Preset::Default(Plain::Bool(false)),
    reference: "modules/server/AppServer.ts",
}];

/// Blocks that the guide writes where Bknd does not look, with the place to write them: only `connection`, `config` and
/// `options` reach the app (`adapter/index.ts`), and of `config` its five modules.
pub(super) static DEAD_BLOCKS: &[(&str, &str)] = &[
    ("auth", "config.auth"),
    ("config.roles", "config.auth.roles"),
    ("config.guard", "config.auth.guard"),
    ("schema", "config.data"),
    ("media", "config.media"),
    ("cors", "config.server.cors"),
    ("server.cors", "config.server.cors"),
    ("server.mcp", "config.server.mcp"),
    ("config.cors", "config.server.cors"),
];

/// Keys that belong to no setting and are written in the wrong place, with the right one and what becomes of them.
pub(super) static DEAD_KEYS: &[(&str, &str, Effect)] = &[
    ("config.media.body_max_size", "config.media.storage.body_max_size", Effect::Refused),
    ("config.server.cors.methods", "config.server.cors.allow_methods", Effect::Ignored),
    ("config.server.cors.headers", "config.server.cors.allow_headers", Effect::Ignored),
];

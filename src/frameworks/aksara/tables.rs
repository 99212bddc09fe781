//! Aksara's keys as rows: what `configure` sets stands before the variable, the variable before the default.
//!
//! The root of the rows has a key for each keyword, `configure(debug)`, and one for each variable.

use crate::eval::{Kind, Value};
use crate::frameworks::aksara::parsers::{Parser, is_yes, whole_number};
use crate::reading::table::{Plain, Preset, Reader, Row, at};
use crate::settings::{ai_surface, cookie, csrf, debug, devtools, mcp_server, rate_limit, security_matrix, tenancy};

const CONF: &str = "aksara/conf.py";
const CHECKS: &str = "aksara/security/checks.py";

fn switch(value: &Value) -> Value {
    Parser::Switch.read(value)
}

fn attested(value: &Value) -> Value {
    value.read(&|value| match &value.kind {
        Kind::Text(text) => Kind::Bool(is_yes(text)),
        other => other.clone(),
    })
}

/// The lifetime in seconds; a text that is no number counts as none at all, as the checks have it.
fn lifetime(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => Value::new(whole_number(text).map_or(Kind::Number(0.0), Kind::Number), &value.trail),
        _ => value.clone(),
    })
}

fn lifetime_is_valid(value: &Value) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Text(text) => Value::new(Kind::Bool(whole_number(text).is_some()), &value.trail),
        _ => value.clone(),
    })
}

/// Debug mode of the settings.
pub(super) static DEBUG: &[Row] = &[Row {
    setting: debug::enabled,
    places: &[at("configure(debug)"), at("AKSARA_DEBUG")],
    reader: Reader::Own(switch),
    default: Preset::Default(Plain::Bool(false)),
    reference: CONF,
}];

/// The session cookie of the admin.
pub(super) static COOKIE: &[Row] = &[
    Row {
        setting: cookie::secure,
        places: &[at("configure(cookie_secure)"), at("AKSARA_COOKIE_SECURE")],
        reader: Reader::Own(switch),
        default: Preset::Default(Plain::Bool(true)),
        reference: CONF,
    },
    Row {
        setting: cookie::http_only,
        places: &[],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Bool(true)),
        reference: "aksara/contrib/admin/auth.py",
    },
    Row {
        setting: cookie::same_site,
        places: &[],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Text("strict")),
        reference: "aksara/contrib/admin/auth.py",
    },
    Row {
        setting: cookie::max_age,
        places: &[],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Number(604_800.0)),
        reference: "aksara/contrib/admin/auth.py",
    },
];

/// The admin's own check of forged requests.
pub(super) static CSRF: &[Row] = &[
    Row {
        setting: csrf::protection,
        places: &[at("configure(admin_csrf_enabled)"), at("AKSARA_ADMIN_CSRF_ENABLED")],
        reader: Reader::Own(switch),
        default: Preset::Default(Plain::Bool(true)),
        reference: CONF,
    },
    Row {
        setting: csrf::same_site,
        places: &[],
        reader: Reader::AsIs,
        default: Preset::Fixed(Plain::Text("strict")),
        reference: "aksara/contrib/admin/auth.py",
    },
];

/// The admin's limit of attempts.
pub(super) static RATE_LIMIT: &[Row] = &[Row {
    setting: rate_limit::enabled,
    places: &[at("configure(admin_rate_limit_enabled)"), at("AKSARA_ADMIN_RATE_LIMIT_ENABLED")],
    reader: Reader::Own(switch),
    default: Preset::Default(Plain::Bool(true)),
    reference: CONF,
}];

/// Who may open Studio.
pub(super) static STUDIO: &[Row] = &[Row {
    setting: devtools::authorized,
    places: &[at("configure(studio_require_auth)"), at("AKSARA_STUDIO_REQUIRE_AUTH")],
    reader: Reader::Own(switch),
    default: Preset::Default(Plain::Bool(true)),
    reference: CONF,
}];

/// The AI console, as the checks see it.
pub(super) static CONSOLE: &[Row] = &[
    Row {
        setting: devtools::enabled,
        places: &[at("AKSARA_AI_CONSOLE_ENABLED")],
        reader: Reader::Own(attested),
        default: Preset::Default(Plain::Bool(false)),
        reference: CHECKS,
    },
    Row {
        setting: devtools::authorized,
        places: &[at("AKSARA_AI_CONSOLE_AUTH_REQUIRED")],
        reader: Reader::Own(attested),
        default: Preset::Default(Plain::Bool(true)),
        reference: CHECKS,
    },
];

/// The MCP endpoint. What the checks ask for is attested in variables; the audience is what the runtime enforces.
pub(super) static MCP: &[Row] = &[
    Row {
        setting: mcp_server::enabled,
        places: &[at("configure(mcp_enabled)"), at("AKSARA_MCP_ENABLED")],
        reader: Reader::Own(switch),
        default: Preset::Default(Plain::Bool(false)),
        reference: CONF,
    },
    Row {
        setting: mcp_server::agent_token,
        places: &[at("configure(ai_agent_token)"), at("AKSARA_AI_AGENT_TOKEN")],
        reader: Reader::AsIs,
        default: Preset::Absent,
        reference: CONF,
    },
    Row {
        setting: mcp_server::scoped_tokens,
        places: &[at("configure(mcp_require_scoped_tokens)"), at("AKSARA_MCP_REQUIRE_SCOPED_TOKENS")],
        reader: Reader::Own(attested),
        default: Preset::Absent,
        reference: CHECKS,
    },
    Row {
        setting: mcp_server::token_ttl,
        places: &[at("AKSARA_MCP_TOKEN_TTL_SECONDS")],
        reader: Reader::Own(lifetime),
        default: Preset::Absent,
        reference: CHECKS,
    },
    Row {
        setting: mcp_server::token_ttl_valid,
        places: &[at("AKSARA_MCP_TOKEN_TTL_SECONDS")],
        reader: Reader::Own(lifetime_is_valid),
        default: Preset::Absent,
        reference: CHECKS,
    },
    Row {
        setting: mcp_server::audience_required,
        places: &[at("AKSARA_MCP_REQUIRE_AUDIENCE")],
        reader: Reader::Own(attested),
        default: Preset::Absent,
        reference: CHECKS,
    },
    Row {
        setting: mcp_server::audience,
        places: &[at("configure(mcp_token_audience)"), at("AKSARA_MCP_TOKEN_AUDIENCE")],
        reader: Reader::AsIs,
        default: Preset::Absent,
        reference: CONF,
    },
    Row {
        setting: mcp_server::tenant_bound,
        places: &[at("AKSARA_MCP_REQUIRE_TENANT_BOUND_TOKENS")],
        reader: Reader::Own(attested),
        default: Preset::Absent,
        reference: CHECKS,
    },
];

/// What is attested of fields that agents can write.
pub(super) static AI: &[Row] = &[Row {
    setting: ai_surface::reviewed,
    places: &[at("AKSARA_AI_WRITABLE_FIELDS_REVIEWED")],
    reader: Reader::Own(attested),
    default: Preset::Absent,
    reference: CHECKS,
}];

/// What is attested of the database's own separation of tenants.
pub(super) static TENANCY: &[Row] = &[Row {
    setting: tenancy::row_level_security,
    places: &[at("AKSARA_RLS_ENABLED")],
    reader: Reader::Own(attested),
    default: Preset::Absent,
    reference: CHECKS,
}];

/// Whether the checks insist on the security matrix.
pub(super) static MATRIX: &[Row] = &[Row {
    setting: security_matrix::required,
    places: &[at("AKSARA_REQUIRE_SECURITY_MATRIX")],
    reader: Reader::Own(attested),
    default: Preset::Default(Plain::Bool(false)),
    reference: CHECKS,
}];

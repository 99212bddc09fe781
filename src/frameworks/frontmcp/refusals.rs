//! What the SDK refuses to start with, and what it takes and drops: each mode has keys of its own, and no schema of `auth`
//! says a word about others.

use crate::eval::{Kind, Value};
use crate::frameworks::frontmcp::shapes::Server;
use crate::frameworks::frontmcp::words::named;
use crate::reading::bench::Reading;
use crate::reading::taken::{self, Taken};
use crate::text::Text;

/// The keys of every mode that issues tokens (`libs/auth/src/options/orchestrated.schema.ts`, 1.0 to 1.5.6).
const ISSUING: &[&str] = &[
    "local",
    "tokenStorage",
    "secureStore",
    "allowDefaultPublic",
    "anonymousScopes",
    "publicAccess",
    "consent",
    "federatedAuth",
    "refresh",
    "expectedAudience",
    "incrementalAuth",
    "requireRegisteredClients",
    "cimd",
    "ui",
    "extras",
];

/// The keys of every mode with an identity provider (`shared.schemas.ts`).
const UPSTREAM: &[&str] = &["provider", "clientId", "clientSecret", "scopes", "providerConfig"];

/// What each mode has beside those (`public.schema.ts`, `transparent.schema.ts`, `orchestrated.schema.ts`).
const MODES: &[(&str, &[&[&str]])] = &[
    ("public", &[&["issuer", "sessionTtl", "anonymousScopes", "publicAccess", "jwks", "signKey"]]),
    (
        "transparent",
        &[
            UPSTREAM,
            &[
                "expectedAudience",
                "requireAudience",
                "requiredScopes",
                "allowAnonymous",
                "anonymousScopes",
                "publicAccess",
            ],
        ],
    ),
    ("local", &[ISSUING, &["requireEmail", "anonymousSubject", "login", "authenticate", "providers", "dcr"]]),
    ("remote", &[ISSUING, UPSTREAM]),
];

/// Keys that any `auth` has: the mode, and what an app's own has (`app-auth.schema.ts`).
const ALWAYS: &[&str] = &["mode", "standalone", "excludeFromParent"];

/// Keys of an older dialect, which come with a mode that is refused.
const OLDER: &[&str] = &["type", "remote", "sessionMode"];

/// What a server takes, in any of the versions from 1.0 to 1.5.6 (`libs/sdk/src/common/metadata/front-mcp.metadata.ts`,
/// `libs/sdk/src/common/types/options/http/schema.ts`): no schema refuses others. The first one is what `@FrontMcp` takes.
const SERVER: &[Taken] = &[
    (
        "",
        &[
            "__sourceDir",
            "apps",
            "auth",
            "authorities",
            "channels",
            "elicitation",
            "extApps",
            "health",
            "http",
            "info",
            "instructions",
            "jobs",
            "loader",
            "logging",
            "metrics",
            "observability",
            "output",
            "pagination",
            "plugins",
            "providers",
            "pubsub",
            "redis",
            "resources",
            "serve",
            "session",
            "skills",
            "skillsConfig",
            "splitByApp",
            "sqlite",
            "tasks",
            "throttle",
            "tools",
            "transport",
            "ui",
        ],
    ),
    (
        "http",
        &[
            "port",
            "entryPath",
            "hostFactory",
            "socketPath",
            "cors",
            "security",
            "bodyLimit",
            "urlencodedLimit",
            "routes",
        ],
    ),
    ("http.cors", &["origin", "credentials", "maxAge"]),
    ("http.security", &["strict", "bindAddress", "dnsRebindingProtection"]),
    ("http.security.dnsRebindingProtection", &["enabled", "allowedHosts", "allowedOrigins"]),
];

/// What an `auth` block has that its mode drops, and what it has not or has in another shape, so that nothing starts.
pub(super) fn read(reading: &mut Reading<'_>, options: &Value, label: &str) {
    if reading.facts.at_least(1, 0) != Some(true) {
        return;
    }
    let auth = options.field("auth");
    let mode = auth.field("mode");
    let keys = MODES.iter().find(|(name, _)| mode.as_text().is_some_and(|mode| mode.is(name)));
    if let Some((name, keys)) = keys {
        dropped(reading, label, options, name, keys);
        if keys.contains(&UPSTREAM) {
            provider(reading, label, &auth, &mode);
        }
        if keys.contains(&ISSUING) {
            token_storage(reading, label, &auth);
        }
    }
}

/// Keys that the schema of the mode takes out without a word.
fn dropped(reading: &mut Reading<'_>, label: &str, options: &Value, mode: &str, keys: &[&[&str]]) {
    let known: Vec<&[&str]> = [ALWAYS, OLDER].into_iter().chain(keys.iter().copied()).collect();
    for (path, value) in taken::beside(options, "auth", &known) {
        let key = path.trim_start_matches("auth.");
        let elsewhere = MODES.iter().filter(|(own, keys)| *own != mode && keys.iter().any(|keys| keys.contains(&key)));
        let modes: Vec<&str> = elsewhere.map(|(own, _)| *own).collect();
        let instead = (!modes.is_empty()).then(|| format!("a server in mode {}", modes.join(" or ")));
        reading.dropped_key(&named(&path, label), &value, instead.as_deref());
    }
}

/// The address of the identity provider is demanded, as a URL.
fn provider(reading: &mut Reading<'_>, label: &str, auth: &Value, mode: &Value) {
    let provider = auth.field("provider");
    let closed = matches!(auth.kind, Kind::Object { open: None, .. });
    let accepts = "the address of the identity provider in `auth.provider`";
    match &provider.kind {
        Kind::Absent if closed => reading.refused_key(&named("auth.mode", label), mode, accepts),
        Kind::Text(text) if !is_url(text) => {
            reading.refused_key(&named("auth.provider", label), &provider, "a URL with its scheme");
        }
        _ => {}
    }
}

fn is_url(text: &Text) -> bool {
    text.test(|text| text.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty()))
}

/// The store of tokens is one word or an object that names it.
fn token_storage(reading: &mut Reading<'_>, label: &str, auth: &Value) {
    let Some(store) = auth.written_at("tokenStorage") else { return };
    let sqlite = reading.facts.at_least(1, 4) == Some(true);
    let fits = |value: &Value| match &value.kind {
        Kind::Text(text) => text.is("memory"),
        Kind::Object { open: None, .. } => {
            value.written_at("redis").is_some() || sqlite && value.written_at("sqlite").is_some()
        }
        _ => true,
    };
    let all_fit = match &store.kind {
        Kind::Choice(_, arms) => arms.iter().all(fits),
        _ => fits(&store),
    };
    if !all_fit {
        let accepts = if sqlite { "`\"memory\"`, `{ redis }` or `{ sqlite }`" } else { "`\"memory\"` or `{ redis }`" };
        return reading.refused_key(&named("auth.tokenStorage", label), &store, accepts);
    }
    let redis = store.field("redis");
    if let Kind::Object { open: None, .. } = redis.kind
        && redis.written_at("host").is_none()
    {
        reading.refused_key(&named("auth.tokenStorage.redis", label), &redis, "the server's name in redis.host");
    }
}

/// The server's own options that are refused (`types/options/http/schema.ts`, `server/middleware`).
pub(super) fn of_server(reading: &mut Reading<'_>, server: &Server) {
    let (options, label) = (&server.options, &*server.label);
    if reading.facts.at_least(1, 0) == Some(true) {
        let taken = if server.decorated { SERVER } else { &SERVER[1..] };
        reading.passed_over(options, taken, &|key| named(key, label));
    }
    if reading.facts.at_least(1, 1) != Some(true) {
        return;
    }
    if let Some(cors) = options.written_at("http.cors")
        && matches!(cors.kind, Kind::Bool(true) | Kind::Text(_) | Kind::List { .. })
    {
        reading.refused_key(
            &named("http.cors", label),
            &cors,
            "false, or an object with origin, credentials and maxAge",
        );
    }
    if let Some(port) = options.written_at("http.port")
        && matches!(port.kind, Kind::Text(_))
    {
        reading.refused_key(&named("http.port", label), &port, "a number");
    }
    let path = "http.security.dnsRebindingProtection";
    let protection = options.path(path);
    let lists = ["allowedHosts", "allowedOrigins"].map(|key| protection.field(key));
    let is_empty = |list: &Value| list.is_absent() || list.as_list().is_some_and(<[Value]>::is_empty);
    if protection.field("enabled").as_bool() == Some(true) && lists.iter().all(is_empty) {
        reading.refused_key(&named(path, label), &protection, "allowedHosts or allowedOrigins beside enabled");
    }
}

/// Blocks of `frontmcp.config` that take no other keys (`libs/cli/src/config/frontmcp-config.schema.ts`).
const CONFIG: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "$schema",
            "name",
            "version",
            "entry",
            "nodeVersion",
            "deployments",
            "build",
            "cli",
            "transport",
            "env",
            "clients",
            "test",
            "skills",
        ],
    ),
    ("env", &["shared", "dev", "test", "ship"]),
    ("transport", &["default", "http", "stdio"]),
];

/// Blocks of one deployment that take no other keys, by the same file.
const DEPLOYMENT: &[(&str, &[&str])] = &[
    ("server", &["http", "csp", "cookies", "headers"]),
    ("server.http", &["port", "socketPath", "entryPath", "cors"]),
    ("server.http.cors", &["origins", "credentials", "maxAge"]),
    ("server.cookies", &["affinity", "domain", "sameSite"]),
    ("server.headers", &["hsts", "contentTypeOptions", "frameOptions", "custom"]),
    ("server.csp", &["enabled", "directives", "reportUri", "reportOnly"]),
];

/// Keys that the file of deployments does not take: each command of the CLI stops at them.
pub(super) fn of_config(reading: &mut Reading<'_>, config: &Value) {
    // The older shape, without deployments, is read by another schema.
    if reading.facts.at_least(1, 1) != Some(true) || config.field("deployments").is_absent() {
        return;
    }
    closed(reading, "frontmcp.config", config, CONFIG);
    for (index, deployment) in config.field("deployments").as_list().unwrap_or_default().iter().enumerate() {
        closed(reading, &format!("deployments[{index}]"), deployment, DEPLOYMENT);
    }
}

fn closed(reading: &mut Reading<'_>, around: &str, root: &Value, blocks: &[(&str, &[&str])]) {
    for (path, keys) in blocks {
        let block = if path.is_empty() { root.clone() } else { root.path(path) };
        for (key, value) in block.fields() {
            if keys.contains(&&**key) || value.is_absent() {
                continue;
            }
            let inside = if path.is_empty() { String::new() } else { format!(".{path}") };
            let (last, before) = keys.split_last().unwrap_or((&"", &[]));
            let accepts = format!("`{}` and `{last}` alone", before.join("`, `"));
            reading.refused_key(&format!("{around}{inside}.{key}"), value, &accepts);
        }
    }
}

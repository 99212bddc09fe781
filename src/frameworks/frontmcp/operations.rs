//! How a server is watched: its log, redaction, metrics and skills.

use crate::eval::{Kind, Value};
use crate::frameworks::frontmcp::shapes::Server;
use crate::frameworks::frontmcp::words::{both, default, is_one_of, is_seen, never, word, yes_no};
use crate::frameworks::frontmcp::{dialect, keys::table, tables, words::named};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::settings::{logging, mcp_server, outbound};

pub(super) fn read(reading: &mut Reading<'_>, server: &Server) {
    log(reading, server);
    surfaces(reading, server);
    fetches(reading, server);
    written_secrets(reading, server);
}

fn log(reading: &mut Reading<'_>, server: &Server) {
    let observability = server.options.field("observability");
    let switch = observability.each(&mut |switch| match &switch.kind {
        Kind::Object { .. } => switch.field("logging"),
        _ => switch.clone(),
    });
    let structured = switch.each(&mut |switch| match &switch.kind {
        Kind::Absent | Kind::Null | Kind::Bool(false) => yes_no(false, switch),
        Kind::Unknown(_) => switch.clone(),
        _ => yes_no(true, switch),
    });
    let fields = switch.each(&mut |switch| match &switch.kind {
        Kind::Object { .. } => switch.field("redactFields").or_default(&|_| none(switch)),
        _ => none(switch),
    });
    let key = "observability.logging.redactFields";
    let resource = table(reading, logging::KIND, &server.label, tables::LOGGING, &server.options, &server.label)
        .set_at(logging::structured, structured, "observability.logging")
        .set_at(logging::redacted_fields, fields, key);
    reading.add(resource);
}

/// Nothing is masked unless it is listed.
fn none(at: &Value) -> Value {
    default(Kind::List { items: [].into(), open: None }, "observability.logging.redactFields", at)
}

/// Metrics and skills.
fn surfaces(reading: &mut Reading<'_>, server: &Server) {
    if never(&server.listens) {
        return;
    }
    let metrics = server.options.field("metrics");
    let skills = server.options.field("skillsConfig");
    let rows = if crate::frameworks::frontmcp::http::has_own_host(reading, server) { tables::HOST_CHECK } else { &[] };
    let mut resource = table(reading, mcp_server::KIND, &server.label, rows, &server.options, &server.label)
        .set(mcp_server::listens, server.listens.clone());
    if !metrics.is_absent() {
        let public = metrics.field("auth").each(&mut |auth| match &auth.kind {
            Kind::Absent => default(Kind::Bool(true), "metrics.auth", &metrics),
            Kind::Text(text) => yes_no(text.is("public"), auth),
            Kind::Unknown(_) => auth.clone(),
            _ => yes_no(false, auth),
        });
        resource = resource.set_at(mcp_server::metrics_enabled, enabled(&metrics), "metrics.enabled").set_at(
            mcp_server::metrics_public,
            public,
            "metrics.auth",
        );
    }
    if !skills.is_absent() {
        let mode = dialect::mode(&server.options.field("auth"), &server.options);
        let public = skills.field("auth").each(&mut |auth| match &auth.kind {
            Kind::Text(text) if text.is("public") => yes_no(true, auth),
            // `inherit`, the default, adds no check of its own.
            Kind::Absent => is_one_of(&mode, &["public"]),
            Kind::Text(text) if text.is("inherit") => is_one_of(&mode, &["public"]),
            Kind::Unknown(_) => auth.clone(),
            _ => yes_no(false, auth),
        });
        resource = resource.set_at(mcp_server::skills_enabled, enabled(&skills), "skillsConfig.enabled").set_at(
            mcp_server::skills_public,
            public,
            "skillsConfig.auth",
        );
    }
    reading.add(resource);
}

/// `enabled` of a block; off when it is left out.
fn enabled(block: &Value) -> Value {
    block.each(&mut |block| match &block.kind {
        Kind::Bool(_) | Kind::Unknown(_) => block.clone(),
        _ => block.field("enabled").or_default(&|_| yes_no(false, block)),
    })
}

/// Fetches that the server makes for clients: their metadata documents.
fn fetches(reading: &mut Reading<'_>, server: &Server) {
    // From 1.0 on, only a server that issues tokens takes the block.
    let mode = dialect::mode(&server.options.field("auth"), &server.options);
    let signs = match reading.facts.at_least(1, 0) {
        Some(false) => yes_no(true, &mode),
        _ => is_one_of(&mode, &["local", "remote"]),
    };
    if never(&signs) {
        return;
    }
    for root in ["auth.cimd", "cimd"] {
        let cimd = server.options.path(root);
        if cimd.is_absent() {
            continue;
        }
        let private = cimd.path("security.blockPrivateIPs").each(&mut |block| match block.kind {
            Kind::Absent => default(Kind::Bool(false), "auth.cimd.security.blockPrivateIPs", &cimd),
            Kind::Bool(block_them) => yes_no(!block_them, block),
            _ => block.clone(),
        });
        let insecure = cimd
            .path("security.allowInsecureForTesting")
            .or_default(&|_| default(Kind::Bool(false), "auth.cimd.security.allowInsecureForTesting", &cimd));
        let redirects = cimd.path("network.redirectPolicy").each(&mut |policy| match &policy.kind {
            Kind::Text(text) => word(if text.is("deny") { "deny" } else { "allow" }, policy),
            Kind::Absent => default(Kind::Text("deny".into()), "auth.cimd.network.redirectPolicy", &cimd),
            _ => policy.clone(),
        });
        let resource = reading
            .resource(outbound::KIND, named("client metadata documents", &server.label), reading.place_of(&cimd))
            .set_at(outbound::private_addresses, private, format!("{root}.security.blockPrivateIPs"))
            .set_at(outbound::insecure_http, insecure, format!("{root}.security.allowInsecureForTesting"))
            .set_at(outbound::redirects, redirects, format!("{root}.network.redirectPolicy"))
            .only_if(both(&cimd.field("enabled").or_default(&|_| yes_no(true, &cimd)), &signs));
        reading.add(resource);
    }
}

/// Secrets in a server's options beside `auth` and stores.
fn written_secrets(reading: &mut Reading<'_>, server: &Server) {
    let options = &server.options;
    let mut found: Vec<(String, Value)> = vec![
        ("metrics.auth.token".into(), options.path("metrics.auth.token")),
        ("loader.token".into(), options.path("loader.token")),
        ("skillsConfig.jwt.secret".into(), options.path("skillsConfig.jwt.secret")),
    ];
    let keys = options.path("skillsConfig.apiKeys");
    for (index, key) in keys.as_list().unwrap_or_default().iter().enumerate() {
        let value = if let Kind::Object { .. } = key.kind { key.field("key") } else { key.clone() };
        found.push((format!("skillsConfig.apiKeys[{index}]"), value));
    }
    for (key, value) in found {
        if is_seen(&value) {
            reading.secret(&named(&key, &server.label), &value, SecretFacts::of("api_key"));
        }
    }
}

//! The vocabulary holds what the catalogue speaks of, each word once.

use super::vocabulary;
use crate::settings::{ResourceKind, Type};
use std::collections::BTreeSet;

/// The settings that the conditions of the catalogue name.
const NAMED_BY_RULES: &[(&str, &[&str])] = &[
    ("access_guard", &["enabled", "scope"]),
    ("ai_surface", &["enabled", "reviewed", "writable_fields"]),
    ("anonymous_access", &["level", "scope"]),
    ("attestation", &["attested"]),
    ("auth", &["enabled", "listens", "mode", "scope"]),
    ("background_loop", &["started_in"]),
    ("build", &["public_source_maps"]),
    ("ci", &["prints_secret", "secret_scan"]),
    ("config_key", &["accepted", "effect", "fits_version", "version_known", "what_fits"]),
    ("config_source", &["content", "shape_known"]),
    (
        "container",
        &[
            "copied_env_files",
            "env_files_hold_secrets",
            "exports_in_run",
            "host_control",
            "inlined_variables_set_late",
            "loopback_address",
            "source_mounted",
            "start_command_kind",
            "unexpanded_words",
            "user",
        ],
    ),
    (
        "cookie",
        &[
            "at_home",
            "http_only",
            "max_age",
            "name_prefix",
            "purpose",
            "remembers",
            "same_site",
            "secure",
            "sent_behind_proxy",
        ],
    ),
    (
        "cors",
        &[
            "also_set_at_edge",
            "at_single_answers",
            "credentials",
            "for_an_interface",
            "for_programs",
            "origins",
            "wildcard_effect",
        ],
    ),
    ("cron_route", &["guard", "schema_min_length", "schema_optional", "secret", "secret_known_set"]),
    ("cron_schedule", &["is_http", "route_exists", "sends_secret"]),
    ("csrf", &["needed", "protection", "same_site"]),
    ("database", &["kind"]),
    ("datastore", &["allow_list", "answers_http", "login", "published"]),
    ("debug", &["effect", "enabled"]),
    ("deployment", &["disk", "environment_closed", "processes", "replicas", "serverless"]),
    ("devtools", &["authorized", "enabled", "found_by_name", "persistence_path_served", "writes_secrets"]),
    ("edge", &["rate_limits", "rewrites_client_ip", "tls", "visible"]),
    ("endpoint", &["behind_tls", "bind_address", "role", "url", "verifies_certificate", "version_known"]),
    ("env_entry", &["loss"]),
    ("env_file", &["exists_by_convention", "holds_only_dummies", "holds_secrets", "ignored", "tracked"]),
    ("env_schema", &["exists", "misprefixed_client_keys", "unmapped_keys", "used_at_startup"]),
    ("errors", &["exposes_internals"]),
    ("gate", &["weaker"]),
    ("jwt", &["algorithm", "algorithms_pinned", "for_others", "kind", "lifetime"]),
    ("logging", &["level", "raw_fields", "redacted_fields", "structured"]),
    ("login", &["known_credentials", "runs", "verifies_identity"]),
    (
        "mcp_server",
        &[
            "agent_token",
            "audience",
            "audience_required",
            "authentication",
            "code_sandbox",
            "credentials_in_input",
            "enabled",
            "listens",
            "metrics_enabled",
            "metrics_public",
            "scoped_tokens",
            "skills_enabled",
            "skills_public",
            "tenant_bound",
            "token_ttl",
            "token_ttl_valid",
        ],
    ),
    ("migration", &["apply_step", "auto_sync", "drops", "dry_run_step", "warnings"]),
    (
        "oauth",
        &[
            "client_type",
            "consent",
            "default_scopes",
            "dynamic_registration",
            "pkce",
            "redirect_allow_list",
            "registration_gated",
            "requested_scopes",
            "required_scopes",
            "state_validation",
            "unregistered_clients",
            "version_known",
        ],
    ),
    ("openapi", &["protected", "served"]),
    ("outbound", &["insecure_http", "private_addresses", "redirects"]),
    ("password_policy", &["hash_cost", "hashing", "min_length"]),
    ("plugin", &["signature_required"]),
    ("provider", &["dependency", "registered"]),
    (
        "proxy",
        &[
            "app_needs_scheme",
            "forwards_scheme",
            "fronted_by_operator",
            "public_url_pinned",
            "redirects_to_https",
            "serves_http",
            "serves_tls",
            "tls_versions",
            "trusts_forwarded",
        ],
    ),
    ("queue", &["durable", "used", "worker_declared"]),
    (
        "rate_limit",
        &["enabled", "installed", "ip_source", "offered", "max", "partition", "serves_requests", "store", "window"],
    ),
    ("redis", &["holds", "password", "private_network", "tls"]),
    ("refresh_token", &["enabled", "lifetime", "rotated"]),
    ("registration", &["open", "role_implicit_allow", "role_is_admin_like"]),
    ("response_headers", &["disabled", "fronted_by_operator", "hsts_max_age", "knows_visitors", "present_headers"]),
    ("role", &["implicit_allow", "is_admin_like", "is_default"]),
    ("role_set", &["default_count", "guard_enabled"]),
    ("runtime", &["environment_name", "machine_id", "production_mode"]),
    (
        "secret",
        &[
            "data_kept",
            "min_random_bytes",
            "purpose",
            "repeats_user",
            "required",
            "same_value_as",
            "same_value_in",
            "schema_min_length",
            "schema_optional",
            "service_published",
            "value",
            "written_in",
        ],
    ),
    ("security_matrix", &["complete", "found", "is_example", "required", "tracked", "valid"]),
    ("session", &["fresh_age", "revocation_delay", "sensitive_actions", "stateless"]),
    ("signing_key", &["needed", "persisted", "rotation_period", "source"]),
    ("static_files", &["dotfiles", "listing"]),
    (
        "storage",
        &[
            "enabled",
            "encrypted",
            "holds_sensitive",
            "kind",
            "policy_actions",
            "policy_resources",
            "public",
            "public_write",
            "signed_url_lifetime",
        ],
    ),
    ("tenancy", &["multi_tenant", "row_level_security"]),
    ("token_store", &["holds", "kind"]),
    ("token_verifier", &["audience", "audience_enforced", "issuer_enforced", "key_source"]),
    ("upload", &["authorized", "content_types", "enabled", "host_body_limit", "key_scoped", "max_size", "visibility"]),
    (
        "variable",
        &[
            "declared_in",
            "demanded",
            "name",
            "parse_error",
            "read_in_code",
            "required",
            "required_by",
            "satisfied_in_code",
            "schema_default",
            "stops_unset",
            "unrecognized_boolean",
            "value",
            "visible_to_client",
        ],
    ),
];

#[test]
fn no_kind_and_no_setting_is_declared_twice() {
    let mut kinds = BTreeSet::new();
    for kind in vocabulary() {
        assert!(kinds.insert(kind.name), "{} twice", kind.name);
        let names: BTreeSet<_> = kind.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), kind.settings.len(), "{} has a setting twice", kind.name);
    }
}

#[test]
fn every_setting_that_a_rule_names_exists() {
    for (kind, settings) in NAMED_BY_RULES {
        let kind = ResourceKind::named(kind).unwrap_or_else(|| panic!("no kind {kind}"));
        for setting in *settings {
            assert!(kind.setting(setting).is_some(), "{} has no setting {setting}", kind.name);
        }
    }
}

#[test]
fn every_setting_has_one_line_of_meaning_and_words_are_distinct() {
    for setting in vocabulary().flat_map(|kind| kind.settings) {
        assert!(!setting.meaning.is_empty() && !setting.meaning.contains('\n'), "{}.{}", setting.kind, setting.name);
        if let Type::Word(words) | Type::Words(words) = setting.ty {
            assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "{}.{}", setting.kind, setting.name);
        }
    }
}

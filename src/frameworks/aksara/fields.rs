//! Aksara's settings as facts: their keywords, their variables, how each is read.

use crate::frameworks::aksara::parsers::Parser;
use crate::reading::table::Plain;

/// A field of `aksara.conf.Settings` that matters here.
#[derive(Debug)]
pub(super) struct Field {
    /// The keyword of `configure` and `Settings`, the attribute of `settings`.
    pub(super) keyword: &'static str,
    /// Its variables; the first with a text counts.
    pub(super) variables: &'static [&'static str],
    /// How they are read.
    pub(super) parser: Parser,
    /// What it is when nothing sets it; none for Python's `None`.
    pub(super) default: Option<Plain>,
    /// What a keyword of `Settings(…)` and the environment come to: the object reads the environment once more.
    pub(super) merge: Merge,
}

/// How a keyword of `Settings(…)` and the environment come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merge {
    /// On where one of them is on.
    Either,
    /// On where both are on.
    Both,
    /// The keyword, unless it is `None`.
    Keyword,
    /// The environment, where it says something.
    Environment,
}

const fn switch(keyword: &'static str, variables: &'static [&'static str], default: bool) -> Field {
    let merge = if default { Merge::Both } else { Merge::Either };
    Field { keyword, variables, parser: Parser::Switch, default: Some(Plain::Bool(default)), merge }
}

const fn text(keyword: &'static str, variables: &'static [&'static str]) -> Field {
    Field { keyword, variables, parser: Parser::Text, default: None, merge: Merge::Keyword }
}

/// The fields whose values are followed.
pub(super) static FIELDS: &[Field] = &[
    switch("debug", &["AKSARA_DEBUG"], false),
    switch("cookie_secure", &["AKSARA_COOKIE_SECURE"], true),
    switch("admin_csrf_enabled", &["AKSARA_ADMIN_CSRF_ENABLED"], true),
    switch("admin_rate_limit_enabled", &["AKSARA_ADMIN_RATE_LIMIT_ENABLED"], true),
    switch("ai_enabled", &["AKSARA_AI_ENABLED"], false),
    switch("mcp_enabled", &["AKSARA_MCP_ENABLED"], false),
    Field {
        keyword: "mcp_require_scoped_tokens",
        variables: &["AKSARA_MCP_REQUIRE_SCOPED_TOKENS"],
        parser: Parser::Switch,
        default: Some(Plain::Bool(true)),
        merge: Merge::Environment,
    },
    switch("enable_studio", &["AKSARA_ENABLE_STUDIO"], false),
    switch("studio_expose_in_production", &["AKSARA_STUDIO_EXPOSE_IN_PRODUCTION"], false),
    switch("studio_require_auth", &["AKSARA_STUDIO_REQUIRE_AUTH"], true),
    Field {
        keyword: "studio_allowed_origins",
        variables: &["AKSARA_STUDIO_ALLOWED_ORIGINS"],
        parser: Parser::Origins,
        default: Some(Plain::Texts(&["https://studio.aksara.dev", "http://localhost:3000"])),
        merge: Merge::Environment,
    },
    text("database_url", &["AKSARA_DATABASE_URL", "DATABASE_URL"]),
    text("ai_agent_token", &["AKSARA_AI_AGENT_TOKEN"]),
    text("mcp_token_audience", &["AKSARA_MCP_TOKEN_AUDIENCE"]),
    text("mcp_approval_secret", &["AKSARA_MCP_APPROVAL_SECRET"]),
    text("studio_secret_token", &["AKSARA_STUDIO_SECRET_TOKEN"]),
    text("studio_auth_token", &["AKSARA_STUDIO_AUTH_TOKEN"]),
    text("media_s3_secret_key", &["AKSARA_MEDIA_S3_SECRET_KEY"]),
    text("email_host_password", &["AKSARA_EMAIL_HOST_PASSWORD"]),
];

/// The keywords of `configure` and `Settings` that are not followed; any other one throws at the start.
pub(super) static OTHER_KEYWORDS: &[&str] = &[
    "admin_rate_limit_requests",
    "admin_rate_limit_window_seconds",
    "ai_debug_advisor_class",
    "ai_debug_enabled",
    "ai_default_provider",
    "ai_profiles_enabled",
    "ai_providers",
    "ai_secret_hints",
    "app_title",
    "app_version",
    "apps",
    "db_trace_enabled",
    "db_trace_max_queries",
    "db_trace_slow_threshold_ms",
    "default_from_email",
    "default_locale",
    "email_backend",
    "email_host",
    "email_host_user",
    "email_port",
    "email_timeout",
    "email_use_ssl",
    "email_use_tls",
    "embedding_dimensions",
    "embedding_model",
    "embedding_provider",
    "installed_apps",
    "locale_paths",
    "log_json",
    "log_level",
    "log_requests",
    "mcp_allowed_hosts",
    "mcp_allowed_origins",
    "mcp_max_request_body_size",
    "mcp_path",
    "mcp_replay_ttl_seconds",
    "mcp_tool_timeout_seconds",
    "mcp_transport_host",
    "media_public_base_url",
    "media_root",
    "media_s3_access_key",
    "media_s3_bucket",
    "media_s3_endpoint_url",
    "media_s3_region",
    "media_storage",
    "media_url",
    "migrations_dir",
    "new_settings",
    "patch_sandbox",
    "pool_max_size",
    "pool_min_size",
    "search_index_backend",
    "semantic_search_enabled",
    "studio_ui_auto_open",
    "studio_ui_enabled",
    "studio_ui_title",
    "supported_locales",
    "task_cleanup_interval_seconds",
    "task_concurrency",
    "task_cron_check_interval_seconds",
    "task_lock_recovery_interval_seconds",
    "task_max_attempts",
    "task_poll_interval_seconds",
    "task_result_ttl_seconds",
    "task_retry_backoff_base",
    "task_retry_delay_seconds",
    "task_retry_max_delay_seconds",
    "task_stale_lock_timeout_seconds",
    "tasks_enabled",
    "time_zone",
    "use_tz",
];

/// Switches that only the checks read, and that are as safe as can be when nothing sets them.
pub(super) const DECIDED_BY_DEFAULT: &[&str] = &[
    "AKSARA_AI_CONSOLE_AUTH_REQUIRED",
    "AKSARA_AI_CONSOLE_ENABLED",
    "AKSARA_MULTI_TENANT",
    "AKSARA_REQUIRE_SECURITY_MATRIX",
    "AKSARA_SECURITY_MATRIX_PATH",
    "AKSARA_STUDIO_DISABLED",
    "AKSARA_TENANCY_ENABLED",
    "CORS_ALLOW_ALL_ORIGINS",
    "CORS_ALLOW_CREDENTIALS",
];

/// Variables in which somebody attests a protection: nothing is known of one that only the host can set.
pub(super) const ATTESTATIONS: &[&str] = &[
    "AKSARA_AI_WRITABLE_FIELDS_REVIEWED",
    "AKSARA_MCP_REQUIRE_AUDIENCE",
    "AKSARA_MCP_REQUIRE_AUTH",
    "AKSARA_MCP_REQUIRE_SCOPED_TOKENS",
    "AKSARA_MCP_REQUIRE_TENANT_BOUND_TOKENS",
    "AKSARA_MCP_TOKEN_TTL_SECONDS",
    "AKSARA_REQUIRE_RLS",
    "AKSARA_RLS_ENABLED",
    "AKSARA_SECRET_KEY",
    "SECRET_KEY",
];

/// Variables that are switches to somebody: a text that is neither yes nor no is worth a word.
pub(super) const SWITCHES: &[&str] = &[
    "AKSARA_ADMIN_CSRF_ENABLED",
    "AKSARA_ADMIN_RATE_LIMIT_ENABLED",
    "AKSARA_AI_CONSOLE_AUTH_REQUIRED",
    "AKSARA_AI_CONSOLE_ENABLED",
    "AKSARA_AI_ENABLED",
    "AKSARA_AI_WRITABLE_FIELDS_REVIEWED",
    "AKSARA_COOKIE_SECURE",
    "AKSARA_DEBUG",
    "AKSARA_ENABLE_STUDIO",
    "AKSARA_MCP_ENABLED",
    "AKSARA_MCP_REQUIRE_AUDIENCE",
    "AKSARA_MCP_REQUIRE_AUTH",
    "AKSARA_MCP_REQUIRE_SCOPED_TOKENS",
    "AKSARA_MCP_REQUIRE_TENANT_BOUND_TOKENS",
    "AKSARA_MULTI_TENANT",
    "AKSARA_REQUIRE_RLS",
    "AKSARA_REQUIRE_SECURITY_MATRIX",
    "AKSARA_RLS_ENABLED",
    "AKSARA_STUDIO_DISABLED",
    "AKSARA_STUDIO_EXPOSE_IN_PRODUCTION",
    "AKSARA_STUDIO_REQUIRE_AUTH",
    "AKSARA_TENANCY_ENABLED",
    "CORS_ALLOW_ALL_ORIGINS",
    "CORS_ALLOW_CREDENTIALS",
];

/// Variables that are lists; a malformed one stops the start.
pub(super) const LISTS: &[&str] =
    &["AKSARA_LOCALE_PATHS", "AKSARA_MCP_ALLOWED_HOSTS", "AKSARA_MCP_ALLOWED_ORIGINS", "AKSARA_SUPPORTED_LOCALES"];

/// The number whose malformed text stops the start; all others fall back to their defaults.
pub(super) const UNGUARDED_FLOAT: &str = "AKSARA_TASK_RESULT_TTL_SECONDS";

/// The field of a keyword, or of its upper-case alias on `settings`.
pub(super) fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.keyword.eq_ignore_ascii_case(name))
}

/// Every variable that the adapter has an opinion of.
pub(super) fn variables() -> impl Iterator<Item = &'static str> {
    FIELDS
        .iter()
        .flat_map(|field| field.variables.iter().copied())
        .chain(DECIDED_BY_DEFAULT.iter().copied())
        .chain(ATTESTATIONS.iter().copied())
}

//! What the app offers to the outside: uploads, tools, routes, agents.

use crate::settings::vocabulary::declare;

declare! {
    SURFACES:

    /// One upload definition or parser.
    Many upload {
        /// it is in use
        enabled: Bool,
        /// the most a file can have
        max_size: Bytes,
        /// the types that are accepted
        content_types: Texts,
        /// somebody decides for each user
        authorized: Bool,
        /// who can read the object
        visibility: Word(&["private", "public"]),
        /// the owner or the tenant is a part of the key
        key_scoped: Bool,
        /// the smallest limit on the way to it (derived)
        host_body_limit: Bytes => ["the host accepts {} at most"],
    }
    /// One store of files or values.
    Many storage {
        /// where
        kind: Word(&["local", "cloud"]),
        /// it is in use
        enabled: Bool,
        /// everyone can read it
        public: Bool,
        /// everyone can write to it
        public_write: Bool => ["", "everyone can write to it"],
        /// how long a signed address is valid
        signed_url_lifetime: Seconds,
        /// the actions that its policy grants
        policy_actions: Texts,
        /// the objects that its policy grants them on
        policy_resources: Texts,
        /// it is encrypted at rest
        encrypted: Bool,
        /// it holds what is worth encrypting
        holds_sensitive: Bool,
    }
    /// One surface for developers.
    Many devtools {
        /// it is on
        enabled: Bool,
        /// one variable that nothing settles is enough to switch it on
        switched_by_variable: Bool,
        /// a real check stands before it
        authorized: Bool => ["no login is checked before it", ""],
        /// it is known by its path alone
        found_by_name: Bool,
        /// it writes secrets to disk
        writes_secrets: Bool,
        /// its records lie under a folder that is served
        persistence_path_served: Bool,
    }
    /// One MCP endpoint.
    Many mcp_server {
        /// it is on
        enabled: Bool,
        /// it listens on a network
        listens: Bool,
        /// how callers prove who they are (derived)
        authentication: Word(&["none", "some"]) => ["it requires no login", ""],
        /// the shared token of agents
        agent_token: Secret,
        /// scopes are demanded
        scoped_tokens: Bool,
        /// how long a token lives
        token_ttl: Seconds,
        /// the text of the lifetime can be read
        token_ttl_valid: Bool,
        /// an audience is demanded
        audience_required: Bool,
        /// the audience
        audience: Text,
        /// a token belongs to a tenant
        tenant_bound: Bool,
        /// metrics are on
        metrics_enabled: Bool,
        /// metrics need no login
        metrics_public: Bool,
        /// skills are on
        skills_enabled: Bool,
        /// skills need no login
        skills_public: Bool,
        /// the Host and Origin headers are checked
        host_check: Bool,
        /// inputs of tools carry upstream credentials
        credentials_in_input: Bool,
        /// how the code of clients is confined
        code_sandbox: Word(&["secure", "balanced", "experimental", "unlimited"]),
    }
    /// An HTTP route that a schedule calls.
    Many cron_route {
        /// what is checked before the work
        guard: Word(&["none", "fails_open", "compares"]),
        /// what the caller's secret is compared with
        secret: Secret,
        /// production gives that secret a value
        secret_known_set: Bool,
        /// an environment schema declares its variable
        in_schema: Bool,
        /// the least length in characters that its environment schema guarantees
        schema_min_length: Number => ["the schema accepts {} characters"],
        /// its environment schema lets it be absent
        schema_optional: Bool => ["", "the schema accepts a missing value"],
    }
    /// One entry of a schedule.
    Many cron_schedule {
        /// its path leads to a route (derived)
        route_exists: Bool,
        /// it calls an address
        is_http: Bool,
        /// it sends credentials
        sends_secret: Bool,
    }
    /// What an AI model or agent can reach of the data.
    Many ai_surface {
        /// any of it is on
        enabled: Bool,
        /// somebody attested a review
        reviewed: Bool,
        /// fields that it can write and that nobody marked (derived)
        writable_fields: Texts => ["agents may write {}"],
    }
    /// A route that describes the API.
    Many openapi {
        /// it is reachable
        served: Bool,
        /// it is guarded
        protected: Bool,
    }
    /// The image proxy.
    Many images {
        /// hosts that it fetches from
        remote_hosts: Texts,
        /// it serves SVG
        svg_allowed: Bool,
        /// as an attachment and with a content policy
        svg_guarded: Bool,
    }
    /// A route of static files.
    Many static_files {
        /// it serves files whose name begins with a dot
        dotfiles: Bool,
        /// it lists folders
        listing: Bool,
    }
    /// Requests that the server makes for somebody.
    Many outbound {
        /// they can reach private addresses
        private_addresses: Bool,
        /// they can go without TLS
        insecure_http: Bool => ["", "plain http is allowed"],
        /// whether redirects are followed
        redirects: Word(&["allow", "deny"]) => ["redirects are followed", ""],
    }
}

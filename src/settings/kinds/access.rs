//! Who gets in, as whom, and what they may do.

use crate::settings::vocabulary::declare;

declare! {
    ACCESS:

    /// Which other sites may call the app, and with what.
    Many cors {
        /// origins that may read responses; `*` is every origin, `true` echoes whichever asks
        origins: Texts,
        /// whether cookies and logins travel with cross-origin calls
        credentials: Bool => ["", "cookies are sent along"],
        /// what the library makes of `*`
        wildcard_effect: Word(&["reflected", "literal"]),
        /// written origins that match nobody, as `*` where a library compares the items of a list by letter
        dead_origins: Texts,
        /// origins given as regular expressions
        origin_patterns: Texts,
        /// the proxy sets the same headers (derived)
        also_set_at_edge: Bool,
        /// it is written out at the answers that it is meant for, and not for all of them
        at_single_answers: Bool,
        /// it is said for a part of the addresses, which is an interface for others: `/api/v1`
        for_an_interface: Bool,
        /// whoever asks shows a key in a header, and no browser is known again (derived)
        for_programs: Bool,
    }
    /// One cookie, or the default of all.
    Many cookie {
        /// it travels over https only
        secure: Bool,
        /// scripts cannot read it
        http_only: Bool,
        /// when other sites make browsers send it
        same_site: Word(&["strict", "lax", "none"]),
        /// how long it lives
        max_age: Seconds,
        /// it is there to know somebody again whose session has ended
        remembers: Bool,
        /// the product is opened at a name of the local network, for which nobody gets a certificate
        at_home: Bool,
        /// what it carries
        purpose: Word(&["session", "token", "admin", "csrf", "handshake", "preference", "other"]),
        /// `__Host-` or `__Secure-` at the start of its name
        name_prefix: Text,
        /// subdomains get it too
        domain_wide: Bool,
        /// a cookie without a signature passes
        unsigned_accepted: Bool,
        /// where it is secure, it is sent though TLS ends at a proxy
        sent_behind_proxy: Bool,
    }
    /// Protection of one surface against forged cross-site requests.
    Many csrf {
        /// some check exists
        protection: Bool,
        /// the check was switched off in so many words
        switched_off: Bool,
        /// cookies sign requests in, and other sites can send them (derived)
        needed: Bool,
        /// same-site mode of the cookie it guards
        same_site: Word(&["strict", "lax", "none"]) => ["", "", "other sites can make browsers send the cookie"],
        /// origins that are let through
        trusted_origins: Texts,
    }
    /// How the app knows its users.
    Many auth {
        /// authentication is on
        enabled: Bool,
        /// who gets in
        mode: Word(&["public", "guarded"]),
        /// what it guards
        scope: Word(&["server", "app"]),
        /// it listens on a network
        listens: Bool,
        /// redirect targets are checked
        redirect_check: Bool,
        /// accounts are linked by mail address
        links_by_email: Bool,
    }
    /// A permission layer.
    Many access_guard {
        /// permissions are enforced
        enabled: Bool,
        /// what it guards
        scope: Word(&["app", "route"]),
    }
    /// One role.
    Many role {
        /// it may do everything that is not listed
        implicit_allow: Bool,
        /// unknown callers get it
        is_default: Bool,
        /// its name says administrator (derived)
        is_admin_like: Bool,
    }
    /// All roles of an app.
    Many role_set {
        /// how many roles are marked as the default (derived)
        default_count: Number,
        /// the permission layer is on
        guard_enabled: Bool,
    }
    /// Self-registration.
    Many registration {
        /// anyone can register
        open: Bool => ["", "anyone can sign up"],
        /// the role handed out may do everything that is not listed (derived)
        role_implicit_allow: Bool,
        /// the role handed out is an administrator by its name (derived)
        role_is_admin_like: Bool,
        /// the address is proven first
        email_verified: Bool,
    }
    /// What unknown callers may do.
    Many anonymous_access {
        /// the most that they hold (derived)
        level: Word(&["none", "read_filtered", "read_unfiltered", "write", "operate", "full"]),
        /// how wide
        scope: Word(&["server", "entity"]),
    }
    /// One way to sign in.
    Many login {
        /// it checks who is there
        verifies_identity: Bool,
        /// an account has a password that stands in the code
        known_credentials: Bool,
        /// when it takes effect
        runs: Word(&["at_start", "on_request", "manual"]) => ["it is created at every start", "whoever reaches the app can ask for it", ""],
    }
    /// Password rules.
    Many password_policy {
        /// the algorithm
        hashing: Word(&["plain", "md5", "sha1", "sha256", "sha512", "bcrypt", "scrypt", "argon2", "pbkdf2", "other"]),
        /// its rounds, as the algorithm counts them
        hash_cost: Number,
        /// the least length in characters
        min_length: Number,
    }
    /// Tokens that the app issues.
    Many jwt {
        /// the signature's algorithm
        algorithm: Text,
        /// verification names the algorithms it takes
        algorithms_pinned: Bool,
        /// how long a token is valid
        lifetime: Seconds,
        /// it is handed to a service of somebody else, which decides how long it takes it
        for_others: Bool,
        /// which limit applies
        kind: Word(&["access", "bearer", "refresh", "session", "anonymous"]),
    }
    /// Tokens that the app accepts.
    Many token_verifier {
        /// the expected audience
        audience: Texts,
        /// where the expected audience comes from
        audience_from: Word(&["configured", "public_url", "issuer"]),
        /// a token without the audience is refused
        audience_enforced: Bool,
        /// the expected issuer
        issuer: Text,
        /// the issuer is checked
        issuer_enforced: Bool,
        /// the expiry is checked
        expiry_enforced: Bool,
        /// the signature is checked
        signature_enforced: Bool,
        /// whose key signs
        key_source: Word(&["own", "remote"]),
    }
    /// The key that tokens are signed with.
    Many signing_key {
        /// where it comes from
        source: Word(&["configured", "generated", "absent"]),
        /// this mode signs
        needed: Bool,
        /// what it signs
        signs: Word(&["tokens", "anonymous"]),
        /// a generated key is kept and used again
        persisted: Bool,
        /// the written period of rotation
        rotation_period: Seconds,
    }
    /// Where tokens or sessions live.
    Many token_store {
        /// the store
        kind: Word(&["memory", "local_file", "shared"]),
        /// what it holds
        holds: Word(&["tokens", "sessions"]),
    }
    /// One Redis connection.
    Many redis {
        /// the connection is encrypted
        tls: Bool,
        /// the password it is opened with
        password: Secret,
        /// what it holds
        holds: Word(&["tokens", "sessions", "queue", "cache", "other"]),
        /// its host is a loopback address or a Unix socket
        local: Bool,
        /// its host is a name of the compose or cluster network
        private_network: Bool,
    }
    /// Refresh tokens.
    Many refresh_token {
        /// each use gives a new one
        rotated: Bool,
        /// they are offered
        enabled: Bool,
        /// how long one works
        lifetime: Seconds,
    }
    /// The OAuth server or client.
    Many oauth {
        /// which proofs of the code exchange are accepted
        pkce: Word(&["s256", "plain", "optional", "none"]),
        /// the client's kind
        client_type: Word(&["public", "confidential"]),
        /// it issues tokens to clients
        issues_tokens: Bool,
        /// clients add themselves
        dynamic_registration: Bool,
        /// a token or an allow-list is needed for that
        registration_gated: Bool,
        /// unknown client ids get codes
        unregistered_clients: Bool,
        /// the exact redirect targets
        redirect_allow_list: Texts,
        /// users are asked
        consent: Bool,
        /// scopes that everyone gets
        default_scopes: Texts,
        /// scopes that are asked for at another issuer
        requested_scopes: Texts,
        /// scopes that are demanded
        required_scopes: Texts,
        /// how `state` is checked
        state_validation: Word(&["strict", "format"]),
        /// the framework fixes the flow to the standard's secure choices
        compliant_by_design: Bool,
        /// the installed version lies in the table of known versions
        version_known: Bool,
    }
    /// Sessions.
    Many session {
        /// nothing is stored on the server
        stateless: Bool,
        /// how long a revoked session still passes
        revocation_delay: Seconds,
        /// how recent a login must be for sensitive actions
        fresh_age: Seconds,
        /// deletion or change of the address is on
        sensitive_actions: Bool,
    }
    /// Checks of the Host header.
    Many host_check {
        /// hosts that are accepted
        allowed_hosts: Texts,
        /// the framework refuses others
        enforced: Bool,
        /// the header is believed
        trust_host: Bool,
    }
    /// One rate limiter.
    Many rate_limit {
        /// it is in force
        installed: Bool,
        /// the built-in one is on
        enabled: Bool,
        /// the framework has one
        offered: Bool,
        /// there is something to limit
        serves_requests: Bool,
        /// people sign in there, or are handed codes and tokens
        signs_in: Bool,
        /// requests cost the call of a model
        asks_models: Bool,
        /// where the counters live
        store: Word(&["memory", "shared"]),
        /// whose address is counted
        ip_source: Word(&["socket", "trusted_hop", "client_header", "first_forwarded"]),
        /// who shares a bucket
        partition: Word(&["client", "global"]),
        /// how long one count lasts
        window: Seconds,
        /// how many requests a count lets through
        max: Number,
    }
}

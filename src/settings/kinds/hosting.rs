//! What surrounds the app: hosts, proxies, containers, pipelines, datastores.

use crate::settings::vocabulary::declare;

declare! {
    HOSTING:

    /// Where the app is deployed.
    One deployment {
        /// no process lasts
        serverless: Bool => ["", "no process lasts between requests"],
        /// how many instances run
        replicas: Number => ["{} instances run"],
        /// how many processes of the app answer side by side in one instance
        processes: Number => ["{} processes run side by side"],
        /// what lies under file paths
        disk: Word(&["durable", "ephemeral"]) => ["", "files on this disk are lost at the next deploy"],
        /// instances stop while nobody asks
        stops_when_idle: Bool,
        /// every source that could set a variable can be read
        environment_closed: Bool,
    }
    /// The proxy or platform in front of the app.
    One edge {
        /// its configuration is in the tree
        visible: Bool,
        /// it ends TLS
        tls: Bool,
        /// it limits rates on the path
        rate_limits: Bool,
        /// it replaces the client's address by what it saw itself
        rewrites_client_ip: Bool,
    }
    /// An address that is served or called.
    Many endpoint {
        /// its part
        role: Word(&["listener", "auth", "public_url", "own_public_url", "upstream", "datastore"]),
        /// scheme, host and port; of a listener only what is published, with the host `0.0.0.0` for every address
        url: Text,
        /// TLS ends before it
        behind_tls: Bool,
        /// its host is a name of the compose or cluster network
        private_network: Bool,
        /// the interface it binds
        bind_address: Text,
        /// when a request is cut off
        request_timeout: Seconds,
        /// the certificate of the other side is checked
        verifies_certificate: Bool,
        /// the installed version lies in the table of known versions
        version_known: Bool,
    }
    /// A proxy server, or what the app believes of one.
    Many proxy {
        /// its operator decides what stands in front of it
        fronted_by_operator: Bool,
        /// it serves plain http
        serves_http: Bool,
        /// it serves https
        serves_tls: Bool,
        /// it sends http on to https
        redirects_to_https: Bool,
        /// the TLS versions it takes, as `TLSv1.2`
        tls_versions: Texts,
        /// it tells the app the scheme
        forwards_scheme: Bool,
        /// it believes the scheme that a proxy before it tells
        reads_scheme: Bool,
        /// the app has Secure cookies or addresses that need the scheme (derived)
        app_needs_scheme: Bool,
        /// forwarded headers are believed from anyone
        trusts_forwarded: Bool,
        /// the app's own address is fixed
        public_url_pinned: Bool,
    }
    /// Response headers of one group of routes.
    Many response_headers {
        /// the protections that app and edge send together (derived)
        present_headers: Words(&["nosniff", "frame_protection", "content_policy", "referrer_policy", "permissions_policy", "hsts"]),
        /// they are switched off
        disabled: Bool,
        /// the app's operator decides what stands in front of it
        fronted_by_operator: Bool,
        /// people sign in there, or it keeps something in their browsers
        knows_visitors: Bool,
        /// how long browsers are to insist on https (derived)
        hsts_max_age: Seconds,
        /// subdomains are included in that
        hsts_subdomains: Bool,
    }
    /// One database.
    Many database {
        /// where it lives
        kind: Word(&["memory", "local_file", "server"]),
    }
    /// A datastore service.
    Many datastore {
        /// its port is open to the outside
        published: Bool,
        /// the networks that can connect
        allow_list: Texts,
        /// it answers people and programs over HTTP
        answers_http: Bool,
        /// what it asks of whoever reaches it: nothing, the password that every copy has, one of its own
        login: Word(&["none", "known", "own"]) => ["it asks for no login", "it has the password that every copy has", ""],
    }
    /// An image or a service.
    Many container {
        /// the user of the final stage
        user: Text,
        /// the image switches to another user by itself
        drops_privileges: Bool,
        /// what its start command is
        start_command_kind: Word(&["production", "single_process", "reload", "debugger"]),
        /// the project's folder is mounted into it
        source_mounted: Bool,
        /// by what it controls its host: Docker's socket that is mounted into it, every right that there is
        host_control: Word(&["docker_socket", "privileged"]) => ["Docker's socket is mounted into it", "it has every right"],
        /// the loopback address on which its server listens, though others are to reach it
        loopback_address: Text,
        /// variables that a `RUN` line exports and no later line sees
        exports_in_run: Texts,
        /// words of its command that name a variable which no shell puts in
        unexpanded_words: Texts,
        /// variables of the browser's code that are set when it is built already, without them or with something else
        inlined_variables_set_late: Texts,
        /// env files that are copied into it
        copied_env_files: Texts,
        /// those hold real values (derived)
        env_files_hold_secrets: Bool,
    }
    /// A pipeline or a build platform.
    Many ci {
        /// a step prints a secret
        prints_secret: Bool,
        /// the platform's scan for secrets is on
        secret_scan: Bool,
        /// a step audits the dependencies
        runs_audit: Bool,
        /// a step runs the framework's own checks
        runs_framework_check: Bool,
        /// tests and checks stand before a release
        runs_release_gates: Bool,
    }
}

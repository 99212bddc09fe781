//! How the app runs: its mode, build, errors, logs and configuration.

use crate::settings::vocabulary::declare;

declare! {
    APP:

    /// The app's process.
    One runtime {
        /// `NODE_ENV` or its like, as the strongest production source sets it
        environment_name: Text,
        /// the framework's own production switch, effective
        production_mode: Bool,
        /// the id that instances of one deployment share
        machine_id: Text,
        /// unsafe access from asynchronous code is refused
        async_guard: Bool,
    }
    /// A debug switch.
    Many debug {
        /// it is on in production
        enabled: Bool,
        /// how far it reaches
        effect: Word(&["application", "plugin", "diagnostics"]),
    }
    /// Error output of one surface.
    Many errors {
        /// stack traces or internals reach clients
        exposes_internals: Bool,
    }
    /// Build settings.
    Many build {
        /// source maps are published
        public_source_maps: Bool,
        /// type errors do not stop the build
        ignores_type_errors: Bool,
        /// a pipeline checks the types
        types_checked_elsewhere: Bool,
    }
    /// A written configuration key worth a word.
    Many config_key {
        /// whether the framework reads it
        effect: Word(&["none", "some"]),
        /// the framework accepts its value: type, range, unit
        accepted: Bool,
        /// the installed version starts with it: with the key there, the shape and the value
        fits_version: Bool,
        /// what the installed version takes there, in words
        what_fits: Text,
        /// the installed version lies in the table of known versions
        version_known: Bool,
    }
    /// A way in which the project demands less of a scan than at the revision that it is held against.
    Many gate {
        /// less is demanded
        weaker: Bool,
    }
    /// A piece of configuration.
    Many config_source {
        /// what it says; unknown when it is not in the tree
        content: Any,
        /// the helper and its shape exist in the package
        shape_known: Bool,
    }
    /// An installed provider package.
    Many provider {
        /// the manifest lists it
        dependency: Bool,
        /// it is handed to the server
        registered: Bool,
    }
    /// One logger.
    Many logging {
        /// the least level that is written
        level: Word(&["trace", "debug", "verbose", "info", "warn", "error", "fatal", "silent"]),
        /// it writes in a format made for a developer's terminal
        development_format: Bool,
        /// it records objects
        structured: Bool,
        /// the fields it masks
        redacted_fields: Texts,
        /// sensitive fields that are logged unmasked (derived)
        raw_fields: Texts,
    }
    /// Mail sending.
    Many mail {
        /// what sends mail in production
        backend: Word(&["console", "dummy", "file", "memory", "smtp", "service", "other"]),
    }
    /// A file cache.
    Many cache {
        /// it lies under a folder that is served
        path_served: Bool,
    }
    /// Schema changes of a database.
    Many migration {
        /// the schema is pushed or synchronized at start, without reviewed migrations
        auto_sync: Bool,
        /// what is removed without asking
        drops: Word(&["none", "orphaned", "any"]) => ["", "tables that the code no longer names are dropped", "any table can be dropped"],
        /// when warnings of destructive changes are shown
        warnings: Word(&["never", "development", "important", "always"]),
        /// a deploy step applies migrations
        apply_step: Bool,
        /// that step comes after a dry run
        dry_run_step: Bool => ["no dry run comes before it", ""],
    }
    /// A job queue.
    Many queue {
        /// jobs exist
        used: Bool,
        /// its store survives a restart (derived)
        durable: Bool,
        /// a worker process is declared
        worker_declared: Bool,
    }
    /// A loop that outlives a request.
    Many background_loop {
        /// where it is started
        started_in: Word(&["provider", "request", "worker"]),
    }
    /// Tenants of the app.
    One tenancy {
        /// the app serves several tenants (derived)
        multi_tenant: Bool,
        /// row level security is confirmed
        row_level_security: Bool,
    }
    /// The private security matrix.
    Many security_matrix {
        /// it is at the path that is looked up
        found: Bool,
        /// the framework refuses to start without it
        required: Bool,
        /// it matches its schema
        valid: Bool,
        /// it covers every model and field
        complete: Bool => ["models or fields are missing in it", ""],
        /// git tracks it
        tracked: Bool,
        /// it is a sample file
        is_example: Bool,
    }
    /// A plugin that loads bundles.
    Many plugin {
        /// only signed bundles are loaded
        signature_required: Bool,
    }
    /// A manual item of the checklist; its name is the rule's id.
    Many attestation {
        /// somebody recorded it and the record has not expired
        attested: Bool,
    }
}

//! Secrets, the files they stand in, and the variables that carry them.

use crate::settings::vocabulary::declare;

declare! {
    SECRETS:

    /// One secret value in one place.
    Many secret {
        /// the value that production gets
        value: Secret,
        /// where the text stands
        written_in: Word(&["code", "env_file", "template", "compose", "dockerfile", "wrangler", "manifest", "ci", "script", "comment"]),
        /// what it protects
        purpose: Word(&["signing", "session", "encryption", "cron", "agent", "password", "api_key", "datastore", "vault", "other"]),
        /// the app cannot do its work without it
        required: Bool,
        /// random bytes that the framework asks for
        min_random_bytes: Number,
        /// an environment schema declares its variable
        in_schema: Bool,
        /// the least length in characters that its environment schema guarantees
        schema_min_length: Number,
        /// its environment schema lets it be absent
        schema_optional: Bool,
        /// other environments in which it has the same value (derived)
        same_value_in: Texts => ["{} has the same value"],
        /// other secrets with the same value (derived)
        same_value_as: Texts => ["{} has the same value"],
        /// the port of its service is published
        service_published: Bool,
        /// what it guards outlives the container that holds it
        data_kept: Bool,
        /// it is the name of the user whose password it is
        repeats_user: Bool,
        /// its file is a tracked `.env` whose framework keeps secrets in `.env.local`
        shared_default: Bool,
        /// it is a build argument without a default: a name, no value
        without_default: Bool,
        /// it is written in a test job with service containers of its own
        in_test_job: Bool,
        /// a variable or a secret store can supply it; false where only code or configuration can
        from_environment: Bool,
        /// it is a reference to a platform's secret store
        platform_reference: Bool,
    }
    /// One env or secret file.
    Many env_file {
        /// whether it gives values or only names them
        role: Word(&["values", "template"]),
        /// it is in git's index
        tracked: Bool,
        /// an ignore rule covers it
        ignored: Bool,
        /// it has a non-empty value under a secret's name
        holds_secrets: Bool,
        /// all of those are placeholders
        holds_only_dummies: Bool,
        /// it exists untracked, or its name is one that the app's loader, scripts or documents use
        exists_by_convention: Bool,
    }
    /// A line of an env file that its reader changes.
    Many env_entry {
        /// the variable's name
        name: Text,
        /// what becomes of its value
        loss: Word(&["cut", "expanded", "quoted", "renamed"]),
        /// what arrives, in words that show nothing of it
        arrives_as: Text,
    }
    /// One environment variable.
    Many variable {
        /// its name
        name: Text,
        /// the value that production gets
        value: Secret,
        /// a client prefix or the bundler puts it into the browser's code
        visible_to_client: Bool,
        /// it is read without a fallback
        required: Bool,
        /// the app checks as it starts that it is there, and ends without it
        demanded: Bool,
        /// where nothing sets it the app stops and says which variable it lacks
        stops_unset: Bool,
        /// some source reads it
        read_in_code: Bool,
        /// where it is declared: schema, template, env files, deployment files (derived)
        declared_in: Texts,
        /// the providers and libraries that read it by themselves
        required_by: Texts,
        /// an option in code gives the value instead
        satisfied_in_code: Bool,
        /// the schema's default, where production reaches it
        schema_default: Text,
        /// the framework's parser refuses the text
        parse_error: Bool,
        /// the text is in neither of the parser's word lists
        unrecognized_boolean: Bool,
        /// a boolean is made of the truth of the raw text
        string_truthiness: Bool,
    }
    /// A declared schema of the environment.
    Many env_schema {
        /// there is one
        exists: Bool,
        /// the server imports it when it starts
        used_at_startup: Bool,
        /// declared keys that the strict map forgets
        unmapped_keys: Texts,
        /// client keys without the client prefix
        misprefixed_client_keys: Texts,
    }
}

//! The words by which names and values are told: lists alone, each with what it rests on.
//!
//! English puts the noun last: `JWT_SECRET` is a secret, `SECRET_NAMESPACE` a namespace. So a name holds a secret where
//! its last word does, or where nothing but a qualifier follows (`JWT_SECRET_PROD`). A word that stands in no list
//! leaves a name that only speaks of a secret, and then the value decides.

/// Prefixes that a bundler needs to put a variable into the browser; they say nothing about the rest of the name.
pub(super) const CLIENT_PREFIXES: &[&str] = &[
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "EXPO_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "GATSBY_",
    "PUBLIC_",
    "BUN_PUBLIC_",
    "NX_PUBLIC_",
    "NX_REACT_APP_",
    "VUE_APP_",
    "STORYBOOK_",
];

/// Nouns that are a secret.
#[rustfmt::skip]
pub(super) const SECRET: &[&str] = &[
    "secret", "secrets", "password", "passwords", "passwd", "passphrase", "passcode", "apikey", "apikeys", "privatekey",
    "secretkey", "accesskey", "authkey", "credential", "credentials", "creds", "pepper", "accesstoken", "authtoken",
];

/// Ends of words that are a secret without a separator before them: `PGPASSWORD`, `requirepass`, `clientsecret`.
pub(super) const SECRET_TAILS: &[&str] = &["password", "passwd", "secret", "requirepass", "apikey", "passphrase"];

/// Nouns that are a secret where they end a name; before another noun they are not: `TOKEN_ENDPOINT`, `PASS_RATE`.
pub(super) const SECRET_AT_END: &[&str] = &["token", "pass", "pwd", "pw", "salt", "pat"];

/// What makes a key a secret one: `API_KEY`, `SERVICE_ROLE_KEY`.
#[rustfmt::skip]
pub(super) const OF_KEY: &[&str] = &[
    "api", "private", "signing", "sign", "encryption", "encrypt", "decryption", "secret", "access", "auth", "master",
    "jwt", "session", "cookie", "hmac", "app", "admin", "aes", "crypto", "vault", "deploy", "ssh", "gpg", "pgp",
    "root", "agent", "service", "webhook", "server", "rsa",
];

/// Qualifiers behind the noun: of which environment, which copy, in which form, whose.
#[rustfmt::skip]
pub(super) const QUALIFIERS: &[&str] = &[
    // of which environment
    "prod", "production", "dev", "development", "stage", "staging", "stg", "test", "testing", "live", "local", "sandbox",
    "preview", "ci",
    // which copy: what is rotated has an old and a new one
    "old", "new", "current", "previous", "prev", "next", "backup", "primary", "secondary", "main", "default", "a", "b",
    // in which form
    "key", "keys", "value", "val", "string", "base", "pem", "base64", "b64", "hex", "raw", "plain",
    // whose
    "access", "refresh", "admin", "root", "app", "api", "web", "worker", "db", "database", "postgres",
    "mysql", "mongo", "mongodb", "redis", "rabbitmq", "smtp", "mail", "aws", "s3", "azure", "gcp", "google", "github",
    "gitlab", "openai", "anthropic", "stripe", "slack", "twilio", "sendgrid", "resend", "sentry", "npm", "jwt",
    "signing", "encryption", "private", "confirm", "confirmation",
];

/// Nouns and states behind a secret that hold none: `PASSWORD_RESET_DISABLED`, `SECRET_NAMESPACE`, `TOKEN_TTL`.
/// Collected from the environment tables of some forty public projects (bknd, Supabase, Authentik, Keycloak, Django,
/// Formbricks, Outline, Plane, Mailcow, Jitsi, Dify, NetBox and the like).
#[rustfmt::skip]
pub(super) const ABOUT: &[&str] = &[
    // how long, how many, when
    "ttl", "expiry", "expires", "expire", "expiration", "lifetime", "in", "age", "seconds", "minutes", "hours", "days",
    "ms", "duration", "timeout", "interval", "schedule", "cron", "length", "len", "min", "max", "minimum", "maximum",
    "limit", "limits", "count", "size", "bits", "bytes", "rounds", "iterations", "cost", "attempts", "retries", "retry",
    "lockout", "threshold", "quota", "rate", "level", "date", "time", "timestamp", "at", "since", "until",
    // whether
    "enabled", "enable", "disabled", "disable", "required", "require", "optional", "allowed", "allow", "supported",
    "only", "on", "off", "status", "state", "active", "visible", "signup", "signin", "login", "logout", "auth",
    "authentication", "reset", "resets", "recovery", "rotation", "rotate", "check", "checks", "validation", "verification",
    // by what name, where
    "name", "names", "header", "headers", "prefix", "suffix", "field", "fields", "file", "files", "filename", "path",
    "paths", "dir", "directory", "folder", "url", "urls", "uri", "endpoint", "endpoints", "host", "port", "domain",
    "region", "zone", "arn", "id", "ids", "uuid", "alias", "ref", "reference", "location", "namespace", "bucket",
    "table", "column", "env", "variable", "cookie", "param", "parameter", "claim", "claims", "scope", "scopes",
    "audience", "issuer", "subject", "project", "account", "tenant", "version", "vault", "mount",
    // what kind, by whom
    "type", "types", "kind", "mode", "format", "encoding", "algorithm", "algorithms", "alg", "scheme", "method",
    "methods", "strategy", "flow", "grant", "policy", "policies", "rules", "strength", "complexity", "history",
    "pattern", "regex", "hash", "hashes", "hashed", "hasher", "hashers", "hashing", "digest", "fingerprint", "checksum",
    "validator", "validators", "provider", "providers", "manager", "managers", "backend", "backends", "store", "storage",
    "engine", "driver", "helper", "generator", "handler", "factory", "resolver", "plugin", "service", "class", "source",
    // what people see of it
    "prompt", "message", "hint", "label", "title", "placeholder", "description", "help", "text", "template", "templates",
    "email", "page", "form", "input", "box", "button", "icon", "dialog", "component", "view", "screen",
    "route", "link", "event", "events", "queue", "topic", "log", "logs", "warning", "error", "errors",
];

/// First words of switches: `DISABLE_PASSWORD_LOGIN`, `USE_SECRET_STORE`.
#[rustfmt::skip]
pub(super) const SWITCHES: &[&str] = &[
    "disable", "disabled", "enable", "enabled", "allow", "require", "use", "uses", "skip", "show", "hide", "has", "is",
    "no", "need", "needs", "should", "can", "must", "ignore", "force", "support", "supports", "with", "without", "max",
    "min", "generate", "rotate", "forgot",
];

/// Kinds of keys and tokens that are made to be seen: in browsers, in mails, in documents.
#[rustfmt::skip]
pub(super) const PUBLIC: &[&str] = &[
    "public", "pub", "publishable", "anon", "anonymous", "site", "sitekey", "dsn", "firebase", "maps", "gmaps",
    "mapbox", "posthog", "mixpanel", "amplitude", "segment", "analytics", "search", "captcha", "recaptcha",
    "hcaptcha", "turnstile", "algolia", "pusher", "csrf", "xsrf", "giphy", "unsplash", "pexels", "tolgee", "fonts",
    "sheets", "picker", "typesense", "meilisearch", "maptiler", "mapkit", "intercom", "crisp", "clarity", "heap",
];

/// Tokens by which browsers send logs and measurements: they let nobody read anything.
pub(super) const SENDING: &[[&str; 2]] =
    &[["source", "token"], ["client", "token"], ["ingest", "token"], ["ingestion", "key"]];

/// Whole names that are none for all their words: a working directory, settings of scans for secrets.
pub(super) const NONE: &[&str] = &["PWD", "OLDPWD"];

/// Variables from which an image or a framework's own start takes the password of its administrator or its database.
/// Whatever stands there is that password, a number too: documentation of the official images on Docker Hub
/// (postgres, mysql, mariadb, mongo, redis of Bitnami, rabbitmq, minio, neo4j, couchdb, influxdb, clickhouse, oracle,
/// mssql), of pgAdmin, Grafana, Keycloak, mongo-express, and of Django's `createsuperuser`.
#[rustfmt::skip]
pub(super) const READ_BY_IMAGES: &[&str] = &[
    "POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD", "PGPASSWORD", "MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD",
    "MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD", "REDIS_PASSWORD",
    "RABBITMQ_DEFAULT_PASS", "MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY", "MSSQL_SA_PASSWORD", "SA_PASSWORD",
    "ORACLE_PASSWORD", "ORACLE_PWD", "ELASTIC_PASSWORD", "CLICKHOUSE_PASSWORD", "COUCHDB_PASSWORD",
    "DOCKER_INFLUXDB_INIT_PASSWORD", "PGADMIN_DEFAULT_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD",
    "KEYCLOAK_ADMIN_PASSWORD", "KC_BOOTSTRAP_ADMIN_PASSWORD", "ME_CONFIG_BASICAUTH_PASSWORD",
    "DJANGO_SUPERUSER_PASSWORD", "ADMIN_PASSWORD", "ROOT_PASSWORD",
];

/// Words that say a switch, a mode or a method, and are no secret under any name.
#[rustfmt::skip]
pub(super) const PLAIN: &[&str] = &[
    // switches
    "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "enabled", "disabled", "enable", "disable", "auto",
    "always", "never", "required", "optional", "allow", "deny", "null", "none", "nil", "undefined",
    // modes of credentials, cookies and logins
    "include", "omit", "same-origin", "strict", "lax", "basic", "bearer", "digest", "oauth", "oauth2", "oidc", "saml",
    "ldap", "jwt", "header", "cookie", "query", "body", "implicit", "authorization_code", "client_credentials",
    // algorithms
    "hs256", "hs384", "hs512", "rs256", "rs384", "rs512", "es256", "es384", "es512", "ps256", "eddsa", "sha1", "sha256",
    "sha512", "md5", "bcrypt", "scrypt", "argon2", "argon2id", "pbkdf2", "aes-256-gcm", "aes-256-cbc",
    "aes-128-gcm", "base64", "hex", "scram-sha-256", "scram-sha-512",
];

/// Texts by which somebody says that nothing is set. At a provider, none of them opens anything.
#[rustfmt::skip]
pub(super) const SENTINELS: &[&str] = &[
    "invalid", "unset", "not-set", "not_set", "notset", "n/a", "na", "none", "null", "nil", "undefined", "missing",
    "disabled", "empty", "unused", "unknown", "not-used", "not_used", "noop", "no-key", "no_key", "nokey", "no-key-required",
    "not-needed", "not_needed", "notneeded", "not-required", "not_required", "not-configured", "not_configured",
    "unconfigured", "nope", "-", "todo", "tbd", "fixme", "xxx",
];

/// Keys that providers publish for tests and for emulators: with them nothing real is reached.
#[rustfmt::skip]
pub(super) const DOCUMENTED: &[&str] = &[
    // <https://developers.cloudflare.com/turnstile/troubleshooting/testing/>
    "1x0000000000000000000000000000000aa", "2x0000000000000000000000000000000aa", "3x0000000000000000000000000000000aa",
    "1x00000000000000000000aa", "2x00000000000000000000ab", "3x00000000000000000000ff",
    // <https://developers.google.com/recaptcha/docs/faq>
    "6leixactaaaaajcznn3ldnyv4-anamz9ovhjc7jw", "6leixactaaaaagg-vfi1tnrwxmznfuojj4wifjwe", "6leixactaaaaajcnndhqgn0h5vtdgqr5lqhjbngq",
    // <https://docs.hcaptcha.com/#integration-testing-test-keys>
    "0x0000000000000000000000000000000000000000",
    // <https://learn.microsoft.com/azure/storage/common/storage-use-azurite>, Cosmos DB's emulator
    "eby8vdm02xnocqflquwjpllmetlcdxj1ouzft50usrz6ifsufq2uvercz4i6tq/k1szfptotr/kbhbeksogmgw==",
    "c2y6ydjf5/r+ob0n8a7cgv30vrdjiwehlm+4qdu5de2nq9ndutqtqobd4b8mggypmbiznqymsecagqy67xiw/jw==",
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html>
    "akiaiosfodnn7example", "wjalrxutnfemi/k7mdeng/bpxrficyexamplekey",
    // <https://upstash.com/docs/qstash/howto/local-development>: the keys of QStash's development server
    "sig_7kyjw48mhy7kajqngcy6cr29rj6r", "sig_5zb6dvzb1wje8s6rz7eena8pdnhs",
    "eyjvc2vysuqioijkzwzhdwx0vxnlciisilbhc3n3b3jkijoizgvmyxvsdfbhc3n3b3jkin0=",
];

/// How a text begins that another place holds the secret of: variables, templates, secret stores and their plugins.
#[rustfmt::skip]
pub(super) const REFERENCES: &[&str] = &[
    "${", "$(", "{{", "<%", "%{", "#{", "@@", "%env(", "env:", "env(", "env.", "process.env.", "os.environ", "var.",
    "local.", "data.", "module.", "secrets.", "op://", "vault:", "vault://", "ref+", "arn:aws", "secretsmanager:", "sm://",
    "ssm:", "ssm://", "awssm:", "awssm://", "aws-ssm:", "gcp:", "gcpsm:", "gcp-secret:", "gsm:", "gsm://", "projects/",
    "berglas://", "azurekeyvault:", "akv:", "keyvault:", "@microsoft.keyvault(", "doppler://", "infisical://", "bws://", "keyring:",
    "lastpass:", "1password:", "secret:", "secret://", "secretref:", "secret-ref:", "!ref", "!vault", "!secret",
    "<path:", "{{resolve:", "file:",
];

/// How ciphertext begins that is made to be committed: SOPS, dotenvx, Ansible, Spring, Jasypt, age, PGP, KMS, Vault's
/// transit, Rails, Laravel, git-crypt.
#[rustfmt::skip]
pub(super) const CIPHERTEXT: &[&str] = &[
    "enc[", "enc(", "encrypted:", "$ansible_vault;", "{cipher}", "-----begin age encrypted file-----",
    "-----begin pgp message-----", "vault:v1:", "aqica", "kms:",
];

/// How a text begins that is public, or was made of a secret and gives it to nobody: public keys, certificates, hashes.
#[rustfmt::skip]
pub(super) const MADE_PUBLIC: &[&str] = &[
    "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-", "-----begin public key", "-----begin rsa public key",
    "-----begin certificate", "age1", "$2a$", "$2b$", "$2y$", "$argon2", "$scrypt$", "$pbkdf2", "$apr1$", "$5$", "$6$",
    "pbkdf2:", "pbkdf2_sha256$", "scrypt:", "bcrypt$", "{ssha", "{sha", "sha256:", "sha256-", "sha384-", "sha512-", "sha512:",
    "scram-sha-256$",
];

/// Ends of the names of files that hold a secret themselves.
#[rustfmt::skip]
pub(super) const FILE_ENDS: &[&str] = &[
    ".crt", ".cer", ".pem", ".key", ".pub", ".p12", ".pfx", ".jks", ".p8", ".asc", ".gpg", ".json", ".yaml", ".yml", ".toml",
    ".txt", ".env", ".ini", ".conf", ".db", ".sqlite", ".html", ".tmpl", ".tpl", ".mjml",
];

/// Words of names by which a secret is for a database or a broker.
#[rustfmt::skip]
pub(super) const DATASTORES: &[&str] = &[
    "database", "db", "postgres", "postgresql", "pg", "pgpassword", "mysql", "mariadb", "redis", "valkey", "mongo", "mongodb",
    "minio", "rabbitmq", "elastic", "elasticsearch", "clickhouse", "neo4j", "libsql", "turso", "mssql", "oracle", "couchdb",
    "influxdb", "cassandra", "amqp", "broker",
];

/// Words of names by which a secret is handed out by a provider, and not for the app to choose.
#[rustfmt::skip]
pub(super) const ISSUERS: &[&str] = &[
    "client", "webhook", "oauth", "aws", "s3", "stripe", "google", "github", "gitlab", "resend", "smtp", "openai", "qstash",
    "upstash", "inngest", "slack", "clerk", "svix", "mux", "discord", "twilio", "sendgrid", "postmark", "shopify", "knock",
    "pusher", "liveblocks", "azure", "anthropic", "keycloak", "turnstile", "recaptcha", "hcaptcha", "telegram", "mailgun",
    "cloudflare", "vercel", "sentry", "datadog", "linear", "notion", "hubspot", "paypal", "plaid", "npm",
];

/// Words in the names of the one secret that an app signs with: `APP_SECRET`, `AUTH_SECRET`, `DJANGO_SECRET_KEY`. They
/// are several names of one thing, too: a framework that was renamed reads both.
#[rustfmt::skip]
pub(super) const OWNERS: &[&str] = &[
    "app", "application", "auth", "nextauth", "authjs", "better", "server", "base", "django", "flask", "rails", "payload",
    "aksara", "beignet", "bknd", "lucent", "frontmcp",
];

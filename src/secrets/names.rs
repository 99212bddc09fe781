//! Names of variables and keys that say secret, and what such a secret is for.

/// Prefixes that a bundler needs to put a variable into the browser; they say nothing about the rest of the name.
const CLIENT_PREFIXES: [&str; 8] =
    ["NEXT_PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "VITE_", "REACT_APP_", "GATSBY_", "PUBLIC_", "BUN_PUBLIC_"];

/// Words that say secret wherever they stand.
#[rustfmt::skip]
const SECRET_WORDS: [&str; 17] = [
    "secret", "secrets", "password", "passwd", "passphrase", "passcode", "apikey", "privatekey", "secretkey",
    "accesskey", "authkey", "credential", "credentials", "creds", "pepper", "accesstoken", "authtoken",
];

/// Words that say secret at the end of a name.
const SECRET_ENDINGS: [&str; 6] = ["token", "pass", "pwd", "pw", "salt", "pat"];

/// What makes a key a secret one: `API_KEY`, `SERVICE_ROLE_KEY`.
#[rustfmt::skip]
const KEY_QUALIFIERS: [&str; 30] = [
    "api", "private", "signing", "sign", "encryption", "encrypt", "decryption", "secret", "access", "auth", "master",
    "jwt", "session", "cookie", "hmac", "app", "admin", "aes", "crypto", "vault", "deploy", "ssh", "gpg", "pgp",
    "root", "agent", "service", "webhook", "server", "rsa",
];

/// Kinds of keys and tokens that are made to be seen: in browsers, in mails, in documents.
#[rustfmt::skip]
const PUBLIC_WORDS: [&str; 26] = [
    "public", "pub", "publishable", "anon", "anonymous", "site", "sitekey", "dsn", "firebase", "maps", "gmaps",
    "mapbox", "posthog", "mixpanel", "amplitude", "segment", "analytics", "search", "captcha", "recaptcha",
    "hcaptcha", "turnstile", "algolia", "pusher", "csrf", "xsrf",
];

/// Endings that speak about a secret and hold none: `TOKEN_TTL`, `PASSWORD_FILE`.
#[rustfmt::skip]
const ABOUT: [&str; 50] = [
    "ttl", "expiry", "expires", "expiration", "lifetime", "in", "age", "seconds", "minutes", "hours", "days", "ms",
    "duration", "timeout", "length", "min", "max", "limit", "count", "rounds", "cost", "name", "names", "header",
    "prefix", "suffix", "field", "file", "path", "dir", "url", "uri", "endpoint", "host", "region", "arn", "id",
    "ids", "version", "type", "algorithm", "alg", "issuer", "audience", "enabled", "required", "policy", "provider",
    "hint", "rotation",
];

/// The lower-case words of a name: `betterAuthSecret`, `BETTER_AUTH_SECRET` and `better-auth.secret` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            before = ' ';
            continue;
        }
        let starts = before == ' ' || c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words
}

fn without_client_prefix(name: &str) -> &str {
    CLIENT_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// Whether a name says secret, and not one of the kinds that are made to be public.
pub fn is_secret_name(name: &str) -> bool {
    let name = without_client_prefix(name.trim());
    // `SECRETS_SCAN_OMIT_KEYS` steers a scan for secrets.
    if matches!(name, "PWD" | "OLDPWD") || name.starts_with("SECRETS_SCAN") {
        return false;
    }
    let words = words(name);
    let Some(last) = words.last() else { return false };
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let says_secret = words.iter().any(|word| is(&SECRET_WORDS, word));
    // `TURNSTILE_SECRET_KEY` is secret for all its first word; `TURNSTILE_SITE_KEY` is not.
    if is(&ABOUT, last) || !says_secret && words.iter().any(|word| is(&PUBLIC_WORDS, word)) {
        return false;
    }
    if says_secret {
        return !words.iter().any(|word| matches!(word.as_str(), "public" | "publishable"));
    }
    let qualified = |last: &str, qualifiers: &[&str]| {
        words.windows(2).any(|pair| pair[1] == last && qualifiers.contains(&pair[0].as_str()))
    };
    let service = words.windows(3).any(|three| three[0] == "service" && three[2] == "key");
    service || is(&SECRET_ENDINGS, last) || qualified("key", &KEY_QUALIFIERS) || qualified("string", &["connection"])
}

/// What a secret of this name is for, in the vocabulary's words for `secret.purpose`; `other` where the name does not say.
pub fn purpose(name: &str) -> &'static str {
    let words = words(without_client_prefix(name.trim()));
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let datastore = [
        "database",
        "db",
        "postgres",
        "postgresql",
        "pg",
        "pgpassword",
        "mysql",
        "mariadb",
        "redis",
        "valkey",
        "mongo",
        "mongodb",
        "minio",
        "rabbitmq",
        "elastic",
        "elasticsearch",
        "clickhouse",
        "neo4j",
        "libsql",
        "turso",
    ];
    if has(&["cron"]) {
        return "cron";
    }
    if has(&["vault"]) {
        return "vault";
    }
    // What a provider hands out is not for the app to choose.
    let issuers = [
        "client",
        "webhook",
        "oauth",
        "aws",
        "s3",
        "stripe",
        "google",
        "github",
        "resend",
        "smtp",
        "openai",
        "qstash",
        "upstash",
        "inngest",
        "slack",
        "clerk",
        "svix",
        "mux",
        "discord",
        "twilio",
        "sendgrid",
        "postmark",
        "shopify",
        "knock",
        "pusher",
        "liveblocks",
    ];
    if has(&issuers) {
        return "api_key";
    }
    if has(&datastore) {
        return "datastore";
    }
    if has(&["encryption", "encrypt", "aes", "crypto", "fernet"]) {
        return "encryption";
    }
    if has(&["session", "cookie"]) {
        return "session";
    }
    if has(&["agent", "mcp"]) {
        return "agent";
    }
    if has(&["jwt", "signing", "hmac"]) || is_own_secret(&words) {
        return "signing";
    }
    if has(&["password", "passwd", "passphrase", "pass", "pwd"]) {
        return "password";
    }
    let is_key = words.last().is_some_and(|last| matches!(last.as_str(), "token" | "key" | "apikey" | "pat"));
    if is_key { "api_key" } else { "other" }
}

/// `SECRET`, `APP_SECRET`, `AUTH_SECRET`, `DJANGO_SECRET_KEY`: the one secret an app signs with.
fn is_own_secret(words: &[String]) -> bool {
    const OWNERS: [&str; 17] = [
        "app",
        "application",
        "auth",
        "nextauth",
        "authjs",
        "better",
        "server",
        "base",
        "django",
        "flask",
        "rails",
        "payload",
        "aksara",
        "beignet",
        "bknd",
        "lucent",
        "frontmcp",
    ];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let owner = match words.as_slice() {
        [owner @ .., "secret"] | [owner @ .., "secret", "key"] | [owner @ .., "secret", "key", "base"] => owner,
        [owner @ .., "key"] if owner == ["app"] => owner,
        _ => return false,
    };
    owner.iter().all(|word| OWNERS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Type;

    #[test]
    fn names_that_say_secret() {
        for name in [
            "JWT_SECRET",
            "DB_PASSWORD",
            "STRIPE_SECRET_KEY",
            "GITHUB_TOKEN",
            "betterAuthSecret",
            "SMTP_PASS",
            "OPENAI_API_KEY",
            "NEXT_PUBLIC_STRIPE_SECRET_KEY",
            "VITE_API_KEY",
            "SUPABASE_SERVICE_ROLE_KEY",
            "TURNSTILE_SECRET_KEY",
            "private-key",
            "AZURE_STORAGE_CONNECTION_STRING",
            "AWS_SECRET_ACCESS_KEY",
            "PGPASSWORD_PASSWORD",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "PORT",
            "NODE_ENV",
            "NEXT_PUBLIC_SUPABASE_ANON_KEY",
            "STRIPE_PUBLISHABLE_KEY",
            "RECAPTCHA_SITE_KEY",
            "SENTRY_DSN",
            "TOKEN_TTL",
            "PASSWORD_MIN_LENGTH",
            "DB_PASSWORD_FILE",
            "AWS_ACCESS_KEY_ID",
            "PWD",
            "MAX_TOKENS",
            "KEYBOARD",
            "NEXT_PUBLIC_FIREBASE_API_KEY",
            "JWT_ISSUER",
            "MONKEY",
            "PUBLIC_KEY",
            "CSRF_TOKEN",
            "COMPASS",
            "VITE_MAPBOX_TOKEN",
            "SECRETS_SCAN_OMIT_KEYS",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn purposes_follow_the_name() {
        for (name, expected) in [
            ("CRON_SECRET", "cron"),
            ("JWT_SECRET", "signing"),
            ("AUTH_SECRET", "signing"),
            ("SECRET_KEY", "signing"),
            ("DJANGO_SECRET_KEY", "signing"),
            ("APP_KEY", "signing"),
            ("SESSION_SECRET", "session"),
            ("ENCRYPTION_KEY", "encryption"),
            ("POSTGRES_PASSWORD", "datastore"),
            ("REDIS_PASSWORD", "datastore"),
            ("GOOGLE_CLIENT_SECRET", "api_key"),
            ("STRIPE_WEBHOOK_SECRET", "api_key"),
            ("OPENAI_API_KEY", "api_key"),
            ("QSTASH_CURRENT_SIGNING_KEY", "api_key"),
            ("ADMIN_PASSWORD", "password"),
            ("MCP_TOKEN", "agent"),
            ("SOMETHING_SECRET", "other"),
        ] {
            assert_eq!(purpose(name), expected, "{name}");
            let Type::Word(words) = crate::settings::secret::purpose.ty else { panic!("a word") };
            assert!(words.contains(&expected), "{expected}");
        }
    }
}

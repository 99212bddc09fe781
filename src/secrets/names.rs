//! Names of variables and keys that say secret, and what such a secret is for.

use super::words::{
    ABOUT, CLIENT_PREFIXES, DATASTORES, ISSUERS, NONE, OF_KEY, OWNERS, PUBLIC, QUALIFIERS, SECRET, SECRET_AT_END,
    SECRET_TAILS, SENDING, SWITCHES,
};

/// What a name says of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// What stands under it is one: `DB_PASSWORD`.
    Holds,
    /// It has to do with one; whether it is one, only its value tells: `PASSWORD_SAUCE`.
    Mentions,
    /// Nothing, or it is about one: `PORT`, `PASSWORD_MIN_LENGTH`.
    Nothing,
}

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

/// Whether a bundler puts what a variable holds into the code that browsers get, by its name.
pub fn is_for_client(name: &str) -> bool {
    CLIENT_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn without_client_prefix(name: &str) -> &str {
    CLIENT_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// What a name says.
pub fn naming(name: &str) -> Naming {
    let name_as_written = name.trim();
    let name = without_client_prefix(name_as_written);
    // `SECRETS_SCAN_OMIT_KEYS` steers a scan for secrets.
    if NONE.contains(&name) || name.starts_with("SECRETS_SCAN") {
        return Naming::Nothing;
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(last) = words.last() else { return Naming::Nothing };
    let noun = words.iter().rposition(|word| is_secret_word(word));
    // `TURNSTILE_SECRET_KEY` is secret for all its first word; `TURNSTILE_SITE_KEY` is not.
    let public = words.iter().any(|word| match noun {
        Some(_) => matches!(*word, "public" | "publishable"),
        None => PUBLIC.contains(word),
    });
    let is_for_sending = is_for_client(name_as_written) && SENDING.iter().any(|pair| words.ends_with(pair));
    if public || is_for_sending || ABOUT.contains(last) {
        return Naming::Nothing;
    }
    let Some(end) = noun.or_else(|| key_of(&words)).max(short_noun(&words)) else { return Naming::Nothing };
    let qualified = words[end + 1..].iter().all(|word| QUALIFIERS.contains(word) || is_number(word));
    if qualified && !SWITCHES.contains(&words[0]) { Naming::Holds } else { Naming::Mentions }
}

/// Whether a name says that what stands under it is a secret, and not one of the kinds that are made to be public.
pub fn is_secret_name(name: &str) -> bool {
    naming(name) == Naming::Holds
}

fn is_secret_word(word: &str) -> bool {
    SECRET.contains(&word) || SECRET_TAILS.iter().any(|tail| word.ends_with(tail))
}

/// `2`, `v2`
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where the last key stands that is a secret one: `API_KEY`, `SERVICE_ROLE_KEY`, `CONNECTION_STRING`.
fn key_of(words: &[&str]) -> Option<usize> {
    (1..words.len()).rev().find(|at| match words[*at] {
        "key" | "keys" => OF_KEY.contains(&words[*at - 1]) || (*at > 1 && words[*at - 2] == "service"),
        "string" => words[*at - 1] == "connection",
        _ => false,
    })
}

/// Where a noun stands that is a secret at the end of a name alone: behind it only an environment or a number may come.
fn short_noun(words: &[&str]) -> Option<usize> {
    const BEHIND: &[&str] = &["prod", "production", "dev", "development", "staging", "test", "old", "new"];
    let at = words.iter().rposition(|word| SECRET_AT_END.contains(word))?;
    // `PROXY_PASS`, `UWSGI_PASS`: to whom nginx passes requests on.
    if words[at] == "pass" && at > 0 && ["proxy", "uwsgi", "fastcgi", "grpc", "scgi"].contains(&words[at - 1]) {
        return None;
    }
    words[at + 1..].iter().all(|word| BEHIND.contains(word) || is_number(word)).then_some(at)
}

/// What a secret of this name is for, in the vocabulary's words for `secret.purpose`; `other` where the name does not say.
pub fn purpose(name: &str) -> &'static str {
    let words = words(without_client_prefix(name.trim()));
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&["cron"]) {
        return "cron";
    }
    if has(&["vault"]) {
        return "vault";
    }
    // What a provider hands out is not for the app to choose.
    if has(ISSUERS) {
        return "api_key";
    }
    if has(DATASTORES) {
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
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let owner = match words.as_slice() {
        [owner @ .., "secret"] | [owner @ .., "secret", "key"] | [owner @ .., "secret", "key", "base"] => owner,
        [owner @ .., "key"] if owner == ["app"] => owner,
        _ => return false,
    };
    owner.iter().all(|word| OWNERS.contains(word))
}

/// Purposes for which an app makes the secret itself.
const OWN_MADE: &[&str] = &["signing", "session", "encryption", "vault", "agent", "cron"];

/// What a secret serves, as far as its name and its purpose tell.
#[derive(Clone, Debug)]
pub struct Served {
    subject: Vec<String>,
    purpose: &'static str,
}

impl Served {
    /// What the secret of a name serves, with a word of `secret.purpose`.
    pub fn of(name: &str, purpose: &'static str) -> Served {
        Served { subject: subject(name), purpose }
    }

    /// Whether two secrets should not have one value. What a provider issued or a server checks has the same value
    /// wherever it is used, and one secret is often called by several names.
    pub fn differs_from(&self, other: &Served) -> bool {
        let own = |served: &Served| OWN_MADE.contains(&served.purpose);
        let opens = |served: &Served| matches!(served.purpose, "password" | "datastore");
        let should = (own(self) && (own(other) || opens(other))) || (opens(self) && own(other));
        should && !(self.subject == other.subject && (self.purpose == other.purpose || self.subject.is_empty()))
    }
}

/// The words of a name that say what its secret is about: `jwt` of `JWT_SECRET`, `jwt` and `refresh` of
/// `JWT_REFRESH_TOKEN_SECRET`, none of `NEXTAUTH_SECRET`.
fn subject(name: &str) -> Vec<String> {
    const GENERAL: &[&str] = &["key", "keys", "value", "prod", "production", "dev", "development", "staging"];
    let general = [SECRET, SECRET_AT_END, OWNERS, GENERAL];
    let mut words = words(without_client_prefix(name));
    words.retain(|word| !general.iter().any(|list| list.contains(&word.as_str())));
    words.sort();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Type;

    fn served(name: &str) -> Served {
        Served::of(name, purpose(name))
    }

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
            "NEXT_PUBLIC_LOG_SOURCE_TOKEN",
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
            "NEXT_PUBLIC_GIPHY_API_KEY",
            "NEXT_PUBLIC_UNSPLASH_ACCESS_KEY",
            "DD_UWSGI_PASS",
            "SECRETS_SCAN_OMIT_KEYS",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn names_about_secrets_are_told_from_names_of_secrets() {
        for name in [
            "PASSWORD_RESET_DISABLED",
            "NEXT_PUBLIC_DISABLE_EMAIL_PASSWORD_SIGNUP",
            "PASSWORD_HASHERS",
            "SECRET_NAMESPACE",
            "CREDENTIALS_MODE",
            "APP_KEY_ROTATION_SCHEDULE",
            "SECRET_TLS_KEY",
            "CREDENTIAL_MANAGER",
            "PASSWORD_PROMPT_STRING",
            "SafePasswordBox",
            "passwordResetTemplate",
            "GooglePasswordManager",
            "PASSWORD_POLICY_REGEX",
            "API_KEY_HEADER_NAME",
            "TOKEN_COOKIE",
            "SECRET_STORE",
            "JWT_SECRET_ARN",
            "SSH_KEY_ENABLED",
            "REQUIRE_PASSWORD",
            "USE_CREDENTIALS",
            "SHOW_PASSWORD",
            "PASSWORD_MIN_LENGTH",
            "PASSWORD_FIELD",
            "PASSWORD_STRENGTH",
            "SECRET_BACKEND",
            "SECRET_ENGINE",
            "AUTH_TOKEN_STORAGE",
            "TOKEN_ENDPOINT",
            "ACCESS_TOKEN_LIFETIME",
            "SESSION_KEY_PREFIX",
            "PASSWORD_LOGIN",
            "FORGOT_PASSWORD_EMAIL",
            "PASSWORD_HASH",
            "CREDENTIALS_FILE",
            "GOPASS_VERSION",
            "KMS_KEY_ALIAS",
            "KEY_NAME",
            "SIGNING_KEY_ID",
            "CLIENT_SECRET_EXPIRY",
            "SECRETS_PROVIDER",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
        for name in [
            "JWT_SECRET_PROD",
            "SECRET_KEY_BASE",
            "API_KEY_2",
            "DB_PASSWORD_OLD",
            "PGPASSWORD",
            "requirepass",
            "clientsecret",
            "STRIPE_SECRET_KEY_TEST",
            "PASSWORD_RESET_TOKEN_SECRET",
            "SLACK_TOKEN_PROD",
            "PRIVATE_KEY_PEM",
            "OPENAI_API_KEYS",
            "MYSQL_ROOT_PASSWORD",
            "API_KEY_OPENAI",
            "WHATSAPP_VERIFY_TOKEN",
            "JWT_REFRESH_TOKEN_SECRET",
            "PASSWORD_SALT",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        assert_eq!(naming("SECRET_SAUCE"), Naming::Mentions);
    }

    #[test]
    fn one_secret_under_two_names_serves_one_purpose() {
        for (one, other) in [
            ("JWT_SECRET", "jwtSecret"),
            ("NEXTAUTH_SECRET", "AUTH_SECRET"),
            ("BETTER_AUTH_SECRET", "AUTH_SECRET"),
            ("SMTP_PASSWORD", "EMAIL_HOST_PASSWORD"),
            ("AWS_SECRET_ACCESS_KEY", "MINIO_ROOT_PASSWORD"),
            ("POSTGRES_PASSWORD", "DB_PASSWORD"),
            ("OPENAI_API_KEY", "LLM_API_KEY"),
            ("JWT_SECRET", "JWT_SECRET_PROD"),
        ] {
            assert!(!served(one).differs_from(&served(other)), "{one} {other}");
        }
        for (one, other) in [
            ("JWT_SECRET", "SESSION_SECRET"),
            ("JWT_SECRET", "JWT_REFRESH_SECRET"),
            ("JWT_SECRET", "POSTGRES_PASSWORD"),
            ("ENCRYPTION_KEY", "CRON_SECRET"),
            ("AUTH_SECRET", "ADMIN_PASSWORD"),
        ] {
            assert!(served(one).differs_from(&served(other)), "{one} {other}");
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

//! Texts that are no secret, whatever the name says under which they stand.

use super::words::{CIPHERTEXT, DOCUMENTED, FILE_ENDS, MADE_PUBLIC, PLAIN, READ_BY_IMAGES, REFERENCES, SENTINELS};

/// Whether a text stands for a secret that is kept elsewhere: a variable, a template's hole, an entry of a secret store.
pub fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let lower = lower_start(text);
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    REFERENCES.iter().any(|start| lower.starts_with(start))
        || ["${", "{{", "$(", "<%="].iter().any(|sign| text.contains(sign))
        || text.strip_prefix('$').is_some_and(|name| !name.is_empty() && is_word(name))
        || text.strip_prefix('@').is_some_and(|name| !name.contains(' '))
        || (text.len() > 2 && text.starts_with('%') && text.ends_with('%') && is_word(&text[1..text.len() - 1]))
}

/// Whether a text is encrypted to be committed.
pub fn is_ciphertext(text: &str) -> bool {
    let text = text.trim();
    let lower = lower_start(text);
    let sealed = text.len() >= 60 && ["AgA", "AgB", "AgC", "AgD"].iter().any(|start| text.starts_with(start));
    CIPHERTEXT.iter().any(|start| lower.starts_with(start)) || sealed
}

/// Whether a text opens nothing at a provider: it says that nothing is set, or is a key that the provider publishes for
/// tests.
pub fn is_inert(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    SENTINELS.contains(&lower.as_str()) || is_documented(text)
}

/// Whether it is a key of a provider's test mode, in which no money moves and no mail is sent.
pub fn is_of_test_mode(text: &str) -> bool {
    let text = text.trim();
    ["sk_test_", "rk_test_", "pk_test_"].iter().any(|start| text.starts_with(start))
}

/// Whether it is a key that a provider publishes for tests or for an emulator.
pub fn is_documented(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    DOCUMENTED.contains(&lower.as_str())
}

/// Whether it is a word that says a switch, a mode or a method.
pub fn is_plain_word(text: &str) -> bool {
    PLAIN.contains(&text.trim().to_ascii_lowercase().as_str())
}

/// Whether whatever stands under a name is a password: an image takes it from there.
pub fn reads_any_text(name: &str) -> bool {
    READ_BY_IMAGES.contains(&name)
}

/// Whether a text names something that is no secret: a commit, a record, a template, an account. Keys have such
/// shapes, too, so this counts only under a name that does not say that they are keys.
pub fn is_public_id(text: &str) -> bool {
    let text = text.trim();
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex);
    // A commit, a digest, a dynamic template of SendGrid.
    let digest = matches!(text.len(), 40 | 64) && is_hex(text);
    let template = text.strip_prefix("d-").is_some_and(|rest| rest.len() == 32 && is_hex(rest));
    uuid || digest || template || text.starts_with("0x") || text.starts_with("urn:")
}

/// Whether a text is no secret under any name: a switch, a number, a duration, a schedule, a path, an address without a
/// credential, a name in code, a public key, a hash.
pub fn is_plain(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    PLAIN.contains(&lower.as_str())
        // `|read` behind an id in base64: Nx Cloud's tokens that everybody may have.
        || text.ends_with("fHJlYWQ=")
        || MADE_PUBLIC.iter().any(|start| lower.starts_with(start))
        || is_number(text)
        || is_duration(&lower)
        || is_schedule(&lower)
        || is_path(text)
        || is_file(&lower)
        || is_address(text)
        || is_name_in_code(text)
        || is_list(text)
}

/// A text in lower case, as far as any known beginning reaches.
fn lower_start(text: &str) -> String {
    text.chars().take(40).collect::<String>().to_ascii_lowercase()
}

/// A short number, or one with a point.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(part) && text.len() < 10
}

/// `30d`, `15 minutes`, `P30D`, `10MB`
fn is_duration(lower: &str) -> bool {
    const UNITS: &[&str] = &[
        "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hour",
        "hours", "d", "day", "days", "w", "week", "weeks", "y", "year", "years", "month", "months", "b", "kb", "mb",
        "gb", "%",
    ];
    let unit = lower.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let counted = unit.len() < lower.len() && UNITS.contains(&unit.trim());
    let iso = lower.strip_prefix('p').is_some_and(|rest| {
        rest.len() < 12
            && rest.starts_with(|c: char| c.is_ascii_digit() || c == 't')
            && rest.ends_with(['d', 'w', 'm', 'y', 'h', 's'])
            && rest.bytes().all(|byte| byte.is_ascii_digit() || b"tdwmyhs".contains(&byte))
    });
    counted || iso
}

/// `0 3 * * 0`, `@daily`, `rate(1 day)`
fn is_schedule(lower: &str) -> bool {
    let named = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every"];
    let fields: Vec<&str> = lower.split_whitespace().collect();
    let is_field = |field: &&str| {
        let marks = |byte: u8| byte.is_ascii_digit() || b"*/,-?lw#".contains(&byte);
        field.bytes().all(marks) || field.split(['-', ',']).all(|day| DAYS.contains(&day))
    };
    named.iter().any(|start| lower.starts_with(start))
        || lower.starts_with("rate(")
        || lower.starts_with("cron(")
        || (matches!(fields.len(), 5..=7) && fields.iter().all(is_field))
}

#[rustfmt::skip]
const DAYS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
    "nov", "dec",
];

/// `/run/secrets/jwt`, `./key`, `~/.ssh/id_rsa`, `C:\keys`. Base64 can begin with a stroke, too.
fn is_path(text: &str) -> bool {
    let generated = || super::looks_generated(&crate::text::Text::new(text));
    let is_of_path =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '@' | '+' | '~' | ' ' | '*' | ':');
    let is_drive =
        |text: &str| text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text[1..].starts_with(":\\");
    ["./", "../", "~/", "file:"].iter().any(|start| text.starts_with(start))
        || is_drive(text)
        || (text.starts_with('/') && text.chars().all(is_of_path) && !generated())
        || (text.starts_with("\\\\") && !generated())
}

/// `tls.crt`, `secrets/app.json`: a name of a file alone.
fn is_file(lower: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    lower.chars().all(is_name) && FILE_ENDS.iter().any(|end| lower.len() > end.len() && lower.ends_with(end))
}

/// An address without a password, which is looked for before; a host with a port.
fn is_address(text: &str) -> bool {
    let host_and_port = || {
        let Some((host, port)) = text.rsplit_once(':') else { return false };
        let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        matches!(port.len(), 2..=5)
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && host.chars().all(is_host)
            && host.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.contains("://") || host_and_port()
}

/// `django.contrib.auth.hashers.Argon2PasswordHasher`, `App\Security\Hasher`, `@acme/secrets`
fn is_name_in_code(text: &str) -> bool {
    let is_identifier = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && part.bytes().filter(u8::is_ascii_digit).count() <= 2
    };
    let parts = |sign: &str| text.matches(sign).count() >= 2 && text.split(sign).all(is_identifier);
    parts(".") || parts("\\") || parts("::")
}

/// A list of such texts.
fn is_list(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let is_item = |item: &str| {
        let item = item.trim().trim_matches(['"', '\'']);
        item.is_empty() || (!item.contains(',') && is_plain(item))
    };
    (inside.len() < text.len() || inside.contains(',')) && inside.split(',').all(is_item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_numbers_paths_addresses_schedules_and_names_are_no_secrets() {
        for text in [
            "true",
            "Off",
            "disabled",
            "same-origin",
            "HS256",
            "30",
            "4096",
            "0.5",
            "-1",
            "30d",
            "15 minutes",
            "P30D",
            "PT15M",
            "0 3 * * 0",
            "*/5 * * * mon-fri",
            "@daily",
            "rate(1 day)",
            "/run/secrets/jwt",
            "./keys",
            "../tls/key.pem",
            "~/.ssh/id_rsa",
            "C:\\keys\\a",
            "file:secrets.txt",
            "tls.crt",
            "config/credentials.json",
            "https://vault.example.com/v1",
            "vault:8200",
            "db.internal:5432",
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "App\\Security\\Hasher",
            "django.contrib.auth.hashers.Argon2PasswordHasher,django.contrib.auth.hashers.PBKDF2PasswordHasher",
            "[\"/run/a\", \"/run/b\"]",
            "$2b$12$abcdefghijklmnopqrstuv",
            "ssh-ed25519 AAAAC3Nz",
            "{SSHA}abc",
            "pbkdf2_sha256$600000$a$b",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn what_could_be_a_secret_is_not_taken_for_a_path_or_a_number() {
        for text in [
            "hunter2",
            "correct horse battery staple",
            "123456",
            "/aB3dE5gH7jK9mN1pQ3sT5vX7z",
            "/Wz%^7kbhTGC%]Me",
            "k7Jq2mXw9Lr4",
            "S3cret.Pass",
            "a.b",
            "Zm9vYmFy",
            "pa/ss",
            "1q2w3e4r",
            "monkey",
            "p4ssword.json5",
            "letmein,please",
            "8x7",
            "abc:1234567",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn references_and_ciphertext_name_what_is_kept_elsewhere() {
        for text in [
            "${JWT_SECRET}",
            "$JWT_SECRET",
            "$(cat key)",
            "{{ .Values.key }}",
            "<%= key %>",
            "%JWT_SECRET%",
            "%env(JWT)%",
            "#{Key}#",
            "op://vault/item/field",
            "vault:secret/data/app#key",
            "arn:aws:secretsmanager:eu-central-1:1:secret:a",
            "arn:aws-us-gov:secretsmanager:a",
            "projects/1/secrets/jwt/versions/latest",
            "ref+vault://secret/a#/b",
            "sm://jwt",
            "<path:secret/data/app#key>",
            "@Microsoft.KeyVault(SecretUri=https://a)",
            "{{resolve:secretsmanager:a}}",
            "secretref:jwt",
            "@jwt-secret",
            "process.env.JWT_SECRET",
            "var.jwt_secret",
            "data.vault_generic_secret.app",
            "!vault |",
            "akv:jwt",
        ] {
            assert!(is_reference(text), "{text}");
        }
        for text in [
            "ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]",
            "encrypted:BQ7kT2",
            "$ANSIBLE_VAULT;1.1;AES256",
            "{cipher}0a1b",
            "ENC(abc)",
            "vault:v1:4TRm7K",
            "-----BEGIN AGE ENCRYPTED FILE-----",
            "AQICAHhbcd",
            "AgBq7w2LmZ4xT9+RsKdYp3VnJc8HbGfE1kQzUoXa5WiMv0CtNyPl6DhSgRjBeOuFAx",
        ] {
            assert!(is_ciphertext(text), "{text}");
        }
        for text in ["pa$sword", "a$", "secretive", "varnish", "AgBq7", "enchanted", "vaulted", "100%"] {
            assert!(!is_reference(text) && !is_ciphertext(text), "{text}");
        }
    }

    #[test]
    fn texts_that_open_nothing() {
        for text in ["invalid", "N/A", "unset", "none", "Disabled", "1x0000000000000000000000000000000AA"] {
            assert!(is_inert(text), "{text}");
        }
        for text in ["changeme", "hunter2", "test", "invalidated-9"] {
            assert!(!is_inert(text), "{text}");
        }
    }

    #[test]
    fn names_of_records_are_told_from_keys() {
        for text in [
            "7f3b9c1d-5e8a-4046-b7d9-c3f1e5a80462",
            "d-7f3b9c1d5e8a2046b7d9c3f1e5a80462",
            "0x5B7e9A1c3D8f2046b7D9c3F1E5a8046297dE4C1b",
            "3d7a1c9e5b0f82d46a7e9c1b3f5d80a2c4e6f718",
        ] {
            assert!(is_public_id(text), "{text}");
        }
        for text in ["q8Zt3vLw0RkXc7YpJmN2sHfB5dGaEu91", "7f3b9c1d5e8a2046b7d9c3f1e5a80462", "d-7f3b"] {
            assert!(!is_public_id(text), "{text}");
        }
    }
}

//! Passwords that stand in everybody's documentation.

use crate::text::Text;

/// Default and sample passwords of databases, brokers and consoles, and the ones people type first.
#[rustfmt::skip]
const DEFAULTS: &[&str] = &[
    "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "redis", "minio", "minioadmin", "minio123",
    "root", "toor", "admin", "administrator", "password", "passw0rd", "p@ssw0rd", "pass", "guest", "rabbitmq",
    "elastic", "changeme", "change_me", "change-me", "secret", "test", "testing", "demo", "example", "default",
    "user", "username", "app", "app_user", "dev", "development", "local", "localhost", "sa", "oracle", "neo4j",
    "couchdb", "influxdb", "grafana", "keycloak", "supabase", "directus", "strapi", "prisma", "hasura",
    "myadminsecretkey", "docker", "qwerty", "letmein", "welcome", "123456", "12345678", "123456789", "1234567890",
    "1234", "12345", "111111", "000000", "abc123", "password1", "password123", "admin123", "root123", "test123",
    "postgres123", "secret123", "yourstrong(!)password", "yourstrong!passw0rd", "yourstrong@passw0rd", "masterkey",
    "insecure", "none",
];

/// Whether it is a published default password.
pub fn is_well_known_default(text: &Text) -> bool {
    text.test(|text| {
        let lower = text.trim().to_ascii_lowercase();
        DEFAULTS.contains(&lower.as_str())
    })
}

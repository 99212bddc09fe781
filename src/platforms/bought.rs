//! Images that are never the app.

/// Images that are never the app: what an app uses, and what stands in front of it.
const BOUGHT: &[&str] = &[
    "postgres",
    "postgis",
    "mysql",
    "mariadb",
    "mongo",
    "redis",
    "valkey",
    "keydb",
    "memcached",
    "rabbitmq",
    "nats",
    "kafka",
    "zookeeper",
    "elasticsearch",
    "opensearch",
    "meilisearch",
    "typesense",
    "minio",
    "nginx",
    "traefik",
    "caddy",
    "haproxy",
    "envoy",
    "adminer",
    "pgadmin4",
    "mailhog",
    "mailpit",
    "maildev",
    "grafana",
    "prometheus",
    "loki",
    "jaeger",
    "cloudflared",
    "watchtower",
    "certbot",
    "pgbouncer",
    "clickhouse-server",
    "qdrant",
    "localstack",
    "busybox",
    "alpine",
    "vault",
    "keycloak",
    "flower",
    "libsql-server",
    "sqld",
    "pgvector",
    "timescaledb",
    "redisinsight",
    "otel-collector",
    "opentelemetry-collector-contrib",
    "nginx-proxy",
    "acme-companion",
    "dragonfly",
    "electric",
    "autoheal",
    "aws-otel-collector",
    "aws-for-fluent-bit",
    "aws-xray-daemon",
    "aws-appmesh-envoy",
    "cloudwatch-agent",
    "cloud-sql-proxy",
    "fluent-bit",
];

/// Images of web servers: what is built of one serves files or stands in front of an app.
const SERVERS: &[&str] = &[
    "nginx",
    "nginx-unprivileged",
    "nginx-brotli",
    "openresty",
    "httpd",
    "caddy",
    "traefik",
    "haproxy",
    "envoy",
    "varnish",
];

/// Whether the name of an image, without registry, folders and tag, is that of a web server.
pub(crate) fn is_server(word: &str) -> bool {
    SERVERS.contains(&word)
}

/// Whether an image is one that is never the app.
pub(crate) fn is_bought(image: &str) -> bool {
    let name = image.split('@').next().unwrap_or(image);
    let last = name.rsplit('/').next().unwrap_or(name);
    BOUGHT.contains(&last.split(':').next().unwrap_or(last))
}

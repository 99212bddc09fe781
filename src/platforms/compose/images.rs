//! Images that other people build, and what a service of them is.

/// Images that speak Redis and ask for no password by themselves.
const REDIS: &[&str] = &["redis", "redis-stack", "redis-stack-server", "valkey", "keydb", "dragonfly"];

/// Images of other datastores, by the last word of their names.
const DATASTORES: &[&str] = &[
    "postgres",
    "postgresql",
    "postgis",
    "pgvector",
    "timescaledb",
    "timescaledb-ha",
    "mysql",
    "mysql-server",
    "mariadb",
    "percona",
    "mongo",
    "mongodb",
    "memcached",
    "elasticsearch",
    "opensearch",
    "minio",
    "rabbitmq",
    "clickhouse-server",
    "cassandra",
    "scylla",
    "couchdb",
    "neo4j",
    "influxdb",
    "server",
    "qdrant",
    "etcd",
    "couchbase",
    "arangodb",
    "surrealdb",
    "cockroach",
];

/// Whether an image of this name speaks Redis.
pub(super) fn is_redis(name: &str) -> bool {
    REDIS.contains(&name)
}

/// Whether an image of this name keeps data.
pub(super) fn is_datastore(name: &str) -> bool {
    is_redis(name) || DATASTORES.contains(&name)
}

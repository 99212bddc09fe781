//! Compose files: what they deploy, and what lies beside it.

mod hosting;
mod ports;
mod redis;
mod service;
mod targets;
mod traefik;

use super::platform::{Commands, Platform};
use crate::environment::target::Nature;
use crate::project::{FilesOf, Pattern};
pub(crate) use hosting::published_datastore;
pub(crate) use redis::survives as redis_survives;

/// A service of a compose file, which gets what the file tells it.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { dashboard: false, ..Nature::of("Compose") },
    files: FilesOf {
        name: "compose",
        patterns: &[
            Pattern::Variant("compose", &["yml", "yaml"]),
            Pattern::Variant("docker-compose", &["yml", "yaml"]),
        ],
        medium: "compose",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["command", "entrypoint"]),
    loader: None,
    targets: targets::find,
    hosting: hosting::hosting,
    resources: hosting::resources,
};

//! Compose as a platform.

use super::{hosting, targets};
use crate::environment::target::Nature;
use crate::platforms::platform::{Commands, Platform};
use crate::project::{FilesOf, Pattern};

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

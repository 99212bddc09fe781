//! Kubernetes as a platform.

use super::{hosting, targets};
use crate::environment::target::Nature;
use crate::platforms::platform::{Commands, InText, Platform};
use crate::project::{FileKind, FilesOf};

/// A container of a workload: it gets what its manifests tell it, and requests come in through what they set up.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { dashboard: false, has_ingress: true, ..Nature::of("Kubernetes") },
    files: FilesOf { name: "kubernetes", patterns: &[], medium: "manifest", comments: None },
    texts: &[InText { kind: FileKind::Yaml, says: &[&["apiVersion:"], &["kind: Deployment", "kind: Ingress"]] }],
    beside: &[],
    commands: Commands::Keys(&[]),
    loader: None,
    targets: targets::find,
    hosting: hosting::hosting,
    resources: hosting::resources,
};

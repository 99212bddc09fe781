//! Kubernetes: manifests, what they deploy, and what they say of its host.

mod hosting;
mod kustomize;
mod targets;

use super::platform::{Commands, InText, Platform};
use crate::environment::target::Nature;
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

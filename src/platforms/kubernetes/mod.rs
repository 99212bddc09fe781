//! Kubernetes: manifests, what they deploy, and what they say of its host.

mod hosting;
mod kustomize;
mod platform;
mod targets;
mod ways;

pub(super) use platform::PLATFORM;

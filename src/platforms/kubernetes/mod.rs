//! Kubernetes: manifests, what they deploy, and what they say of its host.

mod hosting;
mod kustomize;
mod patches;
mod platform;
mod skeleton;
mod stores;
mod targets;
mod ways;

pub(super) use platform::PLATFORM;

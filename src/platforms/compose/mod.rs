//! Compose files: what they deploy, and what lies beside it.

mod beside;
mod built_in;
mod developers;
mod hosting;
mod images;
mod named;
mod platform;
mod ports;
mod proxies;
mod redis;
mod service;
mod sets;
mod stores;
mod tags;
mod targets;
mod traefik;

pub(super) use beside::{Reached, beside, is_store};
pub(super) use hosting::mount;
pub(crate) use hosting::published_datastore;
pub(super) use platform::PLATFORM;
pub(crate) use redis::survives as redis_survives;

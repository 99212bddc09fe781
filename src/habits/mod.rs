//! What holds for every app whatever its framework: its deployment, its env files, the variables it reads.

pub(crate) mod arrival;
pub(crate) mod checklist;
mod declared;
pub(crate) mod deployment;
pub(crate) mod env_files;
pub(crate) mod literals;
pub(crate) mod pipelines;
pub(crate) mod policies;
pub(crate) mod secrets;
pub(crate) mod tls;
pub(crate) mod unread;
pub(crate) mod variables;

mod shared;

pub(crate) use checklist::items as checklist_of;
pub(crate) use shared::shared;

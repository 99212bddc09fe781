//! The bench that everybody who reads a project works on: the reading of one app, tables of settings, and what several
//! readers ask of a project.

pub(crate) mod addresses;
pub mod bench;
pub(crate) mod checks;
pub(crate) mod commands;
pub(crate) mod cookies;
pub(crate) mod env_contents;
pub mod found;
pub(crate) mod interpolated;
pub(crate) mod key;
pub(crate) mod origins;
pub(crate) mod protections;
pub(crate) mod reached;
pub(crate) mod refused;
pub(crate) mod secret_text;
pub mod shapes;
pub(crate) mod siblings;
pub mod table;
pub(crate) mod taken;
pub(crate) mod told;
pub(crate) mod uses;
pub mod version;
pub(crate) mod visitors;

//! Data files (env files, JSON, TOML, YAML, Dockerfile, nginx) as one tree with spans.

mod tree;

pub use tree::*;

//! prodcheck: is this project configured to be in production?
//!
//! files → documents → values → settings → verdicts → report

pub mod documents;
pub mod environment;
pub mod eval;
pub mod frameworks;
pub mod project;
pub mod rules;
pub mod secrets;
pub mod settings;
pub mod syntax;
pub mod text;
pub mod units;

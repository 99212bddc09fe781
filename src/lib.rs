//! prodcheck: is this project configured to be in production?
//!
//! files → documents → values → settings → verdicts → report

pub mod eval;
pub mod project;
pub mod settings;
pub mod syntax;
pub mod text;

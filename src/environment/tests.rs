//! Environments of small projects.

mod files;
mod support;
mod wrangler;

//! Environments of small projects.

mod compose;
mod dockerfile;
mod files;
mod support;
mod wrangler;

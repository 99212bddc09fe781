//! Environments of small projects.

mod compose;
mod dockerfile;
mod files;
mod hostile;
mod kubernetes;
mod platforms;
mod runs;
mod started;
mod support;
mod wrangler;

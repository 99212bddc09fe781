//! Turns a file of facts into a library with its cases, or into an error that points at the word.

mod cases;
mod gives;
mod library;
mod settings;
mod words;

pub(crate) use cases::{Case, Expectation, Expected, cases};
pub(crate) use library::library;

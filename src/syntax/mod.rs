//! Files as documents with spans: one expression tree for code, one tree for data.

pub mod code;
pub mod data;
pub mod shell;
mod span;

pub use span::{FileId, Span};

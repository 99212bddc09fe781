//! The language server: one scan of the whole project for each pause in typing, and answers from what it found.

mod actions;
mod buffers;
mod complete;
mod diagnostics;
mod folder;
mod hover;
mod lines;
mod server;
mod settings;
mod uri;

pub(crate) use server::serve_stdio;

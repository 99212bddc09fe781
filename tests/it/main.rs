//! What must hold of the whole program: one binary, so that an edit is linked once.

#![allow(clippy::disallowed_methods, reason = "tests run the program and git; the program runs nothing")]

mod agents;
mod aksara_parity;
mod arrows;
mod asked;
mod beside_lines;
mod canaries;
mod checklist;
mod cli;
mod config;
mod documents;
mod ecosystem;
mod editors;
mod examples;
mod fixes;
mod fixtures;
mod from_env;
mod hostile;
#[cfg(target_os = "linux")]
mod hostile_trees;
mod library_cases;
#[cfg(feature = "lsp")]
mod lsp;
mod map;
mod mcp;
mod mutated;
mod oracle_node;
mod oracle_python;
#[cfg(target_os = "linux")]
mod promises;
mod recipes;
mod rule_cases;
mod scopes;
mod support;
mod view;
mod wording;

//! prodcheck: is this project configured to be in production?
//!
//! files → documents → values → settings → verdicts → report
//!
//! What is public is what a program that embeds prodcheck needs: [`scan()`] and its neighbours with what they take and
//! give, the command line, and the readers that the fuzz targets and the tests drive by themselves. All else is a room of
//! its own, for which ARCHITECTURE.md is the map.

#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports, reason = "what the command line alone asks for"))]
#![allow(unreachable_pub, reason = "a room says `pub` to other rooms; here alone is said what leaves the crate")]

mod answers;
mod app;
mod baseline;
mod checklist;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
mod digits;
mod documents;
mod environment;
pub mod eval;
mod facts;
pub mod findings;
mod frameworks;
mod habits;
mod libraries;
mod literals;
#[cfg(feature = "lsp")]
mod lsp;
mod machines;
mod mask;
#[cfg(feature = "cli")]
mod mcp;
mod needles;
mod platforms;
pub mod project;
mod reading;
pub mod report;
pub mod rules;
mod scan;
mod secrets;
pub mod settings;
mod stages;
mod suppress;
pub mod syntax;
pub mod text;
mod units;

pub use checklist::{checklist, clauses_of};
pub use scan::{
    Allowed, Answer, Asked, Fixed, Only, ScanError, ScanOptions, Side, Since, Stage, Stop, TestedFacts, TestedRule,
    View, Waiting, baseline, diff, facts_folder_of, facts_of, fix, rules_folder_of, rules_of, scan, scan_files,
    settings_of, test_facts, test_facts_in, test_rules, why,
};

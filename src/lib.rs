//! prodcheck: is this project configured to be in production?
//!
//! files → documents → values → settings → verdicts → report

mod answers;
pub mod app;
pub mod baseline;
mod checklist;
pub mod cli;
pub mod config;
mod digits;
pub mod documents;
pub mod environment;
pub mod eval;
pub mod facts;
pub mod findings;
pub mod frameworks;
mod habits;
mod libraries;
pub mod literals;
pub mod mask;
mod needles;
mod platforms;
pub mod project;
pub mod reading;
pub mod report;
pub mod rules;
mod scan;
pub mod secrets;
pub mod settings;
pub mod suppress;
pub mod syntax;
pub mod text;
pub mod units;

pub use checklist::{checklist, clauses_of};
pub use scan::{
    Allowed, Answer, Asked, Fixed, Only, ScanError, ScanOptions, Side, Since, Stage, TestedFacts, TestedRule, Waiting,
    baseline, diff, facts_folder_of, facts_of, fix, rules_folder_of, rules_of, scan, scan_files, settings_of,
    test_facts, test_facts_in, test_rules, why,
};

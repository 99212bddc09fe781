//! The pages of outside standards: each clause with the rules that answer to it.

use super::Leaf;
use crate::cli::explain::cell;
use crate::report::Clauses;
use crate::rules::{Catalogue, Standard};
use std::fmt::Write;

/// The list, and a page for each standard.
pub(super) fn leaves() -> Vec<Leaf> {
    let catalogue = Catalogue::builtin();
    let mut index = String::from(
        "# Standards\n\nWhich rules answer to which clause. `prodcheck rules --standard asvs` prints the same table, and \
         `prodcheck checklist --standard asvs` says what a scan of your project finds of each clause. A clause that no rule answers to is not listed: \
         it has to be shown by other means.\n\n| standard | clauses |\n|---|---|\n",
    );
    let mut below = Vec::new();
    for (name, standard) in Standard::NAMES {
        let clauses = Clauses::of(standard, catalogue.rules());
        // Writing to a string cannot fail.
        let _ = writeln!(index, "| [{}]({name}.md) | {} |", standard.title(), clauses.rules.len());
        below.push(Leaf::new(1, format!("standards/{name}.md"), standard.title(), page(&clauses)));
    }
    let mut leaves = vec![Leaf::new(0, "standards/index.md", "Standards", index)];
    leaves.extend(below);
    leaves
}

fn page(clauses: &Clauses) -> String {
    let mut out = format!("# {}\n\n| clause | | rules |\n|---|---|---|\n", clauses.standard.title());
    for (clause, rules) in &clauses.rules {
        let level = clause.level().map_or_else(String::new, |level| format!(" (from level {level})"));
        let title = clause.title().unwrap_or_default();
        let links: Vec<String> = rules.iter().map(|rule| format!("[{rule}](../rules/{rule}.md)")).collect();
        let _ = writeln!(out, "| [{clause}]({}) | {}{level} | {} |", clause.url(), cell(title), links.join(", "));
    }
    out
}

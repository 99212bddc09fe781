//! The pages of rules: the list, one for each category, one for each rule.

use super::{Leaf, up};
use crate::cli::explain::{Page, cell, keys, markdown};
use crate::rules::{Catalogue, Rule};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The list, and below it a page for each category with those of its rules.
pub(super) fn leaves() -> Vec<Leaf> {
    let catalogue = Catalogue::builtin();
    let rules: Vec<&Rule> = catalogue.rules().collect();
    let count = rules.len();
    let lead = format!(
        "# Rules\n\nAll {count} rules by category. `prodcheck explain RULE` says the same without a network.\n"
    );
    let mut index = lead;
    let mut below = Vec::new();
    for category in rules.chunk_by(|a, b| category_of(a) == category_of(b)) {
        let name = category_of(category[0]);
        // Writing to a string cannot fail.
        let _ = write!(index, "\n## {name}\n\n{}", table(category, ""));
        let text = format!("# {name}\n\n{}", table(category, "../"));
        below.push(Leaf::new(1, format!("rules/{name}/index.md"), name, text));
        below.extend(category.iter().map(|rule| leaf(rule, &catalogue)));
    }
    let mut leaves = vec![Leaf::new(0, "rules/index.md", "Rules", index)];
    leaves.extend(below);
    leaves
}

fn category_of(rule: &Rule) -> &str {
    rule.id.split('/').next().unwrap_or(&rule.id)
}

fn table(rules: &[&Rule], up: &str) -> String {
    let mut out = String::from("| rule | severity | what is wrong |\n|---|---|---|\n");
    for rule in rules {
        let _ = writeln!(out, "| [{0}]({up}{0}.md) | {1} | {2} |", rule.id, rule.severity.name(), cell(&rule.summary));
    }
    out
}

fn leaf(rule: &Rule, catalogue: &Catalogue) -> Leaf {
    let path = format!("rules/{}.md", rule.id);
    let mut text = markdown(&Page::whole(rule, catalogue));
    let settings: BTreeSet<&str> = keys(rule).iter().map(|key| key.name).collect();
    let (up, kind) = (up(&path), rule.resource.name);
    let _ = write!(text, "\n## In the vocabulary\n\nIt judges [{kind}]({up}settings/{kind}.md)");
    let links: Vec<String> = settings.iter().map(|name| format!("[{name}]({up}settings/{kind}.md#{name})")).collect();
    if !links.is_empty() {
        let _ = write!(text, " by {}", links.join(", "));
    }
    let _ = writeln!(
        text,
        ".\n\nTo report this rule alone: `prodcheck scan --select {0}`. To accept one finding, with the reason beside it: \
         `prodcheck-ignore {0} -- reason` in a comment on its line. More ways stand in [the guide]({up}guide/policy.md).",
        rule.id
    );
    let name = rule.id.rsplit('/').next().unwrap_or(&rule.id).to_owned();
    Leaf::new(2, path, name, text)
}

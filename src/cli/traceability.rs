//! `rules/README.md`: which rules answer which item of the frameworks' guides, and what each framework proves of them.

use crate::frameworks::FRAMEWORKS;
use crate::habits::checklist_of;
use crate::rules::{Catalogue, Rule, Severity};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// One item of a framework's guide to production.
#[derive(Debug, Deserialize)]
struct GuideItem {
    guide: String,
    section: String,
    item: String,
    kind: String,
    rules: Vec<String>,
}

/// What a framework shows of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    /// Its table gives the setting that the rule reads.
    Read,
    /// An app of it is asked to attest the item.
    Asked,
    /// A fixture or an example of it raises the rule.
    Raised,
}

impl Shown {
    fn sign(self) -> &'static str {
        match self {
            Shown::Read => "○",
            Shown::Asked => "☐",
            Shown::Raised => "●",
        }
    }
}

/// By rule, and then by framework.
type Matrix = BTreeMap<String, BTreeMap<String, Shown>>;

/// The text of the file, made of what lies below the repository's root.
pub(super) fn readme(root: &Path) -> String {
    let catalogue = Catalogue::builtin();
    let matrix = matrix(root, &catalogue);
    let mut out = String::from(
        "# Rules\n\nMade by `cargo run -- generate` from the rules, the fixtures and `guide-items.json`; not edited by hand.\n\n",
    );
    out.push_str(&rules(&catalogue, &matrix));
    out.push_str(&guides(root));
    out
}

// Writing to a string cannot fail.
fn rules(catalogue: &Catalogue, matrix: &Matrix) -> String {
    let frameworks: BTreeSet<&String> = matrix.values().flat_map(BTreeMap::keys).collect();
    let mut out = String::from(
        "## Rules and frameworks\n\n● a fixture or an example of the framework raises the rule, ☐ its apps are asked to \
         attest the item, ○ its table gives the setting that the rule reads.\n",
    );
    let mut category = "";
    for rule in catalogue.rules() {
        let (own, name) = rule.id.split_once('/').unwrap_or(("", &rule.id));
        if own != category {
            category = own;
            let _ = write!(out, "\n### {category}\n\n| rule | severity | owner | what is wrong |");
            for framework in &frameworks {
                let _ = write!(out, " {framework} |");
            }
            out.push_str("\n| --- | --- | --- | --- |");
            frameworks.iter().for_each(|_| out.push_str(" --- |"));
            out.push('\n');
        }
        let link = format!("[{name}]({}.toml)", rule.id);
        let _ = write!(out, "| {link} | {} | {} | {} |", rule.severity.name(), rule.owner.name(), cell(&rule.summary));
        for framework in &frameworks {
            let shown = matrix.get(&*rule.id).and_then(|row| row.get(*framework));
            let _ = write!(out, " {} |", shown.map_or("", |shown| shown.sign()));
        }
        out.push('\n');
    }
    out
}

fn guides(root: &Path) -> String {
    let text = fs::read_to_string(root.join("rules/guide-items.json")).unwrap_or_default();
    let items: Vec<GuideItem> = serde_json::from_str(&text).unwrap_or_default();
    let mut out = String::from(
        "\n## Guides and rules\n\nWhat the frameworks' own guides to production ask for, and the rules that answer.\n",
    );
    let mut guide = "";
    for item in &items {
        if item.guide != guide {
            guide = &item.guide;
            let _ = write!(out, "\n### {guide}\n\n| section | item | kind | rules |\n| --- | --- | --- | --- |\n");
        }
        let links: Vec<String> = item.rules.iter().map(|id| format!("[{id}]({id}.toml)")).collect();
        let _ =
            writeln!(out, "| {} | {} | {} | {} |", cell(&item.section), cell(&item.item), item.kind, links.join(", "));
    }
    out
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}

fn matrix(root: &Path, catalogue: &Catalogue) -> Matrix {
    let mut matrix = Matrix::new();
    let mut note = |rule: &str, framework: &str, shown: Shown| {
        let cell = matrix.entry(rule.to_owned()).or_default().entry(framework.to_owned()).or_insert(shown);
        *cell = (*cell).max(shown);
    };
    for framework in FRAMEWORKS {
        for rule in catalogue.rules().filter(|rule| reads_table(rule, framework.tables)) {
            note(&rule.id, framework.name, Shown::Read);
        }
        checklist_of(framework.name).iter().for_each(|id| note(id, framework.name, Shown::Asked));
    }
    for id in catalogue.ids() {
        if let Some(example) = catalogue.example(id) {
            note(id, &example.framework, Shown::Raised);
        }
    }
    for framework in folders(&root.join("fixtures")) {
        let mut raised = BTreeSet::new();
        expectations(&root.join("fixtures").join(&framework), &mut raised);
        // What is not known was not raised; only a piece that is not in the tree is never more than that.
        let told = |rule: &str, severity: &str| severity != "unverified" || rule == "config/unresolved-import";
        for (rule, severity) in &raised {
            if catalogue.rule(rule).is_some() && told(rule, severity) {
                note(rule, &framework, Shown::Raised);
            }
        }
    }
    matrix
}

type Tables = &'static [(&'static crate::settings::ResourceKind, &'static [crate::reading::table::Row])];

/// Whether a table gives the setting that a rule points at.
fn reads_table(rule: &Rule, tables: Tables) -> bool {
    let Some(at) = rule.report.at else { return false };
    rule.severity != Severity::Checklist
        && tables
            .iter()
            .any(|(kind, rows)| kind.name == rule.resource.name && rows.iter().any(|row| row.setting.name == at.name))
}

/// The names of the folders in a folder, in order.
fn folders(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// What the files below a folder expect to be reported: rule and severity.
fn expectations(folder: &Path, into: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            expectations(&path, into);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if entry.file_name() == "expect.toml" {
            from_table(&text, into);
        }
        for (_, rest) in text.lines().filter_map(|line| line.split_once("expect: ")) {
            for pair in rest.split(", ") {
                let mut words = pair.split_whitespace();
                if let (Some(rule), Some(severity)) = (words.next(), words.next()) {
                    into.insert((rule.to_owned(), severity.to_owned()));
                }
            }
        }
    }
}

fn from_table(text: &str, into: &mut BTreeSet<(String, String)>) {
    let Ok(table) = text.parse::<toml::Table>() else { return };
    for row in table.get("expect").and_then(toml::Value::as_array).into_iter().flatten() {
        let word = |key: &str| row.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        if let (Some(rule), Some(severity)) = (word("rule"), word("severity")) {
            into.insert((rule, severity));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// The lines of a list that lies beside the tests.
    fn list(name: &str) -> BTreeSet<String> {
        let text = fs::read_to_string(root().join("tests/traceability").join(name)).unwrap();
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn every_item_that_a_rule_can_answer_has_one() {
        let catalogue = Catalogue::builtin();
        let text = fs::read_to_string(root().join("rules/guide-items.json")).unwrap();
        let items: Vec<GuideItem> = serde_json::from_str(&text).unwrap();
        assert!(!items.is_empty());
        for item in &items {
            let needs_one = matches!(&*item.kind, "rule" | "checklist");
            assert!(!needs_one || !item.rules.is_empty(), "no rule answers {:?}", item.item);
            for id in &item.rules {
                assert!(catalogue.ids().any(|known| known == id), "{:?} names the unknown rule {id}", item.item);
            }
        }
    }

    #[test]
    fn every_rule_of_the_first_phase_exists() {
        let catalogue = Catalogue::builtin();
        let known: BTreeSet<String> = catalogue.ids().map(str::to_owned).collect();
        let missing: Vec<String> = list("first_phase.txt").difference(&known).cloned().collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_rule_of_the_first_phase_is_raised_by_some_project() {
        let catalogue = Catalogue::builtin();
        let matrix = matrix(root(), &catalogue);
        let proved: BTreeSet<String> = matrix
            .iter()
            .filter(|(_, row)| row.values().any(|shown| *shown >= Shown::Asked))
            .map(|(rule, _)| rule.clone())
            .collect();
        let unproved: Vec<String> = list("first_phase.txt").into_iter().filter(|id| !proved.contains(id)).collect();
        assert!(unproved.is_empty(), "no fixture and no example raises {unproved:#?}");
    }
}

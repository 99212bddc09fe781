//! The pages of the vocabulary: one for each kind of resource, with a section for each of its settings.

use super::Leaf;
use crate::cli::explain::{Written, cell, code, keys, prose, title_of, written_at};
use crate::facts::Catalogue as Facts;
use crate::frameworks::FRAMEWORKS;
use crate::reading::table::Row;
use crate::rules::{Catalogue, Rule};
use crate::settings::{Count, Key, ResourceKind, Type, vocabulary};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What is known of each setting beyond its meaning.
struct Known {
    /// By kind and setting: where it is written, and in what.
    written: BTreeMap<(&'static str, &'static str), BTreeSet<(&'static str, Written)>>,
    /// By kind and setting: the rules that look at it.
    rules: BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
}

/// The list, and a page for each kind.
pub(super) fn leaves() -> Vec<Leaf> {
    let known = Known::new();
    let mut index = String::from(
        "# Settings\n\nThe words in which rules speak, and in which `prodcheck settings` answers. A rule of your own uses the same.\n\n\
         | kind | what it is | settings |\n|---|---|---|\n",
    );
    let mut kinds: Vec<&'static ResourceKind> = vocabulary().collect();
    kinds.sort_by_key(|kind| kind.name);
    for kind in &kinds {
        // Writing to a string cannot fail.
        let _ =
            writeln!(index, "| [{0}]({0}.md) | {1} | {2} |", kind.name, cell(kind.meaning.trim()), kind.settings.len());
    }
    let mut leaves = vec![Leaf::new(0, "settings/index.md", "Settings", index)];
    leaves.extend(
        kinds.iter().map(|kind| Leaf::new(1, format!("settings/{}.md", kind.name), kind.name, known.page(kind))),
    );
    leaves
}

impl Known {
    fn new() -> Known {
        let mut known = Known { written: BTreeMap::new(), rules: BTreeMap::new() };
        for framework in FRAMEWORKS {
            let rows = framework.tables.iter().flat_map(|(_, rows)| rows.iter());
            rows.for_each(|row| known.note(framework.title, row, Written::of(row)));
        }
        for library in Facts::builtin().libraries() {
            for gives in &library.gives {
                gives.rows.iter().for_each(|row| known.note(title_of(library), row, Written::given(gives, row)));
            }
        }
        let catalogue = Catalogue::builtin();
        catalogue.rules().for_each(|rule| known.read(rule));
        known
    }

    fn note(&mut self, title: &'static str, row: &'static Row, written: Option<Written>) {
        if let Some(written) = written {
            self.written.entry((row.setting.kind, row.setting.name)).or_default().insert((title, written));
        }
    }

    fn read(&mut self, rule: &Rule) {
        for key in keys(rule) {
            self.rules.entry((key.kind, key.name)).or_default().insert(rule.id.to_string());
        }
    }

    fn page(&self, kind: &ResourceKind) -> String {
        let count = match kind.count {
            Count::One => "An app has one, even where nothing is written.",
            Count::Many => "There can be any number.",
        };
        let mut out = format!("# {}\n\n{} {count}\n", prose(kind.name), sentence(kind.meaning));
        for setting in kind.settings {
            out.push_str(&self.section(setting));
        }
        out
    }

    fn section(&self, setting: Key) -> String {
        let (name, of) = (setting.name, (setting.kind, setting.name));
        let mut out =
            format!("\n## {}\n\n{}\n\nIt is {}.\n", prose(name), sentence(setting.meaning), type_in_words(setting.ty));
        if let Some(rules) = self.rules.get(&of) {
            let links: Vec<String> = rules.iter().map(|rule| format!("[{rule}](../rules/{rule}.md)")).collect();
            let _ = writeln!(out, "\nRules that look at it: {}.", links.join(", "));
        }
        let Some(written) = self.written.get(&of) else { return out };
        out.push_str("\n| in | written as | where nothing is written |\n|---|---|---|\n");
        for (title, Written { keys, absent, .. }) in written {
            let keys: Vec<String> = keys.iter().map(|key| written_at(key)).collect();
            let keys = if keys.is_empty() { "it cannot be".to_owned() } else { keys.join(" or ") };
            let _ = writeln!(out, "| {} | {keys} | {} |", cell(title), cell(absent));
        }
        out
    }
}

/// A meaning as a sentence of its own.
fn sentence(meaning: &str) -> String {
    let mut letters = meaning.trim().chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let meaning = prose(&(first + letters.as_str()));
    if meaning.ends_with(['.', '?', '!']) { meaning } else { meaning + "." }
}

fn type_in_words(ty: Type) -> String {
    let words = |words: &[&str]| words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", ");
    match ty {
        Type::Bool => "`true` or `false`".into(),
        Type::Text => "a text".into(),
        Type::Secret => "a text that is never shown".into(),
        Type::Number => "a number".into(),
        Type::Seconds => "a duration".into(),
        Type::Bytes => "a size".into(),
        Type::Word(known) => format!("one of {}", words(known)),
        Type::Texts => "a list of texts".into(),
        Type::Words(known) => format!("a list of {}", words(known)),
        Type::Any => "anything: only whether it is known counts".into(),
    }
}

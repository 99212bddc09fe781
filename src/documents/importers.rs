//! Which files import which, by a look at their text alone: nothing is parsed for it.

use super::Documents;
use crate::eval::{Source, Target};
use crate::project::{FileKind, aside};
use crate::syntax::FileId;
use crate::syntax::code::SourceKind;
use rayon::prelude::*;
use std::collections::HashMap;

/// Who imports each file.
pub(super) type Importers = HashMap<FileId, Vec<FileId>>;

/// Looks through the code that a deployed app can run.
pub(super) fn look(documents: &Documents<'_>) -> Importers {
    let project = documents.project;
    let code: Vec<FileId> = project
        .of_kinds(|kind| matches!(kind, FileKind::Source(_)))
        .into_iter()
        .filter(|file| !aside::is_never_deployed(&project.file(*file).path))
        .collect();
    let found: Vec<(FileId, Vec<FileId>)> = code.par_iter().map(|file| (*file, imported(documents, *file))).collect();
    let mut importers = Importers::new();
    for (file, imported) in found {
        for other in imported {
            let all = importers.entry(other).or_default();
            if other != file && !all.contains(&file) {
                all.push(file);
            }
        }
    }
    importers
}

/// The files that one imports.
fn imported(documents: &Documents<'_>, file: FileId) -> Vec<FileId> {
    let is_python =
        SourceKind::from_path(&documents.project.file(file).path).is_some_and(|kind| kind == SourceKind::Python);
    let mut names = Vec::new();
    // What nobody asks for takes no room among what a scan keeps.
    documents.project.search(file, &mut |text| {
        names = if is_python { python_modules(text) } else { quoted_modules(text) };
    });
    let targets = names.into_iter().filter_map(|name| match documents.resolve(file, &name) {
        Target::Code(target) => Some(target),
        _ => None,
    });
    targets.collect()
}

/// What stands in quotes behind `from`, `import` or `require`.
fn quoted_modules(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["from", "import", "require"] {
        for (at, _) in text.match_indices(word) {
            let rest = text[at + word.len()..].trim_start_matches([' ', '\t', '\n', '\r', '(']);
            let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) else { continue };
            let Some(end) = rest[1..].find(quote).filter(|end| *end < MOST_BYTES) else { continue };
            found.push(rest[1..=end].to_owned());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A path longer than this is none.
const MOST_BYTES: usize = 512;

/// `import a.b, c`, `from a import b, c`: each module, and each name as if it were one.
fn python_modules(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if let Some(names) = line.strip_prefix("import ") {
            found.extend(names.split(',').filter_map(first_word).map(str::to_owned));
        }
        let Some((module, names)) = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) else {
            continue;
        };
        let module = module.trim();
        found.push(module.to_owned());
        let mut names = names.to_owned();
        while names.contains('(') && !names.contains(')') {
            let Some(more) = lines.next() else { break };
            names.push(' ');
            names.push_str(more.split('#').next().unwrap_or_default());
        }
        let joint = if module.ends_with('.') { "" } else { "." };
        let names = names.split(['(', ')', ',']).filter_map(first_word);
        found.extend(names.map(|name| format!("{module}{joint}{name}")));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn first_word(names: &str) -> Option<&str> {
    names.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_in_the_text() {
        let text =
            "import a from './a';\nexport * from \"../b\"; const c = require('c'), d = await import(`./d`); import 'e'";
        assert_eq!(quoted_modules(text), ["../b", "./a", "./d", "c", "e"]);
        let text = "import os, app.x as y\nfrom . import z\nfrom app.core import (a,\n  b as c,  # note\n)\n";
        assert_eq!(python_modules(text), [".", ".z", "app.core", "app.core.a", "app.core.b", "app.x", "os"]);
    }
}

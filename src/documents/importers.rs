//! Which files import which, by a look at their text alone: nothing is parsed for it.

use super::Documents;
use crate::answers::Answers;
use crate::eval::{Sets, Source, Target};
use crate::project::{FileKind, aside};
use crate::syntax::FileId;
use crate::syntax::code::SourceKind;
use hashbrown::HashMap;
use rayon::prelude::*;

/// What the code that a deployed app can run says of imports.
#[derive(Default)]
pub(super) struct Importers {
    /// Who imports each file.
    pub(super) by: HashMap<FileId, Vec<FileId>>,
    /// What each file imports.
    pub(super) of: HashMap<FileId, Vec<FileId>>,
    /// Files that may set variables of the environment.
    pub(super) setting: HashMap<FileId, Sets>,
    /// The files whose things each file changes, found when it is asked.
    changing: Answers<FileId, Vec<FileId>>,
}

/// What one file says.
struct Said {
    imports: Vec<FileId>,
    sets_variables: Sets,
}

/// Looks through the code that a deployed app can run.
pub(super) fn look(documents: &Documents<'_>) -> Importers {
    let project = documents.project;
    let code: Vec<FileId> = project
        .of_kinds(|kind| matches!(kind, FileKind::Source(_)))
        .into_iter()
        .filter(|file| !aside::is_never_deployed(&project.file(*file).path))
        .collect();
    let found: Vec<(FileId, Said)> = code.par_iter().map(|file| (*file, said(documents, *file))).collect();
    let mut importers = Importers::default();
    for (file, said) in found {
        for other in &said.imports {
            let all = importers.by.entry(*other).or_default();
            if *other != file && all.last() != Some(&file) {
                all.push(file);
            }
        }
        importers.of.insert(file, said.imports);
        if said.sets_variables != Sets::None {
            importers.setting.insert(file, said.sets_variables);
        }
    }
    importers
}

/// The files that one imports, and what it may set.
fn said(documents: &Documents<'_>, file: FileId) -> Said {
    let is_python =
        SourceKind::from_path(&documents.project.file(file).path).is_some_and(|kind| kind == SourceKind::Python);
    let mut names = Vec::new();
    let mut sets_variables = Sets::None;
    // What nobody asks for takes no room among what a scan keeps.
    documents.project.search(file, &mut |text| {
        names = if is_python { python_modules(text) } else { quoted_modules(text) };
        sets_variables = sets_variables_in(text);
    });
    let targets = names.into_iter().filter_map(|name| match documents.resolve(file, &name) {
        Target::Code(target) | Target::Data(target) => Some(target),
        _ => None,
    });
    Said { imports: targets.collect(), sets_variables }
}

/// What of the environment a text may set: it stands there otherwise than where one variable is read.
fn sets_variables_in(text: &str) -> Sets {
    let mut sets = Sets::None;
    if places(text, "env").next().is_none() {
        return sets;
    }
    for environment in ["process.env", "Bun.env", "os.environ", "import.meta.env", "Deno.env"] {
        for at in places(text, environment) {
            let (before, rest) = (text[..at].trim_end(), &text[at + environment.len()..]);
            if let Some((index, after)) = rest.strip_prefix('[').and_then(|index| index.split_once(']')) {
                if assigns(after) || deletes(before) {
                    let is_named = index.starts_with(['"', '\'']);
                    sets = if is_named && sets != Sets::Any { Sets::Named } else { Sets::Any };
                }
                continue;
            }
            let name = rest.strip_prefix('.').unwrap_or_default();
            let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
            let is_method =
                matches!(&name[..end], "update" | "pop" | "setdefault" | "clear" | "set" | "delete" | "popitem");
            // As a whole it is named otherwise, or handed on.
            let is_whole = end == 0 && before.ends_with(['(', '=', ',', ':', '}']);
            let is_set = end > 0 && (assigns(&name[end..]) || deletes(before));
            if sets == Sets::None && (is_method || is_whole || is_set) {
                sets = Sets::Named;
            }
        }
    }
    let is_elsewhere = ["putenv", "import environ", "{ env }", "dotenv"].iter().any(|word| text.contains(word));
    if sets == Sets::None && is_elsewhere { Sets::Named } else { sets }
}

fn deletes(before: &str) -> bool {
    before.ends_with("delete") || before.ends_with("del")
}

/// Whether what stands behind something assigns to it: `= 1`, `||= 1`, `+= 1`.
fn assigns(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    let rest = after.trim_start_matches(['|', '&', '?', '+', '-', '*']);
    rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>")
}

impl Importers {
    /// Whether a file may change what it imports from another.
    pub(super) fn changes(&self, documents: &Documents<'_>, file: FileId, of: FileId) -> bool {
        self.changing.of(file, || changed_by(documents, file)).contains(&of)
    }
}

/// The files that one imports something from and changes that, or hands it on where it is changed.
fn changed_by(documents: &Documents<'_>, file: FileId) -> Vec<FileId> {
    let is_python =
        SourceKind::from_path(&documents.project.file(file).path).is_some_and(|kind| kind == SourceKind::Python);
    let mut modules = Vec::new();
    documents.project.search(file, &mut |text| {
        let imports = if is_python { python_names(text) } else { quoted_names(text) };
        let changing = imports.into_iter().filter(|(_, names)| names.iter().any(|name| changes(text, name)));
        modules = changing.map(|(module, _)| module).collect();
    });
    let targets = modules.into_iter().flat_map(|module: String| {
        let folder = module.rsplit_once('.').map(|(folder, _)| folder.to_owned()).filter(|_| is_python);
        let mut found: Vec<FileId> = Vec::new();
        for module in [Some(module), folder].into_iter().flatten() {
            if let Target::Code(target) | Target::Data(target) = documents.resolve(file, &module) {
                found.push(target);
            }
        }
        found
    });
    targets.collect()
}

/// What is imported from each module in quotes, by its own name here.
fn quoted_names(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for module in quoted_modules(text) {
        let quoted = ['"', '\'', '`'].map(|quote| format!("{quote}{module}{quote}"));
        for at in quoted.iter().flat_map(|quoted| places(text, quoted)) {
            let before = &text[..at];
            let words = ["import", "const ", "let ", "var "];
            let Some(start) = words.iter().filter_map(|word| before.rfind(word)).max() else { continue };
            let names = before[start..].split(|letter: char| !is_of_name(letter)).filter(|name| !name.is_empty());
            let skipped = ["import", "const", "let", "var", "from", "require", "await", "type", "as", "default"];
            found.push((module.clone(), names.filter(|name| !skipped.contains(name)).map(str::to_owned).collect()));
        }
    }
    found
}

/// What is imported from each module of Python, by its own name here; all that is changed where all names are.
fn python_names(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for module in python_modules(text) {
        let last = module.rsplit('.').next().unwrap_or_default().to_owned();
        let mut names = vec![last.clone()];
        names.extend(words(text, &last).filter_map(|(_, after)| {
            let other = after.trim_start().strip_prefix("as ")?.trim_start();
            let end = other.find(|letter: char| !is_of_name(letter)).unwrap_or(other.len());
            Some(other[..end].to_owned())
        }));
        found.push((module, names));
    }
    for line in text.lines() {
        let line = line.trim();
        if let Some(module) = line.strip_prefix("from ").and_then(|rest| rest.strip_suffix("import *")) {
            found.push((module.trim().to_owned(), vec!["import *".to_owned()]));
        }
    }
    found
}

/// Where some words stand in a text.
fn places<'t>(text: &'t str, words: &'t str) -> impl Iterator<Item = usize> + 't {
    memchr::memmem::find_iter(text.as_bytes(), words.as_bytes())
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

/// Where a name stands in a text as a word, and what follows it there.
fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    places(text, name).filter(|_| !name.is_empty()).filter_map(move |at| {
        let after = &text[at + name.len()..];
        let begins =
            !text[..at].ends_with(|letter: char| is_of_name(letter) || letter == '.') || text[..at].ends_with("...");
        (begins && !after.starts_with(is_of_name)).then_some((at, after))
    })
}

/// Whether a text changes what a name holds, or hands it on where it is changed.
fn changes(text: &str, name: &str) -> bool {
    if name == "import *" {
        return true;
    }
    words(text, name).any(|(at, after)| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        if line.starts_with("import") || line.starts_with("from ") || line.starts_with("export {") {
            // Passing on is not changing; whoever imports that is asked for itself.
            return line.starts_with("export");
        }
        let (path, after) = path_behind(after);
        let last = path.rsplit(['.', '[']).next().unwrap_or_default();
        if assigns(after) || before.ends_with("delete") || before.ends_with("del") || before.ends_with("}") {
            return true;
        }
        if after.starts_with('(') {
            return CHANGING.contains(&last);
        }
        // It is handed to what changes it, or named otherwise.
        let is_handed = ["assign(", "setattr(", "defineProperty(", "Reflect.set(", "merge("].iter();
        is_handed.clone().any(|call| before.ends_with(call))
            || (path.is_empty()
                && before.ends_with('=')
                && !before.ends_with("==")
                && after.starts_with([';', '\n', '\r']))
    })
}

/// Methods that change what they are called on.
const CHANGING: &[&str] = &[
    "push",
    "append",
    "extend",
    "unshift",
    "insert",
    "splice",
    "pop",
    "shift",
    "remove",
    "sort",
    "reverse",
    "fill",
    "update",
    "setdefault",
    "clear",
    "set",
    "add",
    "delete",
    "discard",
    "assign",
];

/// `.a?.b["c"]` behind a name, and what follows it.
fn path_behind(after: &str) -> (&str, &str) {
    let mut rest = after;
    loop {
        let inner = rest.trim_start_matches(['?', '!']);
        if let Some(member) = inner.strip_prefix('.') {
            let end = member.find(|letter: char| !is_of_name(letter)).unwrap_or(member.len());
            if end == 0 {
                break;
            }
            rest = &member[end..];
        } else if let Some((_, behind)) = inner.strip_prefix('[').and_then(|index| index.split_once(']')) {
            rest = behind;
        } else {
            break;
        }
    }
    (&after[..after.len() - rest.len()], rest)
}

/// What stands in quotes behind `from`, `import` or `require`.
fn quoted_modules(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["from", "import", "require"] {
        for at in places(text, word) {
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
    fn what_may_set_variables_is_found_in_the_text() {
        for text in [
            "process.env.A = 'x'",
            "process.env[name] ??= 'x'",
            "delete process.env.A",
            "Object.assign(process.env, {})",
            "({ A: process.env.A } = x); const { env } = process; f(process.env)",
            "os.environ['A'] = 'x'",
            "os.environ.update(A='x')",
        ] {
            assert_ne!(sets_variables_in(text), Sets::None, "{text}");
        }
        for text in
            ["process.env.A === 'x'", "const a = process.env.A || 'b'", "os.environ['A']", "os.environ.get('A')"]
        {
            assert_eq!(sets_variables_in(text), Sets::None, "{text}");
        }
    }

    #[test]
    fn what_changes_a_name_is_found_in_the_text() {
        for text in ["a.b = 1", "a.b.push(1)", "delete a.b", "Object.assign(a, {})", "const d = a;\n", "a['b'] ||= 1"] {
            assert!(changes(text, "a"), "{text}");
        }
        for text in ["import { a } from './a'", "a.b === 1", "f(a.b)", "const b = { ...a }", "c.a = 1", "a.map(x)"] {
            assert!(!changes(text, "a"), "{text}");
        }
    }

    #[test]
    fn modules_are_found_in_the_text() {
        let text =
            "import a from './a';\nexport * from \"../b\"; const c = require('c'), d = await import(`./d`); import 'e'";
        assert_eq!(quoted_modules(text), ["../b", "./a", "./d", "c", "e"]);
        let text = "import os, app.x as y\nfrom . import z\nfrom app.core import (a,\n  b as c,  # note\n)\n";
        assert_eq!(python_modules(text), [".", ".z", "app.core", "app.core.a", "app.core.b", "app.x", "os"]);
    }
}

//! Which files import which, by a look at their text alone: nothing is parsed for it.

use super::Documents;
use crate::answers::Answers;
use crate::eval::{Source, Target};
use crate::project::{FileKind, PackageId, aside};
use crate::syntax::FileId;
use crate::syntax::code::SourceKind;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::sync::{Arc, OnceLock};

/// What the code that a deployed app can run says of imports.
#[derive(Default)]
pub(super) struct Importers {
    /// The paths in imports, by the word that each ends in.
    naming: HashMap<Box<str>, Vec<Named>>,
    /// Files that may set variables of the environment.
    setting: Vec<Setting>,
    /// Who imports each file, and who changes what it imports: found when it is asked.
    by: Answers<FileId, Arc<[Importer]>>,
    changing: Answers<FileId, Arc<[FileId]>>,
    /// The files with all that import them, directly or through others.
    above: Answers<FileId, Arc<HashSet<FileId>>>,
}

/// A file that may set variables.
struct Setting {
    file: FileId,
    sets: Sets,
    /// The words in it that are spelled as variables are.
    words: HashSet<Box<str>>,
}

/// What variables of the environment a file may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sets {
    None,
    /// Those that it names.
    Named,
    Any,
}

/// A path in imports, which leads to one place from all of some files.
struct Named {
    module: Arc<str>,
    from: Vec<FileId>,
    target: OnceLock<Option<FileId>>,
}

/// What one file says.
struct Said {
    modules: Vec<String>,
    sets: Sets,
    words: HashSet<Box<str>>,
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
    let mut known: HashMap<(Option<PackageId>, &str, Arc<str>), usize> = HashMap::new();
    for (file, said) in found {
        for module in said.modules {
            let module: Arc<str> = module.into();
            // A path that begins with a dot counts from its folder, another from its package.
            let is_near = module.starts_with('.');
            let folder = if is_near { project.file(file).folder() } else { "" };
            let package = if is_near { None } else { project.nearest_package(file) };
            let all = match importers.naming.get_mut(last_word(&module)) {
                Some(all) => all,
                None => importers.naming.entry(last_word(&module).into()).or_default(),
            };
            let index = *known.entry((package, folder, module.clone())).or_insert(all.len());
            match all.get_mut(index) {
                Some(named) => named.from.push(file),
                None => all.push(Named { module, from: vec![file], target: OnceLock::new() }),
            }
        }
        if said.sets != Sets::None {
            importers.setting.push(Setting { file, sets: said.sets, words: said.words });
        }
    }
    importers
}

/// The modules that one file names, and what it may set.
fn said(documents: &Documents<'_>, file: FileId) -> Said {
    let is_python = is_python(documents, file);
    let mut said = Said { modules: Vec::new(), sets: Sets::None, words: HashSet::new() };
    // What nobody asks for takes no room among what a scan keeps.
    documents.project.search(file, &mut |text| {
        said.modules = if is_python { python_modules(text) } else { quoted_modules(text) };
        said.sets = sets_variables_in(text);
        if said.sets == Sets::Named {
            let words = text.split(|letter: char| !is_of_name(letter)).filter(|word| is_of_variables(word));
            said.words = words.map(Box::from).collect();
        }
    });
    said
}

fn is_python(documents: &Documents<'_>, file: FileId) -> bool {
    SourceKind::from_path(&documents.project.file(file).path).is_some_and(|kind| kind == SourceKind::Python)
}

/// `b` of `../a/b.js`, of `@/a/b` and of `a.b`.
fn last_word(module: &str) -> &str {
    let last = module.trim_end_matches('/').rsplit('/').next().unwrap_or(module);
    let known = [".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx", ".json", ".vue", ".svelte"];
    match known.iter().find_map(|extension| last.strip_suffix(extension)) {
        Some(stem) => stem,
        None if module.contains('/') => last,
        None => last.rsplit('.').next().unwrap_or(last),
    }
}

/// A file that imports another, and by which paths.
type Importer = (FileId, Arc<str>);

impl Importers {
    /// The files that import a file.
    pub(super) fn by(&self, documents: &Documents<'_>, file: FileId) -> Vec<FileId> {
        let mut found: Vec<FileId> = self.importers(documents, file).iter().map(|(importer, _)| *importer).collect();
        found.dedup();
        found
    }

    fn importers(&self, documents: &Documents<'_>, file: FileId) -> Arc<[Importer]> {
        self.by.of(file, || {
            let words = words_for(documents, file);
            let path = &documents.project.file(file).path;
            let is_python = is_python(documents, file);
            let naming = words.iter().filter_map(|word| self.naming.get(&**word)).flatten();
            let leads_here = |named: &&Named| {
                if named.target.get().is_none() && !can_be(&named.module, path, is_python) {
                    return false;
                }
                *named.target.get_or_init(|| target_of(documents, *named.from.first()?, &named.module)) == Some(file)
            };
            let mut found: Vec<Importer> = naming
                .filter(leads_here)
                .flat_map(|named| named.from.iter().map(|from| (*from, named.module.clone())))
                .filter(|(importer, _)| *importer != file)
                .collect();
            found.sort_unstable();
            found.dedup();
            found.into()
        })
    }

    /// The files that import a file and may change what they import.
    pub(super) fn changing(&self, documents: &Documents<'_>, file: FileId) -> Arc<[FileId]> {
        self.changing.of(file, || {
            let importers = self.importers(documents, file);
            let changes = |(importer, module): &&Importer| changes_of(documents, *importer, module);
            let mut found: Vec<FileId> = importers.iter().filter(changes).map(|(importer, _)| *importer).collect();
            found.dedup();
            found.into()
        })
    }

    /// The files that may set a variable and run where one of some files does.
    pub(super) fn setting(&self, documents: &Documents<'_>, name: &str, evaluated: &HashSet<FileId>) -> Vec<FileId> {
        let names = |setting: &&Setting| match setting.sets {
            Sets::Any => true,
            _ if is_of_variables(name) => setting.words.contains(name),
            _ => documents.project.mentions(setting.file, &[name]),
        };
        let setting = self.setting.iter().filter(names).map(|setting| setting.file);
        setting.filter(|file| self.runs(documents, *file, evaluated)).collect()
    }

    /// Whether a file runs where one of some files does: it is one of them, or one of them imports it.
    fn runs(&self, documents: &Documents<'_>, file: FileId, evaluated: &HashSet<FileId>) -> bool {
        evaluated.contains(&file) || !self.above(documents, file).is_disjoint(evaluated)
    }

    fn above(&self, documents: &Documents<'_>, file: FileId) -> Arc<HashSet<FileId>> {
        self.above.of(file, || {
            let (mut seen, mut todo) = (HashSet::new(), vec![file]);
            while let Some(next) = todo.pop() {
                if seen.insert(next) {
                    todo.extend(self.by(documents, next));
                }
            }
            Arc::new(seen)
        })
    }
}

/// Whether a word is spelled as variables are.
fn is_of_variables(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn target_of(documents: &Documents<'_>, from: FileId, module: &str) -> Option<FileId> {
    match documents.resolve(from, module) {
        Target::Code(found) | Target::Data(found) => Some(found),
        _ => None,
    }
}

/// Whether a path in an import can be that of a file, by the words in it.
fn can_be(module: &str, path: &str, is_python: bool) -> bool {
    let is_relative = module.starts_with('.');
    if !is_python && !is_relative {
        return true;
    }
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let words: Vec<&str> = if is_python {
        module.split('.').filter(|word| !word.is_empty()).collect()
    } else {
        module.split('/').filter(|word| !matches!(*word, "" | "." | "..")).collect()
    };
    let ends = |path: &str| {
        let mut words = words.iter().rev();
        let last = words.next();
        let mut parts = path.rsplit('/');
        last.is_none_or(|last| parts.next().is_some_and(|part| *last == part || last_word(last) == last_word(part)))
            && words.all(|word| parts.next() == Some(*word))
    };
    ends(path) || ends(stem) || ends(folder)
}

/// The words that a path to a file may end in: its own name, and those of the folders and the package that it can
/// stand for.
fn words_for(documents: &Documents<'_>, file: FileId) -> Vec<Box<str>> {
    let path = &documents.project.file(file).path;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut words: Vec<Box<str>> = vec![last_word(name).into()];
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    words.push(stem.into());
    // `config.local`, of which only the last part counts where no slash stands before it.
    words.extend(stem.rsplit_once('.').map(|(_, last)| last.into()));
    if matches!(stem, "index" | "__init__") {
        words.extend(folder.rsplit('/').next().map(Box::from));
        words.extend(["".into(), ".".into(), "..".into()]);
    }
    if !documents.project.file(file).kind.is_python() {
        let package = documents.project.nearest_package(file).map(|package| documents.project.package(package));
        words.extend(package.and_then(|package| package.name.as_deref()).map(|name| last_word(name).into()));
    }
    words.sort_unstable();
    words.dedup();
    words
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

/// Whether a file changes what it imports by a path, or hands it on where it is changed.
fn changes_of(documents: &Documents<'_>, file: FileId, module: &str) -> bool {
    let is_python = is_python(documents, file);
    let mut is_changed = false;
    documents.project.search(file, &mut |text| {
        let names = if is_python { python_names(text, module) } else { quoted_names(text, module) };
        is_changed = names.iter().any(|name| changes(text, name));
    });
    is_changed
}

/// What is imported from a module in quotes, by its own name here.
fn quoted_names(text: &str, module: &str) -> Vec<String> {
    let mut found = Vec::new();
    let quoted = ['"', '\'', '`'].map(|quote| format!("{quote}{module}{quote}"));
    for at in quoted.iter().flat_map(|quoted| places(text, quoted)) {
        let before = &text[..at];
        let words = ["import", "const ", "let ", "var "];
        let Some(start) = words.iter().filter_map(|word| before.rfind(word)).max() else { continue };
        let names = before[start..].split(|letter: char| !is_of_name(letter)).filter(|name| !name.is_empty());
        let skipped = ["import", "const", "let", "var", "from", "require", "await", "type", "as", "default"];
        found.extend(names.filter(|name| !skipped.contains(name)).map(str::to_owned));
    }
    found
}

/// What is imported from a module of Python, by its own name here; all that is changed where all names are.
fn python_names(text: &str, module: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (above, own) = module.rsplit_once('.').unwrap_or(("", module));
    // `.z` is `z` of the package at hand.
    let above = if module.starts_with('.') && above.chars().all(|letter| letter == '.') {
        &module[..module.len() - own.len()]
    } else {
        above
    };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if let Some(names) = line.strip_prefix("import ") {
            let named = names.split(',').filter(|name| first_word(name) == Some(module));
            found.extend(named.map(|name| name.split_whitespace().last().unwrap_or_default()).map(last_part));
        }
        let Some((from, names)) = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) else {
            continue;
        };
        let (is_it, is_above) = (from.trim() == module, from.trim() == above);
        if !is_it && !is_above {
            continue;
        }
        let mut names = names.to_owned();
        while names.contains('(') && !names.contains(')') {
            let Some(more) = lines.next() else { break };
            names.push(' ');
            names.push_str(more.split('#').next().unwrap_or_default());
        }
        if is_it && names.trim() == "*" {
            found.push("import *".to_owned());
            continue;
        }
        let named = names.split(['(', ')', ',']).filter(|name| is_it || first_word(name) == Some(own));
        found.extend(named.filter_map(|name| name.split('#').next()?.split_whitespace().last()).map(str::to_owned));
    }
    found
}

/// `b` of `a.b`.
fn last_part(name: &str) -> String {
    name.rsplit('.').next().unwrap_or_default().to_owned()
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

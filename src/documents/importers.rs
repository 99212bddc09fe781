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
    /// The code that a deployed app can run.
    code: Vec<FileId>,
    /// The paths in imports, by the word that each ends in: found when somebody asks who imports something.
    naming: OnceLock<HashMap<Box<str>, Vec<Named>>>,
    /// Files that may set variables of the environment.
    setting: Vec<Setting>,
    /// Who imports each file, and who changes what it imports: found when it is asked.
    by: Answers<FileId, Arc<[Importer]>>,
    changing: Answers<FileId, Arc<[Changing]>>,
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

/// A file that changes what it imports.
struct Changing {
    file: FileId,
    /// Under which names of the other module.
    names: Vec<Box<str>>,
    /// Under any, as nobody sees which.
    is_any: bool,
    /// Names of the other module that it may set by themselves.
    set: Vec<Box<str>>,
}

/// A path in imports, which leads to one place from all of some files.
struct Named {
    module: Arc<str>,
    from: Vec<FileId>,
    target: OnceLock<Option<FileId>>,
}

/// Looks through the code that a deployed app can run.
pub(super) fn look(documents: &Documents<'_>) -> Importers {
    let project = documents.project;
    let code: Vec<FileId> = project
        .of_kinds(|kind| matches!(kind, FileKind::Source(_)))
        .into_iter()
        .filter(|file| !aside::is_never_deployed(&project.file(*file).path))
        .collect();
    let setting = code.par_iter().filter_map(|file| setting(documents, *file)).collect();
    Importers { code, setting, ..Importers::default() }
}

/// The paths in the imports of some files.
fn naming(documents: &Documents<'_>, code: &[FileId]) -> HashMap<Box<str>, Vec<Named>> {
    let project = documents.project;
    let found: Vec<(FileId, Vec<String>)> = code.par_iter().map(|file| (*file, modules(documents, *file))).collect();
    let mut naming: HashMap<Box<str>, Vec<Named>> = HashMap::new();
    let mut known: HashMap<(Option<PackageId>, &str, Arc<str>), usize> = HashMap::new();
    for (file, modules) in found {
        for module in modules {
            let module: Arc<str> = module.into();
            // A path that begins with a dot counts from its folder, another from its package.
            let is_near = module.starts_with('.');
            let folder = if is_near { project.file(file).folder() } else { "" };
            let package = if is_near { None } else { project.nearest_package(file) };
            let all = match naming.get_mut(last_word(&module)) {
                Some(all) => all,
                None => naming.entry(last_word(&module).into()).or_default(),
            };
            let index = *known.entry((package, folder, module.clone())).or_insert(all.len());
            match all.get_mut(index) {
                Some(named) => named.from.push(file),
                None => all.push(Named { module, from: vec![file], target: OnceLock::new() }),
            }
        }
    }
    naming
}

/// The modules that one file names.
fn modules(documents: &Documents<'_>, file: FileId) -> Vec<String> {
    let is_python = is_python(documents, file);
    let mut found = Vec::new();
    // What nobody asks for takes no room among what a scan keeps.
    documents.project.search(file, &mut |text| {
        found = if is_python { python_modules(text) } else { quoted_modules(text) };
    });
    found
}

/// The variables that one file may set.
fn setting(documents: &Documents<'_>, file: FileId) -> Option<Setting> {
    let mut setting = Setting { file, sets: Sets::None, words: HashSet::new() };
    documents.project.search(file, &mut |text| {
        setting.sets = sets_variables_in(text);
        if setting.sets == Sets::Named {
            let words = text.split(|letter: char| !is_of_name(letter)).filter(|word| is_of_variables(word));
            setting.words = words.map(Box::from).collect();
        }
    });
    (setting.sets != Sets::None).then_some(setting)
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

    fn naming(&self, documents: &Documents<'_>) -> &HashMap<Box<str>, Vec<Named>> {
        if let Some(naming) = self.naming.get() {
            return naming;
        }
        // Not inside the lock with helpers of its own.
        let found = naming(documents, &self.code);
        self.naming.get_or_init(|| found)
    }

    fn importers(&self, documents: &Documents<'_>, file: FileId) -> Arc<[Importer]> {
        self.by.of(file, || {
            let words = words_for(documents, file);
            let path = &documents.project.file(file).path;
            let is_python = is_python(documents, file);
            let naming = words.iter().filter_map(|word| self.naming(documents).get(&**word)).flatten();
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

    /// The files that import a file and may change what they import under one of these names; no names stand for any.
    pub(super) fn changing(&self, documents: &Documents<'_>, file: FileId, names: &[Arc<str>]) -> Vec<FileId> {
        let does = |changing: &&Changing| {
            let has = |own: &Box<str>| names.iter().any(|name| **name == **own);
            changing.is_any || names.is_empty() || changing.names.iter().any(has)
        };
        let all = self.all_changing(documents, file);
        let mut found: Vec<FileId> = all.iter().filter(does).map(|changing| changing.file).collect();
        found.dedup();
        found
    }

    /// Whether some file may set a name of a module that it imports as a whole.
    pub(super) fn sets_name(&self, documents: &Documents<'_>, file: FileId, name: &str) -> bool {
        let all = self.all_changing(documents, file);
        all.iter().any(|changing| changing.is_any || changing.set.iter().any(|own| **own == *name))
    }

    fn all_changing(&self, documents: &Documents<'_>, file: FileId) -> Arc<[Changing]> {
        self.changing.of(file, || {
            let importers = self.importers(documents, file);
            importers.iter().filter_map(|(importer, module)| changes_of(documents, *importer, module)).collect()
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

/// What a file changes of what it imports by a path, or hands on where it is changed.
fn changes_of(documents: &Documents<'_>, file: FileId, module: &str) -> Option<Changing> {
    let is_python = is_python(documents, file);
    let mut found: Option<Changing> = None;
    documents.project.search(file, &mut |text| {
        let names = if is_python { python_names(text, module) } else { quoted_names(text, module) };
        for taken in &names {
            changes(text, &taken.local, &mut |path| {
                let changing = found.get_or_insert_with(|| Changing::of(file));
                let Some(name) = &taken.name else { return changing.note_whole(path) };
                changing.names.push(name.as_str().into());
            });
        }
    });
    found
}

impl Changing {
    fn of(file: FileId) -> Changing {
        Changing { file, names: Vec::new(), is_any: false, set: Vec::new() }
    }

    /// A change by a path from the other module as a whole.
    fn note_whole(&mut self, path: &str) {
        let Some(name) = first_key(path) else {
            self.is_any = true;
            return;
        };
        if path.len() == name.len() + 1 {
            self.set.push(name.into());
        }
        self.names.push(name.into());
    }
}

/// `a` of `.a.b`.
fn first_key(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('.')?;
    let end = rest.find(|letter: char| !is_of_name(letter)).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// Something that is imported.
#[derive(Debug, PartialEq, Eq)]
struct TakenName {
    /// Its name in the other module; none for the whole module.
    name: Option<String>,
    local: String,
}

impl TakenName {
    fn whole(local: impl Into<String>) -> TakenName {
        TakenName { name: None, local: local.into() }
    }
}

/// What is imported from a module in quotes.
fn quoted_names(text: &str, module: &str) -> Vec<TakenName> {
    let mut found = Vec::new();
    let quoted = ['"', '\'', '`'].map(|quote| format!("{quote}{module}{quote}"));
    for at in quoted.iter().flat_map(|quoted| places(text, quoted)) {
        let before = &text[..at];
        let words = ["import", "const ", "let ", "var "];
        let Some(start) = words.iter().filter_map(|word| before.rfind(word)).max() else { continue };
        let clause = &before[start..];
        let is_import = clause.starts_with("import");
        let (outside, inside) = match clause.split_once('{').and_then(|(one, rest)| Some((one, rest.split_once('}')?)))
        {
            Some((one, (inside, other))) => (format!("{one} {other}"), inside),
            None => (clause.to_owned(), ""),
        };
        let is_whole = !is_import || outside.contains('*');
        for local in outside.split(|letter: char| !is_of_name(letter)).filter(|name| !is_of_imports(name)) {
            let name = (!is_whole).then(|| "default".to_owned());
            found.push(TakenName { name, local: local.to_owned() });
        }
        for one in inside.split(',') {
            let mut words = one.split(|letter: char| !is_of_name(letter)).filter(|word| !matches!(*word, "" | "type"));
            let Some(name) = words.next() else { continue };
            let local = words.find(|word| *word != "as").unwrap_or(name);
            found.push(TakenName { name: Some(name.to_owned()), local: local.to_owned() });
        }
    }
    found
}

/// Words of an import that are no names.
fn is_of_imports(word: &str) -> bool {
    matches!(word, "" | "import" | "const" | "let" | "var" | "from" | "require" | "await" | "type" | "as" | "default")
}

/// What is imported from a module of Python; all that is changed where all names are.
fn python_names(text: &str, module: &str) -> Vec<TakenName> {
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
            // `import a.b` is named `a.b`, `import a.b as c` is `c`.
            found.extend(
                named.filter_map(|name| name.split('#').next()?.split_whitespace().last()).map(TakenName::whole),
            );
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
            found.push(TakenName::whole("import *"));
            continue;
        }
        for one in names.split(['(', ')', ',']) {
            let mut words = one.split('#').next().unwrap_or_default().split_whitespace();
            let Some(name) = words.next().filter(|name| is_it || *name == own) else { continue };
            let local = words.last().unwrap_or(name);
            found.push(TakenName { name: is_it.then(|| name.to_owned()), local: local.to_owned() });
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

/// Tells by which path a text changes what a name holds, or hands it on where it is changed.
fn changes(text: &str, name: &str, tell: &mut dyn FnMut(&str)) {
    if name == "import *" {
        return tell("");
    }
    for (at, after) in words(text, name) {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let (path, after) = path_behind(after);
        if line.starts_with("import") || line.starts_with("from ") || line.starts_with("export {") {
            // Passing on is not changing; whoever imports that is asked for itself.
            if line.starts_with("export") {
                tell(path);
            }
        } else if is_changed_at(before, path, after)
            || alias(before, after).is_some_and(|other| other_changes(text, other))
        {
            tell(path);
        }
    }
}

/// Whether what stands at a path of a name is changed there, or handed to what changes it.
fn is_changed_at(before: &str, path: &str, after: &str) -> bool {
    let last = path.rsplit(['.', '[']).next().unwrap_or_default();
    // A name by itself is bound anew: that changes nothing of what it was.
    let is_part = !path.is_empty() || !after.trim_start().starts_with('=');
    if (is_part && assigns(after)) || deletes(before) || before.ends_with('}') {
        return true;
    }
    if after.starts_with('(') {
        return CHANGING.contains(&last);
    }
    ["assign(", "setattr(", "defineProperty(", "Reflect.set(", "merge("].iter().any(|call| before.ends_with(call))
}

/// The other name that something is given: `b` of `b = a`.
fn alias<'t>(before: &'t str, after: &str) -> Option<&'t str> {
    if !after.is_empty() && !after.starts_with([';', '\n', '\r', ',']) {
        return None;
    }
    let target = before.strip_suffix('=').filter(|before| !before.ends_with(['=', '!', '<', '>']))?.trim_end();
    let start = target.rfind(|letter: char| !is_of_name(letter)).map_or(0, |at| at + 1);
    Some(&target[start..]).filter(|name| !name.is_empty())
}

/// Whether a part of what has another name is changed, or that is given a third one.
fn other_changes(text: &str, name: &str) -> bool {
    places(text, name).any(|at| {
        let after = &text[at + name.len()..];
        if text[..at].ends_with(is_of_name) || after.starts_with(is_of_name) {
            return false;
        }
        let before = text[..at].trim_end_matches([' ', '\t']);
        let (path, after) = path_behind(after);
        is_changed_at(before, path, after) || alias(before, after).is_some_and(|other| other != name)
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
        // `(a as T).b`
        if let Some((kind, behind)) = inner.strip_prefix(" as ").and_then(|cast| cast.split_once(')'))
            && !kind.contains(['\n', ';', '(', '=', ','])
        {
            rest = behind;
            continue;
        }
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

    fn is_changed(text: &str, name: &str) -> bool {
        let mut found = false;
        changes(text, name, &mut |_| found = true);
        found
    }

    #[test]
    fn what_is_imported_is_found_in_the_text() {
        let named = |name: &str, local: &str| TakenName { name: Some(name.into()), local: local.into() };
        assert_eq!(
            quoted_names(
                "import d, { a as b, c } from './m'; import * as n from './m'; const r = require('./m')",
                "./m"
            ),
            [named("default", "d"), named("a", "b"), named("c", "c"), TakenName::whole("n"), TakenName::whole("r")]
        );
        assert_eq!(
            python_names(
                "import p.m\nimport p.m as x\nfrom p import m as y, z\nfrom p.m import (a,\n b as c)\n",
                "p.m"
            ),
            [TakenName::whole("p.m"), TakenName::whole("x"), TakenName::whole("y"), named("a", "a"), named("b", "c")]
        );
    }

    #[test]
    fn what_changes_a_name_is_found_in_the_text() {
        for text in [
            "a.b = 1",
            "a.b.push(1)",
            "delete a.b",
            "Object.assign(a, {})",
            "const d = a;\nd.b = 1",
            "a['b'] ||= 1",
            "(a as any).b = 1",
            "const d = a.b;\nd.c = 1",
        ] {
            assert!(is_changed(text, "a"), "{text}");
        }
        for text in [
            "import { a } from './a'",
            "a.b === 1",
            "f(a.b)",
            "const b = { ...a }",
            "c.a = 1",
            "a.map(x)",
            "f(a=a)",
            "const d = a;\nf(d.b)",
        ] {
            assert!(!is_changed(text, "a"), "{text}");
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

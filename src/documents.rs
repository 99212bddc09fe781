//! The project's files as documents, each parsed at most once, with what could not be parsed as problems.

mod importers;

use crate::answers::Answers;
use crate::eval::{Memory, Source, Target};
use crate::literals::{FileLiterals, candidates, look};
use crate::project::{FileKind, GitState, Problem, Project, Resolution, folder_of, inside, normalized, problem_id};
use crate::syntax::code::{self, Module, SourceKind};
use crate::syntax::data::{self, Dialect, Document, Format, Node, Refused};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Data files by file and format; none for those that cannot be parsed.
type Parsed = Answers<(FileId, Format), Option<Arc<Document>>>;

/// Parses files on demand and keeps the result; can be shared between threads.
pub struct Documents<'p> {
    /// The project whose files these are.
    pub project: &'p Project,
    /// Packages that are never followed, even where the project holds their source: what they do is known.
    opaque: Vec<&'static str>,
    modules: Vec<OnceLock<Option<Arc<Module>>>>,
    data: Parsed,
    /// Data files that were taken account of: two threads can parse one at the same time.
    counted: Mutex<HashSet<(FileId, Format)>>,
    problems: Mutex<BTreeMap<(FileId, u32), Problem>>,
    literals: OnceLock<Vec<FileLiterals>>,
    importers: OnceLock<importers::Importers>,
    /// What import paths mean, by the file that they stand in.
    resolved: Mutex<HashMap<FileId, HashMap<Box<str>, Target>>>,
    memory: Memory,
    /// Modules whose functions leave alone what they are handed.
    known: HashSet<&'static str>,
}

impl<'p> Documents<'p> {
    /// Nothing parsed yet.
    pub fn new(project: &'p Project, opaque: impl IntoIterator<Item = &'static str>) -> Self {
        let modules = project.files().iter().map(|_| OnceLock::new()).collect();
        Documents {
            project,
            opaque: opaque.into_iter().collect(),
            modules,
            data: Parsed::default(),
            counted: Mutex::default(),
            problems: Mutex::default(),
            literals: OnceLock::new(),
            importers: OnceLock::new(),
            resolved: Mutex::default(),
            memory: Memory::default(),
            known: HashSet::new(),
        }
    }

    /// The same with modules whose functions are known to leave alone what they are handed.
    pub fn knowing(self, modules: impl IntoIterator<Item = &'static str>) -> Self {
        Documents { known: modules.into_iter().collect(), ..self }
    }

    /// What was read and parsed, to be freed where that holds nothing up.
    pub fn into_read(self) -> impl Send + 'static {
        (self.modules, self.data, self.literals)
    }

    /// The module of a source file; none where it is no source or cannot be parsed, which is then a problem.
    pub fn module_of(&self, file: FileId) -> Option<Arc<Module>> {
        self.modules.get(file.0 as usize)?.get_or_init(|| self.parse_module(file)).clone()
    }

    /// The files that were asked for as modules, in order.
    pub fn parsed(&self) -> Vec<FileId> {
        let asked = |id: &FileId| self.modules.get(id.0 as usize).is_some_and(|module| module.get().is_some());
        self.project.ids().filter(asked).collect()
    }

    /// Parses modules that will be asked for, side by side.
    pub fn parse_ahead(&self, files: &[FileId]) {
        files.par_iter().for_each(|file| drop(self.module_of(*file)));
    }

    /// The secrets that stand in the project's files as literals.
    pub fn literals(&self) -> &[FileLiterals] {
        self.literals
            .get_or_init(|| candidates(self.project).iter().filter_map(|file| look(self.project, *file)).collect())
    }

    /// Looks for literals that will be asked for, side by side.
    pub fn look_ahead(&self) {
        // Never inside the lock: a thread that waits for its own helpers could be handed a task that waits for it.
        let found = candidates(self.project).par_iter().filter_map(|file| look(self.project, *file)).collect();
        let _ = self.literals.set(found);
    }

    fn parse_module(&self, file: FileId) -> Option<Arc<Module>> {
        let path = &self.project.file(file).path;
        // Whoever asks for a file of settings as a module knows that it is one.
        let is_settings = [".cfg", ".conf", ".settings"].iter().any(|end| path.ends_with(end));
        let kind = SourceKind::from_path(path).or(is_settings.then_some(SourceKind::Python))?;
        let text = match self.project.text(file) {
            Ok(text) => text,
            Err(problem) => {
                self.note(file, problem.clone().in_file(file));
                return None;
            }
        };
        match code::parse_file(&self.project.file(file).path, text, kind) {
            Ok(module) => {
                if !self.project.keep(file, weight_of_module(text, &module)) {
                    return None;
                }
                if let Some(error) = module.errors.first() {
                    self.unparsable(file, Some(error.span), format!("the syntax is not valid: {}", error.message));
                }
                Some(Arc::new(module))
            }
            Err(refused) => {
                self.unparsable(file, refused.span(), refused.to_string());
                None
            }
        }
    }

    /// A data file in a format; none where it cannot be parsed, which is then a problem.
    pub fn data_of(&self, file: FileId, format: Format) -> Option<Arc<Document>> {
        self.data.of((file, format), || self.parse_data(file, format).map(Arc::new))
    }

    /// Parses data files that will be asked for, side by side.
    pub fn read_ahead(&self, files: &[FileId], format: Format) {
        files.par_iter().for_each(|file| drop(self.data_of(*file, format)));
    }

    fn parse_data(&self, file: FileId, format: Format) -> Option<Document> {
        let text = match self.project.text(file) {
            Ok(text) => text,
            Err(problem) => {
                self.note(file, problem.clone().in_file(file));
                return None;
            }
        };
        match data::parse(text, format) {
            Ok(document) => {
                let first = self.counted.lock().unwrap_or_else(PoisonError::into_inner).insert((file, format));
                let nodes: u64 = document.roots().iter().map(count).sum();
                if first && !self.project.keep(file, nodes * NODE_BYTES) {
                    return None;
                }
                for error in document.errors.iter().take(1) {
                    self.unparsable(file, Some(error.span), error.message.clone());
                }
                Some(document)
            }
            Err(refused) => {
                self.refused(file, &refused);
                None
            }
        }
    }

    /// Notes that a data file cannot be read.
    pub(crate) fn refused(&self, file: FileId, refused: &Refused) {
        if refused.is_too_large() {
            self.note(file, Problem::refused(file, &self.project.file(file).path, refused));
        } else {
            self.unparsable(file, refused.span(), refused.to_string());
        }
    }

    fn unparsable(&self, file: FileId, span: Option<Span>, message: String) {
        self.note(file, Problem { id: problem_id::UNPARSABLE, message, file: Some(file), span });
    }

    /// Notes that a file has more in it than an app is judged by.
    pub(crate) fn too_much(&self, file: FileId, most: usize) {
        let path = &self.project.file(file).path;
        let message = format!("`{path}` is not checked in full: an app is checked by {most} resources at most");
        let problem = Problem { id: problem_id::TOO_LARGE, message, file: Some(file), span: None };
        // Beside what is wrong at some place of the file.
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).entry((file, u32::MAX)).or_insert(problem);
    }

    fn note(&self, file: FileId, problem: Problem) {
        let start = problem.span.map_or(0, |span| span.start);
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).entry((file, start)).or_insert(problem);
    }

    /// Who imports whom, found once.
    fn all_imports(&self) -> &importers::Importers {
        if let Some(importers) = self.importers.get() {
            return importers;
        }
        // Not inside the lock with helpers of its own: see `look_ahead`.
        let found = importers::look(self);
        self.importers.get_or_init(|| found)
    }

    /// What could not be read or parsed so far, in the order of files.
    pub fn problems(&self) -> Vec<Problem> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

/// How the end of an import path spells a file: `/app"`, `.app import`.
fn import_spellings(path: &str) -> Vec<String> {
    let (before, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, ending)) = name.split_once('.') else { return Vec::new() };
    let folder = before.rsplit('/').next().unwrap_or_default();
    let is_folder = matches!(stem, "index" | "__init__");
    if ending.starts_with("py") {
        let name = if is_folder { folder } else { stem };
        return vec![
            format!("import {name}"),
            format!("from {name}"),
            format!(".{name}"),
            format!(", {name}"),
            "from .".into(),
        ];
    }
    let mut spelled = vec![format!("/{stem}\""), format!("/{stem}'"), format!("/{stem}."), format!("/{stem}`")];
    if is_folder {
        spelled.extend([
            format!("/{folder}\""),
            format!("/{folder}'"),
            format!("/{folder}/\""),
            format!("/{folder}/'"),
        ]);
        spelled.extend(["\".\"", "'.'", "\"./\"", "'./'", "..\"", "..'", "../\"", "../'"].map(String::from));
    }
    spelled
}

/// What a node of a parsed file takes of the memory, more or less.
const NODE_BYTES: u64 = 160;

/// Files up to this size are not counted node by node: a byte of ordinary code makes a tenth of a node.
const SMALL: usize = 1 << 15;

/// What a parsed module takes of the memory.
fn weight_of_module(text: &str, module: &Module) -> u64 {
    if text.len() <= SMALL {
        return text.len() as u64 * NODE_BYTES / 10;
    }
    let mut nodes = 0;
    code::visit(&module.body, &mut |_, _| nodes += 1);
    nodes * NODE_BYTES
}

/// The nodes of a tree, whose depth is bounded by its parser.
fn count(node: &Node) -> u64 {
    let items: u64 = node.items().iter().map(count).sum();
    let entries: u64 = node.entries().iter().map(|entry| 1 + count(&entry.value)).sum();
    1 + items + entries
}

impl Source for Documents<'_> {
    fn module(&self, file: FileId) -> Option<Arc<Module>> {
        self.module_of(file)
    }

    fn data(&self, file: FileId) -> Option<Arc<Node>> {
        let format = match self.project.file(file).kind {
            FileKind::TsConfig => Format::JsonComments,
            FileKind::EnvFile { .. } => Format::Dotenv(Dialect::Python),
            _ if self.project.file(file).path.ends_with(".jsonc") => Format::JsonComments,
            // A component, a stylesheet, a picture: a bundler makes something of it, and no data.
            _ if !self.project.file(file).path.ends_with(".json") => return None,
            _ => Format::Json,
        };
        let document = self.data_of(file, format)?;
        Some(Arc::new(document.root().clone()))
    }

    fn may_read_variables(&self, file: FileId) -> bool {
        // By itself, by a test at its top level of what it imports, or by what others hold.
        self.project.mentions(file, &["env", "Env", "ENV", "\nif", "export *", "export {"])
    }

    fn files_beside(&self, file: FileId, pattern: &str) -> Vec<FileId> {
        let folder = self.project.file(file).folder();
        let Some(pattern) = normalized(&inside(folder, pattern)) else { return Vec::new() };
        if let Some(found) = self.project.find(&pattern) {
            return vec![found];
        }
        let Ok(glob) = globset::GlobBuilder::new(&pattern).literal_separator(true).build() else { return Vec::new() };
        let glob = glob.compile_matcher();
        let is_meant = |file: &FileId| {
            let own = self.project.file(*file);
            matches!(own.kind, FileKind::Source(_)) && glob.is_match(&*own.path)
        };
        let mut found: Vec<FileId> = self.project.ids().filter(is_meant).collect();
        found.sort_by_key(|file| self.project.file(*file).path.clone());
        found
    }

    fn is_deployed(&self, file: FileId) -> bool {
        self.project.file(file).git != GitState::Ignored
    }

    fn importers(&self, of: &[FileId], among: &[FileId]) -> Vec<FileId> {
        let words: Vec<String> = of.iter().flat_map(|file| import_spellings(&self.project.file(*file).path)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.is_empty() { Vec::new() } else { self.project.mentioning(among, &words) }
    }

    fn imported_by(&self, file: FileId) -> Vec<FileId> {
        self.all_imports().by(self, file)
    }

    fn changed_by(&self, file: FileId) -> Vec<FileId> {
        self.all_imports().changing(self, file, &[])
    }

    fn changed_under(&self, file: FileId, names: &[Arc<str>]) -> Vec<FileId> {
        self.all_imports().changing(self, file, names)
    }

    fn sets_name(&self, file: FileId, name: &str) -> bool {
        self.all_imports().sets_name(self, file, name)
    }

    fn mentions(&self, file: FileId, word: &str) -> bool {
        self.project.mentions(file, &[word])
    }

    fn setting(&self, name: &str, evaluated: &HashSet<FileId>) -> Vec<FileId> {
        self.all_imports().setting(self, name, evaluated)
    }

    fn memory(&self) -> Option<&Memory> {
        Some(&self.memory)
    }

    fn leaves_alone(&self, package: &str) -> bool {
        let begins = |name: &str| {
            package
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']) || name.ends_with('/'))
        };
        self.known.iter().chain(&self.opaque).any(|name| begins(name))
    }

    fn env_file(&self, from: FileId, path: &str) -> Option<FileId> {
        let mut folder = self.project.file(from).folder();
        loop {
            let found = normalized(&inside(folder, path)).and_then(|path| self.project.find(&path));
            if let Some(file) = found.filter(|file| matches!(self.project.file(*file).kind, FileKind::EnvFile { .. })) {
                return Some(file);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    fn resolve(&self, from: FileId, module: &str) -> Target {
        let known = || self.resolved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(target) = known().get(&from).and_then(|own| own.get(module)) {
            return target.clone();
        }
        let target = self.resolve_anew(from, module);
        known().entry(from).or_default().insert(module.into(), target.clone());
        target
    }
}

impl Documents<'_> {
    fn resolve_anew(&self, from: FileId, module: &str) -> Target {
        let is_opaque = |name: &str| {
            module
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || name.ends_with('/'))
        };
        if self.opaque.iter().any(|name| is_opaque(name)) {
            return Target::External(module.into());
        }
        let resolution = if self.project.file(from).kind.is_python() {
            let level = module.len() - module.trim_start_matches('.').len();
            self.project.resolve_python(from, &module[level..], u32::try_from(level).unwrap_or(u32::MAX))
        } else {
            self.project.resolve(from, module)
        };
        match resolution {
            Resolution::File(file) if SourceKind::from_path(&self.project.file(file).path).is_some() => {
                Target::Code(file)
            }
            Resolution::File(file) => Target::Data(file),
            Resolution::External { package, subpath } if subpath.is_empty() => Target::External(package),
            Resolution::External { package, subpath } => Target::External(format!("{package}/{subpath}").into()),
            Resolution::Missing(path) => Target::Missing(path),
        }
    }
}

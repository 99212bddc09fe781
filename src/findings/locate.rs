//! Byte spans of files as the lines and columns that people count.

use super::repair::{Parsed, takes_name};
use crate::answers::Answers;
use crate::mask::Shape;
use crate::project::{FileKind, LineIndex, Project, Resolution};
use crate::syntax::code::{self, SourceKind};
use crate::syntax::{FileId, Span};
use hashbrown::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The files that findings point into.
pub trait Sources: Sync {
    /// The path relative to the root, with `/`.
    fn path(&self, file: FileId) -> Arc<str>;
    /// The file at a path.
    fn find(&self, path: &str) -> Option<FileId>;
    /// The text that spans count in, where the file could be read.
    fn text(&self, file: FileId) -> Option<Arc<str>>;
    /// Its lines.
    fn lines(&self, file: FileId) -> Option<LineIndex> {
        self.text(file).map(LineIndex::new)
    }
    /// How the file tells values from names.
    fn shape(&self, file: FileId) -> Shape;
    /// How many files take a name out of the module that this file is.
    fn importers(&self, _file: FileId, _name: &str) -> usize {
        0
    }
}

/// A place in a file. Lines and columns count from 1, columns in Unicode scalar values; ends are exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The path relative to the root.
    pub file: Arc<str>,
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The line of the end.
    pub end_line: u32,
    /// The column behind the last character.
    pub end_column: u32,
    /// The first byte.
    pub offset: u32,
    /// The byte behind the last.
    pub end_offset: u32,
}

impl Location {
    /// The beginning of a file that need not be there.
    pub(crate) fn beginning_of(file: Arc<str>) -> Location {
        Location { file, line: 1, column: 1, end_line: 1, end_column: 1, offset: 0, end_offset: 0 }
    }

    /// Whether it names a file and no text in it: what is missing there stands nowhere.
    pub(crate) fn is_whole_file(&self) -> bool {
        self.offset == 0 && self.end_offset == 0
    }
}

/// Finds locations, reading each file's lines once, and parsing those files once that are to be edited.
pub(crate) struct Locator<'s> {
    sources: &'s dyn Sources,
    lines: Answers<FileId, LineIndex>,
    parsed: Mutex<ParsedFiles>,
    importers: Answers<(FileId, Arc<str>), usize>,
}

/// Files that were parsed for their repairs.
#[derive(Default)]
struct ParsedFiles {
    files: HashMap<FileId, Option<Arc<Parsed>>>,
    bytes: usize,
}

/// When so many bytes of files are kept parsed, they make room for the next ones.
const KEPT_BYTES: usize = 2 << 20;

impl<'s> Locator<'s> {
    pub(crate) fn new(sources: &'s dyn Sources) -> Self {
        Locator { sources, lines: Answers::default(), parsed: Mutex::default(), importers: Answers::default() }
    }

    /// A file parsed for its repairs, where it is one of a language that objects and literals are written in.
    pub(super) fn parsed(&self, file: FileId) -> Option<Arc<Parsed>> {
        // Nothing is held while a file is parsed: see [`Answers::of`].
        let known = || self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().files.get(&file) {
            return known.clone();
        }
        let text = self.text(file);
        let bytes = text.as_ref().map_or(0, |text| text.len());
        let parsed = text.and_then(|text| Parsed::new(&self.path(file), text)).map(Arc::new);
        let mut all = known();
        if all.bytes + bytes > KEPT_BYTES {
            *all = ParsedFiles::default();
        }
        all.bytes += bytes;
        all.files.entry(file).or_insert(parsed).clone()
    }

    /// The location of a span; the file's beginning where its text is not to be had.
    pub(crate) fn location(&self, file: FileId, span: Span) -> Location {
        let text = self.sources.text(file).unwrap_or_default();
        let within = |offset: u32| to_u32(text.floor_char_boundary(offset as usize));
        let span = Span::new(within(span.start), within(span.end.max(span.start)));
        let empty = || LineIndex::new("".into());
        let lines = self.lines.of(file, || self.sources.lines(file).unwrap_or_else(empty));
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        Location {
            file: self.sources.path(file),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            offset: span.start,
            end_offset: span.end,
        }
    }

    /// The path of a file.
    pub(crate) fn path(&self, file: FileId) -> Arc<str> {
        self.sources.path(file)
    }

    /// The text of a file, where it could be read.
    pub(crate) fn text(&self, file: FileId) -> Option<Arc<str>> {
        self.sources.text(file)
    }

    /// How a file tells values from names.
    pub(crate) fn shape(&self, file: FileId) -> Shape {
        self.sources.shape(file)
    }

    /// The file at a path relative to the root.
    pub(crate) fn find(&self, path: &str) -> Option<FileId> {
        self.sources.find(path)
    }

    /// How many files take a name out of the module that this file is.
    pub(crate) fn importers(&self, file: FileId, name: &str) -> usize {
        self.importers.of((file, Arc::from(name)), || self.sources.importers(file, name))
    }

    /// `file:line` of a span, in words.
    pub(crate) fn short(&self, file: FileId, span: Span) -> String {
        let at = self.location(file, span);
        format!("{}:{}", at.file, at.line)
    }
}

/// Files are capped far below this.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Sources for Project {
    fn path(&self, file: FileId) -> Arc<str> {
        self.file(file).path.clone()
    }

    fn find(&self, path: &str) -> Option<FileId> {
        Project::find(self, path)
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        Project::text(self, file).ok().cloned()
    }

    fn lines(&self, file: FileId) -> Option<LineIndex> {
        Project::lines(self, file)
    }

    fn shape(&self, file: FileId) -> Shape {
        let file = self.file(file);
        match &file.kind {
            FileKind::EnvFile { .. } => Shape::Env,
            kind if kind.is_python() => Shape::Hash,
            FileKind::Source(_) | FileKind::Json | FileKind::TsConfig => Shape::Script,
            _ => by_ending(file.name()),
        }
    }

    fn importers(&self, file: FileId, name: &str) -> usize {
        let stem = self.file(file).name().split('.').next().unwrap_or_default();
        let scripts: Vec<FileId> = self.ids().filter(|id| *id != file && self.file(*id).kind.is_script()).collect();
        let takes = |id: &FileId| {
            let path = &self.file(*id).path;
            let kind = SourceKind::from_path(path)?;
            let mut module = None;
            self.search(*id, &mut |text| module = code::parse_file(path, text, kind).ok());
            let is_meant = |path: &str| self.resolve(*id, path) == Resolution::File(file);
            Some(takes_name(&module?, name, &is_meant))
        };
        self.mentioning(&scripts, &[stem]).iter().filter(|id| takes(id) == Some(true)).count()
    }
}

/// Formats that several kinds of file are written in.
fn by_ending(name: &str) -> Shape {
    match name.rsplit('.').next() {
        Some("json" | "jsonc" | "json5") => Shape::Script,
        Some("toml") => Shape::Hash,
        _ => Shape::Data,
    }
}

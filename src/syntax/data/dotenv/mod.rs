//! Env files, as each of their loaders reads them: there is no standard, and the loaders differ.
//!
//! One file can hold another secret under another loader: `KEY=abc#def` is three characters to Node's loaders and
//! seven to Python's. So every reader here follows one loader to the letter, and [`disagreements`] compares them.

mod altered;
mod compose;
mod lines;
mod node;
mod parse_env;
mod python;

pub use altered::{Alteration, Altered, altered};

use super::interpolation::{Piece, Syntax, pieces};
use super::{DataError, Document, Entry, Node, NodeKind, span_of};
use crate::syntax::Span;
use crate::text::Text;
use std::sync::Arc;

/// A loader of env files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// npm's `dotenv`: nothing is expanded.
    Node,
    /// `dotenv` followed by `dotenv-expand`, as in Next.js, Vite and (near enough) Bun. Quotes are gone when it
    /// expands, so single quotes do not protect a `$`; a backslash does.
    NodeExpand,
    /// Node's own `--env-file` and `util.parseEnv`.
    NodeParseEnv,
    /// `python-dotenv`, which expands `${NAME}` in all values, and `$NAME` in none.
    Python,
    /// Compose's `env_file` and the `.env` beside a compose file.
    Compose,
    /// `docker run --env-file`, and Compose's `format: raw`: everything behind the `=` is the value, quotes included.
    DockerRun,
}

impl Dialect {
    /// Every loader.
    pub const ALL: [Dialect; 6] = [
        Dialect::Node,
        Dialect::NodeExpand,
        Dialect::NodeParseEnv,
        Dialect::Python,
        Dialect::Compose,
        Dialect::DockerRun,
    ];
}

/// How a value was quoted in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Not at all, or in a way that this loader takes for a part of the value.
    None,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `` `…` ``
    Backtick,
}

impl Quote {
    fn of(first: Option<char>) -> Self {
        match first {
            Some('\'') => Quote::Single,
            Some('"') => Quote::Double,
            Some('`') => Quote::Backtick,
            _ => Quote::None,
        }
    }
}

/// An env file, read by one loader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvFile {
    /// The variables in the order of the file. Of two with one name the later counts.
    pub entries: Vec<EnvEntry>,
    /// Every comment, its sign included.
    pub comments: Vec<Span>,
    /// What the loader skips, misreads, or stops at.
    pub errors: Vec<DataError>,
}

/// One variable of an env file.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvEntry {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value before expansion, without quotes; none for a bare name, which gives no value of its own.
    pub value: Option<Text>,
    /// Where the value stands, quotes included; where it would stand if it is empty.
    pub span: Span,
    /// How it was quoted.
    pub quote: Quote,
    /// The value as the parts this loader makes it of; one text where it expands nothing.
    pub pieces: Vec<Piece>,
}

/// What a reader finds of a variable.
struct Found {
    name: String,
    name_span: Span,
    value: Option<String>,
    span: Span,
    quote: Quote,
}

/// A variable that loaders read differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// Its name.
    pub name: Arc<str>,
    /// Where the first loader that sees it sees its value.
    pub span: Span,
    /// Its value before expansion by loader; none where the loader does not set it.
    pub readings: Vec<(Dialect, Option<Text>)>,
}

/// Reads an env file as one loader does. Every text is an env file; what the loader cannot use is in `errors`.
pub fn read(text: &str, dialect: Dialect) -> EnvFile {
    let mut file = EnvFile::default();
    match dialect {
        Dialect::Node | Dialect::NodeExpand => node::read(text, dialect, &mut file),
        Dialect::NodeParseEnv => parse_env::read(text, &mut file),
        Dialect::Python => python::read(text, &mut file),
        Dialect::Compose => compose::read(text, &mut file),
        Dialect::DockerRun => lines::read(text, &mut file),
    }
    file
}

/// The variables whose values differ between these loaders, in the order of their names.
pub fn disagreements(text: &str, dialects: &[Dialect]) -> Vec<Disagreement> {
    let files: Vec<(Dialect, EnvFile)> = dialects.iter().map(|dialect| (*dialect, read(text, *dialect))).collect();
    let mut places: Vec<(&Arc<str>, Span)> = Vec::new();
    for entry in files.iter().flat_map(|(_, file)| &file.entries) {
        places.push((&entry.name, entry.span));
    }
    // stable: the first loader's place comes first
    places.sort_by(|a, b| a.0.cmp(b.0));
    places.dedup_by(|later, first| later.0 == first.0);
    let mut found = Vec::new();
    for (name, span) in places {
        let readings: Vec<_> = files.iter().map(|(dialect, file)| (*dialect, file.value(name).cloned())).collect();
        if readings.windows(2).any(|pair| pair[0].1 != pair[1].1) {
            found.push(Disagreement { name: name.clone(), span, readings });
        }
    }
    found
}

impl EnvFile {
    /// The entry that counts for a name: the last one that gives a value.
    pub fn get(&self, name: &str) -> Option<&EnvEntry> {
        self.entries.iter().rev().find(|entry| &*entry.name == name && entry.value.is_some())
    }

    /// The value before expansion.
    pub fn value(&self, name: &str) -> Option<&Text> {
        self.get(name).and_then(|entry| entry.value.as_ref())
    }

    fn add(&mut self, found: Found, dialect: Dialect) {
        let pieces = match &found.value {
            Some(value) => expansion(value, found.quote, dialect),
            None => Vec::new(),
        };
        self.entries.push(EnvEntry {
            name: Arc::from(found.name),
            name_span: found.name_span,
            value: found.value.map(Text::new),
            span: found.span,
            quote: found.quote,
            pieces,
        });
    }

    fn fail(&mut self, span: Span, message: &str) {
        self.errors.push(DataError::new(span, message));
    }
}

fn expansion(value: &str, quote: Quote, dialect: Dialect) -> Vec<Piece> {
    match dialect {
        Dialect::NodeExpand => pieces(value, Syntax::NodeExpand),
        Dialect::Python => pieces(value, Syntax::Python),
        Dialect::Compose if quote != Quote::Single => pieces(value, Syntax::Compose),
        _ => vec![Piece::Text(Text::new(value))],
    }
}

/// The file as a tree.
pub(super) fn document(text: &str, dialect: Dialect) -> Document {
    let file = read(text, dialect);
    let entries = file.entries.into_iter().map(|entry| {
        let kind = entry.value.map_or(NodeKind::Null, NodeKind::Text);
        Entry { key: entry.name, key_span: entry.name_span, value: Node { span: entry.span, kind } }
    });
    let kind = NodeKind::Map(entries.collect());
    let mut document = Document::of(Node { span: span_of(0..text.len()), kind });
    document.comments = file.comments;
    document.errors = file.errors;
    document
}

#[cfg(test)]
mod tests;

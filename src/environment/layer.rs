//! Layers: what each source of variables says, and how much it counts.

use crate::eval::{How, Place, Step, Value};
use crate::project::{GitState, Problem, Project, problem_id};
use crate::syntax::data::interpolation::Piece;
use crate::syntax::data::{Dialect, Node, dotenv};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// What a file with variables is to the deployed app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A loader of the app reads it, or the user named it.
    Loaded,
    /// It is named for the environment and nothing reads it: it says what the host is meant to set.
    Intent,
    /// A developer's own.
    Developer,
    /// It declares names for others to fill in.
    Template,
    /// For another environment: tests, staging.
    Other,
    /// It describes a deployment.
    Target,
}

/// A file with variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The file.
    pub file: FileId,
    /// What git knows of it.
    pub git: GitState,
    /// What it is to the deployed app.
    pub role: Role,
}

/// How much a layer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The app has these variables.
    Certain,
    /// The host is meant to set them.
    Intended,
    /// The app has them if this file is there when it runs.
    Perhaps(Arc<str>),
    /// They declare names and give no value.
    Nothing,
}

/// The variables that one source has at most. Configuration that people keep has some hundreds; on its way through a
/// scan each takes more than a kilobyte, and a source is read for every app and every service that it is meant for.
pub(crate) const MOST_VARIABLES: usize = 10_000;

/// The variables of one source.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) role: Role,
    pub(crate) weight: Weight,
    pub(crate) entries: Vec<Entry>,
    /// A part of the source cannot be seen: what it does not name here it sets perhaps.
    pub(crate) unseen: Option<Place>,
    /// It has more than [`MOST_VARIABLES`].
    pub(crate) is_cut: bool,
    pub(crate) empty_is_unset: bool,
    /// A value sees only what stands before it in the source.
    pub(crate) in_order: bool,
    /// It is what the package's start script sets, which counts where nothing else says what is started.
    pub(crate) of_start_script: bool,
    /// The env file that it was read from, and how.
    pub(crate) env_file: Option<(FileId, Dialect)>,
}

/// One variable in a source.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: Arc<str>,
    /// Where its name stands.
    pub(crate) name_place: Place,
    /// What the source says of it.
    pub(crate) written: Written,
}

/// What a source says of a variable.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    /// A text with references to other variables of the environment.
    Pieces(Vec<Piece>, Place),
    /// A value that is settled, the step that sets the variable included.
    Value(Value),
    /// The name alone.
    Bare,
}

impl Layer {
    pub(crate) fn new(role: Role, weight: Weight) -> Layer {
        Layer {
            role,
            weight,
            entries: Vec::new(),
            unseen: None,
            is_cut: false,
            empty_is_unset: false,
            in_order: false,
            of_start_script: false,
            env_file: None,
        }
    }

    /// An env file, as one loader reads it.
    pub(crate) fn of_env_file(file: FileId, text: &str, dialect: Dialect, role: Role, weight: Weight) -> Layer {
        let env_file = Some((file, dialect));
        let mut layer = Layer { in_order: dialect == Dialect::Python, env_file, ..Layer::new(role, weight) };
        for entry in dotenv::read(text, dialect).entries {
            let place = Place::File(file, entry.span);
            let written = match (&entry.value, entry.pieces.as_slice()) {
                (None, _) => Written::Bare,
                (Some(value), []) => Written::Value(set(value, &entry.name, place)),
                (Some(_), [Piece::Text(text)]) => Written::Value(set(text, &entry.name, place)),
                (Some(_), _) => Written::Pieces(entry.pieces, place),
            };
            layer.push(Entry { name: entry.name, name_place: Place::File(file, entry.name_span), written });
        }
        layer
    }

    /// The entry that counts for a name: the last that gives a value.
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        let counts = |entry: &&Entry| &*entry.name == name && !matches!(entry.written, Written::Bare);
        self.entries.iter().rev().find(counts)
    }

    /// Adds a variable whose value is settled.
    pub(crate) fn add(&mut self, name: Arc<str>, file: FileId, name_span: Span, value: Value) {
        let name_place = Place::File(file, name_span);
        self.push(Entry { name, name_place, written: Written::Value(value) });
    }

    /// Adds the scalars of a map of names to values.
    pub(crate) fn add_literals(&mut self, file: FileId, section: &Node) {
        for entry in section.entries() {
            if let Some(text) = crate::syntax::data::scalar(&entry.value.kind) {
                let value = set(&text, &entry.key, Place::File(file, entry.value.span));
                self.add(entry.key.clone(), file, entry.key_span, value);
            }
        }
    }

    /// Adds a name without a value.
    pub(crate) fn declare(&mut self, name: Arc<str>, file: FileId, name_span: Span) {
        self.push(Entry { name, name_place: Place::File(file, name_span), written: Written::Bare });
    }

    /// Adds an entry; one too many is as good as not seen.
    pub(crate) fn push(&mut self, entry: Entry) {
        if self.entries.len() < MOST_VARIABLES {
            return self.entries.push(entry);
        }
        self.is_cut = true;
        self.unseen.get_or_insert(entry.name_place);
    }
}

/// What to say of the sources of which not all is looked at.
pub(crate) fn cuts<'l>(layers: &'l [Layer], project: &'l Project) -> impl Iterator<Item = Problem> + 'l {
    let cut = layers.iter().filter(|layer| layer.is_cut).filter_map(|layer| layer.unseen?.in_file());
    cut.map(|(file, _)| {
        let path = &project.file(file).path;
        let message = format!("`{path}` sets more than {MOST_VARIABLES} variables, of which the first are looked at");
        Problem::new(problem_id::TOO_LARGE, message).in_file(file)
    })
}

/// A text that a variable is set to at a place.
pub(crate) fn set(text: &Text, name: &Arc<str>, place: Place) -> Value {
    let trail = Step::start(place, How::Sets { variable: name.clone() });
    Value::new(crate::eval::Kind::Text(text.clone()), &trail)
}

//! What an expression is in one deployment environment, and how that is known.
//!
//! Nothing of the project runs: the evaluator follows what it understands, and everything else is unknown, never
//! guessed. It is bounded in depth, steps and size.

mod asked;
mod builtins;
mod calls;
mod compared;
mod constructed;
mod control;
mod effects;
mod env_readers;
mod expressions;
mod forks;
mod formats;
mod globals;
mod handlers;
mod injected;
mod modes;
mod modules;
mod namespaces;
mod objects;
mod operators;
mod origins;
mod program;
mod question;
mod records;
mod schema;
mod scope;
mod sites;
mod slices;
mod spans;
mod trail;
mod trial;
mod truth;
mod unknown;
mod uses;
mod validated;
mod value;

#[cfg(test)]
mod tests;

use crate::syntax::code::{Language, Module};
use crate::syntax::data::Node;
use crate::syntax::{FileId, Span};
pub use handlers::{Answer, Guard, Guarded};
use hashbrown::{HashMap, HashSet};
pub use modules::data_value;
pub use origins::LetsIn;
pub use program::{Made, Outside, Under};
pub use question::{Question, World};
pub use schema::{Declared, Schema};
pub use scope::{ClassValue, Closure, Scope};
use scope::{Frame, ModuleState};
pub use spans::seconds as seconds_of_span;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
pub use trail::{How, Place, Step, Trail};
pub use trial::comes_from_caller;
pub use unknown::{Because, Unknown};
pub(crate) use uses::each_statement;
pub use uses::{Decorated, Given, Object, Options, Use, Way};
pub use value::{Call, Fields, Kind, Value, call_reason};

/// Steps that one use of a library may take.
const MOST_STEPS_OF_A_USE: usize = 50_000;
/// Calls and expressions nested deeper than this are not followed.
const MOST_DEPTH: usize = 200;
/// Steps that one evaluator takes before it says "too complex".
const MOST_STEPS: usize = 600_000;
/// Items a list or an object may have before it is not followed.
const MOST_ITEMS: usize = 10_000;
/// Bytes of text that evaluation may make.
const MOST_TEXT: usize = 1 << 18;
/// Bytes of the name of something outside, `a.b.c`, beyond which it is not followed.
const MOST_PATH: usize = 1 << 12;
/// Bytes of text that may be copied for one step.
const BYTES_A_STEP: usize = 64;

/// Where the modules come from.
pub trait Source {
    /// The parsed module of a file; none when it cannot be read or parsed.
    fn module(&self, file: FileId) -> Option<Arc<Module>>;
    /// The data of an imported file (JSON), or of an env file.
    fn data(&self, file: FileId) -> Option<Arc<Node>>;
    /// The env file that code in a file names by this path, from its own folder or from one above.
    fn env_file(&self, from: FileId, path: &str) -> Option<FileId>;
    /// What an import path means in a file.
    fn resolve(&self, from: FileId, module: &str) -> Target;
    /// The source files that a path or pattern of files means, from the folder of a file, in the order of their paths.
    fn files_beside(&self, _file: FileId, _pattern: &str) -> Vec<FileId> {
        Vec::new()
    }
    /// Whether a module may read variables when it is loaded, by itself or by what it hands on; true where nobody
    /// knows.
    fn may_read_variables(&self, _file: FileId) -> bool {
        true
    }
    /// Whether a file comes along to production; false for what git ignores.
    fn is_deployed(&self, _file: FileId) -> bool {
        true
    }
    /// Those among some files that may import one of others, by what their text mentions; never too few.
    fn importers(&self, _of: &[FileId], among: &[FileId]) -> Vec<FileId> {
        among.to_vec()
    }
    /// The files of the project that import a file, tests aside.
    fn imported_by(&self, _file: FileId) -> Vec<FileId> {
        Vec::new()
    }
    /// The files that import a file and may change what they import, by what their text mentions.
    fn changed_by(&self, file: FileId) -> Vec<FileId> {
        self.imported_by(file)
    }
    /// Those among them that may change it under one of these names; no names stand for any.
    fn changed_under(&self, file: FileId, _names: &[Arc<str>]) -> Vec<FileId> {
        self.changed_by(file)
    }
    /// Whether some file may set a name of a module that it imports as a whole.
    fn sets_name(&self, file: FileId, _name: &str) -> bool {
        !self.changed_by(file).is_empty()
    }
    /// Whether a file mentions a word; true where nobody knows.
    fn mentions(&self, _file: FileId, _word: &str) -> bool {
        true
    }
    /// The files that may set a variable of the environment and run where one of some files does, by what their text
    /// mentions.
    fn setting(&self, _name: &str, evaluated: &HashSet<FileId>) -> Vec<FileId> {
        evaluated.iter().copied().collect()
    }
    /// What evaluators of these files share.
    fn memory(&self) -> Option<&Memory> {
        None
    }
    /// Whether what the functions of a package do to what they are handed is known: nothing.
    fn leaves_alone(&self, _package: &str) -> bool {
        false
    }
}

/// What evaluators of the same files found out and need not find again.
pub use effects::Memory;

/// What an import leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A source file of the project.
    Code(FileId),
    /// A data file of the project.
    Data(FileId),
    /// A package outside the project.
    External(Arc<str>),
    /// A path of the project where no file is.
    Missing(Arc<str>),
}

/// The variables of one deployment environment.
pub trait Variables {
    /// The value of a variable that is read at a place: a text, absent (nothing sets it and every source is seen),
    /// unknown, or a choice. The trail says why.
    fn read(&self, name: &str, place: Place) -> Value;
    /// How a variable is spelled that has this name in any case; none where nothing sets one.
    fn spelled(&self, _name: &str) -> Option<Arc<str>> {
        None
    }
}

/// One read of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableRead {
    /// Its name.
    pub variable: Arc<str>,
    /// Where it is read.
    pub place: Place,
    /// Whether something is written for the case that it is not set.
    pub has_fallback: bool,
}

/// Evaluates expressions of one app in one environment.
pub struct Evaluator<'a> {
    source: &'a dyn Source,
    variables: &'a dyn Variables,
    modules: RefCell<HashMap<FileId, Option<Rc<ModuleState>>>>,
    /// What each import of a file leads to, as far as somebody asked.
    targets: RefCell<HashMap<FileId, HashMap<Box<str>, Target>>>,
    steps: Cell<usize>,
    /// The number of steps at which it stops.
    limit: Cell<usize>,
    depth: Cell<usize>,
    reads: RefCell<Vec<VariableRead>>,
    /// Variables whose raw text was taken for a truth, and where.
    truths: RefCell<std::collections::BTreeMap<Arc<str>, Place>>,
    assumed: RefCell<Vec<(Question, usize)>>,
    declared_in_schemas: RefCell<schema::Known>,
    trial: RefCell<Option<trial::Trial>>,
    /// Where modules took over names that cannot be read.
    unseen_names: RefCell<Vec<Place>>,
    program: program::Program,
    effects: effects::Effects,
    /// Functions that run with arguments of which nobody knows any.
    blind: RefCell<Vec<(FileId, Span)>>,
    services: RefCell<injected::Services>,
    /// Instances that were made so far; see [`constructed`].
    instances: RefCell<constructed::Instances>,
    /// Keys of options under which lists stand that nobody asks for.
    unasked: &'static [&'static str],
}

impl<'a> Evaluator<'a> {
    /// An evaluator over a project's modules in one environment.
    pub fn new(source: &'a dyn Source, variables: &'a dyn Variables) -> Self {
        Evaluator {
            source,
            variables,
            modules: RefCell::default(),
            targets: RefCell::default(),
            steps: Cell::new(0),
            limit: Cell::new(MOST_STEPS),
            depth: Cell::new(0),
            reads: RefCell::default(),
            truths: RefCell::default(),
            assumed: RefCell::default(),
            declared_in_schemas: RefCell::default(),
            trial: RefCell::default(),
            unseen_names: RefCell::default(),
            program: program::Program::default(),
            effects: effects::Effects::default(),
            blind: RefCell::default(),
            services: RefCell::default(),
            instances: RefCell::default(),
            unasked: &[],
        }
    }

    /// The same evaluator for somebody who does not ask what the lists under these keys hold, where they stand in the
    /// options of a call: the modules that they name are not read, but for those that may read variables.
    pub fn without_lists_of(self, keys: &'static [&'static str]) -> Self {
        Evaluator { unasked: keys, ..self }
    }

    /// The parsed module of a file.
    pub fn module(&self, file: FileId) -> Option<Arc<Module>> {
        self.source.module(file)
    }

    /// An expression that stands at the top level of a file.
    pub fn expression(&self, file: FileId, expr: &crate::syntax::code::Expr) -> Value {
        let frame = self.module_frame(file);
        self.expr(expr, &frame)
    }

    /// What a file exports under a name (`default` for the default export); in Python, any top-level name.
    pub fn export(&self, file: FileId, name: &str) -> Value {
        self.exported(file, name, Place::File(file, Span::default()))
    }

    /// What an import path means in a file.
    pub fn resolve(&self, from: FileId, module: &str) -> Target {
        if let Some(known) = self.targets.borrow().get(&from).and_then(|own| own.get(module)) {
            return known.clone();
        }
        let target = self.source.resolve(from, module);
        self.targets.borrow_mut().entry(from).or_default().insert(module.into(), target.clone());
        target
    }

    /// The value of a name that a file of Python has at its top level; none where it has no such name.
    pub fn own_name(&self, file: FileId, name: &str) -> Option<Value> {
        let found = self.module_name(file, name).or_else(|| self.star_name(file, name))?;
        // A variable that the program demands is not there for that: where it is missing, nothing starts.
        let is_variable = |unknown: &Unknown| matches!((&unknown.because, &unknown.unset_with), (Because::Variable(own), Some(other)) if own == other);
        match &found.kind {
            Kind::Unknown(unknown) if is_variable(unknown) => Some(found),
            _ => Some(self.within_assumptions(found)),
        }
    }

    /// The value of a top-level name of a file.
    pub fn name(&self, file: FileId, name: &str) -> Value {
        let frame = self.module_frame(file);
        // A guard that stands below the name rules out as much.
        self.within_assumptions(self.lookup(name, Span::default(), &frame))
    }

    /// What a function gives for these arguments; unknown when it is no function that can be followed.
    pub fn call(&self, function: &Value, arguments: Vec<Value>) -> Value {
        function.each(&mut |function| self.apply(function, arguments.clone(), Vec::new(), false, &function.trail))
    }

    /// Whether an expression at the top level of a file runs at all: none of the conditions around it is known to
    /// go the other way.
    pub fn runs(&self, file: FileId, guards: &[crate::syntax::code::Guard<'_>]) -> bool {
        guards.iter().all(|guard| {
            let test = self.expression(file, guard.test);
            let place = test.trail.place;
            truth::settled(&test, self.is_python(place), place).is_none_or(|holds| holds == guard.holds)
        })
    }

    /// Several objects merged, later ones over earlier ones.
    pub fn merged(&self, objects: &[Value]) -> Value {
        let place =
            objects.iter().find_map(|object| object.trail.primary()).map_or(Place::Process, |(f, s)| Place::File(f, s));
        objects::merged(objects, place)
    }

    /// What is under a key, environment reads and getters included.
    pub fn field(&self, value: &Value, name: &str) -> Value {
        self.member(value, name, value.trail.place)
    }

    /// A variable that the framework reads by itself, as if it were read at this place.
    pub fn variable(&self, name: &str, place: Place) -> Value {
        let value = self.variables.read(name, place);
        value.each(&mut |value| value.step(place, How::Reads { variable: name.into(), fallback: None }))
    }

    /// Where the raw text of a variable was taken for a truth, as by `Boolean(process.env.X)`.
    pub fn taken_for_truth(&self, variable: &str) -> Option<Place> {
        self.truths.borrow().get(variable).copied()
    }

    /// Notes that a value is taken for a truth, where it is the raw text of a variable.
    fn note_truth(&self, value: &Value, place: Place) {
        let _ = value.each(&mut |value| {
            let is_text = matches!(&value.kind, Kind::Text(_))
                || matches!(&value.kind, Kind::Unknown(unknown) if unknown.answers.is_none());
            if let (true, How::Reads { variable, .. }) = (is_text, &value.trail.how) {
                self.truths.borrow_mut().entry(variable.clone()).or_insert(place);
            }
            value.clone()
        });
    }

    /// Every read of a variable so far.
    pub fn variables_read(&self) -> Vec<VariableRead> {
        self.reads.borrow().clone()
    }

    fn language(&self, file: FileId) -> Language {
        self.source.module(file).map_or(Language::TypeScript, |module| module.language)
    }

    /// Counts a step down; none when the budget or the depth is used up.
    fn enter(&self) -> Option<Depth<'_>> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > self.limit.get() || self.depth.get() >= MOST_DEPTH {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        Some(Depth(&self.depth))
    }

    /// Reads one use of something, with steps of its own: one that is too complex takes nothing from those after it.
    pub fn one_use<T>(&self, work: impl FnOnce() -> T) -> T {
        self.at_most(MOST_STEPS_OF_A_USE, work)
    }

    /// Does something that may take so many steps: what goes beyond is not followed, and takes nothing from what comes after.
    fn at_most<T>(&self, steps: usize, work: impl FnOnce() -> T) -> T {
        let before = self.limit.get();
        self.limit.set(before.min(self.steps.get().saturating_add(steps)));
        let done = work();
        self.limit.set(before);
        done
    }

    /// Does something for which there are always some steps, however many were used up before: what is asked for is found,
    /// and what it is given is too complex to follow.
    fn at_least<T>(&self, steps: usize, work: impl FnOnce() -> T) -> T {
        let before = self.limit.get();
        self.limit.set(before.max(self.steps.get().saturating_add(steps)));
        let done = work();
        self.limit.set(before);
        done
    }

    /// Counts steps for work that is more than one.
    fn charge(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// A value that was made, if it is not larger than any that is followed.
    fn within_bounds(&self, value: Value) -> Value {
        let too_large = match &value.kind {
            Kind::Text(text) => text.len() > MOST_TEXT,
            Kind::List { items, .. } => items.len() > MOST_ITEMS,
            Kind::Object { fields, .. } => fields.len() > MOST_ITEMS,
            _ => false,
        };
        if too_large { Value::unknown(Because::TooComplex, &value.trail) } else { value }
    }

    fn here(&self, span: Span, frame: &Frame) -> Place {
        Place::File(frame.file, span)
    }

    fn too_complex(&self, place: Place) -> Value {
        Value::unknown(Because::TooComplex, &Step::start(place, How::Written))
    }
}

/// One level of nesting, given back when dropped.
struct Depth<'d>(&'d Cell<usize>);

impl Drop for Depth<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

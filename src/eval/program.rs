//! Runs the modules of a program in the order of its imports, and tells a listener what it does to the world outside:
//! the calls it makes of imported packages, and the attributes and variables it sets.
//!
//! Names are otherwise evaluated when they are asked for. That is enough for a configuration which is one value; it is
//! not for one that is a series of calls, such as `configure(…)`, `app.add_middleware(…)`, where the order counts.

use super::question::is_production_word;
use super::scope::Frame;
use super::{Call, Evaluator, Kind, Place, Question, Target, Trail, Value};
use crate::syntax::FileId;
use crate::syntax::code::{Import, Imported, Language};
use hashbrown::{HashMap, HashSet};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// Modules beyond this are not run.
const MOST_MODULES: usize = 4_000;
/// Steps that all modules together may take.
const MOST_STEPS_OF_ALL: usize = 4_000_000;

/// What lies outside the project, as whoever knows a package describes it. Its answers depend on what the program did
/// before, so it is asked and told in the order of the program.
pub trait Outside {
    /// What a part of a package is (`aksara.conf`, `settings.debug`); none for what stays opaque.
    fn value(&self, evaluator: &Evaluator<'_>, module: &str, path: &str, place: Place) -> Option<Value>;
    /// A call that the program makes; its result, where that is known.
    fn called(&self, evaluator: &Evaluator<'_>, made: &Made) -> Option<Value>;
    /// An assignment to a part of a package: `settings.debug = True`.
    fn assigned(&self, evaluator: &Evaluator<'_>, module: &str, path: &str, value: &Value, under: &Under);
    /// A package or one of its modules is imported.
    fn imported(&self, evaluator: &Evaluator<'_>, module: &str);
}

/// A call of something outside.
#[derive(Clone, Debug)]
pub struct Made {
    /// The callee, and the arguments. The callee of a method is what it is called on.
    pub call: Arc<Call>,
    /// The name of the method, where the call is one of something opaque: `add_middleware`.
    pub method: Option<Arc<str>>,
    /// The whole call's place.
    pub place: Place,
    /// The conditions under which it is made.
    pub under: Under,
}

/// Open questions whose answers something hangs on.
#[derive(Clone, Debug, Default)]
pub struct Under(Vec<(Question, usize)>);

impl Under {
    /// A value that is new where these answers are given, and the old one everywhere else.
    pub fn choose(&self, new: Value, old: &Value) -> Value {
        self.0.iter().rev().fold(new, |new, (question, answer)| {
            let trail = new.trail.clone();
            let arms = if *answer == 1 { vec![old.clone(), new] } else { vec![new, old.clone()] };
            Value::choice(question.clone(), arms, &trail)
        })
    }

    /// Whether the answers are given: true, or a choice of true and false.
    pub fn holds(&self, trail: &Trail) -> Value {
        self.choose(Value::new(Kind::Bool(true), trail), &Value::new(Kind::Bool(false), trail))
    }

    /// Whether it hangs on nothing.
    pub fn is_certain(&self) -> bool {
        self.0.is_empty()
    }
}

/// A question and its answer, learned where these others are given.
type Learned = (Vec<(Question, usize)>, (Question, usize));

/// A running program.
#[derive(Default)]
pub(super) struct Program {
    outside: RefCell<Option<Rc<dyn Outside>>>,
    /// Whether the statements that are evaluated are those of the program, in its order.
    running: Cell<bool>,
    under: RefCell<Vec<(Question, usize)>>,
    /// Whether a handler stands behind what is running.
    caught: Cell<bool>,
    /// Under which answers the body that a handler stands behind was left for that handler.
    left: RefCell<Vec<(Question, usize)>>,
    ran: RefCell<HashSet<FileId>>,
    /// The modules that the program begins with.
    entries: RefCell<HashSet<FileId>>,
    spent: Cell<usize>,
    /// Answers that guards have made certain, each where these other answers are given.
    learned: RefCell<Vec<Learned>>,
    /// Variables that the program sets itself.
    variables: RefCell<HashMap<Arc<str>, Value>>,
}

impl Evaluator<'_> {
    /// Lets a listener answer for what lies outside, from here on.
    pub fn attach(&self, outside: Rc<dyn Outside>) {
        *self.program.outside.borrow_mut() = Some(outside);
    }

    /// Runs a program from these files on, each module once, imports before what stands below them.
    pub fn run_program(&self, entries: &[FileId]) {
        self.program.entries.borrow_mut().extend(entries);
        for entry in entries {
            self.run_module(*entry);
        }
    }

    /// Whether modules of Python run statement by statement, in the order of their imports.
    pub(super) fn runs_a_program(&self) -> bool {
        !self.program.entries.borrow().is_empty()
    }

    /// Whether a module runs because another one imports it, so that it is not the program itself.
    pub(super) fn is_imported(&self, file: FileId) -> bool {
        let program = &self.program;
        self.language(file) == Language::Python
            && program.ran.borrow().contains(&file)
            && !program.entries.borrow().contains(&file)
    }

    /// Whether a module is what is started.
    pub(super) fn is_entry(&self, file: FileId) -> bool {
        self.program.entries.borrow().contains(&file)
    }

    pub(super) fn has_run(&self, file: FileId) -> bool {
        self.program.ran.borrow().contains(&file)
    }

    /// The modules that have run.
    pub fn modules_run(&self) -> Vec<FileId> {
        let mut all: Vec<FileId> = self.program.ran.borrow().iter().copied().collect();
        all.sort_unstable();
        all
    }

    fn run_module(&self, file: FileId) {
        let program = &self.program;
        if program.ran.borrow().len() >= MOST_MODULES || !program.ran.borrow_mut().insert(file) {
            return;
        }
        let Some(state) = self.state(file) else { return };
        let spent = program.spent.get() + self.steps.get();
        if spent < MOST_STEPS_OF_ALL {
            program.spent.set(spent);
            self.steps.set(0);
        }
        let was_running = program.running.replace(true);
        let outer = std::mem::take(&mut *program.under.borrow_mut());
        self.run(&state.module.body, &self.module_frame(file));
        *program.under.borrow_mut() = outer;
        program.running.set(was_running);
    }

    pub(super) fn is_running(&self) -> bool {
        self.program.running.get()
    }

    /// Evaluates something that is not a step of the program: nobody is told of it.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        let was_running = self.program.running.replace(false);
        let done = work();
        self.program.running.set(was_running);
        done
    }

    /// What an import statement runs.
    pub(super) fn reach(&self, import: &Import, frame: &Frame) {
        if import.type_only || self.language(frame.file) != Language::Python {
            return;
        }
        let module = &*import.module;
        // `import a.b` runs `a` first.
        let dots = module.len() - module.trim_start_matches('.').len();
        for (at, _) in module.match_indices('.').filter(|(at, _)| *at >= dots.max(1)) {
            self.reach_module(frame.file, &module[..at]);
        }
        self.reach_module(frame.file, module);
        for name in &import.names {
            let Imported::Named(name) = &name.what else { continue };
            let has_name = match self.resolve(frame.file, module) {
                Target::Code(file) => self.aside(|| self.module_name(file, name).is_some()),
                _ => false,
            };
            if !has_name {
                let joint = if module.ends_with('.') { "" } else { "." };
                self.reach_inner(frame.file, &format!("{module}{joint}{name}"));
            }
        }
    }

    fn reach_module(&self, from: FileId, module: &str) {
        match self.resolve(from, module) {
            Target::Code(file) => self.run_module(file),
            Target::External(module) => {
                if let Some(outside) = self.outside() {
                    outside.imported(self, &module);
                }
            }
            Target::Data(_) | Target::Missing(_) => {}
        }
    }

    /// A name that is a module of the project, or nothing.
    fn reach_inner(&self, from: FileId, module: &str) {
        if let Target::Code(file) = self.resolve(from, module) {
            self.run_module(file);
        }
    }

    /// `importlib.import_module(name)`: the module, run if the program gets here.
    pub(super) fn imported_by_name(&self, module: &str, place: Place) -> Option<Value> {
        let (from, _) = place.in_file()?;
        if self.is_running() {
            self.reach_module(from, module);
        }
        Some(self.out_of_module(module, None, from, place))
    }

    pub(super) fn outside(&self) -> Option<Rc<dyn Outside>> {
        self.program.outside.borrow().clone()
    }

    /// What somebody knows of a part of a package.
    pub(super) fn known_outside(&self, module: &str, path: &str, place: Place) -> Option<Value> {
        self.outside()?.value(self, module, path, place)
    }

    /// Tells of a call; gives its result, where that is known.
    pub(super) fn tell(&self, call: Arc<Call>, method: Option<&str>, place: Place) -> Option<Value> {
        if !self.is_running() {
            return None;
        }
        let made = Made { call, method: method.map(Arc::from), place, under: self.now_under() };
        self.outside()?.called(self, &made)
    }

    /// Tells of an assignment to a part of a package.
    pub(super) fn tell_assigned(&self, object: &Value, property: &str, value: &Value) {
        let Kind::External { module, path } = &object.kind else { return };
        if let (true, Some(outside)) = (self.is_running(), self.outside()) {
            let path = super::value::join_path(path, property);
            outside.assigned(self, module, &path, value, &self.now_under());
        }
    }

    fn now_under(&self) -> Under {
        Under(self.program.under.borrow().clone())
    }

    /// Does something that happens only where a question has an answer.
    pub(super) fn while_under<T>(&self, question: &Question, answer: usize, work: impl FnOnce() -> T) -> T {
        let depth = self.program.under.borrow().len();
        self.program.under.borrow_mut().push((question.clone(), answer));
        let done = work();
        self.program.under.borrow_mut().truncate(depth);
        done
    }

    /// From here to the end of the running function a question has an answer.
    pub(super) fn stay_under(&self, question: &Question, answer: usize) {
        self.program.under.borrow_mut().push((question.clone(), answer));
    }

    /// The program goes on only where a question has this answer: its guard throws else. Where the guard itself hangs
    /// on nothing, that holds from here on; and what was learned under this very answer holds as well.
    pub(super) fn learn(&self, question: &Question, answer: usize) {
        let fact = (question.clone(), answer);
        let under = self.program.under.borrow().clone();
        let mut learned = self.program.learned.borrow_mut();
        learned.iter_mut().for_each(|(when, _)| when.retain(|known| *known != fact));
        learned.push((under, fact));
        learned.retain(|(when, (question, answer))| {
            let is_open = when.iter().any(|(question, answer)| !is_production(question, *answer));
            if !is_open {
                self.assume(question, *answer);
            }
            is_open
        });
    }

    /// `os.environ[name]` throws where the variable is missing, which nothing around it catches.
    pub(super) fn demanded(&self, name: &str, frame: &Frame) {
        if self.is_running() && !self.program.caught.get() && self.language(frame.file) == Language::Python {
            self.learn(&Question::IsSet(name.into()), 1);
        }
    }

    /// Whether a handler stands behind what is running.
    pub(super) fn is_caught(&self) -> bool {
        self.program.caught.get()
    }

    /// Does something that a handler stands behind; gives, too, under which answers it was left for the handler.
    pub(super) fn while_caught<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<(Question, usize)>) {
        let before = self.program.caught.replace(true);
        let outer = self.program.left.take();
        let depth = self.program.under.borrow().len();
        let done = work();
        self.program.caught.set(before);
        let left = self.program.left.replace(outer);
        // What goes on behind the handler is reached either way.
        let mut at = 0;
        self.program.under.borrow_mut().retain(|(question, answer)| {
            at += 1;
            at <= depth || !left.iter().any(|(by, under)| by == question && under != answer)
        });
        (done, left)
    }

    /// The body that a handler stands behind is left for it where a question has this answer.
    pub(super) fn leave(&self, question: &Question, answer: usize) {
        self.program.left.borrow_mut().push((question.clone(), answer));
    }

    /// Runs a function's body; what it stays under ends with it.
    pub(super) fn with_own_conditions<T>(&self, work: impl FnOnce() -> T) -> T {
        let depth = self.program.under.borrow().len();
        let done = work();
        self.program.under.borrow_mut().truncate(depth);
        done
    }

    /// A variable that the program has set itself.
    pub(super) fn own_variable(&self, name: &str) -> Option<Value> {
        self.program.variables.borrow().get(name).cloned()
    }

    /// A variable as the program has it now, without it counting as read.
    pub fn peek(&self, name: &str, place: Place) -> Value {
        self.own_variable(name).unwrap_or_else(|| {
            let value = self.variables.read(name, place);
            // A program that is run tells by itself what it sets.
            if self.program.ran.borrow().is_empty() { self.changed_variable(name, value) } else { value }
        })
    }

    /// `os.environ[name] = value`.
    pub(super) fn set_variable(&self, name: &str, value: Value, place: Place) {
        if !self.is_running() {
            return;
        }
        let old = self.peek(name, place);
        let new = self.now_under().choose(value, &old);
        self.program.variables.borrow_mut().insert(name.into(), new);
    }

    /// Methods that change the environment: `os.environ.setdefault("NAME", "value")`, `.update({…})`, `.pop("NAME")`.
    pub(super) fn change_environment(
        &self,
        method: &str,
        positional: &[Value],
        keywords: &[(Arc<str>, Value)],
        place: Place,
    ) -> Value {
        let nothing = Value::written(Kind::Null, place);
        if method == "update" {
            let given = positional.iter().flat_map(Value::fields).chain(keywords);
            given.for_each(|(name, value)| self.set_variable(name, value.clone(), place));
            return nothing;
        }
        let Some(name) = positional.first().and_then(Value::as_text).map(crate::text::Text::as_name) else {
            return nothing;
        };
        let old = self.peek(&name, place);
        if method == "pop" {
            self.set_variable(&name, Value::written(Kind::Absent, place), place);
            return old;
        }
        let new = super::calls::with_fallback(old, positional.get(1));
        self.set_variable(&name, new.clone(), place);
        new
    }
}

/// Whether an answer is the one of production, which is what is being deployed: `APP_ENV == "production"`.
pub(super) fn is_production(question: &Question, answer: usize) -> bool {
    let names_it = |variable: &str| {
        let variable = variable.to_ascii_uppercase();
        ["ENV", "ENVIRONMENT", "STAGE"]
            .iter()
            .any(|word| variable.strip_suffix(word).is_some_and(|before| before.is_empty() || before.ends_with('_')))
    };
    match question {
        Question::IsSet(variable) => answer == 1 && names_it(variable),
        Question::Equals(variable, text) => names_it(variable) && (answer == 1) == is_production_word(text),
        _ => false,
    }
}

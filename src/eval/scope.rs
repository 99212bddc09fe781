//! Names in scope, and functions together with the names they can see.

use crate::eval::{Question, Value};
use crate::syntax::FileId;
use crate::syntax::code::{Class, Function, Module};
use hashbrown::HashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// Local names that a function sees, and the scope around it; beyond the outermost stand the module's own names.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Names bound here.
    pub names: HashMap<Arc<str>, Value>,
    /// The scope around.
    pub outer: Option<Arc<Scope>>,
    height: u16,
}

/// Scopes higher than this see no names of the scopes around: what they read there is looked up and not found.
const MOST_HEIGHT: u16 = 896;

impl Scope {
    /// The names bound here, and the scope around. Cut off where functions made inside functions pile up too high.
    fn new(names: HashMap<Arc<str>, Value>, outer: Option<Arc<Scope>>) -> Scope {
        let highest = names.values().map(Value::height).max().unwrap_or(0);
        let height = 1 + outer.as_ref().map_or(0, |outer| outer.height).max(highest);
        if height > MOST_HEIGHT {
            return Scope::default();
        }
        Scope { names, outer, height }
    }

    pub(super) fn height(&self) -> u16 {
        self.height
    }

    /// The value of a local name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.names.get(name).or_else(|| self.outer.as_ref().and_then(|outer| outer.get(name)))
    }
}

/// A function with the file it stands in and the names it can see.
#[derive(Clone, Debug)]
pub struct Closure {
    /// Its code.
    pub function: Arc<Function>,
    /// The file it stands in.
    pub file: FileId,
    /// The local names around it; none at the top level of its module.
    pub scope: Option<Arc<Scope>>,
    /// What `this` is, where it is a method.
    pub this: Option<Value>,
}

/// A class with the file it stands in.
#[derive(Clone, Debug)]
pub struct ClassValue {
    /// Its code.
    pub class: Arc<Class>,
    /// The file it stands in.
    pub file: FileId,
    /// The local names around it.
    pub scope: Option<Arc<Scope>>,
}

/// What a module-level name stands for.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// A value.
    Known(Value),
    /// The top-level statement that binds it, not evaluated yet.
    Statement(usize),
    /// Its statement is being evaluated: a cycle.
    Running,
}

/// A module and the state of its names.
#[derive(Debug)]
pub(super) struct ModuleState {
    pub(super) module: Arc<Module>,
    pub(super) slots: RefCell<HashMap<Arc<str>, Slot>>,
}

/// A value returned where these questions have these answers.
pub(super) type Returned = (Vec<(Question, usize)>, Value);

/// Names bound by one running call or module, and the returns that hang on open questions.
pub(super) struct Frame {
    pub(super) file: FileId,
    /// Local names; at module level this stays empty and the module's slots are used.
    pub(super) names: RefCell<HashMap<Arc<str>, Value>>,
    pub(super) outer: Option<Arc<Scope>>,
    pub(super) module: Option<Rc<ModuleState>>,
    /// Whether this frame is the module's own top level.
    pub(super) is_module: bool,
    pub(super) this: Option<Value>,
    /// Values returned where these questions have these answers.
    pub(super) pending: RefCell<Vec<Returned>>,
    /// Whether a round of the loop at hand was left on one of two ways, so that what comes after it in the round is not
    /// certain.
    pub(super) unclear: Cell<bool>,
}

impl Frame {
    /// A snapshot of the local names for a function made here.
    pub(super) fn capture(&self) -> Option<Arc<Scope>> {
        if self.is_module {
            return None;
        }
        Some(Arc::new(Scope::new(self.names.borrow().clone(), self.outer.clone())))
    }
}

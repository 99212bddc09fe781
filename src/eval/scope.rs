//! Names in scope, and functions together with the names they can see.

use crate::eval::Value;
use crate::syntax::FileId;
use crate::syntax::code::Function;
use std::collections::HashMap;
use std::sync::Arc;

/// The names of one function call or block, and the scope around it; none around means the module's own names.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Names bound here.
    pub names: HashMap<Arc<str>, Value>,
    /// The scope around.
    pub outer: Option<Arc<Scope>>,
}

impl Scope {
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
    /// The local names around it.
    pub scope: Arc<Scope>,
    /// What `this` or the class it belongs to is, where it is a method.
    pub this: Option<Value>,
}

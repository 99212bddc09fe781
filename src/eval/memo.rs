//! What functions of the project give that are called with nothing, kept where it took long to find out: each use of a
//! library asks anew for what stands before it.

use super::scope::Closure;
use super::{Evaluator, Kind, Value};
use crate::syntax::{FileId, Span};
use hashbrown::HashMap;

/// What took fewer steps than this is found out again.
const FEW_STEPS: usize = 400;

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Memo(HashMap<(FileId, Span), Value>);

impl Evaluator<'_> {
    /// What a function gives, by `run` or as it was found out before. Of a program that runs, and of what hangs on what was
    /// assumed, nothing is kept.
    pub(super) fn once(&self, closure: &Closure, is_bare: bool, run: impl FnOnce() -> Value) -> Value {
        let of_module = closure.scope.is_none()
            && closure.this.as_ref().is_none_or(|this| matches!(this.kind, Kind::Class(_) | Kind::Module(_)));
        if !is_bare || !of_module || self.is_running() || self.is_trial() || self.is_under() {
            return run();
        }
        let key = (closure.file, closure.function.span);
        if let Some(known) = self.memo.borrow().0.get(&key) {
            return known.clone();
        }
        let before = self.steps.get();
        let found = run();
        let took = self.steps.get().saturating_sub(before);
        // What was cut off is longer where there is more time.
        if took >= FEW_STEPS && self.steps.get() < self.limit.get() {
            self.memo.borrow_mut().0.insert(key, found.clone());
        }
        found
    }
}

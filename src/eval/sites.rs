//! Where something stands: the names that are visible at a place, inside functions and blocks too.

use super::scope::{Closure, Frame};
use super::slices::Slices;
use super::trial::{CALLER, from_caller};
use super::{Because, Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::code::{Around, Expr, Function, Pattern, Site, Statement, visit_sites};
use crate::syntax::{FileId, Span};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Steps that one statement may take which runs for what comes after it: most of what a handler does is nothing that an
/// expression below hangs on.
const MOST_STEPS: usize = 4_000;

/// Names of `this` and `self` that a file gives its classes' fields; see [`super::uses`].
pub(super) type This = Option<Value>;

/// The frames at one place of a walk through a file, kept from place to place, so that each statement before is run
/// once however many places come after it.
pub(super) struct Standing<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    base: Rc<Frame>,
    /// What methods have as `this`.
    this: This,
    levels: Vec<Level>,
    slices: Slices,
    /// Whether parameters stand for themselves, to be told apart later: `request.headers` of a caller.
    brings: bool,
    /// What of them is known all the same.
    given: &'e [(Arc<str>, Value)],
    /// Which time the loops are run; none for any, of which nothing is known.
    pub(super) round: Option<usize>,
}

/// One level of names.
struct Level {
    key: Key,
    /// Which statements of the body have run.
    done: Vec<bool>,
    frame: Rc<Frame>,
}

/// Which part of the tree a level is; only ever compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Function(*const Function),
    Body(*const Statement),
    Loop(*const Expr, Option<usize>),
}

impl<'e, 'a> Standing<'e, 'a> {
    /// At the top of a file.
    pub(super) fn in_file(evaluator: &'e Evaluator<'a>, file: FileId, this: This) -> Self {
        Standing {
            evaluator,
            base: Rc::new(evaluator.module_frame(file)),
            this,
            levels: Vec::new(),
            slices: Slices::default(),
            brings: false,
            given: &[],
            round: None,
        }
    }

    /// In the body of a function whose names are bound.
    pub(super) fn in_function(evaluator: &'e Evaluator<'a>, frame: Frame) -> Self {
        let this = frame.this.clone();
        Standing {
            evaluator,
            base: Rc::new(frame),
            this,
            levels: Vec::new(),
            slices: Slices::default(),
            brings: false,
            given: &[],
            round: None,
        }
    }

    /// The names where an expression stands under some conditions, which comes no earlier in the text than what was asked
    /// before: as far as what they name hangs on it.
    pub(super) fn at(&mut self, expr: &Expr, Site { guards, around, .. }: Site<'_, '_>) -> Rc<Frame> {
        // Of a file's own statements those have run that matter.
        let is_own = |index: usize| index == 0 && self.base.is_module;
        let bodies: Vec<&[Statement]> = around
            .iter()
            .enumerate()
            .map(|(index, scope)| match scope {
                Around::Body(before) if !is_own(index) => *before,
                _ => &[],
            })
            .collect();
        let mut needed = Slices::needed(expr, guards);
        for scope in around {
            if let (Around::Loop { over, .. }, Some(_)) = (scope, self.round) {
                needed.extend(Slices::needed(over, &[]));
            }
        }
        let marked = self.slices.mark(&bodies, &mut needed);
        for (index, (scope, marks)) in around.iter().zip(marked).enumerate() {
            let key = match scope {
                Around::Function(function) => Key::Function(*function),
                Around::Body(before) => Key::Body(before.as_ptr()),
                Around::Loop { over, .. } => Key::Loop(*over, self.round),
            };
            if self.levels.get(index).is_none_or(|level| level.key != key) {
                self.levels.truncate(index);
                let frame = self.entered(scope);
                self.levels.push(Level { key, done: Vec::new(), frame });
            }
            let mut ran = false;
            let level = &mut self.levels[index];
            level.done.resize(level.done.len().max(marks.len()), false);
            for (at, statement) in bodies[index].iter().enumerate() {
                if marks[at] && !level.done[at] && binds(statement) {
                    (level.done[at], ran) = (true, true);
                    let one = std::slice::from_ref(statement);
                    self.evaluator.at_most(MOST_STEPS, || self.evaluator.run(one, &level.frame));
                }
            }
            // What lies further in has the names as they were.
            if ran {
                self.levels.truncate(index + 1);
            }
        }
        self.levels.truncate(around.len());
        self.levels.last().map_or_else(|| self.base.clone(), |level| level.frame.clone())
    }

    /// Names of parameters that are known.
    fn bind_given(&self, frame: &Frame) {
        for (name, value) in self.given {
            let own = frame.names.borrow().get(name).cloned();
            if own.is_some_and(|own| matches!(&own.kind, Kind::External { module, .. } if &**module == CALLER)) {
                self.evaluator.bind_name(name, value.clone(), frame);
            }
        }
    }

    /// The frame of a level inside those that are known.
    fn entered(&self, scope: &Around<'_>) -> Rc<Frame> {
        let outer = self.levels.last().map_or(&self.base, |level| &level.frame);
        match (scope, self.levels.last().map(|level| level.key)) {
            // A function's body has its parameters, the outermost one what it is given.
            (Around::Body(_), None | Some(Key::Function(_) | Key::Loop(..))) => outer.clone(),
            (Around::Loop { pattern, over }, _) => match self.round {
                Some(round) => Rc::new(self.evaluator.frame_of_round(outer, (pattern, over), round)),
                None => outer.clone(),
            },
            (Around::Body(_), Some(Key::Body(_))) => Rc::new(self.evaluator.frame_within(outer, None)),
            (Around::Function(function), _) => {
                let frame = self.evaluator.frame_within(outer, self.this.clone());
                match self.brings {
                    true => {
                        self.evaluator.bind_caller(function, &frame);
                        self.bind_given(&frame);
                    }
                    false => self.evaluator.bind_unknown(function, &frame),
                }
                for (name, value) in function.body.iter().filter_map(|inner| self.evaluator.declared(inner, &frame)) {
                    self.evaluator.bind_name(&name, value, &frame);
                }
                if let Some(this) = self.this.clone().filter(|_| is_method(function)) {
                    self.evaluator.bind_name("self", this, &frame);
                }
                Rc::new(frame)
            }
        }
    }
}

impl Evaluator<'_> {
    /// An expression of a file at the place where it stands. What the functions around it are called with is the
    /// caller's, and stands for itself.
    pub fn expression_at(&self, file: FileId, expr: &Expr) -> Value {
        self.expression_given(file, expr, &[])
    }

    /// An expression of a file at the place where it stands, where some of what the functions around it are called with is
    /// known.
    pub fn expression_given(&self, file: FileId, expr: &Expr, given: &[(Arc<str>, Value)]) -> Value {
        let Some(module) = self.source.module(file) else { return self.expression(file, expr) };
        let mut frame = None;
        let injected = self.injected_fields(file, &module);
        let this = (!injected.is_empty()).then(|| self.this_of(file, injected));
        let mut standing = Standing { brings: true, given, ..Standing::in_file(self, file, this) };
        visit_sites(&module.body, &mut |other, site| {
            if frame.is_none() && (std::ptr::eq(other, expr) || other.span == expr.span) {
                frame = Some(standing.at(other, site));
            }
        });
        match frame {
            Some(frame) => self.expr(expr, &frame),
            None => self.expression(file, expr),
        }
    }

    /// What `this` is where these of its fields are known.
    pub(super) fn this_of(&self, file: FileId, fields: Vec<(Arc<str>, Value)>) -> Value {
        let place = Place::File(file, Span::default());
        Value::written(Kind::Object { fields: fields.into(), open: Some(Because::Undecided.into()) }, place)
    }

    /// The names in the body of a loop, one of the times that it is run.
    fn frame_of_round(&self, outer: &Frame, (pattern, over): (&Pattern, &Expr), round: usize) -> Frame {
        let frame = self.frame_within(outer, None);
        let all = self.expr(over, outer);
        let item = all.as_list().and_then(|items| items.get(round).cloned());
        self.bind(pattern, item.unwrap_or_else(|| Value::unknown(Because::Undecided, &all.trail)), &frame);
        frame
    }

    /// A frame inside another one.
    fn frame_within(&self, outer: &Frame, this: This) -> Frame {
        Frame {
            file: outer.file,
            names: RefCell::default(),
            outer: outer.capture(),
            module: self.state(outer.file),
            is_module: false,
            this: this.or_else(|| outer.this.clone()),
            pending: RefCell::default(),
            unclear: Default::default(),
        }
    }

    /// The frame of a function that is called with these arguments, before its body runs.
    pub(super) fn frame_of(&self, function: &Closure) -> Frame {
        Frame {
            file: function.file,
            names: RefCell::default(),
            outer: function.scope.clone(),
            module: self.state(function.file),
            is_module: false,
            this: function.this.clone(),
            pending: RefCell::default(),
            unclear: Default::default(),
        }
    }

    /// Parameters of a function of which no caller is known: the caller's, and otherwise unknown.
    pub(super) fn bind_unknown(&self, function: &Function, frame: &Frame) {
        let trail = from_caller(&Step::start(Place::File(frame.file, function.span), How::Written));
        for param in &function.params {
            let caller = || Value::unknown(Because::Call("its caller".into()), &trail);
            self.bind(&param.pattern, self.injected(param, frame.file).unwrap_or_else(caller), frame);
        }
    }

    /// Parameters of a function as what its caller brings.
    fn bind_caller(&self, function: &Function, frame: &Frame) {
        let trail = from_caller(&Step::start(Place::File(frame.file, function.span), How::Written));
        for param in &function.params {
            let path = match &param.pattern {
                Pattern::Name(name, _) => name.clone(),
                _ => "input".into(),
            };
            let caller = || Value::new(Kind::External { module: CALLER.into(), path: path.clone() }, &trail);
            self.bind(&param.pattern, self.injected(param, frame.file).unwrap_or_else(caller), frame);
        }
    }
}

/// Whether a statement can bind or change a name for those after it.
fn binds(statement: &Statement) -> bool {
    !matches!(statement, Statement::Return { .. } | Statement::Throw { .. } | Statement::Jump(_) | Statement::Opaque(_))
}

/// Whether a function of Python takes the object that it is a method of.
fn is_method(function: &Function) -> bool {
    matches!(function.params.first().map(|param| &param.pattern), Some(Pattern::Name(name, _)) if &**name == "self")
}

/// The names of the tree under `Arc`, so that a closure of a function that stands somewhere can be made.
pub(super) fn closure_of(function: &Arc<Function>, frame: &Frame) -> Closure {
    Closure { function: function.clone(), file: frame.file, scope: frame.capture(), this: frame.this.clone() }
}

//! Classes of the project that derive from one of a package: what makes one of them makes one of the package's.

use super::Given;
use crate::eval::scope::{ClassValue, Closure, Frame};
use crate::eval::sites::Standing;
use crate::eval::{Because, Evaluator, Kind, Trail, Value};
use crate::syntax::code::{Argument, Expr, ExprKind, Function, Member, visit_sites};
use std::sync::Arc;

/// Base classes are followed this far.
const MOST_BASES: usize = 12;

/// Packages whose classes say how a class is written, and not what it is.
const SHAPES: &[&str] = &["global", "typing", "typing_extensions", "abc", "enum", "collections", "dataclasses"];

impl Evaluator<'_> {
    /// The class of a package that a class of the project derives from, by however many others, and what that one is given
    /// where the class is given this: the same, or what its constructor hands on. `is_meant` says whether a class of a
    /// package is asked for.
    pub(in crate::eval) fn made_outside(
        &self,
        class: &ClassValue,
        given: Given,
        trail: &Trail,
        is_meant: &dyn Fn(&Value) -> bool,
    ) -> Option<(Value, Given)> {
        self.derived(class, given, trail, is_meant, 0)
    }

    fn derived(
        &self,
        class: &ClassValue,
        given: Given,
        trail: &Trail,
        is_meant: &dyn Fn(&Value) -> bool,
        depth: usize,
    ) -> Option<(Value, Given)> {
        if depth > MOST_BASES || class.class.bases.is_empty() {
            return None;
        }
        let frame = self.class_frame(class);
        let given = self.handed_up(class, given, &frame, trail);
        class.class.bases.iter().map(|base| self.expr(base, &frame)).find_map(|base| match &base.kind {
            Kind::Class(base) => self.derived(base, given.clone(), trail, is_meant, depth + 1),
            Kind::External { module, .. } if SHAPES.contains(&&**module) => None,
            Kind::External { .. } if is_meant(&base) => Some((base, given.clone())),
            _ => None,
        })
    }

    /// What the class above is given, where this one is given that.
    fn handed_up(&self, class: &ClassValue, given: Given, frame: &Frame, trail: &Trail) -> Given {
        let unknown = || Given { open: Some(Because::Undecided.into()), ..Given::default() };
        let makers: Vec<&Member> =
            class.class.members.iter().filter(|member| MAKERS.contains(&&*member.name)).collect();
        let maker = match makers.as_slice() {
            [] if class.class.decorators.is_empty() => return given,
            [maker] if &*maker.name != "__new__" => maker,
            _ => return unknown(),
        };
        let Some(ExprKind::Function(function)) = maker.value.as_ref().map(|value| &value.kind) else {
            return unknown();
        };
        self.told_by(function, given, frame, trail).unwrap_or_else(unknown)
    }

    /// What a constructor that is called with this tells the class above.
    fn told_by(&self, function: &Arc<Function>, given: Given, frame: &Frame, trail: &Trail) -> Option<Given> {
        let this = Value::unknown(Because::Undecided, trail);
        let closure =
            Closure { function: function.clone(), file: frame.file, scope: frame.capture(), this: Some(this) };
        let inner = self.frame_of(&closure);
        if given.open.is_some() {
            self.bind_unknown(function, &inner);
        } else {
            self.bind_parameters(&closure, given.arguments, &given.keywords, &inner, trail);
        }
        let mut standing = Standing::in_function(self, inner);
        let mut told = None;
        visit_sites(&function.body, &mut |expr, site| {
            if let (None, Some(arguments)) = (&told, tells_above(expr)) {
                let there = standing.at(expr, site);
                told = Some(self.given(arguments, &there));
            }
        });
        told
    }
}

/// Methods that make an instance.
const MAKERS: &[&str] = &["__init__", "__new__", "constructor"];

/// The arguments of a call of the constructor above: `super(options)`, `super().__init__(debug=True)`,
/// `FastAPI.__init__(self, debug=True)`.
fn tells_above(expr: &Expr) -> Option<&[Argument]> {
    let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return None };
    match &callee.kind {
        ExprKind::Opaque("super") => Some(arguments),
        ExprKind::Member { object, property, .. } if &**property == "__init__" => match &object.kind {
            ExprKind::Call { callee, .. } => {
                matches!(&callee.kind, ExprKind::Name(name) if &**name == "super").then_some(&arguments[..])
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => arguments.get(1..),
            _ => None,
        },
        _ => None,
    }
}

/// What is given to a call that is known whole.
pub(in crate::eval) fn whole(arguments: Vec<Value>, keywords: Vec<(Arc<str>, Value)>) -> Given {
    Given { arguments, keywords, open: None }
}

//! What is found: objects that packages gave, uses of them, and whether each happens.

use super::{Key, Search, Walk};
use crate::eval::scope::Frame;
use crate::eval::sites::closure_of;
use crate::eval::uses::objects::{named, object};
use crate::eval::uses::present::both;
use crate::eval::uses::{Decorated, Given, Object, Use, Way};
use crate::eval::{ClassValue, Kind, Place, Value};
use crate::syntax::code::{self, Around, Expr, ExprKind, Site};
use std::sync::Arc;

impl<'s, 'a> Search<'s, 'a> {
    /// What an expression is of what a package gave.
    pub(super) fn object(&mut self, walk: &mut Walk<'s, 'a>, expr: &Expr, frame: &Frame) -> Option<Object> {
        let known = std::ptr::from_ref(expr);
        let is_each_time = walk.standing.round.is_some();
        if let Some(known) = walk.objects.get(&known).filter(|_| !is_each_time) {
            return known.clone();
        }
        let found = self.object_of(walk, expr, frame);
        if is_each_time {
            return found;
        }
        walk.objects.insert(known, found.clone());
        found
    }

    fn object_of(&mut self, walk: &mut Walk<'s, 'a>, expr: &Expr, frame: &Frame) -> Option<Object> {
        match &expr.kind {
            ExprKind::Unary(code::UnaryOp::Await, inner) => return self.object(walk, inner, frame),
            ExprKind::Call { callee, .. } => {
                if let ExprKind::Member { object, property, .. } = &callee.kind
                    && walk.names.hold(object)
                    && let Some(mut of) = self.object(walk, object, frame)
                {
                    of.through.push(property.clone());
                    return Some(of);
                }
            }
            _ => {}
        }
        let value = self.evaluator.expr(expr, frame);
        if let Some(object) = object(&value, walk.python, self.is_meant) {
            self.made.entry(object.made).or_insert_with(|| object.clone());
            return Some(object);
        }
        // What a method gave is not followed; that it began here is known.
        let Kind::Unknown(_) = value.kind else { return None };
        let (file, span) = value.trail.primary()?;
        let mut of = self.made.get(&Place::File(file, span))?.clone();
        of.through = vec!["()".into()];
        Some(of)
    }

    pub(super) fn named(&self, value: &Value, python: bool) -> Option<(Arc<str>, Arc<str>)> {
        match &value.kind {
            Kind::External { module, path } => named(module, path, python, self.is_meant),
            _ => None,
        }
    }

    pub(super) fn add(
        &mut self,
        walk: &Walk<'s, 'a>,
        named: (Arc<str>, Arc<str>),
        way: Way,
        call: Value,
        given: Given,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        self.add_if(walk, None, named, way, call, given, here);
    }

    #[expect(clippy::too_many_arguments, reason = "one use, taken apart")]
    pub(super) fn add_if(
        &mut self,
        walk: &Walk<'s, 'a>,
        chosen: Option<Value>,
        (module, export): (Arc<str>, Arc<str>),
        way: Way,
        call: Value,
        given: Given,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let present = self.present(walk, chosen, here);
        if present.as_bool() == Some(false) {
            return;
        }
        let (expr, site, frame) = here;
        let decorates = site.decorates.map(|decorated| match decorated {
            code::Decorated::Class(class) => {
                Decorated::Class(Arc::new(ClassValue { class: class.clone(), file: walk.file, scope: frame.capture() }))
            }
            code::Decorated::Function(function) => Decorated::Function(Arc::new(closure_of(function, frame))),
        });
        let place = Place::File(walk.file, expr.span);
        let entered = !self.active.is_empty();
        let as_loaded = !entered && around(walk, site).is_empty();
        let mut given = given;
        if let Way::Called = way {
            self.evaluator.opened_keywords(&mut given.keywords, walk.file, expr.span);
        }
        let found =
            Use { module, export, way, given, call, decorates, file: walk.file, place, present, entered, as_loaded };
        self.found.push((found, around(walk, site)));
    }

    /// Whether something happens here: the walk, the arm of a choice, and the conditions around it.
    pub(super) fn present(
        &self,
        walk: &Walk<'s, 'a>,
        chosen: Option<Value>,
        (expr, site, frame): (&Expr, Site<'_, '_>, &Frame),
    ) -> Value {
        let once = is_once(walk, site);
        let place = Place::File(walk.file, expr.span);
        let own = self.evaluator.present(site.guards, frame, once, place);
        let own = chosen.map_or(own.clone(), |chosen| both(&chosen, &own));
        both(&walk.present, &own)
    }

    /// What was found. What a function does is told by its callers, where there are any.
    pub(super) fn done(self) -> Vec<Use> {
        let entered = self.entered;
        let told = |around: &[Key]| around.iter().any(|function| entered.contains_key(function));
        self.found.into_iter().filter(|(_, around)| !told(around)).map(|(found, _)| found).collect()
    }
}

/// Whether what stands at a site happens once: in no function, or in one that is called once.
pub(super) fn is_once(walk: &Walk<'_, '_>, site: Site<'_, '_>) -> bool {
    walk.once && !site.around.iter().any(|scope| matches!(scope, Around::Function(_)))
}

/// The functions around a place whose callers are not known there.
pub(super) fn around(walk: &Walk<'_, '_>, site: Site<'_, '_>) -> Vec<Key> {
    let own = site.around.iter().filter_map(|scope| match scope {
        Around::Function(function) => Some((walk.file, function.span)),
        Around::Body(_) | Around::Loop { .. } => None,
    });
    walk.around.iter().copied().chain(own).collect()
}

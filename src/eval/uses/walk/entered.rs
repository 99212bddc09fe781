//! Functions that are walked with what they are called with.

use super::found::{around, is_once};
use super::{Search, Walk};
use crate::eval::scope::{Closure, Frame};
use crate::eval::sites::Standing;
use crate::eval::trial::CALLER;
use crate::eval::uses::Given;
use crate::eval::uses::names::Names;
use crate::eval::{How, Kind, Place, Step, Value};
use crate::syntax::code::{Argument, Expr, ExprKind, Language, Site, visit_sites};
use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Functions entered inside each other.
const MOST_DEPTH: usize = 6;
/// Calls of one function that are followed.
const MOST_ENTERED: usize = 8;
/// Calls of all functions that are followed.
const MOST_ENTERED_OF_ALL: usize = 1_000;

impl<'s, 'a> Search<'s, 'a> {
    /// A function that is called for each item of a list: `middlewares.forEach((one) => app.use(one))`.
    pub(super) fn for_each(
        &mut self,
        walk: &Walk<'s, 'a>,
        callee: &Expr,
        arguments: &[Argument],
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let ExprKind::Member { object, property, .. } = &callee.kind else { return };
        let [function] = arguments else { return };
        if &**property != "forEach" || !matches!(function.value.kind, ExprKind::Function(_)) {
            return;
        }
        let all = self.evaluator.expr(object, here.2);
        let Kind::List { items, open: None } = &all.kind else { return };
        let Kind::Function(closure) = self.evaluator.expr(&function.value, here.2).kind else { return };
        for item in items.iter().take(MOST_ENTERED) {
            let given = Given { arguments: vec![item.clone()], ..Given::default() };
            self.enter(walk, &closure, &given, None, here);
        }
    }

    /// A function as the method of the instance that it is called on: `new Server().start()`.
    pub(super) fn method_of(&self, callee: &Expr, closure: &Closure, frame: &Frame) -> Option<Arc<Closure>> {
        let ExprKind::Member { object, .. } = &callee.kind else { return None };
        let this = self.evaluator.expr(object, frame);
        let is_bound = closure.this.is_none() && matches!(this.kind, Kind::Object { .. });
        is_bound.then(|| Arc::new(Closure { this: Some(this), ..closure.clone() }))
    }

    /// The names in a function that may stand for something of a package, where it is called with this; none where nothing
    /// is done with them.
    fn names_inside(&mut self, closure: &Closure, given: &Given) -> Option<Rc<Names>> {
        let outside = self.names.get(&closure.file);
        let values = given.arguments.iter().chain(given.keywords.iter().map(|(_, value)| value));
        let gave = |place: Place| self.made.contains_key(&place);
        let is_handed = given.open.is_some() || !values.clone().all(|value| is_plain(value, &gave, 4));
        let whole = || outside.map_or_else(Names::default, |names| (**names).clone());
        if is_handed {
            return Some(Rc::new(whole().inside(&closure.function)));
        }
        let key = (closure.file, closure.function.span);
        if let Some(known) = self.plain.get(&key) {
            return known.clone();
        }
        let names = outside.map(|names| Rc::new(names.within(&closure.function)));
        let names = names.filter(|names| names.are_used_in(&closure.function));
        self.plain.insert(key, names.clone());
        names
    }

    /// Walks a function with what it is called with.
    pub(super) fn enter(
        &mut self,
        walk: &Walk<'s, 'a>,
        closure: &Arc<Closure>,
        given: &Given,
        chosen: Option<Value>,
        here: (&Expr, Site<'_, '_>, &Frame),
    ) {
        let key = (closure.file, closure.function.span);
        let Some(names) = self.names_inside(closure, given) else { return };
        let is_full = self.entered.values().sum::<usize>() >= MOST_ENTERED_OF_ALL;
        if is_full || self.active.len() >= MOST_DEPTH || self.active.contains(&key) {
            return;
        }
        let times = self.entered.entry(key).or_default();
        *times += 1;
        if *times > MOST_ENTERED {
            return;
        }
        let present = self.present(walk, chosen, here);
        if present.as_bool() == Some(false) {
            return;
        }
        let evaluator = self.evaluator;
        let Some(module) = evaluator.module(closure.file) else { return };
        let frame = evaluator.frame_of(closure);
        let trail = Step::start(Place::File(walk.file, here.0.span), How::Written);
        if given.open.is_some() {
            evaluator.bind_unknown(&closure.function, &frame);
        } else {
            evaluator.bind_parameters(closure, given.arguments.clone(), &given.keywords, &frame, &trail);
        }
        for (name, value) in closure.function.body.iter().filter_map(|inner| evaluator.declared(inner, &frame)) {
            evaluator.bind_name(&name, value, &frame);
        }
        let mut inner = Walk {
            file: closure.file,
            python: module.language == Language::Python,
            names,
            standing: Standing::in_function(evaluator, frame),
            present,
            once: is_once(walk, here.1),
            around: around(walk, here.1),
            inner: Vec::new(),
            objects: HashMap::new(),
            rounds: HashMap::new(),
        };
        self.active.push(key);
        visit_sites(&closure.function.body, &mut |expr, site| self.site(&mut inner, expr, site));
        self.active.pop();
    }
}

/// Whether a value is nothing of a package and holds nothing of one; `gave` says whether a package gave something at a
/// place.
fn is_plain(value: &Value, gave: &dyn Fn(Place) -> bool, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match &value.kind {
        Kind::Absent | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Pattern { .. } => true,
        Kind::Environment => true,
        Kind::Unknown(_) => value.trail.primary().is_none_or(|(file, span)| !gave(Place::File(file, span))),
        Kind::External { module, .. } => matches!(&**module, "global" | CALLER),
        Kind::List { items, .. } => items.iter().all(|item| is_plain(item, gave, depth)),
        Kind::Object { fields, .. } => fields.iter().all(|(_, value)| is_plain(value, gave, depth)),
        Kind::Choice(_, arms) => arms.iter().all(|arm| is_plain(arm, gave, depth)),
        _ => false,
    }
}

//! The uses of libraries in one file: what is called, handed on or used as a decorator, each evaluated where it stands.

use super::code::{loaded, locals};
use crate::eval::{Because, Kind, Place, Question, Step, Unknown, Value};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Guard, Module, Spread, visit_sites};
use hashbrown::HashMap;
use std::sync::Arc;

/// One use of something that a library gives.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// The module that it comes from.
    pub(super) module: Arc<str>,
    /// Its name there; `default` for the module itself.
    pub(super) export: Arc<str>,
    /// What is done with it.
    pub(super) way: Way,
    /// The arguments: of the call, or those behind what is handed on.
    pub(super) given: Given,
    /// The whole call.
    pub(super) place: Place,
    /// Whether it happens; none where nothing stands around it that is open.
    pub(super) present: Option<Value>,
}

/// What is done with an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It is called, or constructed.
    Called,
    /// It is handed to a function or a method of this name.
    Handed(Arc<str>),
    /// It decorates a class.
    Decorates,
}

/// What a call is given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// The positional arguments.
    pub(super) arguments: Vec<Value>,
    /// The keywords.
    pub(super) keywords: Vec<(Arc<str>, Value)>,
    /// Why there may be more of either, where something was spread in.
    pub(super) open: Option<Unknown>,
}

/// A file in which libraries are used.
pub(super) struct UsingFile<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    pub(super) file: FileId,
    pub(super) module: Arc<Module>,
}

impl UsingFile<'_, '_> {
    /// Every use of something of these modules, in the order of the text.
    pub(super) fn uses(&self, is_meant: &dyn Fn(&str) -> bool) -> Vec<Use> {
        let names = locals(&self.module, is_meant);
        let mut found = Vec::new();
        visit_sites(&self.module.body, &mut |expr, site| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            if begins_with(callee, &names, is_meant)
                && let Some((module, export)) = self.external(callee, is_meant)
            {
                let way = if site.decorates.is_some() { Way::Decorates } else { Way::Called };
                found.extend(self.made(expr, (module, export), way, arguments, site.guards));
            }
            let Some(to) = last_name(callee) else { return };
            for (index, argument) in arguments.iter().enumerate() {
                if argument.spread != Spread::No || !is_name(&argument.value, &names) {
                    continue;
                }
                if let Some(named) = self.external(&argument.value, is_meant) {
                    found.extend(self.made(expr, named, Way::Handed(to.clone()), &arguments[index + 1..], site.guards));
                }
            }
        });
        found
    }

    /// Every call of a method of this name on something that may be an app of a host, in the order of the text.
    pub(super) fn methods(&self, methods: &[&str], is_app: &dyn Fn(&Expr, &Value) -> bool) -> Vec<Use> {
        let mut found = Vec::new();
        visit_sites(&self.module.body, &mut |expr, site| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { object, property, .. } = &callee.kind else { return };
            if !methods.contains(&&**property)
                || !is_app(object, &self.reading.evaluator.expression_at(self.file, object))
            {
                return;
            }
            found.extend(self.made(expr, ("".into(), property.clone()), Way::Called, arguments, site.guards));
        });
        found
    }

    fn made(
        &self,
        call: &Expr,
        (module, export): (Arc<str>, Arc<str>),
        way: Way,
        arguments: &[Argument],
        guards: &[Guard<'_>],
    ) -> Option<Use> {
        if !self.reading.evaluator.runs(self.file, guards) {
            return None;
        }
        let place = Place::File(self.file, call.span);
        Some(Use { module, export, way, given: self.given(arguments), place, present: self.present(guards, place) })
    }

    fn given(&self, arguments: &[Argument]) -> Given {
        let mut given = Given { arguments: Vec::new(), keywords: Vec::new(), open: None };
        for argument in arguments {
            let value = || self.reading.evaluator.expression_at(self.file, &argument.value);
            match (argument.spread, &argument.name) {
                (Spread::No, Some((name, _))) => given.keywords.push((name.clone(), value())),
                (Spread::No, None) if given.open.is_none() => given.arguments.push(value()),
                (Spread::Fields, _) => match value().kind {
                    Kind::Object { fields, open } => {
                        given.keywords.extend(fields.iter().cloned());
                        given.open = given.open.or(open);
                    }
                    _ => given.open = Some(Because::Undecided.into()),
                },
                _ => given.open = Some(Because::Undecided.into()),
            }
        }
        given
    }

    /// Whether the open ones among some conditions hold; none where all are decided.
    fn present(&self, guards: &[Guard<'_>], place: Place) -> Option<Value> {
        let mut all: Option<Value> = None;
        for guard in guards {
            let test = self.reading.evaluator.expression_at(self.file, guard.test);
            let own = self.holds(&test, guard.holds, place);
            if own.as_bool() == Some(true) {
                continue;
            }
            all = Some(match all {
                None => own,
                Some(before) => before.join(&own, &|a, b| match (a, b) {
                    (Kind::Bool(false), _) | (_, Kind::Bool(false)) => Kind::Bool(false),
                    (Kind::Bool(true), other) | (other, _) => other.clone(),
                }),
            });
        }
        all
    }

    fn holds(&self, test: &Value, wanted: bool, place: Place) -> Value {
        test.each(&mut |test| {
            let here = Step::start(
                test.trail.primary().map_or(place, |(file, span)| Place::File(file, span)),
                crate::eval::How::Written,
            );
            let is_true = match &test.kind {
                Kind::Bool(value) => *value,
                Kind::Absent | Kind::Null => false,
                Kind::Text(text) => !text.is_empty(),
                Kind::Number(number) => *number != 0.0,
                Kind::Unknown(unknown) => {
                    let arm = |holds: bool| Value::new(Kind::Bool(holds == wanted), &here);
                    let question = match (unknown.answers.as_deref(), &unknown.unset_with) {
                        (Some((question, as_asked)), _) => Some((question.clone(), *as_asked)),
                        (None, Some(variable)) => Some((Question::IsSet(variable.clone()), true)),
                        (None, None) => None,
                    };
                    return match question {
                        Some((question, as_asked)) => {
                            Value::choice(question, vec![arm(!as_asked), arm(as_asked)], &here)
                        }
                        None => Value::new(Kind::Unknown(unknown.because.clone().into_plain()), &here),
                    };
                }
                Kind::Call(_) | Kind::External { .. } => return Value::unknown(Because::Undecided, &here),
                _ => true,
            };
            Value::new(Kind::Bool(is_true == wanted), &here)
        })
    }

    /// What an expression names of a package: its module and the name there.
    fn external(&self, expr: &Expr, is_meant: &dyn Fn(&str) -> bool) -> Option<(Arc<str>, Arc<str>)> {
        match self.reading.evaluator.expression_at(self.file, expr).kind {
            Kind::External { module, path } => {
                let is_python = self.reading.documents.project.file(self.file).kind.is_python();
                let module = if is_python { Arc::from(module.replace('/', ".")) } else { module };
                if !is_meant(&module) {
                    return None;
                }
                let path = path.strip_suffix(".default").map_or(path.clone(), Arc::from);
                Some((module, if path.is_empty() { "default".into() } else { path }))
            }
            _ => None,
        }
    }
}

/// Names of a file, and what they stand for.
type Names = HashMap<Arc<str>, (Arc<str>, Arc<str>)>;

/// Whether a callee begins with one of some names, or with a module that is loaded right there.
fn begins_with(callee: &Expr, names: &Names, is_meant: &dyn Fn(&str) -> bool) -> bool {
    match &callee.kind {
        ExprKind::Name(name) => names.contains_key(name),
        ExprKind::Member { object, .. } => begins_with(object, names, is_meant),
        _ => loaded(callee).is_some_and(|(module, _)| is_meant(&module)),
    }
}

/// Whether an expression is one of some names, or a part of one.
fn is_name(expr: &Expr, names: &Names) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => names.contains_key(name),
        ExprKind::Member { object, .. } => is_name(object, names),
        ExprKind::ImportCall(_) => true,
        _ => false,
    }
}

/// `register` of `app.register`, `Middleware` of `Middleware`.
fn last_name(callee: &Expr) -> Option<Arc<str>> {
    match &callee.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Member { property, .. } => Some(property.clone()),
        _ => None,
    }
}

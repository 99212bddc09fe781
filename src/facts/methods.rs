//! Methods that a file calls on what no import shows: the answer that a handler is given (`res.cookie(..)`), an app that
//! somebody hands to the file's function. What imports show, [`crate::eval::Evaluator::uses`] finds.

use crate::eval::{Because, Given, How, Kind, Object, Place, Question, Step, Use, Value, Way};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::code::{Argument, Expr, ExprKind, Guard, Module, Spread, visit_sites};
use std::sync::Arc;

/// A file in which methods are called.
pub(super) struct CallingFile<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    pub(super) file: FileId,
    pub(super) module: Arc<Module>,
}

impl CallingFile<'_, '_> {
    /// Every call of a method of this name on something that may be an app of a host, in the order of the text.
    pub(super) fn methods(&self, methods: &[&str], is_app: &dyn Fn(&Expr, &Value) -> bool) -> Vec<Use> {
        let mut found = Vec::new();
        visit_sites(&self.module.body, &mut |expr, site| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let ExprKind::Member { object, property, .. } = &callee.kind else { return };
            if !methods.contains(&&**property) {
                return;
            }
            let evaluator = self.reading.evaluator;
            found.extend(evaluator.one_use(|| {
                let is_one = is_app(object, &evaluator.expression_at(self.file, object));
                is_one.then(|| self.made(expr, property, arguments, site.guards)).flatten()
            }));
        });
        found
    }

    fn made(&self, call: &Expr, method: &Arc<str>, arguments: &[Argument], guards: &[Guard<'_>]) -> Option<Use> {
        if !self.reading.evaluator.runs(self.file, guards) {
            return None;
        }
        let place = Place::File(self.file, call.span);
        let nobody = Object { module: "".into(), export: "".into(), made: place, through: Vec::new() };
        Some(Use {
            module: "".into(),
            export: "".into(),
            way: Way::Method { name: method.clone(), of: nobody },
            given: self.given(arguments),
            call: Value::written(Kind::Null, place),
            decorates: None,
            file: self.file,
            place,
            present: self.present(guards, place),
            entered: false,
            as_loaded: false,
        })
    }

    fn given(&self, arguments: &[Argument]) -> Given {
        let mut given = Given::default();
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

    /// Whether some conditions hold, of which none is decided against it.
    pub(super) fn present(&self, guards: &[Guard<'_>], place: Place) -> Value {
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
        all.unwrap_or_else(|| Value::written(Kind::Bool(true), place))
    }

    fn holds(&self, test: &Value, wanted: bool, place: Place) -> Value {
        test.each(&mut |test| {
            let here =
                Step::start(test.trail.primary().map_or(place, |(file, span)| Place::File(file, span)), How::Written);
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
}

//! Whether something runs that stands under conditions.

use crate::eval::scope::Frame;
use crate::eval::truth::{Truth, truth};
use crate::eval::{Because, Evaluator, Kind, Place, Value};
use crate::syntax::code::{ExprKind, Guard, LogicalOp, UnaryOp};

impl Evaluator<'_> {
    /// Whether all of some conditions hold. What nobody can tell before the program runs counts as held in a function
    /// that is called again and again (`if (user.isAdmin)`), and is unknown in code that runs once.
    pub(super) fn present(&self, guards: &[Guard<'_>], frame: &Frame, once: bool, place: Place) -> Value {
        let mut all = Value::written(Kind::Bool(true), place);
        let mut parts = Vec::new();
        guards.iter().for_each(|guard| split(*guard, &mut parts));
        for guard in parts {
            let test = self.expr(guard.test, frame);
            self.note_fallback(&test);
            let own = self.holds(&test, guard.holds, once, place);
            all = both(&all, &own);
            if all.as_bool() == Some(false) {
                break;
            }
        }
        all
    }

    fn holds(&self, test: &Value, wanted: bool, once: bool, place: Place) -> Value {
        let python = self.is_python(place);
        let held = test.each(&mut |test| {
            let arm = |holds: bool| Value::new(Kind::Bool(holds == wanted), &test.trail);
            match truth(test, python, test.trail.place) {
                Truth::Yes => arm(true),
                Truth::No => arm(false),
                Truth::Ask(question, _) if once && question.is_of_code() => {
                    Value::unknown(Because::Undecided, &test.trail)
                }
                Truth::Ask(question, _) if question.is_of_code() => Value::new(Kind::Bool(true), &test.trail),
                Truth::Ask(question, as_asked) => {
                    Value::choice(question, vec![arm(!as_asked), arm(as_asked)], &test.trail)
                }
            }
        });
        if once { held } else { at_times(&held) }
    }
}

/// What holds now and then, where what decides is asked anew each time: `input.email?.trim()`.
fn at_times(held: &Value) -> Value {
    let Kind::Choice(question, arms) = &held.kind else { return held.clone() };
    let arms: Vec<Value> = arms.iter().map(at_times).collect();
    if question.is_of_code()
        && let Some(holds) = arms.iter().find(|arm| arm.as_bool() == Some(true))
    {
        return holds.clone();
    }
    Value::choice(question.clone(), arms, &held.trail)
}

/// A condition as those that it is made of, where all of them have to hold.
fn split<'t>(guard: Guard<'t>, into: &mut Vec<Guard<'t>>) {
    match &guard.test.kind {
        ExprKind::Unary(UnaryOp::Not, inner) => split(Guard { test: inner, holds: !guard.holds }, into),
        ExprKind::Logical(op @ (LogicalOp::And | LogicalOp::Or), left, right)
            if (*op == LogicalOp::And) == guard.holds =>
        {
            split(Guard { test: left, ..guard }, into);
            split(Guard { test: right, ..guard }, into);
        }
        _ => into.push(guard),
    }
}

/// Whether both hold.
pub(super) fn both(one: &Value, other: &Value) -> Value {
    one.each(&mut |one| match one.as_bool() {
        Some(false) => one.clone(),
        Some(true) => other.clone(),
        None if other.as_bool() == Some(false) => other.clone(),
        None => one.clone(),
    })
}

//! Questions about a function: what does it compare before it works, does it let everybody through, what of its
//! input is in its result, does it start something that never ends.

use super::trial::{CALLER, Missing, Trial, answers, comes_from_caller, from_caller, parts_of_caller};
use super::{Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::code::{Expr, ExprKind, Statement, visit};
use crate::text::Text;
use std::sync::Arc;

/// What stands before a function's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing: a stranger passes.
    Nothing,
    /// A comparison that a stranger passes as soon as its secret is not set.
    FailsOpen,
    /// A comparison that a stranger does not pass.
    Compares,
}

/// What a function does with strangers.
#[derive(Clone, Debug, Default)]
pub struct Guarded {
    /// What stands before its work; none where that cannot be told.
    pub guard: Option<Guard>,
    /// What the stranger's words were held against.
    pub compared: Vec<Value>,
    /// Something that cannot be followed decides as well.
    pub decided_elsewhere: bool,
}

/// What a trial is about.
struct Asked<'q> {
    arguments: &'q [&'q str],
    answer: Answer,
    path: Option<Text>,
}

/// How one trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Passed,
    Refused,
    Unclear,
}

/// What a function says yes and no with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A response: a status of 300 and above is a no.
    Response,
    /// A boolean: what is false is a no.
    Truth,
}

/// A stranger's words where the secret is set, and where it is not: there a text that is made of nothing can fit.
const GUESS: &str = "Bearer a-stranger-guesses";
const OF_NOTHING: &[&str] = &["", "undefined", "Bearer undefined", "Bearer ", "Bearer", "Bearer null", "null"];

/// Constructors that an answer can be made with.
const HARMLESS: &[&str] = &["Date", "Headers", "JSON.stringify", "Date.now", "process.uptime"];

/// Methods that only spell something out.
const SPELLS: &[&str] = &["toISOString", "toString", "toJSON", "getTime", "toFixed"];

impl Evaluator<'_> {
    /// What stands before the work of a function. `find` gives the function; it is asked once for each trial, since
    /// what stands in its module is evaluated afresh with the trial's variables.
    pub fn guard(&self, find: &dyn Fn(&Self) -> Value, arguments: &[&str], answer: Answer) -> Guarded {
        self.guard_of(find, &Asked { arguments, answer, path: None })
    }

    /// What a function that answers requests for many addresses does before the work of one of them.
    pub fn guard_at(&self, find: &dyn Fn(&Self) -> Value, arguments: &[&str], path: &str) -> Guarded {
        self.guard_of(find, &Asked { arguments, answer: Answer::Response, path: Some(Text::new(path)) })
    }

    fn guard_of(&self, find: &dyn Fn(&Self) -> Value, asked: &Asked<'_>) -> Guarded {
        let mut guarded = Guarded::default();
        let mut endings = Vec::new();
        for sent in [None, Some(GUESS)] {
            let (ending, trial) = self.tried(find, asked, sent, false);
            guarded.compared.extend(trial.compared);
            guarded.decided_elsewhere |= trial.unclear || trial.by_caller;
            endings.push(ending);
        }
        if endings.contains(&Ending::Passed) {
            guarded.guard = Some(Guard::Nothing);
            return guarded;
        }
        if endings.contains(&Ending::Unclear) {
            return guarded;
        }
        let unset: Vec<Ending> = std::iter::once(None)
            .chain(OF_NOTHING.iter().copied().map(Some))
            .map(|sent| self.tried(find, asked, sent, true).0)
            .collect();
        guarded.guard = if unset.contains(&Ending::Passed) {
            Some(Guard::FailsOpen)
        } else if unset.contains(&Ending::Unclear) {
            None
        } else {
            Some(Guard::Compares)
        };
        guarded
    }

    fn tried(
        &self,
        find: &dyn Fn(&Self) -> Value,
        asked: &Asked<'_>,
        sent: Option<&str>,
        unset: bool,
    ) -> (Ending, Trial) {
        let missing = if unset { Missing::All } else { Missing::None };
        let trial = Trial { sent: sent.map(Text::new), path: asked.path.clone(), missing, ..Trial::default() };
        let (value, trial) = self.in_trial(trial, &|evaluator| {
            let function = find(evaluator);
            if !matches!(function.kind, Kind::Function(_)) {
                evaluator.note(|trial| trial.unclear = true);
                return function;
            }
            let result = evaluator.call(&function, given(asked.arguments, &function));
            if evaluator.take_throw() {
                evaluator.note(|trial| trial.refused = true);
            }
            result
        });
        let mut trial = trial;
        trial.by_caller |= comes_from_caller(&value) && !matches!(value.kind, Kind::Bool(_) | Kind::Function(_));
        let ending = match ending(&value, asked.answer) {
            _ if trial.refused && !trial.unclear => Ending::Refused,
            Ending::Passed if trial.unclear || trial.refused => Ending::Unclear,
            ending => ending,
        };
        (ending, trial)
    }

    /// Whether a function says yes to everybody, whatever they bring; none where that cannot be told.
    pub fn lets_everybody_through(&self, find: &dyn Fn(&Self) -> Value, arguments: &[&str]) -> Option<bool> {
        match self.guard(find, arguments, Answer::Truth) {
            Guarded { guard: Some(Guard::Nothing | Guard::FailsOpen), .. } => Some(true),
            Guarded { guard: Some(Guard::Compares), .. } => Some(false),
            // What decides cannot be followed, but something does.
            Guarded { decided_elsewhere: true, .. } => Some(false),
            Guarded { guard: None, .. } => None,
        }
    }

    /// The parts of its input that the result of a function is made of, by their names (`input.ctx.user.id`); none
    /// where the result cannot be followed.
    pub fn result_is_made_of(&self, function: &Value, arguments: &[&str]) -> (Vec<Arc<str>>, bool) {
        let (value, trial) = self.in_trial(Trial::default(), &|evaluator| {
            let result = evaluator.call(function, given(arguments, function));
            evaluator.take_throw();
            result
        });
        let mut parts = Vec::new();
        parts_of_caller(&value, &mut parts, 8);
        parts.extend(trial.handed);
        let followed = !trial.opaque && (!value.is_unknown() || comes_from_caller(&value));
        (parts, followed)
    }

    /// Whether a function that gets a value and a context adds no issue to the context; none where that cannot be told.
    pub(super) fn adds_no_issue(&self, check: &Value, value: &Value) -> Option<bool> {
        let context = given(&["context"], check);
        let (_, trial) = self.in_trial(Trial::default(), &|evaluator| {
            let arguments = [value.clone()].into_iter().chain(context.clone()).collect();
            evaluator.call(check, arguments)
        });
        (!trial.unclear && !trial.opaque).then_some(!trial.refused)
    }

    /// Whether a function only makes an answer: it calls nothing that could be work.
    pub fn only_answers(&self, function: &Value) -> bool {
        let Kind::Function(closure) = &function.kind else { return false };
        let mut works = false;
        visit(&closure.function.body, &mut |expr, _| {
            let ExprKind::Call { callee, .. } = &expr.kind else { return };
            if matches!(&callee.kind, ExprKind::Member { property, .. } if SPELLS.contains(&&**property)) {
                return;
            }
            works |= super::modules::dotted(callee).is_none_or(|name| !answers(&name) && !HARMLESS.contains(&&*name));
        });
        !works
    }

    /// Where a function, or one that it calls within two steps, starts something that never ends: an interval, a
    /// timer that sets itself again, a loop without an end, a consumer.
    pub fn starts_loop(&self, function: &Value) -> Option<Place> {
        self.loop_in(function, 2)
    }

    fn loop_in(&self, function: &Value, steps: usize) -> Option<Place> {
        let Kind::Function(closure) = &function.kind else { return None };
        if let Some(span) = endless_loop(&closure.function.body) {
            return Some(Place::File(closure.file, span));
        }
        let own_name = closure.function.name.as_deref();
        let mut found = None;
        let mut called: Vec<&Expr> = Vec::new();
        visit(&closure.function.body, &mut |expr, _| {
            let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return };
            let name = match &callee.kind {
                ExprKind::Name(name) => Some(&**name),
                ExprKind::Member { property, .. } => Some(&**property),
                _ => None,
            };
            let again = || arguments.first().is_some_and(|timer| names(&timer.value, own_name));
            match name {
                Some("setInterval") => found = found.or(Some(expr.span)),
                Some("setTimeout") if again() || sets_itself_again(closure, arguments.first().map(|a| &a.value)) => {
                    found = found.or(Some(expr.span));
                }
                _ if matches!(callee.kind, ExprKind::Name(_)) => called.push(callee),
                _ => {}
            }
        });
        if let Some(span) = found {
            return Some(Place::File(closure.file, span));
        }
        let steps = steps.checked_sub(1)?;
        called.into_iter().find_map(|callee| {
            let callee = self.expression_at(closure.file, callee);
            self.loop_in(&callee, steps)
        })
    }
}

/// What a caller brings for each parameter.
pub(super) fn given(arguments: &[&str], function: &Value) -> Vec<Value> {
    let trail = from_caller(&Step::start(function.trail.place, How::Written));
    let bring = |name: &&str| Value::new(Kind::External { module: CALLER.into(), path: (*name).into() }, &trail);
    arguments.iter().map(bring).collect()
}

fn ending(value: &Value, answer: Answer) -> Ending {
    match &value.kind {
        Kind::Choice(_, arms) => {
            let endings: Vec<Ending> = arms.iter().map(|arm| ending(arm, answer)).collect();
            match endings.first() {
                Some(first) if endings.iter().all(|ending| ending == first) => *first,
                _ => Ending::Unclear,
            }
        }
        Kind::Call(call) => match call.external() {
            Some((_, path)) if answers(path) => {
                if path.contains("redirect") || path.ends_with("error") {
                    Ending::Refused
                } else {
                    by_status(call)
                }
            }
            _ => Ending::Unclear,
        },
        // `return response.status(200).json(…)`: what was refused is noted apart.
        Kind::External { module, path }
            if answer == Answer::Response && &**module == CALLER && path.starts_with("response.") =>
        {
            Ending::Passed
        }
        Kind::Unknown(_) | Kind::External { .. } => Ending::Unclear,
        _ if answer == Answer::Response => Ending::Passed,
        Kind::Bool(yes) => {
            if *yes {
                Ending::Passed
            } else {
                Ending::Refused
            }
        }
        Kind::Null => Ending::Refused,
        Kind::Absent => Ending::Unclear,
        Kind::Text(text) if text.is_empty() => Ending::Refused,
        _ => Ending::Passed,
    }
}

/// What an answer says by its status: one that is written nowhere is a yes, one that nobody knows nothing.
fn by_status(call: &super::Call) -> Ending {
    let written = call.arguments.iter().enumerate().find_map(|(index, argument)| {
        let status = match &argument.kind {
            Kind::Number(_) => argument.clone(),
            // What is answered may be anything; how it is, is said behind it.
            Kind::Unknown(_) if index == 0 => return None,
            _ => argument.field("status"),
        };
        (!status.is_absent()).then_some(status)
    });
    written.map_or(Ending::Passed, |status| of_status(&status))
}

fn of_status(status: &Value) -> Ending {
    match &status.kind {
        Kind::Number(status) if *status >= 300.0 => Ending::Refused,
        Kind::Number(_) => Ending::Passed,
        Kind::Choice(_, arms) => {
            let endings: Vec<Ending> = arms.iter().map(of_status).collect();
            let first = endings.first().copied().unwrap_or(Ending::Unclear);
            if endings.iter().all(|ending| *ending == first) { first } else { Ending::Unclear }
        }
        _ => Ending::Unclear,
    }
}

/// `while (true)`, `for (;;)`: a loop over nothing, or over what is always true, that nothing leaves.
fn endless_loop(body: &[Statement]) -> Option<crate::syntax::Span> {
    body.iter().find_map(|statement| match statement {
        Statement::Loop { pattern: None, over, body, span } => {
            let always = match over.as_ref().map(|over| &over.kind) {
                None | Some(ExprKind::Bool(true)) => true,
                Some(ExprKind::Number(number)) => *number != 0.0,
                _ => false,
            };
            (always && !leaves(body)).then_some(*span)
        }
        Statement::If { then, otherwise, .. } => endless_loop(then).or_else(|| endless_loop(otherwise)),
        Statement::Block(body) => endless_loop(body),
        Statement::Try { body, finally, .. } => endless_loop(body).or_else(|| endless_loop(finally)),
        _ => None,
    })
}

fn leaves(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Return { .. } | Statement::Jump(_) => true,
        Statement::If { then, otherwise, .. } => leaves(then) || leaves(otherwise),
        Statement::Block(body) => leaves(body),
        Statement::Try { body, handlers, .. } => leaves(body) || handlers.iter().any(|handler| leaves(handler)),
        _ => false,
    })
}

fn names(expr: &Expr, name: Option<&str>) -> bool {
    matches!((&expr.kind, name), (ExprKind::Name(own), Some(name)) if &**own == name)
}

/// `const tick = () => { …; setTimeout(tick, 1000) }`: the timer's function is one that the same body declares and
/// that sets the timer itself.
fn sets_itself_again(closure: &super::Closure, timer: Option<&Expr>) -> bool {
    let Some(ExprKind::Name(name)) = timer.map(|timer| &timer.kind) else { return false };
    closure.function.body.iter().any(|statement| match statement {
        Statement::Function { name: own, function, .. } if own == name => sets_timer(&function.body, name),
        Statement::Declare { pattern: crate::syntax::code::Pattern::Name(own, _), value: Some(value), .. }
            if own == name =>
        {
            matches!(&value.kind, ExprKind::Function(function) if sets_timer(&function.body, name))
        }
        _ => false,
    })
}

fn sets_timer(body: &[Statement], name: &str) -> bool {
    let mut sets = false;
    visit(body, &mut |expr, _| {
        if let ExprKind::Call { callee, arguments, .. } = &expr.kind
            && matches!(&callee.kind, ExprKind::Name(callee) if &**callee == "setTimeout")
        {
            sets |= arguments.first().is_some_and(|timer| names(&timer.value, Some(name)));
        }
    });
    sets
}

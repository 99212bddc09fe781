//! Conditions: both ways of an open one are followed, what they leave is joined, and a way that ends in a throw is
//! ruled out for all that comes after it.

use super::control::Flow;
use super::program::is_production;
use super::scope::{Frame, Slot};
use super::truth::{Truth, truth};
use super::{Evaluator, How, Kind, Place, Question, Step, Value};
use crate::syntax::Span;
use crate::syntax::code::{Argument, BinaryOp, Expr, ExprKind, Item, LogicalOp, Statement, UnaryOp, visit};
use hashbrown::HashMap;
use std::sync::Arc;

/// The names of a frame, and of its module where it is the module's own.
type Names = (HashMap<Arc<str>, Value>, Option<HashMap<Arc<str>, Slot>>);

/// What one side of a condition does.
type Side<'s> = &'s mut dyn FnMut(bool) -> Flow;

/// Answers of one condition that are followed one by one.
const MOST_WAYS: usize = 8;

/// How many answers a value has, as far as `most` and one more.
fn ways(value: &Value, most: usize) -> usize {
    let Kind::Choice(_, arms) = &value.kind else { return 1 };
    let mut all = 0;
    for arm in arms.iter() {
        all += ways(arm, most);
        if all > most {
            break;
        }
    }
    all
}

impl Evaluator<'_> {
    /// Follows a condition that guards an end of the program. Each part of it is asked by itself, so that each answer
    /// that ends the program is ruled out: after `if (!a || !b) throw`, both are there.
    pub(super) fn decide(&self, test: &Expr, frame: &Frame, side: Side<'_>) -> Flow {
        match &test.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => return self.decide(inner, frame, &mut |yes| side(!yes)),
            ExprKind::Logical(op @ (LogicalOp::And | LogicalOp::Or), left, right) => {
                let ends = *op == LogicalOp::Or;
                return self.decide(left, frame, &mut |yes| {
                    if yes == ends { side(yes) } else { self.decide(right, frame, side) }
                });
            }
            ExprKind::Call { callee, arguments, .. } => {
                if let [argument] = arguments.as_slice()
                    && let Some(flow) = self.decide_items(callee, argument, frame, side)
                {
                    return flow;
                }
            }
            _ => {}
        }
        let filled = counted(test).and_then(|list| is_filled(&self.expr(list, frame)));
        let test = filled.unwrap_or_else(|| self.expr(test, frame));
        self.fork(&test, test.trail.place, frame, side)
    }

    /// `any(…)`, `all(…)`, `list.some(…)`, `list.every(…)`: item by item.
    fn decide_items(&self, callee: &Expr, argument: &Argument, frame: &Frame, side: Side<'_>) -> Option<Flow> {
        match &callee.kind {
            ExprKind::Name(name) if matches!(&**name, "any" | "all") => {
                let wanted = &**name == "any";
                match &argument.value.kind {
                    ExprKind::Comprehension { item, pattern, over, tests } if tests.is_empty() => {
                        let over = self.expr(over, frame);
                        let test = |value: &Value, side: Side<'_>| {
                            self.bind(pattern, value.clone(), frame);
                            self.decide(item, frame, side)
                        };
                        Some(each_item(few(&over)?, wanted, &test, side))
                    }
                    ExprKind::List(items) => {
                        let items: Option<Vec<&Expr>> = items.iter().map(one).collect();
                        let test = |item: &&Expr, side: Side<'_>| self.decide(item, frame, side);
                        Some(each_item(&items?, wanted, &test, side))
                    }
                    _ => None,
                }
            }
            ExprKind::Member { object, property, .. } if matches!(&**property, "some" | "every") => {
                let list = self.expr(object, frame);
                let function = self.expr(&argument.value, frame);
                let Kind::Function(_) = function.kind else { return None };
                let test = |item: &Value, side: Side<'_>| {
                    let answer = self.call(&function, vec![item.clone()]);
                    self.fork(&answer, answer.trail.place, frame, side)
                };
                Some(each_item(few(&list)?, &**property == "some", &test, side))
            }
            _ => None,
        }
    }

    /// Follows one or both ways of a condition, and joins the names they leave.
    pub(super) fn fork(&self, test: &Value, place: Place, frame: &Frame, side: Side<'_>) -> Flow {
        let python = self.is_python(place);
        if python && let Some(filled) = is_filled(test).filter(|filled| filled.as_bool().is_none()) {
            return self.fork(&filled, place, frame, side);
        }
        let Kind::Choice(question, arms) = &test.kind else {
            return match truth(test, python, place) {
                Truth::Yes => self.go_through(test, side(true)),
                Truth::No => self.go_through(test, side(false)),
                Truth::Ask(question, as_asked) => self.both_ways(&question, as_asked, &test.trail, frame, side),
            };
        };
        let plainly = |arm: &Value| match arm.kind {
            Kind::Choice(..) => None,
            Kind::List { .. } if python => is_filled(arm)?.as_bool(),
            _ => match truth(arm, python, place) {
                Truth::Yes => Some(true),
                Truth::No => Some(false),
                Truth::Ask(..) => None,
            },
        };
        let plain: Vec<Option<bool>> = arms.iter().map(plainly).collect();
        match plain.as_slice() {
            all if all.iter().all(|holds| *holds == Some(true)) => side(true),
            all if all.iter().all(|holds| *holds == Some(false)) => side(false),
            [Some(no), Some(_)] => self.both_ways(question, !*no, &test.trail, frame, side),
            // Each arm is one way, with questions of its own.
            [_, _] if ways(test, MOST_WAYS) <= MOST_WAYS => {
                self.both_ways(question, true, &test.trail, frame, &mut |yes| {
                    self.fork(&arms[usize::from(yes)], place, frame, side)
                })
            }
            // A body is not gone through for each of so many answers: that it runs or not is all that is said.
            _ => match place.in_file() {
                Some((file, span)) => self.both_ways(&Question::Condition(file, span), true, &test.trail, frame, side),
                None => side(false),
            },
        }
    }

    /// A body that is left for its handler where a variable that it takes for granted is not there.
    pub(super) fn attempt(&self, body: &[Statement], handler: Option<&Vec<Statement>>, frame: &Frame) -> Flow {
        let taken = handler.map(|_| taken_for_granted(body)).unwrap_or_default();
        self.attempt_with(&taken, body, handler, frame)
    }

    fn attempt_with(
        &self,
        taken: &[(Arc<str>, Span)],
        body: &[Statement],
        handler: Option<&Vec<Statement>>,
        frame: &Frame,
    ) -> Flow {
        let handled = || handler.map_or(Flow::Throw, |handler| self.block(handler, frame));
        let Some(((name, span), rest)) = taken.split_first() else {
            let Some(handler) = handler else { return self.block(body, frame) };
            return self.caught(body, handler, frame);
        };
        let place = self.here(*span, frame);
        self.note_read(name, place, true);
        let read = self.peek(name, place);
        match truth(&read, true, read.trail.place) {
            // An empty text is there.
            Truth::No if matches!(read.kind, Kind::Absent) => handled(),
            Truth::Ask(question @ Question::IsSet(_), as_asked) => {
                self.both_ways(&question, as_asked, &read.trail, frame, &mut |there| {
                    if there { self.attempt_with(rest, body, handler, frame) } else { handled() }
                })
            }
            _ => self.attempt_with(rest, body, handler, frame),
        }
    }

    /// A body with a handler behind it: where a branch of the body throws, the handler goes on from what was before.
    fn caught(&self, body: &[Statement], handler: &[Statement], frame: &Frame) -> Flow {
        let before = self.names(frame);
        let (flow, left) = self.while_caught(|| self.block(body, frame));
        match flow {
            Flow::Throw => return self.block(handler, frame),
            Flow::Next => {}
            ended => return ended,
        }
        for (question, answer) in left {
            let went_on = self.names(frame);
            self.set_names(frame, before.clone());
            let mark = frame.pending.borrow().len();
            let flow = self.while_under(&question, answer, || self.block(handler, frame));
            let mut returned = frame.pending.borrow_mut().split_off(mark);
            returned.iter_mut().for_each(|(when, _)| when.insert(0, (question.clone(), answer)));
            frame.pending.borrow_mut().extend(returned);
            let handled = self.names(frame);
            self.set_names(frame, went_on);
            match flow {
                Flow::Throw => self.rule_out(frame, &question, 1 - answer.min(1)),
                Flow::Return(value) => {
                    frame.pending.borrow_mut().push((vec![(question.clone(), answer)], value));
                    self.go_on(frame, &question, 1 - answer.min(1));
                }
                Flow::Next | Flow::Jump | Flow::Leave(_) => {
                    let trail = super::Step::start(self.here(Span::default(), frame), How::Written);
                    self.join_names(frame, handled, &question, answer == 1, &trail);
                }
            }
        }
        Flow::Next
    }

    /// Another way was left by a throw: for the handler around it, or else for the end of the program.
    fn thrown(&self, frame: &Frame, question: &Question, goes_on: usize) {
        if !self.is_caught() {
            return self.rule_out(frame, question, goes_on);
        }
        for value in frame.names.borrow_mut().values_mut() {
            *value = value.given(question, goes_on);
        }
        self.leave(question, 1 - goes_on);
        self.stay_under(question, goes_on);
    }

    pub(super) fn both_ways(
        &self,
        question: &Question,
        as_asked: bool,
        trail: &super::Trail,
        frame: &Frame,
        side: &mut dyn FnMut(bool) -> Flow,
    ) -> Flow {
        let before = self.names(frame);
        let mark = frame.pending.borrow().len();
        let refused = self.was_refused();
        let by_caller = self.is_trial() && super::trial::is_of_caller(trail);
        self.note(|trial| trial.by_caller |= by_caller);
        let (yes_answer, no_answer) = (usize::from(as_asked), usize::from(!as_asked));
        let yes = self.while_under(question, yes_answer, || side(true));
        let yes_names = self.names(frame);
        let mut yes_pending = frame.pending.borrow_mut().split_off(mark);
        self.set_names(frame, before);
        let no = self.while_under(question, no_answer, || side(false));
        if matches!(yes, Flow::Throw) != matches!(no, Flow::Throw) || refused != self.was_refused() {
            self.note(|trial| trial.unclear = true);
        }
        let mut no_pending = frame.pending.borrow_mut().split_off(mark);
        yes_pending.iter_mut().for_each(|(when, _)| when.insert(0, (question.clone(), yes_answer)));
        no_pending.iter_mut().for_each(|(when, _)| when.insert(0, (question.clone(), no_answer)));
        frame.pending.borrow_mut().extend(yes_pending.into_iter().chain(no_pending));
        let leaves = |flow: &Flow| matches!(flow, Flow::Jump | Flow::Leave(_));
        if leaves(&yes) != leaves(&no) && !matches!((&yes, &no), (Flow::Throw, _) | (_, Flow::Throw)) {
            frame.unclear.set(true);
        }
        match (yes, no) {
            (Flow::Jump, Flow::Jump) => Flow::Jump,
            (Flow::Leave(yes), Flow::Leave(no)) if yes == no => Flow::Leave(yes),
            (Flow::Jump | Flow::Leave(_), Flow::Jump | Flow::Leave(_)) => {
                frame.unclear.set(true);
                self.join_names(frame, yes_names, question, as_asked, trail);
                Flow::Next
            }
            (Flow::Throw, ended @ (Flow::Jump | Flow::Leave(_))) => {
                self.thrown(frame, question, no_answer);
                ended
            }
            (ended @ (Flow::Jump | Flow::Leave(_)), Flow::Throw) => {
                self.set_names(frame, yes_names);
                self.thrown(frame, question, yes_answer);
                ended
            }
            (Flow::Return(yes), Flow::Return(no)) => {
                let arms = if as_asked { vec![no, yes] } else { vec![yes, no] };
                Flow::Return(Value::choice(question.clone(), arms, trail))
            }
            (Flow::Return(value), Flow::Throw) => {
                self.thrown(frame, question, yes_answer);
                Flow::Return(value)
            }
            (Flow::Throw, Flow::Return(value)) => {
                if self.is_caught() {
                    self.leave(question, yes_answer);
                }
                Flow::Return(value)
            }
            (Flow::Return(value), _) => {
                frame.pending.borrow_mut().push((vec![(question.clone(), yes_answer)], value));
                self.go_on(frame, question, no_answer);
                Flow::Next
            }
            (ended, Flow::Return(value)) => {
                if matches!(ended, Flow::Throw) {
                    return Flow::Return(value);
                }
                frame.pending.borrow_mut().push((vec![(question.clone(), no_answer)], value));
                self.set_names(frame, yes_names);
                self.go_on(frame, question, yes_answer);
                Flow::Next
            }
            (Flow::Throw, Flow::Throw) => Flow::Throw,
            // What goes on only elsewhere ends in production: `if not key: if is_production: raise; key = "dev"`.
            (Flow::Throw, _) if self.is_running() && is_production(question, yes_answer) => Flow::Throw,
            (_, Flow::Throw) if self.is_running() && is_production(question, no_answer) => Flow::Throw,
            (Flow::Throw, _) => {
                self.thrown(frame, question, no_answer);
                Flow::Next
            }
            (_, Flow::Throw) => {
                self.set_names(frame, yes_names);
                self.thrown(frame, question, yes_answer);
                Flow::Next
            }
            _ => {
                self.join_names(frame, yes_names, question, as_asked, trail);
                Flow::Next
            }
        }
    }

    /// A program that ends because a variable is missing is never the one that is deployed: what comes after is read
    /// as if the variable were there, and that it is missing is told where it is wanted.
    fn go_through(&self, test: &Value, flow: Flow) -> Flow {
        let missing = test.trail.walk(8).into_iter().find_map(|step| match &step.how {
            How::NotSet { variable } => Some(variable.clone()),
            _ => None,
        });
        match (flow, missing) {
            (Flow::Throw, Some(variable)) if self.is_running() => {
                self.learn(&Question::IsSet(variable), 1);
                Flow::Next
            }
            (flow, _) => flow,
        }
    }

    /// The other way ended the program, so it is no way to anything that comes after.
    fn rule_out(&self, frame: &Frame, question: &Question, answer: usize) {
        for value in frame.names.borrow_mut().values_mut() {
            *value = value.given(question, answer);
        }
        if self.is_running() {
            self.learn(question, answer);
        } else if frame.is_module {
            self.assume(question, answer);
        } else {
            self.stay_under(question, answer);
        }
    }

    /// The other way left the function: the rest of it runs under this answer.
    fn go_on(&self, frame: &Frame, question: &Question, answer: usize) {
        for value in frame.names.borrow_mut().values_mut() {
            *value = value.given(question, answer);
        }
        if frame.is_module {
            self.assume(question, answer);
        } else {
            self.stay_under(question, answer);
        }
    }

    fn names(&self, frame: &Frame) -> Names {
        let slots = frame.module.as_ref().filter(|_| frame.is_module).map(|module| module.slots.borrow().clone());
        (frame.names.borrow().clone(), slots)
    }

    fn set_names(&self, frame: &Frame, names: Names) {
        *frame.names.borrow_mut() = names.0;
        if let (Some(module), Some(slots)) = (&frame.module, names.1) {
            *module.slots.borrow_mut() = slots;
        }
    }

    fn join_names(&self, frame: &Frame, yes: Names, question: &Question, as_asked: bool, trail: &super::Trail) {
        let join = |yes: Option<&Value>, no: Option<&Value>| -> Option<Value> {
            if let (Some(yes), Some(no)) = (yes, no)
                && Arc::ptr_eq(&yes.trail, &no.trail)
                && std::mem::discriminant(&yes.kind) == std::mem::discriminant(&no.kind)
            {
                return None;
            }
            let absent = || Value::new(Kind::Absent, trail);
            let (yes, no) = (yes.cloned().unwrap_or_else(absent), no.cloned().unwrap_or_else(absent));
            let (unset, set) = if as_asked { (no, yes) } else { (yes, no) };
            let unset = as_fallback(question, unset, &set);
            Some(Value::choice(question.clone(), vec![unset, set], trail))
        };
        let mut names = frame.names.borrow_mut();
        for (name, value) in &yes.0 {
            if let Some(joined) = join(Some(value), names.get(name)) {
                names.insert(name.clone(), joined);
            }
        }
        let (Some(module), Some(slots)) = (&frame.module, yes.1) else { return };
        let mut current = module.slots.borrow_mut();
        for (name, slot) in slots {
            let known = |slot: Option<&Slot>| match slot {
                Some(Slot::Known(value)) => Some(value.clone()),
                _ => None,
            };
            let Slot::Known(value) = slot else { continue };
            // Evaluated on the way because one side asked for it, not bound by that side.
            if let Some(Slot::Statement(_)) = current.get(&name) {
                continue;
            }
            if let Some(joined) = join(Some(&value), known(current.get(&name)).as_ref()) {
                current.insert(name, Slot::Known(joined));
            }
        }
    }
}

/// A text that a name has where a variable is not set, and the variable's own where it is: that is its fallback.
fn as_fallback(question: &Question, unset: Value, set: &Value) -> Value {
    let Question::IsSet(name) = question else { return unset };
    let reads = |value: &Value| {
        let steps = value.trail.walk(16);
        steps.iter().any(|step| matches!(&step.how, How::Reads { variable, .. } if variable == name))
    };
    if !matches!(unset.kind, Kind::Text(_)) || reads(&unset) || !reads(set) {
        return unset;
    }
    let before = vec![unset.trail.clone(), set.trail.clone()];
    let trail = Step::of(unset.trail.place, How::Fallback, before);
    Value::new(unset.kind, &trail)
}

/// Items that are followed one by one.
fn few(list: &Value) -> Option<&[Value]> {
    list.as_list().filter(|items| items.len() <= super::control::MOST_ROUNDS)
}

/// Follows items until one is as wanted.
fn each_item<T>(items: &[T], wanted: bool, test: &dyn Fn(&T, Side<'_>) -> Flow, side: Side<'_>) -> Flow {
    let Some((first, rest)) = items.split_first() else { return side(!wanted) };
    test(first, &mut |yes| if yes == wanted { side(yes) } else { each_item(rest, wanted, test, side) })
}

fn one(item: &Item) -> Option<&Expr> {
    match item {
        Item::One(expr) => Some(expr),
        Item::Spread(_) => None,
    }
}

/// The list whose length a test is about: `missing.length`, `missing.length > 0`, `len(missing)`.
fn counted(test: &Expr) -> Option<&Expr> {
    match &test.kind {
        ExprKind::Binary(BinaryOp::Greater, count, zero) if matches!(zero.kind, ExprKind::Number(0.0)) => {
            counted(count)
        }
        ExprKind::Member { object, property, .. } if &**property == "length" => Some(object),
        ExprKind::Call { callee, arguments, .. } => match (&callee.kind, arguments.as_slice()) {
            (ExprKind::Name(name), [list]) if &**name == "len" => Some(&list.value),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a list has anything in it; none where that cannot be said.
fn is_filled(list: &Value) -> Option<Value> {
    let Kind::List { items, open: None } = &list.kind else { return None };
    let nothing = Value::new(Kind::Bool(false), &list.trail);
    Some(items.iter().rev().fold(nothing, |rest, item| is_there(item, &rest)))
}

/// True where an item is there, else what the rest says.
fn is_there(item: &Value, rest: &Value) -> Value {
    match &item.kind {
        Kind::Absent => rest.clone(),
        Kind::Choice(question, arms) if !item.is_absent() => {
            let arms: Vec<Value> = arms.iter().map(|arm| is_there(arm, rest)).collect();
            match arms.iter().map(Value::as_bool).collect::<Option<Vec<_>>>().as_deref() {
                Some([first, others @ ..]) if others.iter().all(|other| other == first) => {
                    Value::new(Kind::Bool(*first), &item.trail)
                }
                _ => Value::choice(question.clone(), arms, &item.trail),
            }
        }
        _ => Value::new(Kind::Bool(true), &item.trail),
    }
}

/// Variables without which statements throw: `os.environ["NAME"]`, read and not set.
pub(super) fn taken_for_granted(body: &[Statement]) -> Vec<(Arc<str>, Span)> {
    let mut found = Vec::new();
    let mut set = Vec::new();
    visit(body, &mut |expr, _| match &expr.kind {
        ExprKind::Assign { target, .. } => set.push(target.span),
        ExprKind::Index { object, index, .. } if !set.contains(&expr.span) => {
            let is_environment = matches!(super::modules::dotted(object).as_deref(), Some("os.environ" | "environ"));
            if let (true, ExprKind::Text(name)) = (is_environment, &index.kind) {
                found.push((name.as_name(), expr.span));
            }
        }
        _ => {}
    });
    found
}

/// Whether a body throws or ends the process.
pub(super) fn stops(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Throw { .. } => true,
        Statement::Block(inner) => stops(inner),
        Statement::Expression(expr) => match &expr.kind {
            ExprKind::Call { callee, .. } => super::modules::dotted(callee).is_some_and(|name| name.ends_with("exit")),
            _ => false,
        },
        _ => false,
    })
}

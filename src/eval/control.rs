//! Statements: what a body returns and which names it leaves, with open conditions followed both ways.

use super::modules::{changed_names, pattern_names};
use super::scope::{Frame, Slot};
use super::truth::{Truth, truth};
use super::{Because, Evaluator, How, Kind, Place, Question, Step, Value};
use crate::syntax::Span;
use crate::syntax::code::{BinaryOp, Expr, Pattern, PatternField, Statement};
use std::collections::HashMap;
use std::sync::Arc;

/// Loops over a known list are followed up to this many items.
const MOST_ROUNDS: usize = 64;

/// How a run of statements ended.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    /// It came to its end.
    Next,
    /// It returned.
    Return(Value),
    /// It threw: this way is no way to a value.
    Throw,
    /// It left a loop or a switch.
    Jump,
}

type Names = (HashMap<Arc<str>, Value>, Option<HashMap<Arc<str>, Slot>>);

impl Evaluator<'_> {
    /// Runs statements in order.
    pub(super) fn run(&self, statements: &[Statement], frame: &Frame) -> Flow {
        let Some(_depth) = self.enter() else { return Flow::Next };
        if !frame.is_module {
            // Functions and classes are visible before their statement.
            for (name, value) in statements.iter().filter_map(|statement| self.declared(statement, frame)) {
                self.bind_name(&name, value, frame);
            }
        }
        for statement in statements {
            match stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(statement, frame)) {
                // A call inside the statement threw.
                _ if self.take_throw() => return Flow::Throw,
                Flow::Next => {}
                ended => return ended,
            }
        }
        Flow::Next
    }

    fn statement(&self, statement: &Statement, frame: &Frame) -> Flow {
        match statement {
            Statement::Declare { pattern, value, .. } => {
                if let Some(value) = value {
                    let value = self.expr(value, frame);
                    self.bind(pattern, value, frame);
                } else if let Pattern::Name(name, span) = pattern {
                    self.bind_name(name, Value::written(Kind::Absent, self.here(*span, frame)), frame);
                }
                Flow::Next
            }
            Statement::Function { .. } | Statement::Class { .. } => {
                if let Some((name, value)) = self.declared(statement, frame) {
                    self.bind_name(&name, value, frame);
                }
                Flow::Next
            }
            Statement::Expression(expr) => self.effect(expr, frame),
            Statement::Return { value, span } => Flow::Return(match value {
                Some(value) => self.expr(value, frame),
                None => Value::written(Kind::Absent, self.here(*span, frame)),
            }),
            Statement::Throw { .. } => Flow::Throw,
            Statement::If { test, then, otherwise, .. } => {
                let test = self.expr(test, frame);
                let place = test.trail.place;
                // A variable that only chooses between two ways is not required; one whose absence ends the app is.
                if !stops(then) && !stops(otherwise) {
                    self.note_fallback(&test);
                }
                self.fork(&test, place, frame, &mut |yes| self.block(if yes { then } else { otherwise }, frame))
            }
            Statement::Block(body) => self.block(body, frame),
            Statement::Loop { pattern, over, body, .. } => self.repeat(pattern.as_ref(), over.as_ref(), body, frame),
            Statement::Try { body, handlers, finally, .. } => {
                let mut flow = self.block(body, frame);
                if let (Flow::Throw, Some(handler)) = (&flow, handlers.first()) {
                    flow = self.block(handler, frame);
                }
                match self.block(finally, frame) {
                    Flow::Next => flow,
                    ended => ended,
                }
            }
            Statement::Switch { subject, cases, .. } => self.switch(subject, cases, frame),
            Statement::Jump(_) => Flow::Jump,
            Statement::Import(import) => {
                if self.is_running() {
                    self.reach(import, frame);
                }
                for name in import.names.iter().filter(|_| !frame.is_module) {
                    let what = match &name.what {
                        crate::syntax::code::Imported::Named(name) => Some(&**name),
                        crate::syntax::code::Imported::Default => Some("default"),
                        _ => None,
                    };
                    let value = self.out_of_module(&import.module, what, frame.file, self.here(name.span, frame));
                    self.bind_name(&name.local, value, frame);
                }
                Flow::Next
            }
            Statement::Export(_) | Statement::ExportDefault { .. } | Statement::Opaque(_) => Flow::Next,
        }
    }

    /// A body whose own declarations are not seen after it.
    fn block(&self, body: &[Statement], frame: &Frame) -> Flow {
        let mut declared = Vec::new();
        for statement in body {
            if let Statement::Declare { pattern, .. } = statement {
                pattern_names(pattern, &mut declared);
            }
        }
        let python = self.is_python(Place::File(frame.file, Span::default()));
        if python || frame.is_module || declared.is_empty() {
            return self.run(body, frame);
        }
        let hidden: Vec<(Arc<str>, Option<Value>)> =
            declared.into_iter().map(|name| (name.clone(), frame.names.borrow().get(&name).cloned())).collect();
        let flow = self.run(body, frame);
        let mut names = frame.names.borrow_mut();
        for (name, value) in hidden {
            match value {
                Some(value) => names.insert(name, value),
                None => names.remove(&name),
            };
        }
        flow
    }

    /// Follows one or both ways of a condition, and joins the names they leave.
    fn fork(&self, test: &Value, place: Place, frame: &Frame, side: &mut dyn FnMut(bool) -> Flow) -> Flow {
        let decided = match &test.kind {
            Kind::Choice(question, arms) => {
                // A condition with known arms: each arm is one way.
                let python = self.is_python(place);
                let truths: Vec<Truth> = arms.iter().map(|arm| truth(arm, python, place)).collect();
                match truths.as_slice() {
                    [Truth::No, Truth::Yes] => Truth::Ask(question.clone(), true),
                    [Truth::Yes, Truth::No] => Truth::Ask(question.clone(), false),
                    all if all.iter().all(|truth| *truth == Truth::Yes) => Truth::Yes,
                    all if all.iter().all(|truth| *truth == Truth::No) => Truth::No,
                    _ => match place.in_file() {
                        Some((file, span)) => Truth::Ask(Question::Condition(file, span), true),
                        None => Truth::No,
                    },
                }
            }
            _ => truth(test, self.is_python(place), place),
        };
        match decided {
            Truth::Yes => side(true),
            Truth::No => side(false),
            Truth::Ask(question, as_asked) => self.both_ways(&question, as_asked, &test.trail, frame, side),
        }
    }

    fn both_ways(
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
        match (yes, no) {
            (Flow::Return(yes), Flow::Return(no)) => {
                let arms = if as_asked { vec![no, yes] } else { vec![yes, no] };
                Flow::Return(Value::choice(question.clone(), arms, trail))
            }
            (Flow::Return(value), Flow::Throw) => {
                self.narrow(frame, question, yes_answer);
                Flow::Return(value)
            }
            (Flow::Throw, Flow::Return(value)) => Flow::Return(value),
            (Flow::Return(value), _) => {
                frame.pending.borrow_mut().push((vec![(question.clone(), yes_answer)], value));
                self.narrow(frame, question, no_answer);
                Flow::Next
            }
            (ended, Flow::Return(value)) => {
                if matches!(ended, Flow::Throw) {
                    return Flow::Return(value);
                }
                frame.pending.borrow_mut().push((vec![(question.clone(), no_answer)], value));
                self.set_names(frame, yes_names);
                self.narrow(frame, question, yes_answer);
                Flow::Next
            }
            (Flow::Throw, Flow::Throw) => Flow::Throw,
            (Flow::Throw, _) => {
                self.narrow(frame, question, no_answer);
                Flow::Next
            }
            (_, Flow::Throw) => {
                self.set_names(frame, yes_names);
                self.narrow(frame, question, yes_answer);
                Flow::Next
            }
            _ => {
                self.join_names(frame, yes_names, question, as_asked, trail);
                Flow::Next
            }
        }
    }

    /// What holds after a way that ends here is ruled out.
    fn narrow(&self, frame: &Frame, question: &Question, answer: usize) {
        for value in frame.names.borrow_mut().values_mut() {
            *value = value.given(question, answer);
        }
        self.assume(question, answer, frame);
        if !frame.is_module {
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
            let arms = if as_asked { vec![no, yes] } else { vec![yes, no] };
            Some(Value::choice(question.clone(), arms, trail))
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
            if let Some(joined) = join(Some(&value), known(current.get(&name)).as_ref()) {
                current.insert(name, Slot::Known(joined));
            }
        }
    }

    fn repeat(&self, pattern: Option<&Pattern>, over: Option<&Expr>, body: &[Statement], frame: &Frame) -> Flow {
        let over = over.map(|over| self.expr(over, frame));
        if let (Some(pattern), Some(items)) = (pattern, over.as_ref().and_then(Value::as_list))
            && items.len() <= MOST_ROUNDS
        {
            for item in items {
                self.bind(pattern, item.clone(), frame);
                match self.run(body, frame) {
                    Flow::Next | Flow::Jump => {}
                    ended => return ended,
                }
            }
            return Flow::Next;
        }
        // How often it runs is not known: what it changes is unknown after it.
        let mut changed = Vec::new();
        body.iter().for_each(|statement| changed_names(statement, &mut changed));
        for name in changed {
            let trail = over.as_ref().map_or_else(
                || Step::start(Place::File(frame.file, Span::default()), How::Written),
                |over| over.trail.clone(),
            );
            self.bind_name(&name, Value::unknown(Because::Undecided, &trail), frame);
        }
        Flow::Next
    }

    fn switch(&self, subject: &Expr, cases: &[(Option<Expr>, Vec<Statement>)], frame: &Frame) -> Flow {
        let subject = self.expr(subject, frame);
        self.case(&subject, cases, 0, frame)
    }

    fn case(&self, subject: &Value, cases: &[(Option<Expr>, Vec<Statement>)], from: usize, frame: &Frame) -> Flow {
        let Some((test, _)) = cases.get(from) else { return self.default_case(cases, frame) };
        let Some(test) = test else { return self.case(subject, cases, from + 1, frame) };
        let place = self.here(test.span, frame);
        let holds = self.combine(BinaryOp::Equal, subject, &self.expr(test, frame), place, frame);
        self.fork(&holds, place, frame, &mut |yes| {
            if yes { self.case_body(cases, from, frame) } else { self.case(subject, cases, from + 1, frame) }
        })
    }

    fn default_case(&self, cases: &[(Option<Expr>, Vec<Statement>)], frame: &Frame) -> Flow {
        match cases.iter().position(|(test, _)| test.is_none()) {
            Some(index) => self.case_body(cases, index, frame),
            None => Flow::Next,
        }
    }

    /// A case's body, and those it falls through to.
    fn case_body(&self, cases: &[(Option<Expr>, Vec<Statement>)], from: usize, frame: &Frame) -> Flow {
        for (_, body) in cases.iter().skip(from) {
            match self.run(body, frame) {
                Flow::Next => {}
                Flow::Jump => return Flow::Next,
                ended => return ended,
            }
        }
        Flow::Next
    }

    /// Binds what a declaration or a parameter names.
    pub(super) fn bind(&self, pattern: &Pattern, value: Value, frame: &Frame) {
        match pattern {
            Pattern::Name(name, _) => self.bind_name(name, value, frame),
            Pattern::Object { fields, rest, .. } => {
                for field in fields {
                    self.bind(&field.pattern, self.taken(field, &value, frame), frame);
                }
                if let Some(rest) = rest {
                    self.bind_name(rest, left_over(&value, fields), frame);
                }
            }
            Pattern::List { items, rest, .. } => {
                for (index, item) in items.iter().enumerate() {
                    let Some((pattern, default)) = item else { continue };
                    let part = list_item(&value, index);
                    self.bind(pattern, self.defaulted(part, default.as_ref(), frame), frame);
                }
                if let Some(rest) = rest {
                    self.bind_name(rest, Value::unknown(Because::Undecided, &value.trail), frame);
                }
            }
            Pattern::Other(_) => {}
        }
    }

    fn taken(&self, field: &PatternField, value: &Value, frame: &Frame) -> Value {
        let part = self.member(value, &field.key, self.here(field.key_span, frame));
        self.defaulted(part, field.default.as_ref(), frame)
    }

    /// A value with its written default: `{ a = 1 }`, `(a = 1) =>`.
    pub(super) fn defaulted(&self, value: Value, default: Option<&Expr>, frame: &Frame) -> Value {
        let Some(default) = default else { return value };
        self.note_fallback(&value);
        value.each(&mut |value| match &value.kind {
            Kind::Absent => self.expr(default, frame),
            Kind::Unknown(unknown) => match &unknown.unset_with {
                Some(variable) => {
                    let fallback = self.expr(default, frame);
                    let step = Step {
                        place: fallback.trail.place,
                        how: How::Fallback,
                        before: vec![fallback.trail.clone(), value.trail.clone()],
                    };
                    let fallback = Value { kind: fallback.kind, trail: Arc::new(step) };
                    Value::choice(Question::IsSet(variable.clone()), vec![fallback, value.clone()], &value.trail)
                }
                None => value.clone(),
            },
            _ => value.clone(),
        })
    }
}

/// Whether a body throws or ends the process.
fn stops(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Throw { .. } => true,
        Statement::Block(inner) => stops(inner),
        Statement::Expression(expr) => match &expr.kind {
            crate::syntax::code::ExprKind::Call { callee, .. } => {
                super::modules::dotted(callee).is_some_and(|name| name.ends_with("exit"))
            }
            _ => false,
        },
        _ => false,
    })
}

fn list_item(value: &Value, index: usize) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::List { items, open } => items
            .get(index)
            .cloned()
            .unwrap_or_else(|| Value::new(open.clone().map_or(Kind::Absent, Kind::Unknown), &value.trail)),
        Kind::Unknown(_) => value.clone(),
        _ => Value::unknown(Because::Undecided, &value.trail),
    })
}

fn left_over(value: &Value, taken: &[PatternField]) -> Value {
    value.each(&mut |value| match &value.kind {
        Kind::Object { fields, open } => {
            let fields =
                fields.iter().filter(|(key, _)| !taken.iter().any(|field| field.key == *key)).cloned().collect();
            Value::new(Kind::Object { fields, open: open.clone() }, &value.trail)
        }
        _ => value.clone(),
    })
}

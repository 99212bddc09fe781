//! Statements: what a body returns and which names it leaves, with open conditions followed both ways.

use super::forks::stops;
use super::modules::{changed_names, pattern_names};
use super::scope::Frame;
use super::{Because, Evaluator, How, Kind, Place, Question, Step, Trail, Value};
use crate::syntax::Span;
use crate::syntax::code::{BinaryOp, Expr, Leaves, Pattern, PatternField, Statement};
use std::sync::Arc;

/// Loops over a known list are followed up to this many items.
pub(super) const MOST_ROUNDS: usize = 64;
/// Cases of a switch over something that is not known: each of them is a way of its own, and all that follows has as many.
const MOST_OPEN_CASES: usize = 6;

/// How a run of statements ended.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    /// It came to its end.
    Next,
    /// It returned.
    Return(Value),
    /// It threw: this way is no way to a value.
    Throw,
    /// It goes on with the next round of a loop.
    Jump,
    /// It left a loop or a switch.
    Leave(Leaves),
}

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
                let mut side = |yes: bool| self.block(if yes { then } else { otherwise }, frame);
                if stops(then) || stops(otherwise) {
                    return self.decide(test, frame, &mut side);
                }
                let test = self.expr(test, frame);
                // A variable that only chooses between two ways is not required; one whose absence ends the app is.
                self.note_fallback(&test);
                self.fork(&test, test.trail.place, frame, &mut side)
            }
            Statement::Block(body) => self.block(body, frame),
            Statement::Loop { pattern, over, body, .. } => self.repeat(pattern.as_ref(), over.as_ref(), body, frame),
            Statement::Try { body, handlers, finally, .. } => {
                let flow = self.attempt(body, handlers.first(), frame);
                match self.block(finally, frame) {
                    Flow::Next => flow,
                    ended => ended,
                }
            }
            Statement::Switch { subject, cases, .. } => self.switch(subject, cases, frame),
            Statement::Jump(_) => Flow::Jump,
            Statement::Break(what, _) => Flow::Leave(*what),
            Statement::Import(import) => {
                if self.is_running() {
                    self.reach(import, frame);
                }
                if frame.is_module && self.is_python(Place::File(frame.file, import.span)) {
                    return self.import_in_order(import, frame);
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
    pub(super) fn block(&self, body: &[Statement], frame: &Frame) -> Flow {
        let mut declared = Vec::new();
        for statement in body {
            if let Statement::Declare { pattern, .. } = statement {
                pattern_names(pattern, &mut declared);
            }
        }
        let python = self.is_python(Place::File(frame.file, Span::default()));
        if python || declared.is_empty() {
            return self.run(body, frame);
        }
        if let (true, Some(module)) = (frame.is_module, &frame.module) {
            // What a name of the module had before; others stay, for the functions that read them.
            let known = |name: Arc<str>| Some((name.clone(), module.slots.borrow().get(&name).cloned()?));
            let hidden: Vec<_> = declared.into_iter().filter_map(known).collect();
            let flow = self.run(body, frame);
            module.slots.borrow_mut().extend(hidden);
            return flow;
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

    fn repeat(&self, pattern: Option<&Pattern>, over: Option<&Expr>, body: &[Statement], frame: &Frame) -> Flow {
        let over = over.map(|over| super::objects::iterated(&self.expr(over, frame), self.language(frame.file)));
        if let (Some(pattern), Some(items)) = (pattern, over.as_ref().and_then(Value::as_list))
            && items.len() <= MOST_ROUNDS
        {
            let before = frame.unclear.replace(false);
            let ended = self.rounds(pattern, items, body, frame);
            let is_unclear = frame.unclear.replace(before);
            match ended {
                Flow::Leave(Leaves::Labelled) => frame.unclear.set(true),
                ended if !is_unclear => return ended,
                _ => {}
            }
        }
        // How often it runs is not known.
        let trail = over.as_ref().map_or_else(
            || Step::start(Place::File(frame.file, Span::default()), How::Written),
            |over| over.trail.clone(),
        );
        self.maybe(body, &trail, frame)
    }

    /// Statements of which it is not known whether they run, or how far: what they change is unknown after them, and
    /// what they return.
    fn maybe(&self, body: &[Statement], trail: &Trail, frame: &Frame) -> Flow {
        let mut changed = Vec::new();
        body.iter().for_each(|statement| changed_names(statement, &mut changed));
        for name in changed {
            self.bind_name(&name, Value::unknown(Because::Undecided, trail), frame);
        }
        match returns(body) {
            Some(span) => {
                let trail = Step::start(self.here(span, frame), How::Written);
                Flow::Return(Value::unknown(Because::Undecided, &trail))
            }
            None => Flow::Next,
        }
    }

    /// Each item in its turn, until one leaves the loop.
    fn rounds(&self, pattern: &Pattern, items: &[Value], body: &[Statement], frame: &Frame) -> Flow {
        for item in items {
            self.bind(pattern, item.clone(), frame);
            match self.run(body, frame) {
                Flow::Next | Flow::Jump => {}
                Flow::Leave(Leaves::Nearest) => return Flow::Next,
                ended => return ended,
            }
        }
        Flow::Next
    }

    fn switch(&self, subject: &Expr, cases: &[(Option<Expr>, Vec<Statement>)], frame: &Frame) -> Flow {
        let value = self.expr(subject, frame);
        let is_plain =
            matches!(value.kind, Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) | Kind::Null | Kind::Absent);
        if !is_plain && cases.len() > MOST_OPEN_CASES {
            return self.unfollowed_switch(subject.span, cases, frame);
        }
        let before = frame.unclear.replace(false);
        let ended = self.case(&value, cases, 0, frame);
        if !frame.unclear.replace(before) {
            return ended;
        }
        let bodies = cases.iter().map(|(_, body)| self.maybe(body, &value.trail, frame));
        let ended: Vec<Flow> = bodies.filter(|flow| matches!(flow, Flow::Return(_))).collect();
        ended.into_iter().next().unwrap_or(Flow::Next)
    }

    /// A switch with so many ways that nobody follows them: what it changes is unknown after it, and so is whether and
    /// with what the function ends there.
    fn unfollowed_switch(&self, span: Span, cases: &[(Option<Expr>, Vec<Statement>)], frame: &Frame) -> Flow {
        let place = self.here(span, frame);
        let trail = Step::start(place, How::Written);
        let mut changed = Vec::new();
        cases.iter().flat_map(|(_, body)| body).for_each(|statement| changed_names(statement, &mut changed));
        for name in changed {
            self.bind_name(&name, Value::unknown(Because::TooComplex, &trail), frame);
        }
        let Some((file, span)) = place.in_file().filter(|_| !frame.is_module) else { return Flow::Next };
        let ends = Value::unknown(Because::TooComplex, &trail);
        self.both_ways(&Question::Condition(file, span), true, &trail, frame, &mut |yes| match yes {
            true => Flow::Return(ends.clone()),
            false => Flow::Next,
        })
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
                Flow::Leave(Leaves::Nearest | Leaves::Case) => return Flow::Next,
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
                    let before = vec![fallback.trail.clone(), value.trail.clone()];
                    let step = Step::of(fallback.trail.place, How::Fallback, before);
                    let fallback = Value::new(fallback.kind, &step);
                    Value::choice(Question::IsSet(variable.clone()), vec![fallback, value.clone()], &value.trail)
                }
                None => value.clone(),
            },
            _ => value.clone(),
        })
    }
}

/// Where a body returns, functions in it aside.
fn returns(body: &[Statement]) -> Option<Span> {
    body.iter().find_map(|statement| match statement {
        Statement::Return { span, .. } => Some(*span),
        Statement::If { then, otherwise, .. } => returns(then).or_else(|| returns(otherwise)),
        Statement::Block(body) | Statement::Loop { body, .. } => returns(body),
        Statement::Try { body, handlers, finally, .. } => {
            returns(body).or_else(|| handlers.iter().find_map(|handler| returns(handler))).or_else(|| returns(finally))
        }
        Statement::Switch { cases, .. } => cases.iter().find_map(|(_, body)| returns(body)),
        _ => None,
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

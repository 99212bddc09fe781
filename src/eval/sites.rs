//! Expressions where they stand: inside functions too, with the names that are visible there.

use super::scope::Frame;
use super::trial::from_caller;
use super::{Evaluator, How, Kind, Place, Step, Value};
use crate::syntax::code::{Class, Expr, ExprKind, Function, Param, Pattern, Statement, visit};
use crate::syntax::{FileId, Span};
use std::cell::RefCell;
use std::sync::Arc;

/// Functions nested deeper than this are not entered.
const MOST_LEVELS: usize = 12;

impl Evaluator<'_> {
    /// An expression of a file at the place where it stands. What the functions around it are called with is the
    /// caller's and so not known.
    pub fn expression_at(&self, file: FileId, expr: &Expr) -> Value {
        let Some(module) = self.source.module(file) else { return self.expression(file, expr) };
        let mut frame = self.module_frame(file);
        let mut body: Vec<Statement> = Vec::new();
        let mut around = enclosing(&module.body, expr.span);
        for _ in 0..MOST_LEVELS {
            let Some(function) = around else { break };
            frame = self.frame_inside(&function, &frame);
            body.clone_from(&function.body);
            self.run_before(&body, expr.span, &frame);
            around = enclosing(&body, expr.span);
        }
        self.expr(expr, &frame)
    }

    fn frame_inside(&self, function: &Arc<Function>, outer: &Frame) -> Frame {
        let frame = Frame {
            file: outer.file,
            names: RefCell::default(),
            outer: outer.capture(),
            module: self.state(outer.file),
            is_module: false,
            this: outer.this.clone(),
            pending: RefCell::default(),
        };
        let place = Place::File(outer.file, function.span);
        for param in &function.params {
            let trail = from_caller(&Step::start(place, How::Written));
            let kind = Kind::External { module: super::trial::CALLER.into(), path: param_name(param) };
            self.bind(&param.pattern, Value::new(kind, &trail), &frame);
        }
        frame
    }

    /// Runs what stands before a place, so that its names are bound.
    fn run_before(&self, body: &[Statement], at: Span, frame: &Frame) {
        for (name, value) in body.iter().filter_map(|statement| self.declared(statement, frame)) {
            self.bind_name(&name, value, frame);
        }
        for statement in body {
            let span = span_of(statement);
            if span.is_some_and(|span| span.start >= at.end) {
                return;
            }
            if span.is_some_and(|span| span.holds(at)) || holds(statement, at) {
                inner_bodies(statement).into_iter().for_each(|inner| self.run_before(inner, at, frame));
                return;
            }
            if matches!(
                statement,
                Statement::Declare { .. } | Statement::Expression(_) | Statement::If { .. } | Statement::Import(_)
            ) {
                self.run(std::slice::from_ref(statement), frame);
            }
        }
    }
}

fn param_name(param: &Param) -> Arc<str> {
    match &param.pattern {
        Pattern::Name(name, _) => name.clone(),
        _ => "input".into(),
    }
}

/// The outermost function in some statements that a place lies in.
fn enclosing(body: &[Statement], at: Span) -> Option<Arc<Function>> {
    let mut found: Option<Arc<Function>> = None;
    let mut offer = |function: &Arc<Function>| {
        let is_outer = found.as_ref().is_none_or(|known| function.span.holds(known.span));
        if function.span.holds(at) && function.span != at && is_outer && in_body(function, at) {
            found = Some(function.clone());
        }
    };
    functions(body, &mut offer);
    found
}

fn in_body(function: &Function, at: Span) -> bool {
    function.body.iter().any(|statement| span_of(statement).is_some_and(|span| span.holds(at)) || holds(statement, at))
}

fn functions(body: &[Statement], offer: &mut dyn FnMut(&Arc<Function>)) {
    for statement in body {
        match statement {
            Statement::Function { function, .. } => offer(function),
            Statement::Class { class, .. } => methods(class, offer),
            _ => inner_bodies(statement).into_iter().for_each(|inner| functions(inner, offer)),
        }
    }
    visit(body, &mut |expr, _| match &expr.kind {
        ExprKind::Function(function) => offer(function),
        ExprKind::Class(class) => methods(class, offer),
        _ => {}
    });
}

fn methods(class: &Class, offer: &mut dyn FnMut(&Arc<Function>)) {
    for value in class.members.iter().filter_map(|member| member.value.as_ref()) {
        if let ExprKind::Function(function) = &value.kind {
            offer(function);
        }
    }
}

fn holds(statement: &Statement, at: Span) -> bool {
    inner_bodies(statement)
        .into_iter()
        .flatten()
        .any(|inner| span_of(inner).is_some_and(|span| span.holds(at)) || holds(inner, at))
}

fn inner_bodies(statement: &Statement) -> Vec<&[Statement]> {
    match statement {
        Statement::If { then, otherwise, .. } => vec![then, otherwise],
        Statement::Block(body) | Statement::Loop { body, .. } => vec![body],
        Statement::Try { body, handlers, finally, .. } => {
            let mut all: Vec<&[Statement]> = vec![body, finally];
            all.extend(handlers.iter().map(Vec::as_slice));
            all
        }
        Statement::Switch { cases, .. } => cases.iter().map(|(_, body)| body.as_slice()).collect(),
        _ => Vec::new(),
    }
}

fn span_of(statement: &Statement) -> Option<Span> {
    Some(match statement {
        Statement::Declare { span, .. }
        | Statement::Function { span, .. }
        | Statement::ExportDefault { span, .. }
        | Statement::Return { span, .. }
        | Statement::Throw { span, .. }
        | Statement::If { span, .. }
        | Statement::Loop { span, .. }
        | Statement::Try { span, .. }
        | Statement::Switch { span, .. }
        | Statement::Jump(span)
        | Statement::Break(_, span)
        | Statement::Opaque(span) => *span,
        Statement::Class { class, .. } => class.span,
        Statement::Import(import) => import.span,
        Statement::Export(export) => export.span,
        Statement::Expression(expr) => expr.span,
        Statement::Block(_) => return None,
    })
}

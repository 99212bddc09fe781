//! What a handler of errors keeps to itself: what it writes to a log, hands on or only asks about, and what it gives a name
//! that no answer has.

use super::errors::is_answer;
use crate::syntax::Span;
use crate::syntax::code::{Expr, ExprKind, Pattern, Statement, visit};
use std::sync::Arc;

/// What something that writes to a log, or hands the error on, begins or ends with.
const LOGS: &[&str] =
    &["console", "log", "logger", "logging", "print", "sentry", "bugsnag", "rollbar", "datadog", "reporter", "debug"];

/// Methods that hand an error to a log or on to the next handler.
const LOG_METHODS: &[&str] = &[
    "error",
    "warn",
    "warning",
    "info",
    "debug",
    "exception",
    "critical",
    "captureException",
    "capture_exception",
    "next",
    "report",
];

/// A value that is given a name.
pub(super) struct Named {
    /// The name.
    pub(super) name: Arc<str>,
    /// Where the value stands.
    pub(super) value: Span,
    /// The name itself, where it is assigned to one that is there.
    target: Option<Span>,
    /// Whether it is a part that is taken out of the value.
    pub(super) is_taken: bool,
}

impl Named {
    /// Whether it is the value of a name.
    pub(super) fn is(&self, name: &str) -> bool {
        &*self.name == name
    }

    /// Whether an expression is the name that is assigned to.
    pub(super) fn is_target(&self, span: Span) -> bool {
        self.target == Some(span)
    }
}

/// A part of the error that is taken out by its name: `const { message } = error`.
pub(super) struct Part {
    /// What it is called in the error.
    pub(super) key: Arc<str>,
    /// What it is called in the handler.
    pub(super) name: Arc<str>,
    /// Where the error stands.
    pub(super) span: Span,
}

/// Each value of a body that is given a name.
pub(super) fn named(body: &[Statement]) -> Vec<Named> {
    let mut all = Vec::new();
    declarations(body, &mut |pattern, value| match pattern {
        Pattern::Name(name, _) => {
            all.push(Named { name: name.clone(), value: value.span, target: None, is_taken: false });
        }
        Pattern::Object { fields, .. } => {
            all.extend(fields.iter().filter_map(|field| match &field.pattern {
                Pattern::Name(name, _) => {
                    Some(Named { name: name.clone(), value: value.span, target: None, is_taken: true })
                }
                _ => None,
            }));
        }
        _ => {}
    });
    visit(body, &mut |expr, _| {
        if let ExprKind::Assign { target, value, .. } = &expr.kind
            && let ExprKind::Name(name) = &target.kind
        {
            let target = Some(target.span);
            all.push(Named { name: name.clone(), value: value.span, target, is_taken: false });
        }
    });
    all
}

/// The parts of the error that a body takes out of it by their names.
pub(super) fn taken_apart(body: &[Statement], error: Option<&str>) -> Vec<Part> {
    let mut all = Vec::new();
    declarations(body, &mut |pattern, value| {
        let is_error = matches!(&value.kind, ExprKind::Name(name) if error == Some(&**name));
        if let (true, Pattern::Object { fields, .. }) = (is_error, pattern) {
            all.extend(fields.iter().filter_map(|field| match &field.pattern {
                Pattern::Name(name, _) => Some(Part { key: field.key.clone(), name: name.clone(), span: value.span }),
                _ => None,
            }));
        }
    });
    all
}

/// Calls `f` with each pattern and value of a body's declarations, those of its blocks included.
fn declarations<'t>(body: &'t [Statement], f: &mut dyn FnMut(&'t Pattern, &'t Expr)) {
    for statement in body {
        match statement {
            Statement::Declare { pattern, value: Some(value), .. } => f(pattern, value),
            Statement::If { then, otherwise, .. } => {
                declarations(then, f);
                declarations(otherwise, f);
            }
            Statement::Block(body) | Statement::Loop { body, .. } => declarations(body, f),
            Statement::Try { body, handlers, finally, .. } => {
                declarations(body, f);
                handlers.iter().for_each(|handler| declarations(handler, f));
                declarations(finally, f);
            }
            Statement::Switch { cases, .. } => cases.iter().for_each(|(_, body)| declarations(body, f)),
            _ => {}
        }
    }
}

/// What is written to a log, handed on, or only asked about: no answer.
pub(super) fn back(body: &[Statement]) -> Vec<Span> {
    let mut spans = Vec::new();
    let renders = renders(body);
    visit(body, &mut |expr, _| match &expr.kind {
        ExprKind::Call { callee, .. } if is_log(callee) => spans.push(expr.span),
        ExprKind::Conditional { test, .. } => spans.push(test.span),
        ExprKind::Assign { target, .. } if is_set_aside(target, renders) => spans.push(expr.span),
        ExprKind::Binary(_, left, right) if !is_text(left) && !is_text(right) => spans.push(expr.span),
        _ => {}
    });
    spans
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Text(_) | ExprKind::Template(_))
        || matches!(&expr.kind, ExprKind::Binary(_, left, right) if is_text(left) || is_text(right))
}

/// Whether a page is made of what stands in `res.locals`.
fn renders(body: &[Statement]) -> bool {
    let mut found = false;
    visit(body, &mut |expr, _| {
        if let ExprKind::Call { callee, .. } = &expr.kind {
            found |= matches!(&callee.kind, ExprKind::Member { property, .. } if &**property == "render");
        }
    });
    found
}

/// Whether something is left for others of the same app, as a log that is written later: `res.locals.message`, `req.error`.
fn is_set_aside(target: &Expr, renders: bool) -> bool {
    match &target.kind {
        ExprKind::Member { object, property, .. } => match &**property {
            "locals" => !renders,
            "state" => true,
            _ => is_set_aside(object, renders),
        },
        ExprKind::Name(name) => ["req", "request"].contains(&&**name),
        _ => false,
    }
}

fn is_log(callee: &Expr) -> bool {
    match &callee.kind {
        ExprKind::Name(name) => is_log_name(name) || LOG_METHODS.contains(&&**name),
        ExprKind::Member { object, property, .. } => {
            LOG_METHODS.contains(&&**property) && !is_answer(object) || is_log_object(object)
        }
        _ => false,
    }
}

fn is_log_object(object: &Expr) -> bool {
    match &object.kind {
        ExprKind::Name(name) => is_log_name(name),
        ExprKind::Member { object, property, .. } => is_log_name(property) || is_log_object(object),
        _ => false,
    }
}

fn is_log_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    LOGS.iter().any(|log| name == *log || name.ends_with(log) && name.len() > log.len())
}

//! Variables that code asks about before it counts on them: where they are not set it goes another way.

use super::Evaluator;
use super::forks::stops;
use super::modules::dotted;
use crate::syntax::code::{Argument, BinaryOp, Expr, ExprKind, LogicalOp, Pattern, Statement, UnaryOp, visit};
use crate::syntax::{FileId, Span};
use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Evaluator<'_> {
    /// The variables whose absence a file asks about and survives: `if (env.X)`, `Boolean(env.X && env.Y)`,
    /// `env.X?.split(",")`. A test whose one side ends the program asks for something that has to be there.
    pub fn asked_about(&self, file: FileId) -> BTreeSet<Arc<str>> {
        let Some(module) = self.module(file) else { return BTreeSet::new() };
        let mut demands = HashSet::new();
        let mut names = Names::new();
        demanding(&module.body, &mut demands);
        named(&module.body, &mut names);
        visit(&module.body, &mut |expr, _| {
            if let ExprKind::Function(function) = &expr.kind {
                demanding(&function.body, &mut demands);
                named(&function.body, &mut names);
            }
        });
        let asked = |test: &Expr, into: &mut BTreeSet<Arc<str>>| asked(test, &names, into);
        let mut found = BTreeSet::new();
        visit(&module.body, &mut |expr, guards| {
            let is_demanded = |span: Span| demands.iter().any(|demand| demand.holds(span));
            if let Some(guard) = guards.last().filter(|guard| !is_demanded(guard.test.span)) {
                asked(guard.test, &mut found);
            }
            match &expr.kind {
                ExprKind::Conditional { test, .. } => asked(test, &mut found),
                ExprKind::Logical(_, left, _) if !is_demanded(expr.span) => asked(left, &mut found),
                ExprKind::Unary(UnaryOp::Not, _) if !is_demanded(expr.span) => asked(expr, &mut found),
                ExprKind::Call { callee, arguments, .. }
                    if matches!(dotted(callee).as_deref(), Some("Boolean" | "bool")) =>
                {
                    arguments.iter().for_each(|argument| asked(&argument.value, &mut found));
                }
                // What the code itself gives, where nobody else does, is no question any more.
                ExprKind::Call { callee, arguments, .. } => found.extend(given(callee, arguments)),
                ExprKind::Assign { target, .. } => found.extend(variable(target)),
                ExprKind::Binary(BinaryOp::In | BinaryOp::NotIn, name, of) if is_environment(of) => {
                    if let ExprKind::Text(name) = &name.kind
                        && !is_demanded(expr.span)
                    {
                        found.insert(name.as_name());
                    }
                }
                ExprKind::Member { object, optional: true, .. } | ExprKind::Index { object, optional: true, .. } => {
                    asked(object, &mut found)
                }
                _ => {}
            }
        });
        found
    }
}

impl Evaluator<'_> {
    /// The variables without which a file ends the program as it is loaded, and where it asks: `if (!process.env.X) throw`.
    pub fn refuses_without(&self, file: FileId) -> BTreeMap<Arc<str>, Span> {
        let Some(module) = self.module(file) else { return BTreeMap::new() };
        let mut names = Names::new();
        named(&module.body, &mut names);
        // What one of several variables can give needs none of them.
        names.retain(|_, variables| variables.len() == 1);
        let mut found = BTreeMap::new();
        for statement in &module.body {
            if let Statement::If { test, then, .. } = statement
                && stops(then)
            {
                lacking(test, &names, &mut found);
            }
        }
        visit(&module.body, &mut |expr, _| {
            // What the code gives itself is never missing.
            if let ExprKind::Assign { target, .. } = &expr.kind
                && let Some(name) = variable(target)
            {
                found.remove(&name);
            }
        });
        found
    }
}

impl Evaluator<'_> {
    /// The parts of a file whose failure changes nothing: `try { levels = JSON.parse(env.LEVELS) } catch {}`.
    pub fn passed_over(&self, file: FileId) -> Vec<Span> {
        let Some(module) = self.module(file) else { return Vec::new() };
        let mut found = Vec::new();
        unheeded(&module.body, &mut found);
        visit(&module.body, &mut |expr, _| {
            if let ExprKind::Function(function) = &expr.kind {
                unheeded(&function.body, &mut found);
            }
        });
        found
    }
}

/// The attempts of which each failure is met with nothing at all.
fn unheeded(body: &[Statement], into: &mut Vec<Span>) {
    for statement in body {
        match statement {
            Statement::Try { body, handlers, span, .. } => {
                // A handler declares the error that it names first.
                let is_nothing = |statement: &Statement| {
                    matches!(statement, Statement::Opaque(_) | Statement::Declare { value: None, .. })
                };
                if !handlers.is_empty() && handlers.iter().flatten().all(is_nothing) {
                    into.push(*span);
                }
                unheeded(body, into);
            }
            Statement::If { then, otherwise, .. } => {
                unheeded(then, into);
                unheeded(otherwise, into);
            }
            Statement::Block(body) | Statement::Loop { body, .. } => unheeded(body, into),
            Statement::Function { function, .. } => unheeded(&function.body, into),
            _ => {}
        }
    }
}

/// The variables each of which makes a test hold where it is not set.
fn lacking(test: &Expr, names: &Names, into: &mut BTreeMap<Arc<str>, Span>) {
    let mut add = |expr: &Expr| {
        let meant = match &expr.kind {
            ExprKind::Name(name) => names.get(name).and_then(|variables| variables.first()).cloned(),
            _ => variable(expr),
        };
        into.extend(meant.map(|name| (name, expr.span)));
    };
    match &test.kind {
        ExprKind::Logical(LogicalOp::Or, left, right) => {
            lacking(left, names, into);
            lacking(right, names, into);
        }
        ExprKind::Unary(UnaryOp::Not, inner) => add(inner),
        ExprKind::Binary(BinaryOp::Equal | BinaryOp::LooseEqual, left, right)
            if matches!(right.kind, ExprKind::Undefined | ExprKind::Null) =>
        {
            add(left);
        }
        ExprKind::Binary(BinaryOp::NotIn, name, of) if is_environment(of) => {
            if let ExprKind::Text(text) = &name.kind {
                into.insert(text.as_name(), name.span);
            }
        }
        _ => {}
    }
}

/// The tests of which one side ends the program.
fn demanding(body: &[Statement], into: &mut HashSet<Span>) {
    for statement in body {
        match statement {
            Statement::If { test, then, otherwise, .. } => {
                if stops(then) || stops(otherwise) {
                    into.insert(test.span);
                }
                demanding(then, into);
                demanding(otherwise, into);
            }
            Statement::Block(body) | Statement::Loop { body, .. } => demanding(body, into),
            Statement::Try { body, .. } => demanding(body, into),
            Statement::Function { function, .. } => demanding(&function.body, into),
            _ => {}
        }
    }
}

/// The variables that the names of a file stand for.
type Names = HashMap<Arc<str>, Vec<Arc<str>>>;

/// The names that are declared as what variables hold: `const key = options.key || process.env.KEY`.
fn named(body: &[Statement], into: &mut Names) {
    for statement in body {
        match statement {
            Statement::Declare { pattern: Pattern::Name(name, _), value: Some(value), .. } => {
                let own = alternatives(value);
                if !own.is_empty() {
                    into.entry(name.clone()).or_default().extend(own);
                }
            }
            Statement::If { then, otherwise, .. } => {
                named(then, into);
                named(otherwise, into);
            }
            Statement::Block(body) | Statement::Loop { body, .. } | Statement::Try { body, .. } => named(body, into),
            Statement::Function { function, .. } => named(&function.body, into),
            _ => {}
        }
    }
}

/// The variables that an expression reads as one of several ways to a value.
fn alternatives(value: &Expr) -> Vec<Arc<str>> {
    match &value.kind {
        ExprKind::Logical(LogicalOp::Or | LogicalOp::Coalesce, left, right) => {
            alternatives(left).into_iter().chain(alternatives(right)).collect()
        }
        _ => variable(value).into_iter().collect(),
    }
}

/// The variable that `os.environ.setdefault("X", value)` gives.
fn given(callee: &Expr, arguments: &[Argument]) -> Option<Arc<str>> {
    let ExprKind::Member { object, property, .. } = &callee.kind else { return None };
    let [name, _] = arguments else { return None };
    let gives = &**property == "setdefault" && is_environment(object);
    match &name.value.kind {
        ExprKind::Text(name) if gives => Some(name.as_name()),
        _ => None,
    }
}

/// The variables whose truth decides a test.
fn asked(test: &Expr, names: &Names, into: &mut BTreeSet<Arc<str>>) {
    match &test.kind {
        ExprKind::Logical(LogicalOp::And | LogicalOp::Or, left, right) => {
            asked(left, names, into);
            asked(right, names, into);
        }
        // Without what a name stands for, a function that it needs refuses.
        ExprKind::Unary(UnaryOp::Not, inner) => asked(inner, &Names::new(), into),
        ExprKind::Name(name) => into.extend(names.get(name).into_iter().flatten().cloned()),
        ExprKind::Binary(BinaryOp::In, name, of) if is_environment(of) => {
            into.extend(match &name.kind {
                ExprKind::Text(name) => Some(name.as_name()),
                _ => None,
            });
        }
        ExprKind::Binary(
            BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::LooseEqual | BinaryOp::LooseNotEqual,
            left,
            right,
        ) => {
            asked(left, &Names::new(), into);
            asked(right, &Names::new(), into);
        }
        _ => into.extend(variable(test)),
    }
}

/// The variable that an expression reads: `process.env.X`, `process.env["X"]`, `os.environ.get("X")`.
fn variable(expr: &Expr) -> Option<Arc<str>> {
    let text = |expr: &Expr| match &expr.kind {
        ExprKind::Text(text) => Some(text.as_name()),
        _ => None,
    };
    match &expr.kind {
        ExprKind::Member { object, property, .. } if is_environment(object) => Some(property.clone()),
        ExprKind::Index { object, index, .. } if is_environment(object) => text(index),
        ExprKind::Call { callee, arguments, .. } => {
            let [argument] = arguments.as_slice() else { return None };
            let reads = match &callee.kind {
                ExprKind::Member { object, property, .. } if &**property == "get" => is_environment(object),
                _ => matches!(dotted(callee).as_deref(), Some("os.getenv" | "getenv")),
            };
            reads.then(|| text(&argument.value)).flatten()
        }
        _ => None,
    }
}

fn is_environment(expr: &Expr) -> bool {
    let Some(path) = dotted(expr) else { return false };
    matches!(
        &*path,
        "process.env"
            | "globalThis.process.env"
            | "Bun.env"
            | "Deno.env"
            | "import.meta.env"
            | "env"
            | "os.environ"
            | "environ"
    )
}

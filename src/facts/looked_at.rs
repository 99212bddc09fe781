//! Whether the result of a call is only looked at: the function around it asks once more, answers no more than yes or no, or
//! tells who is to be asked.

use crate::syntax::Span;
use crate::syntax::code::{
    BinaryOp, Expr, ExprKind, Function, LogicalOp, Module, Statement, UnaryOp, visit, visit_expr,
};

/// Claims by which somebody chooses whom to ask, and believes nothing yet.
const SELECTORS: &[&str] = &["iss", "aud", "kid", "azp", "tid", "client_id", "alg"];

/// Whether the result of a call is only looked at; `exports` are the names of the calls that could ask once more, and
/// `asked_elsewhere` is whether the app makes one of them.
pub(super) fn is_only_looked_at(module: &Module, call: Span, exports: &[&str], asked_elsewhere: bool) -> bool {
    let Some(function) = around(&module.body, call) else { return false };
    asks_again(function, call, exports) || asked_elsewhere && answers_little(&function.body)
}

/// The innermost function with a name around a place.
fn around(statements: &[Statement], call: Span) -> Option<&Function> {
    let mut found: Option<&Function> = None;
    let note = |function: &Function| function.span.holds(call);
    let mut pending: Vec<&Statement> = statements.iter().collect();
    while let Some(statement) = pending.pop() {
        match statement {
            Statement::Function { function, .. } if note(function) => {
                found = Some(function);
                pending = function.body.iter().collect();
            }
            Statement::Class { class, .. } => {
                for member in &class.members {
                    if let Some(ExprKind::Function(function)) = member.value.as_ref().map(|value| &value.kind)
                        && note(function)
                    {
                        found = Some(function);
                        pending = function.body.iter().collect();
                        break;
                    }
                }
            }
            statement => pending.extend(inner(statement)),
        }
    }
    found
}

/// The statements inside a statement, functions and classes apart.
fn inner(statement: &Statement) -> Vec<&Statement> {
    match statement {
        Statement::If { then, otherwise, .. } => then.iter().chain(otherwise).collect(),
        Statement::Block(body) | Statement::Loop { body, .. } => body.iter().collect(),
        Statement::Try { body, handlers, finally, .. } => {
            body.iter().chain(handlers.iter().flatten()).chain(finally).collect()
        }
        Statement::Switch { cases, .. } => cases.iter().flat_map(|(_, body)| body).collect(),
        _ => Vec::new(),
    }
}

/// Whether another call of one of these names stands in the function.
fn asks_again(function: &Function, call: Span, exports: &[&str]) -> bool {
    let mut again = false;
    visit(&function.body, &mut |expr, _| {
        if let ExprKind::Call { callee, .. } = &expr.kind
            && expr.span != call
        {
            again |= match &callee.kind {
                ExprKind::Name(name) | ExprKind::Member { property: name, .. } => exports.contains(&&**name),
                _ => false,
            };
        }
    });
    again
}

/// Whether all that a function returns is yes, no, nothing, or a claim that tells who is to be asked; one that returns
/// nothing at all does its work by itself.
fn answers_little(body: &[Statement]) -> bool {
    let mut pending: Vec<&Statement> = body.iter().collect();
    let mut returns = 0;
    while let Some(statement) = pending.pop() {
        match statement {
            Statement::Return { value, .. } => {
                if !value.as_ref().is_none_or(is_little) {
                    return false;
                }
                returns += usize::from(value.is_some());
            }
            statement => pending.extend(inner(statement)),
        }
    }
    returns > 0
}

fn is_little(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Unary(UnaryOp::Not, _) => true,
        ExprKind::Binary(op, ..) => !matches!(op, BinaryOp::Add),
        ExprKind::Logical(LogicalOp::And | LogicalOp::Or, left, right) => is_little(left) && is_little(right),
        ExprKind::Conditional { yes, no, .. } => is_little(yes) && is_little(no),
        ExprKind::Index { index, .. } => is_selector(index),
        ExprKind::Call { callee, arguments, .. } => match &callee.kind {
            ExprKind::Name(name) => &**name == "bool",
            ExprKind::Member { property, .. } if &**property == "get" => {
                arguments.first().is_some_and(|argument| is_selector(&argument.value))
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_selector(expr: &Expr) -> bool {
    let mut text = false;
    visit_expr(expr, &mut |expr, _| {
        text |= matches!(&expr.kind, ExprKind::Text(text) if SELECTORS.iter().any(|selector| text.is(selector)));
    });
    text
}

//! The exports of CommonJS: `module.exports = …`, `exports.name = …`.

use super::modules::export_one;
use crate::syntax::Span;
use crate::syntax::code::tree::{Expr, ExprKind, Name, Pattern, Statement};

/// What an assignment exports.
#[derive(Debug, PartialEq, Eq)]
enum Exported {
    /// The module itself.
    Default,
    /// One name of it.
    Named(Name),
}

/// A top-level expression, with the exports it makes.
///
/// `exports.x = v` becomes the declaration of a local name that no source can spell, and the export of that local as
/// `x`: a declaration of `x` itself would capture a variable `x` that `v` reads.
pub(super) fn lower(expression: Expr, into: &mut Vec<Statement>) {
    let span = expression.span;
    let (targets, value) = chain(&expression);
    let exports: Vec<Exported> = targets.iter().filter_map(|target| exported(target)).collect();
    if exports.is_empty() {
        into.push(Statement::Expression(expression));
        return;
    }
    // TypeScript's compiler writes `exports.x = void 0` before the real value.
    if matches!(value.kind, ExprKind::Undefined) {
        into.push(Statement::Opaque(span));
        return;
    }
    let value = value.clone();
    if targets.iter().any(|target| exported(target).is_none() && !is_exports(target)) {
        into.push(Statement::Expression(expression));
    }
    push(exports, value, span, into);
}

/// The value that `const x = module.exports = value` gives to `x`, and the exports of `x` that it makes.
pub(super) fn lower_declared(name: &Name, name_span: Span, value: Expr) -> (Expr, Vec<Statement>) {
    let (targets, inner) = chain(&value);
    let exports: Vec<Exported> = targets.iter().filter_map(|target| exported(target)).collect();
    if exports.is_empty() {
        return (value, Vec::new());
    }
    let mut statements = Vec::new();
    push(exports, Expr::name(name_span, name.clone()), value.span, &mut statements);
    (inner.clone(), statements)
}

/// Every export of one value. The value stands in the tree once; further exports refer to the first one's local.
fn push(exports: Vec<Exported>, value: Expr, span: Span, into: &mut Vec<Statement>) {
    let first = exports.iter().find_map(|export| match export {
        Exported::Named(name) => Some(Name::from(format!("exports.{name}"))),
        Exported::Default => None,
    });
    let Some(local) = first else {
        into.push(Statement::ExportDefault { value, whole: true, span });
        return;
    };
    let pattern = Pattern::Name(local.clone(), span);
    into.push(Statement::Declare { pattern, value: Some(value), exported: false, span });
    into.extend(exports.into_iter().map(|export| match export {
        Exported::Default => Statement::ExportDefault { value: Expr::name(span, local.clone()), whole: true, span },
        Exported::Named(name) => export_one(local.clone(), name, span),
    }));
}

/// The targets of `a = b = value`, and the value.
fn chain(expression: &Expr) -> (Vec<&Expr>, &Expr) {
    let mut targets = Vec::new();
    let mut value = expression;
    while let ExprKind::Assign { target, op: None, value: next } = &value.kind {
        targets.push(&**target);
        value = next;
    }
    (targets, value)
}

fn exported(target: &Expr) -> Option<Exported> {
    let (object, key) = match &target.kind {
        ExprKind::Member { object, property, .. } => (object, property.clone()),
        ExprKind::Index { object, index, .. } => match &index.kind {
            ExprKind::Text(key) => (object, key.as_name()),
            _ => return None,
        },
        _ => return None,
    };
    match &object.kind {
        ExprKind::Name(name) if &**name == "module" && &*key == "exports" => Some(Exported::Default),
        ExprKind::Name(name) if &**name == "exports" => Some(Exported::Named(key)),
        ExprKind::Member { .. } if exported(object) == Some(Exported::Default) => Some(Exported::Named(key)),
        _ => None,
    }
}

fn is_exports(target: &Expr) -> bool {
    matches!(&target.kind, ExprKind::Name(name) if &**name == "exports")
}

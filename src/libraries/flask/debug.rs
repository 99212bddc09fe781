//! The variable that switches debugging on, where an app's own code sets it.

use crate::eval::{Kind, Value};
use crate::reading::bench::Reading;
use crate::syntax::code::{Expr, ExprKind, visit};
use crate::syntax::{FileId, Span};

/// The variable, which Flask reads when the app is made.
pub(super) const VARIABLE: &str = "FLASK_DEBUG";

/// The variable, where code sets it before the app is made: in the file that makes it above, or in one that starts it.
pub(super) fn set_before(reading: &Reading<'_>, files: &[FileId], made: Option<(FileId, Span)>, value: Value) -> Value {
    let evaluator = reading.evaluator;
    let mut value = value;
    for file in reading.documents.project.mentioning(files, &[VARIABLE]) {
        let Some(module) = reading.documents.module_of(file) else { continue };
        visit(&module.body, &mut |expr, guards| {
            let Some((environment, new, only_unset)) = set_variable(expr) else { return };
            let is_late = made.is_some_and(|(maker, span)| maker == file && expr.span.start > span.start);
            let is_asked = || guards.iter().any(|guard| evaluator.expression_at(file, guard.test).as_bool().is_none());
            let is_it = || matches!(evaluator.expression_at(file, environment).kind, Kind::Environment);
            if is_late || !evaluator.runs(file, guards) || is_asked() || !is_it() {
                return;
            }
            let new = evaluator.expression_at(file, new);
            value = if only_unset { value.or_default(&|_| new.clone()) } else { new };
        });
    }
    value
}

/// What code sets the variable of debugging to, on what, and whether only where it is not set: `os.environ[..] = ".."`,
/// `os.environ.setdefault(.., "..")`.
fn set_variable(expr: &Expr) -> Option<(&Expr, &Expr, bool)> {
    let is_it = |expr: &Expr| matches!(&expr.kind, ExprKind::Text(text) if text.is(VARIABLE));
    match &expr.kind {
        ExprKind::Assign { target, value, op: None } => match &target.kind {
            ExprKind::Index { object, index, .. } if is_it(index) => Some((object, value, false)),
            _ => None,
        },
        ExprKind::Call { callee, arguments, .. } => match (&callee.kind, arguments.as_slice()) {
            (ExprKind::Member { object, property, .. }, [name, value])
                if &**property == "setdefault" && is_it(&name.value) =>
            {
                Some((object, &value.value, true))
            }
            _ => None,
        },
        _ => None,
    }
}

//! What a handler compares its input with.

use super::scope::Closure;
use super::sites::Standing;
use super::{Because, Evaluator, Kind, Value};
use crate::syntax::code::{BinaryOp, Expr, ExprKind, visit_sites};

/// Functions that compare two texts in constant time.
const COMPARERS: &[&str] = &["timingSafeEqual", "compare_digest", "safeCompare", "constantTimeEqual", "secureCompare"];

impl Evaluator<'_> {
    /// The values of the project that a function compares its input with: `input.key === EXPECTED`, a comparison in
    /// constant time. Each stands for what the other side must be.
    pub fn compared(&self, function: &Closure) -> Vec<Value> {
        let mut found = Vec::new();
        let frame = self.frame_of(function);
        self.bind_unknown(&function.function, &frame);
        let mut standing = Standing::in_function(self, frame);
        visit_sites(&function.function.body, &mut |expr, site| {
            let sides: Vec<&Expr> = match &expr.kind {
                ExprKind::Binary(op, left, right) if is_comparison(*op) => vec![left, right],
                ExprKind::Call { callee, arguments, .. } if is_comparer(callee) => {
                    arguments.iter().take(2).map(|argument| unwrapped(&argument.value)).collect()
                }
                _ => return,
            };
            let [left, right] = sides.as_slice() else { return };
            let frame = standing.at(expr, site);
            let (left, right) = (self.expr(left, &frame), self.expr(right, &frame));
            match (is_input(&left), is_input(&right)) {
                (true, false) => found.push(right),
                (false, true) => found.push(left),
                _ => {}
            }
        });
        found
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::LooseEqual | BinaryOp::LooseNotEqual | BinaryOp::Is)
}

fn is_comparer(callee: &Expr) -> bool {
    let name = match &callee.kind {
        ExprKind::Name(name) => name,
        ExprKind::Member { property, .. } => property,
        _ => return false,
    };
    COMPARERS.contains(&&**name)
}

/// `Buffer.from(x)`, `encoder.encode(x)`, `x.encode()`: what is compared is `x`.
fn unwrapped(expr: &Expr) -> &Expr {
    let ExprKind::Call { callee, arguments, .. } = &expr.kind else { return expr };
    match (&callee.kind, arguments.first()) {
        (ExprKind::Member { property, .. }, Some(first)) if matches!(&**property, "from" | "encode") => &first.value,
        (ExprKind::Member { object, property, .. }, None) if &**property == "encode" => object,
        _ => expr,
    }
}

/// Whether a value is made of what a caller gave.
fn is_input(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => matches!(&unknown.because, Because::Call(_) | Because::Undecided),
        Kind::Choice(_, arms) => arms.iter().any(is_input),
        _ => false,
    }
}

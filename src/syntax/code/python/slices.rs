//! Parts of lists: `a[1:]` is a call of a method that no program can name.

use super::{Lowerer, place};
use crate::syntax::code::{Argument, Expr, ExprKind, SLICE, Statement};
use ruff_python_ast::{self as ast};

impl Lowerer<'_> {
    /// `a[lower:upper:step]`, with nothing for what is left out.
    pub(super) fn part(&mut self, subscript: &ast::ExprSubscript) -> ExprKind {
        let span = place(subscript.range);
        let object = Box::new(self.expr(&subscript.value));
        let ast::Expr::Slice(slice) = &*subscript.slice else { return ExprKind::Opaque("slice") };
        let bounds = [&slice.lower, &slice.upper, &slice.step];
        let mut bound = |bound: &Option<Box<ast::Expr>>| match bound {
            Some(bound) => self.expr(bound),
            None => Expr::new(span, ExprKind::Null),
        };
        let arguments = bounds.map(&mut bound).into_iter().map(Argument::plain).collect();
        let property = ExprKind::Member { object, property: SLICE.into(), property_span: span, optional: false };
        ExprKind::Call { callee: Box::new(Expr::new(span, property)), arguments, optional: false, is_new: false }
    }

    /// `a[:] = value` gives the list new items; of another part nobody follows what becomes of the list.
    pub(super) fn assign_part(
        &mut self,
        subscript: &ast::ExprSubscript,
        value: Option<Expr>,
        into: &mut Vec<Statement>,
    ) {
        let span = place(subscript.range);
        let is_all = matches!(&*subscript.slice, ast::Expr::Slice(slice) if slice.lower.is_none() && slice.upper.is_none() && slice.step.is_none());
        let target = self.expr(&subscript.value);
        let value = match value {
            Some(value) if is_all => value,
            _ => Expr::opaque(span, "slice"),
        };
        into.push(Statement::Expression(Expr::assign(span, target, None, value)));
    }
}

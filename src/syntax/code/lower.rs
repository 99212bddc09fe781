//! What the lowering of every language shares: the bound on depth, and small constructors.

use super::tree::{Argument, BinaryOp, Expr, ExprKind, LogicalOp, Name, Pattern, Spread, Statement};
use crate::syntax::Span;
use crate::text::Text;

/// How many levels of expressions, statements and patterns of the source a lowered tree has below its root at most; a
/// level is two or three nodes where an arrow becomes a `return` or `??=` an assignment. What lies deeper is
/// [`ExprKind::Opaque`] or [`Statement::Opaque`].
pub const MAX_LEVELS: usize = 400;

/// What stands in place of an expression below [`MAX_LEVELS`].
pub(super) const TOO_DEEP: &str = "nested too deeply";

/// What stands in place of code that can change any name around it.
pub(super) const UNFOLLOWED: &str = "code that is not followed";

/// What stands in place of the key of a setter.
pub(super) const SETTER: &str = "setter";

/// Counts the levels between the root of the tree and the node that is being lowered.
#[derive(Debug, Default)]
pub(super) struct Depth(usize);

impl Depth {
    /// One level down, or `false` at the bottom. A successful call is paired with [`Depth::leave`].
    pub(super) fn enter(&mut self) -> bool {
        if self.0 >= MAX_LEVELS {
            return false;
        }
        self.0 += 1;
        true
    }

    /// One level up.
    pub(super) fn leave(&mut self) {
        self.0 -= 1;
    }
}

impl Expr {
    /// An expression at a place.
    pub(super) fn new(span: Span, kind: ExprKind) -> Expr {
        Expr { span, kind }
    }

    /// A read of a name.
    pub(super) fn name(span: Span, name: impl Into<Name>) -> Expr {
        Expr::new(span, ExprKind::Name(name.into()))
    }

    /// A literal text.
    pub(super) fn text(span: Span, text: &str) -> Expr {
        Expr::new(span, ExprKind::Text(Text::new(text)))
    }

    /// Something whose value is not followed.
    pub(super) fn opaque(span: Span, what: &'static str) -> Expr {
        Expr::new(span, ExprKind::Opaque(what))
    }

    /// `object.property`.
    pub(super) fn member(self, property: impl Into<Name>, property_span: Span) -> Expr {
        let span = self.span.to(property_span);
        let kind =
            ExprKind::Member { object: Box::new(self), property: property.into(), property_span, optional: false };
        Expr::new(span, kind)
    }

    /// `left op right` for an operator that may leave the right side out.
    pub(super) fn logical(span: Span, op: LogicalOp, left: Expr, right: Expr) -> Expr {
        Expr::new(span, ExprKind::Logical(op, Box::new(left), Box::new(right)))
    }

    /// `target = value`, `target op= value`.
    pub(super) fn assign(span: Span, target: Expr, op: Option<BinaryOp>, value: Expr) -> Expr {
        Expr::new(span, ExprKind::Assign { target: Box::new(target), op, value: Box::new(value) })
    }

    /// Whether it is a name, a literal, or a plain path of members: small enough to stand in the tree twice.
    /// Copying more than that would let nested sources grow without bound.
    pub(super) fn is_small(&self) -> bool {
        let mut expr = self;
        for _ in 0..8 {
            expr = match &expr.kind {
                ExprKind::Member { object, .. } => object,
                ExprKind::Index { object, index, .. } if index.is_leaf() => object,
                _ => return expr.is_leaf(),
            };
        }
        false
    }

    fn is_leaf(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Null
                | ExprKind::Undefined
                | ExprKind::Bool(_)
                | ExprKind::Number(_)
                | ExprKind::Text(_)
                | ExprKind::Name(_)
                | ExprKind::This
                | ExprKind::Opaque(_)
        )
    }
}

impl Argument {
    /// A plain positional argument.
    pub(super) fn plain(value: Expr) -> Argument {
        Argument { name: None, spread: Spread::No, value }
    }
}

/// A declaration of a name whose value is not followed, so that the name does not mean something further out.
pub(super) fn declare_opaque(name: Name, span: Span, what: &'static str) -> Statement {
    Statement::Declare {
        pattern: Pattern::Name(name, span),
        value: Some(Expr::opaque(span, what)),
        exported: false,
        span,
    }
}

/// A span inside `text` whose ends lie on character boundaries.
pub(super) fn on_characters(text: &str, start: usize, end: usize) -> Span {
    let start = text.floor_char_boundary(start);
    let end = text.ceil_char_boundary(end.max(start));
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

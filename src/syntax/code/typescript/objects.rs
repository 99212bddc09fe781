//! Object literals.

use super::expressions::{key_name, key_span};
use super::{Lowerer, place};
use crate::syntax::code::lower::SETTER;
use crate::syntax::code::tree::{Expr, ExprKind, Property};
use oxc_ast::ast;
use oxc_span::GetSpan;

impl Lowerer<'_> {
    /// The entries of an object in order. A setter stands as an entry whose key is not known: what is written to its key
    /// goes another way.
    pub(super) fn properties(&mut self, object: &ast::ObjectExpression<'_>) -> Vec<Property> {
        object.properties.iter().filter_map(|property| self.property(property)).collect()
    }

    fn property(&mut self, property: &ast::ObjectPropertyKind<'_>) -> Option<Property> {
        let property = match property {
            ast::ObjectPropertyKind::SpreadProperty(spread) => {
                return Some(Property::Spread(self.expr(&spread.argument)));
            }
            ast::ObjectPropertyKind::ObjectProperty(property) => property,
        };
        if property.kind == ast::PropertyKind::Set {
            let key = Expr::opaque(key_span(&property.key), SETTER);
            return Some(Property::Computed { key, value: self.expr(&property.value) });
        }
        let is_getter = property.kind == ast::PropertyKind::Get;
        let key_span = key_span(&property.key);
        let Some(key) = key_name(&property.key) else {
            let key = self.computed_key(&property.key);
            let value =
                if is_getter { Expr::opaque(place(property.span), "getter") } else { self.expr(&property.value) };
            return Some(Property::Computed { key, value });
        };
        if sets_prototype(property, &key) {
            // What the object inherits is read like its own keys, so its keys are not fully known.
            let key = Expr::opaque(key_span, "prototype");
            return Some(Property::Computed { key, value: self.expr(&property.value) });
        }
        let value = self.expr(&property.value);
        match value.kind {
            ExprKind::Function(function) if is_getter => Some(Property::Getter { key, key_span, function }),
            _ => Some(Property::Field { key, key_span, value }),
        }
    }

    /// The expression of a key that has to be evaluated.
    pub(super) fn computed_key(&mut self, key: &ast::PropertyKey<'_>) -> Expr {
        match key.as_expression() {
            Some(expression) => self.expr(expression),
            None => Expr::opaque(place(key.span()), "key"),
        }
    }
}

fn sets_prototype(property: &ast::ObjectProperty<'_>, key: &str) -> bool {
    key == "__proto__" && !property.computed && !property.shorthand && !property.method
}

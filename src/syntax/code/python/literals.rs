//! Strings, f-strings and numbers.

use super::{Lowerer, place};
use crate::syntax::code::tree::{Expr, ExprKind, TemplatePart};
use crate::text::Text;
use ruff_python_ast as ast;

impl Lowerer<'_> {
    /// An f-string with its parts in order; empty texts are left out.
    pub(super) fn f_string(&mut self, string: &ast::ExprFString) -> ExprKind {
        let mut parts = Vec::new();
        for part in string.value.iter() {
            match part {
                ast::FStringPart::Literal(literal) => push_text(&mut parts, &literal.value, literal.range),
                ast::FStringPart::FString(string) => {
                    for element in &string.elements {
                        self.element(element, &mut parts);
                    }
                }
            }
        }
        ExprKind::Template(parts)
    }

    fn element(&mut self, element: &ast::InterpolatedStringElement, parts: &mut Vec<TemplatePart>) {
        match element {
            ast::InterpolatedStringElement::Literal(literal) => push_text(parts, &literal.value, literal.range),
            ast::InterpolatedStringElement::Interpolation(inserted) => {
                parts.push(TemplatePart::Expr(if changes_the_text(inserted) {
                    Expr::opaque(place(inserted.range), "formatted value")
                } else {
                    self.expr(&inserted.expression)
                }))
            }
        }
    }
}

/// Whether `{x!r}`, `{x:>8}` or `{x=}` puts something else into the text than `x`.
fn changes_the_text(inserted: &ast::InterpolatedElement) -> bool {
    let converted = !matches!(inserted.conversion, ast::ConversionFlag::None | ast::ConversionFlag::Str);
    converted || inserted.debug_text.is_some() || inserted.format_spec.is_some()
}

fn push_text(parts: &mut Vec<TemplatePart>, text: &str, range: ruff_text_size::TextRange) {
    if !text.is_empty() {
        parts.push(TemplatePart::Text(Text::new(text), place(range)));
    }
}

/// A number; complex ones are not followed.
pub(super) fn number(literal: &ast::ExprNumberLiteral) -> ExprKind {
    match &literal.value {
        ast::Number::Int(int) => match int.as_i64() {
            // Settings are far below the 53 bits that an f64 holds exactly.
            Some(value) => ExprKind::Number(value as f64),
            None => int.to_string().parse().map_or(ExprKind::Opaque("large number"), ExprKind::Number),
        },
        ast::Number::Float(value) => ExprKind::Number(*value),
        ast::Number::Complex { .. } => ExprKind::Opaque("complex number"),
    }
}

/// Bytes as the text they spell.
pub(super) fn bytes(literal: &ast::ExprBytesLiteral) -> ExprKind {
    let bytes: Vec<u8> = literal.value.bytes().collect();
    String::from_utf8(bytes).map_or(ExprKind::Opaque("bytes"), |text| ExprKind::Text(Text::new(text)))
}

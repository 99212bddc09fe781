//! Functions, arrows and their parameters.

use super::{Lowerer, place};
use crate::syntax::code::tree::{Expr, ExprKind, Function, Param, Pattern, Spread, Statement};
use oxc_ast::ast;
use oxc_span::GetSpan;

/// The class that a written type names: `ConfigService`, `ConfigService<Env>`.
fn class_named(annotation: &ast::TSTypeAnnotation<'_>) -> Option<Expr> {
    let ast::TSType::TSTypeReference(reference) = &annotation.type_annotation else { return None };
    let ast::TSTypeName::IdentifierReference(name) = &reference.type_name else { return None };
    Some(Expr::new(place(name.span), ExprKind::Name(name.name.as_str().into())))
}

impl Lowerer<'_> {
    /// A function with a body, or a signature as a function without one.
    pub(super) fn function(&mut self, function: &ast::Function<'_>) -> Function {
        let (params, mut body) = self.params(&function.params);
        if let Some(written) = &function.body {
            self.own_names(|lowerer| lowerer.body(written, &mut body));
        }
        Function {
            name: function.id.as_ref().map(|id| id.name.as_str().into()),
            params,
            body,
            is_async: function.r#async,
            is_arrow: false,
            is_generator: function.generator,
            span: place(function.span),
        }
    }

    /// An arrow; its expression becomes one `return`.
    pub(super) fn arrow(&mut self, arrow: &ast::ArrowFunctionExpression<'_>) -> Function {
        let (params, mut body) = self.params(&arrow.params);
        match &arrow.body {
            ast::ArrowFunctionBody::FunctionBody(written) => {
                self.own_names(|lowerer| lowerer.body(written, &mut body));
            }
            expression => {
                let expression = expression.to_expression();
                let span = place(expression.span());
                body.push(Statement::Return { value: Some(self.expr(expression)), span });
            }
        }
        Function {
            name: None,
            params,
            body,
            is_async: arrow.r#async,
            is_arrow: true,
            is_generator: false,
            span: place(arrow.span),
        }
    }

    fn body(&mut self, body: &ast::FunctionBody<'_>, into: &mut Vec<Statement>) {
        self.directives(&body.directives, into);
        let from = into.len();
        self.statements(&body.statements, into);
        let hoisted = self.hoisted();
        into.splice(from..from, hoisted);
    }

    /// The parameters, and the declarations that a body must begin with because a pattern cannot say them.
    fn params(&mut self, params: &ast::FormalParameters<'_>) -> (Vec<Param>, Vec<Statement>) {
        let outer = std::mem::take(&mut self.strays);
        let mut lowered: Vec<Param> = params.items.iter().map(|param| self.param(param)).collect();
        if let Some(rest) = &params.rest {
            let decorators = self.decorators(&rest.decorators);
            let pattern = self.pattern(&rest.rest.argument);
            lowered.push(Param { pattern, default: None, spread: Spread::Items, decorators, annotation: None });
        }
        let strays = self.declare_strays().collect();
        self.strays = outer;
        (lowered, strays)
    }

    fn param(&mut self, param: &ast::FormalParameter<'_>) -> Param {
        let decorators = self.decorators(&param.decorators);
        let (pattern, inner): (Pattern, Option<Expr>) = self.with_default(&param.pattern);
        let default = param.initializer.as_ref().map(|value| self.expr(value)).or(inner);
        let annotation = param.type_annotation.as_deref().and_then(class_named);
        Param { pattern, default, spread: Spread::No, decorators, annotation }
    }

    /// The expressions of decorators in order.
    pub(super) fn decorators(&mut self, decorators: &[ast::Decorator<'_>]) -> Vec<Expr> {
        decorators.iter().map(|decorator| self.expr(&decorator.expression)).collect()
    }
}

//! Functions, lambdas and their parameters.

use super::{Lowerer, place};
use crate::syntax::code::tree::{Expr, Function, Name, Param, Pattern, Spread, Statement};
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// A `def` without its decorators.
    pub(super) fn function(&mut self, function: &ast::StmtFunctionDef) -> Function {
        let params = self.params(&function.parameters);
        let outer = std::mem::replace(&mut self.globals, globals_of(&function.body));
        let body = self.suite(&function.body);
        self.globals = outer;
        Function {
            name: Some(function.name.as_str().into()),
            params,
            body,
            is_async: function.is_async,
            span: place(function.range),
        }
    }

    /// A lambda; its expression becomes one `return`.
    pub(super) fn lambda(&mut self, lambda: &ast::ExprLambda) -> Function {
        let params = lambda.parameters.as_ref().map(|parameters| self.params(parameters)).unwrap_or_default();
        let span = place(lambda.body.range());
        let body = vec![Statement::Return { value: Some(self.expr(&lambda.body)), span }];
        Function { name: None, params, body, is_async: false, span: place(lambda.range) }
    }

    fn params(&mut self, parameters: &ast::Parameters) -> Vec<Param> {
        let mut params = Vec::with_capacity(parameters.len());
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            params.push(self.param(&parameter.parameter, parameter.default.as_deref(), Spread::No));
        }
        params.extend(parameters.vararg.iter().map(|rest| self.param(rest, None, Spread::Items)));
        for parameter in &parameters.kwonlyargs {
            params.push(self.param(&parameter.parameter, parameter.default.as_deref(), Spread::No));
        }
        params.extend(parameters.kwarg.iter().map(|rest| self.param(rest, None, Spread::Fields)));
        params
    }

    fn param(&mut self, parameter: &ast::Parameter, default: Option<&ast::Expr>, spread: Spread) -> Param {
        Param {
            pattern: Pattern::Name(parameter.name.as_str().into(), place(parameter.name.range)),
            default: default.map(|default| self.expr(default)),
            spread,
            decorators: Vec::new(),
            annotation: parameter.annotation.as_ref().map(|annotation| self.expr(annotation)),
        }
    }

    /// The expressions of decorators in order.
    pub(super) fn decorators(&mut self, decorators: &[ast::Decorator]) -> Vec<Expr> {
        decorators.iter().map(|decorator| self.expr(&decorator.expression)).collect()
    }
}

/// The names that the statements of a body declare `global` or `nonlocal`.
fn globals_of(body: &[ast::Stmt]) -> Vec<Name> {
    let mut names = Vec::new();
    for statement in body {
        match statement {
            ast::Stmt::Global(global) => names.extend(global.names.iter().map(|name| Name::from(name.as_str()))),
            ast::Stmt::Nonlocal(outer) => names.extend(outer.names.iter().map(|name| Name::from(name.as_str()))),
            _ => {}
        }
    }
    names
}

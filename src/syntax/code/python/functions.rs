//! Functions, lambdas and their parameters.

use super::{Lowerer, place};
use crate::syntax::code::tree::{Expr, Function, Name, Param, Pattern, Spread, Statement};
use ruff_python_ast as ast;
use ruff_python_ast::visitor::{self, Visitor};
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
            is_arrow: false,
            is_generator: yields(&function.body),
            span: place(function.range),
        }
    }

    /// A lambda; its expression becomes one `return`.
    pub(super) fn lambda(&mut self, lambda: &ast::ExprLambda) -> Function {
        let params = lambda.parameters.as_ref().map(|parameters| self.params(parameters)).unwrap_or_default();
        let returned = place(lambda.body.range());
        let body = vec![Statement::Return { value: Some(self.expr(&lambda.body)), span: returned }];
        let is_generator = Yields::default().in_expr(&lambda.body);
        let span = place(lambda.range);
        Function { name: None, params, body, is_async: false, is_arrow: true, is_generator, span }
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

/// Whether a body yields by itself, and not only a function inside it.
fn yields(body: &[ast::Stmt]) -> bool {
    let mut looked = Yields::default();
    body.iter().for_each(|statement| looked.visit_stmt(statement));
    looked.0
}

/// Looks for a `yield` of the function at hand.
#[derive(Default)]
struct Yields(bool);

impl Yields {
    fn in_expr(mut self, expr: &ast::Expr) -> bool {
        self.visit_expr(expr);
        self.0
    }
}

impl<'a> Visitor<'a> for Yields {
    fn visit_stmt(&mut self, statement: &'a ast::Stmt) {
        if !matches!(statement, ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        match expr {
            ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => self.0 = true,
            ast::Expr::Lambda(_) => {}
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// The names that the statements of a body declare `global` or `nonlocal`.
fn globals_of(body: &[ast::Stmt]) -> Vec<Name> {
    let mut looked = Globals::default();
    body.iter().for_each(|statement| looked.visit_stmt(statement));
    looked.0
}

/// Looks for the `global`s and `nonlocal`s of the function at hand.
#[derive(Default)]
struct Globals(Vec<Name>);

impl<'a> Visitor<'a> for Globals {
    fn visit_stmt(&mut self, statement: &'a ast::Stmt) {
        match statement {
            ast::Stmt::Global(global) => self.0.extend(global.names.iter().map(|name| Name::from(name.as_str()))),
            ast::Stmt::Nonlocal(outer) => self.0.extend(outer.names.iter().map(|name| Name::from(name.as_str()))),
            ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) => {}
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, _: &'a ast::Expr) {}
}

//! Statements.

use super::expressions::binary_op;
use super::{Lowerer, imports, place};
use crate::syntax::Span;
use crate::syntax::code::lower::declare_opaque;
use crate::syntax::code::tree::{Argument, Expr, ExprKind, Pattern, Statement, UnaryOp};
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// Statements in order.
    pub(super) fn suite(&mut self, suite: &[ast::Stmt]) -> Vec<Statement> {
        let mut body = Vec::with_capacity(suite.len());
        for statement in suite {
            let done = self.deeper(|lowerer| lowerer.statement(statement, &mut body));
            if done.is_none() {
                body.push(Statement::Opaque(place(statement.range())));
            }
        }
        body
    }

    fn statement(&mut self, statement: &ast::Stmt, into: &mut Vec<Statement>) {
        use ast::Stmt as S;
        let span = place(statement.range());
        let lowered = match statement {
            S::Assign(assign) => return self.assign(assign, into),
            S::AnnAssign(assign) => {
                let value = assign.value.as_ref().map(|value| self.expr(value));
                return self.assign_to(&assign.target, value, span, into);
            }
            S::AugAssign(assign) => {
                let target = self.expr(&assign.target);
                let value = self.expr(&assign.value);
                Statement::Expression(Expr::assign(span, target, Some(binary_op(assign.op)), value))
            }
            S::Expr(expression) => Statement::Expression(self.expr(&expression.value)),
            S::FunctionDef(function) => Statement::Function {
                name: function.name.as_str().into(),
                decorators: self.decorators(&function.decorator_list),
                function: self.function(function).into(),
                exported: false,
                is_default: false,
                span,
            },
            S::ClassDef(class) => {
                Statement::Class { class: self.class(class).into(), exported: false, is_default: false }
            }
            S::Import(import) => return imports::import(import, into),
            S::ImportFrom(import) => imports::import_from(import),
            S::Return(returned) => {
                Statement::Return { value: returned.value.as_ref().map(|value| self.expr(value)), span }
            }
            S::Raise(raised) => Statement::Throw { value: raised.exc.as_ref().map(|value| self.expr(value)), span },
            S::Assert(assert) => self.assert(assert),
            S::If(branch) => self.branch(branch),
            S::With(with) => self.with(with),
            S::For(repeated) => return self.for_loop(repeated, into),
            S::While(repeated) => return self.while_loop(repeated, into),
            S::Try(attempt) => self.attempt(attempt),
            S::Match(matching) => self.matching(matching),
            S::Break(_) | S::Continue(_) => Statement::Jump(span),
            S::Pass(_) | S::Delete(_) | S::Global(_) | S::Nonlocal(_) | S::TypeAlias(_) | S::IpyEscapeCommand(_) => {
                Statement::Opaque(span)
            }
        };
        into.push(lowered);
    }

    /// `a = b = value`: one target has the value, the others refer to it if it is a name.
    fn assign(&mut self, assign: &ast::StmtAssign, into: &mut Vec<Statement>) {
        let span = place(assign.range);
        let value = self.expr(&assign.value);
        let named = assign.targets.iter().position(ast::Expr::is_name_expr);
        let first = named.unwrap_or_default();
        let Some(target) = assign.targets.get(first) else { return };
        self.assign_to(target, Some(value), span, into);
        for (_, other) in assign.targets.iter().enumerate().filter(|(at, _)| *at != first) {
            let value = match named {
                Some(_) => self.expr(target),
                None => Expr::opaque(span, "value of a chained assignment"),
            };
            self.assign_to(other, Some(value), span, into);
        }
    }

    fn assign_to(&mut self, target: &ast::Expr, value: Option<Expr>, span: Span, into: &mut Vec<Statement>) {
        match target {
            ast::Expr::Name(name) if !self.globals.iter().any(|global| **global == *name.id.as_str()) => {
                let pattern = Pattern::Name(name.id.as_str().into(), place(name.range));
                into.push(Statement::Declare { pattern, value, exported: false, span });
            }
            ast::Expr::Tuple(_) | ast::Expr::List(_) => {
                let pattern = self.pattern(target);
                into.push(Statement::Declare { pattern, value, exported: false, span });
                into.extend(self.declare_strays());
            }
            other => {
                let target = self.expr(other);
                into.push(match value {
                    Some(value) => Statement::Expression(Expr::assign(span, target, None, value)),
                    None => Statement::Opaque(span),
                });
            }
        }
    }

    /// `assert test, message` as the `if` and `raise` that it is.
    fn assert(&mut self, assert: &ast::StmtAssert) -> Statement {
        let span = place(assert.range);
        let test = self.expr(&assert.test);
        let failed = Expr::new(test.span, ExprKind::Unary(UnaryOp::Not, Box::new(test)));
        let arguments = assert.msg.iter().map(|message| Argument::plain(self.expr(message))).collect();
        let callee = Box::new(Expr::name(span, "AssertionError"));
        let error = Expr::new(span, ExprKind::Call { callee, arguments, optional: false, is_new: false });
        let then = vec![Statement::Throw { value: Some(error), span }];
        Statement::If { test: failed, then, otherwise: Vec::new(), span }
    }

    /// `if` with its `elif`s nested in the other branch, as deep as the limit allows.
    fn branch(&mut self, branch: &ast::StmtIf) -> Statement {
        let test = self.expr(&branch.test);
        let then = self.suite(&branch.body);
        let otherwise = self.clauses(&branch.elif_else_clauses);
        Statement::If { test, then, otherwise, span: place(branch.range) }
    }

    fn clauses(&mut self, clauses: &[ast::ElifElseClause]) -> Vec<Statement> {
        let Some((clause, rest)) = clauses.split_first() else { return Vec::new() };
        let Some(test) = &clause.test else { return self.suite(&clause.body) };
        let span = place(clause.range);
        let nested = self.deeper(|lowerer| {
            let test = lowerer.expr(test);
            let then = lowerer.suite(&clause.body);
            Statement::If { test, then, otherwise: lowerer.clauses(rest), span }
        });
        vec![nested.unwrap_or(Statement::Opaque(span))]
    }

    fn with(&mut self, with: &ast::StmtWith) -> Statement {
        let mut body = Vec::new();
        for item in &with.items {
            let span = place(item.range);
            let value = self.expr(&item.context_expr);
            match &item.optional_vars {
                Some(target) => self.assign_to(target, Some(value), span, &mut body),
                None => body.push(Statement::Expression(value)),
            }
        }
        body.extend(self.suite(&with.body));
        Statement::Block(body)
    }

    fn for_loop(&mut self, repeated: &ast::StmtFor, into: &mut Vec<Statement>) {
        let over = Some(self.expr(&repeated.iter));
        let pattern = Some(self.pattern(&repeated.target));
        let mut body: Vec<Statement> = self.declare_strays().collect();
        body.extend(self.suite(&repeated.body));
        let span = place(repeated.range);
        into.push(Statement::Loop { pattern, over, body, span });
        self.after_loop(&repeated.orelse, span, into);
    }

    fn while_loop(&mut self, repeated: &ast::StmtWhile, into: &mut Vec<Statement>) {
        let over = Some(self.expr(&repeated.test));
        let span = place(repeated.range);
        into.push(Statement::Loop { pattern: None, over, body: self.suite(&repeated.body), span });
        self.after_loop(&repeated.orelse, span, into);
    }

    /// The `else` of a loop, which runs unless the loop was left by `break`.
    fn after_loop(&mut self, orelse: &[ast::Stmt], span: Span, into: &mut Vec<Statement>) {
        if orelse.is_empty() {
            return;
        }
        let test = Expr::opaque(span, "loop without break");
        into.push(Statement::If { test, then: self.suite(orelse), otherwise: Vec::new(), span });
    }

    /// `try`; its `else` runs on after the body.
    fn attempt(&mut self, attempt: &ast::StmtTry) -> Statement {
        let mut body = self.suite(&attempt.body);
        body.extend(self.suite(&attempt.orelse));
        let handler = |ast::ExceptHandler::ExceptHandler(handler): &ast::ExceptHandler| {
            let caught = handler.name.iter();
            let mut body: Vec<Statement> =
                caught.map(|name| declare_opaque(name.as_str().into(), place(name.range), "caught error")).collect();
            body.extend(self.suite(&handler.body));
            body
        };
        let handlers = attempt.handlers.iter().map(handler).collect();
        Statement::Try { body, handlers, finally: self.suite(&attempt.finalbody), span: place(attempt.range) }
    }
}

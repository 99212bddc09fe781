//! Statements.

use super::expressions::binary_op;
use super::{Lowerer, imports, place};
use crate::syntax::Span;
use crate::syntax::code::lower::{TOO_DEEP, declare_opaque};
use crate::syntax::code::tree::{Argument, Expr, ExprKind, Leaves, Name, Pattern, Statement, UnaryOp};
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// Statements in order.
    pub(super) fn suite(&mut self, suite: &[ast::Stmt]) -> Vec<Statement> {
        let mut body = Vec::with_capacity(suite.len());
        for statement in suite {
            let done = self.deeper(|lowerer| lowerer.statement(statement, &mut body));
            if done.is_none() {
                body.push(Statement::Expression(Expr::opaque(place(statement.range()), TOO_DEEP)));
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
            S::Break(_) => Statement::Break(Leaves::Nearest, span),
            S::Continue(_) => Statement::Jump(span),
            S::Delete(delete) => return self.delete(delete, into),
            S::Pass(_) | S::Global(_) | S::Nonlocal(_) | S::TypeAlias(_) | S::IpyEscapeCommand(_) => {
                Statement::Opaque(span)
            }
        };
        into.push(lowered);
    }

    /// `a = b = value`: one target has the value, the others refer to it if it is a name.
    fn assign(&mut self, assign: &ast::StmtAssign, into: &mut Vec<Statement>) {
        let span = place(assign.range);
        let value = self.expr(&assign.value);
        if let [target] = assign.targets.as_slice() {
            return self.assign_to(target, Some(value), span, into);
        }
        let is_own = |target: &ast::Expr| match target {
            ast::Expr::Name(name) => !self.globals.iter().any(|global| **global == *name.id.as_str()),
            _ => false,
        };
        let named = assign.targets.iter().position(is_own);
        let held = match named.and_then(|at| assign.targets.get(at)) {
            Some(target) => {
                self.assign_to(target, Some(value), span, into);
                self.expr(target)
            }
            None => {
                let held: Name = format!("%{}", span.start).into();
                let pattern = Pattern::Name(held.clone(), span);
                into.push(Statement::Declare { pattern, value: Some(value), exported: false, span });
                Expr::name(span, held)
            }
        };
        for (_, other) in assign.targets.iter().enumerate().filter(|(at, _)| Some(*at) != named) {
            self.assign_to(other, Some(held.clone()), span, into);
        }
    }

    fn assign_to(&mut self, target: &ast::Expr, value: Option<Expr>, span: Span, into: &mut Vec<Statement>) {
        match target {
            ast::Expr::Name(name) if !self.globals.iter().any(|global| **global == *name.id.as_str()) => {
                let pattern = Pattern::Name(name.id.as_str().into(), place(name.range));
                into.push(Statement::Declare { pattern, value, exported: false, span });
            }
            ast::Expr::Tuple(_) | ast::Expr::List(_) => {
                let (pattern, after) = self.targets(target);
                into.push(Statement::Declare { pattern, value, exported: false, span });
                into.extend(after);
            }
            ast::Expr::Subscript(subscript) if subscript.slice.is_slice_expr() => {
                self.assign_part(subscript, value, into);
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

    /// `del a, b[c]`, one by one.
    fn delete(&mut self, delete: &ast::StmtDelete, into: &mut Vec<Statement>) {
        for target in &delete.targets {
            match target {
                ast::Expr::Tuple(tuple) => tuple.elts.iter().for_each(|part| self.delete_one(part, into)),
                ast::Expr::List(list) => list.elts.iter().for_each(|part| self.delete_one(part, into)),
                ast::Expr::Subscript(subscript) if subscript.slice.is_slice_expr() => {
                    self.assign_part(subscript, None, into);
                }
                other => self.delete_one(other, into),
            }
        }
    }

    fn delete_one(&mut self, target: &ast::Expr, into: &mut Vec<Statement>) {
        let span = place(target.range());
        let target = Box::new(self.expr(target));
        into.push(Statement::Expression(Expr::new(span, ExprKind::Unary(UnaryOp::Delete, target))));
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
        let before = self.enter_prefix(with);
        let lowered = self.with_inside(with);
        self.leave_prefix(before);
        lowered
    }

    fn with_inside(&mut self, with: &ast::StmtWith) -> Statement {
        let mut body = Vec::new();
        for item in &with.items {
            let span = place(item.range);
            let value = self.expr(&item.context_expr);
            match &item.optional_vars {
                Some(target) => self.assign_to(target, Some(value), span, &mut body),
                None => body.push(Statement::Expression(value)),
            }
        }
        // `suppress(…)` goes on behind the block wherever something in it is raised.
        let is_suppressing = with.items.iter().any(|item| suppresses(&item.context_expr));
        match is_suppressing {
            true => {
                let (body_of_try, span) = (self.suite(&with.body), place(with.range));
                let handlers = vec![Vec::new()];
                body.push(Statement::Try { body: body_of_try, handlers, finally: Vec::new(), span });
            }
            false => body.extend(self.suite(&with.body)),
        }
        Statement::Block(body)
    }

    fn for_loop(&mut self, repeated: &ast::StmtFor, into: &mut Vec<Statement>) {
        let over = Some(self.expr(&repeated.iter));
        let (pattern, mut body) = self.targets(&repeated.target);
        body.extend(self.suite(&repeated.body));
        let span = place(repeated.range);
        into.push(Statement::Loop { pattern: Some(pattern), over, body, span });
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

fn suppresses(context: &ast::Expr) -> bool {
    let ast::Expr::Call(call) = context else { return false };
    match &*call.func {
        ast::Expr::Name(name) => &*name.id == "suppress",
        ast::Expr::Attribute(of) => &*of.attr == "suppress",
        _ => false,
    }
}

//! Statements.

use super::{Lowerer, common_js, place};
use crate::syntax::Span;
use crate::syntax::code::lower::{TOO_DEEP, UNFOLLOWED};
use crate::syntax::code::tree::{Argument, Expr, ExprKind, Leaves, Name, Pattern, Statement};
use oxc_ast::ast;
use oxc_span::GetSpan;

impl Lowerer<'_> {
    /// The whole file.
    pub(super) fn program(&mut self, program: &ast::Program<'_>) -> Vec<Statement> {
        let mut body = Vec::with_capacity(program.body.len());
        self.directives(&program.directives, &mut body);
        let start = body.len();
        for statement in &program.body {
            match statement {
                ast::Statement::ExpressionStatement(expression) => {
                    let lowered = self.expr(&expression.expression);
                    common_js::lower(lowered, &mut body);
                }
                ast::Statement::VariableDeclaration(variables) => {
                    let from = body.len();
                    self.variables(variables, false, &mut body);
                    export_declared(&mut body, from);
                }
                other => self.statement(other, &mut body),
            }
        }
        let hoisted = self.hoisted();
        body.splice(start..start, hoisted);
        body
    }

    /// `"use server"` and its like, as expressions.
    pub(super) fn directives(&mut self, directives: &[ast::Directive<'_>], into: &mut Vec<Statement>) {
        into.extend(directives.iter().map(|directive| {
            Statement::Expression(Expr::text(place(directive.expression.span), directive.expression.value.as_str()))
        }));
    }

    /// Statements in order.
    pub(super) fn statements(&mut self, statements: &[ast::Statement<'_>], into: &mut Vec<Statement>) {
        for statement in statements {
            self.statement(statement, into);
        }
    }

    fn block(&mut self, statements: &[ast::Statement<'_>]) -> Vec<Statement> {
        let mut body = Vec::with_capacity(statements.len());
        self.statements(statements, &mut body);
        body
    }

    /// The body of `if` and its like as a list, with or without braces.
    fn branch(&mut self, statement: &ast::Statement<'_>) -> Vec<Statement> {
        match statement {
            ast::Statement::BlockStatement(block) => self.block(&block.body),
            other => {
                let mut body = Vec::new();
                self.statement(other, &mut body);
                body
            }
        }
    }

    fn statement(&mut self, statement: &ast::Statement<'_>, into: &mut Vec<Statement>) {
        self.blocks += 1;
        let done = self.deeper(|lowerer| lowerer.shallow_statement(statement, into));
        self.blocks -= 1;
        if done.is_none() {
            into.push(Statement::Expression(Expr::opaque(place(statement.span()), TOO_DEEP)));
        }
    }

    fn shallow_statement(&mut self, statement: &ast::Statement<'_>, into: &mut Vec<Statement>) {
        use ast::Statement as S;
        let span = place(statement.span());
        let lowered = match statement {
            S::EmptyStatement(_) => return,
            S::ExpressionStatement(expression) => Statement::Expression(self.expr(&expression.expression)),
            S::BlockStatement(block) => Statement::Block(self.block(&block.body)),
            S::ReturnStatement(returned) => {
                Statement::Return { value: returned.argument.as_ref().map(|value| self.expr(value)), span }
            }
            S::ThrowStatement(thrown) => Statement::Throw { value: Some(self.expr(&thrown.argument)), span },
            S::IfStatement(branch) => Statement::If {
                test: self.expr(&branch.test),
                then: self.branch(&branch.consequent),
                otherwise: branch.alternate.as_ref().map(|other| self.branch(other)).unwrap_or_default(),
                span,
            },
            S::ForStatement(repeated) => self.for_loop(repeated),
            S::ForInStatement(repeated) => {
                let keys = keys_of(self.expr(&repeated.right));
                self.for_each(&repeated.left, keys, &repeated.body, span)
            }
            S::ForOfStatement(repeated) => {
                let over = self.expr(&repeated.right);
                self.for_each(&repeated.left, over, &repeated.body, span)
            }
            S::WhileStatement(repeated) => self.while_loop(&repeated.test, &repeated.body, span),
            S::DoWhileStatement(repeated) => self.while_loop(&repeated.test, &repeated.body, span),
            S::SwitchStatement(switch) => self.switch(switch),
            S::TryStatement(attempt) => self.attempt(attempt),
            S::LabeledStatement(labeled) => match self.jumps_to(labeled) {
                false => return self.statement(&labeled.body, into),
                true => {
                    let over = Some(Expr::opaque(place(labeled.label.span), "labelled block"));
                    Statement::Loop { pattern: None, over, body: self.branch(&labeled.body), span }
                }
            },
            S::BreakStatement(jump) if jump.label.is_none() => Statement::Break(Leaves::Nearest, span),
            S::ContinueStatement(jump) if jump.label.is_none() => Statement::Jump(span),
            S::BreakStatement(_) | S::ContinueStatement(_) => Statement::Break(Leaves::Labelled, span),
            S::DebuggerStatement(_) => Statement::Opaque(span),
            // Any name inside can be a key of the object.
            S::WithStatement(_) => Statement::Expression(Expr::opaque(span, UNFOLLOWED)),
            other => {
                if let Some(declaration) = other.as_declaration() {
                    self.declaration(declaration, false, into);
                } else if let Some(module) = other.as_module_declaration() {
                    self.module_statement(module, into);
                }
                return;
            }
        };
        into.push(lowered);
    }

    /// Whether something inside a labelled statement may jump to its label.
    fn jumps_to(&self, labeled: &ast::LabeledStatement<'_>) -> bool {
        let text = self.slice(labeled.body.span());
        ["break", "continue"].iter().any(|word| {
            let mut after = text.split(word).skip(1);
            after.any(|after| after.starts_with([' ', '\t']) && after.trim_start().starts_with(&*labeled.label.name))
        })
    }

    /// A declaration; what exists for the type checker alone is opaque.
    pub(super) fn declaration(
        &mut self,
        declaration: &ast::Declaration<'_>,
        exported: bool,
        into: &mut Vec<Statement>,
    ) {
        let span = place(declaration.span());
        match declaration {
            ast::Declaration::VariableDeclaration(variables) => self.variables(variables, exported, into),
            ast::Declaration::FunctionDeclaration(function) if function.body.is_some() => {
                let function = self.function(function);
                let name = function.name.clone().unwrap_or_else(|| "".into());
                let decorators = Vec::new();
                let function = function.into();
                into.push(Statement::Function { name, function, decorators, exported, is_default: false, span });
            }
            ast::Declaration::ClassDeclaration(class) if !class.declare => {
                into.push(Statement::Class { class: self.class(class).into(), exported, is_default: false });
            }
            ast::Declaration::TSEnumDeclaration(declared) if declared.r#const || !declared.declare => {
                let pattern = Pattern::Name(declared.id.name.as_str().into(), place(declared.id.span));
                into.push(Statement::Declare { pattern, value: Some(self.enumeration(declared)), exported, span });
            }
            ast::Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import, exported, into),
            _ => into.push(Statement::Opaque(span)),
        }
    }

    fn variables(&mut self, variables: &ast::VariableDeclaration<'_>, exported: bool, into: &mut Vec<Statement>) {
        if variables.declare {
            into.push(Statement::Opaque(place(variables.span)));
            return;
        }
        let is_hoisted = variables.kind.is_var() && self.blocks > 1;
        for variable in &variables.declarations {
            let value = variable.init.as_ref().map(|value| self.expr(value));
            let pattern = self.pattern(&variable.id);
            let span = place(variable.span);
            match value {
                None if is_hoisted => {
                    self.hoist(pattern, &mut Vec::new());
                }
                Some(value) if is_hoisted => {
                    let mut after = Vec::new();
                    let pattern = self.hoist(pattern, &mut after);
                    into.push(Statement::Declare { pattern, value: Some(value), exported, span });
                    into.extend(after);
                }
                value => into.push(Statement::Declare { pattern, value, exported, span }),
            }
            into.extend(self.declare_strays());
        }
    }

    /// `for (init; test; update)`: the start stands first in the body, the step last.
    fn for_loop(&mut self, repeated: &ast::ForStatement<'_>) -> Statement {
        self.blocks += 1;
        let mut body = Vec::new();
        match &repeated.init {
            Some(ast::ForStatementInit::VariableDeclaration(variables)) => self.variables(variables, false, &mut body),
            Some(expression) => body.push(Statement::Expression(self.expr(expression.to_expression()))),
            None => {}
        }
        let over = repeated.test.as_ref().map(|test| self.expr(test));
        body.extend(self.branch(&repeated.body));
        body.extend(repeated.update.as_ref().map(|update| Statement::Expression(self.expr(update))));
        self.blocks -= 1;
        Statement::Loop { pattern: None, over, body, span: place(repeated.span) }
    }

    fn for_each(
        &mut self,
        left: &ast::ForStatementLeft<'_>,
        over: Expr,
        repeated: &ast::Statement<'_>,
        span: Span,
    ) -> Statement {
        let mut body = Vec::new();
        let pattern = match left {
            ast::ForStatementLeft::VariableDeclaration(variables) => match variables.declarations.first() {
                Some(variable) => {
                    let pattern = self.pattern(&variable.id);
                    if variables.kind.is_var() { self.hoist(pattern, &mut body) } else { pattern }
                }
                None => Pattern::Other(place(variables.span)),
            },
            // A target that exists already: an assignment, not a declaration.
            other => {
                let span = place(other.span());
                let item: Name = format!("%{}", span.start).into();
                if let Some(target) = other.as_assignment_target() {
                    let target = self.target(target);
                    let value = Expr::name(span, item.clone());
                    body.push(Statement::Expression(Expr::assign(span, target, None, value)));
                }
                Pattern::Name(item, span)
            }
        };
        body.extend(self.declare_strays());
        body.extend(self.branch(repeated));
        Statement::Loop { pattern: Some(pattern), over: Some(over), body, span }
    }

    fn while_loop(&mut self, test: &ast::Expression<'_>, body: &ast::Statement<'_>, span: Span) -> Statement {
        let over = Some(self.expr(test));
        Statement::Loop { pattern: None, over, body: self.branch(body), span }
    }

    fn switch(&mut self, switch: &ast::SwitchStatement<'_>) -> Statement {
        let subject = self.expr(&switch.discriminant);
        let case = |case: &ast::SwitchCase<'_>| {
            let test = case.test.as_ref().map(|test| self.expr(test));
            (test, self.block(&case.consequent))
        };
        Statement::Switch { subject, cases: switch.cases.iter().map(case).collect(), span: place(switch.span) }
    }

    fn attempt(&mut self, attempt: &ast::TryStatement<'_>) -> Statement {
        let body = self.block(&attempt.block.body);
        let handlers = attempt.handler.iter().map(|handler| self.handler(handler)).collect();
        let finally = attempt.finalizer.as_ref().map(|block| self.block(&block.body)).unwrap_or_default();
        Statement::Try { body, handlers, finally, span: place(attempt.span) }
    }

    /// A `catch`, with its parameter declared first.
    fn handler(&mut self, handler: &ast::CatchClause<'_>) -> Vec<Statement> {
        let mut body = Vec::new();
        if let Some(caught) = &handler.param {
            let span = place(caught.span);
            let pattern = self.pattern(&caught.pattern);
            let value = Some(Expr::opaque(span, "caught error"));
            body.push(Statement::Declare { pattern, value, exported: false, span });
            body.extend(self.declare_strays());
        }
        self.statements(&handler.body.body, &mut body);
        body
    }
}

/// `for … in` goes over the keys: the same as `Object.keys(object)` for a plain object.
fn keys_of(object: Expr) -> Expr {
    let span = object.span;
    let callee = Box::new(Expr::name(span, "Object").member("keys", span));
    let arguments = vec![Argument::plain(object)];
    Expr::new(span, ExprKind::Call { callee, arguments, optional: false, is_new: false })
}

/// Adds the exports that `const x = module.exports = value` makes to the declarations from `from` on.
fn export_declared(body: &mut Vec<Statement>, from: usize) {
    for statement in body.split_off(from) {
        match statement {
            Statement::Declare { pattern: Pattern::Name(name, name_span), value: Some(value), exported, span } => {
                let (value, exports) = common_js::lower_declared(&name, name_span, value);
                let pattern = Pattern::Name(name, name_span);
                body.push(Statement::Declare { pattern, value: Some(value), exported, span });
                body.extend(exports);
            }
            other => body.push(other),
        }
    }
}

//! Walks every expression of a module, with the conditions under which it runs.

use super::tree::{Class, Expr, ExprKind, Function, Item, Pattern, Property, Statement, TemplatePart};
use std::sync::Arc;

/// A condition that decides whether an expression runs, and the answer it needs.
#[derive(Clone, Copy, Debug)]
pub struct Guard<'t> {
    /// The condition.
    pub test: &'t Expr,
    /// Whether it must hold, or must not.
    pub holds: bool,
}

/// One level of names around an expression.
#[derive(Clone, Copy, Debug)]
pub enum Around<'t> {
    /// A function, whose parameters are in scope.
    Function(&'t Function),
    /// A body, up to the statement that holds the expression.
    Body(&'t [Statement]),
    /// A loop that binds names for each item of something.
    Loop(&'t Pattern, &'t Expr),
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub struct Site<'t, 's> {
    /// The conditions under which it runs.
    pub guards: &'s [Guard<'t>],
    /// The scopes around it, the outermost first.
    pub around: &'s [Around<'t>],
    /// What it decorates, where it is a decorator.
    pub decorates: Option<Decorated<'t>>,
}

/// What a decorator stands before.
#[derive(Clone, Copy, Debug)]
pub enum Decorated<'t> {
    /// A class.
    Class(&'t Arc<Class>),
    /// A function or a method.
    Function(&'t Arc<Function>),
}

/// Calls `f` with each expression of some statements, outermost first, and the conditions it stands under.
pub fn visit<'t>(statements: &'t [Statement], f: &mut dyn FnMut(&'t Expr, &[Guard<'t>])) {
    visit_sites(statements, &mut |expr, site| f(expr, site.guards));
}

/// Calls `f` with each expression inside an expression, itself included.
pub fn visit_expr<'t>(expr: &'t Expr, f: &mut dyn FnMut(&'t Expr, &[Guard<'t>])) {
    Visitor { f: &mut |expr, site| f(expr, site.guards), guards: Vec::new(), around: Vec::new(), decorates: None }
        .expr(expr);
}

/// Calls `f` with each expression of some statements, outermost first, and where it stands.
pub fn visit_sites<'t>(statements: &'t [Statement], f: &mut dyn FnMut(&'t Expr, Site<'t, '_>)) {
    Visitor { f, guards: Vec::new(), around: Vec::new(), decorates: None }.statements(statements);
}

struct Visitor<'t, 'f> {
    f: &'f mut dyn FnMut(&'t Expr, Site<'t, '_>),
    guards: Vec<Guard<'t>>,
    around: Vec<Around<'t>>,
    decorates: Option<Decorated<'t>>,
}

impl<'t> Visitor<'t, '_> {
    fn statements(&mut self, statements: &'t [Statement]) {
        let depth = self.guards.len();
        self.around.push(Around::Body(&[]));
        for (index, statement) in statements.iter().enumerate() {
            if let Some(around) = self.around.last_mut() {
                *around = Around::Body(&statements[..index]);
            }
            self.statement(statement);
            // `if (dev) return;`: what follows runs only where it did not.
            if let Statement::If { test, then, otherwise, .. } = statement {
                if ends(then) {
                    self.guards.push(Guard { test, holds: false });
                } else if ends(otherwise) {
                    self.guards.push(Guard { test, holds: true });
                }
            }
        }
        self.guards.truncate(depth);
        self.around.pop();
    }

    fn under(&mut self, test: &'t Expr, holds: bool, inner: impl FnOnce(&mut Self)) {
        self.guards.push(Guard { test, holds });
        inner(self);
        self.guards.pop();
    }

    fn statement(&mut self, statement: &'t Statement) {
        match statement {
            Statement::Declare { value, .. } | Statement::Return { value, .. } | Statement::Throw { value, .. } => {
                value.iter().for_each(|value| self.expr(value));
            }
            Statement::Function { function, decorators, .. } => {
                for decorator in decorators {
                    self.decorates = Some(Decorated::Function(function));
                    self.expr(decorator);
                }
                self.function(function);
            }
            Statement::Class { class, .. } => self.class(class),
            Statement::ExportDefault { value, .. } | Statement::Expression(value) => self.expr(value),
            Statement::If { test, then, otherwise, .. } => {
                self.expr(test);
                self.under(test, true, |visitor| visitor.statements(then));
                self.under(test, false, |visitor| visitor.statements(otherwise));
            }
            Statement::Block(body) => self.statements(body),
            Statement::Loop { pattern, over, body, .. } => {
                over.iter().for_each(|over| self.expr(over));
                let around = pattern.as_ref().zip(over.as_ref()).map(|(pattern, over)| Around::Loop(pattern, over));
                let depth = self.around.len();
                self.around.extend(around);
                self.statements(body);
                self.around.truncate(depth);
            }
            Statement::Try { body, handlers, finally, .. } => {
                self.statements(body);
                handlers.iter().for_each(|handler| self.statements(handler));
                self.statements(finally);
            }
            Statement::Switch { subject, cases, .. } => {
                self.expr(subject);
                for (test, body) in cases {
                    test.iter().for_each(|test| self.expr(test));
                    self.statements(body);
                }
            }
            Statement::Import(_)
            | Statement::Export(_)
            | Statement::Jump(_)
            | Statement::Break(..)
            | Statement::Opaque(_) => {}
        }
    }

    fn function(&mut self, function: &'t Function) {
        for param in &function.params {
            param.default.iter().chain(&param.decorators).for_each(|expr| self.expr(expr));
        }
        self.around.push(Around::Function(function));
        self.statements(&function.body);
        self.around.pop();
    }

    fn class(&mut self, class: &'t Arc<Class>) {
        class.bases.iter().for_each(|expr| self.expr(expr));
        for decorator in &class.decorators {
            self.decorates = Some(Decorated::Class(class));
            self.expr(decorator);
        }
        class.keywords.iter().for_each(|argument| self.expr(&argument.value));
        for member in &class.members {
            member.value.iter().for_each(|value| self.expr(value));
            for decorator in &member.decorators {
                self.decorates = member.value.as_ref().and_then(|value| match &value.kind {
                    ExprKind::Function(function) => Some(Decorated::Function(function)),
                    _ => None,
                });
                self.expr(decorator);
            }
        }
        class.blocks.iter().for_each(|(_, block)| self.function(block));
    }

    fn expr(&mut self, expr: &'t Expr) {
        let decorates = self.decorates.take();
        (self.f)(expr, Site { guards: &self.guards, around: &self.around, decorates });
        match &expr.kind {
            ExprKind::Template(parts) => parts.iter().for_each(|part| {
                if let TemplatePart::Expr(expr) = part {
                    self.expr(expr);
                }
            }),
            ExprKind::List(items) => items.iter().for_each(|item| match item {
                Item::One(expr) | Item::Spread(expr) => self.expr(expr),
            }),
            ExprKind::Object(properties) => properties.iter().for_each(|property| match property {
                Property::Field { value, .. } | Property::Spread(value) => self.expr(value),
                Property::Computed { key, value } => {
                    self.expr(key);
                    self.expr(value);
                }
                Property::Getter { function, .. } => self.function(function),
            }),
            ExprKind::Member { object, .. } => self.expr(object),
            ExprKind::Index { object, index, .. } => {
                self.expr(object);
                self.expr(index);
            }
            ExprKind::Call { callee, arguments, .. } => {
                self.expr(callee);
                arguments.iter().for_each(|argument| self.expr(&argument.value));
            }
            ExprKind::Function(function) => self.function(function),
            ExprKind::Class(class) => self.class(class),
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Logical(op, left, right) => {
                self.expr(left);
                match op {
                    super::tree::LogicalOp::And => self.under(left, true, |visitor| visitor.expr(right)),
                    super::tree::LogicalOp::Or => self.under(left, false, |visitor| visitor.expr(right)),
                    super::tree::LogicalOp::Coalesce => self.expr(right),
                }
            }
            ExprKind::Conditional { test, yes, no } => {
                self.expr(test);
                self.under(test, true, |visitor| visitor.expr(yes));
                self.under(test, false, |visitor| visitor.expr(no));
            }
            ExprKind::Assign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            ExprKind::Sequence(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Comprehension { item, over, tests, .. } => {
                self.expr(over);
                tests.iter().for_each(|test| self.expr(test));
                self.expr(item);
            }
            ExprKind::Null
            | ExprKind::Undefined
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Regex { .. }
            | ExprKind::Name(_)
            | ExprKind::This
            | ExprKind::ImportCall(_)
            | ExprKind::Opaque(_) => {}
        }
    }
}

/// Whether a body always leaves.
fn ends(body: &[Statement]) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Return { .. } | Statement::Throw { .. } | Statement::Jump(_) | Statement::Break(..) => true,
        Statement::Block(inner) => ends(inner),
        _ => false,
    })
}

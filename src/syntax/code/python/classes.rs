//! Classes.

use super::{Lowerer, place};
use crate::syntax::Span;
use crate::syntax::code::tree::{Class, Expr, ExprKind, Member, Name};
use crate::text::Text;
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// A class with its fields, methods and nested classes. A field that is set under a condition has an unknown
    /// value; setters are left out.
    pub(super) fn class(&mut self, class: &ast::StmtClassDef) -> Class {
        let mut bases = Vec::new();
        let mut keywords = Vec::new();
        if let Some(arguments) = &class.arguments {
            bases = self.exprs(&arguments.args);
            keywords = arguments.keywords.iter().map(|keyword| self.keyword(keyword)).collect();
        }
        let decorators = self.decorators(&class.decorator_list);
        let mut members = Vec::new();
        self.members(&class.body, &mut members);
        let name = Some(class.name.as_str().into());
        let is_open = class.body.iter().any(is_followed_by_no_member);
        let span = place(class.range);
        Class { name, bases, keywords, decorators, members, blocks: Vec::new(), is_open, span }
    }

    fn members(&mut self, body: &[ast::Stmt], members: &mut Vec<Member>) {
        for statement in body {
            match statement {
                ast::Stmt::AnnAssign(field) => members.extend(self.annotated_field(field)),
                ast::Stmt::Assign(field) => self.fields(field, members),
                ast::Stmt::AugAssign(field) => members.extend(unknown_field(&field.target, "changed field")),
                ast::Stmt::FunctionDef(method) => members.extend(self.method(method)),
                ast::Stmt::ClassDef(class) => members.push(self.nested_class(class)),
                other => conditional_fields(other, members),
            }
        }
    }

    fn annotated_field(&mut self, field: &ast::StmtAnnAssign) -> Option<Member> {
        let (name, span) = plain_name(&field.target)?;
        let annotation = Some(Text::new(self.slice(field.annotation.range())));
        Some(Member { annotation, ..member(name, span, field.value.as_ref().map(|value| self.expr(value))) })
    }

    /// `a = b = value`: the first name has the value, the others refer to it.
    fn fields(&mut self, field: &ast::StmtAssign, members: &mut Vec<Member>) {
        let mut value = Some(self.expr(&field.value));
        let mut first: Option<Name> = None;
        for target in &field.targets {
            let Some((name, span)) = plain_name(target) else {
                conditional_fields_of(target, members);
                continue;
            };
            let value = value.take().or_else(|| first.clone().map(|first| Expr::name(span, first)));
            first.get_or_insert_with(|| name.clone());
            members.push(member(name, span, value));
        }
    }

    fn method(&mut self, method: &ast::StmtFunctionDef) -> Option<Member> {
        let decorators = self.decorators(&method.decorator_list);
        if decorators.iter().any(|decorator| matches!(last_name(decorator), Some("setter" | "deleter"))) {
            return None;
        }
        let marked = |names: &[&str]| decorators.iter().filter_map(last_name).any(|name| names.contains(&name));
        let is_getter = marked(&["property", "cached_property"]);
        let is_static = marked(&["staticmethod", "classmethod"]);
        let annotation = method.returns.as_ref().map(|returns| Text::new(self.slice(returns.range())));
        let function = self.function(method);
        let span = function.span;
        let value = Some(Expr::new(span, ExprKind::Function(function.into())));
        let base = member(method.name.as_str().into(), place(method.name.range), value);
        Some(Member { annotation, decorators, is_static, is_getter, ..base })
    }

    fn nested_class(&mut self, class: &ast::StmtClassDef) -> Member {
        let span = place(class.range);
        let kind = self.deeper(|lowerer| ExprKind::Class(lowerer.class(class).into()));
        let value = Expr::new(span, kind.unwrap_or(ExprKind::Opaque(crate::syntax::code::lower::TOO_DEEP)));
        member(class.name.as_str().into(), place(class.name.range), Some(value))
    }
}

fn member(name: Name, name_span: Span, value: Option<Expr>) -> Member {
    Member { name, name_span, value, annotation: None, decorators: Vec::new(), is_static: false, is_getter: false }
}

fn plain_name(target: &ast::Expr) -> Option<(Name, Span)> {
    match target {
        ast::Expr::Name(name) => Some((name.id.as_str().into(), place(name.range))),
        _ => None,
    }
}

fn unknown_field(target: &ast::Expr, why: &'static str) -> Option<Member> {
    let (name, span) = plain_name(target)?;
    Some(member(name, span, Some(Expr::opaque(span, why))))
}

/// The name of a decorator, or the last part of a dotted one: `functools.cached_property`, `x.setter`.
fn last_name(decorator: &Expr) -> Option<&str> {
    match &decorator.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Member { property, .. } => Some(property),
        _ => None,
    }
}

/// Whether a statement of a class body does more than bind a member.
fn is_followed_by_no_member(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::AnnAssign(_) | ast::Stmt::AugAssign(_) | ast::Stmt::ClassDef(_) | ast::Stmt::Pass(_) => false,
        ast::Stmt::FunctionDef(method) => method.decorator_list.iter().any(|decorator| {
            matches!(&decorator.expression, ast::Expr::Attribute(of) if matches!(&*of.attr, "setter" | "deleter"))
        }),
        ast::Stmt::Assign(assign) => assign.targets.iter().any(|target| plain_name(target).is_none()),
        // A docstring, `...`.
        ast::Stmt::Expr(expr) => !expr.value.is_literal_expr(),
        _ => true,
    }
}

/// The fields that a compound statement in a class body may set.
fn conditional_fields(statement: &ast::Stmt, members: &mut Vec<Member>) {
    let bodies: Vec<&[ast::Stmt]> = match statement {
        ast::Stmt::If(branch) => {
            let others = branch.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*branch.body).chain(others).collect()
        }
        ast::Stmt::For(repeated) => vec![&repeated.body],
        ast::Stmt::While(repeated) => vec![&repeated.body],
        ast::Stmt::With(with) => vec![&with.body],
        ast::Stmt::Try(attempt) => {
            let handlers = attempt.handlers.iter().map(|ast::ExceptHandler::ExceptHandler(handler)| &*handler.body);
            handlers.chain([&*attempt.body, &*attempt.orelse, &*attempt.finalbody]).collect()
        }
        _ => return,
    };
    for statement in bodies.into_iter().flatten() {
        match statement {
            ast::Stmt::Assign(field) => field.targets.iter().for_each(|target| conditional_fields_of(target, members)),
            ast::Stmt::AnnAssign(field) => members.extend(unknown_field(&field.target, "conditional field")),
            ast::Stmt::FunctionDef(method) => {
                let span = place(method.name.range);
                let value = Some(Expr::opaque(span, "conditional field"));
                members.push(member(method.name.as_str().into(), span, value));
            }
            other => conditional_fields(other, members),
        }
    }
}

fn conditional_fields_of(target: &ast::Expr, members: &mut Vec<Member>) {
    match target {
        ast::Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| conditional_fields_of(element, members)),
        ast::Expr::List(list) => list.elts.iter().for_each(|element| conditional_fields_of(element, members)),
        ast::Expr::Starred(starred) => conditional_fields_of(&starred.value, members),
        other => members.extend(unknown_field(other, "conditional field")),
    }
}

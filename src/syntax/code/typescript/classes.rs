//! Classes and enums.

use super::expressions::{key_name, key_span};
use super::{Lowerer, place};
use crate::syntax::code::tree::{Class, Expr, ExprKind, Member, Name, Property};
use crate::text::Text;
use oxc_ast::ast;
use oxc_span::GetSpan;

impl Lowerer<'_> {
    /// A class with its fields, methods and getters. Setters, signatures without a body, static blocks and members
    /// with a computed name are left out.
    pub(super) fn class(&mut self, class: &ast::Class<'_>) -> Class {
        let decorators = self.decorators(&class.decorators);
        let span = class.decorators.iter().fold(place(class.span), |span, decorator| span.to(place(decorator.span)));
        Class {
            name: class.id.as_ref().map(|id| id.name.as_str().into()),
            bases: class.heritage.iter().map(|heritage| self.expr(&heritage.expression)).collect(),
            keywords: Vec::new(),
            decorators,
            members: class.body.body.iter().filter_map(|element| self.member(element)).collect(),
            span,
        }
    }

    fn member(&mut self, element: &ast::ClassElement<'_>) -> Option<Member> {
        match element {
            ast::ClassElement::MethodDefinition(method) => self.method(method),
            ast::ClassElement::PropertyDefinition(field) => Some(Member {
                name: key_name(&field.key)?,
                name_span: key_span(&field.key),
                value: field.value.as_ref().map(|value| self.expr(value)),
                annotation: self.annotation(field.type_annotation.as_deref()),
                decorators: self.decorators(&field.decorators),
                is_static: field.r#static,
                is_getter: false,
            }),
            ast::ClassElement::AccessorProperty(field) => Some(Member {
                name: key_name(&field.key)?,
                name_span: key_span(&field.key),
                value: field.value.as_ref().map(|value| self.expr(value)),
                annotation: self.annotation(field.type_annotation.as_deref()),
                decorators: self.decorators(&field.decorators),
                is_static: field.r#static,
                is_getter: false,
            }),
            ast::ClassElement::StaticBlock(_) | ast::ClassElement::TSIndexSignature(_) => None,
        }
    }

    fn method(&mut self, method: &ast::MethodDefinition<'_>) -> Option<Member> {
        if method.value.body.is_none() || method.kind == ast::MethodDefinitionKind::Set {
            return None;
        }
        let name = key_name(&method.key)?;
        let decorators = self.decorators(&method.decorators);
        let annotation = self.annotation(method.value.return_type.as_deref());
        let mut function = self.function(&method.value);
        function.name.get_or_insert_with(|| name.clone());
        function.span = place(method.span);
        Some(Member {
            name,
            name_span: key_span(&method.key),
            value: Some(Expr::new(place(method.span), ExprKind::Function(function.into()))),
            annotation,
            decorators,
            is_static: method.r#static,
            is_getter: method.kind == ast::MethodDefinitionKind::Get,
        })
    }

    fn annotation(&self, annotation: Option<&ast::TSTypeAnnotation<'_>>) -> Option<Text> {
        annotation.map(|annotation| Text::new(self.slice(annotation.type_annotation.span())))
    }

    /// An enum as the object it is at run time, without the reverse mapping of numbers.
    pub(super) fn enumeration(&mut self, declared: &ast::TSEnumDeclaration<'_>) -> Expr {
        let mut next = Some(0.0);
        let mut properties = Vec::with_capacity(declared.body.members.len());
        for member in &declared.body.members {
            let key_span = place(member.id.span());
            let value = match (&member.initializer, next) {
                (Some(value), _) => self.expr(value),
                (None, Some(number)) => Expr::new(key_span, ExprKind::Number(number)),
                (None, None) => Expr::opaque(key_span, "computed enum member"),
            };
            next = match value.kind {
                ExprKind::Number(number) => Some(number + 1.0),
                _ => None,
            };
            properties.push(Property::Field { key: enum_key(&member.id), key_span, value });
        }
        Expr::new(place(declared.span), ExprKind::Object(properties))
    }
}

fn enum_key(name: &ast::TSEnumMemberName<'_>) -> Name {
    match name {
        ast::TSEnumMemberName::Identifier(name) => name.name.as_str().into(),
        ast::TSEnumMemberName::String(text) | ast::TSEnumMemberName::ComputedString(text) => text.value.as_str().into(),
        ast::TSEnumMemberName::ComputedTemplateString(template) => {
            template.single_quasi().map_or_else(|| "".into(), |text| text.as_str().into())
        }
    }
}

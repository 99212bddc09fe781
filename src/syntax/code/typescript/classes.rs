//! Classes and enums.

use super::expressions::{key_name, key_span};
use super::{Lowerer, place};
use crate::syntax::code::tree::{Class, Expr, ExprKind, Function, Member, Name, Property};
use crate::text::Text;
use oxc_ast::ast;
use oxc_span::GetSpan;

impl Lowerer<'_> {
    /// A class with its fields, methods, getters and static blocks. Signatures without a body are left out; setters and
    /// members with a computed name are, too, and the class says so.
    pub(super) fn class(&mut self, class: &ast::Class<'_>) -> Class {
        let decorators = self.decorators(&class.decorators);
        let span = class.decorators.iter().fold(place(class.span), |span, decorator| span.to(place(decorator.span)));
        let mut members = Vec::with_capacity(class.body.body.len());
        let mut blocks = Vec::new();
        let mut is_open = false;
        for element in &class.body.body {
            if let ast::ClassElement::StaticBlock(block) = element {
                blocks.push((members.len(), self.static_block(block).into()));
                continue;
            }
            let member = self.member(element);
            is_open |= member.is_none() && is_left_out(element);
            if let (None, ast::ClassElement::MethodDefinition(method)) = (&member, element)
                && method.value.body.is_some()
            {
                // Its name is not kept, what it does is.
                blocks.push((members.len(), self.function(&method.value).into()));
            }
            members.extend(member);
        }
        Class {
            name: class.id.as_ref().map(|id| id.name.as_str().into()),
            bases: class.heritage.iter().map(|heritage| self.expr(&heritage.expression)).collect(),
            keywords: Vec::new(),
            decorators,
            members,
            blocks,
            is_open,
            span,
        }
    }

    fn static_block(&mut self, block: &ast::StaticBlock<'_>) -> Function {
        let mut body = Vec::new();
        self.own_names(|lowerer| {
            lowerer.statements(&block.body, &mut body);
            let hoisted = lowerer.hoisted();
            body.splice(0..0, hoisted);
        });
        let span = place(block.span);
        Function { name: None, params: Vec::new(), body, is_async: false, is_arrow: false, is_generator: false, span }
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

/// Whether an element without a member can still be seen at run time.
fn is_left_out(element: &ast::ClassElement<'_>) -> bool {
    match element {
        ast::ClassElement::MethodDefinition(method) => method.value.body.is_some(),
        ast::ClassElement::TSIndexSignature(_) => false,
        _ => true,
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

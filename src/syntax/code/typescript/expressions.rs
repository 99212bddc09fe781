//! Expressions.

use super::{Lowerer, place};
use crate::syntax::Span;
use crate::syntax::code::lower::TOO_DEEP;
use crate::syntax::code::tree::{
    Argument, BinaryOp, Expr, ExprKind, Item, LogicalOp, Name, Spread, TemplatePart, UnaryOp,
};
use crate::text::Text;
use oxc_ast::ast;
use oxc_span::GetSpan;
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator, UpdateOperator};

impl Lowerer<'_> {
    /// One expression, without the parentheses, casts and chain marks around it.
    pub(super) fn expr(&mut self, expression: &ast::Expression<'_>) -> Expr {
        let bare = strip(expression);
        let span = place(bare.span());
        let kind = self.deeper(|lowerer| lowerer.kind(bare)).unwrap_or(ExprKind::Opaque(TOO_DEEP));
        Expr { span, kind }
    }

    fn boxed(&mut self, expression: &ast::Expression<'_>) -> Box<Expr> {
        Box::new(self.expr(expression))
    }

    fn kind(&mut self, expression: &ast::Expression<'_>) -> ExprKind {
        use ast::Expression as E;
        match expression {
            E::BooleanLiteral(literal) => ExprKind::Bool(literal.value),
            E::NullLiteral(_) => ExprKind::Null,
            E::NumericLiteral(literal) => ExprKind::Number(literal.value),
            E::BigIntLiteral(literal) => literal.value.parse().map_or(ExprKind::Opaque("bigint"), ExprKind::Number),
            E::StringLiteral(literal) => ExprKind::Text(Text::new(literal.value.as_str())),
            E::RegExpLiteral(literal) => ExprKind::Regex {
                pattern: Text::new(literal.regex.pattern.text.as_str()),
                flags: literal.regex.flags.to_string().into(),
            },
            E::TemplateLiteral(template) => match template.single_quasi() {
                Some(text) => ExprKind::Text(Text::new(text.as_str())),
                None => self.template(template),
            },
            E::Identifier(name) => identifier(&name.name),
            E::ThisExpression(_) => ExprKind::This,
            E::ImportMeta(_) => ExprKind::Name("import.meta".into()),
            E::ArrayExpression(array) => self.array(array),
            E::ObjectExpression(object) => ExprKind::Object(self.properties(object)),
            E::ArrowFunctionExpression(arrow) => ExprKind::Function(self.arrow(arrow).into()),
            E::FunctionExpression(function) => ExprKind::Function(self.function(function).into()),
            E::ClassExpression(class) => ExprKind::Class(self.class(class).into()),
            E::CallExpression(call) => self.call(call),
            E::NewExpression(call) => ExprKind::Call {
                callee: self.boxed(&call.callee),
                arguments: self.arguments(&call.arguments),
                optional: false,
                is_new: true,
            },
            E::TaggedTemplateExpression(tagged) => self.tagged(tagged),
            E::ImportExpression(import) => match literal_text(&import.source) {
                Some(module) => ExprKind::ImportCall(module.into()),
                None => self.unfollowed([&import.source], "import of a computed path"),
            },
            E::ChainExpression(chain) => self.chain(chain),
            E::StaticMemberExpression(member) => self.static_member(member),
            E::ComputedMemberExpression(member) => self.computed_member(member),
            E::PrivateFieldExpression(member) => self.private_member(member),
            E::UnaryExpression(unary) => self.unary(unary),
            E::AwaitExpression(awaited) => ExprKind::Unary(UnaryOp::Await, self.boxed(&awaited.argument)),
            E::UpdateExpression(update) => self.update(update),
            E::BinaryExpression(binary) => {
                let op = binary_op(binary.operator);
                ExprKind::Binary(op, self.boxed(&binary.left), self.boxed(&binary.right))
            }
            E::LogicalExpression(logical) => {
                let op = logical_op(logical.operator);
                ExprKind::Logical(op, self.boxed(&logical.left), self.boxed(&logical.right))
            }
            E::ConditionalExpression(conditional) => ExprKind::Conditional {
                test: self.boxed(&conditional.test),
                yes: self.boxed(&conditional.consequent),
                no: self.boxed(&conditional.alternate),
            },
            E::AssignmentExpression(assignment) => self.assignment(assignment),
            E::SequenceExpression(sequence) => {
                ExprKind::Sequence(sequence.expressions.iter().map(|part| self.expr(part)).collect())
            }
            E::JSXElement(_) | E::JSXFragment(_) => ExprKind::Opaque("JSX"),
            E::YieldExpression(given) => self.unfollowed(given.argument.iter(), "yield"),
            E::Super(_) => ExprKind::Opaque("super"),
            E::NewTarget(_) => ExprKind::Opaque("new.target"),
            E::PrivateInExpression(_) => ExprKind::Opaque("private field test"),
            E::V8IntrinsicExpression(_) => ExprKind::Opaque("intrinsic"),
            // `strip` has taken these off.
            E::ParenthesizedExpression(_)
            | E::TSAsExpression(_)
            | E::TSSatisfiesExpression(_)
            | E::TSTypeAssertion(_)
            | E::TSNonNullExpression(_)
            | E::TSInstantiationExpression(_) => ExprKind::Opaque("cast"),
        }
    }

    /// Something whose value is not followed, made of expressions that are.
    fn unfollowed<'e, 'a: 'e>(
        &mut self,
        parts: impl IntoIterator<Item = &'e ast::Expression<'a>>,
        what: &'static str,
    ) -> ExprKind {
        let mut parts: Vec<Expr> = parts.into_iter().map(|part| self.expr(part)).collect();
        let Some(last) = parts.last() else { return ExprKind::Opaque(what) };
        parts.push(Expr::opaque(last.span, what));
        ExprKind::Sequence(parts)
    }

    fn array(&mut self, array: &ast::ArrayExpression<'_>) -> ExprKind {
        use ast::ArrayExpressionElement as Element;
        let item = |element: &ast::ArrayExpressionElement<'_>| match element {
            Element::SpreadElement(spread) => Item::Spread(self.expr(&spread.argument)),
            Element::Elision(hole) => Item::One(Expr::new(place(hole.span), ExprKind::Undefined)),
            other => Item::One(self.expr(other.to_expression())),
        };
        ExprKind::List(array.elements.iter().map(item).collect())
    }

    /// A template with its parts in order; empty texts are left out.
    pub(super) fn template(&mut self, template: &ast::TemplateLiteral<'_>) -> ExprKind {
        let mut parts = Vec::with_capacity(template.quasis.len() + template.expressions.len());
        let mut expressions = template.expressions.iter();
        for quasi in &template.quasis {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw).as_str();
            if !text.is_empty() {
                parts.push(TemplatePart::Text(Text::new(text), place(quasi.span)));
            }
            if let Some(expression) = expressions.next() {
                parts.push(TemplatePart::Expr(self.expr(expression)));
            }
        }
        ExprKind::Template(parts)
    }

    fn tagged(&mut self, tagged: &ast::TaggedTemplateExpression<'_>) -> ExprKind {
        let callee = self.boxed(&tagged.tag);
        let template = self.template(&tagged.quasi);
        let argument = Argument::plain(Expr::new(place(tagged.quasi.span), template));
        ExprKind::Call { callee, arguments: vec![argument], optional: false, is_new: false }
    }

    fn call(&mut self, call: &ast::CallExpression<'_>) -> ExprKind {
        if let Some(module) = required_module(call) {
            return ExprKind::ImportCall(module);
        }
        ExprKind::Call {
            callee: self.boxed(&call.callee),
            arguments: self.arguments(&call.arguments),
            optional: call.optional,
            is_new: false,
        }
    }

    fn arguments(&mut self, arguments: &[ast::Argument<'_>]) -> Vec<Argument> {
        let argument = |argument: &ast::Argument<'_>| match argument {
            ast::Argument::SpreadElement(spread) => {
                Argument { name: None, spread: Spread::Items, value: self.expr(&spread.argument) }
            }
            other => Argument::plain(self.expr(other.to_expression())),
        };
        arguments.iter().map(argument).collect()
    }

    fn chain(&mut self, chain: &ast::ChainExpression<'_>) -> ExprKind {
        use ast::ChainElement as Element;
        match &chain.expression {
            Element::CallExpression(call) => self.call(call),
            Element::TSNonNullExpression(inner) => self.expr(&inner.expression).kind,
            Element::StaticMemberExpression(member) => self.static_member(member),
            Element::ComputedMemberExpression(member) => self.computed_member(member),
            Element::PrivateFieldExpression(member) => self.private_member(member),
        }
    }

    /// `a.b`.
    pub(super) fn static_member(&mut self, member: &ast::StaticMemberExpression<'_>) -> ExprKind {
        ExprKind::Member {
            object: self.boxed(&member.object),
            property: member.property.name.as_str().into(),
            property_span: place(member.property.span),
            optional: member.optional,
        }
    }

    /// `a[b]`.
    pub(super) fn computed_member(&mut self, member: &ast::ComputedMemberExpression<'_>) -> ExprKind {
        let object = self.boxed(&member.object);
        ExprKind::Index { object, index: self.boxed(&member.expression), optional: member.optional }
    }

    /// `a.#b`, with the mark in the name.
    pub(super) fn private_member(&mut self, member: &ast::PrivateFieldExpression<'_>) -> ExprKind {
        ExprKind::Member {
            object: self.boxed(&member.object),
            property: format!("#{}", member.field.name).into(),
            property_span: place(member.field.span),
            optional: member.optional,
        }
    }

    fn unary(&mut self, unary: &ast::UnaryExpression<'_>) -> ExprKind {
        let op = match unary.operator {
            UnaryOperator::UnaryPlus => UnaryOp::Plus,
            UnaryOperator::UnaryNegation => UnaryOp::Minus,
            UnaryOperator::LogicalNot => UnaryOp::Not,
            UnaryOperator::Typeof => UnaryOp::TypeOf,
            UnaryOperator::Void if strip(&unary.argument).is_literal() => return ExprKind::Undefined,
            UnaryOperator::Void => UnaryOp::Void,
            UnaryOperator::Delete => UnaryOp::Delete,
            UnaryOperator::BitwiseNot => UnaryOp::BitNot,
        };
        ExprKind::Unary(op, self.boxed(&unary.argument))
    }

    /// `a++` as `a += 1`, so that whoever looks for assignments finds it.
    fn update(&mut self, update: &ast::UpdateExpression<'_>) -> ExprKind {
        let op = match update.operator {
            UpdateOperator::Increment => BinaryOp::Add,
            UpdateOperator::Decrement => BinaryOp::Subtract,
        };
        let target = self.simple_target(&update.argument);
        let one = Expr::new(place(update.span), ExprKind::Number(1.0));
        ExprKind::Assign { target: Box::new(target), op: Some(op), value: Box::new(one) }
    }

    fn assignment(&mut self, assignment: &ast::AssignmentExpression<'_>) -> ExprKind {
        let span = place(assignment.span);
        let target = self.target(&assignment.left);
        let value = self.expr(&assignment.right);
        let Some(op) = assignment.operator.to_logical_operator() else {
            let op = assignment.operator.to_binary_operator().map(binary_op);
            return Expr::assign(span, target, op, value).kind;
        };
        if !target.is_small() {
            return Expr::assign(span, target, Some(BinaryOp::Other), value).kind;
        }
        let value = Expr::logical(span, logical_op(op), target.clone(), value);
        Expr::assign(span, target, None, value).kind
    }
}

/// The expression inside parentheses, casts, `!` and type arguments.
fn strip<'e, 'a>(expression: &'e ast::Expression<'a>) -> &'e ast::Expression<'a> {
    expression.get_inner_expression()
}

fn identifier(name: &str) -> ExprKind {
    match name {
        "undefined" => ExprKind::Undefined,
        "Infinity" => ExprKind::Number(f64::INFINITY),
        _ => ExprKind::Name(name.into()),
    }
}

/// The text of a string literal, or of a template without insertions.
fn literal_text<'a>(expression: &ast::Expression<'a>) -> Option<&'a str> {
    match strip(expression) {
        ast::Expression::StringLiteral(literal) => Some(literal.value.as_str()),
        ast::Expression::TemplateLiteral(template) => template.single_quasi().map(|text| text.as_str()),
        _ => None,
    }
}

/// The module of `require("m")`.
fn required_module(call: &ast::CallExpression<'_>) -> Option<Name> {
    let ast::Expression::Identifier(callee) = strip(&call.callee) else { return None };
    let [argument] = call.arguments.as_slice() else { return None };
    if callee.name.as_str() != "require" {
        return None;
    }
    literal_text(argument.as_expression()?).map(Name::from)
}

fn binary_op(operator: BinaryOperator) -> BinaryOp {
    match operator {
        BinaryOperator::Equality => BinaryOp::LooseEqual,
        BinaryOperator::Inequality => BinaryOp::LooseNotEqual,
        BinaryOperator::StrictEquality => BinaryOp::Equal,
        BinaryOperator::StrictInequality => BinaryOp::NotEqual,
        BinaryOperator::LessThan => BinaryOp::Less,
        BinaryOperator::LessEqualThan => BinaryOp::LessEqual,
        BinaryOperator::GreaterThan => BinaryOp::Greater,
        BinaryOperator::GreaterEqualThan => BinaryOp::GreaterEqual,
        BinaryOperator::Addition => BinaryOp::Add,
        BinaryOperator::Subtraction => BinaryOp::Subtract,
        BinaryOperator::Multiplication => BinaryOp::Multiply,
        BinaryOperator::Division => BinaryOp::Divide,
        BinaryOperator::Remainder => BinaryOp::Remainder,
        BinaryOperator::Exponential => BinaryOp::Power,
        BinaryOperator::ShiftLeft => BinaryOp::ShiftLeft,
        BinaryOperator::BitwiseOR => BinaryOp::Or,
        BinaryOperator::In => BinaryOp::In,
        BinaryOperator::ShiftRight
        | BinaryOperator::ShiftRightZeroFill
        | BinaryOperator::BitwiseXOR
        | BinaryOperator::BitwiseAnd => BinaryOp::Other,
        BinaryOperator::Instanceof => BinaryOp::InstanceOf,
    }
}

fn logical_op(operator: LogicalOperator) -> LogicalOp {
    match operator {
        LogicalOperator::And => LogicalOp::And,
        LogicalOperator::Or => LogicalOp::Or,
        LogicalOperator::Coalesce => LogicalOp::Coalesce,
    }
}

/// The span of a whole key, quotes included.
pub(super) fn key_span(key: &ast::PropertyKey<'_>) -> Span {
    place(key.span())
}

/// The name of a key that is known without evaluation.
pub(super) fn key_name(key: &ast::PropertyKey<'_>) -> Option<Name> {
    if let ast::PropertyKey::PrivateIdentifier(private) = key {
        return Some(format!("#{}", private.name).into());
    }
    key.static_name().map(|name| name.as_ref().into())
}

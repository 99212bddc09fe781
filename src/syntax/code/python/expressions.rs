//! Expressions.

use super::literals::{bytes, number};
use super::{Lowerer, place};
use crate::syntax::Span;
use crate::syntax::code::lower::{TOO_DEEP, UNFOLLOWED};
use crate::syntax::code::tree::{Argument, BinaryOp, Expr, ExprKind, Item, LogicalOp, Property, Spread, UnaryOp};
use crate::text::Text;
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// One expression.
    pub(super) fn expr(&mut self, expression: &ast::Expr) -> Expr {
        let span = place(expression.range());
        let kind = self.deeper(|lowerer| lowerer.kind(expression)).unwrap_or(ExprKind::Opaque(TOO_DEEP));
        Expr { span, kind }
    }

    fn boxed(&mut self, expression: &ast::Expr) -> Box<Expr> {
        Box::new(self.expr(expression))
    }

    fn kind(&mut self, expression: &ast::Expr) -> ExprKind {
        use ast::Expr as E;
        match expression {
            E::NoneLiteral(_) => ExprKind::Null,
            E::BooleanLiteral(literal) => ExprKind::Bool(literal.value),
            E::NumberLiteral(literal) => number(literal),
            E::StringLiteral(literal) => ExprKind::Text(Text::new(literal.value.to_str())),
            E::BytesLiteral(literal) => bytes(literal),
            E::FString(string) => self.f_string(string),
            E::Name(name) => ExprKind::Name(name.id.as_str().into()),
            E::List(list) => ExprKind::List(self.items(&list.elts)),
            E::Tuple(tuple) => ExprKind::List(self.items(&tuple.elts)),
            E::Set(set) => ExprKind::List(once_each(self.items(&set.elts))),
            E::Dict(dict) => ExprKind::Object(dict.items.iter().map(|item| self.dict_item(item)).collect()),
            E::Attribute(attribute) => ExprKind::Member {
                object: self.boxed(&attribute.value),
                property: attribute.attr.as_str().into(),
                property_span: place(attribute.attr.range),
                optional: false,
            },
            E::Subscript(subscript) if subscript.slice.is_slice_expr() => self.part(subscript),
            E::Subscript(subscript) => {
                let object = self.boxed(&subscript.value);
                ExprKind::Index { object, index: self.boxed(&subscript.slice), optional: false }
            }
            E::Call(call) => ExprKind::Call {
                callee: self.boxed(&call.func),
                arguments: self.prefixed_arguments(call),
                optional: false,
                is_new: false,
            },
            E::Lambda(lambda) => ExprKind::Function(self.lambda(lambda).into()),
            E::UnaryOp(unary) => ExprKind::Unary(unary_op(unary.op), self.boxed(&unary.operand)),
            E::Await(awaited) => ExprKind::Unary(UnaryOp::Await, self.boxed(&awaited.value)),
            E::BinOp(binary) => {
                let left = self.boxed(&binary.left);
                ExprKind::Binary(binary_op(binary.op), left, self.boxed(&binary.right))
            }
            E::BoolOp(bool_op) => self.bool_op(bool_op),
            E::Compare(compare) => self.compare(compare),
            E::If(conditional) => ExprKind::Conditional {
                test: self.boxed(&conditional.test),
                yes: self.boxed(&conditional.body),
                no: self.boxed(&conditional.orelse),
            },
            E::Named(named) => {
                let target = self.boxed(&named.target);
                ExprKind::Assign { target, op: None, value: self.boxed(&named.value) }
            }
            E::ListComp(list) => self.comprehension(&list.elt, &list.generators),
            E::SetComp(set) => self.comprehension(&set.elt, &set.generators),
            E::Generator(generator) => self.comprehension(&generator.elt, &generator.generators),
            E::DictComp(dict) => match &dict.key {
                Some(key) => self.dict_comprehension(key, &dict.value, &dict.generators, place(dict.range)),
                None => ExprKind::Opaque(UNFOLLOWED),
            },
            E::Slice(slice) => self.unfollowed(slice.lower.iter().chain(&slice.upper).chain(&slice.step), "slice"),
            E::Yield(given) => self.unfollowed(given.value.iter(), "yield"),
            E::YieldFrom(given) => self.unfollowed([&given.value], "yield"),
            E::Starred(starred) => self.unfollowed([&starred.value], "starred"),
            E::EllipsisLiteral(_) => ExprKind::Opaque("..."),
            E::TString(_) => ExprKind::Opaque("t-string"),
            E::IpyEscapeCommand(_) => ExprKind::Opaque("shell command"),
        }
    }

    fn items(&mut self, elements: &[ast::Expr]) -> Vec<Item> {
        let item = |element: &ast::Expr| match element {
            ast::Expr::Starred(starred) => Item::Spread(self.expr(&starred.value)),
            other => Item::One(self.expr(other)),
        };
        elements.iter().map(item).collect()
    }

    fn dict_item(&mut self, item: &ast::DictItem) -> Property {
        let Some(key) = &item.key else { return Property::Spread(self.expr(&item.value)) };
        match key {
            ast::Expr::StringLiteral(literal) => Property::Field {
                key: literal.value.to_str().into(),
                key_span: place(literal.range),
                value: self.expr(&item.value),
            },
            other => Property::Computed { key: self.expr(other), value: self.expr(&item.value) },
        }
    }

    /// Positional arguments, then keywords.
    pub(super) fn arguments(&mut self, arguments: &ast::Arguments) -> Vec<Argument> {
        let mut lowered: Vec<Argument> = Vec::with_capacity(arguments.args.len() + arguments.keywords.len());
        for argument in &arguments.args {
            lowered.push(match argument {
                ast::Expr::Starred(starred) => {
                    Argument { name: None, spread: Spread::Items, value: self.expr(&starred.value) }
                }
                other => Argument::plain(self.expr(other)),
            });
        }
        lowered.extend(arguments.keywords.iter().map(|keyword| self.keyword(keyword)));
        lowered
    }

    /// `name=value`, `**value`.
    pub(super) fn keyword(&mut self, keyword: &ast::Keyword) -> Argument {
        let value = self.expr(&keyword.value);
        match &keyword.arg {
            Some(name) => {
                let name = (name.as_str().into(), place(name.range));
                Argument { name: Some(name), spread: Spread::No, value }
            }
            None => Argument { name: None, spread: Spread::Fields, value },
        }
    }

    fn bool_op(&mut self, bool_op: &ast::ExprBoolOp) -> ExprKind {
        let op = match bool_op.op {
            ast::BoolOp::And => LogicalOp::And,
            ast::BoolOp::Or => LogicalOp::Or,
        };
        self.joined(bool_op.values.len(), op, |lowerer| lowerer.exprs(&bool_op.values))
    }

    /// `a < b < c` is `a < b and b < c`, where `b` is evaluated once; that is the same for a plain `b`, and only
    /// a small one is put into the tree twice.
    fn compare(&mut self, compare: &ast::ExprCompare) -> ExprKind {
        if let ([op], [right]) = (&*compare.ops, &*compare.comparators) {
            let left = self.boxed(&compare.left);
            return ExprKind::Binary(comparison(*op), left, self.boxed(right));
        }
        let links = |lowerer: &mut Self| {
            let mut left = lowerer.expr(&compare.left);
            let mut links = Vec::with_capacity(compare.ops.len());
            for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                let right = lowerer.expr(right);
                let again =
                    if right.is_small() { right.clone() } else { Expr::opaque(right.span, "chained comparison") };
                let span = left.span.to(right.span);
                links.push(Expr::new(span, ExprKind::Binary(comparison(*op), Box::new(left), Box::new(right))));
                left = again;
            }
            links
        };
        self.joined(compare.ops.len(), LogicalOp::And, links)
    }

    /// `a op b op c …`, as a tree that is only as deep as it must be: any grouping gives the same value.
    fn joined(&mut self, count: usize, op: LogicalOp, parts: impl FnOnce(&mut Self) -> Vec<Expr>) -> ExprKind {
        let levels = count.next_power_of_two().ilog2();
        let entered = (0..levels).take_while(|_| self.depth.enter()).count();
        let kind = match entered == levels as usize {
            true => join(op, parts(self)).map_or(ExprKind::Opaque("nothing"), |joined| joined.kind),
            false => ExprKind::Opaque(TOO_DEEP),
        };
        (0..entered).for_each(|_| self.depth.leave());
        kind
    }

    fn comprehension(&mut self, item: &ast::Expr, generators: &[ast::Comprehension]) -> ExprKind {
        let Some((generator, inner)) = generators.split_first() else { return ExprKind::Opaque(UNFOLLOWED) };
        let pattern = self.pattern(&generator.target);
        if !self.assigned.is_empty() || !self.strays.is_empty() {
            self.assigned.clear();
            self.strays.clear();
            return ExprKind::Opaque(UNFOLLOWED);
        }
        let over = self.boxed(&generator.iter);
        let tests = self.exprs(&generator.ifs);
        if inner.is_empty() {
            return ExprKind::Comprehension { item: self.boxed(item), pattern, over, tests };
        }
        // What it does is followed, what it gives is not.
        let span = place(item.range());
        let inner = self.deeper(|lowerer| lowerer.comprehension(item, inner));
        let item = Box::new(Expr::new(span, inner.unwrap_or(ExprKind::Opaque(TOO_DEEP))));
        let all = ExprKind::Comprehension { item, pattern, over, tests };
        ExprKind::Sequence(vec![Expr::new(span, all), Expr::opaque(span, "nested comprehension")])
    }
}

impl Lowerer<'_> {
    /// `{key: value for …}` as `dict([key, value] for …)`.
    fn dict_comprehension(
        &mut self,
        key: &ast::Expr,
        value: &ast::Expr,
        generators: &[ast::Comprehension],
        span: Span,
    ) -> ExprKind {
        let mut pairs = self.comprehension(key, generators);
        let ExprKind::Comprehension { item, .. } = &mut pairs else {
            // The value stands in no loop of its own here.
            return ExprKind::Opaque(UNFOLLOWED);
        };
        let key = std::mem::replace(&mut **item, Expr::new(span, ExprKind::Null));
        let value = self.expr(value);
        **item = Expr::new(span, ExprKind::List(vec![Item::One(key), Item::One(value)]));
        let callee = Box::new(Expr::name(span, "dict"));
        let arguments = vec![Argument::plain(Expr::new(span, pairs))];
        ExprKind::Call { callee, arguments, optional: false, is_new: false }
    }

    /// Something whose value is not followed, made of expressions that are.
    fn unfollowed<'e, E: std::ops::Deref<Target = ast::Expr> + 'e>(
        &mut self,
        parts: impl IntoIterator<Item = &'e E>,
        what: &'static str,
    ) -> ExprKind {
        let mut parts: Vec<Expr> = parts.into_iter().map(|part| self.expr(part)).collect();
        let Some(last) = parts.last() else { return ExprKind::Opaque(what) };
        parts.push(Expr::opaque(last.span, what));
        ExprKind::Sequence(parts)
    }
}

fn join(op: LogicalOp, mut parts: Vec<Expr>) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let right = parts.split_off(parts.len().div_ceil(2));
    let (left, right) = (join(op, parts)?, join(op, right)?);
    let span: Span = left.span.to(right.span);
    Some(Expr::logical(span, op, left, right))
}

fn unary_op(op: ast::UnaryOp) -> UnaryOp {
    match op {
        ast::UnaryOp::Not => UnaryOp::Not,
        ast::UnaryOp::USub => UnaryOp::Minus,
        ast::UnaryOp::UAdd => UnaryOp::Plus,
        ast::UnaryOp::Invert => UnaryOp::BitNot,
    }
}

/// A binary operator, also of `op=`.
pub(super) fn binary_op(op: ast::Operator) -> BinaryOp {
    match op {
        ast::Operator::Add => BinaryOp::Add,
        ast::Operator::Sub => BinaryOp::Subtract,
        ast::Operator::Mult => BinaryOp::Multiply,
        ast::Operator::Div => BinaryOp::Divide,
        ast::Operator::FloorDiv => BinaryOp::FloorDivide,
        ast::Operator::Mod => BinaryOp::Remainder,
        ast::Operator::Pow => BinaryOp::Power,
        ast::Operator::LShift => BinaryOp::ShiftLeft,
        ast::Operator::BitOr => BinaryOp::Or,
        ast::Operator::MatMult | ast::Operator::RShift | ast::Operator::BitXor | ast::Operator::BitAnd => {
            BinaryOp::Other
        }
    }
}

fn comparison(op: ast::CmpOp) -> BinaryOp {
    match op {
        ast::CmpOp::Eq => BinaryOp::Equal,
        ast::CmpOp::NotEq => BinaryOp::NotEqual,
        ast::CmpOp::Lt => BinaryOp::Less,
        ast::CmpOp::LtE => BinaryOp::LessEqual,
        ast::CmpOp::Gt => BinaryOp::Greater,
        ast::CmpOp::GtE => BinaryOp::GreaterEqual,
        ast::CmpOp::Is => BinaryOp::Is,
        ast::CmpOp::IsNot => BinaryOp::IsNot,
        ast::CmpOp::In => BinaryOp::In,
        ast::CmpOp::NotIn => BinaryOp::NotIn,
    }
}

/// The items of a set, each literal once.
fn once_each(items: Vec<Item>) -> Vec<Item> {
    let same = |one: &Item, other: &Item| match (one, other) {
        (Item::One(one), Item::One(other)) => match (&one.kind, &other.kind) {
            (ExprKind::Text(one), ExprKind::Text(other)) => one == other,
            (ExprKind::Number(one), ExprKind::Number(other)) => one == other,
            _ => false,
        },
        _ => false,
    };
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        if !kept.iter().take(MOST_COMPARED).any(|other| same(other, &item)) {
            kept.push(item);
        }
    }
    kept
}

/// An item of a set is compared with so many others.
const MOST_COMPARED: usize = 256;

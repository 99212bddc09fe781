//! Binding patterns, and the targets of assignments.

use super::expressions::{key_name, key_span};
use super::{Lowerer, place};
use crate::syntax::Span;
use crate::syntax::code::lower::declare_opaque;
use crate::syntax::code::tree::{Expr, ExprKind, Item, Name, Pattern, PatternField, Property, Statement};
use oxc_ast::ast;
use oxc_span::GetSpan;

impl Lowerer<'_> {
    /// What a declaration or parameter binds. Names that [`Pattern`] has no room for become strays.
    pub(super) fn pattern(&mut self, pattern: &ast::BindingPattern<'_>) -> Pattern {
        let span = place(pattern.span());
        self.deeper(|lowerer| lowerer.shallow_pattern(pattern)).unwrap_or(Pattern::Other(span))
    }

    fn shallow_pattern(&mut self, pattern: &ast::BindingPattern<'_>) -> Pattern {
        match pattern {
            ast::BindingPattern::BindingIdentifier(name) => Pattern::Name(name.name.as_str().into(), place(name.span)),
            ast::BindingPattern::ObjectPattern(object) => Pattern::Object {
                fields: object.properties.iter().filter_map(|property| self.pattern_field(property)).collect(),
                rest: object.rest.as_ref().and_then(|rest| self.rest(rest)),
                span: place(object.span),
            },
            ast::BindingPattern::ArrayPattern(array) => {
                let item = |element: &Option<ast::BindingPattern<'_>>| element.as_ref().map(|e| self.with_default(e));
                Pattern::List {
                    items: array.elements.iter().map(item).collect(),
                    rest: array.rest.as_ref().and_then(|rest| self.rest(rest)),
                    span: place(array.span),
                }
            }
            ast::BindingPattern::AssignmentPattern(assignment) => self.pattern(&assignment.left),
        }
    }

    fn pattern_field(&mut self, property: &ast::BindingProperty<'_>) -> Option<PatternField> {
        let Some(key) = key_name(&property.key) else {
            let pattern = self.with_default(&property.value).0;
            self.stray(&pattern);
            return None;
        };
        let (pattern, default) = self.with_default(&property.value);
        Some(PatternField { key, key_span: key_span(&property.key), pattern, default })
    }

    /// A pattern and its `= default`.
    pub(super) fn with_default(&mut self, pattern: &ast::BindingPattern<'_>) -> (Pattern, Option<Expr>) {
        match pattern {
            ast::BindingPattern::AssignmentPattern(assignment) => {
                (self.pattern(&assignment.left), Some(self.expr(&assignment.right)))
            }
            other => (self.pattern(other), None),
        }
    }

    fn rest(&mut self, rest: &ast::BindingRestElement<'_>) -> Option<Name> {
        match self.pattern(&rest.argument) {
            Pattern::Name(name, _) => Some(name),
            other => {
                self.stray(&other);
                None
            }
        }
    }

    /// Notes every name of a pattern that is left out of the tree.
    fn stray(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Name(name, span) => self.strays.push((name.clone(), *span)),
            Pattern::Object { fields, rest, span } => {
                fields.iter().for_each(|field| self.stray(&field.pattern));
                self.strays.extend(rest.iter().map(|name| (name.clone(), *span)));
            }
            Pattern::List { items, rest, span } => {
                items.iter().flatten().for_each(|(item, _)| self.stray(item));
                self.strays.extend(rest.iter().map(|name| (name.clone(), *span)));
            }
            Pattern::Other(_) => {}
        }
    }

    /// Declares the names of a pattern for all of the function, and gives the pattern with names of its own, whose values
    /// are assigned to the declared ones after it.
    pub(super) fn hoist(&mut self, pattern: Pattern, into: &mut Vec<Statement>) -> Pattern {
        let mut own = |name: Name, span: Span| -> Name {
            let own: Name = format!("%{}{name}", span.start).into();
            let value = Expr::name(span, own.clone());
            into.push(Statement::Expression(Expr::assign(span, Expr::name(span, name.clone()), None, value)));
            self.hoisted.push((name, span));
            own
        };
        renamed(pattern, &mut own)
    }

    /// Declarations of the strays so far: without them the names would mean something further out.
    pub(super) fn declare_strays(&mut self) -> impl Iterator<Item = Statement> + use<> {
        std::mem::take(&mut self.strays).into_iter().map(|(name, span)| declare_opaque(name, span, "computed binding"))
    }

    /// What is assigned to, in the shape of the expression it is written as.
    pub(super) fn target(&mut self, target: &ast::AssignmentTarget<'_>) -> Expr {
        let span = place(target.span());
        self.deeper(|lowerer| lowerer.shallow_target(target)).unwrap_or_else(|| Expr::opaque(span, "target"))
    }

    fn shallow_target(&mut self, target: &ast::AssignmentTarget<'_>) -> Expr {
        match target {
            ast::AssignmentTarget::ArrayAssignmentTarget(array) => self.list_target(array),
            ast::AssignmentTarget::ObjectAssignmentTarget(object) => self.object_target(object),
            other => match other.as_simple_assignment_target() {
                Some(simple) => self.simple_target(simple),
                None => Expr::opaque(place(other.span()), "target"),
            },
        }
    }

    /// A name or a member that is assigned to.
    pub(super) fn simple_target(&mut self, target: &ast::SimpleAssignmentTarget<'_>) -> Expr {
        use ast::SimpleAssignmentTarget as Target;
        match target {
            Target::AssignmentTargetIdentifier(name) => Expr::name(place(name.span), name.name.as_str()),
            Target::TSAsExpression(cast) => self.expr(&cast.expression),
            Target::TSSatisfiesExpression(cast) => self.expr(&cast.expression),
            Target::TSNonNullExpression(cast) => self.expr(&cast.expression),
            Target::TSTypeAssertion(cast) => self.expr(&cast.expression),
            Target::StaticMemberExpression(member) => {
                let kind = self.static_member(member);
                Expr::new(place(member.span), kind)
            }
            Target::ComputedMemberExpression(member) => {
                let kind = self.computed_member(member);
                Expr::new(place(member.span), kind)
            }
            Target::PrivateFieldExpression(member) => {
                let kind = self.private_member(member);
                Expr::new(place(member.span), kind)
            }
        }
    }

    fn list_target(&mut self, array: &ast::ArrayAssignmentTarget<'_>) -> Expr {
        let span = place(array.span);
        let mut items: Vec<Item> = Vec::with_capacity(array.elements.len());
        for element in &array.elements {
            items.push(Item::One(match element {
                Some(element) => self.target_with_default(element),
                None => Expr::new(span, ExprKind::Undefined),
            }));
        }
        if let Some(rest) = &array.rest {
            items.push(Item::Spread(self.target(&rest.target)));
        }
        Expr::new(span, ExprKind::List(items))
    }

    fn object_target(&mut self, object: &ast::ObjectAssignmentTarget<'_>) -> Expr {
        let mut properties: Vec<Property> = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            properties.push(match property {
                ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) => self.short_target(short),
                ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(long) => {
                    let value = self.target_with_default(&long.binding);
                    match key_name(&long.name) {
                        Some(key) => Property::Field { key, key_span: key_span(&long.name), value },
                        None => Property::Computed { key: self.computed_key(&long.name), value },
                    }
                }
            });
        }
        if let Some(rest) = &object.rest {
            properties.push(Property::Spread(self.target(&rest.target)));
        }
        Expr::new(place(object.span), ExprKind::Object(properties))
    }

    fn short_target(&mut self, short: &ast::AssignmentTargetPropertyIdentifier<'_>) -> Property {
        let key_span = place(short.binding.span);
        let key: Name = short.binding.name.as_str().into();
        let name = Expr::name(key_span, key.clone());
        let value = match &short.init {
            Some(default) => Expr::assign(place(short.span), name, None, self.expr(default)),
            None => name,
        };
        Property::Field { key, key_span, value }
    }

    fn target_with_default(&mut self, target: &ast::AssignmentTargetMaybeDefault<'_>) -> Expr {
        match target {
            ast::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(with) => {
                let binding = self.target(&with.binding);
                let default = self.expr(&with.init);
                Expr::assign(place(with.span), binding, None, default)
            }
            other => match other.as_assignment_target() {
                Some(target) => self.target(target),
                None => Expr::opaque(place(other.span()), "target"),
            },
        }
    }
}

/// A pattern whose names are replaced.
fn renamed(pattern: Pattern, name: &mut dyn FnMut(Name, Span) -> Name) -> Pattern {
    match pattern {
        Pattern::Name(own, span) => Pattern::Name(name(own, span), span),
        Pattern::Object { fields, rest, span } => Pattern::Object {
            fields: fields
                .into_iter()
                .map(|field| PatternField { pattern: renamed(field.pattern, name), ..field })
                .collect(),
            rest: rest.map(|rest| name(rest, span)),
            span,
        },
        Pattern::List { items, rest, span } => Pattern::List {
            items: items
                .into_iter()
                .map(|item| item.map(|(pattern, default)| (renamed(pattern, name), default)))
                .collect(),
            rest: rest.map(|rest| name(rest, span)),
            span,
        },
        Pattern::Other(span) => Pattern::Other(span),
    }
}

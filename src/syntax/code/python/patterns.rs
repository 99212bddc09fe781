//! The targets of assignments and loops.

use super::{Lowerer, place};
use crate::syntax::code::lower::declare_opaque;
use crate::syntax::code::tree::{Expr, Name, Pattern, Statement};
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// What a target binds. Names that [`Pattern`] has no room for become strays.
    pub(super) fn pattern(&mut self, target: &ast::Expr) -> Pattern {
        let span = place(target.range());
        self.deeper(|lowerer| lowerer.shallow_pattern(target)).unwrap_or(Pattern::Other(span))
    }

    /// What a list of targets binds, and the statements by which its other targets get their parts.
    pub(super) fn targets(&mut self, target: &ast::Expr) -> (Pattern, Vec<Statement>) {
        let pattern = self.pattern(target);
        let mut after = std::mem::take(&mut self.assigned);
        after.extend(self.declare_strays());
        (pattern, after)
    }

    /// A target that is no name of its own: its part is bound to a name that no source can spell, and assigned.
    fn assigned(&mut self, target: &ast::Expr) -> Pattern {
        let span = place(target.range());
        let own: Name = format!("%{}", span.start).into();
        let value = Expr::name(span, own.clone());
        let target = self.expr(target);
        self.assigned.push(Statement::Expression(Expr::assign(span, target, None, value)));
        Pattern::Name(own, span)
    }

    fn shallow_pattern(&mut self, target: &ast::Expr) -> Pattern {
        match target {
            ast::Expr::Name(name) if self.globals.iter().any(|global| **global == *name.id.as_str()) => {
                self.assigned(target)
            }
            ast::Expr::Attribute(_) | ast::Expr::Subscript(_) => self.assigned(target),
            ast::Expr::Name(name) => Pattern::Name(name.id.as_str().into(), place(name.range)),
            ast::Expr::Tuple(tuple) => self.list_pattern(&tuple.elts, tuple.range()),
            ast::Expr::List(list) => self.list_pattern(&list.elts, list.range()),
            other => Pattern::Other(place(other.range())),
        }
    }

    /// `a, b, *rest`. What stands after a starred name has no fixed place, so its names become strays.
    fn list_pattern(&mut self, elements: &[ast::Expr], range: ruff_text_size::TextRange) -> Pattern {
        let mut items = Vec::with_capacity(elements.len());
        let mut rest: Option<Name> = None;
        let mut elements = elements.iter();
        for element in elements.by_ref() {
            let ast::Expr::Starred(starred) = element else {
                items.push(Some((self.pattern(element), None)));
                continue;
            };
            match self.pattern(&starred.value) {
                Pattern::Name(name, _) if elements.len() == 0 => rest = Some(name),
                other => self.stray(other),
            }
            break;
        }
        for element in elements {
            let pattern = self.pattern(element);
            self.stray(pattern);
        }
        Pattern::List { items, rest, span: place(range) }
    }

    fn stray(&mut self, pattern: Pattern) {
        match pattern {
            Pattern::Name(name, span) => self.strays.push((name, span)),
            Pattern::List { items, rest, span } => {
                items.into_iter().flatten().for_each(|(item, _)| self.stray(item));
                self.strays.extend(rest.map(|name| (name, span)));
            }
            Pattern::Object { .. } | Pattern::Other(_) => {}
        }
    }

    /// Declarations of the strays so far: without them the names would mean something further out.
    pub(super) fn declare_strays(&mut self) -> impl Iterator<Item = Statement> + use<> {
        std::mem::take(&mut self.strays).into_iter().map(|(name, span)| declare_opaque(name, span, "starred binding"))
    }
}

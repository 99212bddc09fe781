//! `match` statements.

use super::{Lowerer, place};
use crate::syntax::Span;
use crate::syntax::code::lower::declare_opaque;
use crate::syntax::code::tree::{Expr, ExprKind, Leaves, Name, Statement};
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

impl Lowerer<'_> {
    /// A `match`; each case ends in a jump, since Python never runs on into the next one.
    pub(super) fn matching(&mut self, matching: &ast::StmtMatch) -> Statement {
        let subject = self.expr(&matching.subject);
        let cases = matching.cases.iter().flat_map(|case| self.cases(case)).collect();
        Statement::Switch { subject, cases, span: place(matching.range) }
    }

    /// The cases of one pattern: each of several values that lead to the same body runs on into it.
    fn cases(&mut self, case: &ast::MatchCase) -> Vec<(Option<Expr>, Vec<Statement>)> {
        let is_value =
            |pattern: &ast::Pattern| matches!(pattern, ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_));
        let several = match &case.pattern {
            ast::Pattern::MatchOr(either) if case.guard.is_none() => &either.patterns[..],
            _ => &[],
        };
        let Some((last, others)) = several.split_last().filter(|_| several.iter().all(is_value)) else {
            return vec![self.case(case)];
        };
        let mut cases: Vec<_> = others.iter().map(|pattern| (self.case_test(pattern), Vec::new())).collect();
        let (_, body) = self.case(case);
        cases.push((self.case_test(last), body));
        cases
    }

    fn case(&mut self, case: &ast::MatchCase) -> (Option<Expr>, Vec<Statement>) {
        let span = place(case.range);
        let test = match case.guard {
            Some(_) => Some(Expr::opaque(place(case.pattern.range()), "guarded pattern")),
            None => self.case_test(&case.pattern),
        };
        let mut names = Vec::new();
        bound_names(&case.pattern, &mut names);
        let declared = names.into_iter().map(|(name, span)| declare_opaque(name, span, "matched value"));
        let mut body: Vec<Statement> = declared.collect();
        body.extend(self.suite(&case.body));
        body.push(Statement::Break(Leaves::Case, span));
        (test, body)
    }

    /// What the subject has to equal; nothing for a pattern that matches everything.
    fn case_test(&mut self, pattern: &ast::Pattern) -> Option<Expr> {
        let span = place(pattern.range());
        match pattern {
            ast::Pattern::MatchValue(value) => Some(self.expr(&value.value)),
            ast::Pattern::MatchSingleton(singleton) => Some(Expr::new(
                span,
                match singleton.value {
                    ast::Singleton::None => ExprKind::Null,
                    ast::Singleton::True => ExprKind::Bool(true),
                    ast::Singleton::False => ExprKind::Bool(false),
                },
            )),
            ast::Pattern::MatchAs(capture) if capture.pattern.is_none() => None,
            _ => Some(Expr::opaque(span, "pattern")),
        }
    }
}

/// Every name that a pattern binds.
fn bound_names(pattern: &ast::Pattern, names: &mut Vec<(Name, Span)>) {
    let mut bind = |name: &Option<ast::Identifier>| {
        names.extend(name.iter().map(|name| (Name::from(name.as_str()), place(name.range))));
    };
    match pattern {
        ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => {}
        ast::Pattern::MatchStar(star) => bind(&star.name),
        ast::Pattern::MatchSequence(sequence) => sequence.patterns.iter().for_each(|p| bound_names(p, names)),
        ast::Pattern::MatchMapping(mapping) => {
            bind(&mapping.rest);
            mapping.patterns.iter().for_each(|p| bound_names(p, names));
        }
        ast::Pattern::MatchClass(class) => {
            class.arguments.patterns.iter().for_each(|p| bound_names(p, names));
            class.arguments.keywords.iter().for_each(|keyword| bound_names(&keyword.pattern, names));
        }
        ast::Pattern::MatchAs(capture) => {
            bind(&capture.name);
            capture.pattern.iter().for_each(|p| bound_names(p, names));
        }
        // Every alternative binds the same names.
        ast::Pattern::MatchOr(either) => either.patterns.iter().take(1).for_each(|p| bound_names(p, names)),
    }
}

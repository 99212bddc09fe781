//! `with env.prefixed("APP_"):`: what a reader of variables reads inside has this before its name.

use super::Lowerer;
use crate::syntax::code::{Argument, ExprKind};
use crate::text::Text;
use ruff_python_ast::{self as ast};

/// Inside more prefixes than this nothing is followed.
const MOST: usize = 8;

impl Lowerer<'_> {
    /// Notes the prefix that a `with` puts before names, and gives how many there were before.
    pub(super) fn enter_prefix(&mut self, with: &ast::StmtWith) -> usize {
        let before = self.prefixed.len();
        for item in &with.items {
            let ast::Expr::Call(call) = &item.context_expr else { continue };
            let ast::Expr::Attribute(method) = &*call.func else { continue };
            let (ast::Expr::Name(reader), "prefixed") = (&*method.value, method.attr.as_str()) else { continue };
            let Some(ast::Expr::StringLiteral(prefix)) = call.arguments.args.first() else { continue };
            if before < MOST {
                let outer = self.prefix_of(reader.id.as_str()).unwrap_or_default();
                self.prefixed.push((reader.id.as_str().into(), format!("{outer}{}", prefix.value.to_str())));
            }
        }
        before
    }

    /// Forgets what a `with` put before names.
    pub(super) fn leave_prefix(&mut self, before: usize) {
        self.prefixed.truncate(before);
    }

    /// The arguments of a call, with the prefix of the reader that is called before its first.
    pub(super) fn prefixed_arguments(&mut self, call: &ast::ExprCall) -> Vec<Argument> {
        let mut arguments = self.arguments(&call.arguments);
        let reader = match &*call.func {
            ast::Expr::Name(name) => Some(name),
            ast::Expr::Attribute(method) if method.attr.as_str() != "prefixed" => match &*method.value {
                ast::Expr::Name(name) => Some(name),
                _ => None,
            },
            _ => None,
        };
        let prefix = reader.and_then(|reader| self.prefix_of(reader.id.as_str()));
        if let (Some(prefix), Some(first)) = (prefix, arguments.first_mut())
            && let ExprKind::Text(name) = &first.value.kind
        {
            first.value.kind = ExprKind::Text(Text::new(prefix).join(name));
        }
        arguments
    }

    fn prefix_of(&self, reader: &str) -> Option<String> {
        self.prefixed.iter().rev().find(|(name, _)| **name == *reader).map(|(_, prefix)| prefix.clone())
    }
}

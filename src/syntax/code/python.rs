//! Python, read by ruff and lowered to the owned tree.

mod classes;
mod expressions;
mod functions;
mod guard;
mod imports;
mod literals;
mod matching;
mod patterns;
mod prefixes;
mod slices;
mod statements;
#[cfg(test)]
mod tests;

use super::guard::{check_size, contained, with_stack};
use super::lower::{Depth, on_characters};
use super::refused::Refused;
use super::tree::{Expr, Language, Module, Name, Statement, SyntaxError};
use crate::syntax::Span;
use ruff_python_ast::PySourceType;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{LexicalErrorType, ParseErrorType, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange};

/// The most syntax errors that are kept of one file.
const MAX_ERRORS: usize = 20;

/// Reads one file. What the parser could not read is listed in the errors, and missing from the tree.
pub(super) fn parse(file: &str, text: &str) -> Result<Module, Refused> {
    with_stack(file, stack(text)?, || contained(|| parse_guarded(text)))?
}

/// The stack that reading the file is given, or why it is not read.
pub(super) fn stack(text: &str) -> Result<usize, Refused> {
    check_size(text, guard::BYTES)?;
    guard::stack(text)
}

/// [`parse`], on the stack at hand.
pub(super) fn parse_guarded(text: &str) -> Result<Module, Refused> {
    let read = parse_unchecked_source(text, PySourceType::Python);
    let errors = read.errors().iter().take(MAX_ERRORS).map(|error| SyntaxError {
        span: on_characters(text, error.location.start().to_usize(), error.location.end().to_usize()),
        message: message(&error.error),
    });
    // Python itself reads no source with such a character, wherever it stands.
    let nul = text.find('\0').map(|at| SyntaxError {
        span: on_characters(text, at, at + 1),
        message: "Source code cannot contain null characters".to_owned(),
    });
    let comments = read.tokens().iter().filter(|token| token.kind() == TokenKind::Comment);
    let mut lowerer = Lowerer {
        source: text,
        depth: Depth::default(),
        strays: Vec::new(),
        assigned: Vec::new(),
        globals: Vec::new(),
        prefixed: Vec::new(),
    };
    Ok(Module {
        language: Language::Python,
        body: lowerer.suite(read.suite()),
        comments: comments.map(|token| place(token.range())).collect(),
        errors: nul.into_iter().chain(errors).take(MAX_ERRORS).collect(),
    })
}

/// The parser's message without any character of the file.
fn message(error: &ParseErrorType) -> String {
    match error {
        ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { .. }) => "Unexpected character".to_owned(),
        other => other.to_string(),
    }
}

/// ruff's range as our span.
fn place(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// Turns ruff's tree into the owned one.
struct Lowerer<'s> {
    source: &'s str,
    depth: Depth,
    /// Names that a pattern binds but [`super::Pattern`] cannot say, for whoever lowers the binding to declare.
    strays: Vec<(Name, Span)>,
    /// Assignments by which the parts of a pattern that are no names get their values.
    assigned: Vec<Statement>,
    /// The names that the function at hand has declared `global` or `nonlocal`: assigning them declares nothing.
    globals: Vec<Name>,
    /// Readers of variables that put something before each name inside a `with`: `with env.prefixed("APP_"):`.
    prefixed: Vec<(Name, String)>,
}

impl Lowerer<'_> {
    /// `work` one level down, or nothing at the bottom.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.depth.enter() {
            return None;
        }
        let done = work(self);
        self.depth.leave();
        Some(done)
    }

    fn slice(&self, range: TextRange) -> &str {
        self.source.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    fn exprs<'e>(&mut self, expressions: impl IntoIterator<Item = &'e ruff_python_ast::Expr>) -> Vec<Expr> {
        expressions.into_iter().map(|expression| self.expr(expression)).collect()
    }
}

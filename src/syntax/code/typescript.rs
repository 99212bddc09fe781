//! TypeScript and JavaScript, read by oxc and lowered to the owned tree.

mod classes;
mod common_js;
mod expressions;
mod functions;
mod modules;
mod objects;
mod patterns;
mod statements;
#[cfg(test)]
mod tests;

use super::SourceKind;
use super::guard;
use super::lower::{Depth, on_characters};
use super::refused::Refused;
use super::tangle;
use super::tree::{Language, Module, Name, Pattern, Statement, SyntaxError};
use crate::syntax::Span;
use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;
use std::borrow::Cow;

/// The most syntax errors that are kept of one file.
const MAX_ERRORS: usize = 20;

/// Reads one file. A syntax error that oxc cannot recover from leaves no tree, so the file is refused.
pub(super) fn parse(file: &str, text: &str, kind: SourceKind) -> Result<Module, Refused> {
    guard::with_stack(file, stack(text)?, || guard::contained(|| parse_guarded(text, kind)))?
}

/// The stack that reading the file is given, or why it is not read.
pub(super) fn stack(text: &str) -> Result<usize, Refused> {
    guard::check_size(text, guard::SCRIPT_BYTES)?;
    guard::check_brackets(text)?;
    let stack = guard::script_stack(text)?;
    tangle::check(text)?;
    Ok(stack)
}

/// [`parse`], on the stack at hand.
pub(super) fn parse_guarded(text: &str, kind: SourceKind) -> Result<Module, Refused> {
    let allocator = Allocator::default();
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        enable_ident_hashes: false,
        ..ParseOptions::default()
    };
    let mut read = Parser::new(&allocator, text, source_type(kind)).with_options(options).parse();
    if kind == SourceKind::JavaScript && has_errors(&read) {
        // Flow's types look like those of TypeScript, mostly.
        let typed = Parser::new(&allocator, text, SourceType::tsx()).with_options(options).parse();
        if !has_errors(&typed) {
            read = typed;
        }
    }
    let errors = syntax_errors(text, &read);
    if read.panicked {
        return Err(Refused::Syntax(errors));
    }
    let mut lowerer =
        Lowerer { source: text, depth: Depth::default(), strays: Vec::new(), blocks: 0, hoisted: Vec::new() };
    Ok(Module {
        language: Language::TypeScript,
        body: lowerer.program(&read.program),
        comments: read.program.comments.iter().map(|comment| place(comment.span)).collect(),
        errors,
    })
}

/// JavaScript may be a module or a script; the parser finds out. TypeScript is always read as a module.
fn source_type(kind: SourceKind) -> SourceType {
    match kind {
        SourceKind::Tsx => SourceType::tsx(),
        SourceKind::JavaScript => SourceType::unambiguous().with_jsx(true),
        SourceKind::TypeScript | SourceKind::Python => SourceType::ts(),
    }
}

fn has_errors(read: &ParserReturn<'_>) -> bool {
    read.panicked || read.diagnostics.errors().next().is_some()
}

fn syntax_errors(text: &str, read: &ParserReturn<'_>) -> Vec<SyntaxError> {
    let mut errors: Vec<SyntaxError> = read
        .diagnostics
        .errors()
        .take(MAX_ERRORS)
        .map(|error| SyntaxError {
            span: error.labels.first().map_or(Span::default(), |label| {
                let start = label.offset();
                on_characters(text, start as usize, start as usize + label.len() as usize)
            }),
            message: safe_message(&error.message, matches!(error.message, Cow::Borrowed(_))),
        })
        .collect();
    if read.panicked && errors.is_empty() {
        errors.push(SyntaxError { span: Span::default(), message: "the syntax is not valid".to_owned() });
    }
    errors
}

/// The parser's message if it is made of its own words alone; some of its messages quote the file.
fn safe_message(message: &str, is_fixed: bool) -> String {
    // "Expected `,` but found `string`": both are kinds of token.
    if is_fixed || message.starts_with("Expected `") {
        return message.to_owned();
    }
    "Unexpected syntax".to_owned()
}

/// oxc's span as ours.
fn place(span: oxc_span::Span) -> Span {
    Span::new(span.start, span.end)
}

/// Turns oxc's tree into the owned one.
struct Lowerer<'s> {
    source: &'s str,
    depth: Depth,
    /// Names that a pattern binds but [`super::Pattern`] cannot say, for whoever lowers the binding to declare.
    strays: Vec<(Name, Span)>,
    /// How many statements of the function at hand stand around the one at hand, itself included.
    blocks: usize,
    /// What `var` declares inside blocks of the function at hand: it holds for all of the function.
    hoisted: Vec<(Name, Span)>,
}

impl Lowerer<'_> {
    /// Lowers the body of a function, whose `var`s are its own.
    fn own_names(&mut self, work: impl FnOnce(&mut Self)) {
        let outer = (std::mem::take(&mut self.blocks), std::mem::take(&mut self.hoisted));
        work(self);
        (self.blocks, self.hoisted) = outer;
    }

    /// Declarations of what was hoisted so far.
    fn hoisted(&mut self) -> Vec<Statement> {
        let mut names = std::mem::take(&mut self.hoisted);
        names.sort();
        names.dedup_by(|a, b| a.0 == b.0);
        let declare = |(name, span): (Name, Span)| Statement::Declare {
            pattern: Pattern::Name(name, span),
            value: None,
            exported: false,
            span,
        };
        names.into_iter().map(declare).collect()
    }

    /// `work` one level down, or nothing at the bottom.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.depth.enter() {
            return None;
        }
        let done = work(self);
        self.depth.leave();
        Some(done)
    }

    fn slice(&self, span: oxc_span::Span) -> &str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

//! What a data file can cost: size, depth and number of values, so that no file exhausts memory or the stack.

use super::DataError;
use crate::syntax::Span;
use std::fmt;

/// The largest file that is read; hand-written configuration stays far below.
pub(super) const MAX_BYTES: usize = 8 << 20;

/// The deepest nesting that is read.
pub(super) const MAX_DEPTH: usize = 128;

/// The stack that a parser with a depth limit of its own gets: its limit times its largest frames, and the same
/// again for dropping its tree. A thread's stack is 2 MB in tests and on workers.
const PARSER_STACK: usize = 32 << 20;

/// Why a file was not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Larger than any configuration is.
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Nested deeper than any configuration is, from here on.
    TooDeep(Span),
    /// Its aliases multiply into more values than any configuration has; here the budget ended.
    TooManyValues(Span),
    /// The format's grammar does not allow what stands here, and nothing after it can be trusted.
    Syntax(DataError),
}

impl Refused {
    /// Where; none when it is about the whole file.
    pub fn span(&self) -> Option<Span> {
        match self {
            Refused::TooLarge { .. } => None,
            Refused::TooDeep(span) | Refused::TooManyValues(span) => Some(*span),
            Refused::Syntax(error) => Some(error.span),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::TooLarge { bytes } => write!(f, "the file has {bytes} bytes; the limit is {MAX_BYTES}"),
            Refused::TooDeep(_) => write!(f, "values are nested more than {MAX_DEPTH} levels deep"),
            Refused::TooManyValues(_) => write!(f, "aliases multiply into too many values"),
            Refused::Syntax(error) => write!(f, "{}", error.message),
        }
    }
}

impl std::error::Error for Refused {}

/// Refuses a file that is larger than [`MAX_BYTES`].
pub(super) fn check_size(text: &str) -> Result<(), Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refused::TooLarge { bytes: text.len() });
    }
    Ok(())
}

/// The depth below `depth`, refused at [`MAX_DEPTH`].
pub(super) fn deeper(depth: usize, span: Span) -> Result<usize, Refused> {
    if depth >= MAX_DEPTH {
        return Err(Refused::TooDeep(span));
    }
    Ok(depth + 1)
}

/// Runs a parser that recurses and whose depth limit lies above ours, with stack for that limit.
pub(super) fn with_stack<T>(parse: impl FnOnce() -> T) -> T {
    stacker::grow(PARSER_STACK, parse)
}

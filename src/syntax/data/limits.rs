//! What a data file can cost: size, depth and number of values, so that no file exhausts memory or the stack.

use super::DataError;
use crate::syntax::Span;
use std::cell::Cell;
use std::fmt;

/// The largest file that is read; hand-written configuration stays far below.
pub(super) const MAX_BYTES: usize = 8 << 20;

/// The deepest nesting that is read.
pub(super) const MAX_DEPTH: usize = 128;

/// The most values of one file, copies by aliases among them. A bundle of Kubernetes definitions of 4 MB has some
/// 100,000; a file that is made of nothing but the smallest values has more, and would take a hundred times its size.
pub(super) const MAX_VALUES: usize = 200_000;

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
    /// It has more values than any configuration, or its aliases multiply into more; here the budget ended.
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

    /// Whether there is more of it than is read, and nothing else is wrong.
    pub fn is_too_large(&self) -> bool {
        matches!(self, Refused::TooLarge { .. } | Refused::TooManyValues(_))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::TooLarge { bytes } => write!(f, "the file has {bytes} bytes; the limit is {MAX_BYTES}"),
            Refused::TooDeep(_) => write!(f, "values are nested more than {MAX_DEPTH} levels deep"),
            Refused::TooManyValues(_) => write!(f, "there are more than {MAX_VALUES} values in it"),
            Refused::Syntax(error) => write!(f, "{}", error.message),
        }
    }
}

impl std::error::Error for Refused {}

/// How many values of a file were read.
#[derive(Default)]
pub(super) struct Values(Cell<usize>);

impl Values {
    /// Counts one value more, refused beyond [`MAX_VALUES`].
    pub(super) fn one(&self, span: Span) -> Result<(), Refused> {
        self.more(1, span)
    }

    /// Counts some values more, refused beyond [`MAX_VALUES`].
    pub(super) fn more(&self, values: usize, span: Span) -> Result<(), Refused> {
        self.0.set(self.0.get().saturating_add(values));
        if self.0.get() > MAX_VALUES { Err(Refused::TooManyValues(span)) } else { Ok(()) }
    }
}

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

//! Why a file of source code was not read.

use super::tree::SyntaxError;
use crate::syntax::Span;
use std::fmt;

/// Why a file was not read. `Display` says it in plain words that hold no text of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The file is larger than what is read of this language.
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Brackets, blocks or operators are nested deeper than any written program has them.
    TooDeep {
        /// Where the limit is passed, if it is passed at one place.
        span: Option<Span>,
    },
    /// Reading it would take far more work than its size explains: the parser would go over it again and again.
    TooTangled {
        /// Where the limit is passed.
        span: Span,
    },
    /// It is not a program of the language. Never empty.
    Syntax(Vec<SyntaxError>),
    /// The parser has a defect that this file brings to light.
    Defect,
}

impl Refused {
    /// Where the reason lies, if it lies at one place.
    pub fn span(&self) -> Option<Span> {
        match self {
            Refused::TooLarge { .. } | Refused::Defect => None,
            Refused::TooDeep { span } => *span,
            Refused::TooTangled { span } => Some(*span),
            Refused::Syntax(errors) => errors.first().map(|error| error.span),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::TooLarge { bytes, limit } => {
                write!(f, "the file has {bytes} bytes, and no more than {limit} are read")
            }
            Refused::TooDeep { .. } => write!(f, "the code is nested too deeply to be read"),
            Refused::TooTangled { .. } => write!(f, "the code is too ambiguous to be read in reasonable time"),
            Refused::Defect => write!(f, "the parser failed on it, which is a defect of prodcheck"),
            Refused::Syntax(errors) => match errors.as_slice() {
                [] => write!(f, "the syntax is not valid"),
                [only] => write!(f, "the syntax is not valid: {}", only.message),
                [first, rest @ ..] => write!(f, "the syntax is not valid: {} (and {} more)", first.message, rest.len()),
            },
        }
    }
}

impl std::error::Error for Refused {}

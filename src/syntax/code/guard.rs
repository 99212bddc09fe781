//! The limits that keep hostile source from exhausting the stack, the memory or the clock, checked before parsing.
//!
//! A stack overflow aborts the process without unwinding, so it has to be ruled out beforehand.

use super::refused::Refused;
use crate::syntax::Span;

/// The largest TypeScript or JavaScript file that is read. Written configuration is far below; what is above is
/// generated or bundled.
pub(super) const SCRIPT_BYTES: usize = 1 << 20;

/// How deep brackets are nested at most. In 4,270 real TypeScript and JavaScript files the deepest had 40 levels.
pub(super) const BRACKETS: usize = 256;

/// The stack that no parse is ever given more of.
const STACK_LIMIT: usize = 512 << 20;

/// What the parser and the lowering need for a file of no nesting.
const STACK_BASE: usize = 4 << 20;

/// Unoptimised code has larger frames.
const STACK_FACTOR: usize = if cfg!(debug_assertions) { 4 } else { 1 };

/// Refuses a file over the limit of its language.
pub(super) fn check_size(text: &str, limit: usize) -> Result<(), Refused> {
    match text.len() {
        bytes if bytes > limit => Err(Refused::TooLarge { bytes, limit }),
        _ => Ok(()),
    }
}

/// Refuses brackets that are nested over [`BRACKETS`] deep. Strings and comments are not skipped: the parser
/// backtracks quadratically over open brackets, and telling a string from a regex would need that parser.
pub(super) fn check_brackets(text: &str) -> Result<(), Refused> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth > BRACKETS {
            return Err(Refused::TooDeep { span: Some(byte_span(at)) });
        }
    }
    Ok(())
}

/// The stack that a recursive parse of a script needs at most. The weights are measured, not proven: each byte is
/// charged with the deepest recursion that a token beginning with it was seen to cause.
pub(super) fn script_stack(text: &str) -> Result<usize, Refused> {
    let bytes = text.bytes().map(stack_weight).sum::<usize>();
    if bytes + STACK_BASE > STACK_LIMIT {
        return Err(Refused::TooDeep { span: None });
    }
    Ok(stack_of(bytes))
}

/// The stack for a parse whose recursion takes `bytes` in an optimised build.
pub(super) fn stack_of(bytes: usize) -> usize {
    (bytes + STACK_BASE) * STACK_FACTOR
}

fn stack_weight(byte: u8) -> usize {
    match byte {
        b'(' | b'[' | b'{' | b'<' | b'`' => 3072,
        b'?' | b'=' | b':' | b'@' => 1536,
        0..=0x20 | 0x80.. => 1024,
        _ => 256,
    }
}

/// Runs `work` with at least `stack` bytes of stack under it.
pub(super) fn with_stack<T>(stack: usize, work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(stack, stack, work)
}

fn byte_span(at: usize) -> Span {
    let at = u32::try_from(at).unwrap_or(u32::MAX - 1);
    Span::new(at, at + 1)
}

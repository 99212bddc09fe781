//! The limits that keep hostile source from exhausting the stack, the memory or the clock, checked before parsing.
//!
//! A stack overflow aborts the process without unwinding, so it has to be ruled out beforehand.

use super::refused::Refused;
use super::weights::STACK_WEIGHTS;
use crate::syntax::Span;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
#[cfg(not(target_family = "wasm"))]
use std::thread;

/// The largest TypeScript or JavaScript file that is read. Written configuration is far below; what is above is
/// generated or bundled.
pub(super) const SCRIPT_BYTES: usize = 1 << 20;

/// How deep brackets are nested at most. In 4,270 real TypeScript and JavaScript files the deepest had 40 levels.
pub(super) const BRACKETS: usize = 256;

/// What a parse may take of the stack by the estimate; a file that could take more is refused.
const STACK_LIMIT: usize = 512 << 20;

/// What the deepest place of a file may fill of the stack by the estimate of [`super::nesting`]. In the 32 scripts of
/// nine real projects that are over 60 KB, minified ones included, the most was 12 MB.
pub(super) const NESTING_LIMIT: usize = 64 << 20;

/// What the parser and the lowering need for a file of no nesting.
const STACK_BASE: usize = 4 << 20;

/// How much more a parse is given than the estimate says. It is address space alone: what is not used costs nothing.
/// In a search through 40,000 random nestings of 250 tokens and beginnings, on which no weight was tuned, none took
/// more than three quarters of the estimate, and so none more than a fifth of what it is given.
const STACK_MARGIN: usize = 4;

/// What a parse may take where there are no threads and the stack has the size that the linker was told.
#[cfg(target_family = "wasm")]
const WHOLE_STACK: usize = 48 << 20;

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
    // Most files have too few to be nested so deep; these loops have no branch, so that many bytes are counted at once.
    let is_open = |byte: &u8| u8::from(matches!(byte, b'(' | b'[' | b'{'));
    let in_chunk = |chunk: &[u8]| usize::from(chunk.iter().map(is_open).fold(0, u8::wrapping_add));
    if text.as_bytes().chunks(usize::from(u8::MAX)).map(in_chunk).sum::<usize>() <= BRACKETS {
        return Ok(());
    }
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

/// The stack for a recursive parse of a script. The weights are measured, not proven: each byte is charged with the
/// deepest recursion that a token beginning with it was seen to cause. See [`with_stack`] for what holds if one errs.
pub(super) fn script_stack(text: &str) -> Result<usize, Refused> {
    let bytes = text.bytes().map(|byte| usize::from(STACK_WEIGHTS[usize::from(byte)])).sum::<usize>();
    if bytes + STACK_BASE > STACK_LIMIT || (bytes > NESTING_LIMIT && super::nesting::deepest(text) > NESTING_LIMIT) {
        return Err(Refused::TooDeep { span: None });
    }
    Ok(stack_of(bytes))
}

/// The stack for a parse whose recursion takes `bytes` in an optimised build.
pub(super) fn stack_of(bytes: usize) -> usize {
    (bytes + STACK_BASE) * STACK_FACTOR * STACK_MARGIN
}

thread_local! {
    /// Whether a panic on this thread is caught where a file is parsed.
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread costs one file and not the scan, so that nobody has to be told of it but by the
/// problem that the file becomes.
pub(crate) fn is_contained() -> bool {
    IS_CONTAINED.get()
}

/// Runs a parser. One that panics has a defect, which costs the file that brings it to light.
pub(super) fn contained<T>(parse: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    // A fuzzer is there to see it.
    if cfg!(fuzzing) {
        return parse();
    }
    IS_CONTAINED.set(true);
    let done = catch_unwind(AssertUnwindSafe(parse));
    IS_CONTAINED.set(false);
    done.unwrap_or(Err(Refused::Defect))
}

/// Runs `work` with at least `stack` bytes of stack under it: here, or on a thread of its own, which has the name of
/// the file. Should the stack overflow all the same, the process ends with a signal, and its last message
/// says which thread did it: `thread 'src/app.ts' has overflowed its stack`.
#[cfg(not(target_family = "wasm"))]
pub(super) fn with_stack<T: Send>(file: &str, stack: usize, work: impl FnOnce() -> T + Send) -> Result<T, Refused> {
    if stacker::remaining_stack().is_some_and(|left| left >= stack) {
        return Ok(work());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(file.escape_debug().to_string()).stack_size(stack);
        // There is no room for so large a stack: the file cannot be read on this machine.
        let running = thread.spawn_scoped(scope, work).map_err(|_| Refused::TooDeep { span: None })?;
        running.join().map_err(|panic| std::panic::resume_unwind(panic))
    })
}

/// The same without threads: what does not fit into the one stack that there is cannot be read.
#[cfg(target_family = "wasm")]
pub(super) fn with_stack<T>(_file: &str, stack: usize, work: impl FnOnce() -> T) -> Result<T, Refused> {
    if stack <= WHOLE_STACK { Ok(work()) } else { Err(Refused::TooDeep { span: None }) }
}

fn byte_span(at: usize) -> Span {
    let at = u32::try_from(at).unwrap_or(u32::MAX - 1);
    Span::new(at, at + 1)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the test runs itself again, to see it end")]
mod tests {
    use super::*;
    use std::process::Command;

    /// A recursion that no optimiser removes.
    #[expect(unconditional_recursion, reason = "it is to overflow the stack")]
    fn forever(depth: usize) -> usize {
        let here = std::hint::black_box([depth; 64]);
        here[depth % 64].wrapping_add(forever(depth + 1))
    }

    #[test]
    fn an_overflow_ends_the_process_and_names_the_file() {
        const INNER: &str = "PRODCHECK_OVERFLOW";
        if std::env::var_os(INNER).is_some() {
            let _ = with_stack("src/deep\u{1b}.ts", 64 << 20, || forever(0));
            return;
        }
        let name = "syntax::code::guard::tests::an_overflow_ends_the_process_and_names_the_file";
        let program = std::env::current_exe().expect("this program");
        let output = Command::new(program).args(["--exact", name, "--nocapture"]).env(INNER, "1").output();
        let output = output.expect("this program runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{:?}", output.status);
        assert!(said.contains("src/deep\\u{1b}.ts"), "{said}");
        assert!(said.contains("has overflowed its stack"), "{said}");
    }

    #[test]
    fn a_parser_that_panics_costs_the_file_alone() {
        assert_eq!(contained(|| -> Result<(), Refused> { panic!("a defect") }), Err(Refused::Defect));
        assert!(!is_contained());
        assert_eq!(contained(|| Ok(7)), Ok(7));
    }

    #[test]
    fn a_panic_on_the_thread_of_a_file_is_one_of_the_caller() {
        let done = std::panic::catch_unwind(|| with_stack("a.ts", 64 << 20, || panic!("inside")));
        assert!(done.is_err());
        assert_eq!(with_stack("a.ts", 64 << 20, || 7).ok(), Some(7));
    }
}

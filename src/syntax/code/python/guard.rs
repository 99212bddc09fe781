//! The limits of a Python file, checked on its tokens before it is parsed.
//!
//! ruff's parser grows its own stack, but dropping its tree does not, and lowering walks it.

use crate::syntax::code::guard::{BRACKETS, stack_of};
use crate::syntax::code::refused::Refused;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer::lex};

/// The largest Python file that is read.
pub(super) const BYTES: usize = 4 << 20;

/// How high a tree is at most. Real files stay under a few hundred; a broken one, whose open bracket makes one
/// expression of all that follows, has some thousands.
const HEIGHT: usize = 50_000;

/// The stack that dropping one level of ruff's tree takes at most.
const STACK_PER_LEVEL: usize = 1024;

/// The stack that parsing, lowering and dropping need at most, or a refusal if the file is nested too deeply.
pub(super) fn stack(text: &str) -> Result<usize, Refused> {
    Ok(stack_of(height(text)? * STACK_PER_LEVEL))
}

/// An upper bound of the height of the tree: brackets and blocks nest, and within one of them every token that is not
/// a leaf adds a level at most, until a comma or the end of the statement begins anew.
fn height(text: &str) -> Result<usize, Refused> {
    let mut lexer = lex(text, Mode::Module);
    let mut levels = vec![Level::default()];
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => break,
            kind if opens(kind) => {
                top(&mut levels).chain += 1;
                levels.push(Level::default());
            }
            kind if closes(kind) => close(&mut levels),
            TokenKind::Comma | TokenKind::Semi | TokenKind::Newline => top(&mut levels).begin_anew(),
            kind if is_leaf(kind) => {}
            _ => top(&mut levels).chain += 1,
        }
        if levels.len() > BRACKETS || top(&mut levels).height() > HEIGHT {
            return Err(Refused::TooDeep { span: None });
        }
    }
    while levels.len() > 1 {
        close(&mut levels);
    }
    match top(&mut levels).height() {
        height if height > HEIGHT => Err(Refused::TooDeep { span: None }),
        height => Ok(height),
    }
}

/// One open bracket or block.
#[derive(Debug, Default)]
struct Level {
    /// Tokens that may each add a level, since the last comma or statement.
    chain: usize,
    /// The highest bracket closed in that time.
    inner: usize,
    /// The height of what came before.
    before: usize,
}

impl Level {
    fn height(&self) -> usize {
        self.before.max(self.chain + self.inner)
    }

    fn begin_anew(&mut self) {
        *self = Level { before: self.height(), ..Level::default() };
    }
}

fn top(levels: &mut [Level]) -> &mut Level {
    levels.last_mut().expect("internal error: the outermost level was closed")
}

/// Closes the innermost level; a stray closing bracket closes nothing.
fn close(levels: &mut Vec<Level>) {
    if levels.len() > 1
        && let Some(closed) = levels.pop()
    {
        let outer = top(levels);
        outer.inner = outer.inner.max(closed.height() + 1);
    }
}

fn opens(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(kind, K::Lpar | K::Lsqb | K::Lbrace | K::Indent | K::FStringStart | K::TStringStart)
}

fn closes(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(kind, K::Rpar | K::Rsqb | K::Rbrace | K::Dedent | K::FStringEnd | K::TStringEnd)
}

fn is_leaf(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
        K::Name
            | K::Int
            | K::Float
            | K::Complex
            | K::String
            | K::FStringMiddle
            | K::TStringMiddle
            | K::Comment
            | K::NonLogicalNewline
    )
}

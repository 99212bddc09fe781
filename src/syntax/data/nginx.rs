//! nginx configuration: directives, their arguments and blocks.
//!
//! Follows nginx's own tokenizer (`src/core/ngx_conf_file.c`). Includes, and what a directive means, are left to
//! whoever evaluates the file. Templates (`${NAME}`, `{{ name }}`) are read as the words they are where they can be.

use super::limits::{MAX_DEPTH, Refused, Values, check_size};
use super::{DataError, byte_order_mark, span_of};
use crate::syntax::Span;
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;

/// An nginx configuration file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nginx {
    /// Its directives in order.
    pub directives: Vec<Directive>,
    /// Every comment, its sign included.
    pub comments: Vec<Span>,
    /// What nginx would refuse; the rest is read all the same.
    pub errors: Vec<DataError>,
}

/// One directive.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// Its name, such as `server` or `add_header`.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// Its arguments without quotes, variables as they are written.
    pub args: Vec<Argument>,
    /// The directives in its braces; none where it ends with a semicolon.
    pub block: Option<Vec<Directive>>,
    /// The whole of it, with its semicolon or closing brace.
    pub span: Span,
}

/// An argument of a directive.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its characters without quotes.
    pub text: Text,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// Reads an nginx configuration file. Its size and its depth can refuse it.
pub fn read(text: &str) -> Result<Nginx, Refused> {
    check_size(text)?;
    let mut reader = Reader {
        text,
        at: byte_order_mark(text),
        file: Nginx::default(),
        open: Vec::new(),
        words: Vec::new(),
        values: Values::default(),
    };
    while let Some(token) = reader.token() {
        reader.take(token)?;
    }
    reader.end();
    Ok(reader.file)
}

impl Nginx {
    /// The directives of a name at the top of the file.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Directive> {
        self.directives.iter().filter(move |directive| &*directive.name == name)
    }
}

impl Directive {
    /// The directives of a name in its block.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Directive> {
        self.block.iter().flatten().filter(move |directive| &*directive.name == name)
    }

    /// The argument at a position.
    pub fn arg(&self, position: usize) -> Option<&Text> {
        self.args.get(position).map(|argument| &argument.text)
    }
}

enum Token {
    Word(Argument, Range<usize>),
    Semicolon(Span),
    Open(Span),
    Close(Span),
}

impl Token {
    fn span(&self) -> Span {
        match self {
            Token::Word(argument, _) => argument.span,
            Token::Semicolon(span) | Token::Open(span) | Token::Close(span) => *span,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    file: Nginx,
    /// The directives whose blocks are open, the outermost first.
    open: Vec<Directive>,
    /// The words of the directive that is being read.
    words: Vec<(Argument, Range<usize>)>,
    values: Values,
}

impl Reader<'_> {
    fn take(&mut self, token: Token) -> Result<(), Refused> {
        self.values.one(token.span())?;
        match token {
            Token::Word(argument, range) => self.words.push((argument, range)),
            Token::Semicolon(span) => {
                if let Some(directive) = self.directive(span) {
                    self.add(directive);
                }
            }
            Token::Open(span) => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(Refused::TooDeep(span));
                }
                let Some(mut directive) = self.directive(span) else { return Ok(()) };
                directive.block = Some(Vec::new());
                let is_program = directive.name.ends_with("_by_lua_block") || directive.name.ends_with("_by_njs_block");
                self.open.push(directive);
                if is_program {
                    self.skip_program();
                }
            }
            Token::Close(span) => {
                self.unfinished();
                match self.open.pop() {
                    Some(mut directive) => {
                        directive.span = directive.span.to(span);
                        self.add(directive);
                    }
                    None => self.fail(span, "this brace closes nothing"),
                }
            }
        }
        Ok(())
    }

    /// The directive that the words before `end` make.
    fn directive(&mut self, end: Span) -> Option<Directive> {
        let mut words = std::mem::take(&mut self.words).into_iter();
        let Some((name, range)) = words.next() else {
            self.fail(end, "expected a directive");
            return None;
        };
        Some(Directive {
            name: Arc::from(&self.text[range]),
            name_span: name.span,
            args: words.map(|(argument, _)| argument).collect(),
            block: None,
            span: name.span.to(end),
        })
    }

    /// A directive that nothing ends is left out.
    fn unfinished(&mut self) {
        let words = std::mem::take(&mut self.words);
        if let (Some((first, _)), Some((last, _))) = (words.first(), words.last()) {
            self.fail(first.span.to(last.span), "expected `;` or `{` behind the directive");
        }
    }

    fn end(&mut self) {
        self.unfinished();
        while let Some(mut directive) = self.open.pop() {
            self.fail(directive.name_span, "the block is not closed");
            directive.span = directive.span.to(span_of(self.text.len()..self.text.len()));
            self.add(directive);
        }
    }

    fn add(&mut self, directive: Directive) {
        match self.open.last_mut() {
            Some(parent) => parent.block.get_or_insert_default().push(directive),
            None => self.file.directives.push(directive),
        }
    }

    fn fail(&mut self, span: Span, message: &str) {
        self.file.errors.push(DataError::new(span, message));
    }

    fn token(&mut self) -> Option<Token> {
        loop {
            let rest = &self.text[self.at..];
            let start = self.at + rest.len() - rest.trim_start().len();
            let c = self.text[start..].chars().next()?;
            self.at = start + c.len_utf8();
            let span = span_of(start..self.at);
            return Some(match c {
                ';' => Token::Semicolon(span),
                '{' => Token::Open(span),
                '}' => Token::Close(span),
                '#' => {
                    let line = self.text[start..].lines().next().unwrap_or_default().trim_end();
                    self.at = start + line.len();
                    self.file.comments.push(span_of(start..self.at));
                    continue;
                }
                '"' | '\'' => self.quoted(start, c),
                _ => self.bare(start),
            });
        }
    }

    fn quoted(&mut self, start: usize, quote: char) -> Token {
        let mut characters = self.text[start..].char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            if c == '\\' {
                characters.next();
            } else if c == quote {
                self.at = start + at + c.len_utf8();
                return self.word(start + 1..start + at, start..self.at);
            }
        }
        self.at = self.text.len();
        self.fail(span_of(start..start + 1), "the quote is not closed");
        self.word(start + 1..self.at, start..self.at)
    }

    /// A word up to white space, `;` or `{`. A brace belongs to it in `${name}`, and where no space stands before
    /// it in a pattern (`~ ^/a{2}$`) it does not: such patterns have to be quoted.
    fn bare(&mut self, start: usize) -> Token {
        let mut characters = self.text[start..].char_indices();
        let mut end = self.text.len();
        let mut in_variable = false;
        let mut before = '\0';
        while let Some((at, c)) = characters.next() {
            match c {
                '{' if before == '$' => in_variable = true,
                '}' if in_variable => in_variable = false,
                '\\' => {
                    characters.next();
                }
                _ if c.is_whitespace() || c == ';' || c == '{' => {
                    end = start + at;
                    break;
                }
                _ => {}
            }
            before = c;
        }
        self.at = end;
        self.word(start..end, start..end)
    }

    fn word(&self, inside: Range<usize>, whole: Range<usize>) -> Token {
        let argument = Argument { text: Text::new(unescape(&self.text[inside.clone()])), span: span_of(whole) };
        Token::Word(argument, inside)
    }

    /// Moves to the brace that closes a block of Lua or JavaScript, whose braces are balanced but for its strings.
    fn skip_program(&mut self) {
        let mut depth = 1_usize;
        let mut quote = None;
        let mut characters = self.text[self.at..].char_indices();
        while let Some((at, c)) = characters.next() {
            match (quote, c) {
                (Some(_), '\\') => {
                    characters.next();
                }
                (Some(open), _) if c == open || c == '\n' => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '{') => depth += 1,
                (None, '}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at += at;
                return;
            }
        }
        self.at = self.text.len();
    }
}

/// nginx's escapes: of quotes and backslashes, and `\t`, `\r`, `\n`; any other backslash stays.
fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    while let Some(c) = characters.next() {
        let replaced = match (c, characters.peek()) {
            ('\\', Some('"')) => '"',
            ('\\', Some('\'')) => '\'',
            ('\\', Some('\\')) => '\\',
            ('\\', Some('t')) => '\t',
            ('\\', Some('r')) => '\r',
            ('\\', Some('n')) => '\n',
            _ => {
                text.push(c);
                continue;
            }
        };
        text.push(replaced);
        characters.next();
    }
    text
}

#[cfg(test)]
mod tests;

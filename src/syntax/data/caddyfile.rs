//! Caddyfiles: directives with their words, and blocks of them.
//! <https://caddyserver.com/docs/caddyfile/concepts>

use super::span_of;
use crate::syntax::Span;
use crate::text::Text;

/// Blocks inside blocks beyond this are not read.
const MOST_DEPTH: usize = 32;

/// One line: its words, and the block that it opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// The words, quotes taken off; none for the block of global options.
    pub words: Vec<(Text, Span)>,
    /// What stands between its braces.
    pub block: Option<Vec<Directive>>,
    /// The line, without its block.
    pub span: Span,
}

impl Directive {
    /// Whether its first word is this.
    pub fn is(&self, name: &str) -> bool {
        self.words.first().is_some_and(|(word, _)| word.is(name))
    }

    /// A word behind the first.
    pub fn argument(&self, index: usize) -> Option<&Text> {
        self.words.get(index + 1).map(|(word, _)| word)
    }

    /// What stands in its block.
    pub fn inner(&self) -> &[Directive] {
        self.block.as_deref().unwrap_or_default()
    }
}

/// The directives of a file.
pub fn read(text: &str) -> Vec<Directive> {
    let mut reader = Reader { text, at: super::byte_order_mark(text), missed: 0 };
    reader.block(0)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// How often the end of a heredoc was looked for in vain.
    missed: usize,
}

/// The ends of heredocs are looked for in vain this often; each time costs the rest of the file.
const MOST_MISSED: usize = 50;

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The lines up to the brace that ends the block, or to the end.
    fn block(&mut self, depth: usize) -> Vec<Directive> {
        let mut all = Vec::new();
        let mut words: Vec<(Text, Span)> = Vec::new();
        let mut start = self.at;
        loop {
            let skipped =
                self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_whitespace() && c != '\n').len();
            self.at += skipped;
            let Some(c) = self.rest().chars().next() else { break };
            if words.is_empty() {
                start = self.at;
            }
            match c {
                '\n' => {
                    self.at += 1;
                    Self::end(&mut all, &mut words, None, start);
                }
                '\\' if self.rest().starts_with("\\\n") => self.at += 2,
                '\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                '{' if self.rest()[1..].chars().next().is_none_or(char::is_whitespace) => {
                    self.at += 1;
                    let inner = if depth < MOST_DEPTH { self.block(depth + 1) } else { Vec::new() };
                    Self::end(&mut all, &mut words, Some(inner), start);
                }
                '}' if words.is_empty() => {
                    self.at += 1;
                    return all;
                }
                _ => words.push(self.word()),
            }
        }
        Self::end(&mut all, &mut words, None, start);
        all
    }

    fn end(all: &mut Vec<Directive>, words: &mut Vec<(Text, Span)>, block: Option<Vec<Directive>>, start: usize) {
        if words.is_empty() && block.is_none() {
            return;
        }
        let words = std::mem::take(words);
        let from = u32::try_from(start).unwrap_or(u32::MAX);
        let span = words.last().map_or(Span::new(from, from), |(_, last)| Span::new(from, last.end));
        all.push(Directive { words, block, span });
    }

    fn word(&mut self) -> (Text, Span) {
        let start = self.at;
        if let Some((text, length)) = self.heredoc() {
            self.at += length;
            return (Text::new(text), span_of(start..self.at));
        }
        let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '`'));
        let (text, length) = match quote {
            Some(quote) => {
                let rest = &self.rest()[1..];
                let mut end = rest.len();
                let mut escaped = false;
                for (at, c) in rest.char_indices() {
                    if c == quote && !escaped {
                        end = at;
                        break;
                    }
                    escaped = c == '\\' && !escaped && quote == '"';
                }
                (rest[..end].replace("\\\"", "\""), (end + 2).min(self.rest().len()))
            }
            None => {
                let end = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
                let word = &self.rest()[..end];
                // one that ends its line continues it
                let end =
                    if self.rest()[end..].starts_with(['\n', '\r']) && ends_in_escape(word) { end - 1 } else { end };
                (self.rest()[..end].to_owned(), end)
            }
        };
        self.at += length;
        (Text::new(text), span_of(start..self.at))
    }

    /// The text that `<<NAME` at the end of a line opens, up to the first `NAME`, whose indentation is taken off each
    /// line; and how much of the file it takes.
    fn heredoc(&mut self) -> Option<(String, usize)> {
        let rest = &self.text[self.at..];
        let name = rest.strip_prefix("<<")?;
        let name = &name[..name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?];
        let behind = &rest[2 + name.len()..];
        let body = behind.strip_prefix('\n').or_else(|| behind.strip_prefix("\r\n"))?;
        if name.is_empty() || self.missed >= MOST_MISSED {
            return None;
        }
        let Some(end) = memchr::memmem::find(body.as_bytes(), name.as_bytes()) else {
            self.missed += 1;
            return None;
        };
        let (lines, indentation) = body[..end].rsplit_once('\n').unwrap_or(("", &body[..end]));
        let lines = lines.split('\n').map(|line| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            line.strip_prefix(indentation).unwrap_or(line)
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        Some((text, rest.len() - body.len() + end + name.len()))
    }
}

/// Whether the last sign of a word is a backslash that no other one escapes.
fn ends_in_escape(word: &str) -> bool {
    (word.len() - word.trim_end_matches('\\').len()) % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn directives_have_words_and_blocks() {
        let text = "{\n\tauto_https off\n}\nshop.example.net, www.example.net {\n\theader {\n\t\tX-A \"b c\" # d\n\t}\n\treverse_proxy {$APP}:3000\n}\n";
        let found = read(text);
        assert_eq!(found.len(), 2);
        assert!(found[0].words.is_empty() && found[0].inner()[0].is("auto_https"));
        let site = &found[1];
        assert!(site.is("shop.example.net,"));
        assert!(site.inner()[0].inner()[0].argument(0).expect("a word").is("b c"));
        let proxy = &site.inner()[1];
        assert!(proxy.argument(0).expect("a word").is("{$APP}:3000"));
        assert_eq!(&text[proxy.span.start as usize..proxy.span.end as usize], "reverse_proxy {$APP}:3000");
    }

    #[test]
    fn heredocs_are_one_word_whatever_stands_in_them() {
        let text =
            "a.example.net {\n\trespond /x <<EOF\n\t\t} {\n\t\t\ty\n\t\tEOF 200\n\theader X y\n}\nb.example.net\n";
        let found = read(text);
        assert_eq!(found.len(), 2);
        let respond = &found[0].inner()[0];
        assert!(respond.argument(1).expect("a text").is("} {\n\ty"));
        assert!(respond.argument(2).expect("a status").is("200"));
        assert!(found[0].inner()[1].is("header"));
        for plain in ["respond <<EOF x\n", "respond <<EOF\nx\n", "respond <<\nx\n"] {
            assert!(read(plain)[0].is("respond"), "{plain}");
        }
    }

    #[test]
    fn a_backslash_at_the_end_of_a_line_continues_it() {
        for text in ["header X \\\r\n\ty\r\n", "header X \\\n y\n", "header X\\\ny\n"] {
            let found = read(text);
            assert_eq!(found.len(), 1, "{text:?}");
            let words: Vec<_> = found[0].words.iter().map(|(word, _)| word.clone()).collect();
            assert_eq!(words, ["header", "X", "y"].map(Text::from), "{text:?}");
        }
        assert_eq!(read("root C:\\\\\nheader X y\n").len(), 2, "an escaped backslash continues nothing");
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_spans_lie_on_characters(text in "(\\PC|[\n{}\"`# ]){0,120}") {
            fn check(all: &[Directive], text: &str) -> bool {
                all.iter().all(|own| {
                    text.get(own.span.start as usize..own.span.end as usize).is_some() && check(own.inner(), text)
                })
            }
            prop_assert!(check(&read(&text), &text));
        }
    }
}

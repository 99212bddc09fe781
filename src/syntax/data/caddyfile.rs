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
    let mut reader = Reader { text, at: super::byte_order_mark(text) };
    reader.block(0)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

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
                (self.rest()[..end].to_owned(), end)
            }
        };
        self.at += length;
        (Text::new(text), span_of(start..self.at))
    }
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

//! The words of an instruction, their quotes, escapes and references.

use super::lines::Line;
use super::{Pair, Word};
use crate::syntax::Span;
use crate::syntax::data::interpolation::{Piece, Syntax, reference_at, template};
use crate::syntax::data::{DataError, NodeKind, json};
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;

/// The ranges between white space.
pub(super) fn split(line: &Line, range: Range<usize>) -> Vec<Range<usize>> {
    words(line, range, first)
}

/// The ranges between white space that stands in no quotes and behind no escape.
pub(super) fn split_quoted(line: &Line, range: Range<usize>) -> Vec<Range<usize>> {
    words(line, range, first_quoted)
}

type Cut = Option<(Range<usize>, Range<usize>)>;

fn words(line: &Line, mut rest: Range<usize>, cut: impl Fn(&Line, Range<usize>) -> Cut) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    while let Some((word, after)) = cut(line, rest) {
        words.push(word);
        rest = after;
    }
    words
}

/// The first word of a range, and what follows it.
pub(super) fn first(line: &Line, range: Range<usize>) -> Cut {
    let start = trim_start(line, range.clone());
    let text = &line.text[start..range.end];
    let end = start + text.find(char::is_whitespace).unwrap_or(text.len());
    (start < end).then_some((start..end, end..range.end))
}

/// The first word, quotes kept together, and what follows it.
pub(super) fn first_quoted(line: &Line, range: Range<usize>) -> Cut {
    let start = trim_start(line, range.clone());
    let mut end = range.end;
    let mut quote = None;
    let mut characters = line.text[start..range.end].char_indices();
    while let Some((at, c)) = characters.next() {
        match quote {
            None if c.is_whitespace() => {
                end = start + at;
                break;
            }
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            // nothing escapes in single quotes
            _ if c == line.escape && quote != Some('\'') => {
                characters.next();
            }
            _ => {}
        }
    }
    (start < end).then_some((start..end, end..range.end))
}

/// Where a range starts without white space.
pub(super) fn trim_start(line: &Line, range: Range<usize>) -> usize {
    range.end - line.text[range].trim_start().len()
}

pub(super) fn trim(line: &Line, range: Range<usize>) -> Range<usize> {
    let text = &line.text[range.clone()];
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// A word with its quotes removed and its references found.
pub(super) fn word(line: &Line, range: Range<usize>) -> Word {
    let raw = &line.text[range.clone()];
    let mut text = String::new();
    let mut literal = String::new();
    let mut pieces = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let rest = &raw[at..];
        at += c.len_utf8();
        if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && (c == '\'' || c == '"') {
            quote = Some(c);
        } else if quote == Some('\'') {
            literal.push(c);
        } else if c == line.escape {
            let Some(next) = raw[at..].chars().next() else { break };
            // in double quotes an escape before any other character is itself a character
            if quote.is_some() && !['"', '$', line.escape].contains(&next) {
                literal.push(c);
            }
            literal.push(next);
            at += next.len_utf8();
        } else if c == '$'
            && let Some((piece, length)) = reference_at(rest, Syntax::Dockerfile)
        {
            text.push_str(&literal);
            text.push_str(&rest[..length]);
            flush(&mut literal, &mut pieces);
            let ends = piece == Piece::Malformed;
            pieces.push(piece);
            at += length - c.len_utf8();
            if ends {
                break;
            }
        } else {
            literal.push(c);
        }
    }
    text.push_str(&literal);
    flush(&mut literal, &mut pieces);
    Word { text: Text::new(text), pieces, span: line.span(range) }
}

/// A word in which nothing is quoted and nothing is put in.
pub(super) fn literal(text: Text, span: Span) -> Word {
    Word { pieces: vec![Piece::Text(text.clone())], text, span }
}

/// `a=1 b="2 3"`, or the old form `a everything else`. With `bare`, a word without `=` is a name alone.
pub(super) fn pairs(line: &Line, range: Range<usize>, bare: bool) -> Result<Vec<Pair>, DataError> {
    let words = split_quoted(line, range.clone());
    let is_old = words.first().is_some_and(|word| !line.text[word.clone()].contains('='));
    if is_old && !bare {
        let Some((name, rest)) = first(line, range.clone()) else { return Ok(Vec::new()) };
        let value = trim(line, rest);
        if value.is_empty() {
            return Err(DataError::new(line.span(name), "expected `name=value`"));
        }
        return Ok(vec![pair(line, name, Some(word(line, value)))]);
    }
    words
        .into_iter()
        .map(|range| {
            let Some(equal) = line.text[range.clone()].find('=') else {
                let span = line.span(range.clone());
                return if bare {
                    Ok(pair(line, range, None))
                } else {
                    Err(DataError::new(span, "expected `name=value`"))
                };
            };
            let equal = range.start + equal;
            Ok(pair(line, range.start..equal, Some(word(line, equal + 1..range.end))))
        })
        .collect()
}

fn pair(line: &Line, name: Range<usize>, value: Option<Word>) -> Pair {
    // the name of a label is often quoted
    let text = line.text[name.clone()].trim_matches(['"', '\'']);
    Pair { name: Arc::from(text), name_span: line.span(name), value }
}

/// The words of `["a", "b"]`; none if it is anything else, which Docker then takes for the other form.
pub(super) fn json_form(line: &Line, range: Range<usize>) -> Option<Vec<(Text, Range<usize>)>> {
    let range = trim(line, range);
    let text = &line.text[range.clone()];
    if !text.starts_with('[') {
        return None;
    }
    let document = json::read(text, json::Strictness::Standard).ok()?;
    let NodeKind::List(items) = &document.root().kind else { return None };
    let place = |span: Span| range.start + span.start as usize..range.start + span.end as usize;
    items.iter().map(|item| Some((item.text()?.clone(), place(item.span)))).collect()
}

/// A word of the JSON form whose references are put in.
pub(super) fn json_word(line: &Line, text: Text, range: Range<usize>) -> Word {
    let pieces = template(&text, Syntax::Dockerfile);
    Word { text, pieces, span: line.span(range) }
}

fn flush(literal: &mut String, pieces: &mut Vec<Piece>) {
    if !literal.is_empty() {
        pieces.push(Piece::Text(Text::new(std::mem::take(literal))));
    }
}

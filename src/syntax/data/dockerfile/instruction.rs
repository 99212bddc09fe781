//! One instruction out of its joined line.

use super::lines::{Line, Lines};
use super::words::{
    first, first_quoted, json_form, json_word, literal, pairs, split, split_quoted, trim, trim_start, word,
};
use super::{Arguments, Flag, Heredoc, Instruction, Keyword};
use crate::syntax::data::DataError;
use crate::text::Text;
use std::ops::Range;
use std::sync::Arc;

/// Reads the instruction of a line. Heredocs are taken from the lines behind it.
pub(super) fn parse_instruction(line: &Line, lines: &mut Lines<'_>) -> Result<Instruction, DataError> {
    let mut rest = 0..line.text.len();
    let mut on_build = false;
    let (keyword, keyword_range) = loop {
        let Some((name, after)) = first(line, rest) else {
            return Err(DataError::new(line.span(0..line.text.len()), "expected an instruction behind ONBUILD"));
        };
        rest = after;
        if !on_build && line.text[name.clone()].eq_ignore_ascii_case("ONBUILD") {
            on_build = true;
            continue;
        }
        let Some(keyword) = Keyword::of(&line.text[name.clone()]) else {
            return Err(DataError::new(line.span(name), "there is no such instruction"));
        };
        break (keyword, name);
    };
    let flags = if keyword.has_flags() { flags(line, &mut rest) } else { Vec::new() };
    let rest = trim(line, rest);
    let whole = line.span(trim(line, 0..line.text.len()));
    // a command that is empty takes the one of the base image away
    if rest.is_empty() && keyword != Keyword::Cmd {
        return Err(DataError::new(whole, "the instruction has no argument"));
    }
    let heredocs = if keyword.has_heredocs() { heredocs(line, rest.clone(), lines) } else { Vec::new() };
    let mut span = whole;
    if !heredocs.is_empty() {
        span.end = span.end.max(u32::try_from(lines.here()).unwrap_or(u32::MAX));
    }
    let arguments = arguments(keyword, line, rest)?;
    Ok(Instruction { keyword, keyword_span: line.span(keyword_range), span, on_build, flags, arguments, heredocs })
}

fn arguments(keyword: Keyword, line: &Line, range: Range<usize>) -> Result<Arguments, DataError> {
    let shell = || Arguments::Shell(Text::new(&line.text[range.clone()]), line.span(range.clone()));
    Ok(match keyword {
        Keyword::Env | Keyword::Label => Arguments::Pairs(pairs(line, range, false)?),
        Keyword::Cmd if range.is_empty() => Arguments::Exec(Vec::new()),
        // one word, blanks and what looks like a comment included
        Keyword::User | Keyword::Workdir | Keyword::Stopsignal => Arguments::Words(vec![word(line, range)]),
        Keyword::Arg => Arguments::Pairs(pairs(line, range, true)?),
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell => match json_form(line, range.clone()) {
            Some(words) => Arguments::Exec(words.into_iter().map(|(text, at)| literal(text, line.span(at))).collect()),
            None => shell(),
        },
        Keyword::Healthcheck | Keyword::Maintainer => shell(),
        Keyword::Add | Keyword::Copy | Keyword::Volume if json_form(line, range.clone()).is_some() => {
            let words = json_form(line, range).unwrap_or_default();
            Arguments::Words(words.into_iter().map(|(text, at)| json_word(line, text, at)).collect())
        }
        _ => Arguments::Words(split(line, range).into_iter().map(|at| word(line, at)).collect()),
    })
}

/// The options that stand first, which are cut off from `rest`.
fn flags(line: &Line, rest: &mut Range<usize>) -> Vec<Flag> {
    let mut flags = Vec::new();
    while line.text[trim_start(line, rest.clone())..rest.end].starts_with("--") {
        let Some((range, after)) = first_quoted(line, rest.clone()) else { break };
        *rest = after;
        let text = &line.text[range.clone()];
        if text == "--" {
            break;
        }
        let equal = text.find('=').map(|at| range.start + at);
        let name = &line.text[range.start + 2..equal.unwrap_or(range.end)];
        let value = equal.map(|at| word(line, at + 1..range.end));
        flags.push(Flag { name: Arc::from(name), value, span: line.span(range) });
    }
    flags
}

/// The texts behind `<<NAME`, `<<-NAME`, `<<"NAME"`, `<< NAME`, in the order in which they are named.
fn heredocs(line: &Line, range: Range<usize>, lines: &mut Lines<'_>) -> Vec<Heredoc> {
    let mut heredocs = Vec::new();
    let mut words = split_quoted(line, range).into_iter().peekable();
    while let Some(at) = words.next() {
        let descriptor = line.text[at].trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(name) = descriptor.strip_prefix("<<") else { continue };
        let (name, strips_tabs) = match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let apart = name.is_empty();
        let name = match words.peek() {
            Some(next) if apart => &line.text[next.clone()],
            _ => name,
        };
        let name = unquoted(name, line.escape);
        if name.is_empty() || name.contains('<') {
            continue;
        }
        // any word can be a name, and a shift to the left looks like one: then the line that ends it has to be there
        let is_plain = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        if (apart || !name.chars().all(is_plain)) && !lines.ends_heredoc(&name, strips_tabs) {
            continue;
        }
        let (text, span) = lines.heredoc(&name, strips_tabs);
        heredocs.push(Heredoc { name: Arc::from(name), text, span });
    }
    heredocs
}

/// The name without the quotes and escapes that keep a shell from expanding the text.
fn unquoted(name: &str, escape: char) -> String {
    name.trim_matches(['"', '\'']).replace(escape, "")
}

impl Keyword {
    /// The keyword with a name, in any case.
    fn of(name: &str) -> Option<Keyword> {
        Some(match name.to_ascii_uppercase().as_str() {
            "ADD" => Keyword::Add,
            "ARG" => Keyword::Arg,
            "CMD" => Keyword::Cmd,
            "COPY" => Keyword::Copy,
            "ENTRYPOINT" => Keyword::Entrypoint,
            "ENV" => Keyword::Env,
            "EXPOSE" => Keyword::Expose,
            "FROM" => Keyword::From,
            "HEALTHCHECK" => Keyword::Healthcheck,
            "LABEL" => Keyword::Label,
            "MAINTAINER" => Keyword::Maintainer,
            "RUN" => Keyword::Run,
            "SHELL" => Keyword::Shell,
            "STOPSIGNAL" => Keyword::Stopsignal,
            "USER" => Keyword::User,
            "VOLUME" => Keyword::Volume,
            "WORKDIR" => Keyword::Workdir,
            _ => return None,
        })
    }

    fn has_flags(self) -> bool {
        matches!(self, Keyword::Add | Keyword::Copy | Keyword::From | Keyword::Healthcheck | Keyword::Run)
    }

    fn has_heredocs(self) -> bool {
        matches!(self, Keyword::Add | Keyword::Copy | Keyword::Run)
    }
}

//! Dockerfiles: stages of instructions, whose words have places and whose references are still references.
//!
//! Follows BuildKit's own reader (<https://docs.docker.com/reference/dockerfile/>). What an instruction means, and
//! which `ARG` and `ENV` a reference sees, is left to whoever evaluates the file.

mod instruction;
mod lines;
mod words;

use self::instruction::parse_instruction;
use self::lines::Lines;
use super::interpolation::{Form, Piece};
use super::limits::check_size;
use super::{DataError, Refused};
use crate::syntax::Span;
use crate::text::Text;
use std::sync::Arc;

/// A Dockerfile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dockerfile {
    /// The `ARG`s before the first `FROM`, which only `FROM` lines see.
    pub globals: Vec<Instruction>,
    /// The stages in order; the last one becomes the image unless a build asks for another.
    pub stages: Vec<Stage>,
    /// Every comment, its sign included.
    pub comments: Vec<Span>,
    /// What Docker would refuse; the rest is read all the same.
    pub errors: Vec<DataError>,
}

/// What stands between one `FROM` and the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The image or the earlier stage that it starts from.
    pub base: Word,
    /// Its name, in lower case as Docker compares it.
    pub name: Option<Arc<str>>,
    /// The `FROM` instruction.
    pub from: Instruction,
    /// The instructions after it.
    pub instructions: Vec<Instruction>,
}

/// One instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Instruction {
    /// What it does.
    pub keyword: Keyword,
    /// Where the keyword stands.
    pub keyword_span: Span,
    /// The whole of it, heredocs included.
    pub span: Span,
    /// Whether it stands behind `ONBUILD`: it takes effect in images built on this one.
    pub on_build: bool,
    /// `--from=build`, `--mount=type=secret,id=x`.
    pub flags: Vec<Flag>,
    /// What it is told.
    pub arguments: Arguments,
    /// The texts that follow it line by line (`RUN <<EOF`).
    pub heredocs: Vec<Heredoc>,
}

/// The instructions that Docker knows.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

/// The argument of an instruction, by the form it has.
#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// `CMD ["node", "server.js"]`: the words are taken as they are.
    Exec(Vec<Word>),
    /// `CMD node server.js`: a shell reads it when the container runs, or at build time for `RUN`.
    Shell(Text, Span),
    /// `ENV A=1 B=2`, `ENV A 1`, `LABEL a=b`, `ARG A=1 B`.
    Pairs(Vec<Pair>),
    /// Anything else: `FROM`, `COPY`, `USER`, `EXPOSE`.
    Words(Vec<Word>),
}

/// A word of an instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its characters without quotes, references as they are written.
    pub text: Text,
    /// Its parts; more than one text where Docker puts in variables.
    pub pieces: Vec<Piece>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A name and what it is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// The value; none for an `ARG` that only declares its name.
    pub value: Option<Word>,
}

/// An option of an instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// Its name without dashes.
    pub name: Arc<str>,
    /// What follows the `=`.
    pub value: Option<Word>,
    /// The whole of it.
    pub span: Span,
}

/// A text that stands in the lines after its instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Heredoc {
    /// The word that ends it.
    pub name: Arc<str>,
    /// Its lines.
    pub text: Text,
    /// Where its lines stand.
    pub span: Span,
}

/// Reads a Dockerfile. Only its size can refuse it.
pub fn read(text: &str) -> Result<Dockerfile, Refused> {
    check_size(text)?;
    let mut file = Dockerfile::default();
    let mut lines = Lines::of(text);
    while let Some(line) = lines.next_line(&mut file.comments) {
        match parse_instruction(&line, &mut lines) {
            Ok(instruction) => file.add(instruction),
            Err(error) => file.errors.push(error),
        }
    }
    if file.stages.is_empty() && file.errors.is_empty() {
        file.errors.push(DataError::new(lines.end(), "there is no FROM"));
    }
    Ok(file)
}

impl Dockerfile {
    /// The stage a build makes without being told otherwise.
    pub fn last_stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The stage that a `--target`, a `COPY --from` or a `FROM` names: by name, else by number.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        let name = name.to_lowercase();
        let named = |stage: &&Stage| stage.name.as_deref() == Some(&*name);
        self.stages.iter().rev().find(named).or_else(|| self.stages.get(name.parse::<usize>().ok()?))
    }

    /// A stage with the stages of this file that it starts from, the first one first: what they set, it has. Where an
    /// argument says which (`FROM ${KIND}`), its default does.
    pub fn lineage<'d>(&'d self, stage: &'d Stage) -> Vec<&'d Stage> {
        self.lineage_by(stage, &|_| None)
    }

    /// The same where the build is handed arguments.
    pub fn lineage_by<'d>(&'d self, stage: &'d Stage, given: &dyn Fn(&str) -> Option<Text>) -> Vec<&'d Stage> {
        let mut line = vec![stage];
        let mut here = self.stages.iter().position(|other| std::ptr::eq(other, stage)).unwrap_or(0);
        loop {
            let base = self.base_of(self.stages.get(here).unwrap_or(stage), given);
            // a stage starts from one above it, so this ends
            let is_base =
                |other: &Stage| other.name.as_ref().is_some_and(|name| base.test(|base| base.to_lowercase() == **name));
            let Some(found) = self.stages[..here.min(self.stages.len())].iter().rposition(is_base) else { break };
            line.push(&self.stages[found]);
            here = found;
        }
        line.reverse();
        line
    }

    /// What a stage starts from, with the arguments in it that are known.
    fn base_of(&self, stage: &Stage, given: &dyn Fn(&str) -> Option<Text>) -> Text {
        let written = &stage.base;
        let global = |name: &str| {
            let mut pairs = self.globals.iter().flat_map(Instruction::pairs).filter(|pair| &*pair.name == name);
            let value = pairs.rfind(|pair| pair.value.is_some())?.value.as_ref()?;
            value.pieces.iter().all(|piece| matches!(piece, Piece::Text(_))).then(|| value.text.clone())
        };
        let known = written.pieces.iter().try_fold(Text::new(""), |text, piece| {
            let part = match piece {
                Piece::Text(part) => part.clone(),
                Piece::Reference { name, form } => {
                    let otherwise = || match form {
                        Form::Default { value, .. } => match &value[..] {
                            [Piece::Text(text)] => Some(text.clone()),
                            _ => None,
                        },
                        _ => None,
                    };
                    given(name).or_else(|| global(name)).or_else(otherwise)?
                }
                Piece::Malformed => return None,
            };
            Some(text.join(&part))
        });
        known.unwrap_or_else(|| written.text.clone())
    }

    fn add(&mut self, instruction: Instruction) {
        if instruction.keyword == Keyword::From && !instruction.on_build {
            match stage(instruction) {
                Ok(stage) => self.stages.push(stage),
                Err(error) => self.errors.push(error),
            }
        } else if let Some(stage) = self.stages.last_mut() {
            stage.instructions.push(instruction);
        } else if instruction.keyword == Keyword::Arg {
            self.globals.push(instruction);
        } else {
            self.errors.push(DataError::new(instruction.span, "only ARG can stand before the first FROM"));
        }
    }
}

fn stage(from: Instruction) -> Result<Stage, DataError> {
    let Arguments::Words(words) = &from.arguments else {
        return Err(DataError::new(from.span, "expected `FROM image`"));
    };
    let (base, name) = match &words[..] {
        [base] => (base.clone(), None),
        [base, by, name] if by.text.test(|word| word.eq_ignore_ascii_case("as")) => {
            (base.clone(), Some(name.text.map(str::to_lowercase).as_name()))
        }
        _ => return Err(DataError::new(from.span, "expected `FROM image` or `FROM image AS name`")),
    };
    Ok(Stage { base, name, from, instructions: Vec::new() })
}

impl Instruction {
    /// The pairs of an `ENV`, `ARG` or `LABEL`; none for anything else.
    pub fn pairs(&self) -> &[Pair] {
        match &self.arguments {
            Arguments::Pairs(pairs) => pairs,
            _ => &[],
        }
    }

    /// The words of any form but the shell's; none there.
    pub fn words(&self) -> &[Word] {
        match &self.arguments {
            Arguments::Words(words) | Arguments::Exec(words) => words,
            _ => &[],
        }
    }

    /// The value of a flag.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| &*flag.name == name)
    }
}

#[cfg(test)]
mod tests;

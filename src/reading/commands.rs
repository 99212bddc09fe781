//! What a command line of a project is: its text, where it stands, where it runs.

use crate::eval::Place;
use crate::project::PackageId;
use crate::reading::bench::Reading;
use crate::reading::checks::Checks;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::{Arc, OnceLock};

/// One command line, or several in one text.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The text.
    pub(crate) line: Text,
    /// The file it stands in.
    pub(crate) file: FileId,
    /// Its place there.
    pub(crate) span: Span,
    /// The name under which a package or a Procfile has it.
    pub(crate) name: Option<Arc<str>>,
    /// Where it runs.
    pub(crate) runs_in: RunsIn,
    /// The package whose script it is; none where it stands in a file of its own.
    pub(crate) package: Option<PackageId>,
    /// What it checks, if anything, once somebody asks.
    pub(crate) checks: OnceLock<Option<Box<Checks>>>,
}

/// Where a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunsIn {
    /// Wherever somebody starts the package's script.
    Script,
    /// A pipeline.
    Pipeline,
    /// The deployed app: its image, its service, its platform.
    Deployment,
}

impl Command {
    /// A command line that belongs to no package.
    pub(crate) fn new(line: Text, file: FileId, span: Span, name: Option<Arc<str>>, runs_in: RunsIn) -> Command {
        Command { line, file, span, name, runs_in, package: None, checks: OnceLock::new() }
    }

    /// Whether its name has one of these words.
    pub(crate) fn is_for(&self, words: &[&str]) -> bool {
        let name = self.name.as_deref().unwrap_or_default().to_ascii_lowercase();
        name.split([':', '-', '_', '.', ' ']).any(|part| words.contains(&part))
    }

    /// The line in which a word of it stands, else all of it.
    pub(crate) fn place_of(&self, reading: &Reading<'_>, word: &str) -> Place {
        let whole = Place::File(self.file, self.span);
        let Ok(text) = reading.documents.project.text(self.file) else { return whole };
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let Some(own) = text.get(start..end) else { return whole };
        let Some(at) = own.find(word).filter(|_| own.contains('\n')) else { return whole };
        let line_start = own[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = own[at..].find('\n').map_or(own.len(), |newline| at + newline);
        let line = &own[line_start..line_end];
        let from = start + line_start + (line.len() - line.trim_start().len());
        let to = start + line_start + line.trim_end().len();
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place::File(self.file, Span::new(fit(from), fit(to)))
    }
}

//! The command lines of a project: scripts of its packages, steps of its pipelines, what its images and services run.

use crate::documents::Documents;
use crate::eval::Place;
use crate::project::{FileKind, PackageId};
use crate::reading::bench::Reading;
use crate::reading::checks::Checks;
use crate::syntax::data::dockerfile;
use crate::syntax::data::dockerfile::{Arguments, Keyword};
use crate::syntax::data::{Format, Node, NodeKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::{Arc, OnceLock};

/// Keys of pipelines and platform files whose values are command lines.
const KEYS: &[&str] = &[
    "run",
    "script",
    "before_script",
    "after_script",
    "command",
    "entrypoint",
    "release_command",
    "buildCommand",
    "startCommand",
    "preDeployCommand",
    "installCommand",
    "uses",
];

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
    fn new(line: Text, file: FileId, span: Span, name: Option<Arc<str>>, runs_in: RunsIn) -> Command {
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

/// Every command line that belongs to the app: of its package and of the root's, and of the files around it.
pub(crate) fn commands<'a>(reading: &Reading<'a>) -> impl Iterator<Item = &'a Command> + use<'a> {
    let documents = reading.documents;
    let all = reading.shared.commands.get_or_init(|| of_project(documents));
    let packages = [reading.found.package, documents.project.package_above("", None)];
    all.iter().filter(move |command| command.package.is_none() || packages.contains(&command.package))
}

/// Every command line of the project.
fn of_project(documents: &Documents<'_>) -> Vec<Command> {
    let project = documents.project;
    let mut all = Vec::new();
    for id in project.package_ids() {
        let package = project.package(id);
        for script in &package.scripts {
            let (line, span, name) = (script.command.clone(), script.span, Some(script.name.clone()));
            let command = Command::new(line, package.file, span, name, RunsIn::Script);
            all.push(Command { package: Some(id), ..command });
        }
    }
    for file in project.ids() {
        of_file(documents, file, &mut all);
    }
    all
}

fn of_file(documents: &Documents<'_>, file: FileId, into: &mut Vec<Command>) {
    let project = documents.project;
    let (format, runs_in) = match &project.file(file).kind {
        FileKind::Workflow => (Format::Yaml, RunsIn::Pipeline),
        FileKind::Compose | FileKind::Render => (Format::Yaml, RunsIn::Deployment),
        FileKind::Fly | FileKind::Netlify => (Format::Toml, RunsIn::Deployment),
        FileKind::Railway if project.file(file).name().ends_with(".toml") => (Format::Toml, RunsIn::Deployment),
        FileKind::Railway => (Format::JsonComments, RunsIn::Deployment),
        FileKind::Procfile => return processes(documents, file, into),
        FileKind::Dockerfile => return image(documents, file, into),
        FileKind::Other if project.file(file).name().ends_with(".sh") => return shell(documents, file, into),
        _ => return,
    };
    let Some(document) = documents.data_of(file, format) else { return };
    for root in document.roots() {
        walk(root, file, runs_in, into);
    }
}

/// Collects what stands under the keys of commands. A job with services of its own has a database of its own too.
fn walk(node: &Node, file: FileId, runs_in: RunsIn, into: &mut Vec<Command>) {
    let job_with_services =
        runs_in == RunsIn::Pipeline && node.get("services").is_some() && node.get("steps").is_some();
    if job_with_services {
        return;
    }
    for entry in node.entries() {
        if KEYS.contains(&&*entry.key) {
            texts(&entry.value, file, runs_in, into);
        }
        walk(&entry.value, file, runs_in, into);
    }
    node.items().iter().for_each(|item| walk(item, file, runs_in, into));
}

fn texts(node: &Node, file: FileId, runs_in: RunsIn, into: &mut Vec<Command>) {
    let mut push = |line: Text| into.push(Command::new(line, file, node.span, None, runs_in));
    match &node.kind {
        NodeKind::Text(text) => push(text.clone()),
        // A pipeline's list is one command an item; a service's list is one command in words.
        NodeKind::List(items) if runs_in == RunsIn::Pipeline => {
            items.iter().for_each(|item| texts(item, file, runs_in, into));
        }
        NodeKind::List(items) => {
            push(Text::of_words(items.iter().filter_map(Node::text)));
        }
        _ => {}
    }
}

fn processes(documents: &Documents<'_>, file: FileId, into: &mut Vec<Command>) {
    let Some(document) = documents.data_of(file, Format::Procfile) else { return };
    for entry in document.root().entries() {
        if let Some(line) = entry.value.text() {
            let (line, name) = (line.clone(), Some(entry.key.clone()));
            into.push(Command::new(line, file, entry.value.span, name, RunsIn::Deployment));
        }
    }
}

fn image(documents: &Documents<'_>, file: FileId, into: &mut Vec<Command>) {
    let Ok(text) = documents.project.text(file) else { return };
    let Ok(image) = dockerfile::read(text) else { return };
    for instruction in image.stages.iter().flat_map(|stage| &stage.instructions) {
        if !matches!(instruction.keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint) {
            continue;
        }
        let line = match &instruction.arguments {
            Arguments::Exec(words) => Text::of_words(words.iter().map(|word| &word.text)),
            _ => {
                let (start, end) = (instruction.keyword_span.end as usize, instruction.span.end as usize);
                let Some(line) = text.get(start..end) else { continue };
                Text::new(line.replace("\\\n", " "))
            }
        };
        into.push(Command::new(line, file, instruction.span, None, RunsIn::Deployment));
    }
}

fn shell(documents: &Documents<'_>, file: FileId, into: &mut Vec<Command>) {
    let Ok(text) = documents.project.text(file) else { return };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let name = documents.project.file(file).name().trim_end_matches(".sh").into();
        let span = Span::new(fit(at), fit(at + line.len()));
        into.push(Command::new(Text::new(line), file, span, Some(name), RunsIn::Script));
    }
}

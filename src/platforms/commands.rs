//! The command lines of a project: scripts of its packages, steps of its pipelines, what its images and services run.

use super::list::PLATFORMS;
use super::pipelines;
use super::platform::{Commands, format_of};
use crate::documents::Documents;
use crate::project::{FileKind, lies_in};
use crate::reading::bench::Reading;
use crate::reading::commands::{Command, RunsIn};
use crate::syntax::data::dockerfile;
use crate::syntax::data::dockerfile::{Arguments, Keyword};
use crate::syntax::data::{Format, Node, NodeKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;

/// Every command line that belongs to the app: of its package and of the root's, and of the files that lie in no package
/// beside it.
pub(crate) fn commands<'a>(reading: &Reading<'a>) -> impl Iterator<Item = &'a Command> + use<'a> {
    let documents = reading.documents;
    let all = reading.shared.commands.get_or_init(|| of_project(documents));
    let packages = [reading.found.package, documents.project.package_above("", None)];
    let (project, root) = (documents.project, reading.found.root.clone());
    let is_around = move |file: FileId| {
        let package = project.package_above(project.file(file).folder(), None);
        let dir = package.map_or("", |package| &*project.package(package).dir);
        lies_in(&root, dir) || lies_in(dir, &root)
    };
    all.iter().filter(move |command| match command.package {
        Some(_) => packages.contains(&command.package),
        None => is_around(command.file),
    })
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

pub(super) fn of_file(documents: &Documents<'_>, file: FileId, into: &mut Vec<Command>) {
    let own = documents.project.file(file);
    match own.kind {
        FileKind::Platform(files) if *files == pipelines::FILES && pipelines::runs(documents.project, file) => {
            keyed(documents, file, pipelines::COMMANDS, RunsIn::Pipeline, into);
        }
        FileKind::Platform(files) => {
            let platform = PLATFORMS.iter().find(|platform| platform.files == *files);
            match platform.map(|platform| &platform.commands) {
                Some(Commands::Keys(keys)) => keyed(documents, file, keys, RunsIn::Deployment, into),
                Some(Commands::Processes) => processes(documents, file, into),
                Some(Commands::Instructions) => image(documents, file, into),
                None => {}
            }
        }
        FileKind::Other if own.name().ends_with(".sh") => shell(documents, file, into),
        _ => {}
    }
}

fn keyed(documents: &Documents<'_>, file: FileId, keys: &[&str], runs_in: RunsIn, into: &mut Vec<Command>) {
    let Some(format) = format_of(documents.project.file(file).name()) else { return };
    let Some(document) = documents.data_of(file, format) else { return };
    for root in document.roots() {
        walk(root, keys, &mut Found { file, runs_in, into });
    }
}

/// The commands of one file, as far as they are found.
struct Found<'c> {
    file: FileId,
    runs_in: RunsIn,
    into: &'c mut Vec<Command>,
}

/// Collects what stands under the keys of commands. A job with services of its own has a database of its own too.
fn walk(node: &Node, keys: &[&str], found: &mut Found<'_>) {
    let job_with_services =
        found.runs_in == RunsIn::Pipeline && node.get("services").is_some() && node.get("steps").is_some();
    if job_with_services {
        return;
    }
    for entry in node.entries() {
        if keys.contains(&&*entry.key) {
            found.texts(&entry.value);
        }
        walk(&entry.value, keys, found);
    }
    node.items().iter().for_each(|item| walk(item, keys, found));
}

impl Found<'_> {
    fn texts(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Text(text) => self.push(text.clone(), node.span),
            // A pipeline's list is one command an item; a service's list is one command in words.
            NodeKind::List(items) if self.runs_in == RunsIn::Pipeline => {
                items.iter().for_each(|item| self.texts(item));
            }
            NodeKind::List(items) => self.push(Text::of_words(items.iter().filter_map(Node::text)), node.span),
            _ => {}
        }
    }

    fn push(&mut self, line: Text, span: Span) {
        self.into.push(Command::new(line, self.file, span, None, self.runs_in));
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

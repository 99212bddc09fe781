//! Files that a deployment puts in the place of another: a `COPY` under a new name, a volume or a `ConfigMap` mounted over it.

use super::commands::of_file;
use super::compose;
use super::compose::mount;
use super::dockerfile;
use crate::documents::Documents;
use crate::project::{FileKind, folder_of, inside, lies_in, normalized};
use crate::reading::commands::{Command, RunsIn};
use crate::syntax::FileId;
use crate::syntax::data::dockerfile::{Keyword, read};
use crate::syntax::data::{Format, Node};

/// What deployments put where an app in a folder has a file of one of some names. A `ConfigMap` stands for what it holds.
pub(crate) fn placed(documents: &Documents<'_>, folder: &str, names: &'static [&'static str]) -> Vec<FileId> {
    let mut found = Vec::new();
    by_images(documents, folder, names, &mut found);
    by_volumes(documents, folder, names, &mut found);
    by_maps(documents, folder, names, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

/// The lines by which deployments start what lies in a folder, and what its package runs as its start.
pub(crate) fn start_lines(documents: &Documents<'_>, folder: &str) -> Vec<Command> {
    let project = documents.project;
    let mut all = Vec::new();
    let around =
        |file: FileId| lies_in(folder, project.file(file).folder()) || lies_in(project.file(file).folder(), folder);
    for file in project.of_kinds(|kind| matches!(kind, FileKind::Platform(_))).into_iter().filter(|file| around(*file))
    {
        of_file(documents, file, &mut all);
    }
    all.retain(|command| command.runs_in == RunsIn::Deployment);
    if let Some(id) = project.package_above(folder, None) {
        let package = project.package(id);
        for script in package.scripts.iter().filter(|script| starts(&script.name)) {
            let command = Command::new(script.command.clone(), package.file, script.span, None, RunsIn::Script);
            all.push(Command { package: Some(id), ..command });
        }
    }
    all
}

fn starts(name: &str) -> bool {
    matches!(name, "start" | "serve" | "prod" | "production") || name.starts_with("start:prod")
}

/// A file that is not already what it replaces.
fn is_other(documents: &Documents<'_>, file: FileId, folder: &str, names: &'static [&'static str]) -> bool {
    let path = &documents.project.file(file).path;
    lies_in(path, folder) && !names.iter().any(|name| **path == *inside(folder, name))
}

fn is_named(path: &str, names: &'static [&'static str]) -> bool {
    names.iter().any(|name| path.rsplit('/').next() == name.rsplit('/').next())
}

fn by_images(documents: &Documents<'_>, folder: &str, names: &'static [&'static str], found: &mut Vec<FileId>) {
    let project = documents.project;
    for file in project.of_kind(&dockerfile::PLATFORM.kind()).iter().copied() {
        let Some(image) = project.text(file).ok().and_then(|text| read(text).ok()) else { continue };
        let own = project.file(file).folder();
        let copies = image.stages.iter().flat_map(|stage| &stage.instructions);
        for copy in
            copies.filter(|own| matches!(own.keyword, Keyword::Copy | Keyword::Add) && own.flag("from").is_none())
        {
            let words = copy.words();
            let [sources @ .., target] = &words[..] else { continue };
            let target = target.text.as_name();
            for source in sources {
                let source = source.text.as_name();
                let is_folder = target.ends_with(['/', '.']);
                if !is_named(if is_folder { &source } else { &target }, names) {
                    continue;
                }
                let at = |folder: &str| project.find(&normalized(&inside(folder, source.trim_start_matches('/')))?);
                found.extend(at(own).or_else(|| at("")).filter(|file| is_other(documents, *file, folder, names)));
            }
        }
    }
}

fn by_volumes(documents: &Documents<'_>, folder: &str, names: &'static [&'static str], found: &mut Vec<FileId>) {
    let project = documents.project;
    for file in project.of_kind(&compose::PLATFORM.kind()).iter().copied() {
        let Some(document) = documents.data_of(file, Format::Yaml) else { continue };
        for service in document.root().get("services").map_or(&[][..], Node::entries) {
            let volumes = service.value.get("volumes").map_or(&[][..], Node::items);
            let mounts = volumes.iter().filter_map(mount).filter(|(_, target)| is_named(target, names));
            for (source, _) in mounts {
                let path = normalized(&inside(folder_of(&project.file(file).path), &source));
                let source = path.and_then(|path| project.find(&path));
                found.extend(source.filter(|source| is_other(documents, *source, folder, names)));
            }
        }
    }
}

/// Manifests that hold a file of the name as a text: it is nobody's module, so that nothing of it is known.
fn by_maps(documents: &Documents<'_>, folder: &str, names: &'static [&'static str], found: &mut Vec<FileId>) {
    let project = documents.project;
    for file in project.of_kind_mentioning(&FileKind::Yaml, names).iter().copied() {
        let Some(document) = documents.data_of(file, Format::Yaml) else { continue };
        let holds = document.roots().iter().any(|root| {
            let is_map = root.get("kind").and_then(Node::text).is_some_and(|kind| kind.is("ConfigMap"));
            is_map && root.get("data").map_or(&[][..], Node::entries).iter().any(|entry| is_named(&entry.key, names))
        });
        let package = project.package_above(project.file(file).folder(), None);
        let belongs = package == project.package_above(folder, None);
        found.extend((holds && belongs).then_some(file));
    }
}

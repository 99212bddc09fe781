//! Images that nothing else in the project deploys. Whoever starts one can set any variable, so it is never closed.
//! <https://docs.docker.com/reference/dockerfile/>

use super::bought::is_server;
use super::container;
use super::describing::Describing;
use super::hosting::Hosting;
use super::image::{self, BuildArguments, Image};
use super::platform::{Commands, Platform};
use super::runs::word_of;
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Target};
use crate::project::{FilesOf, Pattern, is_variant};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::dockerfile::{self, Instruction, Keyword};
use crate::text::Text;

/// An image by itself, made of the folder as it lies there.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { dashboard: false, carries_uncommitted_files: true, ..Nature::of("a container") },
    files: FilesOf {
        name: "dockerfile",
        patterns: &[Pattern::Told(is_dockerfile)],
        medium: "dockerfile",
        comments: Some(|text| dockerfile::read(text).map(|file| file.comments).unwrap_or_default()),
    },
    texts: &[],
    beside: &[],
    commands: Commands::Instructions,
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// Endings of notes, scripts and templates about a Dockerfile.
const ABOUT: &[&str] = &[
    "md", "txt", "py", "ts", "js", "sh", "json", "yml", "yaml", "j2", "tmpl", "erb", "hbs", "ejs", "mustache", "njk",
    "liquid",
];

fn is_dockerfile(_folder: &str, name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if matches!(ending, "Dockerfile" | "dockerfile" | "Containerfile" | "containerfile") {
        return true;
    }
    if name.contains("__") || ABOUT.contains(&ending) {
        return false;
    }
    let base = if ending.is_empty() { name } else { stem };
    ["Dockerfile", "dockerfile", "Containerfile"].iter().any(|known| is_variant(base, known))
}

/// The images of an app that no other platform's file builds.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in of_app(context).into_iter().filter(|file| !context.built.contains(file)).collect::<Vec<_>>() {
        let stage = context.stage_of(file);
        let name = stage.as_ref().map(Text::as_name);
        let layers = image::layers(context, file, name.as_deref(), &BuildArguments::new());
        if layers.is_empty() {
            continue;
        }
        let mut target = context.target(&PLATFORM, file, None);
        target.stage = stage;
        target.images.push(file);
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let Some(image) = Image::of(reading, target.file, target.stage.as_ref(), &target.directory) else {
        return Hosting::default();
    };
    let disk = image.volume().map(|place| reading.word("durable", place));
    Hosting { disk, ..Hosting::default() }.built(Some(image))
}

/// The Dockerfiles that build the app.
pub(crate) fn of_app(context: &Describing<'_, '_>) -> Vec<FileId> {
    let mut files = context.files(&PLATFORM);
    // Where no app is known, what is deployed is judged whatever it runs.
    files.retain(|file| {
        holds_app(context, *file) && (context.request.everything || !serves_alone(context, *file, None))
    });
    context.prefer_named(&mut files);
    // One without a command, beside one that has one, is what developers start by hand, or what another is built on.
    if files.iter().any(|file| starts_something(context, *file)) {
        files.retain(|file| starts_something(context, *file));
    }
    files
}

/// Whether an image has a command that runs something: one of its own, or perhaps that of the image that it is made of.
fn starts_something(context: &Describing<'_, '_>, file: FileId) -> bool {
    let read = context.project().text(file).ok().and_then(|text| dockerfile::read(text).ok());
    let Some((read, last)) = read.as_ref().and_then(|read| Some((read, read.stages.last()?))) else { return true };
    let stages = read.lineage(last);
    let starts = |one: &Instruction| matches!(one.keyword, Keyword::Cmd | Keyword::Entrypoint);
    let base = stages.first().and_then(|first| word_of(&first.base.text));
    !base.is_some_and(|base| image::is_of_a_language(&base))
        || stages.iter().any(|stage| stage.instructions.iter().any(starts))
}

/// Whether an image is made of a server of other people, which hands files out or passes requests on: no code of an app
/// runs in it. `stage` is the one that a build names, else the last.
pub(crate) fn serves_alone(context: &Describing<'_, '_>, file: FileId, stage: Option<&str>) -> bool {
    let Some(read) = context.project().text(file).ok().and_then(|text| dockerfile::read(text).ok()) else {
        return false;
    };
    let Some(last) = stage.map_or_else(|| read.stages.last(), |stage| read.stage(stage)) else { return false };
    let Some(first) = read.lineage(last).into_iter().next() else { return false };
    word_of(&first.base.text).is_some_and(|base| is_server(&base))
}

/// A file in the app's folder builds the app; one above it does if it names the app's folder or there is no other app.
pub(crate) fn holds_app(context: &Describing<'_, '_>, file: FileId) -> bool {
    let app_dir = context.request.app_dir;
    let above = crate::project::lies_in(app_dir, context.folder(file));
    context.deploys(context.folder(file))
        || (above && !app_dir.is_empty() && context.project().mentions(file, &[app_dir]))
}

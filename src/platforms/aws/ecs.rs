//! AWS ECS: task definitions. A container gets what its definition tells it, and the files that it names in a bucket.
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html>

use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{Kind, Place};
use crate::platforms::bought::is_bought;
use crate::platforms::command::Line;
use crate::platforms::container;
use crate::platforms::defined::defined;
use crate::platforms::describing::Describing;
use crate::platforms::hosting::Hosting;
use crate::platforms::image::Image;
use crate::platforms::listed::{listed, never};
use crate::platforms::platform::{Commands, InText, Platform};
use crate::project::{FileKind, FilesOf};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::Node;

/// A container of a task, which is told what its definition says.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { dashboard: false, ..Nature::of("AWS ECS") },
    files: FilesOf { name: "ecs", patterns: &[], medium: "manifest", comments: None },
    texts: &[InText { kind: FileKind::Json, says: &[&["\"containerDefinitions\""], &["\"image\""]] }],
    beside: &[],
    commands: Commands::Keys(&[]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// The containers that are the app: those of a definition that are nothing bought.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files_of_environment(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let containers = root.get("containerDefinitions").map_or(&[][..], Node::items).iter();
        let own: Vec<&Node> = containers.filter(|container| !is_bought_container(container)).collect();
        // Beside another container of nobody's image it cannot be told which of them is the app.
        let [container] = own[..] else { continue };
        found.extend(deployed(context, file, root, container));
    }
    // What a task runs in production no plain compose file beside it does.
    context.hosted.extend(found.iter().map(|found| found.target.directory.clone()));
    found
}

fn is_bought_container(container: &Node) -> bool {
    container.get("image").and_then(Node::text).is_some_and(|image| is_bought(&image.as_name()))
}

fn deployed(context: &mut Describing<'_, '_>, file: FileId, root: &Node, container: &Node) -> Option<Described> {
    let (mut target, mut layers) = defined(context, &PLATFORM, file, container.get("name"), root, container)?;
    let told = listed(file, container.get("environment"), "name", "value", never);
    let stored = listed(file, container.get("secrets"), "name", "value", never);
    target.secrets = stored.stored;
    layers.extend([told.layer, stored.layer]);
    let says_something = ["environment", "secrets"].iter().any(|key| container.get(key).is_some());
    let closed = says_something && container.get("environmentFiles").is_none();
    Some(Described { target, layers, closed, sources: vec![context.source(file)] })
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let [Part { file, node: root }, Part { node: own, .. }] = &target.parts[..] else { return Hosting::default() };
    let at = |node: &Node| Place::File(*file, node.span);
    let line = |key: &str| own.get(key).filter(|node| !node.items().is_empty());
    let line = |key: &str| line(key).and_then(|node| Line::of_node(*file, node));
    let image =
        target.images.first().and_then(|image| Image::of(reading, *image, target.stage.as_ref(), &target.directory));
    let start = match (line("entryPoint"), line("command")) {
        (Some(entry), Some(command)) => Some(entry.with(&command)),
        (Some(entry), None) => Some(entry),
        (None, Some(command)) => {
            let entry = image.as_ref().and_then(Image::entry_point);
            Some(entry.map_or(command.clone(), |entry| entry.with(&command)))
        }
        (None, None) => None,
    };
    let volumes = root.get("volumes").map_or(&[][..], Node::items);
    let kept = volumes.iter().find(|volume| {
        ["efsVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration", "host"]
            .iter()
            .any(|key| volume.get(key).is_some_and(|node| !node.entries().is_empty()))
    });
    let hosting = Hosting {
        start,
        disk: Some(match kept {
            Some(volume) => reading.word("durable", at(volume)),
            None => reading.word("ephemeral", at(own)),
        }),
        stops_when_idle: Some(reading.stated(Kind::Bool(false), at(own))),
        ..Hosting::default()
    };
    hosting.built(image)
}

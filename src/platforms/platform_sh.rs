//! Platform.sh: `.platform.app.yaml` of an application that is built from source. More variables can be set in its console.
//! <https://docs.platform.sh/create-apps/app-reference/single-runtime-image.html>

use super::command::Line;
use super::container;
use super::describing::Describing;
use super::hosting::{Hosting, disk};
use super::platform::{Commands, Platform};
use crate::environment::layer::{Layer, Role, Weight};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::Place;
use crate::project::{FilesOf, Pattern};
use crate::reading::bench::Reading;
use crate::syntax::data::Node;

/// An application on Platform.sh; its router ends TLS. <https://docs.platform.sh/define-routes/https.html>
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("Platform.sh") },
    files: FilesOf {
        name: "platform_sh",
        patterns: &[Pattern::Named(".platform.app.yaml")],
        medium: "manifest",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["build", "deploy", "post_deploy", "start"]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// The application of a file.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let mut target = context.target(&PLATFORM, file, None);
        let mut layer = Layer::new(Role::Target, Weight::Certain);
        if let Some(section) = root.at(&["variables", "env"]) {
            layer.add_literals(file, section);
        }
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers: vec![layer], closed: false, sources: vec![context.source(file)] });
    }
    found
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let Some(Part { file, node: root }) = target.parts.first() else { return Hosting::default() };
    let line = |path: &[&str]| root.at(path).and_then(|node| Line::of_node(*file, node));
    let workers = root.get("workers").map_or(&[][..], Node::entries);
    Hosting {
        start: line(&["web", "commands", "start"]),
        before: line(&["hooks", "deploy"]).into_iter().map(|line| ("a deploy", line)).collect(),
        // Only what is mounted can be written to. <https://docs.platform.sh/create-apps/app-reference/single-runtime-image.html#mounts>
        disk: disk(reading, *file, root.get("mounts"), root),
        worker: workers.first().map(|entry| Place::File(*file, entry.key_span)),
        ..Hosting::default()
    }
}

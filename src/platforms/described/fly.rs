//! Fly.io: `[env]` over the image. Secrets lie in its vault. <https://fly.io/docs/reference/configuration/>

use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Part, TargetKind};
use crate::eval::Place;
use crate::platforms::described::context::Context;
use crate::platforms::described::image;
use crate::platforms::described::image::BuildArguments;
use crate::project::{FileKind, inside, normalized};
use crate::syntax::FileId;
use crate::syntax::data::scalar;
use crate::syntax::data::{Format, Node};
use crate::text::Text;

/// The Fly app of an app.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut files: Vec<FileId> = context.files(&FileKind::Fly);
    files.retain(|file| context.deploys(context.folder(*file)) && !context.is_for_another(*file));
    context.prefer_named(&mut files);
    let mut found = Vec::new();
    for file in files {
        let Some(document) = context.parse(file, Format::Toml) else { continue };
        let root = document.root();
        let mut target = context.target(TargetKind::Fly, file, None);
        let mut layers = Vec::new();
        if let Some(dockerfile) = dockerfile(context, file, root) {
            let stage = root.at(&["build", "build-target"]).and_then(Node::text).map(Text::as_name);
            layers.extend(image::layer(context, dockerfile, stage.as_deref(), &arguments(file, root)));
            target.images.push(dockerfile);
        }
        let mut layer = Layer::new(Role::Target, Weight::Certain);
        if let Some(section) = root.get("env") {
            layer.add_literals(file, section);
        }
        layers.push(layer);
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

fn dockerfile(context: &Context<'_, '_>, file: FileId, root: &Node) -> Option<FileId> {
    if root.at(&["build", "image"]).is_some() || root.at(&["build", "builder"]).is_some() {
        return None;
    }
    let named = root.at(&["build", "dockerfile"]).and_then(Node::text).map(Text::as_name);
    let name = named.as_deref().unwrap_or("Dockerfile");
    context.project().find(&normalized(&inside(context.folder(file), name))?)
}

fn arguments(file: FileId, root: &Node) -> BuildArguments {
    let entries = root.at(&["build", "args"]).map_or(&[][..], Node::entries).iter();
    let argument = entries.filter_map(|entry| {
        let text = scalar(&entry.value.kind)?;
        Some((entry.key.clone(), set(&text, &entry.key, Place::File(file, entry.value.span))))
    });
    argument.collect()
}

//! A target that is one container of a definition, as several platforms have it: its image, and what that tells by itself.

use super::describing::Describing;
use super::dockerfile;
use super::image::{self, BuildArguments};
use super::platform::Platform;
use crate::environment::layer::Layer;
use crate::environment::target::{Part, Runs, Target};
use crate::syntax::FileId;
use crate::syntax::data::Node;
use crate::text::Text;

/// The target of a container in a definition, with the layers of its image; none where it runs somebody else's image. The
/// parts are the definition and the container. The file may lie anywhere: what it deploys is the app that is asked for.
pub(crate) fn defined(
    context: &mut Describing<'_, '_>,
    platform: &'static Platform,
    file: FileId,
    name: Option<&Node>,
    root: &Node,
    container: &Node,
) -> Option<(Target, Vec<Layer>)> {
    let name = name.and_then(Node::text).map(Text::as_name);
    let mut target = context.target(platform, file, name.as_deref());
    target.directory = context.request.app_dir.into();
    target.parts = vec![Part { file, node: root.clone() }, Part { file, node: container.clone() }];
    if let Some(image) = container.get("image").and_then(Node::text) {
        context.run_image(&mut target, image)?;
    }
    if target.images.is_empty() && !matches!(target.runs, Runs::Image(_)) {
        target.images.extend(dockerfile::of_app(context).first());
    }
    let mut layers = Vec::new();
    if let Some(image) = target.images.first().copied() {
        target.stage = context.stage_of(image);
        let stage = target.stage.as_ref().map(Text::as_name);
        layers.extend(image::layers(context, image, stage.as_deref(), &BuildArguments::new()));
    }
    Some((target, layers))
}

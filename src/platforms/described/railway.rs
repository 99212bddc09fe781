//! Railway: the image and what Railway tells every service of itself. Variables lie in its dashboard.
//! <https://docs.railway.com/reference/config-as-code>

use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Part, TargetKind};
use crate::eval::Place;
use crate::platforms::described::context::Context;
use crate::platforms::described::image;
use crate::platforms::described::image::BuildArguments;
use crate::project::{FileKind, inside, normalized};
use crate::syntax::data::{Format, Node};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// The Railway services of an app.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.files(&FileKind::Railway) {
        if !context.deploys(context.folder(file)) || context.is_for_another(file) {
            continue;
        }
        let toml = context.project().file(file).name().ends_with(".toml");
        let format = if toml { Format::Toml } else { Format::JsonComments };
        let Some(document) = context.parse(file, format) else { continue };
        let root = document.root();
        let mut target = context.target(TargetKind::Railway, file, None);
        let mut layers = Vec::new();
        if let Some(dockerfile) = dockerfile(context, file, root) {
            layers.extend(image::layer(context, dockerfile, None, &BuildArguments::new()));
            target.images.push(dockerfile);
        }
        layers.push(own_variables(context.request.environment_name, file));
        target.parts.push(Part { file, node: root.clone() });
        if let Some(named) = root.at(&["environments", context.request.environment_name]) {
            target.parts.push(Part { file, node: named.clone() });
        }
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

/// The named Dockerfile, or the one beside the file unless another builder is named.
fn dockerfile(context: &Context<'_, '_>, file: FileId, root: &Node) -> Option<FileId> {
    let word = |key: &str| root.at(&["build", key]).and_then(Node::text).map(Text::as_name);
    let builder = word("builder").map(|builder| builder.to_ascii_uppercase());
    if builder.is_some_and(|builder| builder != "DOCKERFILE") {
        return None;
    }
    let name = word("dockerfilePath");
    let name = name.as_deref().unwrap_or("Dockerfile").trim_start_matches('/');
    context.project().find(&normalized(&inside(context.folder(file), name))?)
}

/// <https://docs.railway.com/reference/variables#railway-provided-variables>
fn own_variables(environment: &str, file: FileId) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for name in ["RAILWAY_ENVIRONMENT_NAME", "RAILWAY_ENVIRONMENT"] {
        let name: Arc<str> = name.into();
        let value = set(&Text::new(environment), &name, Place::Framework("Railway"));
        layer.add(name, file, Span::default(), value);
    }
    layer
}

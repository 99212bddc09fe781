//! Render: `envVars` of a service over the image. More can be set in its dashboard.
//! <https://render.com/docs/blueprint-spec#environment-variables>

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Part, Target, TargetKind};
use crate::eval::Place;
use crate::platforms::described::context::Context;
use crate::platforms::described::found::Targets;
use crate::platforms::described::image;
use crate::platforms::described::image::BuildArguments;
use crate::project::{FileKind, inside, normalized};
use crate::syntax::FileId;
use crate::syntax::data::scalar;
use crate::syntax::data::{Format, Node};
use crate::text::Text;

/// `generateValue` makes 256 random bits, written in base64.
const GENERATED_CHARS: usize = 44;

/// The services of a blueprint that are the app.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut targets = Targets::default();
    for file in context.files(&FileKind::Render) {
        if context.is_for_another(file) {
            continue;
        }
        let Some(document) = context.parse(file, Format::Yaml) else { continue };
        let root = document.root();
        let groups = root.get("envVarGroups").map_or(&[][..], Node::items);
        for service in root.get("services").map_or(&[][..], Node::items) {
            if targets.is_full() {
                break;
            }
            targets.add(deployed(context, file, service, groups));
        }
    }
    targets.found
}

fn deployed(context: &mut Context<'_, '_>, file: FileId, service: &Node, groups: &[Node]) -> Option<Described> {
    let word = |key: &str| service.get(key).and_then(Node::text).map(Text::as_name);
    let kind = word("type")?;
    if matches!(&*kind, "redis" | "keyvalue") || word("name").is_some_and(|name| is_for_another(context, &name)) {
        return None;
    }
    let folder = context.folder(file);
    let root = normalized(&inside(folder, &word("rootDir").unwrap_or_default()))?;
    let dockerfile = word("dockerfilePath").and_then(|path| normalized(&inside(&root, &path)));
    let built_from = match word("dockerContext") {
        Some(path) => normalized(&inside(&root, &path))?,
        None => root.clone(),
    };
    let holds = dockerfile.as_deref().is_some_and(|path| context.deploys(crate::project::folder_of(path)));
    if !context.deploys(&root) && !context.deploys(&built_from) && !holds {
        return None;
    }
    let mut target = context.target(TargetKind::Render, file, word("name").as_deref());
    target.directory = root.as_str().into();
    target.parts.push(Part { file, node: service.clone() });
    let mut layers = Vec::new();
    let docker = word("runtime").or_else(|| word("env")).is_some_and(|runtime| &*runtime == "docker");
    let dockerfile = dockerfile.unwrap_or_else(|| inside(&root, "Dockerfile"));
    if let Some(dockerfile) = context.project().find(&dockerfile).filter(|_| docker) {
        layers.extend(image::layer(context, dockerfile, None, &BuildArguments::new()));
        target.images.push(dockerfile);
    }
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for item in service.get("envVars").map_or(&[][..], Node::items) {
        let Some(group) = item.get("fromGroup").and_then(Node::text) else {
            variable(&mut layer, &mut target, file, item);
            continue;
        };
        let named = groups.iter().find(|known| known.get("name").and_then(Node::text) == Some(group));
        for item in named.and_then(|group| group.get("envVars")).map_or(&[][..], Node::items) {
            variable(&mut layer, &mut target, file, item);
        }
    }
    layers.push(layer);
    Some(Described { target, layers, closed: false, sources: vec![context.source(file)] })
}

fn is_for_another(context: &Context<'_, '_>, name: &str) -> bool {
    name.split(['-', '_']).any(|word| context.is_another(word))
}

fn variable(layer: &mut Layer, target: &mut Target, file: FileId, item: &Node) {
    let Some((name, key)) = item.get("key").and_then(|key| Some((key.text()?.as_name(), key))) else { return };
    let place = Place::File(file, item.get("value").unwrap_or(key).span);
    let value = match item.get("value").and_then(|value| scalar(&value.kind)) {
        Some(text) => set(&text, &name, place),
        None => {
            // `generateValue`, `sync: false`, `fromDatabase`, `fromService`
            target.secrets.push(name.clone());
            let generated = item.get("generateValue").is_some();
            present(&name, place, if generated { GENERATED_CHARS } else { 0 })
        }
    };
    layer.add(name, file, key.span, value);
}

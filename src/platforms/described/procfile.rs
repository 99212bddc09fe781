//! Heroku and its like: assignments in front of a process, over `env` of `app.json`. Config vars lie in a dashboard.
//! <https://devcenter.heroku.com/articles/app-json-schema#env>

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::scripts::assignments;
use crate::environment::stack::Described;
use crate::environment::target::{Part, Target, TargetKind};
use crate::eval::Place;
use crate::platforms::described::context::Context;
use crate::project::{FileKind, inside};
use crate::syntax::FileId;
use crate::syntax::data::scalar;
use crate::syntax::data::{Format, Node, NodeKind};

/// `"generator": "secret"` makes 64 characters.
const GENERATED_CHARS: usize = 64;

/// The app of a Procfile.
pub(crate) fn find(context: &mut Context<'_, '_>) -> Vec<Described> {
    let mut files: Vec<FileId> = context.files(&FileKind::Procfile);
    files.retain(|file| context.deploys(context.folder(*file)) && !context.is_for_another(*file));
    context.prefer_named(&mut files);
    let mut found = Vec::new();
    for file in files {
        let Some(document) = context.parse(file, Format::Procfile) else { continue };
        let mut target = context.target(TargetKind::Procfile, file, None);
        let mut sources = vec![context.source(file)];
        let mut layers = Vec::new();
        if let Some(manifest) = context.project().find(&inside(context.folder(file), "app.json"))
            && let Some(document) = context.parse(manifest, Format::Json)
        {
            layers.push(manifest_layer(manifest, document.root(), &mut target));
            sources.push(context.source(manifest));
        }
        let processes = document.root().entries();
        let web = processes.iter().find(|process| &*process.key == "web").or_else(|| processes.first());
        let command = web.and_then(|process| Some((process.value.text()?, process.value.span)));
        layers.extend(command.map(|(line, span)| assignments(line, file, span.start, Role::Target)));
        target.parts.push(Part { file, node: document.root().clone() });
        found.push(Described { target, layers, closed: false, sources });
    }
    found
}

fn manifest_layer(file: FileId, root: &Node, target: &mut Target) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for entry in root.get("env").map_or(&[][..], Node::entries) {
        let (name, node) = (&entry.key, &entry.value);
        let value = node.get("value").unwrap_or(node);
        let place = Place::File(file, value.span);
        if let Some(text) = scalar(&value.kind) {
            layer.add(name.clone(), file, entry.key_span, set(&text, name, place));
            continue;
        }
        let optional = matches!(node.get("required").map(|node| &node.kind), Some(NodeKind::Bool(false)));
        if optional {
            layer.declare(name.clone(), file, entry.key_span);
            continue;
        }
        target.secrets.push(name.clone());
        let generated = node.get("generator").is_some();
        layer.add(
            name.clone(),
            file,
            entry.key_span,
            present(name, place, if generated { GENERATED_CHARS } else { 0 }),
        );
    }
    layer
}

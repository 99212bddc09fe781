//! Heroku and its like: assignments in front of a process, over `env` of `app.json`. Config vars lie in a dashboard.
//! <https://devcenter.heroku.com/articles/app-json-schema#env>

use super::{Context, Found, Target, TargetKind, scalar};
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::present;
use crate::eval::Place;
use crate::project::{FileKind, inside};
use crate::syntax::data::{Entry, Format, Node};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// `"generator": "secret"` makes 64 characters.
const GENERATED_CHARS: usize = 64;

/// The app of a Procfile.
pub(super) fn find(context: &mut Context<'_, '_>) -> Vec<Found> {
    let mut files: Vec<FileId> = context.files(&FileKind::Procfile);
    files.retain(|file| context.deploys(context.folder(*file)) && !context.is_for_another(*file));
    context.prefer_named(&mut files);
    let mut found = Vec::new();
    for file in files {
        let Some(document) = context.parse(file, Format::Procfile) else { continue };
        let mut target = Target::new(context, TargetKind::Procfile, file, None);
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
        layers.extend(web.map(|process| assignments(file, process)));
        found.push(Found { target, layers, closed: false, sources });
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
        let optional =
            matches!(node.get("required").map(|node| &node.kind), Some(crate::syntax::data::NodeKind::Bool(false)));
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

/// `web: NODE_ENV=production node server.js`
fn assignments(file: FileId, process: &Entry) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    let mut at = process.value.span.start;
    for word in process.value.text().map_or_else(Vec::new, |line| line.split(" ")) {
        let length = u32::try_from(word.len()).unwrap_or(0);
        let start = at;
        at += length + 1;
        if word.is_empty() || word.is("env") {
            continue;
        }
        let Some((name, value)) = assignment(&word) else { break };
        let name_length = u32::try_from(name.len()).unwrap_or(0);
        let span = Span::new(start + name_length + 1, start + length);
        let value = set(&value, &name, Place::File(file, span));
        layer.add(name, file, Span::new(start, start + name_length), value);
    }
    layer
}

/// `NAME=value`, the value without references.
fn assignment(word: &Text) -> Option<(Arc<str>, Text)> {
    let mut parts = word.split("=").into_iter();
    let name = parts.next()?;
    let value = parts.reduce(|all, part| all.join(&Text::new("=")).join(&part))?;
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (name.test(is_name) && !value.test(|value| value.contains(['$', '"', '\'']))).then(|| (name.as_name(), value))
}

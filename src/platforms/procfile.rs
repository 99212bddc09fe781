//! Heroku and its like: what processes start and what a release runs; assignments in front of a process, over `env` of
//! `app.json`. Config vars lie in a dashboard. <https://devcenter.heroku.com/articles/procfile>

use super::command::Line;
use super::container;
use super::describing::Describing;
use super::hosting::Hosting;
use super::own;
use super::platform::{Commands, Platform};
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::Place;
use crate::project::{FilesOf, Pattern};
use crate::reading::bench::Reading;
use crate::syntax::data::{Format, Node, NodeKind, scalar};
use crate::syntax::{FileId, Span};

/// An app on Heroku or its like: its router ends TLS, and a dyno keeps nothing.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("Heroku") },
    files: FilesOf {
        name: "procfile",
        patterns: &[Pattern::Named("Procfile"), Pattern::Told(is_qualified)],
        medium: "manifest",
        comments: None,
    },
    texts: &[],
    beside: &["app.json", "heroku.yml"],
    commands: Commands::Processes,
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// `Procfile.web`; a script or a note about one is none.
fn is_qualified(_folder: &str, name: &str) -> bool {
    let qualifier = name.strip_prefix("Procfile.");
    qualifier.is_some_and(|qualifier| !matches!(qualifier, "" | "sh" | "py" | "rb" | "js" | "ts" | "md" | "txt"))
}

/// `"generator": "secret"` makes 64 characters.
const GENERATED_CHARS: usize = 64;

/// The app of a Procfile.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files_of_environment(&PLATFORM) {
        let Some(document) = context.parse(file, Format::Procfile) else { continue };
        let mut target = context.target(&PLATFORM, file, None);
        let mut sources = vec![context.source(file)];
        let mut layers = vec![own::variables("Heroku", file, &[("DYNO", Some("web.1".into())), ("PORT", None)])];
        if let Some(manifest) = context.beside(file, "app.json")
            && let Some(document) = context.parse(manifest, Format::Json)
        {
            layers.push(manifest_layer(manifest, document.root(), &mut target));
            sources.push(context.source(manifest));
        }
        target.parts.push(Part { file, node: document.root().clone() });
        found.push(Described { target, layers, closed: false, sources });
    }
    found
}

/// What `app.json` declares. <https://devcenter.heroku.com/articles/app-json-schema#env>
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

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let Some(part) = target.parts.first() else { return Hosting::default() };
    let process = |name: &str| part.node.get(name).and_then(|node| Line::of_node(part.file, node));
    let worker = part.node.entries().iter().find(|entry| entry.key.contains("worker"));
    Hosting {
        start: process("web"),
        before: process("release").into_iter().map(|line| ("release", line)).collect(),
        disk: Some(reading.word("ephemeral", Place::File(part.file, Span::default()))),
        worker: worker.map(|entry| Place::File(part.file, entry.value.span)),
        ..Hosting::default()
    }
}

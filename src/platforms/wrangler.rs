//! Cloudflare Workers. `vars` and bindings of the file are what it shows; secrets lie with Cloudflare, so it is
//! never closed. A named environment inherits neither: what it does not repeat it does not have.
//! <https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys>

use super::describing::Describing;
use super::hosting::Hosting;
use super::platform::{Commands, Platform, nothing};
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::request::names_environment;
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::environment::{Loader, PLAIN};
use crate::eval::{How, Place, data_value};
use crate::project::{FilesOf, Pattern};
use crate::syntax::data::{Entry, Node, NodeKind};
use crate::syntax::{FileId, Span};
use hashbrown::HashSet;
use std::sync::Arc;

/// A Worker: nothing lasts between two requests, and Cloudflare ends TLS.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { serverless: true, has_files: false, ends_tls: true, ..Nature::of("Cloudflare Workers") },
    files: FilesOf {
        name: "wrangler",
        patterns: &[Pattern::Variant("wrangler", &["toml", "json", "jsonc"])],
        medium: "wrangler",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["command"]),
    loader: Some(&DEVELOPERS),
    targets,
    hosting: |reading, target| Hosting::without_a_process(reading, Place::File(target.file, Span::default())),
    resources: nothing,
};

/// `.dev.vars` and `.env` are for `wrangler dev` alone.
/// <https://developers.cloudflare.com/workers/configuration/environment-variables/>
static DEVELOPERS: Loader = Loader { name: "Cloudflare Workers", files: &[], ..PLAIN };

/// Keys whose items each put something other than a text under a name.
const BINDINGS: &[&str] = &[
    "kv_namespaces",
    "d1_databases",
    "r2_buckets",
    "services",
    "hyperdrive",
    "vectorize",
    "analytics_engine_datasets",
    "dispatch_namespaces",
    "mtls_certificates",
    "send_email",
    "pipelines",
    "workflows",
    "secrets_store_secrets",
    "ratelimits",
    "unsafe",
];

/// Keys that hold one binding, or a list of them under another key.
const SINGLE: &[&[&str]] = &[&["ai"], &["browser"], &["images"], &["version_metadata"], &["assets"], &["media"]];

/// The Workers of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        found.push(worker(context, file, document.root()));
    }
    found
}

fn worker(context: &Describing<'_, '_>, file: FileId, root: &Node) -> Described {
    let named = root.get("env").map_or(&[][..], Node::entries).iter().find(|entry| {
        // the exact name goes before its like
        let exact = root.at(&["env", context.request.environment_name]).is_some();
        if exact { *entry.key == *context.request.environment_name } else { is_environment(context, entry) }
    });
    let mut worker = Worker { file, layer: Layer::new(Role::Target, Weight::Certain), secrets: Vec::new() };
    worker.take(named.map_or(root, |entry| &entry.value));
    if named.is_some() {
        // declared, and not there: another environment of the same Worker has them
        let own: HashSet<Arc<str>> = worker.layer.entries.iter().map(|entry| entry.name.clone()).collect();
        for entry in root.get("vars").map_or(&[][..], Node::entries) {
            if !own.contains(&entry.key) {
                worker.layer.declare(entry.key.clone(), file, entry.key_span);
            }
        }
    }
    let target = Target {
        name: context.name(file, named.map(|entry| &*entry.key)),
        file,
        secrets: worker.secrets,
        parts: named.map(|entry| &entry.value).into_iter().fold(
            vec![Part { file, node: root.clone() }],
            |mut parts, node| {
                parts.push(Part { file, node: node.clone() });
                parts
            },
        ),
        ..context.target(&PLATFORM, file, None)
    };
    Described { target, layers: vec![worker.layer], closed: false, sources: vec![context.source(file)] }
}

fn is_environment(context: &Describing<'_, '_>, entry: &Entry) -> bool {
    names_environment(&entry.key, context.request.environment_name)
}

struct Worker {
    file: FileId,
    layer: Layer,
    secrets: Vec<Arc<str>>,
}

impl Worker {
    /// Takes in the top of the file, or one named environment.
    fn take(&mut self, node: &Node) {
        for key in BINDINGS {
            for item in node.get(key).map_or(&[][..], Node::items) {
                self.bind(item);
            }
        }
        for path in SINGLE {
            if let Some(item) = node.at(path) {
                self.bind(item);
            }
        }
        for path in [["durable_objects", "bindings"], ["queues", "producers"]] {
            for item in node.at(&path).map_or(&[][..], Node::items) {
                self.bind(item);
            }
        }
        for item in node.at(&["secrets", "required"]).map_or(&[][..], Node::items) {
            let Some(name) = item.text().map(crate::text::Text::as_name) else { continue };
            self.hold(name.clone(), item);
            self.secrets.push(name);
        }
        for entry in node.get("vars").map_or(&[][..], Node::entries) {
            let value = self.variable(entry);
            self.layer.add(entry.key.clone(), self.file, entry.key_span, value);
        }
    }

    /// A variable may be any JSON; the app gets it as such.
    fn variable(&self, entry: &Entry) -> crate::eval::Value {
        let place = Place::File(self.file, entry.value.span);
        match &entry.value.kind {
            NodeKind::Text(text) => set(text, &entry.key, place),
            _ => data_value(&entry.value, self.file).step(place, How::Sets { variable: entry.key.clone() }),
        }
    }

    fn bind(&mut self, item: &Node) {
        let name = item.get("binding").or_else(|| item.get("name"));
        if let Some((name, node)) = name.and_then(|node| Some((node.text()?.as_name(), node))) {
            self.hold(name, node);
        }
    }

    /// Something is there under this name, and no file shows what.
    fn hold(&mut self, name: Arc<str>, node: &Node) {
        let value = present(&name, Place::File(self.file, node.span), 0);
        self.layer.add(name, self.file, node.span, value);
    }
}

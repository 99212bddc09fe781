//! Vercel. Variables lie in its dashboard; `env` of `vercel.json` is the legacy way, `@name` a secret of the account. It
//! adds headers and sends requests on. <https://vercel.com/docs/project-configuration>

use super::describing::Describing;
use super::edge::{headers_of, sent_on};
use super::hosting::Hosting;
use super::platform::{Commands, Platform};
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::Place;
use crate::project::{FilesOf, Pattern};
use crate::reading::bench::Reading;
use crate::syntax::data::{Format, Node, scalar};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// A project on Vercel: functions behind its own proxy, which takes no large bodies.
/// <https://vercel.com/docs/functions/limitations#request-body-size>
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature {
        serverless: true,
        ends_tls: true,
        body_limit: Some(4.5 * 1024.0 * 1024.0),
        ..Nature::of("Vercel")
    },
    files: FilesOf { name: "vercel", patterns: &[Pattern::Named("vercel.json")], medium: "manifest", comments: None },
    texts: &[],
    beside: &["vercel.ts"],
    commands: Commands::Keys(&["buildCommand", "installCommand"]),
    loader: None,
    targets,
    hosting: |reading, target| Hosting::without_a_process(reading, Place::File(target.file, Span::default())),
    resources,
};

/// Sources of header rules that stand for every address.
const EVERYTHING: &[&str] = &["/(.*)", "(.*)", "/:path*", "/:path(.*)", "/(.*)?", "/*", "/**"];

/// What Vercel tells every app of itself.
/// <https://vercel.com/docs/environment-variables/system-environment-variables>
fn own_variables(environment: &str, file: FileId) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    let own = [("VERCEL", "1"), ("VERCEL_ENV", environment)];
    // Vercel's own names; others are deployed as previews or by hand.
    for (name, value) in own.into_iter().filter(|(_, value)| matches!(*value, "1" | "production" | "preview")) {
        let name: Arc<str> = name.into();
        let value = set(&Text::new(value), &name, Place::Framework("Vercel"));
        layer.add(name, file, Span::default(), value);
    }
    layer
}

/// The Vercel project of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files(&PLATFORM) {
        let Some(document) = context.parse(file, Format::Json) else { continue };
        let root = document.root();
        let mut target = context.target(&PLATFORM, file, None);
        let mut layers = vec![own_variables(context.request.environment_name, file)];
        let sections = [(root.at(&["build", "env"]), context.built_in()), (root.get("env"), Weight::Certain)];
        for (section, weight) in sections {
            let mut layer = Layer::new(Role::Target, weight);
            for entry in section.map_or(&[][..], Node::entries) {
                let Some(text) = scalar(&entry.value.kind) else { continue };
                let place = Place::File(file, entry.value.span);
                let value = if text.test(|text| text.starts_with('@')) {
                    target.secrets.push(entry.key.clone());
                    present(&entry.key, place, 0)
                } else {
                    set(&text, &entry.key, place)
                };
                layer.add(entry.key.clone(), file, entry.key_span, value);
            }
            layers.push(layer);
        }
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

/// Headers that it adds, and where it sends requests on to.
fn resources(reading: &mut Reading<'_>, target: &Target, hosting: &mut Hosting) {
    let Some(Part { file, node: root }) = target.parts.first() else { return };
    let file = *file;
    let edge = &mut hosting.edge;
    // Vercel makes this promise by itself, unless a rule makes another one.
    let start = Place::File(file, Span::default());
    edge.tls = Some(start);
    edge.headers.add(&"strict-transport-security".into(), Some(&"max-age=63072000".into()), start);
    for rule in root.get("headers").map_or(&[][..], Node::items) {
        let source = rule.get("source").and_then(Node::text);
        let whole = source.is_some_and(|source| source.one_of(EVERYTHING).is_some());
        let name = source.map_or("headers".into(), |source| format!("headers of {}", source.as_name()));
        let own: Vec<_> =
            rule.get("headers").map_or(&[][..], Node::items).iter().filter_map(|header| pair(file, header)).collect();
        headers_of(reading, &name, &own, whole.then_some(&mut *edge));
    }
    for key in ["rewrites", "routes"] {
        for rule in root.get(key).map_or(&[][..], Node::items) {
            if let Some(node) = rule.get("destination").or_else(|| rule.get("dest"))
                && let Some(url) = node.text()
            {
                sent_on(reading, &format!("{}:{key}", target.name), url, Place::File(file, node.span), "destination");
            }
        }
    }
}

fn pair(file: FileId, header: &Node) -> Option<(Text, Text, Place)> {
    let value = header.get("value")?;
    Some((header.get("key")?.text()?.clone(), value.text()?.clone(), Place::File(file, value.span)))
}

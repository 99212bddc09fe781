//! Vercel: the headers it adds, where it sends requests on to.
//! <https://vercel.com/docs/project-configuration>

use crate::environment::target::Target;
use crate::eval::Place;
use crate::platforms::edge::Edge;
use crate::platforms::{Hosting, headers_of, sent_on};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::Span;
use crate::syntax::data::Node;

/// Sources of header rules that stand for every address.
const EVERYTHING: &[&str] = &["/(.*)", "(.*)", "/:path*", "/:path(.*)", "/(.*)?", "/*", "/**"];

pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let Some(part) = target.parts.first() else { return Hosting::default() };
    let (file, root) = (part.file, &part.node);
    let start = Place::File(file, Span::default());
    let mut edge = Edge { tls: Some(start), ..Edge::default() };
    // Vercel makes this promise by itself, unless a rule makes another one.
    edge.headers.add(&"strict-transport-security".into(), Some(&"max-age=63072000".into()), start);
    for rule in root.get("headers").map_or(&[][..], Node::items) {
        let source = rule.get("source").and_then(Node::text);
        let whole = source.is_some_and(|source| source.one_of(EVERYTHING).is_some());
        let name = source.map_or("headers".into(), |source| format!("headers of {}", source.as_name()));
        let own: Vec<_> =
            rule.get("headers").map_or(&[][..], Node::items).iter().filter_map(|header| pair(file, header)).collect();
        headers_of(reading, &name, &own, whole.then_some(&mut edge));
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
    Hosting { edge, ..Hosting::default() }
}

fn pair(file: FileId, header: &Node) -> Option<(crate::text::Text, crate::text::Text, Place)> {
    let value = header.get("value")?;
    Some((header.get("key")?.text()?.clone(), value.text()?.clone(), Place::File(file, value.span)))
}

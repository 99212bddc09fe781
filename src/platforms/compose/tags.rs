//! `!reset` and `!override`: what a stronger file takes away of a weaker one, or puts in its place as a whole.
//! <https://docs.docker.com/reference/compose-file/merge/#reset-value>

use crate::environment::target::Part;
use crate::syntax::data::{Entry, Node, NodeKind};
use std::sync::Arc;

/// What some files say of a service, the weakest first, without what stronger ones take away.
pub(crate) fn settled(all: Vec<Part>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for part in all {
        let taken: Vec<Arc<str>> =
            part.node.entries().iter().filter(|entry| is_tagged(entry)).map(|entry| entry.key.clone()).collect();
        if taken.is_empty() {
            parts.push(part);
            continue;
        }
        for weaker in parts.iter_mut() {
            let kept = weaker.node.entries().iter().filter(|entry| !taken.contains(&entry.key)).cloned();
            weaker.node = with(&weaker.node, kept.collect());
        }
        let own = part.node.entries().iter().filter_map(|entry| match &entry.value.kind {
            NodeKind::Tagged(tag, _) if tag.ends_with("reset") => None,
            NodeKind::Tagged(tag, value) if tag.ends_with("override") => {
                Some(Entry { value: (**value).clone(), ..entry.clone() })
            }
            _ => Some(entry.clone()),
        });
        let node = with(&part.node, own.collect());
        parts.push(Part { node, ..part });
    }
    parts
}

fn is_tagged(entry: &Entry) -> bool {
    matches!(&entry.value.kind, NodeKind::Tagged(tag, _) if tag.ends_with("reset") || tag.ends_with("override"))
}

fn with(node: &Node, entries: Vec<Entry>) -> Node {
    Node { span: node.span, kind: NodeKind::Map(entries.into()) }
}

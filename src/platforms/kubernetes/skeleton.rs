//! A change of one part of a manifest as a manifest that has that part alone: what is on the way to it, lists by the names
//! of their items.

use crate::syntax::Span;
use crate::syntax::data::{Entry, Node, NodeKind};
use crate::text::Text;
use std::sync::Arc;

/// The key of a container of which something was changed that is not followed.
pub(crate) const UNSEEN: &str = "$unseen";
/// The key of a list's item that says what happens to the item, or to the whole list.
pub(crate) const PATCH: &str = "$patch";

/// What happens to a part.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// It becomes this, or this comes into the list.
    Set(Node),
    /// It goes.
    Remove(Span),
}

/// A key of a mapping, the place or the name of a list's item, the place behind the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Key(String),
    Index(usize),
    Named(String, String),
    End,
}

/// The segments of a JSON pointer.
pub(crate) fn of_pointer(pointer: &str) -> Vec<Segment> {
    let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    parts
        .map(|part| match part.parse() {
            Ok(index) => Segment::Index(index),
            Err(_) if part == "-" => Segment::End,
            Err(_) => Segment::Key(part),
        })
        .collect()
}

/// The segments of a path of Kustomize: `spec.template.spec.containers.[name=api].env.0.value`.
pub(crate) fn of_field_path(path: &str) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (part, behind) = if let Some(inner) = rest.strip_prefix('[') {
            let (part, behind) = inner.split_once(']').unwrap_or((inner, ""));
            (part, behind.strip_prefix('.').unwrap_or(behind))
        } else {
            // A dot in a key has a backslash in front.
            let end = rest.match_indices('.').map(|(at, _)| at).find(|at| !rest[..*at].ends_with('\\'));
            end.map_or((rest, ""), |end| (&rest[..end], &rest[end + 1..]))
        };
        let segment = match (part.split_once('='), part.parse()) {
            (Some((key, name)), _) => Segment::Named(key.to_owned(), name.to_owned()),
            (None, Ok(index)) => Segment::Index(index),
            (None, Err(_)) if part == "-" => Segment::End,
            (None, Err(_)) => Segment::Key(part.replace("\\.", ".")),
        };
        found.push(segment);
        rest = behind;
    }
    found
}

/// What stands under some segments in the strongest of some nodes that has it.
pub(crate) fn found<'n>(levels: &[&'n Node], segments: &[Segment]) -> Option<&'n Node> {
    let Some((first, rest)) = segments.split_first() else { return levels.last().copied() };
    found(&below(levels, first), rest)
}

/// The part that a change makes of what some nodes say, the weakest first; none where it cannot be said.
pub(crate) fn skeleton(levels: &[&Node], segments: &[Segment], change: &Change) -> Option<Node> {
    let span = match change {
        Change::Set(node) => node.span,
        Change::Remove(span) => *span,
    };
    let Some((first, rest)) = segments.split_first() else {
        return Some(match change {
            Change::Set(node) => whole(node),
            Change::Remove(_) => list(span, vec![map(span, vec![(PATCH, text(span, "replace"))])]),
        });
    };
    let Segment::Key(key) = first else { return of_item(levels, first, rest, change, span) };
    let inner = skeleton(&below(levels, first), rest, change)?;
    Some(map(span, vec![(key, inner)]))
}

/// A list with one item that is changed, comes, or goes.
fn of_item(levels: &[&Node], item: &Segment, rest: &[Segment], change: &Change, span: Span) -> Option<Node> {
    let key = if let Segment::Named(key, _) = item { key } else { "name" };
    let own = below(levels, item);
    let name = own.iter().find_map(|node| node.get(key)?.text()).cloned();
    let name = match item {
        Segment::Named(_, name) => Some(Text::new(name.as_str())),
        _ => name,
    };
    if let (Change::Set(node), true) = (change, rest.is_empty()) {
        // A text in a list has no name by which it could be found again.
        node.get(key)?;
        let other = name.filter(|name| node.get(key).and_then(Node::text) != Some(name));
        let comes = matches!(item, Segment::End) || is_addition(levels, item);
        let goes = other.filter(|_| !comes).map(|name| gone(span, key, &name));
        return Some(list(span, goes.into_iter().chain([node.clone()]).collect()));
    }
    let name = name?;
    if rest.is_empty() {
        return Some(list(span, vec![gone(span, key, &name)]));
    }
    let inner = skeleton(&own, rest, change)?;
    let mut entries = inner.entries().to_vec();
    entries.insert(0, entry(span, key, Node { span, kind: NodeKind::Text(name) }));
    Some(list(span, vec![Node { span, kind: NodeKind::Map(entries.into()) }]))
}

/// An item behind all that are there.
fn is_addition(levels: &[&Node], item: &Segment) -> bool {
    below(levels, item).is_empty()
}

/// What some nodes say under a segment.
fn below<'n>(levels: &[&'n Node], segment: &Segment) -> Vec<&'n Node> {
    match segment {
        Segment::Key(key) => levels.iter().filter_map(|node| node.get(key)).collect(),
        Segment::End => Vec::new(),
        Segment::Named(key, name) => {
            let items = levels.iter().flat_map(|node| node.items());
            items.filter(|item| item.get(key).and_then(Node::text).is_some_and(|text| text.is(name))).collect()
        }
        Segment::Index(index) => {
            let items: Vec<&Node> = levels.iter().flat_map(|node| node.items()).collect();
            let mut names: Vec<&Text> = Vec::new();
            for name in items.iter().filter_map(|item| item.get("name")?.text()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let Some(name) = names.get(*index) else { return Vec::new() };
            items.into_iter().filter(|item| item.get("name").and_then(Node::text) == Some(*name)).collect()
        }
    }
}

/// A value that stands for all there was: a list of named items says so in front of them.
fn whole(node: &Node) -> Node {
    let items = node.items();
    let named = !items.is_empty() && items.iter().all(|item| !item.entries().is_empty());
    if !named {
        return node.clone();
    }
    let replaces = map(node.span, vec![(PATCH, text(node.span, "replace"))]);
    list(node.span, std::iter::once(replaces).chain(items.iter().cloned()).collect())
}

fn gone(span: Span, key: &str, name: &Text) -> Node {
    let name = Node { span, kind: NodeKind::Text(name.clone()) };
    map(span, vec![(key, name), (PATCH, text(span, "delete"))])
}

pub(crate) fn map(span: Span, entries: Vec<(&str, Node)>) -> Node {
    let entries: Vec<Entry> = entries.into_iter().map(|(key, value)| entry(span, key, value)).collect();
    Node { span, kind: NodeKind::Map(entries.into()) }
}

pub(crate) fn list(span: Span, items: Vec<Node>) -> Node {
    Node { span, kind: NodeKind::List(items.into()) }
}

pub(crate) fn text(span: Span, text: &str) -> Node {
    Node { span, kind: NodeKind::Text(Text::new(text)) }
}

fn entry(span: Span, key: &str, value: Node) -> Entry {
    Entry { key: Arc::from(key), key_span: span, value }
}

#[cfg(test)]
mod tests {
    use super::{Segment, of_field_path, of_pointer};

    #[test]
    fn paths_have_keys_places_and_names() {
        let key = |text: &str| Segment::Key(text.to_owned());
        assert_eq!(of_pointer("/data/a~1b/0/-"), [key("data"), key("a/b"), Segment::Index(0), Segment::End]);
        let named = Segment::Named("name".into(), "api.v1".into());
        assert_eq!(of_field_path("spec.[name=api.v1].a\\.b.2"), [key("spec"), named, key("a.b"), Segment::Index(2)]);
    }
}

//! The tree that every data format is read into.

use crate::syntax::Span;
use crate::text::Text;
use std::sync::Arc;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value's text in the file, quotes included.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of value.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `null`, `~`, nothing after a YAML key.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as written too, since `"010"` and `1.10` lose themselves in a float.
    Number(f64, Text),
    /// A text.
    Text(Text),
    /// A sequence, which its clones share.
    List(Arc<[Node]>),
    /// A mapping in source order, what YAML merges in first. Of two equal keys both stand, the later one counts.
    Map(Arc<[Entry]>),
    /// A YAML value under an application's own tag (`!Ref`, `!reset`): only the application knows what it becomes.
    Tagged(Arc<str>, Box<Node>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Arc<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value under `key`, the last one where there are several.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().rev().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// The value under a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&Text> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }
}

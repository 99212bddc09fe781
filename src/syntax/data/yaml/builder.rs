//! From the parser's events to trees, without recursion and within a budget.

use super::places::Places;
use super::scalar::{self, Meaning};
use crate::syntax::Span;
use crate::syntax::data::limits::{MAX_DEPTH, Refused, Values};
use crate::syntax::data::{DataError, Entry, Node, NodeKind};
use crate::text::Text;
use granit_parser::{Event, ScalarStyle, Tag};
use hashbrown::{HashMap, HashSet};
use std::borrow::Cow;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Builder {
    roots: Vec<Node>,
    errors: Vec<DataError>,
    /// The collections that are open, the outermost first.
    open: Vec<Collection>,
    /// What anchors stand for, once they are complete.
    anchors: HashMap<usize, Built>,
    /// Those of the file, and the copies that its aliases make: ten anchors that hold ten aliases each would make ten
    /// billion.
    values: Values,
}

/// A value with what a copy of it costs.
#[derive(Clone)]
struct Built {
    node: Node,
    /// How many values it has, itself included.
    size: usize,
    /// How many collections lie inside one another in it.
    height: usize,
}

struct Collection {
    span: Span,
    anchor: usize,
    meaning: Meaning,
    size: usize,
    height: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, merged: Vec<Entry>, key: Option<Key> },
}

enum Key {
    Name(Arc<str>, Span),
    /// An unquoted `<<`.
    Merge(Span),
    /// A list or a map; such an entry has no name and is left out.
    Nameless(Span),
}

impl Builder {
    pub(super) fn take(&mut self, event: Event<'_>, span: Span, places: &Places<'_>) -> Result<(), Refused> {
        match event {
            Event::Scalar(content, style, anchor, tag) => {
                if self.expects_key() {
                    let is_merge = style == ScalarStyle::Plain && content == "<<";
                    let name: Arc<str> = Arc::from(&*content);
                    let node = Node { span, kind: NodeKind::Text(Text::new(name.clone())) };
                    self.set_key(if is_merge { Key::Merge(span) } else { Key::Name(name, span) });
                    return self.remember(anchor, &Built { node, size: 1, height: 0 });
                }
                self.values.one(span)?;
                let meaning = Meaning::of(tag.as_deref());
                let node = Node { span, kind: scalar::value(&content, style, &meaning) };
                self.complete(Built { node, size: 1, height: 0 }, anchor, meaning)
            }
            Event::SequenceStart(_, anchor, tag) => self.open(Content::List(Vec::new()), anchor, tag, span, places),
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), merged: Vec::new(), key: None };
                self.open(content, anchor, tag, span, places)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.copy(anchor, span),
            _ => Ok(()),
        }
    }

    /// Ends at a file's error: what is complete is kept, and if that is nothing the file is refused.
    pub(super) fn give_up(&mut self, refused: Refused) -> Result<(), Refused> {
        self.open.clear();
        match refused {
            Refused::Syntax(error) if !self.roots.is_empty() => {
                self.errors.push(error);
                Ok(())
            }
            refused => Err(refused),
        }
    }

    pub(super) fn finish(self) -> (Vec<Node>, Vec<DataError>) {
        (self.roots, self.errors)
    }

    fn open(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        span: Span,
        places: &Places<'_>,
    ) -> Result<(), Refused> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Refused::TooDeep(span));
        }
        self.values.one(span)?;
        let span = places.without_properties(span);
        let meaning = Meaning::of(tag.as_deref());
        self.open.push(Collection { span, anchor, meaning, size: 1, height: 1, content });
        Ok(())
    }

    /// `end` is the closing bracket; in block style it is empty and the collection has grown to its last child.
    fn close(&mut self, end: Span) -> Result<(), Refused> {
        let Some(collection) = self.open.pop() else { return Ok(()) };
        let span = if end.start < end.end { collection.span.to(end) } else { collection.span };
        let kind = match collection.content {
            Content::List(items) => NodeKind::List(items.into()),
            Content::Map { entries, merged, .. } => NodeKind::Map(merge(entries, merged).into()),
        };
        let built = Built { node: Node { span, kind }, size: collection.size, height: collection.height };
        self.complete(built, collection.anchor, collection.meaning)
    }

    fn complete(&mut self, mut built: Built, anchor: usize, meaning: Meaning) -> Result<(), Refused> {
        if let Meaning::Application(tag) = meaning {
            let span = built.node.span;
            built.node = Node { span, kind: NodeKind::Tagged(Arc::from(tag), Box::new(built.node)) };
        }
        self.remember(anchor, &built)?;
        let here = built.node.span;
        self.place(built, here);
        Ok(())
    }

    /// Keeps what an anchor stands for. Keeping it is a copy, too: anchors inside anchors multiply.
    fn remember(&mut self, anchor: usize, built: &Built) -> Result<(), Refused> {
        if anchor > 0 {
            self.values.more(built.size, built.node.span)?;
            self.anchors.insert(anchor, built.clone());
        }
        Ok(())
    }

    fn copy(&mut self, anchor: usize, span: Span) -> Result<(), Refused> {
        let Some(built) = self.anchors.get(&anchor) else {
            self.errors.push(DataError::new(span, "an alias stands inside its own anchor"));
            self.place(Built { node: Node { span, kind: NodeKind::Null }, size: 1, height: 0 }, span);
            return Ok(());
        };
        if self.open.len() + built.height > MAX_DEPTH {
            return Err(Refused::TooDeep(span));
        }
        let size = built.size;
        self.values.more(size, span)?;
        let Some(built) = self.anchors.get(&anchor).cloned() else { return Ok(()) };
        self.place(built, span);
        Ok(())
    }

    /// Puts a value where it belongs: it is a document, an item, a key, or the value of the key before it.
    /// `here` is where it stands, while the copy of an anchor has the span of the anchor.
    fn place(&mut self, built: Built, here: Span) {
        let Some(parent) = self.open.last_mut() else {
            self.roots.push(built.node);
            return;
        };
        parent.span = parent.span.to(here);
        parent.size += built.size;
        parent.height = parent.height.max(built.height + 1);
        match &mut parent.content {
            Content::List(items) => items.push(built.node),
            Content::Map { entries, merged, key } => match key.take() {
                None => *key = Some(key_of(&built.node)),
                Some(Key::Name(name, span)) => entries.push(Entry { key: name, key_span: span, value: built.node }),
                Some(Key::Merge(span)) => match mappings(&built.node) {
                    Some(mappings) => merged.extend(mappings.into_iter().flatten().cloned()),
                    None => entries.push(Entry { key: Arc::from("<<"), key_span: span, value: built.node }),
                },
                Some(Key::Nameless(span)) => {
                    self.errors.push(DataError::new(span, "a key is a list or a map"));
                }
            },
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Collection { content: Content::Map { key: None, .. }, .. }))
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Collection { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(new);
        }
    }
}

fn key_of(node: &Node) -> Key {
    match &node.kind {
        NodeKind::Text(text) | NodeKind::Number(_, text) => Key::Name(text.as_name(), node.span),
        _ => Key::Nameless(node.span),
    }
}

/// What a merge key names: a map, or a list of maps of which the earlier ones count.
fn mappings(node: &Node) -> Option<Vec<&[Entry]>> {
    match &node.kind {
        NodeKind::Map(entries) => Some(vec![entries]),
        NodeKind::List(items) => {
            items.iter().map(|item| matches!(item.kind, NodeKind::Map(_)).then(|| item.entries())).collect()
        }
        _ => None,
    }
}

/// Merged entries first, without those that the map itself or an earlier merge sets.
fn merge(entries: Vec<Entry>, merged: Vec<Entry>) -> Vec<Entry> {
    if merged.is_empty() {
        return entries;
    }
    let mut set: HashSet<Arc<str>> = entries.iter().map(|entry| entry.key.clone()).collect();
    let mut all: Vec<Entry> = merged.into_iter().filter(|entry| set.insert(entry.key.clone())).collect();
    all.extend(entries);
    all
}

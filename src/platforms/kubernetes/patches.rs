//! What a kustomization changes: patches in its own text, JSON 6902, and replacements, each as a manifest of what it changes.
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/>

use super::kustomize::Set;
use super::skeleton::{Change, Segment, UNSEEN, found, list, map, of_field_path, of_pointer, skeleton, text};
use crate::environment::target::Manifest;
use crate::platforms::describing::Describing;
use crate::project::{inside, normalized};
use crate::syntax::data::{Entry, Format, Node, NodeKind, parse};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// Changes of one kustomization beyond this are not followed.
const MOST_CHANGES: usize = 1_000;

/// Which manifests a change is about; what it does not say fits all.
#[derive(Default)]
struct Select {
    kind: Option<Arc<str>>,
    name: Option<Arc<str>>,
    /// It selects by something that is not looked at.
    by_more: bool,
}

impl Select {
    fn of(node: Option<&Node>) -> Select {
        let word = |key: &str| node.and_then(|node| node.get(key)?.text()).map(Text::as_name);
        let more =
            ["labelSelector", "annotationSelector"].iter().any(|key| node.is_some_and(|node| node.get(key).is_some()));
        Select { kind: word("kind"), name: word("name"), by_more: more }
    }

    /// Names are patterns: `.*`, `api|web`.
    fn fits(&self, manifest: &Manifest) -> bool {
        let name = |pattern: &Arc<str>| {
            pattern.trim_start_matches('^').trim_end_matches('$').split('|').any(|part| {
                let part = part.trim_matches(['(', ')']);
                match part.split_once(".*") {
                    Some((start, end)) => manifest.name.starts_with(start) && manifest.name.ends_with(end),
                    None => *part == *manifest.name,
                }
            })
        };
        self.kind.as_ref().is_none_or(|kind| *kind == manifest.kind) && self.name.as_ref().is_none_or(name)
    }
}

impl Set {
    /// Takes in what a kustomization changes beside whole manifests.
    pub(crate) fn add_changes(&mut self, context: &mut Describing<'_, '_>, file: FileId, root: &Node) {
        for item in root.get("patchesStrategicMerge").map_or(&[][..], Node::items) {
            self.inline(context, file, item, &Select::default());
        }
        for key in ["patches", "patchesJson6902"] {
            for patch in root.get(key).map_or(&[][..], Node::items).iter().take(MOST_CHANGES) {
                let select = Select::of(patch.get("target"));
                if let Some(node) = patch.get("patch") {
                    self.inline(context, file, node, &select);
                }
                if let Some(path) = patch.get("path").and_then(Node::text) {
                    self.of_file(context, file, &path.as_name(), &select);
                }
            }
        }
        for replacement in root.get("replacements").map_or(&[][..], Node::items).iter().take(MOST_CHANGES) {
            self.replacement(context, file, replacement);
        }
    }

    /// A patch that stands as a text in the kustomization.
    fn inline(&mut self, context: &Describing<'_, '_>, file: FileId, node: &Node, select: &Select) {
        let (Some(patch), Ok(own)) = (node.text(), context.project().text(file)) else { return };
        let raw = own.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
        let mut read = None;
        patch.test(|patch| {
            read = parse(patch, Format::Yaml).ok().map(|document| {
                let place = |span: Span| placed(patch, raw, node.span, span);
                document.roots().iter().map(|root| moved(root, &place)).collect::<Vec<Node>>()
            });
            true
        });
        match read {
            Some(roots) => roots.iter().for_each(|root| self.change(file, root, select)),
            None => self.not_followed(file, node.span, select),
        }
    }

    /// A patch in a file: a list of changes, or a manifest that the target renames. What is a manifest by itself is in the
    /// set already.
    fn of_file(&mut self, context: &mut Describing<'_, '_>, from: FileId, path: &str, select: &Select) {
        let path = normalized(&inside(context.folder(from), path));
        let Some(file) = path.and_then(|path| context.project().find(&path)) else { return };
        let Some(document) = context.parse(file, Format::Yaml) else { return };
        for root in document.roots() {
            let renames = select.name.is_some() || select.kind.is_some();
            if !root.items().is_empty() || renames {
                self.change(file, root, select);
            }
        }
    }

    fn change(&mut self, file: FileId, root: &Node, select: &Select) {
        if select.by_more {
            return self.not_followed(file, root.span, select);
        }
        let operations = root.items();
        for operation in operations.iter().take(MOST_CHANGES) {
            self.operation(file, operation, select);
        }
        if operations.is_empty() {
            self.merged(file, root, select);
        }
    }

    /// A manifest over those that it names, or that its target selects.
    fn merged(&mut self, file: FileId, root: &Node, select: &Select) {
        let kind = root.get("kind").and_then(Node::text).map(Text::as_name);
        let name = root.at(&["metadata", "name"]).and_then(Node::text).map(Text::as_name);
        let has_target = select.kind.is_some() || select.name.is_some();
        let own = Select { kind, name, by_more: false };
        let select = if has_target { select } else { &own };
        for (kind, name) in self.selected(select) {
            self.manifests.push(Manifest { file, kind, name, node: root.clone() });
        }
    }

    /// The kinds and names that a change is about.
    fn selected(&self, select: &Select) -> Vec<(Arc<str>, Arc<str>)> {
        let mut found: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for manifest in self.manifests.iter().filter(|manifest| select.fits(manifest)) {
            let own = (manifest.kind.clone(), manifest.name.clone());
            if !found.contains(&own) {
                found.push(own);
            }
        }
        found
    }

    /// One change of JSON 6902.
    fn operation(&mut self, file: FileId, operation: &Node, select: &Select) {
        let word = |key: &str| operation.get(key).and_then(Node::text).map(Text::as_name);
        let (Some(what), Some(path)) = (word("op"), word("path")) else { return };
        let change = match (&*what, operation.get("value")) {
            ("add" | "replace", Some(value)) => Some(Change::Set(value.clone())),
            ("remove", _) => Some(Change::Remove(operation.span)),
            ("test", _) => return,
            _ => None,
        };
        self.at(file, operation.span, select, &of_pointer(&path), change.as_ref());
    }

    /// Changes what stands under a path of each manifest that is selected.
    fn at(&mut self, file: FileId, span: Span, select: &Select, path: &[Segment], change: Option<&Change>) {
        for (kind, name) in self.selected(select) {
            let own = self.manifests.iter().filter(|manifest| manifest.kind == kind && manifest.name == name);
            let levels: Vec<&Node> = own.map(|manifest| &manifest.node).collect();
            let node = match change.and_then(|change| skeleton(&levels, path, change)) {
                Some(node) => Some(node),
                None if matters(path) => unseen(&levels, span),
                None => None,
            };
            self.manifests.extend(node.map(|node| Manifest { file, kind, name, node }));
        }
    }

    /// A value of one manifest in the place of others.
    fn replacement(&mut self, context: &mut Describing<'_, '_>, file: FileId, node: &Node) {
        if let Some(path) = node.get("path").and_then(Node::text) {
            let path = normalized(&inside(context.folder(file), &path.as_name()));
            let Some(other) = path.and_then(|path| context.project().find(&path)) else { return };
            let Some(document) = context.parse(other, Format::Yaml) else { return };
            let root = document.root();
            let listed = root.items().iter().chain(Some(root).filter(|root| root.get("source").is_some()));
            return listed.for_each(|item| self.replaced(other, item));
        }
        self.replaced(file, node);
    }

    fn replaced(&mut self, file: FileId, node: &Node) {
        let source = self.source(file, node.get("source"));
        let cut = |node: Option<&Node>| node.is_some_and(|node| node.at(&["options", "delimiter"]).is_some());
        for target in node.get("targets").map_or(&[][..], Node::items) {
            let select = Select::of(target.get("select"));
            let (from, change) = match &source {
                Some((from, value)) if !cut(Some(target)) && !cut(node.get("source")) => {
                    (*from, Some(Change::Set(value.clone())))
                }
                _ => (file, None),
            };
            let paths = target.get("fieldPaths").map_or(&[][..], Node::items);
            for path in paths.iter().filter_map(Node::text) {
                let span = if from == file { target.span } else { change.as_ref().map_or(target.span, span_of) };
                self.at(from, span, &select, &of_field_path(&path.as_name()), change.as_ref());
            }
        }
    }

    /// What a replacement takes, and the file that has it.
    fn source(&self, file: FileId, node: Option<&Node>) -> Option<(FileId, Node)> {
        let select = Select::of(node);
        let path = node?.get("fieldPath").and_then(Node::text).map_or("metadata.name".into(), Text::as_name);
        let path = of_field_path(&path);
        let fitting = self.manifests.iter().filter(|manifest| select.fits(manifest));
        let written =
            fitting.rev().find_map(|manifest| Some((manifest.file, found(&[&manifest.node], &path)?.clone())));
        written.or_else(|| {
            let [Segment::Key(data), Segment::Key(key)] = &path[..] else { return None };
            let kind = match &**select.kind.as_ref()? {
                "ConfigMap" => "ConfigMap",
                "Secret" => "Secret",
                _ => return None,
            };
            let entries = self.entries(kind, select.name.as_ref()?).filter(|_| data == "data")?;
            let entry = entries.into_iter().rev().find(|entry| *entry.name == **key)?;
            let (file, span) = entry.place.in_file().unwrap_or((file, entry.name_span));
            Some((file, Node { span, kind: NodeKind::Text(entry.value.as_text()?.clone()) }))
        })
    }

    /// A patch that is not followed: it may change every container that it is about.
    fn not_followed(&mut self, file: FileId, span: Span, select: &Select) {
        let select = Select { kind: select.kind.clone(), name: select.name.clone(), by_more: false };
        self.at(file, span, &select, &[Segment::Key("spec".into())], None);
    }
}

fn span_of(change: &Change) -> Span {
    match change {
        Change::Set(node) => node.span,
        Change::Remove(span) => *span,
    }
}

/// Whether a change under a path can change what a container is told or starts.
fn matters(path: &[Segment]) -> bool {
    let keys: Vec<&str> =
        path.iter().filter_map(|segment| if let Segment::Key(key) = segment { Some(&**key) } else { None }).collect();
    let Some(at) = keys.iter().position(|key| *key == "containers") else {
        return matches!(keys.last(), None | Some(&"spec" | &"template" | &"data" | &"stringData" | &"jobTemplate"));
    };
    keys.get(at + 1).is_none_or(|key| matches!(*key, "env" | "envFrom" | "command" | "args"))
}

/// A part of a manifest that says of each of its containers that something is not followed.
fn unseen(levels: &[&Node], span: Span) -> Option<Node> {
    let template = ["spec", "template", "spec"];
    let job = ["spec", "jobTemplate", "spec", "template", "spec"];
    let paths: [&[&str]; 3] = [&job, &template, &["spec"]];
    let path = paths
        .into_iter()
        .find(|path| levels.iter().any(|node| node.at(path).is_some_and(|spec| spec.get("containers").is_some())))?;
    let containers = levels.iter().filter_map(|node| node.at(path)?.get("containers")).flat_map(Node::items);
    let names = containers.filter_map(|container| container.get("name")?.text());
    let items = names.map(|name| {
        let name = Node { span, kind: NodeKind::Text(name.clone()) };
        map(span, vec![("name", name), (UNSEEN, text(span, "true"))])
    });
    let containers = map(span, vec![("containers", list(span, items.collect()))]);
    Some(path.iter().rev().fold(containers, |inner, key| map(span, vec![(*key, inner)])))
}

/// A tree with its places somewhere else.
fn moved(node: &Node, place: &dyn Fn(Span) -> Span) -> Node {
    let kind = match &node.kind {
        NodeKind::List(items) => NodeKind::List(items.iter().map(|item| moved(item, place)).collect()),
        NodeKind::Map(entries) => {
            let entry = |entry: &Entry| Entry {
                key: entry.key.clone(),
                key_span: place(entry.key_span),
                value: moved(&entry.value, place),
            };
            NodeKind::Map(entries.iter().map(entry).collect())
        }
        NodeKind::Tagged(tag, inner) => NodeKind::Tagged(tag.clone(), Box::new(moved(inner, place))),
        kind => kind.clone(),
    };
    Node { span: place(node.span), kind }
}

/// Where a part of a text stands in the block of its file, which is indented and has its sign on a line of its own; all of
/// the block where it is written in another way.
fn placed(text: &str, raw: &str, whole: Span, span: Span) -> Span {
    let exact = |at: u32| {
        let before = text.get(..at as usize)?;
        let line = before.matches('\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        let own = text.lines().nth(line)?;
        let start: usize = raw.split_inclusive('\n').take(line + 1).map(str::len).sum();
        let behind = raw.get(start..)?.lines().next()?;
        let indent = behind.strip_suffix(own).map(str::len)?;
        u32::try_from(start + indent + column).ok().map(|at| whole.start + at)
    };
    match (exact(span.start), exact(span.end)) {
        (Some(start), Some(end)) if start <= end && end <= whole.end => Span::new(start, end),
        _ => whole,
    }
}

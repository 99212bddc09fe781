//! One service of a compose file: its parts from every file that speaks of it, and what they set.
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md>

use crate::environment::Environment;
use crate::environment::expand::{expand, expand_for};
use crate::environment::layer::{Entry, Layer, Role, SourceFile, Weight, Written};
use crate::environment::request::is_uncommitted;
use crate::environment::target::Part;
use crate::eval::{Because, How, Place, Step, Value, Variables};
use crate::platforms::compose::hosting::mount;
use crate::platforms::describing::Describing;
use crate::platforms::image::BuildArguments;
use crate::platforms::targets::MOST_TOLD;
use crate::project::{FileKind, folder_of, inside, normalized};
use crate::syntax::data::interpolation::interpolation;
use crate::syntax::data::{Dialect, Node, NodeKind, printed_number, scalar};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::cell::Cell;
use std::sync::Arc;

/// References beyond this in one env file are not followed: each of them can lengthen the way of the next.
const MOST_REFERENCES: usize = 500;
/// The env files of one service that are read.
const MOST_ENV_FILES: usize = 50;

/// A service: what it extends first, what overrides it last.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) name: Arc<str>,
    pub(crate) parts: Vec<Part>,
}

/// The layers of a service, without its image's.
pub(crate) struct Layers {
    pub(crate) layers: Vec<Layer>,
    pub(crate) sources: Vec<SourceFile>,
    /// Every file it names can be read, and it names at least one variable.
    pub(crate) closed: bool,
}

impl Service {
    /// What the strongest part that has a key says.
    pub(crate) fn get(&self, key: &str) -> Option<(FileId, &Node)> {
        crate::environment::target::strongest(&self.parts, &[key])
    }

    /// What the strongest part that has a key inside a section says.
    pub(crate) fn at(&self, path: &[&str]) -> Option<(FileId, &Node)> {
        crate::environment::target::strongest(&self.parts, path)
    }

    /// `environment` over every `env_file`.
    pub(crate) fn layers(&self, context: &Describing<'_, '_>, host: &Environment) -> Layers {
        let mut all = Layers { layers: Vec::new(), sources: Vec::new(), closed: true };
        for part in &self.parts {
            let Some(node) = part.node.get("env_file") else { continue };
            for item in each(node) {
                all.add_env_file(context, host, part.file, item);
            }
        }
        for part in &self.parts {
            let volumes = part.node.get("volumes").map_or(&[][..], Node::items);
            for (volume, source) in volumes.iter().filter_map(|volume| Some((volume, env_file_source(volume)?))) {
                all.add_file(context, host, part.file, (Some(source.into()), volume));
            }
        }
        let mut written = Layer::new(Role::Target, Weight::Certain);
        for part in &self.parts {
            let Some(node) = part.node.get("environment") else { continue };
            environment(&mut written, part.file, node, host);
        }
        all.closed &= !all.layers.is_empty() || self.get("environment").is_some();
        all.layers.push(written);
        all
    }
}

/// The file that a volume puts into the container as an env file, where the app looks for one.
fn env_file_source(volume: &Node) -> Option<String> {
    let (source, target) = mount(volume)?;
    let name = target.rsplit('/').next().unwrap_or(&target);
    (name.starts_with(".env") || name.ends_with(".env")).then_some(source)
}

impl Layers {
    /// Whether another env file is looked at.
    fn has_room(&self) -> bool {
        let told: usize = self.layers.iter().map(|layer| layer.entries.len()).sum();
        self.layers.len() < MOST_ENV_FILES && told <= MOST_TOLD
    }

    fn add_env_file(&mut self, context: &Describing<'_, '_>, host: &Environment, from: FileId, item: &Node) {
        let path_node = item.get("path").unwrap_or(item);
        let place = Place::File(from, path_node.span);
        let path = path_node.text().map(|text| expand(&interpolation(text), place, &|name| host.read(name, place)));
        let path = path.and_then(|path| Some(path.as_text()?.as_name()));
        self.add_file(context, host, from, (path, item));
    }

    /// An env file by its path, and the node that names it.
    fn add_file(
        &mut self,
        context: &Describing<'_, '_>,
        host: &Environment,
        from: FileId,
        (path, item): (Option<Arc<str>>, &Node),
    ) {
        let place = Place::File(from, item.get("path").unwrap_or(item).span);
        let unseen = || Layer { unseen: Some(place), ..Layer::new(Role::Target, Weight::Certain) };
        let project = context.project();
        let file = path.and_then(|path| {
            let folder = folder_of(&project.file(from).path);
            project.find(&normalized(&inside(folder, &path))?)
        });
        let text = file.filter(|_| self.has_room()).and_then(|file| Some((file, project.text(file).ok()?)));
        let Some((file, text)) = text else {
            self.closed = false;
            return self.layers.push(unseen());
        };
        let git = project.file(file).git;
        let plain = matches!(&project.file(file).kind, FileKind::EnvFile { environment: None, .. });
        let weight = if plain && is_uncommitted(git) {
            // The host has a file of this name, and not a developer's.
            self.closed = false;
            self.layers.push(unseen());
            Weight::Perhaps(project.file(file).path.clone())
        } else {
            Weight::Certain
        };
        let raw = item.get("format").and_then(Node::text).is_some_and(|format| format.is("raw"));
        let dialect = if raw { Dialect::DockerRun } else { Dialect::Compose };
        let mut layer = Layer::of_env_file(file, text, dialect, Role::Loaded, weight);
        expand_in_order(&mut layer, host);
        self.layers.push(layer);
        self.sources.push(SourceFile { file, git, role: Role::Loaded });
    }
}

/// Compose expands an env file by itself: from what stands above, then from the host.
fn expand_in_order(layer: &mut Layer, host: &Environment) {
    let followed = Cell::new(0);
    for index in 0..layer.entries.len() {
        let Written::Pieces(pieces, place) = &layer.entries[index].written else { continue };
        let (above, place) = (&layer.entries[..index], *place);
        let lookup = |name: &str| {
            followed.set(followed.get() + 1);
            if followed.get() > MOST_REFERENCES {
                return Value::unknown(Because::TooComplex, &Step::start(place, How::Written));
            }
            let entry = above.iter().rev().find(|entry| &*entry.name == name);
            match entry.map(|entry| &entry.written) {
                Some(Written::Value(value)) => value.clone(),
                _ => host.read(name, place),
            }
        };
        let variable = layer.entries[index].name.clone();
        let value = expand_for(&variable, pieces, place, &lookup);
        let value = value.each(&mut |value| value.step(place, How::Sets { variable: variable.clone() }));
        layer.entries[index].written = Written::Value(value);
    }
}

/// A map of names to scalars, or a list of `NAME=value`.
fn environment(layer: &mut Layer, file: FileId, node: &Node, host: &Environment) {
    for entry in untagged(node).entries() {
        let value = match &entry.value.kind {
            NodeKind::Null => None,
            NodeKind::Number(_, written) => Some(printed_number(written)),
            kind => scalar(kind),
        };
        add(layer, file, entry.key.clone(), entry.key_span, value.map(|text| (text, entry.value.span)), host);
    }
    for item in untagged(node).items() {
        let Some(text) = item.text() else { continue };
        let (name, value) = match text.split_once("=") {
            Some((name, value)) => (name, Some(value)),
            None => (text.clone(), None),
        };
        let (name_span, value_span) = halves(item, text, name.len());
        add(layer, file, name.as_name(), name_span, value.map(|value| (value, value_span)), host);
    }
}

fn add(
    layer: &mut Layer,
    file: FileId,
    name: Arc<str>,
    name_span: Span,
    value: Option<(Text, Span)>,
    host: &Environment,
) {
    let name_place = Place::File(file, name_span);
    let place = value.as_ref().map_or(name_place, |(_, span)| Place::File(file, *span));
    let value = match value {
        Some((text, _)) => expand_for(&name, &interpolation(&text), place, &|name| host.read(name, place)),
        // The name alone hands the host's own on.
        None => host.read(&name, place),
    };
    let how = How::Sets { variable: name.clone() };
    let written = Written::Value(value.each(&mut |value| value.step(place, how.clone())));
    layer.push(Entry { name, name_place, written });
}

/// The places of name and value in `NAME=value`; the whole item where quotes and escapes hide them.
fn halves(item: &Node, text: &Text, name: usize) -> (Span, Span) {
    let length = (item.span.end - item.span.start) as usize;
    let quotes = length.saturating_sub(text.len());
    if quotes != 0 && quotes != 2 {
        return (item.span, item.span);
    }
    let at = |offset: usize| item.span.start + u32::try_from(offset + quotes / 2).unwrap_or(0);
    (Span::new(at(0), at(name)), Span::new(at((name + 1).min(text.len())), at(text.len())))
}

/// A node, or the nodes of a list.
pub(crate) fn each(node: &Node) -> Vec<&Node> {
    let node = untagged(node);
    match &node.kind {
        NodeKind::List(items) => items.iter().collect(),
        NodeKind::Null => Vec::new(),
        _ => vec![node],
    }
}

/// What stands under `!override`; nothing stands under `!reset`.
fn untagged(node: &Node) -> &Node {
    static NOTHING: Node = Node { span: Span { start: 0, end: 0 }, kind: NodeKind::Null };
    match &node.kind {
        NodeKind::Tagged(tag, _) if tag.ends_with("reset") => &NOTHING,
        NodeKind::Tagged(_, node) => node,
        _ => node,
    }
}

/// The variables that a build is told, by name.
pub(crate) fn build_arguments(service: &Service, host: &Environment) -> BuildArguments {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for part in &service.parts {
        if let Some(node) = part.node.at(&["build", "args"]) {
            environment(&mut layer, part.file, node, host);
        }
    }
    let settled = layer.entries.into_iter().filter_map(|entry| match entry.written {
        Written::Value(value) => Some((entry.name, value)),
        _ => None,
    });
    settled.filter(|(_, value): &(Arc<str>, Value)| !value.is_absent()).collect()
}

//! The manifests that are deployed together: an overlay with its bases and patches, or all that no overlay is about.
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>

use crate::environment::layer::{Layer, Role, Weight, Written, set};
use crate::environment::target::Manifest;
use crate::eval::{Because, How, Kind, Place, Step, Unknown, Value};
use crate::platforms::describing::Describing;
use crate::platforms::targets::MOST_TOLD;
use crate::project::{inside, normalized};
use crate::syntax::data::scalar;
use crate::syntax::data::{Dialect, Format, Node};
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Overlays on overlays are followed this deep.
const MOST_OVERLAYS: usize = 12;

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What is deployed together, patches behind what they patch.
#[derive(Default)]
pub(crate) struct Set {
    pub(crate) manifests: Vec<Manifest>,
    /// By kind and name: what `configMapGenerator` and `secretGenerator` make; none where a file of theirs is missing.
    generated: BTreeMap<(&'static str, Arc<str>), Option<Vec<Entry>>>,
    /// The files that are in it already.
    seen: BTreeSet<FileId>,
}

/// One key of a `ConfigMap` or a `Secret`.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: Arc<str>,
    pub(crate) file: FileId,
    pub(crate) name_span: Span,
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What is deployed: each overlay for the environment, or else everything that is for no other environment.
pub(crate) fn sets(context: &mut Describing<'_, '_>, yaml: &[FileId]) -> Vec<Set> {
    let is_kustomization =
        |context: &Describing<'_, '_>, file: FileId| NAMES.contains(&context.project().file(file).name());
    let overlays: Vec<FileId> =
        yaml.iter().copied().filter(|file| is_kustomization(context, *file) && context.is_for_this(*file)).collect();
    if !overlays.is_empty() {
        let overlay = |file: FileId, context: &mut Describing<'_, '_>| {
            let mut set = Set::default();
            set.add_kustomization(context, file, MOST_OVERLAYS);
            set
        };
        return overlays.into_iter().map(|file| overlay(file, context)).collect();
    }
    let mut set = Set::default();
    let mut files: Vec<FileId> = yaml.iter().copied().filter(|file| !context.is_for_another(*file)).collect();
    files.retain(|file| {
        let templated = context.project().mentions(*file, &["{{"]);
        !templated && !is_kustomization(context, *file)
    });
    let mut bases = yaml.to_vec();
    bases.retain(|file| is_kustomization(context, *file) && !context.is_for_another(*file));
    let patches: Vec<FileId> = bases.iter().flat_map(|base| patch_files(context, *base)).collect();
    files.sort_by_key(|file| patches.contains(file));
    files.iter().for_each(|file| set.add_file(context, *file));
    bases.iter().for_each(|file| set.add_generated(context, *file));
    for file in bases {
        if let Some(document) = context.parse(file, Format::Yaml) {
            set.add_changes(context, file, document.root());
        }
    }
    vec![set]
}

/// The files that a kustomization lays over others.
fn patch_files(context: &mut Describing<'_, '_>, file: FileId) -> Vec<FileId> {
    let Some(document) = context.parse(file, Format::Yaml) else { return Vec::new() };
    let listed = |key: &str| document.root().get(key).map_or(&[][..], Node::items).to_vec();
    let named = listed("patches").into_iter().filter_map(|patch| patch.get("path").cloned());
    let all = named.chain(listed("patchesStrategicMerge"));
    let paths = all.filter_map(|node| node.text().map(Text::as_name));
    paths.filter_map(|path| context.beside(file, &path)).collect()
}

impl Set {
    /// The keys of a `ConfigMap` or a `Secret`; none when it is not in the tree, or not to be read.
    pub(crate) fn entries(&self, kind: &'static str, name: &Arc<str>) -> Option<Vec<Entry>> {
        let mut found = self.generated.get(&(kind, name.clone())).cloned().map(Option::unwrap_or_default);
        if let Some(None) = self.generated.get(&(kind, name.clone())) {
            return None;
        }
        for manifest in self.manifests.iter().filter(|manifest| *manifest.kind == *kind && manifest.name == *name) {
            found.get_or_insert_default().extend(manifest.entries());
        }
        found
    }

    fn add_kustomization(&mut self, context: &mut Describing<'_, '_>, file: FileId, depth: usize) {
        if !self.seen.insert(file) {
            return;
        }
        let Some(document) = context.parse(file, Format::Yaml) else { return };
        let root = document.root();
        for key in ["resources", "bases", "components"] {
            for path in root.get(key).map_or(&[][..], Node::items).iter().filter_map(Node::text) {
                self.add_resource(context, file, &path.as_name(), depth);
            }
        }
        self.add_generated(context, file);
        for path in root.get("patchesStrategicMerge").map_or(&[][..], Node::items).iter().filter_map(Node::text) {
            self.add_path(context, file, &path.as_name());
        }
        for patch in root.get("patches").map_or(&[][..], Node::items) {
            if let Some(path) = patch.get("path").and_then(Node::text) {
                let target = patch.get("target");
                let renames = target.is_some_and(|target| target.get("name").or_else(|| target.get("kind")).is_some());
                if !renames {
                    self.add_path(context, file, &path.as_name());
                }
            }
        }
        self.add_changes(context, file, root);
    }

    fn add_resource(&mut self, context: &mut Describing<'_, '_>, from: FileId, path: &str, depth: usize) {
        let Some(full) = normalized(&inside(context.folder(from), path)) else { return };
        if context.project().find(&full).is_some() {
            return self.add_path(context, from, path);
        }
        let base = NAMES.iter().find_map(|name| context.project().find(&inside(&full, name)));
        if let Some(base) = base.filter(|_| depth > 0) {
            self.add_kustomization(context, base, depth - 1);
        }
    }

    fn add_path(&mut self, context: &mut Describing<'_, '_>, from: FileId, path: &str) {
        let file = normalized(&inside(context.folder(from), path)).and_then(|path| context.project().find(&path));
        if let Some(file) = file {
            self.add_file(context, file);
        }
    }

    fn add_file(&mut self, context: &mut Describing<'_, '_>, file: FileId) {
        if !self.seen.insert(file) {
            return;
        }
        let Some(document) = context.parse(file, Format::Yaml) else { return };
        for root in document.roots() {
            // `kind: List` holds others
            let listed = root.get("items").map_or(&[][..], Node::items).iter();
            for node in listed.chain([root]) {
                let kind = node.get("kind").and_then(Node::text).map(Text::as_name);
                let name = node.at(&["metadata", "name"]).and_then(Node::text).map(Text::as_name);
                if let Some((kind, name)) = kind.zip(name) {
                    self.manifests.push(Manifest { file, kind, name, node: node.clone() });
                }
            }
        }
    }

    fn add_generated(&mut self, context: &mut Describing<'_, '_>, file: FileId) {
        let Some(document) = context.parse(file, Format::Yaml) else { return };
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for generator in document.root().get(key).map_or(&[][..], Node::items) {
                let Some(name) = generator.get("name").and_then(Node::text).map(Text::as_name) else { continue };
                let before: usize = self.generated.values().flatten().map(Vec::len).sum();
                let made = if before > MOST_TOLD { None } else { generated(context, file, generator) };
                let known = self.generated.entry((kind, name)).or_insert_with(|| Some(Vec::new()));
                if generator.get("behavior").and_then(Node::text).is_some_and(|word| word.is("replace")) {
                    *known = Some(Vec::new());
                }
                match (known.as_mut(), made) {
                    (Some(known), Some(made)) => known.extend(made),
                    _ => *known = None,
                }
            }
        }
    }
}

/// `literals` and env files of a generator; none when one of the files is not in the tree, or when there is too much of
/// them.
fn generated(context: &Describing<'_, '_>, file: FileId, generator: &Node) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let single = generator.get("env").into_iter();
    for path in single.chain(generator.get("envs").map_or(&[][..], Node::items)).filter_map(Node::text) {
        if entries.len() > MOST_TOLD {
            return None;
        }
        let path = normalized(&inside(context.folder(file), &path.as_name()))?;
        let env_file = context.project().find(&path)?;
        let text = context.project().text(env_file).ok()?;
        let layer = Layer::of_env_file(env_file, text, Dialect::DockerRun, Role::Loaded, Weight::Certain);
        for entry in layer.entries {
            let (Written::Value(value), Some((file, name_span))) = (entry.written, entry.name_place.in_file()) else {
                continue;
            };
            entries.push(Entry { name: entry.name, file, name_span, place: value.trail.place, value });
        }
    }
    for literal in generator.get("literals").map_or(&[][..], Node::items) {
        let Some(text) = literal.text() else { continue };
        let (name, value) = text.split_once("=").unwrap_or_else(|| (text.clone(), Text::new("")));
        let name = name.as_name();
        let place = Place::File(file, literal.span);
        entries.push(Entry { value: set(&value, &name, place), name, file, name_span: literal.span, place });
    }
    Some(entries)
}

impl Manifest {
    /// The keys of a `ConfigMap` or a `Secret`.
    fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let encrypted = self.node.get("sops").is_some();
        for key in ["data", "stringData"] {
            for entry in self.node.get(key).map_or(&[][..], Node::entries) {
                let Some(text) = scalar(&entry.value.kind) else { continue };
                let place = Place::File(self.file, entry.value.span);
                let encoded = key == "data" && &*self.kind == "Secret";
                let text = if encoded { decode(&text) } else { Some(text) };
                let value = match text.filter(|_| !encrypted) {
                    Some(text) => set(&text, &entry.key, place),
                    None => {
                        let unknown = Unknown { present: true, ..Because::Undecided.into_plain() };
                        Value::new(
                            Kind::Unknown(unknown),
                            &Step::start(place, How::Sets { variable: entry.key.clone() }),
                        )
                    }
                };
                let (name, name_span) = (entry.key.clone(), entry.key_span);
                entries.push(Entry { name, file: self.file, name_span, place, value });
            }
        }
        entries
    }
}

/// A text out of base64; none when it is none, or no text.
fn decode(text: &Text) -> Option<Text> {
    let mut decoded: Option<String> = None;
    text.test(|text| {
        decoded = decode_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
        true
    });
    decoded.map(Text::new)
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

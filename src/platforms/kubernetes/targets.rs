//! Kubernetes: what a container of a workload is told, which is all it gets.
//! <https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/>

use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, SourceFile, Weight, set};
use crate::environment::read::not_set;
use crate::environment::stack::Described;
use crate::environment::target::{Manifest, Part, Runs};
use crate::eval::{How, Place, Value};
use crate::platforms::bought::is_bought;
use crate::platforms::describing::Describing;
use crate::platforms::dockerfile;
use crate::platforms::image;
use crate::platforms::image::BuildArguments;
use crate::platforms::kubernetes::kustomize;
use crate::platforms::kubernetes::kustomize::{Entry, Set};
use crate::platforms::kubernetes::platform::PLATFORM;
use crate::platforms::kubernetes::skeleton::{PATCH, UNSEEN};
use crate::platforms::targets::{MOST_TOLD, Targets};
use crate::project::FileKind;
use crate::syntax::FileId;
use crate::syntax::data::scalar;
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;
use hashbrown::HashMap;
use std::sync::Arc;

/// One of these stands in each manifest and in each kustomization.
const MANIFESTS: &[&str] = &["apiVersion:", "configMapGenerator:", "resources:"];

const WORKLOADS: &[&str] =
    &["kind: Deployment", "kind: StatefulSet", "kind: DaemonSet", "kind: CronJob", "kind: Pod", "kind: Job"];

/// The containers that are the app.
pub(crate) fn find(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let yaml = context.project().of_kind_mentioning(&FileKind::Yaml, MANIFESTS);
    if context.project().of_kind_mentioning(&FileKind::Yaml, WORKLOADS).is_empty() {
        return Vec::new();
    }
    let mut targets = Targets::default();
    for set in kustomize::sets(context, &yaml) {
        of_set(context, &set, &mut targets);
    }
    targets.found
}

/// One container with what every manifest says of it, the patches last.
struct Container<'m> {
    workload: Arc<str>,
    name: Arc<str>,
    parts: Vec<(FileId, &'m Node)>,
}

fn of_set(context: &mut Describing<'_, '_>, set: &Set, targets: &mut Targets) {
    let containers = containers(set);
    let images = dockerfile::of_app(context);
    let manifests: Arc<[Manifest]> = set.manifests.iter().cloned().collect();
    for (container, runs, image) in apps(context, &containers, &images) {
        if targets.is_full() {
            break;
        }
        targets.add(deployed(context, set, container, (runs, image), &manifests));
    }
}

/// A container with what it runs, and the Dockerfile that builds that, where the tree has it.
type Deploys<'c, 'm> = (&'c Container<'m>, Runs, Option<FileId>);

/// Those containers that are the app: they run its image or have its name; or else the only one that is nothing bought,
/// if the manifests belong to the app. In a folder that stands for all its deployments, all that is nothing bought.
fn apps<'c, 'm>(
    context: &mut Describing<'_, '_>,
    containers: &'c [Container<'m>],
    images: &[FileId],
) -> Vec<Deploys<'c, 'm>> {
    let (mut apps, mut unknown) = (Vec::new(), Vec::new());
    let mut bought_alone: Option<Deploys<'c, 'm>> = None;
    for container in containers {
        let image = container.image().map(|image| Text::new(&*image));
        let (runs, built) = image.map_or((Runs::Unknown, None), |image| context.runs(&image));
        if context.request.everything {
            let bought = container.image().is_some_and(|image| is_bought(&image));
            let built = built.or_else(|| images.iter().copied().find(|file| builds(context, *file, container)));
            let runs = if built.is_some() { Runs::App } else { runs };
            if bought {
                bought_alone.get_or_insert((container, runs, None));
            } else {
                apps.push((container, runs, built));
            }
            continue;
        }
        let named = [&container.name, &container.workload].iter().any(|name| context.is_named(name));
        match runs {
            Runs::App => apps.push((container, Runs::App, built.or_else(|| images.first().copied()))),
            Runs::Unknown if named => apps.push((container, Runs::App, images.first().copied())),
            Runs::Unknown => unknown.push((container, Runs::Unknown, images.first().copied())),
            Runs::Image(_) => {}
        }
    }
    let first = unknown.first().and_then(|(container, ..)| container.parts.first());
    let belongs = first.is_some_and(|(file, _)| context.deploys(context.folder(*file)));
    if apps.is_empty() && unknown.len() == 1 && belongs {
        return unknown;
    }
    // Bought images alone are what is deployed, where the project has no code that could use them for its developers.
    let is_all_there_is = |(container, ..): &Deploys<'c, 'm>| {
        let mut files = container.parts.iter().map(|(file, _)| *file);
        context.project().packages().is_empty() || files.any(|file| context.is_for_this(file))
    };
    if apps.is_empty() {
        apps.extend(bought_alone.filter(is_all_there_is));
    }
    apps
}

/// Whether the folder of a Dockerfile has the name of the container or its image.
fn builds(context: &Describing<'_, '_>, dockerfile: FileId, container: &Container<'_>) -> bool {
    let folder = context.folder(dockerfile).rsplit('/').next().unwrap_or_default();
    let parts = context.folder(dockerfile).split('/');
    let image = container.image();
    let image = image.as_deref().map(|image| {
        let last = image.rsplit('/').next().unwrap_or(image);
        last.split(['@', ':']).next().unwrap_or(last)
    });
    let names = [image, Some(&*container.name), Some(&*container.workload)];
    !folder.is_empty() && parts.into_iter().any(|part| names.contains(&Some(part)))
}

fn containers(set: &Set) -> Vec<Container<'_>> {
    let mut all: Vec<Container<'_>> = Vec::new();
    let mut places: HashMap<(Arc<str>, Arc<str>), usize> = HashMap::new();
    for manifest in &set.manifests {
        let Some(spec) = pod_spec(manifest) else { continue };
        for node in spec.get("containers").map_or(&[][..], Node::items) {
            let Some(name) = node.get("name").and_then(Node::text).map(Text::as_name) else { continue };
            let workload = manifest.name.clone();
            let place = *places.entry((workload.clone(), name.clone())).or_insert(all.len());
            if place == all.len() {
                all.push(Container { workload, name, parts: Vec::new() });
            }
            all[place].parts.push((manifest.file, node));
        }
    }
    all
}

pub(super) fn pod_spec(manifest: &Manifest) -> Option<&Node> {
    let path: &[&str] = match &*manifest.kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => &["spec", "template", "spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        "Pod" => &["spec"],
        _ => return None,
    };
    manifest.node.at(path)
}

impl Container<'_> {
    fn image(&self) -> Option<Arc<str>> {
        self.parts.iter().find_map(|(_, node)| node.get("image")?.text()).map(Text::as_name)
    }
}

fn deployed(
    context: &mut Describing<'_, '_>,
    set: &Set,
    container: &Container<'_>,
    (runs, dockerfile): (Runs, Option<FileId>),
    manifests: &Arc<[Manifest]>,
) -> Option<Described> {
    let (file, _) = *container.parts.first()?;
    let mut target = context.target(&PLATFORM, file, Some(&container.workload));
    target.runs = runs;
    target.directory = context.request.app_dir.into();
    target.parts = container.parts.iter().map(|(file, node)| Part { file: *file, node: (*node).clone() }).collect();
    target.manifests = manifests.clone();
    let mut layers = Vec::new();
    if let Some(dockerfile) = dockerfile {
        target.stage = context.stage_of(dockerfile);
        let stage = target.stage.as_ref().map(Text::as_name);
        layers.extend(image::layers(context, dockerfile, stage.as_deref(), &BuildArguments::new()));
        target.images.push(dockerfile);
    }
    let mut pod = Pod::of(set);
    // The list has no key by which a patch could be merged into it: the last one counts.
    let whole = container.parts.iter().rev().find_map(|(file, node)| Some((*file, node.get("envFrom")?)));
    if let Some((file, node)) = whole {
        let items = node.items().iter().filter(|item| item.get(PATCH).is_none());
        layers.extend(items.map(|item| pod.whole(file, item)));
    }
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for (file, node) in &container.parts {
        for item in node.get("env").map_or(&[][..], Node::items) {
            pod.variable(&mut layer, *file, item);
        }
        if let Some(unseen) = node.get(UNSEEN) {
            layer.entries.clear();
            layer.unseen = Some(Place::File(*file, unseen.span));
            pod.closed = false;
        }
    }
    layers.push(layer);
    target.secrets = pod.secrets;
    let mut sources: Vec<SourceFile> = container.parts.iter().map(|(file, _)| context.source(*file)).collect();
    sources.extend(pod.sources.iter().map(|file| context.source(*file)));
    Some(Described { target, layers, closed: pod.closed && pod.says_something, sources })
}

struct Pod<'m> {
    set: &'m Set,
    secrets: Vec<Arc<str>>,
    sources: Vec<FileId>,
    says_something: bool,
    closed: bool,
    /// How many variables it is told by whole maps.
    told: usize,
    /// The keys of maps that single variables refer to.
    keys: HashMap<(&'static str, Arc<str>), Keys>,
}

/// The entries of a map by their keys, of equal ones the last.
type Keys = HashMap<Arc<str>, Entry>;

impl<'m> Pod<'m> {
    fn of(set: &'m Set) -> Self {
        Pod {
            set,
            secrets: Vec::new(),
            sources: Vec::new(),
            says_something: false,
            closed: true,
            told: 0,
            keys: HashMap::new(),
        }
    }

    /// `envFrom`: all of a `ConfigMap` or a `Secret`.
    fn whole(&mut self, file: FileId, item: &Node) -> Layer {
        self.says_something = true;
        let prefix = item.get("prefix").and_then(Node::text).map_or("".into(), Text::as_name);
        let map = item.get("configMapRef").map(|node| ("ConfigMap", node));
        let reference = map.or_else(|| item.get("secretRef").map(|node| ("Secret", node)));
        let mut layer = Layer::new(Role::Target, Weight::Certain);
        let Some((kind, node)) = reference else { return layer };
        let name = node.get("name").and_then(Node::text).map(Text::as_name);
        let has_room = self.told <= MOST_TOLD;
        let entries = name.filter(|_| has_room).and_then(|name| self.set.entries(kind, &name));
        let Some(entries) = entries else {
            layer.unseen = Some(Place::File(file, node.span));
            self.closed = false;
            return layer;
        };
        for entry in entries {
            let name: Arc<str> = format!("{prefix}{}", entry.name).into();
            self.sources.push(entry.file);
            let value = entry.value.each(&mut |value| sets(value, &name, entry.place));
            layer.add(name, entry.file, entry.name_span, value);
        }
        self.told += layer.entries.len();
        layer
    }

    /// One key of a map, as the last that sets it says.
    fn key(&mut self, kind: &'static str, map: Arc<str>, key: &str) -> Option<&Entry> {
        let keys = self.keys.entry((kind, map)).or_insert_with_key(|(kind, map)| {
            let entries = self.set.entries(kind, map).unwrap_or_default();
            entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect()
        });
        keys.get(key)
    }

    fn variable(&mut self, layer: &mut Layer, file: FileId, item: &Node) {
        self.says_something = true;
        let Some((name, name_node)) = item.get("name").and_then(|node| Some((node.text()?.as_name(), node))) else {
            if item.get(PATCH).and_then(Node::text).is_some_and(|word| word.is("replace")) {
                layer.entries.clear();
            }
            return;
        };
        if item.get(PATCH).and_then(Node::text).is_some_and(|word| word.is("delete")) {
            return layer.entries.retain(|entry| entry.name != name);
        }
        let value = match (item.get("value"), item.get("valueFrom")) {
            (Some(node), _) => written(&name, file, node),
            (None, Some(from)) => self.referred(&name, file, from),
            (None, None) => set(&Text::new(""), &name, Place::File(file, name_node.span)),
        };
        layer.add(name, file, name_node.span, value);
    }

    /// `valueFrom`: one key of something else.
    fn referred(&mut self, name: &Arc<str>, file: FileId, from: &Node) -> Value {
        let place = Place::File(file, from.span);
        let map = from.get("configMapKeyRef").map(|node| ("ConfigMap", node));
        let reference = map.or_else(|| from.get("secretKeyRef").map(|node| ("Secret", node)));
        let Some((kind, node)) = reference else { return present(name, place, 0) };
        let word = |key: &str| node.get(key).and_then(Node::text).map(Text::as_name);
        if let Some(entry) = word("name").zip(word("key")).and_then(|(map, key)| self.key(kind, map, &key)) {
            let (file, value) = (entry.file, entry.value.each(&mut |value| sets(value, name, entry.place)));
            self.sources.push(file);
            return value.each(&mut |value| sets(value, name, place));
        }
        self.secrets.push(name.clone());
        let optional = matches!(node.get("optional").map(|node| &node.kind), Some(NodeKind::Bool(true)));
        if optional { not_set(name, place) } else { present(name, place, 0) }
    }
}

fn sets(value: &Value, name: &Arc<str>, place: Place) -> Value {
    value.step(place, How::Sets { variable: name.clone() })
}

/// A literal; `$(NAME)` in it refers to another variable of the container and is not followed.
fn written(name: &Arc<str>, file: FileId, node: &Node) -> Value {
    let place = Place::File(file, node.span);
    let text = scalar(&node.kind).unwrap_or_else(|| Text::new(""));
    if text.test(|text| text.contains("$(") || text.contains("{{")) {
        return present(name, place, 0);
    }
    set(&text, name, place)
}

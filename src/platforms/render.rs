//! Render: `envVars` of a service over the image, disks, instances, start commands, who reaches its datastores. More
//! variables can be set in its dashboard. <https://render.com/docs/blueprint-spec>

use super::command::Line;
use super::container;
use super::describing::Describing;
use super::hosting::{Hosting, disk, number};
use super::image::{self, BuildArguments, Image};
use super::platform::{Commands, Platform};
use super::targets::Targets;
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{Kind, Place, Value};
use crate::project::{FilesOf, Pattern, inside, normalized};
use crate::reading::bench::Reading;
use crate::settings::datastore;
use crate::syntax::FileId;
use crate::syntax::data::{Format, Node, scalar};
use crate::text::Text;

/// A service on Render; its proxy ends TLS.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("Render") },
    files: FilesOf {
        name: "render",
        patterns: &[Pattern::Named("render.yaml"), Pattern::Named("render.yml")],
        medium: "manifest",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["buildCommand", "startCommand", "preDeployCommand", "dockerCommand"]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| {
        container::read(reading, target, hosting);
        datastores(reading, target.file);
    },
};

/// `generateValue` makes 256 random bits, written in base64.
const GENERATED_CHARS: usize = 44;

/// The services of a blueprint that are the app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut targets = Targets::default();
    for file in context.files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let groups = root.get("envVarGroups").map_or(&[][..], Node::items);
        for service in root.get("services").map_or(&[][..], Node::items) {
            if targets.is_full() {
                break;
            }
            targets.add(deployed(context, file, service, groups));
        }
    }
    targets.found
}

fn deployed(context: &mut Describing<'_, '_>, file: FileId, service: &Node, groups: &[Node]) -> Option<Described> {
    let word = |key: &str| service.get(key).and_then(Node::text).map(Text::as_name);
    let kind = word("type")?;
    if matches!(&*kind, "redis" | "keyvalue") || word("name").is_some_and(|name| is_for_another(context, &name)) {
        return None;
    }
    let folder = context.folder(file);
    let root = normalized(&inside(folder, &word("rootDir").unwrap_or_default()))?;
    let dockerfile = word("dockerfilePath").and_then(|path| normalized(&inside(&root, &path)));
    let built_from = match word("dockerContext") {
        Some(path) => normalized(&inside(&root, &path))?,
        None => root.clone(),
    };
    let holds = dockerfile.as_deref().is_some_and(|path| context.deploys(crate::project::folder_of(path)));
    if !context.deploys(&root) && !context.deploys(&built_from) && !holds {
        return None;
    }
    let mut target = context.target(&PLATFORM, file, word("name").as_deref());
    target.directory = root.as_str().into();
    target.parts.push(Part { file, node: service.clone() });
    if let Some(image) = service.at(&["image", "url"]).and_then(Node::text) {
        context.run_image(&mut target, image)?;
    }
    let mut layers = Vec::new();
    let docker = word("runtime").or_else(|| word("env")).is_some_and(|runtime| &*runtime == "docker");
    let dockerfile = dockerfile.unwrap_or_else(|| inside(&root, "Dockerfile"));
    if let Some(dockerfile) = context.project().find(&dockerfile).filter(|_| docker) {
        layers.extend(image::layers(context, dockerfile, None, &BuildArguments::new()));
        target.images.push(dockerfile);
    }
    let mut own = Layer::new(Role::Target, Weight::Certain);
    for item in service.get("envVars").map_or(&[][..], Node::items) {
        let Some(group) = item.get("fromGroup").and_then(Node::text) else {
            variable(&mut own, &mut target, file, item);
            continue;
        };
        let named = groups.iter().find(|known| known.get("name").and_then(Node::text) == Some(group));
        for item in named.and_then(|group| group.get("envVars")).map_or(&[][..], Node::items) {
            variable(&mut own, &mut target, file, item);
        }
    }
    layers.push(own);
    Some(Described { target, layers, closed: false, sources: vec![context.source(file)] })
}

fn is_for_another(context: &Describing<'_, '_>, name: &str) -> bool {
    name.split(['-', '_']).any(|word| context.is_another(word))
}

fn variable(layer: &mut Layer, target: &mut Target, file: FileId, item: &Node) {
    let Some((name, key)) = item.get("key").and_then(|key| Some((key.text()?.as_name(), key))) else { return };
    let place = Place::File(file, item.get("value").unwrap_or(key).span);
    let value = match item.get("value").and_then(|value| scalar(&value.kind)) {
        Some(text) => set(&text, &name, place),
        None => {
            // `generateValue`, `sync: false`, `fromDatabase`, `fromService`
            target.secrets.push(name.clone());
            let generated = item.get("generateValue").is_some();
            present(&name, place, if generated { GENERATED_CHARS } else { 0 })
        }
    };
    layer.add(name, file, key.span, value);
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let Some(Part { file, node: service }) = target.parts.first() else { return Hosting::default() };
    let at = |node: &Node| Place::File(*file, node.span);
    let line = |key: &str| service.get(key).and_then(|node| Line::of_node(*file, node));
    let hosting = Hosting {
        start: line("dockerCommand").or_else(|| line("startCommand")),
        before: line("preDeployCommand").into_iter().map(|line| ("before the deploy", line)).collect(),
        disk: disk(reading, *file, service.get("disk"), service),
        replicas: service.get("numInstances").and_then(|node| number(*file, node)),
        stops_when_idle: service
            .get("plan")
            .and_then(|node| Some(Value::written(Kind::Bool(node.text()?.is("free")), at(node)))),
        worker: worker(reading, *file),
        ..Hosting::default()
    };
    let image = target.images.first().and_then(|image| Image::of(reading, *image, None, &target.directory));
    hosting.built(image)
}

/// A service of the blueprint that works jobs off.
fn worker(reading: &Reading<'_>, file: FileId) -> Option<Place> {
    let document = reading.documents.data_of(file, Format::Yaml)?;
    let services = document.root().get("services")?.items();
    let is_worker = |item: &&Node| item.get("type").and_then(Node::text).is_some_and(|text| text.is("worker"));
    services.iter().find(is_worker).map(|item| Place::File(file, item.span))
}

/// Databases and key-value stores with the networks that reach them; none is written where only Render's own does.
fn datastores(reading: &mut Reading<'_>, file: FileId) {
    let Some(document) = reading.documents.data_of(file, Format::Yaml) else { return };
    let root = document.root();
    let services = root.get("services").map_or(&[][..], Node::items).iter().filter(|service| {
        service.get("type").and_then(Node::text).is_some_and(|text| text.is("redis") || text.is("keyvalue"))
    });
    for store in root.get("databases").map_or(&[][..], Node::items).iter().chain(services) {
        let Some(list) = store.get("ipAllowList") else { continue };
        let name = store.get("name").and_then(Node::text).map_or("a datastore".into(), Text::as_name);
        let items = list.items().iter().filter_map(|item| {
            let source = item.get("source")?;
            Some(Value::written(Kind::Text(source.text()?.clone()), Place::File(file, source.span)))
        });
        let place = Place::File(file, list.span);
        let value = Value::written(Kind::List { items: items.collect(), open: None }, place);
        let resource =
            reading.resource(datastore::KIND, name, place).set_at(datastore::allow_list, value, "ipAllowList");
        reading.add(resource);
    }
}

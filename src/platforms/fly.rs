//! Fly.io: `[env]` over the image, https, machines that stop, volumes, release commands. Secrets lie in its vault.
//! <https://fly.io/docs/reference/configuration/>

use super::command::Line;
use super::container;
use super::describing::Describing;
use super::hosting::{Hosting, disk};
use super::image::{self, BuildArguments, Image};
use super::own;
use super::platform::{Commands, Platform};
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{Kind, Place, Value};
use crate::project::{FilesOf, Pattern};
use crate::reading::bench::Reading;
use crate::settings::proxy;
use crate::syntax::FileId;
use crate::syntax::data::{Node, NodeKind, scalar};
use crate::text::Text;

/// An app on Fly.io, built of the folder as it lies there.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { carries_uncommitted_files: true, ..Nature::of("Fly.io") },
    files: FilesOf { name: "fly", patterns: &[Pattern::Variant("fly", &["toml"])], medium: "manifest", comments: None },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["release_command"]),
    loader: None,
    targets,
    hosting,
    resources,
};

/// The Fly app of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files_of_environment(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let mut target = context.target(&PLATFORM, file, None);
        let mut layers = Vec::new();
        if let Some(image) = root.at(&["build", "image"]).and_then(Node::text)
            && context.run_image(&mut target, image).is_none()
        {
            continue;
        }
        if let Some(dockerfile) = dockerfile(context, file, root) {
            let stage = root.at(&["build", "build-target"]).and_then(Node::text).map(Text::as_name);
            layers.extend(image::layers(context, dockerfile, stage.as_deref(), &arguments(file, root)));
            target.images.push(dockerfile);
        }
        let app = root.get("app").and_then(Node::text).map(|name| name.as_name().to_string());
        layers.push(own::variables(
            "Fly.io",
            file,
            &[("FLY_APP_NAME", app), ("FLY_REGION", None), ("FLY_MACHINE_ID", None), ("FLY_ALLOC_ID", None)],
        ));
        let mut own = Layer::new(Role::Target, Weight::Certain);
        if let Some(section) = root.get("env") {
            own.add_literals(file, section);
        }
        layers.push(own);
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

fn dockerfile(context: &Describing<'_, '_>, file: FileId, root: &Node) -> Option<FileId> {
    if root.at(&["build", "image"]).is_some() || root.at(&["build", "builder"]).is_some() {
        return None;
    }
    let named = root.at(&["build", "dockerfile"]).and_then(Node::text).map(Text::as_name);
    let name = named.as_deref().unwrap_or("Dockerfile");
    context.beside(file, name)
}

fn arguments(file: FileId, root: &Node) -> BuildArguments {
    let entries = root.at(&["build", "args"]).map_or(&[][..], Node::entries).iter();
    let argument = entries.filter_map(|entry| {
        let text = scalar(&entry.value.kind)?;
        Some((entry.key.clone(), set(&text, &entry.key, Place::File(file, entry.value.span))))
    });
    argument.collect()
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let Some(Part { file, node: root }) = target.parts.first() else { return Hosting::default() };
    let at = |node: &Node| Place::File(*file, node.span);
    let processes = root.get("processes").map_or(&[][..], Node::entries);
    let process = processes.iter().find(|entry| matches!(&*entry.key, "app" | "web")).or_else(|| processes.first());
    let start = process.and_then(|entry| Line::of_node(*file, &entry.value));
    let release = root.at(&["deploy", "release_command"]).and_then(|node| Line::of_node(*file, node));
    let service = service(root);
    let mut hosting = Hosting {
        start,
        before: release.into_iter().map(|line| ("release", line)).collect(),
        disk: disk(reading, *file, root.get("mounts"), root),
        worker: processes.iter().find(|entry| entry.key.contains("worker")).map(|entry| at(&entry.value)),
        stops_when_idle: service.and_then(|service| stops(*file, service)),
        ..Hosting::default()
    };
    hosting.edge.tls = service.map(at);
    let image = target.images.first().and_then(|image| {
        let stage = root.at(&["build", "build-target"]).and_then(Node::text);
        Image::of(reading, *image, stage, &target.directory)
    });
    hosting.built(image)
}

/// What takes requests from outside.
fn service(root: &Node) -> Option<&Node> {
    root.get("http_service").or_else(|| root.get("services")?.items().first())
}

/// Whether its machines stop while nobody asks.
fn stops(file: FileId, service: &Node) -> Option<Value> {
    let node = service.get("auto_stop_machines").or_else(|| service.get("autostop"))?;
    let least = service.get("min_machines_running");
    let stays = least.is_some_and(|node| matches!(node.kind, NodeKind::Number(number, _) if number > 0.0));
    let stops = match &node.kind {
        NodeKind::Bool(stops) => *stops,
        NodeKind::Text(text) => !text.is("off"),
        _ => false,
    };
    Some(Value::written(Kind::Bool(stops && !stays), Place::File(file, node.span)))
}

fn resources(reading: &mut Reading<'_>, target: &Target, hosting: &mut Hosting) {
    let Some(Part { file, node: root }) = target.parts.first() else { return };
    container::read(reading, target, hosting);
    redirect(reading, target, *file, root);
}

/// `force_https` of the service that takes requests; what is not written is off.
fn redirect(reading: &mut Reading<'_>, target: &Target, file: FileId, root: &Node) {
    let ports = root
        .get("services")
        .map_or(&[][..], Node::items)
        .iter()
        .flat_map(|service| service.get("ports").map_or(&[][..], Node::items));
    let speaks = |port: &&Node, what: &str| {
        let handlers = port.get("handlers").map_or(&[][..], Node::items);
        handlers.iter().filter_map(Node::text).any(|text| text.is(what))
    };
    let plain = ports.into_iter().find(|port| speaks(port, "http") && !speaks(port, "tls"));
    let Some(service) = root.get("http_service").or(plain) else { return };
    let place = Place::File(file, service.span);
    let forced = match service.get("force_https") {
        Some(Node { span, kind: NodeKind::Bool(forced) }) => {
            Value::written(Kind::Bool(*forced), Place::File(file, *span))
        }
        Some(_) => return,
        None => Value::written(Kind::Bool(false), place),
    };
    let resource = reading
        .resource(proxy::KIND, target.name.clone(), place)
        .set(proxy::serves_http, reading.stated(Kind::Bool(true), place))
        .set(proxy::serves_tls, reading.stated(Kind::Bool(true), place))
        .set_at(proxy::redirects_to_https, forced, "force_https")
        .with_fix(proxy::redirects_to_https, "Set `force_https = true` in `[http_service]`.");
    reading.add(resource);
}

//! Fly.io: https, machines that stop, volumes, release commands. <https://fly.io/docs/reference/configuration/>

use crate::environment::target::Target;
use crate::eval::{Kind, Place, Value};
use crate::platforms::command::Line;
use crate::platforms::image::Image;
use crate::platforms::{Hosting, built, migrations};
use crate::reading::bench::Reading;
use crate::settings::proxy;
use crate::syntax::FileId;
use crate::syntax::data::{Node, NodeKind};

pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let Some(part) = target.parts.first() else { return Hosting::default() };
    let (file, root) = (part.file, &part.node);
    let process = root.get("processes").and_then(|node| {
        let entries = node.entries();
        entries.iter().find(|entry| matches!(&*entry.key, "app" | "web")).or_else(|| entries.first())
    });
    let command = process.and_then(|entry| Line::of_node(file, &entry.value));
    if let Some(image) = target.images.first().and_then(|image| {
        let stage = root.at(&["build", "build-target"]).and_then(Node::text);
        Image::of(reading, *image, stage, &target.directory)
    }) {
        let line = command.or_else(|| image.start());
        built(reading, target, &image, line.as_ref());
    }
    if let Some(line) = root.at(&["deploy", "release_command"]).and_then(|node| Line::of_node(file, node)) {
        migrations::read(reading, &format!("{}:release", target.name), &line, &target.directory);
    }
    redirect(reading, target, file, root);
    hosting(reading, file, root)
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
        .set_at(proxy::redirects_to_https, forced, "force_https");
    reading.add(resource);
}

fn hosting(reading: &Reading<'_>, file: FileId, root: &Node) -> Hosting {
    let at = |node: &Node| Place::File(file, node.span);
    let disk = match root.get("mounts") {
        Some(mounts) => reading.word("durable", at(mounts)),
        None => reading.word("ephemeral", Place::File(file, crate::syntax::Span::default())),
    };
    let mut hosting = Hosting { disk: Some(disk), ..Hosting::default() };
    let service = root.get("http_service").or_else(|| root.get("services")?.items().first());
    let stops = service.and_then(|service| service.get("auto_stop_machines").or_else(|| service.get("autostop")));
    let least = service.and_then(|service| service.get("min_machines_running"));
    let stays = least.is_some_and(|node| matches!(node.kind, NodeKind::Number(number, _) if number > 0.0));
    hosting.stops_when_idle = stops.map(|node| {
        let stops = match &node.kind {
            NodeKind::Bool(stops) => *stops,
            NodeKind::Text(text) => !text.is("off"),
            _ => false,
        };
        Value::written(Kind::Bool(stops && !stays), at(node))
    });
    hosting.edge.tls = service.map(at);
    hosting
}

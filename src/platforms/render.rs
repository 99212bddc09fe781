//! Render: disks, instances, start commands, who reaches its datastores. <https://render.com/docs/blueprint-spec>

use crate::environment::target::Target;
use crate::eval::{Kind, Place, Value};
use crate::platforms::command::Line;
use crate::platforms::image::Image;
use crate::platforms::{Hosting, built, migrations, started};
use crate::reading::bench::Reading;
use crate::settings::datastore;
use crate::syntax::FileId;
use crate::syntax::data::{Format, Node, NodeKind};
use crate::text::Text;

pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let Some(part) = target.parts.first() else { return Hosting::default() };
    let (file, service) = (part.file, &part.node);
    let line = |key: &str| service.get(key).and_then(|node| Line::of_node(file, node));
    let command = line("dockerCommand").or_else(|| line("startCommand"));
    match target.images.first().and_then(|image| Image::of(reading, *image, None, &target.directory)) {
        Some(image) => {
            let command = command.or_else(|| image.start());
            built(reading, target, &image, command.as_ref());
        }
        None => started(reading, target, command.as_ref()),
    }
    if let Some(line) = line("preDeployCommand") {
        migrations::read(reading, &format!("{}:before the deploy", target.name), &line, &target.directory);
    }
    datastores(reading, file);
    hosting(reading, file, service)
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

fn hosting(reading: &Reading<'_>, file: FileId, service: &Node) -> Hosting {
    let at = |node: &Node| Place::File(file, node.span);
    let disk = match service.get("disk") {
        Some(disk) => reading.word("durable", at(disk)),
        None => reading.word("ephemeral", at(service)),
    };
    let mut hosting = Hosting { disk: Some(disk), ..Hosting::default() };
    if let Some(Node { span, kind: NodeKind::Number(number, _) }) = service.get("numInstances") {
        hosting.replicas = Some(Value::written(Kind::Number(*number), Place::File(file, *span)));
    }
    hosting.stops_when_idle = service.get("plan").and_then(|node| {
        let free = node.text()?.is("free");
        Some(Value::written(Kind::Bool(free), at(node)))
    });
    hosting.edge.tls = Some(at(service));
    hosting
}

//! Compose files: the container of a service, and the datastores beside it.
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md>

use crate::environment::target::{Beside, Runs, Target};
use crate::eval::{Because, How, Kind, Place, Step, Value};
use crate::platforms::command::Line;
use crate::platforms::compose::images::{self, is_redis};
use crate::platforms::compose::ports::Port;
use crate::platforms::compose::{built_in, ports, proxies, stores, traefik};
use crate::platforms::container::{self as containers, image_secrets};
use crate::platforms::hosting::{Hosting, number};
use crate::platforms::image::Image;
use crate::platforms::{forwarded, loopback, migrations, start, start_scripts};
use crate::project::{folder_of, inside, normalized};
use crate::reading::bench::Reading;
use crate::reading::interpolated::is_made_of_others;
use crate::reading::secret_text::{Written, secret_value};
use crate::reading::siblings::Siblings;
use crate::settings::{container, datastore, endpoint, redis};
use crate::stages::is_production;
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;
use std::sync::Arc;

/// The container of the service, what lies beside it, and what its labels say of the way to it.
pub(crate) fn resources(reading: &mut Reading<'_>, target: &Target, hosting: &mut Hosting) {
    container(reading, target, hosting);
    if let Some(image) = &hosting.image {
        image_secrets(reading, image);
    }
    let published = published_datastore(target);
    for service in target.services.iter() {
        beside(reading, service, published);
    }
    listener(reading, target);
    proxies::read(reading, target);
    if let Some(edge) = traefik::read(reading, target) {
        (hosting.edge, hosting.edge_is_its_own) = (edge, true);
    }
}

fn container(reading: &mut Reading<'_>, target: &Target, hosting: &Hosting) {
    let Some(part) = target.parts.last() else { return };
    let (image, line) = (hosting.image.as_ref(), hosting.start.as_ref());
    let mut resource = reading.resource(container::KIND, target.name.clone(), Place::File(part.file, part.node.span));
    let user = target.at(&["user"]).and_then(|(file, node)| {
        let text = match &node.kind {
            NodeKind::Text(text) | NodeKind::Number(_, text) => text.clone(),
            _ => return None,
        };
        let known = !text.test(|text| text.contains('$'));
        known.then(|| Value::written(Kind::Text(text), Place::File(file, node.span)))
    });
    let of_image = || image?.user(reading).filter(|_| line.is_some());
    if let Some(user) = user.or_else(of_image).filter(|_| !is_variable(target, "user")) {
        resource = resource.set(container::user, user);
        if let Some(image) = image {
            resource = resource.set(container::drops_privileges, image.drops_privileges(reading));
        }
    }
    if let Some(line) = line {
        resource = resource.set(container::start_command_kind, start::kind(reading, line, &target.directory));
    }
    let volumes = target.at(&["volumes"]).map(|(file, node)| (file, node.items()));
    let socket = volumes.and_then(|(file, volumes)| Some((file, stores::docker_socket(volumes)?)));
    let privileged = target.at(&["privileged"]).filter(|(_, node)| stores::says_yes(node));
    // What nobody reaches controls the host for a purpose of its own.
    let is_reached = open_port(&ports::published(&target.parts)).is_some();
    let controls = socket
        .filter(|_| is_reached)
        .map(|at| ("docker_socket", at))
        .or(privileged.filter(|_| is_reached).map(|at| ("privileged", at)));
    if let Some((word, (file, node))) = controls {
        resource = resource.set(container::host_control, reading.word(word, Place::File(file, node.span)));
    }
    let is_published = !ports::published(&target.parts).is_empty() && target.at(&["network_mode"]).is_none();
    let bound = line.zip(image).filter(|_| is_published);
    let bound = bound.and_then(|(line, image)| loopback::bound(reading, line, image, &target.directory));
    if let Some(bound) = bound {
        resource = resource.set(container::loopback_address, bound);
    }
    if let Some(late) = built_in::set_too_late(reading, target, hosting) {
        resource = resource.set(container::inlined_variables_set_late, late);
    }
    if is_named_for_production(&reading.documents.project.file(part.file).path) {
        resource = resource.set(container::source_mounted, source_mounted(reading, target));
    }
    if let Some(image) = image {
        resource = containers::of_image(reading, resource, image);
    }
    reading.add(resource);
    if let Some(line) = line {
        start_scripts::debug(reading, line, &target.directory);
        forwarded::read(reading, line, &target.directory);
        migrations::read(reading, &target.name, line, &target.directory);
    }
}

fn is_variable(target: &Target, key: &str) -> bool {
    let text = target.at(&[key]).and_then(|(_, node)| node.text());
    text.is_some_and(|text| text.test(|text| text.contains('$')))
}

/// What the service starts: its own entry point or the image's, with its own command or the image's behind it.
fn start_line(target: &Target, image: Option<&Image>) -> Option<Line> {
    let own = |key: &str| target.at(&[key]).and_then(|(file, node)| Line::of_node(file, node));
    match (own("entrypoint"), own("command")) {
        (Some(entry), Some(command)) => Some(entry.with(&command)),
        (Some(entry), None) => Some(entry),
        (None, Some(command)) => {
            Some(image.and_then(Image::entry_point).map_or(command.clone(), |entry| entry.with(&command)))
        }
        (None, None) => image?.start(),
    }
}

/// Whether the name of a file or of a folder around it says production.
pub(crate) fn is_named_for_production(path: &str) -> bool {
    path.split(['/', '.', '-', '_']).any(is_production)
}

/// Variables and labels by which a companion proxy ends TLS for a service.
const COMPANIONS: &[&str] = &["LETSENCRYPT_HOST", "VIRTUAL_HOST", "HTTPS_METHOD", "CERT_NAME"];

/// The first port of the service that every address of the host has, unless something shows that it speaks TLS.
fn listener(reading: &mut Reading<'_>, target: &Target) {
    let mut ports = ports::published(&target.parts);
    ports.retain(Port::takes_http);
    let speaks_tls =
        ports.iter().any(|port| [port.inside, port.outside].iter().any(|port| matches!(port, Some(443 | 8443))));
    let own = target.services.iter().find(|service| target.name.ends_with(&format!(":{}", service.name)));
    if own.is_some_and(is_datastore) {
        return;
    }
    let companion = own.is_some_and(|service| {
        service.variables.iter().any(|variable| COMPANIONS.contains(&&*variable.name))
            || service.get("labels").is_some()
    });
    let Some(port) = open_port(&ports).filter(|_| !speaks_tls && !companion) else { return };
    let number = port.outside.or(port.inside);
    // What stands before the host cannot be seen here.
    let unseen = || Value::unknown(Because::Undecided, &Step::start(port.place, How::Written));
    // A proxy on the host, or a firewall, leaves such a port to itself; the port of browsers is meant for them, and the
    // port of an app beside a proxy of the same file is a way around it.
    let evades = matches!(target.runs, Runs::App) && target.services.iter().any(is_proxy);
    let private = if number == Some(80) || evades { reading.stated(Kind::Bool(false), port.place) } else { unseen() };
    let behind = if port.outside == Some(80) {
        // Where browsers come by themselves, nothing else ends TLS.
        Value::written(Kind::Bool(false), port.place)
    } else {
        unseen()
    };
    let suffix = number.map_or_else(String::new, |number| format!(":{number}"));
    let url = Value::written(Kind::Text(Text::new(format!("http://0.0.0.0{suffix}"))), port.place);
    let resource = reading
        .resource(endpoint::KIND, target.name.clone(), port.place)
        .set_at(endpoint::url, url, "ports")
        .set(endpoint::role, reading.word("listener", port.place))
        .set(endpoint::behind_tls, behind)
        .set(endpoint::private_network, private);
    reading.add(resource);
}

/// Images that stand in front of apps.
const PROXIES: &[&str] =
    &["nginx", "traefik", "caddy", "haproxy", "envoy", "cloudflared", "nginx-proxy", "openresty", "swag", "httpd"];

pub(crate) fn is_proxy(service: &Beside) -> bool {
    image_name(service).is_some_and(|name| PROXIES.contains(&&*name))
}

/// Whether the folder that the image is built of lies over the image's own.
fn source_mounted(reading: &Reading<'_>, target: &Target) -> Value {
    for part in &target.parts {
        for volume in part.node.get("volumes").map_or(&[][..], Node::items) {
            let folder = folder_of(&reading.documents.project.file(part.file).path);
            let source = mount(volume).and_then(|(source, _)| {
                if !source.starts_with('.') {
                    return None;
                }
                normalized(&inside(folder, &source))
            });
            if source.is_some_and(|source| *source == *target.directory) {
                return Value::written(Kind::Bool(true), Place::File(part.file, volume.span));
            }
        }
    }
    reading.stated(Kind::Bool(false), reading.place())
}

/// Source and target of a volume.
pub(crate) fn mount(volume: &Node) -> Option<(String, String)> {
    if let (Some(source), Some(target)) = (volume.get("source"), volume.get("target")) {
        return Some((source.text()?.as_name().to_string(), target.text()?.as_name().to_string()));
    }
    let parts = volume.text()?.split(":");
    let [source, target, ..] = parts.as_slice() else { return None };
    Some((source.as_name().to_string(), target.as_name().to_string()))
}

/// The name of the image that a service runs, without registry, folder and tag.
pub(crate) fn image_name(service: &Beside) -> Option<String> {
    let (_, node) = service.get("image")?;
    let mut name = None;
    node.text()?.test(|image| {
        let last = image.rsplit('/').next().unwrap_or(image);
        name = Some(last.split(['@', ':']).next().unwrap_or(last).to_owned());
        true
    });
    name
}

/// The tag of that image, where it has one.
pub(super) fn image_tag(service: &Beside) -> Option<String> {
    let (_, node) = service.get("image")?;
    let image = node.text()?.as_name();
    let last = image.rsplit('/').next().unwrap_or(&image).split('@').next().unwrap_or_default();
    last.split_once(':').map(|(_, tag)| tag.to_owned())
}

fn is_datastore(service: &Beside) -> bool {
    let full = service.get("image").and_then(|(_, node)| node.text());
    image_name(service).is_some_and(|name| {
        images::is_datastore(&name)
            && (name != "server" || full.is_some_and(|full| full.test(|full| full.contains("mssql"))))
    })
}

/// A service beside the app: its secrets, and what it is if it stores data.
fn beside(reading: &mut Reading<'_>, service: &Beside, published: bool) {
    let siblings = Siblings::of(&service.variables);
    for variable in &service.variables {
        if is_made_of_others(reading, &variable.value) || siblings.choose_other_engine(&variable.name) {
            continue;
        }
        if let Some(written) = secret_value(&variable.name, &variable.value) {
            if siblings.are_not_set_up(variable, &written) {
                continue;
            }
            let repeats = siblings.repeat_user(variable, &written);
            secret(reading, &variable.name, written, published, repeats);
        }
    }
    let login = stores::login(reading, service);
    if login.is_none() && !is_datastore(service) {
        return;
    }
    let ports = ports::published(&service.parts);
    let Some(part) = service.parts.last() else { return };
    let place = Place::File(part.file, part.node.span);
    let open = open_port(&ports);
    let value = match open {
        Some(port) => Value::written(Kind::Bool(true), port.place),
        None if ports.iter().any(|port| port.open.is_none()) => return,
        None => reading.stated(Kind::Bool(false), place),
    };
    let mut resource = reading.resource(datastore::KIND, service.name.clone(), place).set(datastore::published, value);
    if let Some(login) = login {
        resource = resource.set(datastore::login, login);
    }
    reading.add(resource);
    if let Some(port) = open
        && image_name(service).is_some_and(|name| is_redis(&name))
        && !asks_for_password(service)
    {
        let resource = reading
            .resource(redis::KIND, service.name.clone(), port.place)
            .set_at(redis::password, Value::written(Kind::Absent, port.place), "requirepass")
            .set(redis::holds, reading.word("other", place))
            .set(redis::local, reading.stated(Kind::Bool(false), place))
            .set(redis::private_network, reading.stated(Kind::Bool(false), place));
        reading.add(resource);
    }
}

/// A Redis whose command, variables or own configuration file can name a password.
fn asks_for_password(service: &Beside) -> bool {
    let says = |text: &Text| text.test(|text| text.contains("requirepass") || text.contains(".conf"));
    let command = service.get("command").is_some_and(|(_, node)| match &node.kind {
        NodeKind::Text(text) => says(text),
        _ => node.items().iter().filter_map(Node::text).any(says),
    });
    command
        || service.variables.iter().any(|variable| variable.name.to_lowercase().contains("pass"))
        || service.get("secrets").is_some()
        || service.get("entrypoint").is_some()
}

fn open_port(ports: &[Port]) -> Option<&Port> {
    ports.iter().find(|port| port.open == Some(true))
}

/// Whether a datastore of the file is open to the outside.
pub(crate) fn published_datastore(target: &Target) -> bool {
    let stores = target.services.iter().filter(|service| is_datastore(service));
    stores.into_iter().any(|service| open_port(&ports::published(&service.parts)).is_some())
}

fn secret(reading: &mut Reading<'_>, name: &Arc<str>, written: Written, published: bool, repeats: bool) {
    containers::secret(reading, name, written, |reading, resource| {
        let place = resource.place;
        resource
            .set(crate::settings::secret::service_published, reading.stated(Kind::Bool(published), place))
            .set(crate::settings::secret::repeats_user, reading.stated(Kind::Bool(repeats), place))
    });
}

/// What a service says of its host.
pub(crate) fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let image = target
        .images
        .first()
        .copied()
        .and_then(|file| Image::of(reading, file, target.stage.as_ref(), &target.directory));
    let replicas = target.at(&["deploy", "replicas"]).or_else(|| target.at(&["scale"]));
    let volumes = target.at(&["volumes"]).filter(|(_, node)| !node.items().is_empty());
    let kept = volumes.map(|(file, node)| Place::File(file, node.span));
    let kept = kept.or_else(|| image.as_ref()?.volume()).or_else(|| kept_beside(target));
    let nowhere = || target.parts.last().map(|part| Place::File(part.file, part.node.span));
    let worker = target.services.iter().find(|service| service.name.contains("worker"));
    Hosting {
        start: start_line(target, image.as_ref()),
        replicas: replicas.and_then(|(file, node)| number(file, node)),
        disk: match kept {
            Some(place) => Some(reading.word("durable", place)),
            None => nowhere().map(|place| reading.word("ephemeral", place)),
        },
        stops_when_idle: Some(reading.stated(Kind::Bool(false), reading.place())),
        worker: worker.and_then(|service| service.parts.last()).map(|part| Place::File(part.file, part.node.span)),
        image,
        ..Hosting::default()
    }
}

/// What a service that takes no requests is made of too, and keeps its files with: the disk of the app is that one's.
fn kept_beside(target: &Target) -> Option<Place> {
    let own = target.services.iter().find(|service| target.name.ends_with(&format!(":{}", service.name)))?;
    let takes_requests = |service: &Beside| ["ports", "expose", "labels"].iter().any(|key| service.get(key).is_some());
    if takes_requests(own) {
        return None;
    }
    let same = |service: &&Beside| takes_requests(service) && made_of(service) == made_of(own);
    target.services.iter().filter(same).find_map(|service| {
        let (file, node) = service.get("volumes").filter(|(_, node)| !node.items().is_empty())?;
        Some(Place::File(file, node.span))
    })
}

/// The folder and the Dockerfile that a service is built from, or its image.
fn made_of(service: &Beside) -> Option<[Option<Text>; 2]> {
    let text = |node: &Node| node.text().cloned();
    let Some((_, build)) = service.get("build") else { return Some([text(service.get("image")?.1), None]) };
    let part = |key: &str| build.get(key).and_then(text);
    Some([text(build).or_else(|| part("context")), part("dockerfile")])
}

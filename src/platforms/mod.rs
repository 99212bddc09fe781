//! What descriptions of deployments say besides variables: containers, datastores, proxies, schedules, pipelines.
//!
//! One file for each platform. Each gives facts in words of the vocabulary and judges nothing.

mod caddy;
mod command;
mod compose;
pub(crate) mod described;
mod docker_ignore;
pub(crate) mod edge;
mod fly;
mod image;
mod kubernetes;
mod migrations;
mod netlify;
mod nginx;
pub(crate) mod pipelines;
mod ports;
mod procfile;
mod railway;
mod reach;
mod render;
pub(crate) mod schedule;
mod start;
mod traefik;
mod vercel;

use crate::environment::target::{Target, TargetKind};
use crate::eval::{Kind, Place, Value};
use crate::reading::bench::Reading;
use crate::reading::bench::SecretFacts;
use crate::reading::secret_text::Written;
use crate::settings::{Resource, container, cors, endpoint, secret};
use crate::text::Text;
pub(crate) use command::Line;
use edge::Edge;
use image::Image;
use std::sync::Arc;

/// What a target says of the app's host; none where it does not say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosting {
    /// How many instances run.
    pub(crate) replicas: Option<Value>,
    /// `durable` or `ephemeral`.
    pub(crate) disk: Option<Value>,
    /// Whether instances stop while nobody asks.
    pub(crate) stops_when_idle: Option<Value>,
    /// What stands in front of the app.
    pub(crate) edge: Edge,
}

/// Reads what the target of the environment says.
pub(crate) fn read(reading: &mut Reading<'_>) -> Hosting {
    let environment = reading.environment;
    let target = environment.target.as_ref();
    let mut hosting = match target.map(|target| (target, target.kind)) {
        Some((target, TargetKind::Compose)) => compose::read(reading, target),
        Some((target, TargetKind::Dockerfile)) => dockerfile(reading, target),
        Some((target, TargetKind::Fly)) => fly::read(reading, target),
        Some((target, TargetKind::Render)) => render::read(reading, target),
        Some((target, TargetKind::Procfile)) => procfile::read(reading, target),
        Some((target, TargetKind::Railway)) => railway::read(reading, target),
        Some((target, TargetKind::Vercel)) => vercel::read(reading, target),
        Some((target, TargetKind::Netlify)) => netlify::read(reading, target),
        Some((target, TargetKind::Kubernetes)) => kubernetes::read(reading, target),
        _ => Hosting::default(),
    };
    // A platform has a proxy of its own.
    let own_proxy = target.is_none_or(|target| !target.kind.has_dashboard());
    let labelled = target.filter(|target| target.kind == TargetKind::Compose);
    let mut in_front = || {
        let by_labels = labelled.and_then(|target| traefik::read(reading, target));
        by_labels.or_else(|| nginx::read(reading)).or_else(|| caddy::read(reading))
    };
    if let Some(edge) = own_proxy.then(&mut in_front).flatten() {
        hosting.edge = edge;
    }
    hosting
}

/// Whether a datastore is published beside the app; none where the target cannot say.
pub(crate) fn datastore_published(reading: &Reading<'_>) -> Option<bool> {
    let target = reading.environment.target.as_ref()?;
    (target.kind == TargetKind::Compose).then(|| compose::published_datastore(target))
}

/// An image by itself.
fn dockerfile(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let Some(image) = Image::of(reading, target.file, None, &target.directory) else { return Hosting::default() };
    let line = image.start();
    built(reading, target, &image, line.as_ref());
    let disk = image.volume().map(|place| reading.word("durable", place));
    Hosting { disk, ..Hosting::default() }
}

/// The container of a platform that builds it itself.
fn started(reading: &mut Reading<'_>, target: &Target, line: Option<&Line>) {
    let Some(line) = line else { return };
    let resource = reading
        .resource(container::KIND, target.name.clone(), line.place)
        .set(container::start_command_kind, start::kind(reading, line, &target.directory));
    reading.add(resource);
    migrations::read(reading, &target.name, line, &target.directory);
}

/// The container of an image, which a platform starts with a command.
fn built(reading: &mut Reading<'_>, target: &Target, image: &Image, line: Option<&Line>) {
    let mut resource =
        reading.resource(container::KIND, target.name.clone(), Place::File(image.file, crate::syntax::Span::default()));
    if let Some(user) = image.user(reading) {
        resource =
            resource.set(container::user, user).set(container::drops_privileges, image.drops_privileges(reading));
    }
    if let Some(line) = line {
        resource = resource.set(container::start_command_kind, start::kind(reading, line, &target.directory));
    }
    if let Some((files, real)) = image.env_files(reading) {
        resource = resource.set(container::copied_env_files, files).set(container::env_files_hold_secrets, real);
    }
    reading.add(resource);
    if let Some(line) = line {
        migrations::read(reading, &target.name, line, &target.directory);
    }
    image_secrets(reading, image);
}

/// Secrets in a Dockerfile that no variable of the running app shows.
fn image_secrets(reading: &mut Reading<'_>, image: &Image) {
    for (name, place) in image.secret_arguments() {
        let facts = SecretFacts::of(crate::secrets::purpose(&name));
        let resource = reading
            .resource(secret::KIND, name.clone(), place)
            .spot_at(secret::value, name)
            .set(secret::purpose, reading.word(facts.purpose, place))
            .set(secret::without_default, reading.stated(Kind::Bool(true), place));
        reading.add(resource);
    }
    for (name, text, place) in image.elsewhere() {
        let stand_in = crate::secrets::is_placeholder(&text) || crate::secrets::is_well_known_default(&text);
        let value = Value::written(Kind::Text(text), place);
        // A build needs something under the name, and what it is never leaves the stage.
        if let Some(written) = crate::reading::secret_text::secret_value(&name, &value).filter(|_| !stand_in) {
            self::secret(reading, &name, written, |_, resource| resource);
        }
    }
}

/// Adds a secret that stands in a file, with what its platform says of it.
fn secret(
    reading: &mut Reading<'_>,
    name: &Arc<str>,
    written: Written,
    more: impl FnOnce(&Reading<'_>, Resource) -> Resource,
) {
    let resource = reading.secret_resource(name, &written.value, SecretFacts::of(written.purpose));
    let resource = more(reading, resource);
    reading.add(resource);
}

/// Headers that a platform or a proxy adds to a group of answers: what they protect and whom they let in.
fn headers_of(reading: &mut Reading<'_>, name: &str, headers: &[(Text, Text, Place)], mut edge: Option<&mut Edge>) {
    let named = |wanted: &str| headers.iter().find(|(name, ..)| name.test(|name| name.eq_ignore_ascii_case(wanted)));
    if let Some(edge) = edge.as_deref_mut() {
        headers.iter().for_each(|(name, value, place)| edge.headers.add(name, Some(value), *place));
    }
    let Some((_, origin, place)) = named("Access-Control-Allow-Origin") else { return };
    if let Some(edge) = edge {
        edge.cors.get_or_insert(*place);
    }
    // A variable decides, or what the browser says of itself.
    if origin.test(|origin| origin.contains('$')) {
        return;
    }
    let reflected = origin.test(|origin| origin.starts_with('{') && origin.to_ascii_lowercase().contains("origin"));
    if !reflected && origin.test(|origin| origin.contains('{')) {
        return;
    }
    let origins = if reflected {
        Value::written(Kind::Bool(true), *place)
    } else {
        let item = Value::written(Kind::Text(origin.clone()), *place);
        Value::written(Kind::List { items: [item].into(), open: None }, *place)
    };
    let credentials = named("Access-Control-Allow-Credentials");
    let allowed = credentials.is_some_and(|(_, value, _)| value.is("true"));
    let at = credentials.map_or(*place, |(_, _, place)| *place);
    let resource = reading
        .resource(cors::KIND, name, *place)
        .set_at(cors::origins, origins, "Access-Control-Allow-Origin")
        .set_at(cors::credentials, Value::written(Kind::Bool(allowed), at), "Access-Control-Allow-Credentials")
        .set(cors::wildcard_effect, reading.word("literal", *place));
    reading.add(resource);
}

/// An address that requests are sent on to, where it is a public one without TLS.
fn sent_on(reading: &mut Reading<'_>, name: &str, url: &Text, place: Place, key: &str) {
    if !url.test(nginx::is_public_http) {
        return;
    }
    let resource = reading
        .resource(endpoint::KIND, name, place)
        .set_at(endpoint::url, Value::written(Kind::Text(url.clone()), place), key)
        .set(endpoint::role, reading.word("upstream", place))
        .set(endpoint::behind_tls, reading.stated(Kind::Bool(false), place))
        .set(endpoint::private_network, reading.stated(Kind::Bool(false), place));
    reading.add(resource);
}

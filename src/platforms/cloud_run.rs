//! Google Cloud Run: the YAML of a service. `gcloud` and the console can set more variables.
//! <https://cloud.google.com/run/docs/reference/yaml/v1>

use super::command::Line;
use super::container;
use super::defined::defined;
use super::describing::Describing;
use super::hosting::Hosting;
use super::image::Image;
use super::listed::{listed, never};
use super::platform::{Commands, InText, Platform};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{How, Kind, Place, Step, Value};
use crate::project::{FileKind, FilesOf};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::{Node, scalar};

/// A service on Cloud Run; what stands in front ends TLS and sends http on to https.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("Google Cloud Run") },
    files: FilesOf { name: "cloud_run", patterns: &[], medium: "manifest", comments: None },
    texts: &[InText { kind: FileKind::Yaml, says: &[&["serving.knative.dev/v1"], &["kind: Service"]] }],
    beside: &[],
    commands: Commands::Keys(&[]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// The instances that a service starts at most where nothing is written.
/// <https://cloud.google.com/run/docs/configuring/max-instances>
const MOST_INSTANCES: f64 = 100.0;

/// The services that are the app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files_of_environment(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        for root in document.roots() {
            let is = |key: &str, word: &str| root.get(key).and_then(Node::text).is_some_and(|text| text.is(word));
            if is("kind", "Service") && is("apiVersion", "serving.knative.dev/v1") {
                found.extend(deployed(context, file, root));
            }
        }
    }
    found
}

/// The container that takes requests: of several the one with a port.
fn serving(root: &Node) -> Option<&Node> {
    let containers = root.at(&["spec", "template", "spec", "containers"])?.items();
    containers.iter().find(|container| container.get("ports").is_some()).or_else(|| containers.first())
}

fn deployed(context: &mut Describing<'_, '_>, file: FileId, root: &Node) -> Option<Described> {
    let container = serving(root)?;
    let (mut target, mut layers) = defined(context, &PLATFORM, file, root.at(&["metadata", "name"]), root, container)?;
    let told = listed(file, container.get("env"), "name", "value", never);
    layers.push(told.layer);
    target.secrets = told.stored;
    Some(Described { target, layers, closed: false, sources: vec![context.source(file)] })
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let [Part { file, node: root }, Part { node: own, .. }] = &target.parts[..] else { return Hosting::default() };
    let at = |node: &Node| Place::File(*file, node.span);
    let line = |key: &str| own.get(key).and_then(|node| Line::of_node(*file, node));
    let image =
        target.images.first().and_then(|image| Image::of(reading, *image, target.stage.as_ref(), &target.directory));
    let start = match (line("command"), line("args")) {
        (Some(command), Some(arguments)) => Some(command.with(&arguments)),
        (None, Some(arguments)) => image.as_ref().and_then(Image::entry_point).map(|entry| entry.with(&arguments)),
        (command, None) => command,
    };
    let by_default = || Value::new(Kind::Number(MOST_INSTANCES), &Step::start(at(root), How::Default));
    let least = scale(*file, root, "minScale").and_then(|value| value.as_number());
    let hosting = Hosting {
        start,
        replicas: Some(scale(*file, root, "maxScale").unwrap_or_else(by_default)),
        stops_when_idle: Some(reading.stated(Kind::Bool(least.is_none_or(|least| least <= 0.0)), at(root))),
        disk: Some(match volume(root) {
            Some(volume) => reading.word("durable", at(volume)),
            None => reading.word("ephemeral", at(own)),
        }),
        ..Hosting::default()
    };
    hosting.built(image)
}

/// `autoscaling.knative.dev/maxScale` of the revision, or of the service as a whole.
fn scale(file: FileId, root: &Node, key: &str) -> Option<Value> {
    let of = |path: &[&str], prefix: &str| root.at(path)?.get(&format!("{prefix}/{key}"));
    let node = of(&["spec", "template", "metadata", "annotations"], "autoscaling.knative.dev")
        .or_else(|| of(&["metadata", "annotations"], "run.googleapis.com"))?;
    let number = scalar(&node.kind)?.number(|text| text.parse().ok())?;
    Some(Value::written(Kind::Number(number), Place::File(file, node.span)))
}

/// A bucket or a network share that is mounted.
fn volume(root: &Node) -> Option<&Node> {
    let volumes = root.at(&["spec", "template", "spec", "volumes"])?.items();
    volumes.iter().find(|volume| volume.get("csi").is_some() || volume.get("nfs").is_some())
}

//! DigitalOcean App Platform: services, workers and jobs of one app spec, each told the app's variables and its own. More
//! can be set in its dashboard. <https://docs.digitalocean.com/products/app-platform/reference/app-spec/>

use super::command::Line;
use super::container;
use super::describing::Describing;
use super::hosting::{Hosting, number};
use super::image::{self, BuildArguments, Image};
use super::platform::{Commands, Platform};
use super::targets::Targets;
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{Kind, Place};
use crate::project::{FilesOf, Pattern, folder_of, inside, normalized};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use crate::syntax::data::{Node, scalar};
use crate::text::Text;

/// A component of an app; what stands in front ends TLS and sends http on to https.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("DigitalOcean App Platform") },
    files: FilesOf {
        name: "digital_ocean",
        patterns: &[
            Pattern::In(".do", "app.yaml"),
            Pattern::In(".do", "app.yml"),
            Pattern::In(".do", "deploy.template.yaml"),
        ],
        medium: "manifest",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["build_command", "run_command"]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// Sections whose components last; jobs run once.
const LASTING: &[&str] = &["services", "workers"];

/// The components of a spec that are the app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut targets = Targets::default();
    for file in context.files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let spec = spec(document.root());
        for component in LASTING.iter().flat_map(|key| spec.get(key).map_or(&[][..], Node::items)) {
            if targets.is_full() {
                break;
            }
            targets.add(deployed(context, file, spec, component));
        }
    }
    targets.found
}

/// The spec of a file: all of it, or what a template of a deploy button wraps.
fn spec(root: &Node) -> &Node {
    root.get("spec").unwrap_or(root)
}

fn deployed(context: &mut Describing<'_, '_>, file: FileId, spec: &Node, component: &Node) -> Option<Described> {
    let word = |key: &str| component.get(key).and_then(Node::text).map(Text::as_name);
    // The spec lies in a folder of its own, and speaks of the folder around that.
    let root = folder_of(context.folder(file));
    let directory = normalized(&inside(root, &word("source_dir").unwrap_or_default()))?;
    if !context.deploys(&directory) {
        return None;
    }
    let mut target = context.target(&PLATFORM, file, word("name").as_deref());
    target.directory = directory.as_str().into();
    target.parts = vec![Part { file, node: spec.clone() }, Part { file, node: component.clone() }];
    if let Some(image) = component.at(&["image", "repository"]).and_then(Node::text) {
        context.run_image(&mut target, image)?;
    }
    let mut layers = Vec::new();
    let dockerfile = word("dockerfile_path").and_then(|path| normalized(&inside(root, path.trim_start_matches('/'))));
    if let Some(dockerfile) = dockerfile.and_then(|path| context.project().find(&path)) {
        layers.extend(image::layers(context, dockerfile, None, &BuildArguments::new()));
        target.images.push(dockerfile);
    }
    for section in [spec, component] {
        let mut own = Layer::new(Role::Target, Weight::Certain);
        for item in section.get("envs").map_or(&[][..], Node::items) {
            variable(context, &mut own, &mut target, item);
        }
        layers.push(own);
    }
    Some(Described { target, layers, closed: false, sources: vec![context.source(file)] })
}

fn variable(context: &Describing<'_, '_>, layer: &mut Layer, target: &mut Target, item: &Node) {
    let Some((name, key)) = item.get("key").and_then(|key| Some((key.text()?.as_name(), key))) else { return };
    let says = |key: &str, word: &str| item.get(key).and_then(Node::text).is_some_and(|text| text.is(word));
    if says("scope", "BUILD_TIME") && context.built_in() == Weight::Nothing {
        return layer.declare(name, target.file, key.span);
    }
    let text = item.get("value").and_then(|value| scalar(&value.kind));
    let place = Place::File(target.file, item.get("value").unwrap_or(key).span);
    // `EV[…]` is what the platform has encrypted, `${db.DATABASE_URL}` what it puts in.
    let stored = |text: &Text| text.test(|text| text.starts_with("EV[") || text.contains("${"));
    let value = match text.filter(|text| !stored(text)) {
        Some(text) => set(&text, &name, place),
        None => {
            if says("type", "SECRET") {
                target.secrets.push(name.clone());
            }
            present(&name, place, 0)
        }
    };
    layer.add(name, target.file, key.span, value);
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let [Part { file, node: spec }, Part { node: own, .. }] = &target.parts[..] else { return Hosting::default() };
    let at = |node: &Node| Place::File(*file, node.span);
    let line = |node: &Node| node.get("run_command").and_then(|node| Line::of_node(*file, node));
    let jobs = spec.get("jobs").map_or(&[][..], Node::items).iter();
    let before = jobs.filter(|job| job.get("kind").and_then(Node::text).is_some_and(|kind| kind.is("PRE_DEPLOY")));
    let instances = own.at(&["autoscaling", "max_instance_count"]).or_else(|| own.get("instance_count"));
    let hosting = Hosting {
        start: line(own),
        before: before.filter_map(line).map(|line| ("before the deploy", line)).collect(),
        replicas: instances.and_then(|node| number(*file, node)),
        // <https://docs.digitalocean.com/products/app-platform/how-to/store-data/>
        disk: Some(reading.word("ephemeral", at(own))),
        stops_when_idle: Some(reading.stated(Kind::Bool(false), at(own))),
        worker: spec.get("workers").and_then(|workers| workers.items().first()).map(at),
        ..Hosting::default()
    };
    hosting.built(target.images.first().and_then(|image| Image::of(reading, *image, None, &target.directory)))
}

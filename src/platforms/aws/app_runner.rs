//! AWS App Runner: `apprunner.yaml` of a service that is built from source. More variables can be set in its console.
//! <https://docs.aws.amazon.com/apprunner/latest/dg/config-file-ref.html>

use crate::environment::layer::Layer;
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{How, Kind, Place, Step, Value};
use crate::platforms::command::Line;
use crate::platforms::container;
use crate::platforms::describing::Describing;
use crate::platforms::hosting::Hosting;
use crate::platforms::listed::{listed, never};
use crate::platforms::platform::{Commands, Platform};
use crate::project::{FilesOf, Pattern};
use crate::reading::bench::Reading;
use crate::syntax::data::Node;

/// A service on App Runner; what stands in front ends TLS.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("AWS App Runner") },
    files: FilesOf {
        name: "app_runner",
        patterns: &[Pattern::Named("apprunner.yaml")],
        medium: "manifest",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["command", "build", "pre-build", "post-build", "pre-run"]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// The instances that a service starts at most where its console says nothing else.
/// <https://docs.aws.amazon.com/apprunner/latest/dg/manage-autoscaling.html>
const MOST_INSTANCES: f64 = 25.0;

/// The service of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let mut target = context.target(&PLATFORM, file, None);
        let build = listed(file, root.at(&["build", "env"]), "name", "value", never).layer;
        let run = listed(file, root.at(&["run", "env"]), "name", "value", never).layer;
        let secrets = listed(file, root.at(&["run", "secrets"]), "name", "value", never);
        let build = Layer { weight: context.built_in(), ..build };
        target.secrets = secrets.stored;
        target.parts.push(Part { file, node: root.clone() });
        let layers = vec![build, run, secrets.layer];
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let Some(Part { file, node: root }) = target.parts.first() else { return Hosting::default() };
    let at = Place::File(*file, root.entries().first().map_or(root.span, |entry| entry.key_span));
    let before = root.at(&["run", "pre-run"]).map_or(&[][..], Node::items);
    Hosting {
        start: root.at(&["run", "command"]).and_then(|node| Line::of_node(*file, node)),
        before: before.iter().filter_map(|node| Some(("before it runs", Line::of_node(*file, node)?))).collect(),
        replicas: Some(Value::new(Kind::Number(MOST_INSTANCES), &Step::start(at, How::Default))),
        // <https://docs.aws.amazon.com/apprunner/latest/dg/develop.html>
        disk: Some(reading.word("ephemeral", at)),
        ..Hosting::default()
    }
}

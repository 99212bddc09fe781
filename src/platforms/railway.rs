//! Railway: the image, what it starts, how many instances, and what Railway tells every service of itself. Variables and
//! volumes lie in its dashboard. <https://docs.railway.com/reference/config-as-code>

use super::command::Line;
use super::container;
use super::describing::Describing;
use super::hosting::{Hosting, number, switch};
use super::image::{self, BuildArguments, Image};
use super::platform::{Commands, Platform};
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{Because, How, Place, Step, Value};
use crate::project::{FilesOf, Pattern};
use crate::reading::bench::Reading;
use crate::syntax::data::Node;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// A service on Railway; its proxy ends TLS and sends http on to https.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { ends_tls: true, ..Nature::of("Railway") },
    files: FilesOf {
        name: "railway",
        patterns: &[Pattern::Named("railway.toml"), Pattern::Named("railway.json")],
        medium: "manifest",
        comments: None,
    },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["buildCommand", "startCommand", "preDeployCommand"]),
    loader: None,
    targets,
    hosting,
    resources: |reading, target, hosting| container::read(reading, target, hosting),
};

/// The Railway services of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    for file in context.own_files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let mut target = context.target(&PLATFORM, file, None);
        let mut layers = Vec::new();
        if let Some(dockerfile) = dockerfile(context, file, root) {
            layers.extend(image::layers(context, dockerfile, None, &BuildArguments::new()));
            target.images.push(dockerfile);
        }
        layers.push(own_variables(context.request.environment_name, file));
        target.parts.push(Part { file, node: root.clone() });
        if let Some(named) = root.at(&["environments", context.request.environment_name]) {
            target.parts.push(Part { file, node: named.clone() });
        }
        found.push(Described { target, layers, closed: false, sources: vec![context.source(file)] });
    }
    found
}

/// The named Dockerfile, or the one beside the file unless another builder is named.
fn dockerfile(context: &Describing<'_, '_>, file: FileId, root: &Node) -> Option<FileId> {
    let word = |key: &str| root.at(&["build", key]).and_then(Node::text).map(Text::as_name);
    let builder = word("builder").map(|builder| builder.to_ascii_uppercase());
    if builder.is_some_and(|builder| builder != "DOCKERFILE") {
        return None;
    }
    let name = word("dockerfilePath");
    let name = name.as_deref().unwrap_or("Dockerfile").trim_start_matches('/');
    context.beside(file, name)
}

/// <https://docs.railway.com/reference/variables#railway-provided-variables>
fn own_variables(environment: &str, file: FileId) -> Layer {
    let mut layer = Layer::new(Role::Target, Weight::Certain);
    for name in ["RAILWAY_ENVIRONMENT_NAME", "RAILWAY_ENVIRONMENT"] {
        let name: Arc<str> = name.into();
        let value = set(&Text::new(environment), &name, Place::Framework("Railway"));
        layer.add(name, file, Span::default(), value);
    }
    layer
}

fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let line = |key: &str| target.at(&["deploy", key]).and_then(|(file, node)| Line::of_node(file, node));
    let deploy = |key: &str| target.at(&["deploy", key]);
    let place = Place::File(target.file, Span::default());
    let hosting = Hosting {
        start: line("startCommand"),
        before: line("preDeployCommand").into_iter().map(|line| ("before the deploy", line)).collect(),
        replicas: deploy("numReplicas").and_then(|(file, node)| number(file, node)),
        stops_when_idle: deploy("sleepApplication").and_then(|(file, node)| switch(file, node)),
        // Whether a volume is mounted its dashboard alone knows, unless the deploy asks for one.
        disk: Some(match deploy("requiredMountPath") {
            Some((file, node)) => reading.word("durable", Place::File(file, node.span)),
            None => Value::unknown(Because::Undecided, &Step::start(place, How::Written)),
        }),
        ..Hosting::default()
    };
    let image = target.images.first().and_then(|image| Image::of(reading, *image, None, &target.directory));
    hosting.built(image)
}

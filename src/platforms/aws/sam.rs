//! AWS Lambda by SAM: functions of a template, each told the template's variables and its own. More can be set in its
//! console. <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html>

use crate::environment::expand::expand;
use crate::environment::given::present;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::environment::read::not_set;
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part};
use crate::eval::{How, Place, Value};
use crate::platforms::describing::Describing;
use crate::platforms::hosting::Hosting;
use crate::platforms::platform::{Commands, InText, Platform, nothing};
use crate::platforms::targets::Targets;
use crate::project::{FileKind, FilesOf, inside, normalized};
use crate::syntax::FileId;
use crate::syntax::data::interpolation::{Form, Piece};
use crate::syntax::data::{Entry, Node, NodeKind, scalar};
use crate::text::Text;
use std::sync::Arc;

/// A function: nothing lasts between two requests, and Amazon ends TLS. What comes in is six megabytes at most.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature {
        serverless: true,
        has_files: false,
        ends_tls: true,
        body_limit: Some(6.0 * 1024.0 * 1024.0),
        ..Nature::of("AWS Lambda")
    },
    files: FilesOf { name: "sam", patterns: &[], medium: "manifest", comments: None },
    texts: &[InText { kind: FileKind::Yaml, says: &[&["AWS::Serverless-2016-10-31"], &["AWS::Serverless::Function"]] }],
    beside: &["samconfig.toml"],
    commands: Commands::Keys(&[]),
    loader: None,
    targets,
    hosting: |reading, target| Hosting::without_a_process(reading, Place::File(target.file, target.parts[0].node.span)),
    resources: nothing,
};

/// The functions of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut targets = Targets::default();
    for file in context.files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        for resource in root.get("Resources").map_or(&[][..], Node::entries) {
            if targets.is_full() {
                break;
            }
            targets.add(function(context, file, root, resource));
        }
    }
    targets.found
}

fn function(context: &mut Describing<'_, '_>, file: FileId, root: &Node, resource: &Entry) -> Option<Described> {
    let kind = resource.value.get("Type").and_then(Node::text)?;
    if !kind.is("AWS::Serverless::Function") {
        return None;
    }
    let own = resource.value.get("Properties")?;
    let globals = root.at(&["Globals", "Function"]);
    let get = |key: &str| own.get(key).or_else(|| globals?.get(key));
    let code = get("CodeUri").and_then(Node::text).map_or(".".into(), Text::as_name);
    let directory = normalized(&inside(context.folder(file), &code))?;
    if !context.deploys(&directory) {
        return None;
    }
    let mut target = context.target(&PLATFORM, file, Some(&resource.key));
    target.directory = directory.as_str().into();
    target.parts.push(Part { file, node: resource.value.clone() });
    let mut layers = Vec::new();
    for section in [globals, Some(own)].into_iter().flatten() {
        let mut layer = Layer::new(Role::Target, Weight::Certain);
        for entry in section.at(&["Environment", "Variables"]).map_or(&[][..], Node::entries) {
            let value = variable(file, root, entry, &mut target.secrets);
            layer.add(entry.key.clone(), file, entry.key_span, value);
        }
        layers.push(layer);
    }
    Some(Described { target, layers, closed: false, sources: vec![context.source(file)] })
}

/// A literal, a parameter of the template, or what another resource and the stores of Amazon give.
fn variable(file: FileId, root: &Node, entry: &Entry, secrets: &mut Vec<Arc<str>>) -> Value {
    let (name, place) = (&entry.key, Place::File(file, entry.value.span));
    let resolved = |text: &Text| text.test(|text| text.contains("{{resolve:"));
    if let Some(text) = literal(&entry.value).filter(|text| !resolved(text)) {
        return set(&text, name, place);
    }
    let default = parameter(&entry.value).and_then(|parameter| {
        let default = root.at(&["Parameters", &parameter, "Default"])?;
        Some((parameter, default, scalar(&default.kind)?))
    });
    let Some((parameter, default, text)) = default.filter(|(.., text)| !resolved(text)) else {
        secrets.push(name.clone());
        return present(name, place, 0);
    };
    // Whoever deploys can give the parameter another value.
    let written = Place::File(file, default.span);
    let form = Form::Default { when_empty: false, value: vec![Piece::Text(text)] };
    let reference = [Piece::Reference { name: parameter, form }];
    let value = expand(&reference, written, &|name| not_set(name, place));
    value.each(&mut |value| value.step(place, How::Sets { variable: name.clone() }))
}

/// A value that no function makes; `!Sub` makes nothing of a text without a reference.
fn literal(value: &Node) -> Option<Text> {
    match &value.kind {
        NodeKind::Tagged(tag, node) if tag.ends_with("Sub") => {
            node.text().filter(|text| !text.test(|text| text.contains("${"))).cloned()
        }
        NodeKind::Tagged(..) => None,
        kind => scalar(kind),
    }
}

/// The parameter that a value refers to: `!Ref Name` or `Ref: Name`.
fn parameter(value: &Node) -> Option<Arc<str>> {
    let named = match &value.kind {
        NodeKind::Tagged(tag, node) if tag.ends_with("Ref") => node.text(),
        _ => value.get("Ref").and_then(Node::text),
    };
    named.map(Text::as_name)
}

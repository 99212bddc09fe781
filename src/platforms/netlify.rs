//! Netlify. What `netlify.toml` sets reaches builds alone, never functions; the rest lies in its dashboard. It scans for
//! secrets and sends requests on. <https://docs.netlify.com/build/configure-builds/file-based-configuration/>

use super::describing::Describing;
use super::edge::sent_on;
use super::hosting::Hosting;
use super::platform::{Commands, Platform};
use crate::environment::layer::{Layer, Role};
use crate::environment::stack::Described;
use crate::environment::target::{Nature, Part, Target};
use crate::eval::{Kind, Place, Value};
use crate::project::{Ecosystem, FilesOf, Pattern, inside, normalized};
use crate::reading::bench::Reading;
use crate::settings::ci;
use crate::syntax::data::{Node, NodeKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;

/// A site on Netlify: functions behind its own proxy.
pub(crate) static PLATFORM: Platform = Platform {
    nature: Nature { serverless: true, ends_tls: true, ..Nature::of("Netlify") },
    files: FilesOf { name: "netlify", patterns: &[Pattern::Named("netlify.toml")], medium: "manifest", comments: None },
    texts: &[],
    beside: &[],
    commands: Commands::Keys(&["command"]),
    loader: None,
    targets,
    hosting: |reading, target| Hosting::without_a_process(reading, Place::File(target.file, Span::default())),
    resources,
};

/// The Netlify site of an app.
fn targets(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let mut found = Vec::new();
    if is_python_alone(context) {
        return found;
    }
    for file in context.files(&PLATFORM) {
        let Some(document) = context.document(file) else { continue };
        let root = document.root();
        let base = root.at(&["build", "base"]).and_then(Node::text).map_or("".into(), Text::as_name);
        let Some(directory) = normalized(&inside(context.folder(file), &base)) else { continue };
        if !context.deploys(&directory) {
            continue;
        }
        let mut layer = Layer::new(Role::Target, context.built_in());
        let sections = [
            root.at(&["build", "environment"]),
            root.at(&["context", context.request.environment_name, "environment"]),
        ];
        for section in sections.into_iter().flatten() {
            layer.add_literals(file, section);
        }
        let mut target = context.target(&PLATFORM, file, None);
        target.directory = directory.into();
        target.parts.push(Part { file, node: root.clone() });
        found.push(Described { target, layers: vec![layer], closed: false, sources: vec![context.source(file)] });
    }
    found
}

/// Whether the app is one of Python, which no site and no function of this platform runs: what it builds is the pages beside.
fn is_python_alone(context: &Describing<'_, '_>) -> bool {
    let above = |ecosystem| context.project().package_above(context.request.app_dir, Some(ecosystem)).is_some();
    above(Ecosystem::Python) && !above(Ecosystem::Npm)
}

/// Where it sends requests on to, and whether it scans for secrets.
/// <https://docs.netlify.com/security/secret-scanning/>
fn resources(reading: &mut Reading<'_>, target: &Target, _hosting: &mut Hosting) {
    let Some(part) = target.parts.first() else { return };
    scan(reading, target, part.file, &part.node);
    let mut hosts: Vec<Text> = Vec::new();
    for rule in part.node.get("redirects").map_or(&[][..], Node::items) {
        let proxies =
            matches!(rule.get("status").map(|node| &node.kind), Some(NodeKind::Number(status, _)) if *status == 200.0);
        if let Some(node) = rule.get("to").filter(|_| proxies)
            && let Some(url) = node.text()
        {
            let host = url.map(|url| host_of(url).to_owned());
            // All that goes to one host is one decision, and a preview is nobody's production.
            if host.test(|host| host.starts_with("preview")) || hosts.contains(&host) {
                continue;
            }
            hosts.push(host);
            sent_on(reading, &format!("{}:redirects", target.name), url, Place::File(part.file, node.span), "to");
        }
    }
}

/// The host of an address.
fn host_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// `SECRETS_SCAN_ENABLED`, which is on where nothing is written.
fn scan(reading: &mut Reading<'_>, target: &Target, file: FileId, root: &Node) {
    let sections = [&["build", "environment"][..], &["context", "production", "environment"]];
    let switch = sections.iter().filter_map(|path| root.at(path)?.get("SECRETS_SCAN_ENABLED")).next_back();
    let Some(node) = switch else { return };
    let off = match &node.kind {
        NodeKind::Text(text) => text.is("false"),
        NodeKind::Bool(on) => !on,
        _ => return,
    };
    let place = Place::File(file, node.span);
    let resource = reading.resource(ci::KIND, target.name.clone(), place).set_at(
        ci::secret_scan,
        Value::written(Kind::Bool(!off), place),
        "SECRETS_SCAN_ENABLED",
    );
    reading.add(resource);
}

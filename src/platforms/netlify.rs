//! Netlify: its scan for secrets. <https://docs.netlify.com/security/secret-scanning/>

use crate::environment::target::Target;
use crate::eval::{Kind, Place, Value};
use crate::platforms::Hosting;
use crate::reading::bench::Reading;
use crate::settings::ci;
use crate::syntax::FileId;
use crate::syntax::data::{Node, NodeKind};

pub(crate) fn read(reading: &mut Reading<'_>, target: &Target) -> Hosting {
    let Some(part) = target.parts.first() else { return Hosting::default() };
    scan(reading, target, part.file, &part.node);
    for rule in part.node.get("redirects").map_or(&[][..], Node::items) {
        let proxies =
            matches!(rule.get("status").map(|node| &node.kind), Some(NodeKind::Number(status, _)) if *status == 200.0);
        if let Some(node) = rule.get("to").filter(|_| proxies)
            && let Some(url) = node.text()
        {
            crate::platforms::sent_on(
                reading,
                &format!("{}:redirects", target.name),
                url,
                Place::File(part.file, node.span),
                "to",
            );
        }
    }
    let mut hosting = Hosting::default();
    hosting.edge.tls = Some(Place::File(part.file, part.node.span));
    hosting
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

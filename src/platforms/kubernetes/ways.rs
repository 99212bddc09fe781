//! How requests come in to a cluster: Ingresses, and services that are open by themselves.

use crate::environment::target::Manifest;
use crate::eval::{How, Kind, Place, Step, Value};
use crate::platforms::edge::{Edge, Headers};
use crate::reading::bench::Reading;
use crate::settings::{cors, endpoint, proxy};
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;
use std::sync::Arc;

/// What the Ingress does with requests.
pub(crate) fn edge(reading: &mut Reading<'_>, manifests: &[Manifest]) -> Edge {
    let mut edge = Edge::default();
    for manifest in manifests.iter().filter(|manifest| &*manifest.kind == "Ingress") {
        edge.visible = true;
        ingress(reading, manifest, &mut edge);
    }
    edge
}

fn ingress(reading: &mut Reading<'_>, manifest: &Manifest, edge: &mut Edge) {
    let at = |node: &Node| Place::File(manifest.file, node.span);
    let place = at(&manifest.node);
    let annotations = manifest.node.at(&["metadata", "annotations"]).map_or(&[][..], Node::entries);
    let annotation = |name: &str| {
        let found = annotations.iter().find(|entry| entry.key.rsplit('/').next() == Some(name))?;
        Some((found.value.text()?, at(&found.value)))
    };
    let class = manifest
        .node
        .at(&["spec", "ingressClassName"])
        .and_then(Node::text)
        .or(annotation("ingress.class").map(|(text, _)| text));
    let nginx = class.is_some_and(|class| class.test(|class| class.contains("nginx")))
        || annotations.iter().any(|entry| entry.key.starts_with("nginx.ingress.kubernetes.io/"));
    let tls = manifest.node.at(&["spec", "tls"]).filter(|node| !node.items().is_empty());
    let elsewhere = annotations.iter().any(|entry| {
        ["cert", "acm", "ssl", "tls", "https", "managed-cert", "cloudflare"].iter().any(|word| entry.key.contains(word))
            && !entry.key.contains("ssl-redirect")
    });
    match tls {
        Some(tls) => {
            edge.tls.get_or_insert(at(tls));
            if nginx {
                // ingress-nginx promises https by itself.
                let mut promise = Headers::default();
                promise.add(
                    &"strict-transport-security".into(),
                    Some(&"max-age=31536000; includeSubDomains".into()),
                    at(tls),
                );
                edge.headers = promise;
            }
            let off = annotation("ssl-redirect").filter(|(text, _)| text.is("false"));
            if let Some((_, place)) =
                off.filter(|_| annotation("force-ssl-redirect").is_none_or(|(text, _)| !text.is("true")))
            {
                let resource = reading
                    .resource(proxy::KIND, manifest.name.clone(), place)
                    .set(proxy::serves_http, reading.stated(Kind::Bool(true), place))
                    .set(proxy::serves_tls, reading.stated(Kind::Bool(true), place))
                    .set_at(proxy::redirects_to_https, Value::written(Kind::Bool(false), place), "ssl-redirect")
                    .with_fix(proxy::redirects_to_https, "Remove the annotation {key}.");
                reading.add(resource);
            }
        }
        None if !elsewhere => listener(reading, &manifest.name, "http://0.0.0.0:80", place, "spec.tls"),
        None => {}
    }
    if let Some((size, place)) = annotation("proxy-body-size")
        && let Some(size) = size.number(crate::units::bytes)
    {
        edge.body_limit = Some((size, place));
    } else if nginx {
        edge.body_limit = Some((1_048_576.0, place));
    }
    let limits = ["limit-rps", "limit-rpm", "limit-connections"];
    edge.rate_limits = edge.rate_limits.or_else(|| limits.iter().find_map(|name| Some(annotation(name)?.1)));
    if let Some((_, place)) = annotation("enable-cors").filter(|(text, _)| text.is("true")) {
        cross_origin(reading, manifest, place, annotation("cors-allow-origin"), annotation("cors-allow-credentials"));
        edge.cors = Some(place);
    }
}

/// CORS of ingress-nginx: every origin and credentials where nothing else is written.
/// <https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#enable-cors>
fn cross_origin(
    reading: &mut Reading<'_>,
    manifest: &Manifest,
    place: Place,
    origin: Option<(&Text, Place)>,
    credentials: Option<(&Text, Place)>,
) {
    let by_default = Step::start(place, How::Default);
    let item = |text: Text, place| Value::written(Kind::Text(text), place);
    let origins = match origin {
        Some((text, place)) => {
            let items =
                text.split(",").into_iter().map(|text| item(text.map(|text| text.trim().to_owned()), place)).collect();
            Value::written(Kind::List { items, open: None }, place)
        }
        None => {
            let star = Value::new(Kind::Text("*".into()), &by_default);
            Value::new(Kind::List { items: [star].into(), open: None }, &by_default)
        }
    };
    let credentials = match credentials {
        Some((text, place)) => Value::written(Kind::Bool(text.is("true")), place),
        None => Value::new(Kind::Bool(true), &by_default),
    };
    let resource = reading
        .resource(cors::KIND, format!("ingress {}", manifest.name), place)
        .set_at(cors::origins, origins, "cors-allow-origin")
        .set_at(cors::credentials, credentials, "cors-allow-credentials")
        .set(cors::wildcard_effect, reading.word("reflected", place));
    reading.add(resource);
}

/// Whether a service hands requests to something that stands in front of apps.
fn is_of_proxy(manifest: &Manifest) -> bool {
    let proxies = ["ingress", "gateway", "traefik", "nginx", "haproxy", "envoy", "istio", "kong", "proxy", "caddy"];
    let named = |text: &str| proxies.iter().any(|proxy| text.contains(proxy));
    let selector = manifest.node.at(&["spec", "selector"]).map_or(&[][..], Node::entries);
    named(&manifest.name) || selector.iter().any(|entry| entry.value.text().is_some_and(|text| text.test(named)))
}

fn listener(reading: &mut Reading<'_>, name: &Arc<str>, url: &str, place: Place, key: &str) {
    let behind = Value::unknown(crate::eval::Because::Undecided, &Step::start(place, How::Written));
    let resource = reading
        .resource(endpoint::KIND, name.clone(), place)
        .set_at(endpoint::url, Value::written(Kind::Text(url.into()), place), key)
        .set(endpoint::role, reading.word("listener", place))
        .set(endpoint::behind_tls, behind)
        .set(endpoint::private_network, reading.stated(Kind::Bool(false), place));
    reading.add(resource);
}

/// Services that are open to the outside by themselves.
pub(crate) fn services(reading: &mut Reading<'_>, manifests: &[Manifest]) {
    let mut seen: Vec<&Arc<str>> = Vec::new();
    for manifest in manifests.iter().filter(|manifest| &*manifest.kind == "Service") {
        let Some(kind) = manifest.node.at(&["spec", "type"]) else { continue };
        // One service can stand in several files of the tree; what leads to a proxy is the proxy's.
        if seen.contains(&&manifest.name) || is_of_proxy(manifest) {
            continue;
        }
        seen.push(&manifest.name);
        if !kind.text().is_some_and(|kind| kind.is("LoadBalancer") || kind.is("NodePort")) {
            continue;
        }
        let annotations = manifest.node.at(&["metadata", "annotations"]).map_or(&[][..], Node::entries);
        let inside = annotations.iter().any(|entry| {
            ["ssl", "tls", "cert", "internal", "https"].iter().any(|word| entry.key.to_lowercase().contains(word))
                || entry.value.text().is_some_and(|text| text.is("Internal"))
        });
        let ports = manifest.node.at(&["spec", "ports"]).map_or(&[][..], Node::items);
        let numbers: Vec<f64> = ports
            .iter()
            .filter_map(|port| match port.get("port")?.kind {
                NodeKind::Number(number, _) => Some(number),
                _ => None,
            })
            .collect();
        if inside || numbers.iter().any(|port| [443.0, 8443.0].contains(port)) {
            continue;
        }
        if let Some(port) = numbers.first().filter(|port| [80.0, 8080.0, 3000.0, 8000.0, 5000.0].contains(*port)) {
            let place = Place::File(manifest.file, kind.span);
            listener(reading, &manifest.name, &format!("http://0.0.0.0:{port}"), place, "spec.type");
        }
    }
}

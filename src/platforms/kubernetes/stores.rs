//! Datastores and consoles that a cluster runs as other people's images: who reaches them, and with which password.

use super::targets::pod_spec;
use crate::environment::layer::Role;
use crate::environment::target::{Beside, Manifest, Part};
use crate::environment::variable::Variable;
use crate::eval::{Because, Kind, Place, Step, Value};
use crate::platforms::compose::{Reached, beside, is_store};
use crate::reading::bench::Reading;
use crate::settings::secret;
use crate::syntax::FileId;
use crate::syntax::data::{Node, NodeKind, scalar};
use crate::text::Text;

/// Adds each of them, with the secrets that its manifest shows.
pub(super) fn read(reading: &mut Reading<'_>, manifests: &[Manifest]) {
    for workload in manifests {
        let Some(spec) = pod_spec(workload) else { continue };
        let names: Vec<&Text> =
            spec.get("containers").map_or(&[][..], Node::items).iter().filter_map(name_of).collect();
        for node in spec.get("containers").map_or(&[][..], Node::items) {
            let service = service(workload, node);
            if !is_store(&service) {
                continue;
            }
            let open = published(manifests, workload).or_else(|| host_port(workload.file, node));
            // A service leads to one of the containers of a pod: which of several it is nobody sees here.
            let reached = match open {
                Some(place) if names.len() == 1 => Reached::At(place),
                Some(_) => Reached::Unknown,
                None => Reached::Not,
            };
            let is_open = matches!(reached, Reached::At(_));
            let from = reading.model.resources.len();
            beside(reading, &service, reached, is_open);
            if !is_kept(workload, spec) {
                thrown_away(reading, from);
            }
        }
    }
}

/// Whether what a pod stores outlives it, or may: it claims a volume, or has one of a kind that is not known to go with it.
fn is_kept(workload: &Manifest, spec: &Node) -> bool {
    let volumes = spec.get("volumes").map_or(&[][..], Node::items);
    let goes_with_it = |volume: &Node| {
        let kinds = ["emptyDir", "configMap", "secret", "projected", "downwardAPI"];
        kinds.iter().any(|kind| volume.get(kind).is_some())
    };
    workload.node.at(&["spec", "volumeClaimTemplates"]).is_some() || !volumes.iter().all(goes_with_it)
}

/// Says of the secrets that were read last that what they guard ends with its pod.
fn thrown_away(reading: &mut Reading<'_>, from: usize) {
    for resource in reading.model.resources.iter_mut().skip(from).filter(|own| own.kind.name == secret::KIND.name) {
        let not = Value::written(Kind::Bool(false), resource.place);
        resource.put(secret::data_kept, not);
    }
}

fn name_of(container: &Node) -> Option<&Text> {
    container.get("name")?.text()
}

/// A container as a service of its workload's name.
fn service(workload: &Manifest, node: &Node) -> Beside {
    let file = workload.file;
    let variables = node.get("env").map_or(&[][..], Node::items).iter().filter_map(|item| {
        let name_node = item.get("name")?;
        let name = name_node.text()?.as_name();
        let (value, place) = match item.get("value") {
            Some(value) => {
                let place = Place::File(file, value.span);
                let text = scalar(&value.kind).filter(|text| !text.test(|text| text.contains("$(")))?;
                (Value::written(Kind::Text(text), place), place)
            }
            // Something else holds it.
            None => {
                let place = Place::File(file, item.span);
                (Value::unknown(Because::Undecided, &Step::start(place, crate::eval::How::Written)), place)
            }
        };
        Some(Variable { name, value, place, role: Role::Target })
    });
    let parts = vec![Part { file, node: node.clone() }];
    Beside { name: workload.name.clone(), parts, variables: variables.collect() }
}

/// Where a service says that whoever is outside the cluster reaches the pods of a workload.
fn published(manifests: &[Manifest], workload: &Manifest) -> Option<Place> {
    let labels = match &*workload.kind {
        "Pod" => workload.node.at(&["metadata", "labels"]),
        _ => workload.node.at(&["spec", "template", "metadata", "labels"]),
    }?;
    let has = |key: &str, value: &Text| labels.get(key).and_then(Node::text).is_some_and(|own| own == value);
    manifests.iter().filter(|manifest| &*manifest.kind == "Service").find_map(|service| {
        let kind = service.node.at(&["spec", "type"])?;
        let selector = service.node.at(&["spec", "selector"]).map_or(&[][..], Node::entries);
        let selects = !selector.is_empty()
            && selector.iter().all(|entry| entry.value.text().is_some_and(|value| has(&entry.key, value)));
        let is_open = kind.text().is_some_and(|kind| kind.is("LoadBalancer") || kind.is("NodePort"));
        (selects && is_open && !is_inside(service)).then_some(Place::File(service.file, kind.span))
    })
}

/// Whether the balancer of a service is one of the own network, or takes some addresses alone.
fn is_inside(service: &Manifest) -> bool {
    let annotations = service.node.at(&["metadata", "annotations"]).map_or(&[][..], Node::entries);
    let inside = annotations.iter().any(|entry| {
        entry.key.to_lowercase().contains("internal")
            || entry.value.text().is_some_and(|text| text.test(|text| text.eq_ignore_ascii_case("internal")))
    });
    let ranges = service.node.at(&["spec", "loadBalancerSourceRanges"]).map_or(&[][..], Node::items);
    let limits = !ranges.is_empty() && !ranges.iter().filter_map(Node::text).any(|range| range.is("0.0.0.0/0"));
    inside || limits
}

/// Where a container takes a port of its machine.
fn host_port(file: FileId, container: &Node) -> Option<Place> {
    let ports = container.get("ports").map_or(&[][..], Node::items);
    ports.iter().find_map(|port| {
        let own = port.get("hostPort").filter(|own| matches!(own.kind, NodeKind::Number(..)))?;
        port.get("hostIP").is_none().then_some(Place::File(file, own.span))
    })
}

//! Kubernetes: instances, volumes, who a container runs as, how requests come in, jobs on a schedule.
//! <https://kubernetes.io/docs/concepts/>

use crate::environment::target::{Manifest, Target};
use crate::eval::{Kind, Place, Value};
use crate::platforms::command::Line;
use crate::platforms::container::{image_secrets, of_image, secret};
use crate::platforms::hosting::{Hosting, number};
use crate::platforms::image::Image;
use crate::platforms::kubernetes::{stores, ways};
use crate::platforms::{migrations, schedule, start};
use crate::project::folder_of;
use crate::reading::bench::Reading;
use crate::reading::secret_text::secret_value;
use crate::settings::container;
use crate::syntax::data::{Node, NodeKind};
use crate::text::Text;
use std::sync::Arc;

/// What lies in and beside a workload.
pub(crate) fn resources(reading: &mut Reading<'_>, target: &Target, hosting: &mut Hosting) {
    let manifests = target.manifests.clone();
    container(reading, target, hosting, &manifests);
    for manifest in manifests.iter() {
        match &*manifest.kind {
            "ConfigMap" => config_map(reading, manifest),
            "Secret" => secret_manifest(reading, manifest),
            "CronJob" => cron_job(reading, manifest),
            _ => {}
        }
    }
    stores::read(reading, &manifests);
    hosting.edge = ways::edge(reading, &manifests);
    ways::services(reading, &manifests);
}

/// The manifests of the workload that the target is.
fn workload<'m>(target: &Target, manifests: &'m [Manifest]) -> Option<&'m Manifest> {
    manifests.iter().find(|manifest| {
        matches!(&*manifest.kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod" | "Job" | "CronJob")
            && target.name.ends_with(&format!(":{}", manifest.name))
    })
}

fn pod(manifest: &Manifest) -> Option<&Node> {
    match &*manifest.kind {
        "CronJob" => manifest.node.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "Pod" => manifest.node.get("spec"),
        _ => manifest.node.at(&["spec", "template", "spec"]),
    }
}

/// The image that a workload runs, where the tree builds it.
fn image(reading: &Reading<'_>, target: &Target) -> Option<Image> {
    let file = *target.images.first()?;
    let folder = folder_of(&reading.documents.project.file(file).path).to_owned();
    Image::of(reading, file, target.stage.as_ref(), &folder)
}

/// What its container starts.
fn start_line(target: &Target, image: Option<&Image>) -> Option<Line> {
    let own = |key: &str| target.at(&[key]).and_then(|(file, node)| Line::of_node(file, node));
    match (own("command"), own("args")) {
        (Some(command), Some(arguments)) => Some(command.with(&arguments)),
        (Some(command), None) => Some(command),
        (None, Some(arguments)) => image.and_then(Image::entry_point).map(|entry| entry.with(&arguments)),
        (None, None) => image.and_then(Image::start),
    }
}

fn container(reading: &mut Reading<'_>, target: &Target, hosting: &Hosting, manifests: &[Manifest]) {
    let Some(part) = target.parts.last() else { return };
    let Hosting { image, start: line, .. } = hosting;
    let mut resource = reading.resource(container::KIND, target.name.clone(), Place::File(part.file, part.node.span));
    let by_pod = workload(target, manifests).and_then(pod).and_then(|pod| pod.get("securityContext"));
    let by_container = target.at(&["securityContext"]).map(|(_, node)| node);
    let unprivileged = [by_container, by_pod].into_iter().flatten().any(|context| {
        let own = context.get("runAsUser").map(|node| &node.kind);
        matches!(own, Some(NodeKind::Number(user, _)) if *user > 0.0)
            || matches!(context.get("runAsNonRoot").map(|node| &node.kind), Some(NodeKind::Bool(true)))
    });
    if let Some(image) = image {
        if let Some(user) = image.user(reading).filter(|_| !unprivileged) {
            resource =
                resource.set(container::user, user).set(container::drops_privileges, image.drops_privileges(reading));
        }
        resource = of_image(reading, resource, image);
        if let Some(words) = line.as_ref().and_then(|line| image.unexpanded(reading, line)) {
            resource = resource.set(container::unexpanded_words, words);
        }
    }
    if let Some(line) = line {
        resource = resource.set(container::start_command_kind, start::kind(reading, line, &target.directory));
    }
    reading.add(resource);
    if let Some(line) = line {
        migrations::read(reading, &target.name, line, &target.directory);
    }
    if let Some(image) = image {
        image_secrets(reading, image);
    }
}

/// Secrets in a `ConfigMap`, which everybody in the cluster can read.
fn config_map(reading: &mut Reading<'_>, manifest: &Manifest) {
    for entry in manifest.node.get("data").map_or(&[][..], Node::entries) {
        if let Some(text) = entry.value.text() {
            literal(reading, manifest, &entry.key, text.clone(), Place::File(manifest.file, entry.value.span));
        }
    }
}

/// A `Secret` in the repository: base64 hides nothing.
fn secret_manifest(reading: &mut Reading<'_>, manifest: &Manifest) {
    if manifest.node.get("sops").is_some() {
        return;
    }
    let kind = manifest.node.get("type").and_then(Node::text);
    if kind.is_some_and(|kind| kind.test(|kind| kind.contains("tls") || kind.contains("dockerconfigjson"))) {
        return;
    }
    for (section, encoded) in [("stringData", false), ("data", true)] {
        for entry in manifest.node.get(section).map_or(&[][..], Node::entries) {
            let Some(text) = entry.value.text() else { continue };
            let text = if encoded { decoded(text) } else { Some(text.clone()) };
            let Some(text) = text.filter(|text| !text.test(asks)) else { continue };
            // Whatever stands in a Secret is one, unless its name says that it is not.
            let name: Arc<str> =
                if entry.key.contains("url") || entry.key.contains("URL") || crate::secrets::is_secret_name(&entry.key)
                {
                    entry.key.clone()
                } else {
                    continue;
                };
            literal(reading, manifest, &name, text, Place::File(manifest.file, entry.value.span));
        }
    }
}

fn asks(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('<')
        || text.starts_with("ENC[")
        || text.contains("base64")
        || text.starts_with("REPLACE")
        || text.starts_with("replace")
}

fn literal(reading: &mut Reading<'_>, manifest: &Manifest, name: &Arc<str>, text: Text, place: Place) {
    let value = Value::written(Kind::Text(text), place);
    if let Some(written) = secret_value(name, &value) {
        let label: Arc<str> = format!("{} {name}", manifest.name).into();
        secret(reading, &label, written, |_, resource| resource);
    }
}

fn decoded(text: &Text) -> Option<Text> {
    let mut all = None;
    text.test(|text| {
        all = base64(text.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
        true
    });
    all.map(|text| Text::new(text.trim_end()))
}

/// The bytes of a text in standard base64.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// A job that calls an address on a schedule.
fn cron_job(reading: &mut Reading<'_>, manifest: &Manifest) {
    let Some(pod) = pod(manifest) else { return };
    for container in pod.get("containers").map_or(&[][..], Node::items) {
        let own = |key: &str| container.get(key).and_then(|node| Line::of_node(manifest.file, node));
        let line = match (own("command"), own("args")) {
            (Some(command), Some(arguments)) => Line { place: command.place, ..command.with(&arguments) },
            (Some(line), None) | (None, Some(line)) => line,
            (None, None) => continue,
        };
        schedule::caller(reading, &manifest.name, &line);
    }
}

/// What a workload says of its host.
pub(crate) fn hosting(reading: &Reading<'_>, target: &Target) -> Hosting {
    let manifests = &*target.manifests;
    let image = image(reading, target);
    let start = start_line(target, image.as_ref());
    let worker = manifests.iter().find(|manifest| {
        let lasts = matches!(&*manifest.kind, "Deployment" | "StatefulSet" | "ReplicaSet" | "DaemonSet");
        lasts && manifest.name.contains("worker")
    });
    let mut hosting = Hosting {
        image,
        start,
        stops_when_idle: Some(reading.stated(Kind::Bool(false), reading.place())),
        worker: worker.map(|manifest| Place::File(manifest.file, manifest.node.span)),
        ..Hosting::default()
    };
    let Some(workload) = workload(target, manifests) else { return hosting };
    let number = |manifest: &Manifest, path: &[&str]| number(manifest.file, manifest.node.at(path)?);
    let scaler = manifests.iter().find(|manifest| {
        &*manifest.kind == "HorizontalPodAutoscaler"
            && manifest
                .node
                .at(&["spec", "scaleTargetRef", "name"])
                .and_then(Node::text)
                .is_some_and(|name| name.is(&workload.name))
    });
    let scaled = scaler.and_then(|scaler| number(scaler, &["spec", "maxReplicas"]));
    hosting.replicas = scaled.or_else(|| number(workload, &["spec", "replicas"]));
    let volumes = pod(workload).and_then(|pod| pod.get("volumes"));
    let kept = volumes
        .into_iter()
        .flat_map(Node::items)
        .find(|volume| volume.get("persistentVolumeClaim").is_some() || volume.get("hostPath").is_some());
    let kept = kept.or_else(|| workload.node.at(&["spec", "volumeClaimTemplates"]));
    hosting.disk = Some(match kept {
        Some(node) => reading.word("durable", Place::File(workload.file, node.span)),
        None => reading.word("ephemeral", Place::File(workload.file, workload.node.span)),
    });
    hosting
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_hides_nothing() {
        assert_eq!(base64("aHVudGVyMg==").as_deref(), Some(&b"hunter2"[..]));
        assert_eq!(base64("not base64!"), None);
    }
}

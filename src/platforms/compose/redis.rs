//! What a Redis beside the app keeps over a restart. <https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/>

use crate::eval::{Kind, Place, Value};
use crate::platforms::compose::images::is_redis;
use crate::platforms::compose::platform::PLATFORM;
use crate::reading::bench::Reading;
use crate::stages::is_for_developers;
use crate::syntax::FileId;
use crate::syntax::data::{Format, Node, NodeKind};
use crate::text::Text;

/// Whether what a Redis service of the project stores survives a restart; none where no file describes one.
pub(crate) fn survives(reading: &Reading<'_>) -> Option<Value> {
    for (file, name, service) in services(reading) {
        let image = service.get("image").and_then(Node::text);
        let is_redis = match image {
            Some(image) => image.test(|image| {
                let name = image.rsplit('/').next().unwrap_or(image);
                name.split([':', '-']).next().is_some_and(is_redis)
            }),
            None => is_redis(&name),
        };
        if !is_redis {
            continue;
        }
        let command = service.get("command").map(words).unwrap_or_default();
        let option = |name: &str| command.iter().position(|word| word.is(name)).and_then(|at| command.get(at + 1));
        let appends = option("--appendonly").is_some_and(|word| word.is("yes"));
        let never_saves = option("--save").is_some_and(|word| word.is_blank() || word.is("\"\"") || word.is("''"));
        let volume = service.get("volumes").is_some_and(|volumes| volumes.items().iter().any(is_data));
        let survives = volume && (appends || !never_saves);
        let span =
            if volume { service.get("command").map_or(service.span, |command| command.span) } else { service.span };
        return Some(reading.stated(Kind::Bool(survives), Place::File(file, span)));
    }
    None
}

/// Whether a volume lies on the data directory of Redis.
fn is_data(volume: &Node) -> bool {
    let target = volume.get("target").and_then(Node::text).cloned();
    let target = target.or_else(|| {
        let text = volume.text()?;
        text.split(":").into_iter().nth(1)
    });
    target.is_some_and(|target| target.test(|target| target.trim_end_matches('/') == "/data"))
}

/// The services of the compose files that are meant for production.
fn services(reading: &Reading<'_>) -> Vec<(FileId, std::sync::Arc<str>, Node)> {
    let project = reading.documents.project;
    let files = project.of_kind(&PLATFORM.kind()).iter().copied().filter(|file| {
        let name = project.file(*file).name();
        !name.split(['.', '-', '_']).any(|word| is_for_developers(word) || word == "override")
    });
    let mut found = Vec::new();
    for file in files {
        let Some(document) = reading.documents.data_of(file, Format::Yaml) else { continue };
        let Some(services) = document.root().get("services") else { continue };
        found.extend(services.entries().iter().map(|entry| (file, entry.key.clone(), entry.value.clone())));
    }
    found
}

/// A command as words, whichever way it is written.
fn words(command: &Node) -> Vec<Text> {
    match &command.kind {
        NodeKind::Text(text) => text.split(" ").into_iter().filter(|word| !word.is_empty()).collect(),
        _ => command.items().iter().filter_map(|item| item.text().cloned()).collect(),
    }
}

//! What survives a restart: the Redis of a compose file, the disk of a platform; and the processes that work jobs off.

use crate::eval::{Kind, Place, Value};
use crate::project::FileKind;
use crate::reading::bench::Reading;
use crate::syntax::data::{Format, Node, NodeKind};
use crate::syntax::{FileId, Span};
use crate::text::Text;

/// Images that speak Redis.
const REDIS: &[&str] = &["redis", "valkey", "keydb", "dragonfly"];

/// Words in a file's name that keep it out of production.
const ELSEWHERE: &[&str] = &["dev", "development", "override", "test", "local", "ci"];

/// Whether what a Redis service of the project stores survives a restart; none where no file describes one.
pub(crate) fn redis_survives(reading: &Reading<'_>) -> Option<Value> {
    for (file, name, service) in services(reading) {
        let image = service.get("image").and_then(Node::text);
        let is_redis = match image {
            Some(image) => image.test(|image| {
                let name = image.rsplit('/').next().unwrap_or(image);
                REDIS.iter().any(|redis| name.split([':', '-']).next() == Some(*redis))
            }),
            None => REDIS.contains(&&*name),
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

/// Whether files on the app's disk survive; none where no file tells.
pub(crate) fn disk_survives(reading: &Reading<'_>) -> Option<Value> {
    let project = reading.documents.project;
    let tells =
        |kind: &FileKind| matches!(kind, FileKind::Fly | FileKind::Render | FileKind::Vercel | FileKind::Wrangler);
    for file in project.of_kinds(tells) {
        let stated = |survives, span| Some(reading.stated(Kind::Bool(survives), Place::File(file, span)));
        match &project.file(file).kind {
            FileKind::Fly => {
                let document = reading.documents.data_of(file, Format::Toml)?;
                let mounts = document.root().get("mounts");
                return stated(
                    mounts.is_some(),
                    mounts.map_or_else(|| first_key(document.root()), |mounts| mounts.span),
                );
            }
            FileKind::Render => {
                let document = reading.documents.data_of(file, Format::Yaml)?;
                let services = document.root().get("services").map(Node::items).unwrap_or_default();
                let disk = services.iter().find_map(|service| service.get("disk"));
                return stated(disk.is_some(), disk.map_or_else(|| first_key(document.root()), |disk| disk.span));
            }
            FileKind::Vercel | FileKind::Wrangler => return stated(false, Default::default()),
            _ => {}
        }
    }
    None
}

/// Where a document begins to say something.
fn first_key(root: &Node) -> Span {
    root.entries().first().map_or_else(Default::default, |entry| entry.key_span)
}

/// Where a worker process is declared.
pub(crate) fn worker(reading: &Reading<'_>) -> Option<Place> {
    let compose = services(reading).into_iter().find(|(_, name, _)| name.contains("worker"));
    if let Some((file, _, service)) = compose {
        return Some(Place::File(file, service.span));
    }
    let project = reading.documents.project;
    let runs = |kind: &FileKind| matches!(kind, FileKind::Procfile | FileKind::Render | FileKind::Fly);
    project.of_kinds(runs).into_iter().find_map(|file| {
        let (format, key) = match &project.file(file).kind {
            FileKind::Procfile => (Format::Procfile, None),
            FileKind::Render => (Format::Yaml, Some("services")),
            FileKind::Fly => (Format::Toml, Some("processes")),
            _ => return None,
        };
        let document = reading.documents.data_of(file, format)?;
        let node = key.map_or(Some(document.root()), |key| document.root().get(key))?;
        let named = node.entries().iter().find(|entry| entry.key.contains("worker")).map(|entry| entry.value.span);
        let typed = || {
            let is_worker = |item: &&Node| item.get("type").and_then(Node::text).is_some_and(|text| text.is("worker"));
            node.items().iter().find(is_worker).map(|item| item.span)
        };
        Some(Place::File(file, named.or_else(typed)?))
    })
}

/// The services of the compose files that are meant for production.
fn services(reading: &Reading<'_>) -> Vec<(FileId, std::sync::Arc<str>, Node)> {
    let project = reading.documents.project;
    let files = project.of_kind(&FileKind::Compose).iter().copied().filter(|file| {
        let name = project.file(*file).name();
        !name.split(['.', '-', '_']).any(|word| ELSEWHERE.contains(&word))
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

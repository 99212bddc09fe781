//! Which services a folder's compose files come to: files over files, what they include and extend.

use crate::environment::target::Part;
use crate::platforms::compose::service;
use crate::platforms::compose::service::Service;
use crate::platforms::compose::targets::is_deployed;
use crate::platforms::describing::Describing;
use crate::project::{inside, normalized};
use crate::syntax::FileId;
use crate::syntax::data::{Format, Node};
use crate::text::Text;
use hashbrown::HashMap;
use std::sync::Arc;

/// `extends` is followed this often.
const MOST_EXTENSIONS: usize = 8;

/// The services that production runs, once for each way to run them. A file for production overrides the plain one, or
/// stands for itself: then its services say themselves what they are made of, and the plain file is a developer's.
pub(crate) fn sets(context: &mut Describing<'_, '_>, files: &[FileId]) -> Vec<Vec<Service>> {
    let (named, plain): (Vec<FileId>, Vec<FileId>) = files.iter().partition(|file| context.is_for_this(**file));
    if named.is_empty() {
        let mut sets = alternatives(context, plain);
        if !context.hosted.is_empty() {
            sets.retain(|services| is_deployed(context, services));
        }
        return sets;
    }
    let plain = read(context, &plain);
    let named = read(context, &named);
    if named.iter().all(is_whole) {
        return vec![named];
    }
    let mut all = plain;
    for service in named {
        match all.iter_mut().find(|known| known.name == service.name) {
            Some(known) if is_whole(&service) => *known = service,
            Some(known) => known.parts.extend(service.parts),
            None => all.push(service),
        }
    }
    vec![all]
}

/// Files with a qualifier in their names override the plain one, or are another way to run all of it.
fn alternatives(context: &mut Describing<'_, '_>, files: Vec<FileId>) -> Vec<Vec<Service>> {
    let mut together = Vec::new();
    let mut sets = Vec::new();
    for file in files {
        let qualified =
            !matches!(context.project().file(file).name().split('.').next(), Some("compose" | "docker-compose"))
                || context.project().file(file).name().split('.').count() > 2;
        let own = if qualified { read(context, &[file]) } else { Vec::new() };
        if own.is_empty() || !own.iter().all(is_whole) {
            together.push(file);
        } else {
            sets.push(own);
        }
    }
    let together = read(context, &together);
    if !together.is_empty() {
        sets.insert(0, together);
    }
    sets
}

/// Whether a service says itself what it is made of.
fn is_whole(service: &Service) -> bool {
    service.get("build").is_some() || service.get("image").is_some()
}

/// The services of some files, each file over the ones before.
fn read(context: &mut Describing<'_, '_>, files: &[FileId]) -> Vec<Service> {
    let mut base_first = files.to_vec();
    base_first.sort_by_key(|file| (context.words(*file).count(), *file));
    read_in_order(context, base_first)
}

/// The services of some files in the order in which a command names them.
pub(crate) fn read_in_order(context: &mut Describing<'_, '_>, mut base_first: Vec<FileId>) -> Vec<Service> {
    let mut services: Vec<Service> = Vec::new();
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    let included = included(context, &base_first);
    base_first.splice(0..0, included);
    for file in base_first {
        let Some(document) = context.parse(file, Format::Yaml) else { continue };
        for entry in document.root().get("services").map_or(&[][..], Node::entries) {
            let parts = extended(context, file, &entry.value, MOST_EXTENSIONS);
            let place = *places.entry(entry.key.clone()).or_insert(services.len());
            if place == services.len() {
                services.push(Service { name: entry.key.clone(), parts: Vec::new() });
            }
            services[place].parts.extend(parts);
        }
    }
    services
}

/// The files that some files include, and those include, each once; they are not named for the environment by themselves.
fn included(context: &mut Describing<'_, '_>, files: &[FileId]) -> Vec<FileId> {
    let mut found: Vec<FileId> = Vec::new();
    let mut waiting = files.to_vec();
    while let Some(file) = waiting.pop() {
        let Some(document) = context.parse(file, Format::Yaml) else { continue };
        for item in document.root().get("include").map_or(&[][..], Node::items) {
            let paths = service::each(item.get("path").unwrap_or(item));
            for path in paths.into_iter().filter_map(Node::text) {
                let path = normalized(&inside(context.folder(file), &path.as_name()));
                let next = path.and_then(|path| context.project().find(&path));
                if let Some(next) = next.filter(|next| !found.contains(next) && !files.contains(next)) {
                    found.push(next);
                    waiting.push(next);
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// What a service says, behind what it extends.
fn extended(context: &mut Describing<'_, '_>, file: FileId, node: &Node, depth: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(extends) = node.get("extends").filter(|_| depth > 0) {
        let name = extends.get("service").unwrap_or(extends).text().map(Text::as_name);
        let path = extends.get("file").and_then(Node::text).map(Text::as_name);
        let from = match path {
            None => Some(file),
            Some(path) => {
                let path = normalized(&inside(context.folder(file), &path));
                path.and_then(|path| context.project().find(&path))
            }
        };
        if let Some((name, from)) = name.zip(from)
            && let Some(document) = context.parse(from, Format::Yaml)
            && let Some(base) = document.root().at(&["services", &name])
        {
            parts = extended(context, from, base, depth - 1);
        }
    }
    parts.push(Part { file, node: node.clone() });
    parts
}

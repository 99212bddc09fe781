//! Services of Compose that developers run on their machines: the source is mounted over the image, and something says
//! that this is development.

use crate::environment::Environment;
use crate::environment::target::Part;
use crate::platforms::compose::hosting::mount;
use crate::platforms::compose::service::Service;
use crate::platforms::compose::targets::{directory, dockerfile, restarts};
use crate::platforms::describing::Describing;
use crate::project::aside::disclaims_production;
use crate::project::{folder_of, inside, normalized};
use crate::stages::is_development;
use crate::syntax::FileId;
use crate::syntax::data::{Entry, Format, Node, NodeKind};
use std::sync::Arc;

/// The names of those services that are how developers run the app. Where one says so, the others with mounted source
/// are run beside it; none of a file that is named for the environment is, nor one that starts again after a crash.
pub(crate) fn services(context: &Describing<'_, '_>, services: &[Service], host: &Environment) -> Vec<Arc<str>> {
    let lasts = |service: &Service| service.get("restart").is_some_and(|(_, node)| restarts(node));
    let named = |service: &Service| service.parts.iter().any(|part| context.is_for_this(part.file));
    let mounted: Vec<&Service> =
        services.iter().filter(|service| !named(service) && mounts_source(context, service)).collect();
    let saying = |service: &&Service| says_so(context, service, host);
    let together = mounted.iter().any(|service| !lasts(service) && saying(service));
    mounted
        .into_iter()
        .filter(|service| if lasts(service) { says_so_itself(service) } else { together })
        .map(|service| service.name.clone())
        .collect()
}

/// Whether a compose file is one for those who work on the product: its head says so, or its name says that it is how
/// images are built, or data are moved once.
pub(crate) fn own_file(context: &Describing<'_, '_>, id: FileId) -> bool {
    let file = context.project().file(id);
    let builds = file.name().split(['.', '-', '_']).any(|word| matches!(word, "build" | "migrate" | "migration"));
    builds || context.project().text(id).is_ok_and(|text| disclaims_production(text) || catches_mail(text))
}

/// Servers that take mail and show it, so that nobody gets any.
const MAIL_CATCHERS: &[&str] = &["maildev", "mailhog", "mailpit", "mailcatcher", "inbucket", "smtp4dev", "greenmail"];

/// Whether one of the services of a file takes mail and sends none of it: no product runs so.
fn catches_mail(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        let image = line.strip_prefix("image:").map(str::to_ascii_lowercase);
        image.is_some_and(|image| MAIL_CATCHERS.iter().any(|name| image.contains(name)))
    })
}

/// The Dockerfiles that only files for those who work on the product build.
pub(crate) fn own_images(context: &mut Describing<'_, '_>, files: &[FileId]) -> Vec<FileId> {
    let mut found = Vec::new();
    let mut own = Vec::new();
    for file in files.iter().copied() {
        let text = context.project().text(file).ok();
        if context.is_for_this(file) || !own_file(context, file) {
            found.extend(built_by(context, file));
        } else if text.is_some_and(|text| disclaims_production(text)) {
            own.extend(built_by(context, file));
        }
    }
    own.retain(|image| !found.contains(image) && is_made_for_development(context, *image));
    own
}

fn built_by(context: &mut Describing<'_, '_>, file: FileId) -> Vec<FileId> {
    let Some(document) = context.parse(file, Format::Yaml) else { return Vec::new() };
    let services = document.root().get("services").map_or(&[][..], Node::entries);
    let service =
        |entry: &Entry| Service { name: entry.key.clone(), parts: vec![Part { file, node: entry.value.clone() }] };
    services.iter().map(service).filter_map(|service| dockerfile(context, &service)).collect()
}

/// Whether an image installs what only development needs.
fn is_made_for_development(context: &Describing<'_, '_>, file: FileId) -> bool {
    let words = ["requirements/dev", "requirements-dev", "requirements_dev", "dev-requirements", "requirements/local"];
    context.project().mentions(file, &words) || ends_so(context, file)
}

/// Whether a folder of the project's code is mounted over what the image holds.
fn mounts_source(context: &Describing<'_, '_>, service: &Service) -> bool {
    let built = directory(context, service);
    let is_code = |folder: &str| {
        built.as_deref() == Some(folder)
            || context.project().packages().iter().any(|package| *package.dir == *folder)
            || folder.rsplit('/').next().is_some_and(|name| matches!(name, "src" | "app"))
    };
    service.parts.iter().any(|part| {
        let folder = folder_of(&context.project().file(part.file).path);
        let volumes = part.node.get("volumes").map_or(&[][..], Node::items);
        volumes.iter().any(|volume| {
            let source = mount(volume).map(|(source, _)| source).filter(|source| source.starts_with('.'));
            source.and_then(|source| normalized(&inside(folder, &source))).is_some_and(|folder| is_code(&folder))
        })
    })
}

/// Whether a service says that it is for development: its own keys, the env files that it is given, the script that it
/// starts, or, where it starts what the image starts, the Dockerfile.
fn says_so(context: &Describing<'_, '_>, service: &Service, host: &Environment) -> bool {
    says_so_itself(service) || is_told_so(context, service, host) || starts_so(context, service)
}

fn says_so_itself(service: &Service) -> bool {
    let says = |node: &Node| match &node.kind {
        NodeKind::Text(text) => text.test(speaks_of_development),
        NodeKind::List(items) => items.iter().filter_map(Node::text).any(|text| text.test(speaks_of_development)),
        NodeKind::Map(entries) => {
            entries.iter().filter_map(|entry| entry.value.text()).any(|text| text.test(speaks_of_development))
        }
        _ => false,
    };
    let keys: [&[&str]; 4] = [&["command"], &["entrypoint"], &["environment"], &["build", "target"]];
    keys.iter().any(|path| service.at(path).is_some_and(|(_, node)| says(node)))
}

/// Whether a variable that names the environment names one of development.
fn is_told_so(context: &Describing<'_, '_>, service: &Service, host: &Environment) -> bool {
    let told = Environment::of_host(service.layers(context, host).layers, false);
    told.variables().any(|variable| {
        let mut words = variable.name.split('_');
        let names_it = words.any(|word| matches!(word, "ENV" | "ENVIRONMENT" | "MODE"));
        names_it && variable.value.as_text().is_some_and(|text| text.test(is_development))
    })
}

/// The Dockerfile of a service whose image starts for developers by itself: nobody deploys it.
pub(crate) fn image(context: &Describing<'_, '_>, service: &Service) -> Option<FileId> {
    let file = dockerfile(context, service).filter(|_| service.at(&["build", "target"]).is_none())?;
    ends_so(context, file).then_some(file)
}

/// Whether what decides what starts, a script that is mounted or else the Dockerfile, ends with a command of development.
fn starts_so(context: &Describing<'_, '_>, service: &Service) -> bool {
    let command = [&["command"], &["entrypoint"]].iter().find_map(|path| service.at(*path));
    let Some((_, command)) = command else { return image(context, service).is_some() };
    let runs = |target: &str| match &command.kind {
        NodeKind::Text(text) => text.test(|text| text.split_whitespace().any(|word| word == target)),
        NodeKind::List(items) => items.iter().filter_map(Node::text).any(|text| text.is(target)),
        _ => false,
    };
    service.parts.iter().any(|part| {
        let folder = folder_of(&context.project().file(part.file).path);
        let volumes = part.node.get("volumes").map_or(&[][..], Node::items);
        volumes.iter().filter_map(mount).filter(|(_, target)| runs(target)).any(|(source, _)| {
            let script = normalized(&inside(folder, &source)).and_then(|path| context.project().find(&path));
            script.is_some_and(|script| ends_so(context, script))
        })
    })
}

fn ends_so(context: &Describing<'_, '_>, file: FileId) -> bool {
    context.project().text(file).is_ok_and(|text| {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.next_back().is_some_and(speaks_of_development)
    })
}

fn speaks_of_development(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    words.into_iter().any(|word| {
        matches!(
            &*word,
            "dev" | "development" | "develop" | "watch" | "reload" | "nodemon" | "hot" | "runserver" | "debug"
        )
    })
}

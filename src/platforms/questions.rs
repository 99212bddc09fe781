//! What others ask of the platforms: what the target's platform answers, and what the tree shows where there is none.

use super::command::steps;
use super::hosting::Hosting;
use super::line::Line;
use super::list::{PLATFORMS, of_target};
use super::platform::{Platform, describes};
use super::serves::{self, Served};
use super::{caddy, compose, nginx, starting, unread};
use crate::environment::Loader;
use crate::environment::layer::Layer;
use crate::environment::scripts;
use crate::environment::target::Target;
use crate::eval::{Kind, Place, Value};
use crate::project::aside::is_never_deployed;
use crate::project::{FileKind, Project, folder_of, inside, upward};
use crate::reading::bench::Reading;
use crate::syntax::{FileId, Span};

/// Everything that the platform of a target says of it.
pub(super) fn answered(reading: &mut Reading<'_>, target: &Target, platform: &'static Platform) -> Hosting {
    let mut hosting = (platform.hosting)(reading, target);
    (platform.resources)(reading, target, &mut hosting);
    if platform.nature.ends_tls {
        let place = target
            .parts
            .first()
            .map_or(Place::File(target.file, Span::default()), |part| Place::File(part.file, part.node.span));
        hosting.edge.tls.get_or_insert(place);
    }
    hosting
}

fn hosting(reading: &Reading<'_>) -> Option<Hosting> {
    let target = reading.environment.target.as_ref()?;
    Some((of_target(target)?.hosting)(reading, target))
}

/// What is known of the command that a target starts.
pub(crate) enum Started {
    /// Nothing says which it is.
    Unknown,
    /// It sets these variables, if any.
    By(Option<Layer>),
}

/// What the command sets that the target of the environment starts: its own, the image's, or the package's start script
/// where the host runs that by itself.
pub(crate) fn started(reading: &Reading<'_>) -> Started {
    let project = reading.documents.project;
    let target = reading.environment.target.as_ref();
    let hosting = hosting(reading).unwrap_or_default();
    let folder = target.map_or(&*reading.found.root, |target| &*target.directory);
    let renamed = hosting.image.as_ref().map_or_else(Vec::new, |image| image.renamed(project));
    if let Some(line) = &hosting.start {
        return Started::By(starting::layer(reading, line, folder, &renamed));
    }
    let runs_scripts = |target: &Target| {
        target.nature.dashboard && target.nature.has_files && !target.nature.serverless && target.images.is_empty()
    };
    let line = scripts::start_line(project, &reading.found.root).filter(|_| target.is_none_or(runs_scripts));
    match line {
        Some((text, file, span)) => {
            let line = Line { text, place: Place::File(file, span) };
            Started::By(starting::layer(reading, &line, &reading.found.root, &renamed))
        }
        None => Started::Unknown,
    }
}

/// Whether files on the app's disk survive; none where no file tells.
pub(crate) fn disk_survives(reading: &Reading<'_>) -> Option<Value> {
    let disk = hosting(reading)?.disk?;
    let lasts = |value: &Value| match value.as_text() {
        Some(word) => Value::new(Kind::Bool(word.is("durable")), &value.trail),
        None => value.clone(),
    };
    Some(disk.each(&mut |value| lasts(value)))
}

/// The web server that the target's start command starts, where it is one that is known.
pub(crate) fn served(reading: &Reading<'_>) -> Option<Served> {
    serves::of_target(reading, &hosting(reading)?)
}

/// Whether the start command names a module of Python: `app.asgi` of `uvicorn app.asgi:application`.
pub(crate) fn starts_module(reading: &Reading<'_>, module: &str) -> bool {
    let Some(line) = hosting(reading).and_then(|hosting| hosting.start) else { return false };
    let is_it = |word: &str| {
        let name = word.split(':').next().unwrap_or(word);
        name.contains('.') && (module == name || module.ends_with(&format!(".{name}")))
    };
    steps(reading, &line, &reading.found.root).iter().any(|step| step.operands().any(is_it))
}

/// Whether the target starts the app itself, and not something else that its image can do: the command is the image's, or
/// names the file in which the app begins.
pub(crate) fn starts_app(reading: &Reading<'_>) -> bool {
    let Some(target) = &reading.environment.target else { return true };
    let Some(hosting) = hosting(reading) else { return true };
    let Some(line) = &hosting.start else { return true };
    let is_own = line.place.in_file().is_some_and(|(file, _)| target.images.contains(&file));
    let project = reading.documents.project;
    let entry = reading.found.entry.map(|entry| project.file(entry).name());
    let Some(stem) = entry.and_then(|name| name.rsplit_once('.')).map(|(stem, _)| stem) else { return is_own };
    let names = |word: &str| {
        let name = word.split(':').next().unwrap_or(word);
        let name = name.rsplit(['/', '.']).find(|part| !["js", "ts", "mjs", "cjs", "py"].contains(part));
        name == Some(stem)
    };
    is_own || steps(reading, line, &target.directory).iter().any(|step| step.operands().any(names))
}

/// Where a process is declared that works jobs off.
pub(crate) fn worker(reading: &Reading<'_>) -> Option<Place> {
    hosting(reading)?.worker
}

/// Whether a datastore is published beside the app; none where the target cannot say.
pub(crate) fn datastore_published(reading: &Reading<'_>) -> Option<bool> {
    let target = reading.environment.target.as_ref()?;
    (!target.services.is_empty()).then(|| compose::published_datastore(target))
}

/// Whether a proxy stands in front of the app that files of the project configure.
pub(crate) fn has_proxy(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let by_target = reading.environment.target.as_ref().is_some_and(|target| {
        target.nature.has_ingress || (!target.nature.dashboard && project.mentions(target.file, &["traefik"]))
    });
    by_target || [nginx::KIND, caddy::KIND].iter().any(|kind| !project.of_kind(kind).is_empty())
}

/// Where the nginx in front of the app begins to listen, and whether it hands everything on in plain http; none where no
/// file of one is used.
pub(crate) fn nginx_in_front(reading: &Reading<'_>) -> Option<(Place, bool)> {
    let project = reading.documents.project;
    let root = &reading.found.root;
    let is_used = |file: &FileId| {
        super::reach::is_for_production(&project.file(*file).path, root) && super::reach::is_used(reading, *file)
    };
    let of_kind = project.of_kind(&nginx::KIND);
    let files: Vec<FileId> = of_kind.iter().copied().filter(is_used).collect();
    let first = *files.first()?;
    let listens = project.text(first).ok().and_then(|text| text.find("listen"));
    let at = listens.and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
    let span = Span::new(at, at + if listens.is_some() { 6 } else { 0 });
    Some((Place::File(first, span), nginx::proxies_in_plain(reading, &files)))
}

/// Whether files of a kind configure a proxy in front of apps.
pub(crate) fn is_of_proxy(kind: &FileKind) -> bool {
    [nginx::KIND, caddy::KIND].contains(kind)
}

/// Whether a file of a platform or of a proxy mentions one of some headers; one that is not read, such as Apache's or a
/// template of one, may be in front of the app.
pub(crate) fn adds_headers(project: &Project, headers: &[&str]) -> bool {
    let mut files = project.of_kinds(|kind| matches!(kind, FileKind::Platform(_)));
    let is_unread = |file: &FileId| {
        let name = project.file(*file).name();
        let ends = [".conf", ".j2", ".tmpl", ".template", ".tpl", ".vcl"].iter().any(|end| name.ends_with(end));
        (ends || name == ".htaccess")
            && !is_never_deployed(project.path_below_selection(*file).trim_start_matches("templates/"))
    };
    files.extend(project.of_kind(&FileKind::Other).iter().copied().filter(is_unread));
    files.into_iter().any(|file| project.mentions(file, headers))
}

/// Whether a file tells of a deployment.
pub(crate) fn is_telling(project: &Project, file: FileId) -> bool {
    matches!(project.file(file).kind, FileKind::EnvFile { .. }) || describes(PLATFORMS, project, file)
}

/// Whether a platform with a dashboard hosts what lies in the app's folder or in one above it.
pub(crate) fn dashboard_in_sight(project: &Project, app_dir: &str) -> bool {
    let with_dashboard = || PLATFORMS.iter().copied().filter(|platform| platform.nature.dashboard);
    let hosts = |file: FileId| upward(app_dir).any(|folder| folder_of(&project.file(file).path) == folder);
    let beside = with_dashboard().flat_map(|platform| platform.beside).chain(unread::FILES);
    let mut beside = beside.filter(|name| upward(app_dir).any(|folder| project.find(&inside(folder, name)).is_some()));
    beside.next().is_some() || with_dashboard().any(|platform| platform.files(project).into_iter().any(hosts))
}

/// Who reads env files of what a file in a folder hosts, where that is not who does everywhere.
pub(crate) fn loader_in(project: &Project, folder: &str) -> Option<&'static Loader> {
    let hosts = |platform: &&'static Platform| {
        let files = project.of_kind(&platform.kind());
        platform.loader.is_some() && files.iter().any(|file| project.file(*file).folder() == folder)
    };
    PLATFORMS.iter().copied().find(hosts)?.loader
}

//! Compose files: which of them are for production, which of their services are the app, and what reaches those.
//! <https://github.com/compose-spec/compose-spec/blob/main/spec.md>

use crate::environment::given::{process, provided};
use crate::environment::layer::{Layer, Role, Weight, cuts};
use crate::environment::request::is_uncommitted;
use crate::environment::stack::Described;
use crate::environment::target::{Beside, Runs, Target};
use crate::environment::{Environment, Variable};
use crate::eval::{Place, Variables as _};
use crate::platforms::bought::is_bought;
use crate::platforms::compose::named::Named;
use crate::platforms::compose::platform::PLATFORM;
use crate::platforms::compose::service::{Service, build_arguments};
use crate::platforms::compose::sets::{read_in_order, sets};
use crate::platforms::compose::{developers, named, service, tags};
use crate::platforms::describing::Describing;
use crate::platforms::dockerfile::serves_alone;
use crate::platforms::image;
use crate::platforms::targets::{MOST_TOLD, Targets};
use crate::project::{FileKind, GitState, Problem, folder_of, inside, normalized, problem_id};
use crate::syntax::FileId;
use crate::syntax::data::{Dialect, Node, NodeKind};
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The services of compose files that are the app.
pub(crate) fn find(context: &mut Describing<'_, '_>) -> Vec<Described> {
    let own = PLATFORM.kind();
    let mut files = context.project().of_kinds(|kind| *kind == own || *kind == FileKind::Yaml);
    let all: Vec<FileId> = files
        .iter()
        .copied()
        .filter(|id| context.project().file(*id).kind == own && !context.is_for_another(*id))
        .collect();
    let images = developers::own_images(context, &all);
    context.built.extend(images);
    files.retain(|id| is_compose(context, *id));
    let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in files {
        folders.entry(context.folder(file)).or_default().push(file);
    }
    let mut targets = Targets::default();
    let named = named::started_with(context);
    for started in &named {
        if let Some(first) = started.files.first() {
            folders.entry(context.folder(*first)).or_default();
        }
    }
    for (folder, files) in folders {
        let host = host(context, folder);
        // What lies beside the files tells which of them count: `COMPOSE_FILE` in a tracked `.env`.
        let list = host.read("COMPOSE_FILE", Place::Process).as_text().map(Text::as_name);
        let listed = list.and_then(|list| named::listed(context, folder, &list));
        let own = named.iter().filter(|named| named.lies_in(context, folder));
        let mut own: Vec<&Named> = own.collect();
        own.extend(listed.as_ref().filter(|_| own.is_empty()));
        let unseen = own.iter().find_map(|named| named.unseen);
        // What a deploy command names is what runs.
        let sets = match own.is_empty() {
            true => sets(context, &files),
            false => own.iter().map(|named| read_in_order(context, named.files.clone())).collect(),
        };
        for mut services in sets {
            for service in &mut services {
                service.parts = tags::settled(std::mem::take(&mut service.parts));
            }
            let apps = apps(context, folder, &services, &host);
            if apps.is_empty() {
                continue;
            }
            let beside = beside(context, &services, &host);
            for service in apps {
                if targets.is_full() {
                    break;
                }
                let mut found = deployed(context, &service, &host, &beside);
                if let (Some(found), Some(place)) = (&mut found, unseen) {
                    found.layers.push(Layer { unseen: Some(place), ..Layer::new(Role::Target, Weight::Certain) });
                    found.closed = false;
                }
                targets.add(found);
            }
        }
    }
    let mut found = targets.found;
    prefer_named(context, &mut found);
    found
}

/// Where a file is named for the environment, what it deploys is deployed by no other: the services of its folder, and
/// those of the same name or of the same code elsewhere.
fn prefer_named(context: &Describing<'_, '_>, found: &mut Vec<Described>) {
    let service = |target: &Target| target.name.rsplit(':').next().map(str::to_owned);
    let targets = found.iter().map(|found| &found.target).filter(|target| context.is_for_this(target.file));
    let named: Vec<_> = targets.map(|target| (target.file, service(target), target.directory.clone())).collect();
    found.retain(|found| {
        let target = &found.target;
        let is_same = |(file, name, directory): &(FileId, Option<String>, Arc<str>)| {
            let code = !target.images.is_empty() && *directory == target.directory;
            context.folder(*file) == context.folder(target.file) || *name == service(target) || code
        };
        context.is_for_this(target.file) || !named.iter().any(is_same)
    });
}

fn is_compose(context: &Describing<'_, '_>, id: FileId) -> bool {
    let file = context.project().file(id);
    match file.kind {
        FileKind::Platform(files) if *files == PLATFORM.files => {
            !context.is_for_another(id) && (context.is_for_this(id) || !developers::own_file(context, id))
        }
        // `production.yml`, as some templates name it
        FileKind::Yaml => {
            let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem);
            crate::environment::request::names_environment(stem, context.request.environment_name)
                && context.project().mentions(id, &["services:"])
        }
        _ => false,
    }
}

/// Whether services of a file that is not named for the environment are deployed by it though a platform hosts something:
/// one is built of a folder that nobody hosts, or starts again after a crash, which no developer's does. Else they are how
/// developers run what the platform hosts.
pub(crate) fn is_deployed(context: &Describing<'_, '_>, services: &[Service]) -> bool {
    let lasts = |service: &Service| service.get("restart").is_some_and(|(_, node)| restarts(node));
    let elsewhere = |service: &Service| service.get("build").is_some() && !is_of_developers(context, service);
    context.request.everything && services.iter().any(|service| lasts(service) || elsewhere(service))
}

/// Whether a service of a file that is not named for the environment is built of what a platform hosts.
fn is_of_developers(context: &Describing<'_, '_>, service: &Service) -> bool {
    let named = service.parts.iter().any(|part| context.is_for_this(part.file));
    let hosted = || directory(context, service).is_some_and(|folder| context.is_hosted(&folder));
    let lasts = || service.get("restart").is_some_and(|(_, node)| restarts(node));
    !named && !lasts() && hosted()
}

pub(crate) fn restarts(node: &Node) -> bool {
    node.text().is_some_and(|text| text.test(|text| matches!(text, "always" | "unless-stopped" | "on-failure")))
}

/// What the host hands to Compose: the shell, which no file shows, over what is meant for it, over the `.env` beside
/// the file. None of it reaches a container by itself.
fn host(context: &Describing<'_, '_>, folder: &str) -> Environment {
    let (request, project) = (context.request, context.project());
    let mut layers = Vec::new();
    let named: Vec<Layer> = context.files.for_environment(request).cloned().collect();
    if let Some(file) = project.find(&inside(folder, ".env"))
        && let Ok(text) = project.text(file)
    {
        let git = project.file(file).git;
        let weight = match git {
            GitState::Tracked => Weight::Certain,
            _ if !named.is_empty() && is_uncommitted(git) => Weight::Nothing,
            _ => Weight::Perhaps(project.file(file).path.clone()),
        };
        layers.push(Layer::of_env_file(file, text, Dialect::Compose, Role::Developer, weight));
    }
    layers.extend(named);
    layers.extend(provided(request.provided));
    for file in request.env_files {
        let text = project.text(*file).map_or("", |text| text);
        layers.push(Layer::of_env_file(*file, text, Dialect::Compose, Role::Loaded, Weight::Certain));
    }
    layers.extend(request.process.map(process));
    Environment::of_host(layers, !request.env_files.is_empty() || request.process.is_some())
}

/// Every service that production runs, with what it is told.
fn beside(context: &mut Describing<'_, '_>, services: &[Service], host: &Environment) -> Arc<[Beside]> {
    let mut beside: Vec<Beside> = Vec::new();
    let mut told = 0;
    for service in services {
        let developers = context.request.everything && is_of_developers(context, service);
        if developers || !is_for_production(context, service) {
            continue;
        }
        if told > MOST_TOLD {
            let message = format!(
                "services are told more than {MOST_TOLD} variables; those after `{}` are not looked at",
                service.name
            );
            let problem = Problem::new(problem_id::TOO_LARGE, message);
            context.problems.extend(service.parts.last().map(|part| problem.in_file(part.file)));
            break;
        }
        let layers = service.layers(context, host).layers;
        context.problems.extend(cuts(&layers, context.project()));
        let variables: Vec<Variable> = Environment::of_host(layers, false).variables().collect();
        told += variables.len();
        beside.push(Beside { name: service.name.clone(), parts: service.parts.clone(), variables });
    }
    beside.into()
}

/// A service that is deployed: what it runs, and the Dockerfile that builds its image, where that is the app's.
struct Deploys {
    service: Service,
    runs: Runs,
    image: Option<FileId>,
}

/// Those services that are the app: built from its folder, or run on its image, or else the only one that is nothing
/// bought. In a folder that stands for all its deployments, every service that is nothing bought.
fn apps(context: &mut Describing<'_, '_>, folder: &str, services: &[Service], host: &Environment) -> Vec<Deploys> {
    let of_developers = developers::services(context, services, host);
    let theirs = services.iter().filter(|service| of_developers.contains(&service.name));
    let images: Vec<FileId> = theirs.filter_map(|service| developers::image(context, service)).collect();
    context.built.extend(images);
    let (mut apps, mut unknown, mut bought) = (Vec::new(), Vec::new(), Vec::new());
    let everything = context.request.everything && context.deploys(folder);
    for service in services {
        let hosted = everything && is_of_developers(context, service);
        if hosted || !is_for_production(context, service) || of_developers.contains(&service.name) {
            continue;
        }
        let (runs, image) = runs(context, service);
        let deploys = Deploys { service: service.clone(), runs, image };
        match deploys.runs {
            Runs::App => apps.push(deploys),
            _ if is_bought_service(service) => bought.push(deploys),
            Runs::Image(_) if everything => apps.push(deploys),
            Runs::Unknown => unknown.push(deploys),
            Runs::Image(_) => {}
        }
    }
    if everything || (apps.is_empty() && unknown.len() == 1 && context.deploys(folder)) {
        apps.append(&mut unknown);
    }
    if everything && apps.is_empty() && is_all_there_is(context, &bought) {
        apps.extend(bought.into_iter().next());
    }
    apps
}

/// Whether services of bought images alone are what is deployed, and not what developers keep beside them: their file is
/// named for the environment, or the project has no code that could use them.
fn is_all_there_is(context: &Describing<'_, '_>, bought: &[Deploys]) -> bool {
    let parts = bought.iter().flat_map(|deploys| &deploys.service.parts);
    context.project().packages().is_empty() || parts.into_iter().any(|part| context.is_for_this(part.file))
}

/// What a service runs, as far as the files show.
fn runs(context: &mut Describing<'_, '_>, service: &Service) -> (Runs, Option<FileId>) {
    if service.get("build").is_some() {
        let own = directory(context, service).is_some_and(|directory| {
            (context.deploys(&directory) && !is_a_part(context, service, &directory)) || names_app(context, service)
        });
        let image = service.get("image").and_then(|(_, node)| node.text()).cloned();
        let stage = service.at(&["build", "target"]).and_then(|(_, node)| node.text()).map(Text::as_name);
        let file = dockerfile(context, service);
        let own = own && !file.is_some_and(|file| serves_alone(context, file, stage.as_deref()));
        let elsewhere = Runs::Image(image.unwrap_or_else(|| Text::new(&*service.name)));
        return if own { (Runs::App, file) } else { (elsewhere, None) };
    }
    match service.get("image").and_then(|(_, node)| node.text()).cloned() {
        Some(image) => context.runs(&image),
        None => (Runs::Unknown, None),
    }
}

fn is_for_production(context: &Describing<'_, '_>, service: &Service) -> bool {
    let profiles = service.get("profiles").map_or(&[][..], |(_, node)| node.items());
    profiles.is_empty() || !profiles.iter().filter_map(Node::text).all(|name| context.is_another(&name.as_name()))
}

/// The folder that a service is built from.
pub(crate) fn directory(context: &Describing<'_, '_>, service: &Service) -> Option<String> {
    let (file, build) = service.get("build")?;
    let path = match &build.kind {
        NodeKind::Text(path) => path.as_name(),
        _ => service.at(&["build", "context"]).and_then(|(_, node)| node.text()).map_or(".".into(), Text::as_name),
    };
    normalized(&inside(context.folder(file), &path))
}

/// A build of a folder inside the app's own, by a Dockerfile that is not there: what it makes is not known to be the app.
fn is_a_part(context: &Describing<'_, '_>, service: &Service, directory: &str) -> bool {
    let app_dir = context.request.app_dir;
    let inner = directory != app_dir && crate::project::lies_in(directory, app_dir);
    inner && !context.request.everything && dockerfile(context, service).is_none()
}

/// A build of the whole repository that says which folder it is about.
fn names_app(context: &Describing<'_, '_>, service: &Service) -> bool {
    let app_dir = context.request.app_dir;
    if app_dir.is_empty() || !directory(context, service).is_some_and(|dir| crate::project::lies_in(app_dir, &dir)) {
        return false;
    }
    let file = dockerfile(context, service);
    file.is_some_and(|file| {
        crate::project::lies_in(context.folder(file), app_dir) || context.project().mentions(file, &[app_dir])
    })
}

fn is_bought_service(service: &Service) -> bool {
    let image = service.get("image").and_then(|(_, node)| node.text()).map(Text::as_name);
    image.is_some_and(|image| is_bought(&image))
}

pub(crate) fn dockerfile(context: &Describing<'_, '_>, service: &Service) -> Option<FileId> {
    let folder = directory(context, service)?;
    let name = service.at(&["build", "dockerfile"]).and_then(|(_, node)| node.text()).map(Text::as_name);
    match name {
        Some(name) => context.project().find(&normalized(&inside(&folder, &name))?),
        None => ["Dockerfile", "Containerfile", "dockerfile"]
            .iter()
            .find_map(|name| context.project().find(&inside(&folder, name))),
    }
}

fn deployed(
    context: &mut Describing<'_, '_>,
    deploys: &Deploys,
    host: &Environment,
    beside: &Arc<[Beside]>,
) -> Option<Described> {
    let Deploys { service, runs, image } = deploys;
    let (part, image) = (service.parts.last()?, *image);
    let mut layers = Vec::new();
    let mut stage = None;
    if let Some(image) = image {
        stage = service.at(&["build", "target"]).and_then(|(_, node)| node.text()).cloned();
        stage = stage.or_else(|| service.get("build").is_none().then(|| context.stage_of(image)).flatten());
        let stage = stage.as_ref().map(Text::as_name);
        layers.extend(image::layers(context, image, stage.as_deref(), &build_arguments(service, host)));
    }
    let service::Layers { layers: own, sources, closed } = service.layers(context, host);
    layers.extend(own);
    let mut all = sources;
    all.extend(service.parts.iter().map(|part| context.source(part.file)));
    all.extend(image.map(|image| context.source(image)));
    let target = Target {
        name: context.name(part.file, Some(&service.name)),
        file: part.file,
        directory: directory(context, service)
            .unwrap_or_else(|| folder_of(&context.project().file(part.file).path).to_owned())
            .into(),
        runs: runs.clone(),
        images: image.into_iter().collect(),
        stage,
        parts: service.parts.clone(),
        services: beside.clone(),
        ..context.target(&PLATFORM, part.file, None)
    };
    Some(Described { target, layers, closed, sources: all })
}

//! The env files around an app, each with what it is to the deployed app.

use crate::environment::layer::{Layer, Role, SourceFile, Weight};
use crate::environment::loader::Folder;
use crate::environment::request::{is_uncommitted, names_environment};
use crate::environment::{Request, scripts};
use crate::project::aside::is_beside_the_product;
use crate::project::{Ecosystem, File, FileKind, GitState, inside, lies_in, upward};
use crate::syntax::FileId;
use crate::syntax::data::Dialect;
use std::cmp::Reverse;

/// The layers that an app's own env files make.
#[derive(Clone)]
pub(crate) struct Files {
    /// From the weakest to the strongest.
    pub(crate) layers: Vec<Layer>,
    pub(crate) sources: Vec<SourceFile>,
    /// A file that only the host of the app has is there to be read.
    pub(crate) closes: bool,
}

/// One env file, on its way to a layer.
struct Candidate {
    file: FileId,
    dialect: Dialect,
    role: Role,
    weight: Weight,
    /// Sorts from the weakest to the strongest.
    rank: (Rank, Reverse<usize>, usize),
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    NoValue,
    Loaded,
    Intent,
    Named,
}

/// The env files of an app, and what they are to it.
pub(crate) fn of_app(request: &Request<'_>) -> Files {
    let project = request.project;
    let loaded = loaded_files(request);
    let mut named = scripts::env_files(project, request.app_dir);
    let in_code = request.in_code.iter().filter(|(file, _)| !named.iter().any(|(known, _)| known == file));
    let in_code: Vec<(FileId, Dialect)> = in_code.copied().collect();
    named.extend(in_code);
    let mut around = project.of_kinds(|kind| matches!(kind, FileKind::EnvFile { .. }));
    around.retain(|id| is_around(request, *id));
    let has_production_file = around.iter().any(|id| is_for_environment(&project.file(*id).kind, request));
    let mut candidates: Vec<Candidate> = Vec::new();
    for file in around {
        let order = loaded.iter().position(|known| *known == file);
        let named_at = named.iter().position(|(known, _)| *known == file);
        let dialect = named_at.map_or(request.loader.dialect, |index| named[index].1);
        let read = order.is_some() || named_at.is_some();
        // What code loads by its own name is loaded in production too, where the host has it.
        let is_own =
            named_at.is_some() && matches!(&project.file(file).kind, FileKind::EnvFile { environment: Some(_), .. });
        let overruled = has_production_file && !is_own;
        let (role, weight) = what_it_is(request, project.file(file), read, overruled);
        let rank = match (role, &weight) {
            (_, Weight::Nothing) => Rank::NoValue,
            (Role::Intent, _) => Rank::Intent,
            _ if named_at.is_some() => Rank::Named,
            _ => Rank::Loaded,
        };
        // Of two files that the loader does not order, the nearer one counts.
        let distance = distance(request.app_dir, project.file(file).folder());
        let rank = (rank, Reverse(if read { 0 } else { distance }), order.or(named_at).unwrap_or(0));
        candidates.push(Candidate { file, dialect, role, weight, rank });
    }
    candidates.extend(settings_ini(request));
    candidates.sort_by(|a, b| (&a.rank, a.file).cmp(&(&b.rank, b.file)));
    let closes = candidates.iter().any(|candidate| {
        let file = project.file(candidate.file);
        let for_it = is_for_environment(&file.kind, request);
        let is_whole = if request.loader.takes_folder_as_it_is {
            matches!(candidate.weight, Weight::Certain | Weight::Intended)
        } else {
            candidate.role == Role::Loaded && for_it && is_uncommitted(file.git)
        };
        is_whole && project.text(candidate.file).is_ok()
    });
    let layers = candidates.iter().map(|candidate| layer(request, candidate)).collect();
    let source = |candidate: &Candidate| SourceFile {
        file: candidate.file,
        git: project.file(candidate.file).git,
        role: candidate.role,
    };
    Files { layers, sources: candidates.iter().map(source).collect(), closes }
}

/// What python-decouple reads where the environment says nothing, and in front of `.env`: the nearest `settings.ini`.
/// Its section and comments are no lines of an env file, and all others are.
fn settings_ini(request: &Request<'_>) -> Option<Candidate> {
    let project = request.project;
    let package = project.package(project.package_above(request.app_dir, Some(Ecosystem::Python))?);
    if !package.dependencies.contains_key("python-decouple") {
        return None;
    }
    let file = upward(request.app_dir).find_map(|folder| project.find(&inside(folder, "settings.ini")))?;
    let (role, weight) = match project.file(file).git {
        GitState::Ignored => (Role::Developer, Weight::Perhaps(project.file(file).path.clone())),
        _ => (Role::Loaded, Weight::Certain),
    };
    Some(Candidate { file, dialect: Dialect::Python, role, weight, rank: (Rank::Loaded, Reverse(0), 0) })
}

fn layer(request: &Request<'_>, candidate: &Candidate) -> Layer {
    let Candidate { file, dialect, role, weight, .. } = candidate;
    match request.project.text(*file) {
        Ok(text) => {
            let layer = Layer::of_env_file(*file, text, *dialect, *role, weight.clone());
            Layer { empty_is_unset: request.loader.empty_is_unset, ..layer }
        }
        Err(_) => {
            let place = crate::eval::Place::File(*file, crate::syntax::Span::default());
            Layer { unseen: Some(place), ..Layer::new(*role, weight.clone()) }
        }
    }
}

/// The files that the loader reads, from the weakest to the strongest.
fn loaded_files(request: &Request<'_>) -> Vec<FileId> {
    let names = request.loader.names(request.environment_name);
    let in_folder = |folder: &str| -> Vec<FileId> {
        names.iter().filter_map(|name| request.project.find(&inside(folder, name))).collect()
    };
    match request.loader.folder {
        Folder::App => in_folder(request.app_dir),
        Folder::WorkingDirectory => {
            upward(request.app_dir).map(in_folder).find(|found| !found.is_empty()).unwrap_or_default()
        }
    }
}

/// Whether an env file lies in the app or above it, and in no other package.
fn is_around(request: &Request<'_>, id: FileId) -> bool {
    let file = request.project.file(id);
    if request.env_files.contains(&id) {
        return false;
    }
    if lies_in(request.app_dir, file.folder()) || (request.everything && lies_in(file.folder(), request.app_dir)) {
        return true;
    }
    let package = |folder: &str| request.project.package_above(folder, None).map(|id| &request.project.package(id).dir);
    lies_in(file.folder(), request.app_dir) && package(file.folder()) == package(request.app_dir)
}

fn distance(app_dir: &str, folder: &str) -> usize {
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).count();
    parts(app_dir).abs_diff(parts(folder))
}

fn is_for_environment(kind: &FileKind, request: &Request<'_>) -> bool {
    is_named_for(kind, request.environment_name)
}

/// Whether an env file's name says that it is for an environment.
pub(crate) fn is_named_for(kind: &FileKind, environment: &str) -> bool {
    match kind {
        FileKind::EnvFile { environment: Some(name), template: false, .. } => names_environment(name, environment),
        _ => false,
    }
}

/// What an env file is to the app, and how much it counts.
fn what_it_is(request: &Request<'_>, file: &File, read: bool, overruled: bool) -> (Role, Weight) {
    let FileKind::EnvFile { environment, template, .. } = &file.kind else { return (Role::Loaded, Weight::Certain) };
    if is_beside_the_product(&file.path) {
        return (Role::Other, Weight::Nothing);
    }
    if *template {
        return (Role::Template, Weight::Nothing);
    }
    if is_for_environment(&file.kind, request) {
        return if read { (Role::Loaded, Weight::Certain) } else { (Role::Intent, Weight::Intended) };
    }
    if environment.is_some() && !read {
        return (Role::Other, Weight::Nothing);
    }
    let taken_as_it_is = request.loader.takes_folder_as_it_is && file.git != GitState::Ignored;
    if read && (file.git == GitState::Tracked || taken_as_it_is) && request.loader.certain {
        return (Role::Loaded, Weight::Certain);
    }
    let weight = if read && !overruled { Weight::Perhaps(file.path.clone()) } else { Weight::Nothing };
    (Role::Developer, weight)
}

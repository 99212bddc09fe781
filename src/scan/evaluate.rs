//! Files to documents, documents to values, values to settings: each app once for each of its targets, each deployment
//! that runs no app, and the repository.

use super::open::Opened;
use super::stages::Stage;
use super::{ScanError, ScanOptions, let_go, profile_name};
use crate::app::{self, Deployment, Unjudged, environment_without_target, environments_of, recognise, unjudged};
use crate::documents::Documents;
use crate::environment::{Environment, Role};
use crate::frameworks::KNOWN_PACKAGES;
use crate::habits::shared;
use crate::platforms::is_telling;
use crate::project::{FileKind, GitState, Problem, Project, problem_id};
use crate::reading::bench::Shared;
use crate::reading::found::Found;
use crate::report::{AppNote, DeploymentNote, EnvironmentSource};
use crate::settings::{Model, config_source};
use crate::syntax::FileId;
use hashbrown::HashSet;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is read in one go, on the target that it is read for, where it has any.
pub(super) type Targeted = (Option<Arc<str>>, Model);

/// What the files of a project say.
pub(super) struct Evaluated {
    pub(super) apps: Vec<AppNote>,
    /// The deployments that run no app.
    pub(super) deployments: Vec<DeploymentNote>,
    /// The settings: of each app once for each target, of each deployment, of the repository.
    pub(super) models: Vec<Targeted>,
    /// The environment of each app's model, where they are kept.
    pub(super) environments: Vec<Environment>,
    /// What could not be read or parsed on the way.
    pub(super) problems: Vec<Problem>,
    /// The files that apps begin in and those that configure them: nothing can be vouched for without them.
    pub(super) entries: HashSet<FileId>,
    /// The files of code that were looked at.
    pub(super) parsed: Vec<FileId>,
}

/// What becomes of the environments once the settings are known: each app's has a copy of every variable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Environments {
    Dropped,
    Kept,
}

/// What one app, or what is deployed without one, says.
struct Read<N> {
    notes: Vec<N>,
    /// Too much of something.
    problems: Vec<Problem>,
    models: Vec<Targeted>,
    environments: Vec<Environment>,
    /// What others need not tell again.
    claims: Claims,
}

/// What was read by somebody: names of targets, env files.
#[derive(Default)]
struct Claims {
    targets: BTreeSet<Arc<str>>,
    env_files: HashSet<FileId>,
}

impl Claims {
    fn of(environments: &[Environment], project: &Project) -> Claims {
        let is_env_file = |file: &FileId| matches!(project.file(*file).kind, FileKind::EnvFile { .. });
        let sources = environments.iter().flat_map(|environment| &environment.sources);
        Claims {
            targets: environments.iter().filter_map(target_of).collect(),
            env_files: sources.map(|source| source.file).filter(is_env_file).collect(),
        }
    }

    fn add(&mut self, other: Claims) {
        self.targets.extend(other.targets);
        self.env_files.extend(other.env_files);
    }
}

/// Everything that a reader of one app or deployment works with.
struct Work<'w> {
    opened: &'w Opened,
    options: &'w ScanOptions,
    documents: &'w Documents<'w>,
    deployment: Deployment<'w>,
    shared: Shared,
    kept: Environments,
}

pub(super) fn evaluate(opened: &Opened, options: &ScanOptions, kept: Environments) -> Result<Evaluated, ScanError> {
    let project = &opened.project;
    let documents = Documents::new(project, KNOWN_PACKAGES.iter().copied().chain(opened.libraries.own_modules()))
        .knowing(opened.libraries.known_modules());
    let deployment = Deployment {
        name: profile_name(opened.environment),
        process: options.process_environment.as_ref(),
        provided: &opened.config.provided,
        target: options.target.as_deref(),
    };
    options.waiting.tell(Stage::Apps)?;
    let found = recognise(&documents, &opened.libraries);
    let shared = rayon::join(|| documents.look_ahead(), || shared(&documents)).1;
    let work = Work { opened, options, documents: &documents, deployment, shared, kept };
    options.waiting.tell(Stage::Settings(found.len()))?;
    let read: Vec<Read<AppNote>> = found.par_iter().map(|app| work.app(app)).collect::<Result<_, ScanError>>()?;
    let mut evaluated = Evaluated {
        apps: Vec::new(),
        deployments: Vec::new(),
        models: Vec::new(),
        environments: Vec::new(),
        problems: project.problems(),
        entries: HashSet::new(),
        parsed: Vec::new(),
    };
    let mut claims = Claims::default();
    for read in read {
        let notes = work.take(read, &mut evaluated, &mut claims);
        evaluated.apps.extend(notes);
    }
    let alone = work.deployments(&claims, found.is_empty());
    evaluated.deployments = work.take(alone, &mut evaluated, &mut claims);
    if let Some(name) = options.target.as_ref().filter(|_| evaluated.models.is_empty()) {
        return Err(ScanError::Target { name: name.clone(), known: work.targets(&found) });
    }
    if options.target.is_none() {
        evaluated.models.extend(work.repository(&found, &evaluated.models, &claims));
    }
    evaluated.problems.extend(documents.problems());
    evaluated.problems.extend(unjudged(&documents, &found).iter().map(not_judged));
    let resources = evaluated.models.iter().flat_map(|(_, model)| &model.resources);
    let sources = resources.filter(|resource| resource.kind.name == config_source::KIND.name);
    let sources = sources.filter_map(|source| Some(source.place.in_file()?.0));
    evaluated.entries = found.iter().filter_map(|app| app.entry).chain(sources).collect();
    evaluated.parsed = documents.parsed();
    let Work { shared, .. } = work;
    let_go((shared, documents.into_read()));
    Ok(evaluated)
}

impl Work<'_> {
    /// One app in each of its environments.
    fn app(&self, app: &Found) -> Result<Read<AppNote>, ScanError> {
        let environments = environments_of(app, self.documents, &self.deployment);
        let read = |environment: &Environment| {
            let mut model = app::read(app, self.documents, environment, &self.shared, &self.opened.libraries);
            if let Some(file) = self.opened.config_file {
                self.opened.config.attest(&mut model, file, self.options.today);
            }
            (target_of(environment), model)
        };
        let models: Vec<Targeted> = environments.iter().map(read).collect();
        self.options.waiting.tell(Stage::AppDone)?;
        let note = app_note(app, self.documents, &environments, &models);
        Ok(self.read(vec![note], models, environments))
    }

    /// What is deployed from the folder that was asked for and runs none of the apps. Where there is neither an app nor a
    /// target, what stands in front and the env files are the deployment.
    fn deployments(&self, claims: &Claims, no_apps: bool) -> Read<DeploymentNote> {
        let project = self.documents.project;
        let root = project.selection();
        let telling =
            project.ids().find(|file| project.selected(&project.file(*file).path) && is_telling(project, *file));
        let folder = Found::of_folder(self.documents, root, root, telling);
        let mut environments = environments_of(&folder, self.documents, &self.deployment);
        environments.retain(|environment| match &environment.target {
            Some(target) => !claims.targets.contains(&target.name) && project.selected(&project.file(target.file).path),
            None => no_apps && telling.is_some(),
        });
        let read = |environment: &Environment| {
            let id = target_of(environment).unwrap_or_else(|| root.into());
            let file = environment.target.as_ref().map(|target| target.file).or(telling);
            let found = Found { entry: file, ..Found::of_folder(self.documents, &id, root, None) };
            let model = app::read_target(&found, self.documents, environment, &self.shared);
            (target_of(environment), model)
        };
        let models: Vec<Targeted> = environments.par_iter().map(read).collect();
        let notes = environments.iter().map(|environment| deployment_note(environment, self.documents)).collect();
        self.read(notes, models, environments)
    }

    /// The repository, for what none of the others has told.
    fn repository(&self, apps: &[Found], others: &[Targeted], claims: &Claims) -> Option<Targeted> {
        let project = self.documents.project;
        let found = Found::of_folder(self.documents, "repository", project.selection(), None);
        let environment = environment_without_target(&found, self.documents, &self.deployment);
        let roots: Vec<Arc<str>> = apps.iter().map(|app| app.root.clone()).collect();
        let elsewhere: Vec<&Model> = others.iter().map(|(_, model)| model).collect();
        let mut model = app::read_repository(&found, self.documents, &environment, &self.shared, &roots, &elsewhere);
        model.resources.retain(|resource| {
            let file = resource.place.in_file().map(|(file, _)| file);
            file.is_none_or(|file| !claims.env_files.contains(&file))
        });
        (!model.resources.is_empty()).then_some((None, model))
    }

    fn read<N>(&self, notes: Vec<N>, models: Vec<Targeted>, mut environments: Vec<Environment>) -> Read<N> {
        let claims = Claims::of(&environments, self.documents.project);
        // What is wrong with a file is told by whoever reads it; that there is too much of something is told here alone.
        let problems = environments.iter_mut().flat_map(|environment| std::mem::take(&mut environment.problems));
        let problems: Vec<Problem> = problems.filter(|problem| problem.id == problem_id::TOO_LARGE).collect();
        if self.kept == Environments::Dropped {
            environments.clear();
        }
        Read { notes, problems, models, environments, claims }
    }

    /// Takes what was read into what is known, and gives its notes.
    fn take<N>(&self, read: Read<N>, evaluated: &mut Evaluated, claims: &mut Claims) -> Vec<N> {
        evaluated.models.extend(read.models);
        evaluated.environments.extend(read.environments);
        for problem in read.problems {
            // The targets of an app, and apps that share a file, are told the same.
            if !evaluated.problems.contains(&problem) {
                evaluated.problems.push(problem);
            }
        }
        claims.add(read.claims);
        read.notes
    }

    /// The names of all targets.
    fn targets(&self, apps: &[Found]) -> Vec<String> {
        let everywhere = Deployment { target: None, ..self.deployment.clone() };
        let root = self.documents.project.selection();
        let folder = Found::of_folder(self.documents, root, root, None);
        let environments =
            apps.iter().chain([&folder]).flat_map(|app| environments_of(app, self.documents, &everywhere));
        let known: BTreeSet<Arc<str>> = environments.filter_map(|environment| target_of(&environment)).collect();
        known.iter().map(ToString::to_string).collect()
    }
}

fn not_judged(code: &Unjudged) -> Problem {
    let folder = if code.folder.is_empty() { "this folder" } else { &code.folder };
    let with = code.with.join(", ");
    let message = format!(
        "the code of {folder} was not checked: it uses {with}, and prodcheck found no app in it that it can read"
    );
    Problem::new(problem_id::NOT_JUDGED, message).in_file(code.manifest)
}

fn target_of(environment: &Environment) -> Option<Arc<str>> {
    environment.target.as_ref().map(|target| target.name.clone())
}

fn app_note(app: &Found, documents: &Documents<'_>, environments: &[Environment], models: &[Targeted]) -> AppNote {
    AppNote {
        id: app.id.clone(),
        root: app.root.clone(),
        framework: app.framework_name().to_owned(),
        version: app.version.as_ref().map(|version| version.to_string().into()),
        // Its code is the same on every target.
        stack: models
            .first()
            .and_then(|(_, model)| model.apps.first())
            .map(|app| app.stack.clone())
            .unwrap_or_default(),
        entry: app.entry.map(|file| documents.project.file(file).path.clone()),
        targets: environments.iter().filter_map(target_of).collect(),
        closed: environments.iter().all(|environment| environment.closed),
        sources: sources(environments, documents),
    }
}

fn deployment_note(environment: &Environment, documents: &Documents<'_>) -> DeploymentNote {
    DeploymentNote {
        target: target_of(environment),
        closed: environment.closed,
        sources: sources(std::slice::from_ref(environment), documents),
    }
}

/// The files that production's variables come from.
fn sources(environments: &[Environment], documents: &Documents<'_>) -> Vec<EnvironmentSource> {
    let mut sources: Vec<EnvironmentSource> = environments
        .iter()
        .flat_map(|environment| &environment.sources)
        .filter(|source| !matches!(source.role, Role::Other | Role::Template))
        .map(|source| EnvironmentSource {
            file: documents.project.file(source.file).path.clone(),
            git: git_name(source.git),
        })
        .collect();
    sources.sort_by(|a, b| a.file.cmp(&b.file));
    sources.dedup();
    sources
}

fn git_name(state: GitState) -> Option<&'static str> {
    match state {
        GitState::Tracked => Some("tracked"),
        GitState::Ignored => Some("ignored"),
        GitState::Untracked => Some("untracked"),
        GitState::NoRepository => None,
    }
}

//! The whole way in one place: a folder in, a report out.

use crate::documents::Documents;
use crate::environment::{Environment, Role};
use crate::findings::{Judged, collect, known_secrets};
use crate::frameworks::{self, Deployment, Found, KNOWN_PACKAGES, environments_of, recognise};
use crate::mask::Masker;
use crate::project::{GitState, OpenError, Options, Problem, Project};
use crate::report::{AppNote, EnvironmentSource, Report, RuleNote, SettingRow, problems, setting_rows};
use crate::rules::{Catalogue, Limits, Profile, judge};
use crate::settings::Model;
use crate::syntax::FileId;
use crate::text::Text;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// What the user decides about a scan.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// The project, or an app in it.
    pub path: PathBuf,
    /// The deployment environment.
    pub environment: Profile,
    /// Files with variables that the host sets.
    pub env_files: Vec<PathBuf>,
    /// The variables of prodcheck's own process, where they count (`--from-env`).
    pub process_environment: Option<BTreeMap<String, Text>>,
    /// The one deployment target to judge.
    pub target: Option<String>,
}

/// Why a scan could not do its work.
#[derive(Debug)]
pub enum ScanError {
    /// The path cannot be opened as a project.
    Open(OpenError),
    /// A rule file cannot be read.
    Rule {
        /// The rule's id.
        id: String,
        /// What is wrong with it.
        message: String,
    },
}

impl ScanError {
    /// What to do about it, with a valid example.
    pub fn help(&self) -> Option<String> {
        match self {
            ScanError::Open(_) => Some("name a folder that exists, as in `prodcheck scan .`".into()),
            ScanError::Rule { .. } => None,
        }
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScanError::Open(error) => error.fmt(f),
            ScanError::Rule { id, message } => write!(f, "rules/{id}.toml: {message}"),
        }
    }
}

impl std::error::Error for ScanError {}

impl From<OpenError> for ScanError {
    fn from(error: OpenError) -> ScanError {
        ScanError::Open(error)
    }
}

/// The settings of an app on one target, where it has any.
type Targeted = (Option<Arc<str>>, Model);

/// What the files of a project say: the apps with their settings, once for each target.
struct Evaluated {
    project: Project,
    apps: Vec<AppNote>,
    models: Vec<Targeted>,
    /// What could not be read or parsed on the way.
    problems: Vec<Problem>,
    /// The files that apps begin in: nothing can be vouched for without them.
    entries: HashSet<FileId>,
}

/// Scans a project. The report's ending is for the caller to judge.
pub fn scan(options: &ScanOptions) -> Result<Report, ScanError> {
    let catalogue = catalogue()?;
    let Evaluated { project, apps, models, problems: unread, entries } = evaluate(options)?;
    let limits = Limits::builtin(options.environment);
    let judged = |(target, model)| Judged { model, target, judgements: judge(model, &catalogue, &limits) };
    let runs: Vec<Judged<'_>> = models.iter().map(|(target, model)| judged((target.clone(), model))).collect();

    let secrets = known_secrets(models.iter().map(|(_, model)| model));
    let masker = Masker::new(&secrets.texts);
    let found = collect(&runs, &project, &masker);
    let report = Report {
        environment: profile_name(options.environment).into(),
        apps,
        problems: problems(&unread, &project, |problem| problem.file.is_some_and(|file| entries.contains(&file))),
        rules: catalogue.rules().map(|rule| (rule.id.clone(), RuleNote::of(rule))).collect(),
        ..Report::default()
    };
    Ok(report.with_findings(found, &project, &masker, &secrets.places))
}

/// The settings of a project, as the rules would see them.
pub fn settings_of(options: &ScanOptions) -> Result<Vec<SettingRow>, ScanError> {
    let Evaluated { project, models, .. } = evaluate(options)?;
    let secrets = known_secrets(models.iter().map(|(_, model)| model));
    let masker = Masker::new(&secrets.texts);
    Ok(models.iter().flat_map(|(target, model)| setting_rows(model, target.as_ref(), &project, &masker)).collect())
}

fn catalogue() -> Result<Catalogue, ScanError> {
    let catalogue = Catalogue::builtin();
    if let Some((id, error)) = catalogue.errors().next() {
        return Err(ScanError::Rule { id: id.to_owned(), message: error.message.clone() });
    }
    Ok(catalogue)
}

fn profile_name(profile: Profile) -> &'static str {
    Profile::names().find(|name| Profile::named(name) == Some(profile)).expect("internal error: a profile has a name")
}

/// Files to documents, documents to values, values to settings: each app once for each of its targets.
fn evaluate(options: &ScanOptions) -> Result<Evaluated, ScanError> {
    let project =
        Project::open(&options.path, &Options { env_files: options.env_files.clone(), ..Options::default() })?;
    let documents = Documents::new(&project, KNOWN_PACKAGES);
    let deployment = Deployment {
        name: profile_name(options.environment),
        process: options.process_environment.as_ref(),
        provided: &[],
        target: options.target.as_deref(),
    };
    let found = recognise(&documents);
    let read = |app: &Found| {
        let environments = environments_of(app, &documents, &deployment);
        let models: Vec<Targeted> = environments
            .iter()
            .map(|environment| {
                let target = environment.target.as_ref().map(|target| target.name.clone());
                (target, frameworks::read(app, &documents, environment))
            })
            .collect();
        (app_note(app, &documents, &environments), models)
    };
    let read: Vec<(AppNote, Vec<Targeted>)> = found.par_iter().map(read).collect();
    let (apps, models): (Vec<AppNote>, Vec<Vec<_>>) = read.into_iter().unzip();
    let mut problems = project.problems();
    problems.extend(documents.problems());
    problems.dedup();
    let entries = found.iter().filter_map(|app| app.entry).collect();
    Ok(Evaluated { apps, models: models.into_iter().flatten().collect(), problems, entries, project })
}

fn app_note(app: &Found, documents: &Documents<'_>, environments: &[Environment]) -> AppNote {
    let path = |file| documents.project.file(file).path.clone();
    let mut sources: Vec<EnvironmentSource> = environments
        .iter()
        .flat_map(|environment| &environment.sources)
        .filter(|source| !matches!(source.role, Role::Other | Role::Template))
        .map(|source| EnvironmentSource { file: path(source.file), git: git_name(source.git) })
        .collect();
    sources.sort_by(|a, b| a.file.cmp(&b.file));
    sources.dedup();
    AppNote {
        id: app.id.clone(),
        root: app.root.clone(),
        framework: app.framework.name.to_owned(),
        version: app.version.as_ref().map(|version| version.to_string().into()),
        entry: app.entry.map(path),
        targets: environments
            .iter()
            .filter_map(|environment| Some(environment.target.as_ref()?.name.clone()))
            .collect(),
        closed: environments.iter().all(|environment| environment.closed),
        sources,
    }
}

fn git_name(state: GitState) -> Option<&'static str> {
    match state {
        GitState::Tracked => Some("tracked"),
        GitState::Ignored => Some("ignored"),
        GitState::Untracked => Some("untracked"),
        GitState::NoRepository => None,
    }
}

//! The whole way in one place: a folder in, a report out.

use crate::findings::{Judged, collect, known_secrets};
use crate::mask::Masker;
use crate::project::{OpenError, Options, Project};
use crate::report::{AppNote, Report, RuleNote, SettingRow, problems, setting_rows};
use crate::rules::{Catalogue, Limits, Profile, judge};
use crate::settings::Model;
use crate::text::Text;
use std::collections::BTreeMap;
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

/// What the files of a project say: the apps with their settings, once for each target.
struct Evaluated {
    project: Project,
    apps: Vec<AppNote>,
    models: Vec<(Option<Arc<str>>, Model)>,
}

/// Scans a project. The report's ending is for the caller to judge.
pub fn scan(options: &ScanOptions) -> Result<Report, ScanError> {
    let catalogue = catalogue()?;
    let Evaluated { project, apps, models } = evaluate(options)?;
    let limits = Limits::builtin(options.environment);
    let judged = |(target, model)| Judged { model, target, judgements: judge(model, &catalogue, &limits) };
    let runs: Vec<Judged<'_>> = models.iter().map(|(target, model)| judged((target.clone(), model))).collect();

    let secrets = known_secrets(models.iter().map(|(_, model)| model));
    let masker = Masker::new(&secrets.texts);
    let found = collect(&runs, &project, &masker);
    let report = Report {
        environment: profile_name(options.environment).into(),
        apps,
        problems: problems(&project.problems(), &project, |_| false),
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

fn evaluate(options: &ScanOptions) -> Result<Evaluated, ScanError> {
    let project =
        Project::open(&options.path, &Options { env_files: options.env_files.clone(), ..Options::default() })?;
    Ok(Evaluated { project, apps: Vec::new(), models: Vec::new() })
}

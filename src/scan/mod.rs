//! The whole way in one place: a folder in, a report out.

mod baseline;
mod changed;
mod diff;
mod evaluate;
mod fix;
mod gate;
mod narrow;
mod open;
mod own_facts;
mod own_rules;
mod stages;
mod view;
mod waive;
mod why;

pub use baseline::baseline;
pub use changed::Since;
pub use diff::{Side, diff};
pub use fix::{Allowed, Fixed, fix};
pub use narrow::Only;
pub use own_facts::{TestedFacts, facts_folder_of, facts_of, test_facts, test_facts_in};
pub use own_rules::{TestedRule, rules_folder_of, rules_of, test_rules};
pub use stages::{Stage, Stop, Waiting};
pub use view::View;
pub use why::{Answer, Asked, why};

use crate::baseline::Baseline;
use crate::config::{Attestation, Config, ConfigError, Day, Level, PolicyFile};
use crate::findings::{Finding, Findings, Judged, Locator, Secrets, collect, known_secrets};
use crate::mask::Masker;
use crate::project::{Given, OpenError, Problem, Project, RevisionError};
use crate::report::{AttestedNote, Report, RuleNote, SettingRow, ShownNote, SinceNote, problems, setting_rows};
use crate::rules::{Catalogue, Judgement, Limits, Profile, Severity, Shown, judge, shown};
use crate::settings::Model;
use crate::text::Text;
use evaluate::{Environments, Evaluated, evaluate};
use open::{Opened, open, with_config};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// What the user decides about a scan.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// The project, or an app in it.
    pub path: PathBuf,
    /// The deployment environment; none is what `prodcheck.toml` says, else production.
    pub environment: Option<Profile>,
    /// Files with variables that the host sets.
    pub env_files: Vec<PathBuf>,
    /// The variables of prodcheck's own process, where they count (`--from-env`).
    pub process_environment: Option<BTreeMap<String, Text>>,
    /// The one deployment target to judge.
    pub target: Option<String>,
    /// Today; without it nothing that the project has limited in time ever ends.
    pub today: Option<Day>,
    /// Report what the project waives, too.
    pub no_ignores: bool,
    /// What the project had before, in place of the baseline that `prodcheck.toml` names.
    pub baseline: Option<Baseline>,
    /// What an organisation demands, which `prodcheck.toml` cannot weaken.
    pub policy: Option<PolicyFile>,
    /// Report only what this revision does not have.
    pub since: Option<Since>,
    /// Which findings are asked for.
    pub only: Only,
    /// How much is kept of the project's files, where it is not [`crate::project::MAX_KEPT_BYTES`].
    pub most_bytes: Option<u64>,
    /// Put the settings that were judged into the report, too.
    pub with_settings: bool,
    /// Texts in place of those on the disk, which an editor has not saved yet; their paths are relative to the root.
    pub unsaved: Vec<Given>,
    /// Who waits for the scan.
    pub waiting: Waiting,
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
    /// `prodcheck.toml` cannot be used.
    Config(ConfigError),
    /// No app has the target that was asked for.
    Target {
        /// The target.
        name: String,
        /// The targets that there are.
        known: Vec<String>,
    },
    /// A revision cannot be read.
    Revision(RevisionError),
    /// No rule and no category has the name that was asked for.
    NoRule {
        /// The name.
        name: String,
        /// The rule that was most likely meant.
        meant: Option<String>,
    },
    /// Nobody wants it any more.
    Stopped,
    /// A pattern of files cannot be understood.
    Glob {
        /// The pattern.
        glob: String,
        /// Why not.
        why: String,
    },
}

impl ScanError {
    /// What to do about it, with a valid example.
    pub fn help(&self) -> Option<String> {
        match self {
            ScanError::Open(_) => Some("give the folder of the app, as in `prodcheck scan apps/api`".into()),
            ScanError::Rule { .. } | ScanError::Config(_) | ScanError::Stopped => None,
            ScanError::Revision(error) => error.help.clone(),
            ScanError::Target { known, .. } if known.is_empty() => {
                Some("leave --target out: no app has targets".into())
            }
            ScanError::Target { known, .. } => Some(format!("targets here: {}", known.join(", "))),
            ScanError::NoRule { meant, .. } => Some(match meant {
                Some(meant) => format!("did you mean `{meant}`? `prodcheck rules` lists all of them"),
                None => "`prodcheck rules` lists all of them".into(),
            }),
            ScanError::Glob { .. } => Some("write a path with wildcards, as in --exclude 'examples/**'".into()),
        }
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScanError::Open(error) => error.fmt(f),
            ScanError::Rule { id, message } => write!(f, "rules/{id}.toml: {message}"),
            ScanError::Config(error) => error.fmt(f),
            ScanError::Revision(error) => error.fmt(f),
            ScanError::Target { name, .. } => write!(f, "no app has the target `{name}`"),
            ScanError::NoRule { name, .. } => write!(f, "there is no rule or category `{name}`"),
            ScanError::Stopped => f.write_str("the scan was called off"),
            ScanError::Glob { glob, why } => write!(f, "`{glob}` is not a valid glob: {why}"),
        }
    }
}

impl std::error::Error for ScanError {}

impl From<OpenError> for ScanError {
    fn from(error: OpenError) -> ScanError {
        ScanError::Open(error)
    }
}

impl From<RevisionError> for ScanError {
    fn from(error: RevisionError) -> ScanError {
        ScanError::Revision(error)
    }
}

/// What the rules say of a project, before it is shown.
struct Looked {
    opened: Opened,
    evaluated: Evaluated,
    found: Findings,
    waived: waive::Waived,
    secrets: Secrets,
    masker: Masker,
    /// What it was held against.
    since: Option<SinceNote>,
}

impl Looked {
    fn models(&self) -> impl Iterator<Item = &Model> {
        self.evaluated.models.iter().map(|(_, model)| model)
    }
}

/// Files to findings, without what the project waives.
fn look(opened: Opened, options: &ScanOptions) -> Result<Looked, ScanError> {
    look_with(opened, options, Environments::Dropped)
}

fn look_with(mut opened: Opened, options: &ScanOptions, kept: Environments) -> Result<Looked, ScanError> {
    let before = opened.project.before();
    let mut evaluated = evaluate(&opened, options, kept);
    if opened.project.leaves_out() {
        // Which files there is no room for must not hang on which thread came first.
        opened.project.begin_again(&before);
        evaluated = on_one_thread(|| evaluate(&opened, options, kept));
    }
    let evaluated = evaluated?;
    options.waiting.tell(Stage::Rules)?;
    let models = &evaluated.models;
    let limits = opened.config.limits(opened.environment);
    let judged = |target: Option<Arc<str>>, model| {
        let judgements = judge(model, &opened.catalogue, &limits);
        let open = opened.config.without_attested(judgements, model, options.today);
        Judged { model, target, judgements: weighed(open, &opened.config, options) }
    };
    let (runs, (secrets, masker)) = rayon::join(
        || models.par_iter().map(|(target, model)| judged(target.clone(), model)).collect::<Vec<Judged<'_>>>(),
        || {
            let secrets = known_secrets(models.iter().map(|(_, model)| model));
            let masker = Masker::new(&secrets.texts);
            (secrets, masker)
        },
    );
    // On a thread of the pool, whose stack most files can be parsed on: repairs look at code once more.
    let mut found = rayon::scope(|_| collect(&runs, &opened.project, &masker));
    let waived = waive::waive(&mut found, &opened, &evaluated.parsed, options);
    narrow::narrow(&mut found, &opened, options)?;
    Ok(Looked { evaluated, found, waived, secrets, masker, opened, since: None })
}

/// Does some work without others that would do parts of it at the same time.
fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// Scans a project. The report's ending is for the caller to judge.
pub fn scan(options: &ScanOptions) -> Result<Report, ScanError> {
    options.waiting.tell(Stage::Files)?;
    scanned(open(options)?, options)
}

/// Scans a project whose files are at hand, with these rules (id and text) beside the built-in ones.
pub fn scan_files(
    files: impl IntoIterator<Item = Given>,
    rules: impl IntoIterator<Item = (String, String)>,
    options: &ScanOptions,
) -> Result<Report, ScanError> {
    let mut opened = with_config(Project::of_files(files, crate::platforms::FILES), options)?;
    for (id, text) in rules {
        opened.catalogue.add(&id, text).map_err(|error| ScanError::Rule { id, message: error.message })?;
    }
    scanned(opened, options)
}

fn scanned(opened: Opened, options: &ScanOptions) -> Result<Report, ScanError> {
    report(held(opened, options)?, options)
}

/// What the rules say of a project, without what the baseline or the revision has.
fn held(opened: Opened, options: &ScanOptions) -> Result<Looked, ScanError> {
    held_with(opened, options, Environments::Dropped)
}

fn held_with(opened: Opened, options: &ScanOptions, kept: Environments) -> Result<Looked, ScanError> {
    let mut looked = look_with(opened, options, kept)?;
    baseline::hold_against(&mut looked, options)?;
    changed::hold_against(&mut looked, options)?;
    Ok(looked)
}

fn report(looked: Looked, options: &ScanOptions) -> Result<Report, ScanError> {
    let report = report_of(&looked, options)?;
    let_go(looked);
    Ok(report)
}

fn report_of(looked: &Looked, options: &ScanOptions) -> Result<Report, ScanError> {
    let Looked { opened, evaluated, found, waived, secrets, masker, since } = looked;
    let gate = gate::weakenings(opened, options, &waived.suppressed);
    let gate = gate::notes(&gate, opened, masker);
    options.waiting.tell(Stage::Report)?;
    let Opened { project, catalogue, config, .. } = opened;
    let entries = &evaluated.entries;
    let mut unread: Vec<Problem> = evaluated.problems.iter().chain(&waived.problems).cloned().collect();
    unread.extend(opened.refused());
    if let Some(file) = opened.config_file {
        unread.extend(config.idle_attestations(looked.models(), catalogue, file, options.today));
    }
    let quoting = unread.iter_mut().filter(|problem| quotes(problem));
    quoting.for_each(|problem| problem.message = masker.prose(&problem.message));
    let mut suppressed = waived.suppressed.clone();
    suppressed.iter_mut().for_each(|waived| waived.reason = masker.prose(&waived.reason));
    let attested = config.attested(options.today).map(attested_note);
    let attested = attested.map(|note| AttestedNote { words: masker.prose(&note.words), ..note }).collect();
    let limits = config.limits(opened.environment);
    let shown = shown_notes(looked.models(), catalogue, &limits, project);
    let report = Report {
        environment: profile_name(opened.environment).into(),
        apps: evaluated.apps.clone(),
        deployments: evaluated.deployments.clone(),
        attested,
        shown,
        problems: problems(&unread, project, |problem| problem.file.is_some_and(|file| entries.contains(&file))),
        rules: notes(found.all().chain(suppressed.iter().map(|waived| &waived.finding)), catalogue),
        suppressed,
        since: since.clone(),
        gate,
        policy: options.policy.as_ref().map(|policy| policy.path.to_string()),
        prefix: project.prefix(),
        root: project.root().to_owned(),
        settings: if options.with_settings { rows(&evaluated.models, project, masker) } else { Vec::new() },
        ..Report::default()
    };
    Ok(report.with_findings(found.clone(), project, masker, &secrets.places))
}

/// Whether a problem quotes what somebody wrote for prodcheck: a reason, the name of a rule.
fn quotes(problem: &Problem) -> bool {
    ["suppress/", "config/", "policy/"].iter().any(|kind| problem.id.starts_with(kind))
}

/// Frees what is not needed any more, beside the work that goes on; a program that ends does not wait for it.
fn let_go(used: impl Send + 'static) {
    rayon::spawn(move || drop(used));
}

/// What the rules of these findings say of themselves.
fn notes<'f>(found: impl Iterator<Item = &'f Finding>, catalogue: &Catalogue) -> BTreeMap<Arc<str>, RuleNote> {
    let ids: BTreeSet<&str> = found.map(|finding| &*finding.rule).collect();
    let rules = catalogue.rules_for(|id, _| ids.contains(id));
    rules.map(|rule| (rule.id.clone(), RuleNote::of(rule))).collect()
}

/// The items of the checklist that files show, each with the line that does.
fn shown_notes<'m>(
    models: impl Iterator<Item = &'m Model>,
    catalogue: &Catalogue,
    limits: &Limits,
    project: &Project,
) -> Vec<ShownNote> {
    let locator = Locator::new(project);
    let note = |model: &Model, shown: Shown| ShownNote {
        rule: shown.rule,
        app: model.apps[shown.app.0].id.clone(),
        place: shown.place.map(|(file, span)| locator.short(file, span)),
    };
    models
        .flat_map(|model| shown(model, catalogue, limits).into_iter().map(|one| note(model, one)).collect::<Vec<_>>())
        .collect()
}

fn attested_note(known: &Attestation) -> AttestedNote {
    AttestedNote { rule: known.rule.clone(), app: known.app.clone(), words: known.in_words() }
}

/// The settings of a project, as the rules would see them.
pub fn settings_of(options: &ScanOptions) -> Result<Vec<SettingRow>, ScanError> {
    let opened = open(options)?;
    let Evaluated { models, .. } = evaluate(&opened, options, Environments::Dropped)?;
    let secrets = known_secrets(models.iter().map(|(_, model)| model));
    Ok(rows(&models, &opened.project, &Masker::new(&secrets.texts)))
}

fn rows(models: &[evaluate::Targeted], project: &Project, masker: &Masker) -> Vec<SettingRow> {
    models.iter().flat_map(|(target, model)| setting_rows(model, target.as_ref(), project, masker)).collect()
}

fn profile_name(profile: Profile) -> &'static str {
    Profile::names().find(|name| Profile::named(name) == Some(profile)).expect("internal error: a profile has a name")
}

/// The judgements with the weights that the project gives, without those it has turned off.
pub(super) fn weighed<'r>(
    mut judgements: Vec<Judgement<'r>>,
    config: &Config,
    options: &ScanOptions,
) -> Vec<Judgement<'r>> {
    let level = |judgement: &Judgement<'_>| config.severities.get(&judgement.rule.id).map(|setting| setting.level);
    judgements.retain(|judgement| options.no_ignores || level(judgement) != Some(Level::Off));
    for judgement in &mut judgements {
        match level(judgement) {
            Some(Level::Blocking) => judgement.severity = Severity::Blocking,
            Some(Level::Warning) => judgement.severity = Severity::Warning,
            Some(Level::Off) | None => {}
        }
    }
    judgements
}

//! Opens a project with what it says of itself: `prodcheck.toml`, its own rules, the files with variables it names.

use super::{ScanError, ScanOptions};
use crate::config::{Config, ConfigError, FILE_NAME, Mistake, Policy, Refused, Unchecked, nearest};
use crate::facts;
use crate::platforms::FILES;
use crate::project::{Given, MAX_KEPT_BYTES, OpenError, Options, Problem, Project, upward};
use crate::rules::{Catalogue, Profile};
use crate::syntax::{FileId, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A project with what it says of itself.
pub(super) struct Opened {
    pub(super) project: Project,
    /// The built-in rules and the project's own.
    pub(super) catalogue: Catalogue,
    /// The built-in facts of libraries and the project's own.
    pub(super) libraries: facts::Catalogue,
    pub(super) config: Config,
    /// The project's `prodcheck.toml`.
    pub(super) config_file: Option<FileId>,
    pub(super) environment: Profile,
    /// The policy that holds, and what of `prodcheck.toml` does not count because of it.
    pub(super) policy: Policy,
    refused: Vec<Refused>,
    /// Some of its files have the texts of edits that are tried.
    pub(super) is_tried: bool,
}

impl Opened {
    /// What the policy does not let the project say.
    pub(super) fn refused(&self) -> Vec<Problem> {
        let problem = |refused: &Refused| {
            let problem = Problem::new(REFUSED, refused.message.clone());
            match self.config_file {
                Some(file) => problem.in_file(file).at(refused.span),
                None => problem,
            }
        };
        self.refused.iter().map(problem).collect()
    }
}

/// Something that the policy does not let a project say.
pub(super) const REFUSED: &str = "policy/refused";

/// Opens the project at a path.
pub(super) fn open(options: &ScanOptions) -> Result<Opened, ScanError> {
    open_with(options, Vec::new())
}

/// Opens the project at a path as if some files had another text.
pub(super) fn open_with(options: &ScanOptions, instead: Vec<Given>) -> Result<Opened, ScanError> {
    // What is tried comes on top of what an editor holds.
    let is_tried = !instead.is_empty();
    let tried = |path: &str| instead.iter().any(|given| given.path == path);
    let unsaved = options.unsaved.iter().filter(|given| !tried(&given.path)).cloned();
    let instead = unsaved.chain(instead.iter().cloned()).collect();
    let max_bytes = options.most_bytes.unwrap_or(MAX_KEPT_BYTES);
    let files = Options { instead, max_bytes, known: FILES, ..Options::default() };
    let opened = with_config(Project::open(&options.path, &files)?, options)?;
    Ok(Opened { is_tried, ..opened })
}

/// Reads what an opened project says of itself.
pub(super) fn with_config(mut project: Project, options: &ScanOptions) -> Result<Opened, ScanError> {
    let mut catalogue = Catalogue::builtin();
    let mut libraries = facts::Catalogue::builtin();
    let config_file = project.find(FILE_NAME);
    let mut config = match config_file {
        Some(file) => configured(&mut project, file, &mut catalogue, &mut libraries)?,
        None => Config::default(),
    };
    let policy = options.policy.as_ref().map(|file| file.read(&catalogue)).transpose().map_err(ScanError::Config)?;
    let policy = policy.unwrap_or_default();
    let refused = policy.lay_over(&mut config, &catalogue);
    for file in &options.env_files {
        project.add_env_file(file)?;
    }
    let environment = options.environment.or(config.environment).unwrap_or_default();
    Ok(Opened { project, catalogue, libraries, config, config_file, environment, policy, refused, is_tried: false })
}

/// A file that the user wrote for prodcheck.
pub(super) struct UserFile {
    pub(super) path: Arc<str>,
    pub(super) text: Arc<str>,
}

impl UserFile {
    pub(super) fn read(project: &Project, file: FileId) -> Result<UserFile, OpenError> {
        let path = project.file(file).path.clone();
        match project.text(file) {
            Ok(text) => Ok(UserFile { path, text: text.clone() }),
            Err(problem) => Err(OpenError { path: path.to_string(), why: problem.message.clone() }),
        }
    }

    pub(super) fn refuse(&self, mistakes: Vec<Mistake>) -> ScanError {
        ScanError::Config(ConfigError { path: self.path.clone(), text: self.text.clone(), mistakes })
    }
}

/// Reads `prodcheck.toml`, and takes in the files that it names.
fn configured(
    project: &mut Project,
    file: FileId,
    catalogue: &mut Catalogue,
    libraries: &mut facts::Catalogue,
) -> Result<Config, ScanError> {
    let file = UserFile::read(project, file)?;
    let unchecked = Unchecked::parse(&file.text).map_err(|mistake| file.refuse(vec![mistake]))?;
    if let Some((folder, span)) = unchecked.rules_folder().map_err(|mistake| file.refuse(vec![mistake]))?
        && add_rules(project, &folder, catalogue)? == 0
    {
        let folders = folders_of_rules(project);
        return Err(file.refuse(vec![Mistake::no_rules(span, nearest(&folder, folders.iter().map(|found| &**found)))]));
    }
    if let Some((folder, span)) = unchecked.facts_folder().map_err(|mistake| file.refuse(vec![mistake]))?
        && add_facts(project, &folder, libraries)? == 0
    {
        let folders = folders_of_rules(project);
        return Err(file.refuse(vec![Mistake::no_facts(span, nearest(&folder, folders.iter().map(|found| &**found)))]));
    }
    let config = unchecked.check(catalogue).map_err(|mistakes| file.refuse(mistakes))?;
    for (named, span) in &config.env_files {
        let added = project.add_env_file(&project.root().join(named));
        added.map_err(|error| file.refuse(vec![Mistake::unreadable(*span, &error.why)]))?;
    }
    Ok(config)
}

/// The folders of the project that can hold rules: those of files in the format of rules, and the folders around them.
fn folders_of_rules(project: &Project) -> BTreeSet<String> {
    let files = project.ids().map(|id| project.file(id)).filter(|file| file.path.ends_with(".toml"));
    files.flat_map(|file| upward(file.folder())).filter(|folder| !folder.is_empty()).map(str::to_owned).collect()
}

/// Adds the rules below a folder of the project, and says how many there are. A file is a rule whose id is its path in the folder.
fn add_rules(project: &Project, folder: &str, catalogue: &mut Catalogue) -> Result<usize, ScanError> {
    let mut count = 0;
    for file in project.ids() {
        let path = &project.file(file).path;
        let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        let Some(id) = inside.and_then(|rest| rest.strip_suffix(".toml")) else { continue };
        let file = UserFile::read(project, file)?;
        if catalogue.rule(id).is_some() {
            return Err(file.refuse(vec![Mistake::taken(Span::default(), id)]));
        }
        catalogue
            .add(id, file.text.to_string())
            .map_err(|error| file.refuse(vec![Mistake::at(error.span, &error.message)]))?;
        count += 1;
    }
    Ok(count)
}

/// Adds the facts below a folder of the project, and says how many files there are.
fn add_facts(project: &Project, folder: &str, libraries: &mut facts::Catalogue) -> Result<usize, ScanError> {
    let files = facts_in(project, folder)?;
    let texts: Vec<(String, String)> = files.iter().map(|(id, file)| (id.clone(), file.text.to_string())).collect();
    for ((_, file), added) in files.iter().zip(libraries.add_own(&texts)) {
        added.map_err(|error| file.refuse(vec![Mistake::at(error.span, &error.message)]))?;
    }
    Ok(files.len())
}

/// The files of facts below a folder of the project, each under its path in the folder without the ending.
pub(super) fn facts_in(project: &Project, folder: &str) -> Result<Vec<(String, UserFile)>, ScanError> {
    let mut files = Vec::new();
    for file in project.within(folder) {
        let path = &project.file(file).path;
        let inside = path[folder.len()..].trim_start_matches('/');
        let Some(id) = inside.strip_suffix(".toml").filter(|_| inside != FILE_NAME) else { continue };
        files.push((id.to_owned(), UserFile::read(project, file)?));
    }
    Ok(files)
}

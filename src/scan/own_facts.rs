//! Tests files of facts: the code of their cases is laid out as a project and read, and what it gives is compared.

use super::open::{facts_in, open};
use super::{ScanError, ScanOptions};
use crate::app::{self, Deployment, environments_of, recognise};
use crate::config::{ConfigError, FILE_NAME, Mistake};
use crate::documents::Documents;
use crate::facts::{Case, Catalogue, Library, differences};
use crate::frameworks::KNOWN_PACKAGES;
use crate::habits::shared;
use crate::platforms::FILES;
use crate::project::{Given, OpenError, Options, Project};
use crate::reading::found::Found;
use crate::rules::RuleError;
use crate::settings::Resource;
use crate::text::Text;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The facts of one library with what their cases showed.
#[derive(Clone, Debug)]
pub struct TestedFacts {
    /// The path of the file below the folder, without the ending.
    pub id: Arc<str>,
    /// How many cases it has.
    pub cases: usize,
    /// What is not as the file says; nothing where all is.
    pub failures: Option<ConfigError>,
}

/// The libraries that come with prodcheck, and those of the project at a path where it has its own.
pub fn facts_of(path: &Path) -> Result<Catalogue, ScanError> {
    if Project::root_of(path).is_ok_and(|root| root.join(FILE_NAME).exists()) {
        return Ok(open(&ScanOptions { path: path.into(), ..ScanOptions::default() })?.libraries);
    }
    Ok(Catalogue::builtin())
}

/// The folder of own facts that the project at a path names, where it names one.
pub fn facts_folder_of(path: &Path) -> Result<Option<PathBuf>, ScanError> {
    let root = Project::root_of(path)?;
    if !root.join(FILE_NAME).exists() {
        return Ok(None);
    }
    let opened = open(&ScanOptions { path: path.into(), ..ScanOptions::default() })?;
    Ok(opened.config.facts_folder.map(|folder| root.join(folder)))
}

/// Runs the cases of the facts below a folder, in the order of their paths; a file that cannot be read as facts is one
/// that failed. Those that are `built_in` take the place of the ones with their names that come with prodcheck.
pub fn test_facts_in(folder: &Path, built_in: bool) -> Result<Vec<TestedFacts>, ScanError> {
    if !folder.is_dir() {
        let why = if folder.exists() { "it is no folder" } else { "it does not exist" };
        return Err(OpenError { path: folder.display().to_string(), why: why.into() }.into());
    }
    let project = Project::open(folder, &Options { known: FILES, ..Options::default() })?;
    let files = facts_in(&project, project.selection())?;
    let texts: Vec<(String, String)> = files.iter().map(|(id, file)| (id.clone(), file.text.to_string())).collect();
    let mut libraries = Catalogue::builtin();
    let read = if built_in { libraries.add_all(&texts) } else { libraries.add_own(&texts) };
    let paths = files.iter().map(|(_, file)| file.path.clone());
    Ok(tested(&texts, paths.collect(), &read, &libraries))
}

/// Runs the cases of facts by their paths without the ending, in place of those that come with prodcheck.
pub fn test_facts(files: &[(String, String)]) -> Vec<TestedFacts> {
    let mut libraries = Catalogue::builtin();
    let read = libraries.add_all(files);
    let paths = files.iter().map(|(id, _)| format!("{id}.toml").into());
    tested(files, paths.collect(), &read, &libraries)
}

fn tested(
    files: &[(String, String)],
    paths: Vec<Arc<str>>,
    read: &[Result<(), RuleError>],
    libraries: &Catalogue,
) -> Vec<TestedFacts> {
    let one = |(index, path): (usize, Arc<str>)| {
        let (id, text) = &files[index];
        let cases = read[index].clone().and_then(|()| libraries.cases(id, text));
        let (cases, mistakes) = match cases {
            Ok((library, cases)) => {
                (cases.len(), cases.iter().flat_map(|case| run(library, case, libraries)).collect())
            }
            Err(error) => (0, vec![Mistake::at(error.span, &error.message)]),
        };
        let failures = ConfigError { path, text: text.as_str().into(), mistakes };
        TestedFacts {
            id: id.as_str().into(),
            cases,
            failures: Some(failures).filter(|failures| !failures.mistakes.is_empty()),
        }
    };
    paths.into_iter().enumerate().map(one).collect()
}

/// What is not so with a case.
fn run(library: &Library, case: &Case, libraries: &Catalogue) -> Vec<Mistake> {
    let resources = given_by(library, case, libraries);
    differences(case, &resources).into_iter().map(|found| Mistake::at(found.span, &found.message)).collect()
}

/// What the code of a case gives.
fn given_by(library: &Library, case: &Case, libraries: &Catalogue) -> Vec<Resource> {
    let version = case.version.map_or_else(|| library.newest(), str::to_owned);
    let manifest = match library.id.starts_with("pypi/") {
        true => ("requirements.txt", format!("{}=={version}\n", library.name)),
        false => {
            ("package.json", format!(r#"{{"private": true, "dependencies": {{"{}": "{version}"}}}}"#, library.name))
        }
    };
    let code = case.files.iter().map(|(path, text)| (*path, (*text).to_owned()));
    let files = code.chain([manifest]).map(|(path, text)| Given::new(path, &text));
    let project = Project::of_files(files, FILES);
    let documents = Documents::new(&project, KNOWN_PACKAGES.iter().copied()).knowing(libraries.known_modules());
    let process: BTreeMap<String, Text> =
        case.env.iter().map(|(name, value)| ((*name).to_owned(), Text::new(*value))).collect();
    let deployment = Deployment {
        name: "production",
        process: Some(&process).filter(|process| !process.is_empty()),
        ..Deployment::default()
    };
    let found = recognise(&documents, libraries).into_iter().next();
    let found = found.unwrap_or_else(|| Found::of_folder(&documents, "", "", None));
    let shared = shared(&documents);
    let environments = environments_of(&found, &documents, &deployment);
    let Some(environment) = environments.first() else { return Vec::new() };
    app::read_libraries(&found, &documents, environment, &shared, libraries)
}

//! Tests files of facts: the code of their cases is laid out as a project and read, and what it gives is compared.

use crate::app::{self, Deployment, environments_of, recognise};
use crate::config::{ConfigError, Mistake};
use crate::documents::Documents;
use crate::facts::{Case, Catalogue, Library, differences};
use crate::frameworks::KNOWN_PACKAGES;
use crate::habits::shared;
use crate::platforms::FILES;
use crate::project::{Given, Project};
use crate::reading::found::Found;
use crate::rules::RuleError;
use crate::settings::Resource;
use crate::text::Text;
use std::collections::BTreeMap;
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

/// Reads some files of facts, by their paths below the folder without the ending, and runs their cases, in the order given.
pub fn test_facts(files: &[(String, String)]) -> Vec<TestedFacts> {
    let mut libraries = Catalogue::builtin();
    // Whoever is like another one may stand before it.
    let mut read: Vec<Result<(), RuleError>> = Vec::new();
    for _ in 0..2 {
        read = files.iter().map(|(id, text)| libraries.add(id, text).map(drop)).collect();
    }
    let tested = |((id, text), read): (&(String, String), &Result<(), RuleError>)| {
        let cases = read.clone().and_then(|()| libraries.cases(id));
        let (cases, mistakes) = match cases {
            Ok((library, cases)) => {
                (cases.len(), cases.iter().flat_map(|case| run(library, case, &libraries)).collect())
            }
            Err(error) => (0, vec![Mistake::at(error.span, &error.message)]),
        };
        let failures = ConfigError { path: format!("{id}.toml").into(), text: text.as_str().into(), mistakes };
        TestedFacts {
            id: id.as_str().into(),
            cases,
            failures: Some(failures).filter(|failures| !failures.mistakes.is_empty()),
        }
    };
    files.iter().zip(&read).map(tested).collect()
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
    let documents = Documents::new(&project, KNOWN_PACKAGES);
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

//! The env files that a package's scripts name on the command line.

use super::detect::is_for_development;
use crate::project::{Project, inside, normalized};
use crate::syntax::FileId;
use crate::syntax::data::Dialect;

/// Words that are followed by the path of an env file, and who reads it.
const OPTIONS: &[(&str, &str, Dialect)] = &[
    // (what the line holds, the option, the dialect); the first that fits counts
    ("uvicorn", "--env-file", Dialect::Python),
    ("flask", "--env-file", Dialect::Python),
    ("docker", "--env-file", Dialect::DockerRun),
    ("bun", "--env-file", Dialect::NodeExpand),
    ("deno", "--env-file", Dialect::Node),
    ("", "--env-file-if-exists", Dialect::NodeParseEnv),
    ("", "--env-file", Dialect::NodeParseEnv),
    ("dotenv", "-e", Dialect::NodeExpand),
    ("env-cmd", "-f", Dialect::Node),
    ("dotenvx", "-f", Dialect::NodeExpand),
];

/// The env files that the scripts of the app's package read in production, in the order they are named.
pub(super) fn env_files(project: &Project, app_dir: &str) -> Vec<(FileId, Dialect)> {
    let mut found: Vec<(FileId, Dialect)> = Vec::new();
    let Some(package) = project.package_above(app_dir, None).map(|id| project.package(id)) else { return found };
    for script in package.scripts.iter().filter(|script| !is_for_development(&script.name)) {
        let mut named: Vec<(String, Dialect)> = Vec::new();
        script.command.test(|line| {
            named = named_files(line);
            true
        });
        for (path, dialect) in named {
            let Some(id) = normalized(&inside(&package.dir, &path)).and_then(|path| project.find(&path)) else {
                continue;
            };
            if !found.iter().any(|(known, _)| *known == id) {
                found.push((id, dialect));
            }
        }
    }
    found
}

fn named_files(line: &str) -> Vec<(String, Dialect)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let fits = OPTIONS.iter().find_map(|(tool, option, dialect)| {
            let rest = word.strip_prefix(option)?;
            let path = match rest.strip_prefix('=') {
                Some(path) => path,
                None if rest.is_empty() => *words.get(index + 1)?,
                None => return None,
            };
            (line.contains(tool)).then_some((path, *dialect))
        });
        if let Some((path, dialect)) = fits {
            found.push((path.trim_matches(['"', '\'']).to_owned(), dialect));
        }
    }
    found
}

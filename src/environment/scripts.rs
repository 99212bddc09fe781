//! What a package's scripts say of variables: the env files they name, the assignments in front of a command.

use crate::environment::detect::is_for_development;
use crate::environment::layer::{Layer, Role, Weight, set};
use crate::eval::Place;
use crate::project::{Ecosystem, Project, inside, normalized};
use crate::syntax::data::Dialect;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use std::sync::Arc;

/// The scripts that start an app in production, the most telling name first.
const STARTS: [&str; 5] = ["start:production", "start:prod", "production", "prod", "start"];

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
pub(crate) fn env_files(project: &Project, app_dir: &str) -> Vec<(FileId, Dialect)> {
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

/// The script by which the app's own package starts it in production, and where it stands.
pub(crate) fn start_line(project: &Project, app_dir: &str) -> Option<(Text, FileId, Span)> {
    let package = project.package(project.package_above(app_dir, Some(Ecosystem::Npm))?);
    let script = STARTS.iter().find_map(|name| package.script(name)).filter(|_| &*package.dir == app_dir)?;
    Some((script.command.clone(), package.file, script.span))
}

/// The assignments of the script that starts the app, if there are any.
pub(crate) fn started(project: &Project, app_dir: &str) -> Option<(FileId, Layer)> {
    let package = project.package(project.package_above(app_dir, Some(Ecosystem::Npm))?);
    let script = STARTS.iter().find_map(|name| package.script(name))?;
    // Behind an escape the places in the file are not those in the text.
    let escaped = (script.span.end - script.span.start) as usize != script.command.len() + 2;
    if escaped || &*package.dir != app_dir {
        return None;
    }
    let mut layer = assignments(&script.command, package.file, script.span.start + 1, Role::Loaded);
    layer.of_start_script = true;
    (!layer.entries.is_empty()).then_some((package.file, layer))
}

/// `NODE_ENV=production node server.js`: the assignments in front of a command that stands in a file from `start` on.
fn assignments(line: &Text, file: FileId, start: u32, role: Role) -> Layer {
    let mut layer = Layer::new(role, Weight::Certain);
    let mut at = start;
    for word in line.split(" ") {
        let length = u32::try_from(word.len()).unwrap_or(0);
        let here = at;
        at += length + 1;
        if word.is_empty() || word.one_of(&["env", "cross-env", "npx", "bunx"]).is_some() {
            continue;
        }
        let Some((name, value)) = assignment(&word) else { break };
        let name_end = here + u32::try_from(name.len()).unwrap_or(0);
        let value = set(&value, &name, Place::File(file, Span::new(name_end + 1, here + length)));
        layer.add(name, file, Span::new(here, name_end), value);
    }
    layer
}

/// `NAME=value`, the value without quotes and references.
fn assignment(word: &Text) -> Option<(Arc<str>, Text)> {
    let (name, value) = word.split_once("=")?;
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_plain = |value: &str| !value.contains(['$', '"', '\'', '`']);
    (name.test(is_name) && value.test(is_plain)).then(|| (name.as_name(), value))
}

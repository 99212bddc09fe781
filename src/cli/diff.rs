//! `prodcheck diff`: what differs between two environments, targets or revisions of one project.

use super::arguments::Diff;
use super::output::Output;
use super::{Done, Failure};
use crate::report::{Ending, Style};
use crate::rules::Profile;
use crate::{ScanOptions, Side};
use std::path::PathBuf;

/// Prints the difference. That there is one is no failure.
pub(super) fn run(arguments: &Diff) -> Done {
    let (left, right) = sides(arguments)?;
    let difference = crate::diff(&left, &right)?;
    let output = Output::new(None, arguments.color);
    let style = Style { colour: output.colour(), width: output.width(), ..Style::default() };
    if difference.apps.is_empty() {
        super::output::message("nothing was compared: no supported project was found");
        return Ok(Ending::NothingChecked);
    }
    output.write(&difference.render(arguments.format, style))?;
    Ok(Ending::Clean)
}

/// The two sides that the arguments name.
fn sides(arguments: &Diff) -> Result<(Side, Side), Failure> {
    let (revisions, path) = revisions(arguments)?;
    let pair = |values: usize, what: &str| match values {
        0..=2 => Ok(values == 2),
        _ => Err(wrong(&format!("{what} can be given twice: left and right"))),
    };
    let environments = pair(arguments.environment.len(), "--environment")?;
    let targets = pair(arguments.target.len(), "--target")?;
    let files = !arguments.left_env_file.is_empty() || !arguments.right_env_file.is_empty();
    if !(environments || targets || files || revisions.is_some()) {
        return Err(wrong("name two sides to compare"));
    }
    let side = |right: bool| {
        let at = |count: usize| if right { count.saturating_sub(1) } else { 0 };
        let environment: Option<Profile> = arguments.environment.get(at(arguments.environment.len())).copied();
        let target = arguments.target.get(at(arguments.target.len())).cloned();
        let own = if right { &arguments.right_env_file } else { &arguments.left_env_file };
        let revision = revisions.as_ref().map(|(from, to)| if right { to } else { from });
        let mut names: Vec<String> = Vec::new();
        names.extend(revision.map(|name| if name.is_empty() { "the files as they are".into() } else { name.clone() }));
        let named = environment.filter(|_| environments);
        names.extend(
            named
                .and_then(|profile| Profile::names().find(|name| Profile::named(name) == Some(profile)))
                .map(str::to_owned),
        );
        names.extend(target.clone().filter(|_| targets));
        names.extend(own.iter().map(|file| file.display().to_string()));
        let options = ScanOptions {
            path: path.clone(),
            environment,
            env_files: arguments.env_file.iter().chain(own).cloned().collect(),
            process_environment: arguments.from_env.then(super::output::process_environment),
            target,
            today: Some(super::output::today()),
            ..ScanOptions::default()
        };
        let revision = revision.filter(|name| !name.is_empty()).cloned();
        Side { name: names.join(", "), options, revision }
    };
    Ok((side(false), side(true)))
}

type Revisions = Option<(String, String)>;

/// The two revisions, and the path: `main..HEAD apps/api`, in either order.
fn revisions(arguments: &Diff) -> Result<(Revisions, PathBuf), Failure> {
    let mut found = None;
    let mut path = None;
    for word in &arguments.what {
        match range(word) {
            Some(range) if found.is_none() => found = Some(range),
            None if path.is_none() => path = Some(PathBuf::from(word)),
            _ => return Err(wrong(&format!("`{word}` is one too many: give one range of revisions and one path"))),
        }
    }
    Ok((found, path.unwrap_or_else(|| ".".into())))
}

/// `REV..REV`; `REV..` is up to the files as they are. A path such as `../api` is none.
fn range(word: &str) -> Option<(String, String)> {
    let (from, to) = word.split_once("..")?;
    let is_path = from.is_empty() || from.ends_with('/') || to.starts_with(['/', '.']);
    (!is_path).then(|| (from.to_owned(), to.to_owned()))
}

fn wrong(message: &str) -> Failure {
    let help = "as in `prodcheck diff --environment staging --environment production`, `prodcheck diff main..HEAD`, \
                `prodcheck diff --left-env-file staging.env --right-env-file production.env`";
    Failure { message: message.to_owned(), help: Some(help.to_owned()), ..Failure::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_revisions_is_no_path() {
        let two = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(range("main..HEAD"), two("main", "HEAD"));
        assert_eq!(range("v1.."), two("v1", ""));
        assert_eq!(range("feature/x..main"), two("feature/x", "main"));
        for path in ["../api", "apps/../api", "..", "apps/api", "."] {
            assert_eq!(range(path), None, "{path}");
        }
    }
}

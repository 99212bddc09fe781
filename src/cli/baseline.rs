//! `prodcheck baseline`, and the reading of `--baseline`.

use super::arguments::BaselineFile;
use super::destination::{Over, check};
use super::output;
use super::{Done, Failure};
use crate::baseline::{Baseline, Salt};
use crate::report::Ending;
use std::fs;
use std::path::Path;

/// Writes the baseline of a project.
pub(super) fn run(arguments: &BaselineFile) -> Done {
    let path = &arguments.output_file;
    check(path, Over::Checked).map_err(|error| failure(path, &format!("cannot be written: {error}"), None))?;
    let salt = if path.exists() { read(path)?.salt() } else { None };
    let salt = salt.map_or_else(fresh_salt, Ok)?;
    let baseline = crate::baseline(&arguments.source.options(), salt)?;
    fs::write(path, baseline.text()).map_err(|error| failure(path, &format!("cannot be written: {error}"), None))?;
    output::message(&format!("wrote {} findings to {}", baseline.len(), path.display()));
    let name = path.display();
    output::message(&format!(
        "next: commit it, and scan with `--baseline {name}`, or write `baseline = \"{name}\"` into prodcheck.toml"
    ));
    Ok(Ending::Clean)
}

/// Reads a baseline that the user names.
pub(super) fn read(path: &Path) -> Result<Baseline, Failure> {
    let help = "write one with `prodcheck baseline -o FILE`";
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| failure(path, &format!("cannot be read: {error}"), Some(help)))?;
    Baseline::parse(&text).map_err(|why| failure(path, &format!("cannot be used: {why}"), Some(help)))
}

fn failure(path: &Path, why: &str, help: Option<&str>) -> Failure {
    let message = format!("the baseline `{}` {why}", path.display());
    Failure { message, help: help.map(str::to_owned), ..Failure::default() }
}

fn fresh_salt() -> Result<Salt, Failure> {
    let mut salt = Salt::default();
    let failed = |_| Failure { message: "the system gives no random bytes".into(), ..Failure::default() };
    getrandom::fill(&mut salt).map_err(failed)?;
    Ok(salt)
}

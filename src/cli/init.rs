//! `prodcheck init`: the first `prodcheck.toml` of a project.

mod starter;

use super::arguments::Init;
use super::{Done, Failure, output};
use crate::ScanOptions;
use crate::config::FILE_NAME;
use crate::project::Project;
use crate::report::Ending;
use std::fs;
use std::io::{self, ErrorKind, Write};

/// Writes the file, never over one that is there.
pub(super) fn run(arguments: &Init) -> Done {
    let failed =
        |why: String, help: Option<&str>| Failure { message: why, help: help.map(str::to_owned), ..Failure::default() };
    let root = Project::root_of(&arguments.path).map_err(|error| failed(error.to_string(), None))?;
    let path = root.join(FILE_NAME);
    let exists = || {
        failed(
            format!("`{}` exists already; nothing was written", path.display()),
            Some("edit it, or move it away first"),
        )
    };
    if path.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let options = ScanOptions { path: root.clone(), today: Some(output::today()), ..ScanOptions::default() };
    let text = starter::text(&crate::scan(&options)?);
    let written = fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error: io::Error| match error.kind() {
        ErrorKind::AlreadyExists => exists(),
        _ => failed(format!("cannot write `{}`: {error}", path.display()), None),
    })?;
    output::message(&format!(
        "wrote {}; all of it is commented out: uncomment what you need, and `prodcheck scan` checks it",
        path.display()
    ));
    Ok(Ending::Clean)
}

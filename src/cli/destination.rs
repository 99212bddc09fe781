//! Where a result may be written: what lies in a project is no link, no pipe, and nothing but an earlier result.

use crate::project::root_of;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

/// So much of a file shows what wrote it.
const BEGINNING: u64 = 4096;

/// Endings of files that people write into by hand or with other tools all the time: reports are appended there by nobody.
const PLAIN: &[&str] = &["txt", "log", "out"];

/// What a file that is there may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// An earlier result, or nothing.
    Result,
    /// Whatever its reader accepts, who looks at it first.
    Checked,
}

/// Refuses a path that leads elsewhere than the user said, or to something that is not a result.
pub(super) fn check(path: &Path, over: Over) -> io::Result<()> {
    let whole = absolute(path)?;
    let project = root_of(Path::new("."))?;
    let is_of_project = |path: &Path| {
        path.starts_with(&project)
            || path.ancestors().skip(1).any(|folder| folder.join(".git").symlink_metadata().is_ok())
    };
    let mut so_far = PathBuf::new();
    for component in whole.components() {
        so_far.push(component);
        let is_link = so_far.symlink_metadata().is_ok_and(|found| found.is_symlink());
        if is_link && is_of_project(&so_far) {
            return Err(refused(format!(
                "`{}` is a link of the project: nothing is written through it",
                so_far.display()
            )));
        }
    }
    let Ok(found) = whole.symlink_metadata() else { return Ok(()) };
    if !is_of_project(&whole) {
        return Ok(());
    }
    if !found.is_file() {
        return Err(refused("it is no file".to_owned()));
    }
    if over == Over::Result && found.len() > 0 && !is_result(&whole)? {
        return Err(refused("it holds something else than a report: remove it first, or name another file".to_owned()));
    }
    Ok(())
}

fn refused(why: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why)
}

/// The path from the root on, `.` and `..` taken out as they are written: a link on the way is still to be seen.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    let mut whole = fs::canonicalize(".")?;
    for component in path.components() {
        match component {
            Component::Prefix(_) | Component::RootDir => whole.push(component),
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            Component::Normal(part) => whole.push(part),
        }
    }
    Ok(whole)
}

/// Whether a file is what prodcheck wrote before, as its beginning tells.
fn is_result(path: &Path) -> io::Result<bool> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if PLAIN.contains(&ending) {
        return Ok(true);
    }
    let mut beginning = Vec::new();
    File::open(path)?.take(BEGINNING).read_to_end(&mut beginning)?;
    let text = String::from_utf8_lossy(&beginning);
    let reports = ["json", "jsonl", "sarif", "xml", "html", "md"].contains(&ending);
    // A code quality report is a list, which may be empty; a checklist names the items of the catalogue.
    let is_list = ending == "json" && text.trim_start().starts_with('[');
    Ok(reports && (is_list || text.contains("prodcheck") || text.contains("checklist/")) && !is_manifest(path))
}

/// Files of projects that may speak of prodcheck and are none of its results.
fn is_manifest(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    matches!(
        name,
        "package.json" | "package-lock.json" | "README.md" | "CHANGELOG.md" | "CONTRIBUTING.md" | "tsconfig.json"
    )
}

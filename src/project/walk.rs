//! Walks the folder once and lists its files, without entering what is installed or built.

use super::Options;
use super::file::{File, folder_of, inside, lies_in, relative, upward};
use super::files_of::Known;
use super::git::{Git, Nested};
use super::kind::FileKind;
use super::problem::{Problem, id};
use super::read::why;
use rayon::prelude::*;
use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// Folders that hold what was installed, built or cached, whoever made them.
const NEVER_ENTERED: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".jj",
    "node_modules",
    "bower_components",
    "jspm_packages",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".astro",
    ".angular",
    ".docusaurus",
    ".turbo",
    ".nx",
    ".cache",
    ".parcel-cache",
    ".vite",
    ".vercel",
    ".netlify",
    ".wrangler",
    ".serverless",
    ".yarn",
    ".pnpm-store",
    ".nyc_output",
    ".gradle",
    ".terraform",
    "__pycache__",
    "__pypackages__",
    "site-packages",
    ".venv",
    ".tox",
    ".nox",
    ".eggs",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".ipynb_checkpoints",
];

/// Folders that hold build outputs as a rule, and source code now and then: entered when git tracks a file in them.
const ENTERED_WHEN_TRACKED: &[&str] = &["dist", "build", "out", "target", "coverage", "htmlcov", "venv", "virtualenv"];

/// Whether folders of this name are entered only when git tracks something in them, or never.
pub(crate) fn is_skipped(name: &str) -> bool {
    NEVER_ENTERED.contains(&name) || ENTERED_WHEN_TRACKED.contains(&name)
}

/// What the walk found.
pub(super) struct Walked {
    /// The files, in no particular order.
    pub(super) files: Vec<File>,
    /// Whether the root itself could be listed.
    pub(super) root_error: Option<String>,
}

/// Lists the files below `root`, which is canonical. Nested repositories are added to `git`. What the user named as
/// the `selection` is entered whatever it is called.
///
/// Folders of one depth are listed side by side; what is entered is decided in order, so that the outcome is the same
/// for any number of threads.
pub(super) fn walk(
    root: &Path,
    selection: &str,
    options: &Options,
    git: &mut Git,
    problems: &mut Vec<Problem>,
) -> Walked {
    let (max_files, known) = (options.max_files, options.known);
    let mut walked = Walked { files: Vec::new(), root_error: None };
    let mut level = vec![root.to_path_buf()];
    while !level.is_empty() {
        let listings: Vec<Listing> = level.par_iter().map(|folder| list(root, folder, known)).collect();
        level.clear();
        for listing in listings {
            if listing.folder.is_empty() && listing.refused.is_some() {
                walked.root_error = listing.refused;
                return walked;
            }
            if !is_entered(root, selection, &listing, git, problems) {
                continue;
            }
            problems.extend(listing.problems);
            walked.files.extend(listing.files);
            if walked.files.len() > max_files {
                walked.files.truncate(max_files);
                let message = format!("the folder holds more than {max_files} files; the rest is not looked at");
                problems.push(Problem::new(id::TOO_MANY_FILES, message));
                return walked;
            }
            for folder in listing.folders {
                let path = relative(root, &folder);
                if makes_projects(&path) && !lies_in(selection, &path) {
                    let message = format!("`{path}` is a template that projects are made of: its files are not read");
                    problems.push(Problem::new(id::NOT_JUDGED, message));
                } else if may_be_entered(root, selection, &folder, git) {
                    level.push(folder);
                }
            }
        }
    }
    walked
}

/// What lies in one folder.
struct Listing {
    /// Relative to the root.
    folder: String,
    files: Vec<File>,
    folders: Vec<PathBuf>,
    problems: Vec<Problem>,
    /// Why it could not be listed.
    refused: Option<String>,
    /// It is the top of a work tree of git.
    has_git: bool,
    /// It is a virtual environment of Python: all have one file, whatever they are called.
    has_python: bool,
}

fn list(root: &Path, path: &Path, known: Known) -> Listing {
    let mut listing = Listing {
        folder: relative(root, path),
        files: Vec::new(),
        folders: Vec::new(),
        problems: Vec::new(),
        refused: None,
        has_git: false,
        has_python: false,
    };
    // `walkdir` would open each folder a second time, to go on in it.
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            listing.problems.push(unreadable(&listing.folder, &error));
            listing.refused = Some(why(&error));
            return listing;
        }
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                listing.problems.push(unreadable(&listing.folder, &error));
                break;
            }
        };
        let name = entry.file_name();
        match entry.file_type() {
            _ if name == ".git" => listing.has_git = true,
            Ok(file_type) if file_type.is_dir() => listing.folders.push(entry.path()),
            Ok(file_type) => {
                listing.has_python |= name == "pyvenv.cfg";
                let path = inside(&listing.folder, &name.to_string_lossy());
                listing.files.extend(file_of(root, &entry, file_type, path, known, &mut listing.problems));
            }
            Err(error) => {
                let path = inside(&listing.folder, &name.to_string_lossy());
                listing.problems.push(unreadable(&path, &error));
            }
        }
    }
    listing
}

/// Whether the name of a folder is filled in when a project is made of it: `{{cookiecutter.project_slug}}`.
fn makes_projects(folder: &str) -> bool {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    (name.contains("{{") && name.contains("}}")) || (name.contains("{%") && name.contains("%}"))
}

/// Whether a folder is worth listing, told by its name.
fn may_be_entered(root: &Path, selection: &str, path: &Path, git: &Git) -> bool {
    let folder = relative(root, path);
    let name = folder.rsplit('/').next().unwrap_or(&folder);
    lies_in(selection, &folder)
        || (!NEVER_ENTERED.contains(&name)
            && (!ENTERED_WHEN_TRACKED.contains(&name) || git.tracks_something_in(&folder)))
}

/// Whether the project goes on in a folder, told by what lies in it.
fn is_entered(root: &Path, selection: &str, listing: &Listing, git: &mut Git, problems: &mut Vec<Problem>) -> bool {
    let folder = &listing.folder;
    if folder.is_empty() {
        return true;
    }
    let nested = if listing.has_git { git.enter(&root.join(folder), folder, problems) } else { Nested::No };
    lies_in(selection, folder) || (!listing.has_python && nested != Nested::Checkout)
}

/// Whether a file lies in a folder that is never entered; what holds the selection is entered whatever it is called.
pub(super) fn is_never_entered(path: &str, selection: &str) -> bool {
    upward(folder_of(path)).any(|folder| {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        NEVER_ENTERED.contains(&name) && !lies_in(selection, folder)
    })
}

/// The file that an entry stands for, if it is one that can be read.
fn file_of(
    root: &Path,
    entry: &DirEntry,
    file_type: FileType,
    path: String,
    known: Known,
    problems: &mut Vec<Problem>,
) -> Option<File> {
    let mut file = if file_type.is_symlink() {
        linked_file(root, &entry.path(), &path, known, problems)?
    } else if file_type.is_file() {
        File::new(path, known)
    } else {
        if !file_type.is_dir() && matters(&path, known) {
            let message = format!("`{path}` cannot be read: it is not a regular file");
            problems.push(Problem::new(id::UNREADABLE, message));
        }
        return None;
    };
    // Bytes that are not Unicode were replaced.
    if file.disk.is_none() && file.path.contains(char::REPLACEMENT_CHARACTER) {
        file.disk = Some(entry.path().into());
    }
    Some(file)
}

/// The file behind a symbolic link, as long as it lies in the project.
fn linked_file(root: &Path, link: &Path, path: &str, known: Known, problems: &mut Vec<Problem>) -> Option<File> {
    let complain = |problems: &mut Vec<Problem>, id, message: String| {
        if matters(path, known) {
            problems.push(Problem::new(id, message));
        }
        None
    };
    let target = match fs::canonicalize(link) {
        Ok(target) => target,
        Err(error) => {
            return complain(
                problems,
                id::UNREADABLE,
                format!("the link `{path}` cannot be followed: {}", why(&error)),
            );
        }
    };
    let metadata = fs::metadata(&target).ok()?;
    if metadata.is_dir() {
        return None;
    }
    let inner = target.strip_prefix(root).ok().filter(|inner| !inner.components().any(|c| c.as_os_str() == ".git"));
    if inner.is_none() {
        let message = format!("the link `{path}` leads out of the project, so it is not read");
        return complain(problems, id::OUTSIDE_ROOT, message);
    }
    if !metadata.is_file() {
        return complain(problems, id::UNREADABLE, format!("`{path}` cannot be read: it is not a regular file"));
    }
    let mut file = File::new(path, known);
    file.link_to = Some(relative(root, &target).into());
    // What is opened is no link: one that is put there later is not followed.
    file.disk = Some(target.into());
    Some(file)
}

/// Whether anybody could miss the file.
fn matters(path: &str, known: Known) -> bool {
    FileKind::of(path, known) != FileKind::Other
}

fn unreadable(path: &str, error: &io::Error) -> Problem {
    Problem::new(id::UNREADABLE, format!("`{path}` cannot be read: {}", why(error)))
}

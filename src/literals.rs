//! Secrets that stand as literals in the project's files, whatever the files are for: looked for once a scan.
//!
//! Which files are read is decided by their names and then by their bytes; none is parsed.

use crate::project::aside::{disclaims_production, is_description, is_for_developers, is_made_up};
use crate::project::{FileKind, GitState, Manifest, Project, SourceKind};
use crate::secrets::{Literal, Sign, literals, may_hold_literals};
use crate::syntax::FileId;
use crate::text::Text;
use rayon::prelude::*;

/// A file with literals that are secrets, or with commands that can have some.
#[derive(Clone, Debug)]
pub struct FileLiterals {
    /// The file.
    pub file: FileId,
    /// Its literals, in order.
    pub literals: Vec<Literal>,
    /// It is a script of commands.
    pub script: bool,
}

/// Files larger than this are data or generated.
const LARGEST: usize = 512 * 1024;

/// The files that can hold a secret which somebody wrote, by their names, in order.
pub fn candidates(project: &Project) -> Vec<FileId> {
    let ids: Vec<FileId> = project.ids().collect();
    ids.into_par_iter().filter(|id| is_candidate(project, *id)).collect()
}

/// The literals of a file that are secrets; none where it has none and is no script.
pub fn look(project: &Project, file: FileId) -> Option<FileLiterals> {
    let script = is_script(project.file(file).name());
    let bare = !matches!(project.file(file).kind, FileKind::Source(_) | FileKind::Json);
    // What a developer runs, and what shows how an interface is used, has keys of its own: only what a provider issued
    // opens something.
    let path = &project.file(file).path;
    let issued_alone = is_for_developers(path) || is_description(path);
    let setting = project.file(file).kind == FileKind::Other && !script;
    let mut found = None;
    project.search(file, &mut |text| {
        if text.len() <= LARGEST {
            let issued_alone = issued_alone || bare && disclaims_production(text);
            let mut literals = literals(text, bare);
            literals.retain(|literal| match &literal.sign {
                Sign::Token(_) => true,
                Sign::Address => !issued_alone,
                Sign::Named(name) => {
                    let shown = bare && (is_shown(text, literal.range.start) || repeats_id(text, name, &literal.value));
                    !(issued_alone || shown || setting && is_of_any_product(name))
                }
            });
            let script = script && !issued_alone;
            let telling = !literals.is_empty() || (script && may_hold_literals(text));
            found = telling.then_some(FileLiterals { file, literals, script });
        }
    });
    found
}

/// Whether a place lies in a block of code that a text shows, between two fences: what is set there is an example.
fn is_shown(text: &str, at: usize) -> bool {
    let above = text.get(..at).unwrap_or_default();
    above.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1
}

/// Whether the secret of a client is the same stand-in as its id, beside it: nobody has set that provider up.
fn repeats_id(text: &str, name: &str, value: &Text) -> bool {
    let Some(stem) = name.strip_suffix("CLIENT_SECRET") else { return false };
    value.test(|value| {
        ["", "'", "\""].iter().any(|quote| {
            let line = format!("{stem}CLIENT_ID={quote}{value}{quote}");
            text.lines().any(|own| own.trim() == line)
        })
    })
}

/// Settings of products that nobody deploys here are in files of any ending, and what they call a key is often a public
/// one: `encryption_key` of rspamd.
fn is_of_any_product(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with("key") && !["secret", "private", "api", "access", "token"].iter().any(|word| lower.contains(word))
}

/// Whether the name of a file says that it can hold a secret that somebody wrote and that is in git, or will be.
fn is_candidate(project: &Project, id: FileId) -> bool {
    let file = project.file(id);
    let by_name = match &file.kind {
        FileKind::Source(kind) => *kind != SourceKind::Declarations && !file.name().contains(".min."),
        FileKind::Manifest(kind) => *kind == Manifest::PackageJson,
        FileKind::Lockfile(_) | FileKind::IgnoreFile | FileKind::TsConfig => false,
        FileKind::Other => is_script(file.name()) || is_config(file.name()),
        FileKind::EnvFile { template, .. } => !template,
        // Baselines of scanners hold hashes of secrets.
        FileKind::Json => !file.name().contains("baseline"),
        _ => true,
    };
    by_name && file.git != GitState::Ignored && !is_made_up(&file.path)
}

fn is_script(name: &str) -> bool {
    matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile")
        || [".sh", ".bash", ".zsh", ".mk"].iter().any(|end| name.ends_with(end))
}

fn is_config(name: &str) -> bool {
    matches!(
        name,
        "Caddyfile"
            | "Jenkinsfile"
            | "Vagrantfile"
            | ".npmrc"
            | ".pypirc"
            | ".netrc"
            | ".envrc"
            | ".dockercfg"
            | "credentials"
    ) || [".tf", ".tfvars", ".properties", ".ini", ".cfg", ".conf", ".ps1", ".bat", ".http", ".rest", ".sql"]
        .iter()
        .any(|end| name.ends_with(end))
}

//! Where a variable is spoken of besides the env files of its own app.

use crate::project::{FileKind, Package, PackageId, Project};
use crate::reading::bench::Reading;
use crate::syntax::FileId;
use hashbrown::{HashMap, HashSet};

/// For each package the files beside env files in which it is declared what its code is given: the bindings of its own
/// Worker, and all that packages of the project declare that need this one. It runs as a part of them.
#[derive(Default)]
pub(super) struct Users {
    files: HashMap<PackageId, Vec<FileId>>,
}

impl Users {
    pub(super) fn files(&mut self, project: &Project, package: PackageId) -> &[FileId] {
        self.files.entry(package).or_insert_with(|| files_of_users(project, package))
    }
}

fn files_of_users(project: &Project, own: PackageId) -> Vec<FileId> {
    let own = project.package(own);
    let beside = |user: &Package, declares: &dyn Fn(&str) -> bool| {
        let all = project.within(&user.dir).filter(|file| project.file(*file).folder() == &*user.dir);
        all.filter(|file| declares(project.file(*file).name())).collect::<Vec<_>>()
    };
    let mut files = beside(own, &declares_bindings);
    let Some(name) = own.name.as_deref() else { return files };
    for user in project.packages().iter().filter(|user| user.dependencies.contains_key(name)) {
        files.extend(beside(user, &|file| declares_bindings(file) || is_example(file)));
        // A user of a library writes out what it has to be given: `interface Env { KEY: string }`.
        files.extend(project.within(&user.dir).filter(|file| {
            let file = project.file(*file);
            file.kind.is_script()
                && ["env", "context", "bindings", "types"].iter().any(|word| file.name().contains(word))
        }));
    }
    files
}

/// The images of the project that name a variable for a build or a start: `ARG COMMIT`, `ENV COMMIT=unknown`.
pub(super) fn named_by_images(project: &Project, name: &str) -> Vec<FileId> {
    let images = project.of_kinds(|kind| matches!(kind, FileKind::Platform(of) if of.medium == "dockerfile"));
    let says = |text: &str| {
        text.lines().any(|line| {
            let mut words = line.split_whitespace();
            let gives =
                words.next().is_some_and(|word| ["ENV", "ARG"].iter().any(|own| word.eq_ignore_ascii_case(own)));
            gives && words.next().is_some_and(|word| word.split('=').next() == Some(name))
        })
    };
    project
        .mentioning(&images, &[name])
        .into_iter()
        .filter(|file| project.text(*file).is_ok_and(|text| says(text)))
        .collect()
}

/// The code of the app's package.
pub(super) fn own_scripts(reading: &Reading<'_>) -> Vec<FileId> {
    let project = reading.documents.project;
    project.within(&reading.found.root).filter(|file| project.file(*file).kind.is_script()).collect()
}

fn declares_bindings(name: &str) -> bool {
    name.starts_with("wrangler.") || name == "worker-configuration.d.ts"
}

fn is_example(name: &str) -> bool {
    name.starts_with('.') && ["example", "sample", "template"].iter().any(|end| name.ends_with(end))
}

/// Whether a text has a name as a word of its own.
pub(super) fn names(text: &str, name: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    text.match_indices(name)
        .any(|(at, _)| !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next()))
}

/// The names that env files have in lines that are comments: `# SMTP_HOST=`. Whoever wants it takes the sign away.
pub(super) fn offered(reading: &Reading<'_>) -> HashSet<String> {
    let project = reading.documents.project;
    let env_files = reading
        .environment
        .sources
        .iter()
        .filter(|source| matches!(project.file(source.file).kind, FileKind::EnvFile { .. }));
    let texts = env_files.filter_map(|source| project.text(source.file).ok());
    let name = |line: &str| {
        let (name, _) = line.trim().strip_prefix('#')?.trim_start().split_once('=')?;
        let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned())
    };
    texts.flat_map(|text| text.lines().filter_map(name)).collect()
}

/// Whether a type of the code says that a variable may be missing: `KEY?: string` in the type of the bindings.
pub(super) fn is_optional_in_types(reading: &Reading<'_>, files: &[FileId], name: &str) -> bool {
    let project = reading.documents.project;
    let naming = project.mentioning(files, &[&format!("{name}?:")]);
    naming.into_iter().any(|file| project.text(file).is_ok_and(|text| is_optional_member(text, name)))
}

/// Whether a line of a type says that a member may be missing.
fn is_optional_member(text: &str, name: &str) -> bool {
    text.lines().any(|line| line.trim_start().strip_prefix(name).is_some_and(|rest| rest.starts_with("?:")))
}

#[cfg(test)]
mod tests {
    use super::is_optional_member;

    #[test]
    fn a_type_says_which_variable_may_be_missing() {
        let types = "interface Env {\n  KEY: string;\n  LIMITER?: RateLimit;\n  OTHER_KEY?: string\n}\n";
        assert!(is_optional_member(types, "LIMITER") && is_optional_member(types, "OTHER_KEY"));
        assert!(!is_optional_member(types, "KEY"));
    }
}

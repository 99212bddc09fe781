//! Files that this room knows nothing of: whoever knows them hands over how they are recognised by their names.

use crate::syntax::Span;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// The files of one platform, of one proxy, or of pipelines.
#[derive(Debug)]
pub struct FilesOf {
    /// Whose they are; two are the same where their names are.
    pub name: &'static str,
    /// How they are recognised.
    pub patterns: &'static [Pattern],
    /// In which kind of file a secret stands that one of them holds: a word of `secret.written_in`.
    pub medium: &'static str,
    /// The comments of a text, where its format is none that the ending of a name tells.
    pub comments: Option<fn(&str) -> Vec<Span>>,
}

/// What the name of a file looks like, or the folder around it.
#[derive(Debug)]
pub enum Pattern {
    /// Exactly this name: `vercel.json`.
    Named(&'static str),
    /// This name in a folder of that name: `.do` and `app.yaml`.
    In(&'static str, &'static str),
    /// A name with a qualifier or without, and one of these endings: `fly` and `toml` is `fly.staging.toml` too.
    Variant(&'static str, &'static [&'static str]),
    /// A name that begins so and has something behind it: `Procfile.`.
    Begins(&'static str),
    /// What no list can say: asked with the folder and the name.
    Told(fn(&str, &str) -> bool),
}

/// All files that others know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known(pub &'static [&'static FilesOf]);

impl Known {
    /// Whose file this is; the first in the list that recognises it.
    pub(super) fn whose(self, folder: &str, name: &str) -> Option<&'static FilesOf> {
        self.0.iter().copied().find(|files| files.patterns.iter().any(|pattern| pattern.fits(folder, name)))
    }
}

impl Pattern {
    fn fits(&self, folder: &str, name: &str) -> bool {
        match self {
            Pattern::Named(own) => name == *own,
            Pattern::In(around, own) => {
                let before = || folder.strip_suffix(around);
                name == *own && before().is_some_and(|before| before.is_empty() || before.ends_with('/'))
            }
            Pattern::Variant(base, endings) => {
                let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
                is_variant(stem, base) && endings.contains(&ending)
            }
            Pattern::Begins(start) => name.len() > start.len() && name.starts_with(start),
            Pattern::Told(tells) => tells(folder, name),
        }
    }
}

/// `base`, or `base` with a qualifier: `docker-compose.prod`, `compose-dev`, `tsconfig.build`.
pub(crate) fn is_variant(stem: &str, base: &str) -> bool {
    stem.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

impl PartialEq for FilesOf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for FilesOf {}

impl PartialOrd for FilesOf {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FilesOf {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}

impl Hash for FilesOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

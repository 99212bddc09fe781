//! Which files are of a kind, and which mention some words. Many ask the same, so that answers are kept.

use super::kind::FileKind;
use super::packages::PackageId;
use super::read::{self, Content};
use super::{Project, problem_id};
use crate::needles::Needles;
use crate::syntax::FileId;
use hashbrown::HashMap;
use rayon::prelude::*;
use std::sync::Arc;

/// Words that files are searched for.
pub(super) type Words = &'static [&'static str];

/// Words that are made up as they are asked for.
pub(super) type OwnWords = Box<[Box<str>]>;

/// Which files are asked, and for which words.
pub(super) type Asked = (Box<[FileId]>, OwnWords);

impl Project {
    /// Looks into a file's text without asking for it: what cannot be read is no problem of anybody's.
    pub fn search(&self, id: FileId, look: &mut dyn FnMut(&str)) {
        self.looked_into(self.file(id), &mut |content| {
            if let Content::Text { text, .. } = content {
                look(text);
            }
        });
    }

    /// Whether one of `needles` stands in the file. Says nothing about a file that cannot be read.
    pub fn mentions(&self, id: FileId, needles: &[&str]) -> bool {
        self.holds(id, &Needles::new(needles))
    }

    /// Those of `ids` that mention one of `needles`, in their order. Every target of an app asks the same, so the answer
    /// is kept; every app asks for the same words.
    pub fn mentioning(&self, ids: &[FileId], needles: &[&str]) -> Vec<FileId> {
        let words: OwnWords = needles.iter().map(|needle| (*needle).into()).collect();
        let answer = self.mentions.of((ids.into(), words.clone()), || {
            let needles = self.needles.of(words, || Arc::new(Needles::kept(needles)));
            ids.par_iter().copied().filter(|id| self.holds(*id, &needles)).collect()
        });
        answer.to_vec()
    }

    /// The files of a kind, in order.
    pub fn of_kind(&self, kind: &FileKind) -> &[FileId] {
        self.by_kind().get(kind).map_or(&[], Vec::as_slice)
    }

    /// The files of all kinds that pass a test, in order. Costs what there are of kinds, not of files.
    pub fn of_kinds(&self, wanted: impl Fn(&FileKind) -> bool) -> Vec<FileId> {
        let fitting = self.by_kind().iter().filter(|(kind, _)| wanted(kind));
        let mut files: Vec<FileId> = fitting.flat_map(|(_, files)| files.iter().copied()).collect();
        files.sort_unstable();
        files
    }

    fn by_kind(&self) -> &HashMap<FileKind, Vec<FileId>> {
        self.kinds.get_or_init(|| {
            let mut kinds: HashMap<FileKind, Vec<FileId>> = HashMap::new();
            for id in self.ids() {
                let own = &self.file(id).kind;
                match kinds.get_mut(own) {
                    Some(files) => files.push(id),
                    None => drop(kinds.insert(own.clone(), vec![id])),
                }
            }
            kinds
        })
    }

    /// Those files of a kind that mention one of some words, in order. Every app asks the same, so the answer is kept.
    pub fn of_kind_mentioning(&self, kind: &FileKind, words: Words) -> Arc<[FileId]> {
        self.named.of((kind.clone(), words), || self.mentioning(self.of_kind(kind), words).into())
    }

    /// Whether a script or a Python module of a package, or of a folder in no package, mentions one of some words.
    /// Every app of a package asks the same, so the answer is kept.
    pub fn code_mentions(&self, folder: &str, package: Option<PackageId>, words: Words) -> bool {
        self.mentioned.of((folder.to_owned(), package, words), || {
            let is_code = |id: &FileId| {
                let kind = &self.file(*id).kind;
                (kind.is_script() || kind.is_python()) && (package.is_none() || self.nearest_package(*id) == package)
            };
            let code: Vec<FileId> = self.within(folder).filter(is_code).collect();
            let needles = Needles::new(words);
            code.par_iter().any(|id| self.holds(*id, &needles))
        })
    }

    fn holds(&self, id: FileId, needles: &Needles) -> bool {
        let file = self.file(id);
        let mut found = false;
        self.looked_into(file, &mut |content| {
            found = match content {
                Content::Text { text, .. } => needles.stand_in(text.as_bytes()),
                Content::Nothing(problem) if problem.id == problem_id::TOO_LARGE => {
                    read::large_file_mentions(&self.disk_path(file), needles)
                }
                Content::Nothing(_) => false,
            };
        });
        found
    }
}

//! The project as it was at a revision that git keeps.

use super::file::{File, folder_of, upward};
use super::git::{ContentId, Git, Revision, RevisionError};
use super::read::Content;
use super::{FileKind, GitState, Project, read, walk};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

impl Project {
    /// The commit that a name means; without a name, where HEAD left the default branch, else HEAD.
    pub fn revision(&self, name: Option<&str>) -> Result<Revision, RevisionError> {
        let history = self.git.history(&self.root)?;
        name.map_or_else(|| history.base(), |name| history.find(name))
    }

    /// The project as it was at a revision. What git does not keep has no past, so files that are ignored, and those
    /// of repositories inside, are as they are now; so is whatever `keep` names.
    pub fn at(&self, revision: &Revision, keep: impl Fn(&str) -> bool) -> Result<Project, RevisionError> {
        let history = self.git.history(&self.root)?;
        let offset = self.git.offset();
        let mut blobs = history.files(revision, offset)?;
        let installed: BTreeSet<String> = blobs
            .iter()
            .filter_map(|blob| Some(blob.path.strip_suffix("pyvenv.cfg")?.trim_end_matches('/').to_owned()))
            .collect();
        blobs.retain(|blob| {
            let in_installed = upward(folder_of(&blob.path)).any(|folder| installed.contains(folder));
            !in_installed && !walk::is_never_entered(&blob.path, &self.selection) && !keep(&blob.path)
        });
        let committed: BTreeSet<String> = blobs.iter().map(|blob| blob.path.clone()).collect();
        let mut files: Vec<File> = blobs.into_iter().map(|blob| File::of_blob(blob, self.known)).collect();
        let kept = |file: &&File| keep(&file.path) || (!committed.contains(&*file.path) && self.has_no_past(file));
        files.extend(self.files.iter().filter(kept).map(|file| self.as_it_is(file)));
        let top = |path: &String| super::file::inside(offset, path);
        let git = Git::of(offset.to_owned(), committed.iter().map(top), self.git.exclude(&self.root));
        let (root, selection) = (self.root.clone(), self.selection.clone());
        let mut past = Project::of_parts(root, selection, self.known, files, git);
        past.history = Some(Mutex::new(history));
        past.read_git_states();
        past.forget(|file| {
            let now = self.find(&file.path).map(|id| self.file(id).git);
            let untracked = |state| matches!(state, GitState::Untracked | GitState::NoRepository);
            !keep(&file.path) && untracked(file.git) && now.is_some_and(untracked)
        });
        for file in &mut past.files {
            if self.git.is_nested(&file.path)
                && let Some(id) = self.find(&file.path)
            {
                file.git = self.file(id).git;
            }
        }
        past.read_packages();
        Ok(past)
    }

    /// Whether git keeps no past of a file: it is neither committed nor about to be, or not this repository's.
    fn has_no_past(&self, file: &File) -> bool {
        let decides = file.kind == FileKind::IgnoreFile && file.git != GitState::Ignored;
        self.git.is_nested(&file.path) || (file.git != GitState::Tracked && !decides)
    }

    /// The same file once more, not read yet.
    fn as_it_is(&self, file: &File) -> File {
        let mut same = File::new(file.path.clone(), self.known);
        same.kind = file.kind.clone();
        same.link_to = file.link_to.clone();
        same.disk = Some(self.disk_path(file).into());
        same
    }

    /// What stands in a file of the revision that this project is of.
    pub(super) fn past_content(&self, file: &File, blob: ContentId) -> Content {
        let history = self.history.as_ref().map(|history| history.lock().unwrap_or_else(PoisonError::into_inner));
        match history.map(|history| history.bytes(blob, read::limit_of(&file.kind))) {
            Some(Ok(Some(bytes))) => read::of_bytes(bytes, &file.path, &file.kind),
            Some(Ok(None)) => read::too_large(&file.path, &file.kind),
            Some(Err(())) | None => read::not_in_git(&file.path),
        }
    }

    fn forget(&mut self, forgotten: impl Fn(&File) -> bool) {
        self.files.retain(|file| !forgotten(file));
        self.put_files_in_order();
    }
}

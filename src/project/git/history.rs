//! Reads commits from git's own folder: which one a name means, and the files that it holds.

use super::RevisionError;
use crate::project::file::{folder_of, inside, lies_in, normalized};
use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::EntryKind;
use hashbrown::HashMap;
use std::path::Path;

/// Where a default branch is looked for, when the remote does not say which it is.
const DEFAULT_BRANCHES: [&str; 4] =
    ["refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master"];

/// Links in a tree are followed this far.
const MOST_LINKS: usize = 8;

/// The name by which git keeps what stands in a file.
pub(in crate::project) type ContentId = ObjectId;

/// One commit of the repository that a project lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// What it is called, in words: `main`, `HEAD~2`.
    pub name: String,
    commit: ObjectId,
}

impl Revision {
    /// The first letters of the commit's id.
    pub fn short(&self) -> String {
        self.commit.to_hex_with_len(10).to_string()
    }
}

/// The commits of one repository.
pub(in crate::project) struct History(gix::Repository);

/// A file of a commit.
pub(in crate::project) struct Blob {
    /// Relative to the project's root.
    pub(in crate::project) path: String,
    /// Where it leads, if it is a symbolic link to another file of the commit.
    pub(in crate::project) link_to: Option<String>,
    /// Its content, for [`History::bytes`].
    pub(in crate::project) content: ContentId,
}

impl History {
    /// Opens the repository whose work tree begins at `top`, with nothing but its own configuration.
    pub(super) fn open(top: &Path) -> Result<History, RevisionError> {
        let repository = gix::open_opts(top, gix::open::Options::isolated());
        let repository = repository.map_err(|_| RevisionError::cannot_open(top))?;
        Ok(History(repository))
    }

    /// The commit that a name means; `main...` is where HEAD left `main`.
    pub(in crate::project) fn find(&self, name: &str) -> Result<Revision, RevisionError> {
        if let Some(branch) = name.strip_suffix("...") {
            return self.base_with(&self.find(branch)?);
        }
        let unknown = || {
            let error = RevisionError::new(format!("there is no revision `{name}`"));
            if self.is_shallow() {
                return error.help("this clone is shallow: fetch the history, as in `git fetch --unshallow`");
            }
            error.help("name a branch, a tag or a commit, as in `--changed origin/main`")
        };
        let object = self.0.rev_parse_single(BStr::new(name)).map_err(|_| unknown())?.object();
        let commit = object.map_err(|_| unknown())?.peel_to_commit().map_err(|_| unknown())?;
        Ok(Revision { name: name.to_owned(), commit: commit.id })
    }

    /// Where HEAD left the default branch; HEAD itself where there is no such branch.
    pub(in crate::project) fn base(&self) -> Result<Revision, RevisionError> {
        if self.0.head_id().is_err() {
            return Err(RevisionError::new("there is no commit yet").help("commit first, or leave out --changed"));
        }
        let shallow = "this clone is shallow, so where it left the default branch is not known";
        match self.default_branch() {
            Some(branch) => self.base_with(&branch),
            None if self.is_shallow() => Err(RevisionError::new(shallow)
                .help("fetch the branch to compare with, and name it: `--changed origin/main`")),
            None => self.find("HEAD"),
        }
    }

    fn is_shallow(&self) -> bool {
        self.0.is_shallow().unwrap_or_default()
    }

    fn default_branch(&self) -> Option<Revision> {
        let remote = self.0.try_find_reference("refs/remotes/origin/HEAD").ok().flatten();
        let named = remote.and_then(|head| head.target().try_name().map(|name| name.as_bstr().to_string()));
        let branches = named.into_iter().chain(DEFAULT_BRANCHES.map(str::to_owned));
        branches.filter_map(|branch| self.branch(&branch)).next()
    }

    fn branch(&self, full: &str) -> Option<Revision> {
        let found = self.find(full).ok()?;
        let name = full.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/");
        Some(Revision { name: name.to_owned(), ..found })
    }

    /// The newest commit that HEAD and a branch have in common.
    fn base_with(&self, branch: &Revision) -> Result<Revision, RevisionError> {
        let head = self.find("HEAD")?;
        let base = self.0.merge_base(branch.commit, head.commit).ok().flatten();
        let Some(base) = base.map(gix::Id::detach) else {
            let error = RevisionError::new(format!("HEAD and {} have no commit in common here", branch.name));
            return Err(match self.is_shallow() {
                true => error.help("this clone is shallow: fetch the history, as in `git fetch --unshallow`"),
                false => error.help("name the revision to compare with: `--changed HEAD~1`"),
            });
        };
        let name = if base == head.commit { head.name } else { branch.name.clone() };
        Ok(Revision { name, commit: base })
    }

    /// The files of a commit below a folder of it, which is the project's root.
    pub(in crate::project) fn files(&self, revision: &Revision, root: &str) -> Result<Vec<Blob>, RevisionError> {
        let damaged = || RevisionError::new(format!("the files of {} cannot be read from git", revision.name));
        let tree = self.0.find_commit(revision.commit).ok().and_then(|commit| commit.tree().ok());
        let mut recorder = gix::traverse::tree::Recorder::default();
        tree.ok_or_else(damaged)?.traverse().breadthfirst(&mut recorder).map_err(|_| damaged())?;
        let mut blobs = HashMap::new();
        let mut links = Vec::new();
        for entry in recorder.records {
            let whole = entry.filepath.to_str_lossy().into_owned();
            if !lies_in(&whole, root) {
                continue;
            }
            let path = whole[root.len()..].trim_start_matches('/').to_owned();
            match entry.mode.kind() {
                EntryKind::Blob | EntryKind::BlobExecutable => drop(blobs.insert(path, entry.oid)),
                EntryKind::Link => links.push((path, entry.oid)),
                EntryKind::Tree | EntryKind::Commit => {}
            }
        }
        let targets: HashMap<String, String> =
            links.iter().filter_map(|(path, id)| Some((path.clone(), self.target(path, *id)?))).collect();
        let followed = links.iter().filter_map(|(path, _)| follow(path, &blobs, &targets));
        let mut files: Vec<Blob> = followed.collect();
        files.extend(blobs.into_iter().map(|(path, id)| Blob { path, link_to: None, content: id }));
        Ok(files)
    }

    /// Where a link leads, relative to the root; nothing where it leaves the project.
    fn target(&self, path: &str, id: ObjectId) -> Option<String> {
        let object = self.0.find_object(id).ok()?;
        let target = object.data.to_str().ok().filter(|target| !target.starts_with('/'))?;
        normalized(&inside(folder_of(path), target))
    }

    /// The bytes of a file: an error where git does not have them, none where there are more than `limit`.
    pub(in crate::project) fn bytes(&self, content: ContentId, limit: u64) -> Result<Option<Vec<u8>>, ()> {
        let size = self.0.find_header(content).map_err(|_| ())?.size();
        if size > limit {
            return Ok(None);
        }
        self.0.find_object(content).map(|object| Some(object.detach().data)).map_err(|_| ())
    }
}

fn follow(path: &str, blobs: &HashMap<String, ObjectId>, targets: &HashMap<String, String>) -> Option<Blob> {
    let mut target = targets.get(path)?;
    for _ in 0..MOST_LINKS {
        if let Some(id) = blobs.get(target) {
            return Some(Blob { path: path.to_owned(), link_to: Some(target.clone()), content: *id });
        }
        target = targets.get(target)?;
    }
    None
}

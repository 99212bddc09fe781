//! Projects whose files do not lie on the disk: an example of a rule, a revision that git keeps.

use super::file::{File, folder_of};
use super::files_of::Known;
use super::git::Git;
use super::kind::FileKind;
use super::{Project, read, walk};
use std::path::PathBuf;

/// A file with its bytes at hand.
#[derive(Clone, Debug)]
pub struct Given {
    /// Relative to the root, with `/` between the parts.
    pub path: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl Given {
    /// A file with this text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Given {
        Given { path: path.into(), bytes: text.into().into_bytes() }
    }

    /// The file as one of a project's, its content read already.
    pub(super) fn into_file(self, known: Known) -> File {
        let file = File::new(self.path, known);
        let content = if self.bytes.len() as u64 > read::limit_of(&file.kind) {
            read::too_large(&file.path, &file.kind)
        } else {
            read::of_bytes(self.bytes, &file.path, &file.kind)
        };
        // The cell of a new file is empty.
        let _ = file.content.set(content);
        file
    }
}

impl Project {
    /// Gives some files another text than the one on the disk, before anything of them is read. What a walk would not have
    /// listed is nobody's file, open in an editor or not.
    pub(super) fn put_instead(&mut self, files: &[Given]) {
        for given in files {
            let file = given.clone().into_file(self.known);
            let folders = || folder_of(&file.path).split('/');
            match self.find(&file.path) {
                Some(id) => self.files[id.0 as usize].content = file.content,
                None if folders().any(walk::is_skipped) && !self.enters(file.folder()) => {}
                None => self.files.push(file),
            }
        }
        if !files.is_empty() {
            self.put_files_in_order();
        }
    }

    /// Whether the walk has listed something of a folder.
    fn enters(&self, folder: &str) -> bool {
        self.files.iter().any(|file| file.folder() == folder)
    }

    /// A project made of these files alone, `known` among them, all of them committed but those that its own ignore files name.
    pub fn of_files(files: impl IntoIterator<Item = Given>, known: Known) -> Project {
        let files: Vec<File> = files.into_iter().map(|given| given.into_file(known)).collect();
        let mut git = Git::of(String::new(), [], None);
        for file in files.iter().filter(|file| file.kind == FileKind::IgnoreFile && file.name() == ".gitignore") {
            if let Some(read::Content::Text { text, .. }) = file.content.get() {
                git.add_ignore_file(file.folder(), text);
            }
        }
        let committed = files.iter().map(|file| &file.path).filter(|path| git.is_ignored(path) != Some(true));
        let committed: Vec<String> = committed.map(|path| path.to_string()).collect();
        let git = Git::of(String::new(), committed, None);
        let mut project = Project::of_parts(PathBuf::new(), String::new(), known, files, git);
        project.read_git_states();
        project.read_packages();
        project
    }
}

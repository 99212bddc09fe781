//! Which paths git's ignore files match, by git's own order: the deepest file wins, and an ignored folder hides all in it.

use crate::project::file::{folder_of, inside, upward};
use hashbrown::HashMap;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

/// The ignore rules of one work tree; paths are relative to its top.
#[derive(Default)]
pub(super) struct Ignored {
    /// The rules of each folder that has a `.gitignore`.
    folders: BTreeMap<String, Gitignore>,
    /// `info/exclude`, which every `.gitignore` overrules.
    exclude: Option<Gitignore>,
    /// Folders asked about before.
    answers: Mutex<HashMap<String, bool>>,
}

impl Ignored {
    /// Adds the `.gitignore` of `folder`.
    pub(super) fn add(&mut self, folder: &str, text: &str) {
        self.folders.insert(folder.to_owned(), matcher(folder, text));
    }

    /// Sets `info/exclude`.
    pub(super) fn set_exclude(&mut self, text: &str) {
        self.exclude = Some(matcher("", text));
    }

    /// Whether there is any rule.
    pub(super) fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.exclude.is_none()
    }

    /// Whether a file of this path is ignored, be it there or not.
    pub(super) fn covers(&self, path: &str) -> bool {
        !self.is_empty() && (self.covers_folder(folder_of(path)) || self.matches(path, false))
    }

    fn covers_folder(&self, folder: &str) -> bool {
        if folder.is_empty() {
            return false;
        }
        if let Some(answer) = self.answers().get(folder) {
            return *answer;
        }
        // From the top down, without recursion: paths can be as deep as the file system allows.
        let mut chain: Vec<&str> = upward(folder).filter(|folder| !folder.is_empty()).collect();
        chain.reverse();
        let answer = chain.iter().any(|folder| self.matches(folder, true));
        self.answers().insert(folder.to_owned(), answer);
        answer
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, HashMap<String, bool>> {
        self.answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn matches(&self, path: &str, is_folder: bool) -> bool {
        let absolute = rooted(path);
        let rules = upward(folder_of(path)).filter_map(|folder| self.folders.get(folder)).chain(&self.exclude);
        for rules in rules {
            match rules.matched(Path::new(&absolute), is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        false
    }
}

fn matcher(folder: &str, text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new(rooted(folder));
    for line in text.lines() {
        // A pattern that git cannot read either matches nothing; the others still hold.
        drop(builder.add_line(None, line));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The matcher wants absolute paths; this one exists on no disk.
fn rooted(path: &str) -> String {
    inside("/work-tree", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(files: &[(&str, &str)]) -> Ignored {
        let mut ignored = Ignored::default();
        for (folder, text) in files {
            ignored.add(folder, text);
        }
        ignored
    }

    #[test]
    fn the_deepest_file_wins() {
        let rules = ignored(&[("", ".env*\n!.env.example\n"), ("apps/api", "!.env.production\n")]);
        assert!(rules.covers(".env"));
        assert!(rules.covers("apps/web/.env.production"));
        assert!(!rules.covers("apps/api/.env.production"));
        assert!(!rules.covers("apps/web/.env.example"));
    }

    #[test]
    fn nothing_is_taken_back_out_of_an_ignored_folder() {
        let rules = ignored(&[("", "secrets/\n"), ("secrets", "!keep.env\n")]);
        assert!(rules.covers("secrets/keep.env"));
        assert!(!rules.covers("secrets"), "a file of that name is no folder");
    }

    #[test]
    fn anchored_patterns_hold_from_their_own_folder() {
        let rules = ignored(&[("apps", "/api/.env\n")]);
        assert!(rules.covers("apps/api/.env"));
        assert!(!rules.covers("apps/x/api/.env"));
        assert!(!rules.covers("api/.env"));
    }

    #[test]
    fn exclude_is_overruled_by_any_gitignore() {
        let mut rules = ignored(&[("", "!a.env\n")]);
        rules.set_exclude("*.env\n");
        assert!(!rules.covers("a.env"));
        assert!(rules.covers("b.env"));
    }
}

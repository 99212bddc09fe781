//! What git knows of the files, in repositories that git itself made.

use super::Tree;
use crate::project::{GitState, Project, problem_id};

fn state(project: &Project, path: &str) -> GitState {
    project.file(project.id(path)).git
}

const FILES: &[(&str, &str)] = &[
    (".gitignore", ".env*\n!.env.example\nbuild/\n"),
    (".env", ""),
    (".env.example", ""),
    (".env.production", ""),
    ("apps/api/.gitignore", "secrets/\n"),
    ("apps/api/secrets/key.env", ""),
    ("new.ts", ""),
    ("src/build/a.ts", ""),
    ("dist/a.js", ""),
];

#[test]
fn every_index_format_tells_tracked_ignored_and_untracked_apart() {
    for format in ["2", "3", "4"] {
        let tree = Tree::new(FILES);
        if !tree.git(&["init", "-q"]) {
            return;
        }
        tree.git(&["config", "index.version", format]);
        tree.git(&["add", "-f", ".gitignore", ".env.example", ".env.production", "src/build/a.ts"]);
        tree.git(&["update-index", "--index-version", format]);
        let project = tree.open();
        let states = [
            (".env.example", GitState::Tracked),
            (".env.production", GitState::Tracked),
            (".env", GitState::Ignored),
            ("apps/api/secrets/key.env", GitState::Ignored),
            ("new.ts", GitState::Untracked),
            ("src/build/a.ts", GitState::Tracked),
        ];
        for (path, expected) in states {
            assert_eq!(state(&project, path), expected, "{path} in format {format}");
        }
        assert_eq!(project.find("dist/a.js"), None, "nothing in `dist` is committed");
        assert_eq!(project.is_ignored("apps/web/.env.production"), Some(true), "be it there or not");
        assert_eq!(project.is_ignored("apps/web/.env.example"), Some(false));
        assert!(project.problems().is_empty());
    }
}

#[test]
fn a_skipped_worktree_entry_is_read_in_format_3() {
    let tree = Tree::new(&[("a.ts", ""), ("b.ts", "")]);
    if !tree.git(&["init", "-q"]) {
        return;
    }
    tree.git(&["add", "."]);
    tree.git(&["update-index", "--skip-worktree", "a.ts"]);
    assert_eq!(state(&tree.open(), "b.ts"), GitState::Tracked);
}

#[test]
fn a_split_index_is_read_together_with_its_base() {
    let tree = Tree::new(&[("a.ts", ""), ("b.ts", ""), ("c.ts", "")]);
    if !tree.git(&["init", "-q"]) {
        return;
    }
    tree.git(&["add", "a.ts"]);
    tree.git(&["update-index", "--split-index"]);
    tree.git(&["add", "b.ts"]);
    let project = tree.open();
    let states = ["a.ts", "b.ts", "c.ts"].map(|path| state(&project, path));
    assert_eq!(states, [GitState::Tracked, GitState::Tracked, GitState::Untracked]);
}

#[test]
fn a_linked_worktree_has_its_own_index_and_shared_excludes() {
    let tree = Tree::new(&[("a.ts", "")]);
    if !tree.git(&["init", "-q"]) {
        return;
    }
    tree.git(&["add", "."]);
    tree.git(&["commit", "-q", "-m", "first"]);
    tree.git(&["worktree", "add", "-q", "elsewhere"]);
    tree.write(".git/info/exclude", b"*.local\n");
    tree.write("elsewhere/x.local", b"");
    tree.write("elsewhere/b.ts", b"");
    let project = tree.open_at("elsewhere");
    let states = ["a.ts", "b.ts", "x.local"].map(|path| state(&project, path));
    assert_eq!(states, [GitState::Tracked, GitState::Untracked, GitState::Ignored]);
    assert_eq!(tree.open().paths(), ["a.ts"], "a second checkout is not part of the first");
}

#[test]
fn a_nested_repository_answers_for_its_own_files() {
    let tree = Tree::new(&[("a.ts", ""), (".gitignore", ".env\n"), ("lib/.env", ""), ("lib/b.ts", "")]);
    if !tree.git(&["init", "-q"]) {
        return;
    }
    tree.git(&["init", "-q", "lib"]);
    tree.git(&["-C", "lib", "add", "b.ts"]);
    let project = tree.open();
    assert_eq!(state(&project, "lib/b.ts"), GitState::Tracked);
    assert_eq!(state(&project, "lib/.env"), GitState::Untracked, "the outer ignore file does not reach in");
}

#[test]
fn a_root_below_the_top_keeps_the_rules_from_above() {
    let tree = Tree::new(&[
        (".gitignore", "/apps/api/.env\n"),
        ("apps/.gitignore", "*.pem\n"),
        ("apps/api/prodcheck.toml", ""),
        ("apps/api/.env", ""),
        ("apps/api/key.pem", ""),
    ]);
    if !tree.git(&["init", "-q"]) {
        return;
    }
    tree.git(&["add", "."]);
    let project = tree.open_at("apps/api");
    assert_eq!(project.paths(), [".env", "key.pem", "prodcheck.toml"]);
    assert_eq!(state(&project, ".env"), GitState::Ignored);
    assert_eq!(state(&project, "key.pem"), GitState::Ignored);
    assert_eq!(state(&project, "prodcheck.toml"), GitState::Tracked);
}

#[test]
fn without_a_repository_only_ignore_files_speak() {
    let tree = Tree::new(&[("a.ts", "")]);
    assert_eq!(tree.open().is_ignored(".env"), None);
    assert_eq!(state(&tree.open(), "a.ts"), GitState::NoRepository);
    tree.write(".gitignore", b".env\n");
    assert_eq!(tree.open().is_ignored(".env"), Some(true));
    assert_eq!(state(&tree.open(), "a.ts"), GitState::NoRepository);
}

#[test]
fn a_damaged_index_is_a_problem() {
    let tree = Tree::new(&[("a.ts", ""), (".git/HEAD", "ref: refs/heads/main\n"), (".git/index", "DIRC....")]);
    let project = tree.open();
    assert_eq!(state(&project, "a.ts"), GitState::NoRepository);
    assert_eq!(project.problems()[0].id, problem_id::BAD_GIT_INDEX);
}

#[cfg(unix)]
#[test]
fn a_committed_link_commits_no_text() {
    let tree = Tree::new(&[(".gitignore", "/vault/\n"), ("vault/.env", "A=1")]);
    std::os::unix::fs::symlink("vault/.env", tree.path(".env")).unwrap();
    if !tree.git(&["init", "-q"]) {
        return;
    }
    tree.git(&["add", "."]);
    assert_eq!(state(&tree.open(), ".env"), GitState::Ignored);
}

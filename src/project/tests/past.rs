//! The project as it was at a revision, and projects that lie on no disk.

use super::Tree;
use crate::project::{GitState, Given, Known, Project, RevisionError};

/// A repository with a first commit of these files; nothing where there is no git.
fn committed(files: &[(&str, &str)]) -> Option<Tree> {
    let tree = Tree::new(files);
    let done = tree.git(&["init", "-q", "-b", "main"]) && tree.git(&["add", "-A"]);
    (done && tree.git(&["commit", "-q", "-m", "first"])).then_some(tree)
}

fn at(tree: &Tree, name: &str) -> Project {
    let project = tree.open();
    let revision = project.revision(Some(name)).unwrap();
    project.at(&revision, |_| false).unwrap()
}

fn text(project: &Project, path: &str) -> String {
    project.text(project.find(path).unwrap()).unwrap().to_string()
}

#[test]
fn files_are_as_they_were_committed() {
    let Some(tree) =
        committed(&[("a.ts", "old"), ("gone/b.ts", "b"), ("start.sh", "#!/bin/sh"), ("package.json", "{}")])
    else {
        return;
    };
    tree.write("a.ts", b"new");
    tree.write("c.ts", b"c");
    std::fs::remove_file(tree.path("gone/b.ts")).unwrap();
    let past = at(&tree, "HEAD");
    assert_eq!(past.paths(), ["a.ts", "gone/b.ts", "package.json", "start.sh"]);
    assert_eq!((text(&past, "a.ts"), text(&past, "start.sh")), ("old".into(), "#!/bin/sh".into()));
    assert_eq!(past.file(past.find("a.ts").unwrap()).git, GitState::Tracked);
    assert_eq!(past.packages().len(), 1);
    assert_eq!(text(&tree.open(), "a.ts"), "new");
}

#[test]
fn a_packed_history_is_read_by_every_kind_of_name() {
    let Some(tree) = committed(&[("a.ts", "1")]) else { return };
    for text in ["2", "3"] {
        tree.write("a.ts", text.as_bytes());
        tree.git(&["commit", "-q", "-am", "next"]);
    }
    tree.git(&["tag", "-a", "v1", "-m", "v1", "HEAD~1"]);
    tree.git(&["gc", "-q"]);
    for (name, expected) in [("HEAD", "3"), ("main", "3"), ("HEAD~2", "1"), ("HEAD^", "2"), ("v1", "2")] {
        assert_eq!(text(&at(&tree, name), "a.ts"), expected, "{name}");
    }
    let error = tree.open().revision(Some("nowhere")).unwrap_err();
    assert_eq!(error.message, "there is no revision `nowhere`");
}

#[test]
fn what_git_ignores_has_no_past_and_what_is_new_had_none() {
    let Some(tree) = committed(&[(".gitignore", ".env*\n"), ("a.ts", "1")]) else { return };
    tree.write(".env.production", b"A=1");
    tree.write("new.ts", b"");
    assert_eq!(at(&tree, "HEAD").paths(), [".env.production", ".gitignore", "a.ts"]);
    // Ignored then, not ignored now: the file was there, and ignored.
    tree.write(".gitignore", b"");
    let past = at(&tree, "HEAD");
    assert_eq!(past.file(past.find(".env.production").unwrap()).git, GitState::Ignored);
    let now = tree.open();
    assert_eq!(now.file(now.find(".env.production").unwrap()).git, GitState::Untracked);
    // Committed now, not known then: it is new.
    tree.git(&["add", "-f", ".env.production"]);
    assert_eq!(at(&tree, "HEAD").paths(), [".gitignore", "a.ts"]);
}

#[test]
fn a_root_inside_the_repository_keeps_its_paths() {
    let Some(tree) = committed(&[("api/prodcheck.toml", ""), ("api/a.ts", "1"), ("web/b.ts", "")]) else { return };
    let project = tree.open_at("api");
    let past = project.at(&project.revision(Some("HEAD")).unwrap(), |_| false).unwrap();
    assert_eq!(past.paths(), ["a.ts", "prodcheck.toml"]);
    assert_eq!(past.file(past.find("a.ts").unwrap()).git, GitState::Tracked);
}

#[test]
fn links_and_installed_folders_are_as_on_disk() {
    let Some(tree) =
        committed(&[("real.ts", "x"), ("node_modules/m/index.js", ""), ("venv2/pyvenv.cfg", ""), ("venv2/a.py", "")])
    else {
        return;
    };
    #[cfg(unix)]
    std::os::unix::fs::symlink("real.ts", tree.path("link.ts")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", tree.path("out.ts")).unwrap();
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-q", "-m", "links"]);
    let past = at(&tree, "HEAD");
    assert_eq!(past.paths(), ["link.ts", "real.ts"]);
    assert_eq!(text(&past, "link.ts"), "x");
    assert_eq!(past.file(past.find("link.ts").unwrap()).link_to.as_deref(), Some("real.ts"));
}

#[test]
fn the_base_is_where_the_branch_was_left() {
    let Some(tree) = committed(&[("a.ts", "1")]) else { return };
    let base = |tree: &Tree| tree.open().revision(None).unwrap();
    assert_eq!(base(&tree).name, "HEAD");
    tree.git(&["switch", "-q", "-c", "topic"]);
    tree.write("a.ts", b"2");
    tree.git(&["commit", "-q", "-am", "topic"]);
    tree.git(&["switch", "-q", "main"]);
    tree.write("a.ts", b"3");
    tree.git(&["commit", "-q", "-am", "main goes on"]);
    tree.git(&["switch", "-q", "topic"]);
    assert_eq!(base(&tree).name, "main");
    let project = tree.open();
    assert_eq!(text(&project.at(&base(&tree), |_| false).unwrap(), "a.ts"), "1");
    assert_eq!(text(&at(&tree, "main"), "a.ts"), "3");
    assert_eq!(text(&at(&tree, "main..."), "a.ts"), "1");
}

#[test]
fn where_there_is_no_history_the_reason_is_told() {
    let message = |result: Result<_, RevisionError>| result.map(|_: crate::project::Revision| ()).unwrap_err().message;
    let tree = Tree::new(&[("a.ts", "1")]);
    assert_eq!(message(tree.open().revision(None)), "the project is in no git repository, so it has no revisions");
    if tree.git(&["init", "-q"]) {
        assert_eq!(message(tree.open().revision(None)), "there is no commit yet");
    }
}

#[test]
fn a_shallow_clone_does_not_pretend_to_know_the_base() {
    let Some(tree) = committed(&[("a.ts", "1")]) else { return };
    tree.write("a.ts", b"2");
    tree.git(&["commit", "-q", "-am", "second"]);
    let clone = Tree::new(&[]);
    let from = format!("file://{}", tree.path("").display());
    clone.git(&["clone", "-q", "--depth", "1", &from, "c"]);
    clone.git(&["-C", "c", "checkout", "-q", "--detach"]);
    clone.git(&["-C", "c", "branch", "-q", "-D", "main"]);
    clone.git(&["-C", "c", "remote", "remove", "origin"]);
    let error = clone.open_at("c").revision(None).unwrap_err();
    assert!(error.message.contains("shallow"), "{error}");
    let error = clone.open_at("c").revision(Some("HEAD~1")).unwrap_err();
    assert!(error.help.unwrap().contains("shallow"), "{}", error.message);
}

#[test]
fn files_at_hand_are_a_project() {
    let files = [(".gitignore", ".env\n"), (".env", "A=1"), ("package.json", r#"{"name":"x"}"#), ("a.ts", "1")];
    let project = Project::of_files(files.map(|(path, text)| Given::new(path, text)), Known::default());
    assert_eq!(text(&project, "a.ts"), "1");
    let state = |path| project.file(project.find(path).unwrap()).git;
    assert_eq!((state(".env"), state("a.ts")), (GitState::Ignored, GitState::Tracked));
    assert_eq!(project.packages().len(), 1);
    assert!(project.problems().is_empty());
}

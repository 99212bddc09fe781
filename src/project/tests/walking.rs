//! What is listed, what is read, and what is never touched.

use super::Tree;
use crate::project::{GitState, problem_id};

fn problems(tree: &Tree) -> Vec<(&'static str, String)> {
    tree.open().problems().into_iter().map(|problem| (problem.id, problem.message)).collect()
}

#[test]
fn installed_and_built_folders_are_not_entered() {
    let tree = Tree::new(&[
        ("src/a.ts", ""),
        ("node_modules/x/index.js", ""),
        ("apps/web/.next/server.js", ""),
        ("dist/a.js", ""),
        ("my-env/pyvenv.cfg", ""),
        ("my-env/lib/x.py", ""),
        ("env/settings.py", ""),
    ]);
    assert_eq!(tree.open().paths(), ["env/settings.py", "src/a.ts"]);
}

#[test]
fn what_projects_are_made_of_is_none_and_that_is_said() {
    let tree = Tree::new(&[("make.py", ""), ("{{cookiecutter.slug}}/settings.py", "{% if a %}"), ("{a}/b.py", "")]);
    assert_eq!(tree.open().paths(), ["make.py", "{a}/b.py"]);
    let message = "`{{cookiecutter.slug}}` is a template that projects are made of: its files are not read";
    assert_eq!(problems(&tree), [(problem_id::NOT_JUDGED, message.to_owned())]);
}

#[test]
fn files_come_sorted_and_ids_find_them_again() {
    let tree = Tree::new(&[("b.ts", ""), ("a/z.ts", ""), ("a.ts", ""), ("a-b.ts", "")]);
    let project = tree.open();
    assert_eq!(project.paths(), ["a-b.ts", "a.ts", "a/z.ts", "b.ts"]);
    for id in project.ids() {
        assert_eq!(project.find(&project.file(id).path), Some(id));
    }
}

#[test]
fn the_root_is_the_nearest_folder_that_says_so() {
    let tree = Tree::new(&[
        ("package.json", r#"{"workspaces": ["apps/*"]}"#),
        ("apps/api/package.json", r#"{"name": "api"}"#),
        ("apps/api/src/a.ts", ""),
        ("apps/web/b.ts", ""),
    ]);
    let project = tree.open_at("apps/api/src");
    assert_eq!(project.selection(), "apps/api/src");
    assert!(project.selected("apps/api/src/a.ts"));
    assert!(!project.selected("apps/web/b.ts"));
    assert!(project.find("apps/web/b.ts").is_some(), "a sibling can be imported");

    tree.write("apps/api/prodcheck.toml", b"");
    assert_eq!(tree.open_at("apps/api/src/a.ts").selection(), "src", "a file stands for its folder");
}

#[test]
fn a_folder_that_the_user_names_is_entered_whatever_its_name() {
    let tree = Tree::new(&[("prodcheck.toml", ""), ("dist/app/a.ts", ""), ("dist/app/node_modules/x.js", "")]);
    assert_eq!(tree.open_at("dist/app").paths(), ["dist/app/a.ts", "prodcheck.toml"]);
}

#[test]
fn a_folder_without_any_mark_is_its_own_root() {
    let tree = Tree::new(&[("a/x.ts", ""), ("b.ts", "")]);
    assert_eq!(tree.open_at("a").paths(), ["x.ts"]);
}

#[test]
fn a_missing_path_is_an_error_and_not_an_empty_project() {
    let tree = Tree::new(&[]);
    let error = crate::project::Project::open(&tree.path("nowhere"), &Default::default()).unwrap_err();
    assert!(error.to_string().contains("it does not exist"), "{error}");
}

#[test]
fn text_is_decoded_and_marks_are_dropped() {
    let tree = Tree::new(&[("bom.ts", "\u{FEFF}export {}")]);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("A=ü".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    tree.write(".env", &utf16);
    let swapped: Vec<u8> = [0xFE, 0xFF].into_iter().chain("A=ü".encode_utf16().flat_map(u16::to_be_bytes)).collect();
    tree.write(".env.production", &swapped);
    let project = tree.open();
    let text = |path| project.text(project.id(path)).unwrap().to_string();
    assert_eq!(text("bom.ts"), "export {}");
    assert_eq!(text(".env"), "A=ü");
    assert_eq!(text(".env.production"), "A=ü");
    assert!(project.problems().is_empty());
}

#[test]
fn code_that_is_not_utf8_is_a_problem_once_it_is_wanted() {
    let tree = Tree::new(&[]);
    tree.write("a.ts", b"const a = '\xFF'");
    tree.write(".env", b"A=\xFF");
    let project = tree.open();
    assert!(project.mentions(project.id("a.ts"), &["const"]), "it can be searched all the same");
    assert!(project.problems().is_empty(), "nobody wanted its text");
    assert_eq!(project.text(project.id("a.ts")).unwrap_err().id, problem_id::NOT_UTF8);
    assert_eq!(&**project.text(project.id(".env")).unwrap(), "A=\u{FFFD}");
    let ids: Vec<_> = project.problems().iter().map(|problem| (problem.id, problem.file)).collect();
    assert_eq!(ids, [(problem_id::NOT_UTF8, project.find(".env")), (problem_id::NOT_UTF8, project.find("a.ts"))]);
}

#[test]
fn a_large_source_file_is_searched_but_not_read() {
    let tree = Tree::new(&[]);
    let mut bytes = vec![b' '; 3 << 20];
    let edge = (1 << 20) - 3;
    bytes[edge..edge + 6].copy_from_slice(b"needle");
    tree.write("a.js", &bytes);
    let project = tree.open();
    let id = project.id("a.js");
    assert!(project.mentions(id, &["absent", "needle"]));
    assert!(!project.mentions(id, &["absent"]));
    assert!(project.problems().is_empty());
    assert_eq!(project.text(id).unwrap_err().id, problem_id::TOO_LARGE);
    assert_eq!(project.problems().len(), 1);
}

#[test]
fn a_file_that_vanished_is_a_problem() {
    let tree = Tree::new(&[("a.ts", "x")]);
    let project = tree.open();
    std::fs::remove_file(tree.path("a.ts")).unwrap();
    let problem = project.text(project.id("a.ts")).unwrap_err();
    assert_eq!(problem.message, "`a.ts` cannot be read: it does not exist");
    assert_eq!(project.problems().len(), 1);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_loop_of_links_ends() {
        let tree = Tree::new(&[("a/x.ts", "")]);
        symlink(tree.path(""), tree.path("a/up")).unwrap();
        symlink(tree.path("b"), tree.path("c")).unwrap();
        symlink(tree.path("c"), tree.path("b")).unwrap();
        assert_eq!(tree.open().paths(), ["a/x.ts"]);
        assert_eq!(problems(&tree), []);
    }

    #[test]
    fn a_link_inside_the_project_is_a_file_that_names_its_target() {
        let tree = Tree::new(&[(".env", "A=1"), ("apps/api/a.ts", "")]);
        symlink("../../.env", tree.path("apps/api/.env")).unwrap();
        let project = tree.open();
        let file = project.file(project.id("apps/api/.env"));
        assert_eq!(file.link_to.as_deref(), Some(".env"));
        assert_eq!(&**project.text(project.id("apps/api/.env")).unwrap(), "A=1");
    }

    #[test]
    fn a_link_out_of_the_project_is_not_read() {
        let outside = Tree::new(&[("secret", "A=1")]);
        let tree = Tree::new(&[("a.ts", "")]);
        symlink(outside.path("secret"), tree.path(".env.production")).unwrap();
        symlink(outside.path("secret"), tree.path("notes")).unwrap();
        symlink(outside.path(""), tree.path("folder")).unwrap();
        assert_eq!(tree.open().paths(), ["a.ts"]);
        let message = "the link `.env.production` leads out of the project, so it is not read".to_owned();
        assert_eq!(problems(&tree), [(problem_id::OUTSIDE_ROOT, message)]);
    }

    #[test]
    fn a_link_to_nowhere_is_a_problem() {
        let tree = Tree::new(&[]);
        symlink("nowhere", tree.path(".env")).unwrap();
        let message = "the link `.env` cannot be followed: it does not exist".to_owned();
        assert_eq!(problems(&tree), [(problem_id::UNREADABLE, message)]);
    }

    #[test]
    fn a_pipe_is_not_opened() {
        let tree = Tree::new(&[]);
        let made = make_pipe(&tree.path(".env"));
        if !made {
            return;
        }
        let message = "`.env` cannot be read: it is not a regular file".to_owned();
        assert_eq!(problems(&tree), [(problem_id::UNREADABLE, message)]);
    }

    #[expect(clippy::disallowed_methods, reason = "the standard library makes no pipes")]
    fn make_pipe(path: &std::path::Path) -> bool {
        std::process::Command::new("mkfifo").arg(path).status().is_ok_and(|status| status.success())
    }

    #[test]
    fn what_permissions_hide_is_a_problem() {
        use std::os::unix::fs::PermissionsExt;
        let tree = Tree::new(&[("a.ts", ""), ("hidden/b.ts", "")]);
        for path in ["a.ts", "hidden"] {
            std::fs::set_permissions(tree.path(path), std::fs::Permissions::from_mode(0o000)).unwrap();
        }
        // The superuser reads everything.
        if std::fs::read(tree.path("a.ts")).is_err() {
            let project = tree.open();
            assert!(project.text(project.id("a.ts")).is_err());
            let found: Vec<_> = project.problems().into_iter().map(|problem| problem.message).collect();
            assert_eq!(
                found,
                ["`hidden` cannot be read: permission is denied", "`a.ts` cannot be read: permission is denied"]
            );
        }
        std::fs::set_permissions(tree.path("hidden"), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn names_may_hold_line_breaks_and_bytes_that_are_no_text() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let tree = Tree::new(&[("a\nb.ts", "1")]);
        std::fs::write(tree.path("").join(OsStr::from_bytes(b"\xFF.ts")), "2").unwrap();
        let project = tree.open();
        assert_eq!(project.paths(), ["a\nb.ts", "\u{FFFD}.ts"]);
        assert_eq!(&**project.text(project.id("a\nb.ts")).unwrap(), "1");
        assert_eq!(&**project.text(project.id("\u{FFFD}.ts")).unwrap(), "2");
    }
}

#[test]
fn a_named_env_file_may_lie_anywhere() {
    let outside = Tree::new(&[("host.vars", "A=1")]);
    let tree = Tree::new(&[(".env.production", "A=2")]);
    let env_files = vec![outside.path("host.vars"), tree.path(".env.production")];
    let options = crate::project::Options { env_files, ..Default::default() };
    let project = crate::project::Project::open(&tree.path(""), &options).unwrap();
    let [outer, inner] = *project.env_files() else { panic!("two files were named") };
    assert_eq!(&**project.text(outer).unwrap(), "A=1");
    assert_eq!(Some(inner), project.find(".env.production"));
    assert_eq!(project.file(outer).git, GitState::NoRepository);
}

#[test]
fn too_many_files_are_a_problem() {
    let tree = Tree::new(&[("a.ts", ""), ("b.ts", ""), ("c.ts", "")]);
    let options = crate::project::Options { max_files: 2, ..Default::default() };
    let project = crate::project::Project::open(&tree.path(""), &options).unwrap();
    assert_eq!(project.files().len(), 2);
    assert_eq!(project.problems()[0].id, problem_id::TOO_MANY_FILES);
}

/// A pipe takes the place of a file between any two steps of reading it; whoever opens a pipe to read waits for a
/// writer, unless told not to.
#[cfg(unix)]
#[test]
fn a_file_that_becomes_a_pipe_while_it_is_opened_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    #[allow(clippy::disallowed_methods, reason = "a test may start a program")]
    let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    std::fs::write(at("plain"), "A=1").expect("a file");
    std::fs::rename(at("plain"), at(".env")).expect("a file");
    let (done, waiting) = std::sync::mpsc::channel();
    let path = at(".env");
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = stop.clone();
    std::thread::spawn(move || {
        let mut refused = 0;
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            let read = super::super::read::bytes_of(&path, 1 << 10);
            refused += usize::from(read.is_err_and(|error| error.to_string() == "it is not a regular file"));
        }
        done.send(refused).expect("the test waits");
    });
    for _ in 0..20_000 {
        std::fs::rename(at(".env"), at("plain")).expect("a file");
        std::fs::rename(at("pipe"), at(".env")).expect("a pipe");
        std::fs::rename(at(".env"), at("pipe")).expect("a pipe");
        std::fs::rename(at("plain"), at(".env")).expect("a file");
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let refused = waiting.recv_timeout(std::time::Duration::from_secs(20)).expect("reading does not wait for a writer");
    assert!(refused > 0, "the pipe was met");
}

#[cfg(unix)]
#[test]
fn a_link_that_takes_the_place_of_a_file_is_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "A=1").expect("a file");
    std::os::unix::fs::symlink(&secret, folder.path().join(".env")).expect("a link");
    assert!(super::super::read::bytes_of(&folder.path().join(".env"), 1 << 10).is_err());
    assert_eq!(super::super::read::bytes_of(&secret, 1 << 10).expect("a file"), Some(b"A=1".to_vec()));
}

//! Results go where the user said and no further: through no link of the project, into no pipe, over no source file.
#![cfg(unix)]

use assert_cmd::Command;
use std::fs;
use std::os::unix::fs::symlink;
use tempfile::TempDir;

const CONFIG: &str = "export default {};\n";

/// A folder with a project in it, so that something can lie outside.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let project = folder.path().join("project");
    fs::create_dir_all(project.join(".git")).expect("a folder");
    fs::create_dir(folder.path().join("elsewhere")).expect("a folder");
    fs::write(project.join("package.json"), r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#)
        .expect("a file");
    fs::write(project.join("bknd.config.ts"), CONFIG).expect("a file");
    fs::write(folder.path().join("kept.json"), "kept").expect("a file");
    symlink("../elsewhere", project.join("folder")).expect("a link");
    symlink("../elsewhere/new.json", project.join("dangling.json")).expect("a link");
    symlink("../kept.json", project.join("link.json")).expect("a link");
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("prodcheck").expect("the binary is built");
    let command = command.current_dir(folder.path().join("project")).args(arguments);
    let output = command.timeout(std::time::Duration::from_secs(60)).output().expect("it runs");
    (output.status.code().expect("it ends by itself"), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn nothing_is_written_through_a_link_of_the_project() {
    for path in ["folder/r.json", "dangling.json", "link.json"] {
        let folder = folder();
        let named = format!("json={path}");
        for arguments in [
            &["scan", "--output-file", &*named][..],
            &["checklist", "--output-file", path],
            &["baseline", "--output-file", path],
        ] {
            let (code, err) = run(&folder, arguments);
            assert!(code == 2 && err.contains("is a link of the project"), "{arguments:?}: {code} {err}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("kept.json")).expect("a file"), "kept");
        assert_eq!(fs::read_dir(folder.path().join("elsewhere")).expect("a folder").count(), 0);
    }
}

#[test]
fn no_pipe_of_the_project_is_waited_for() {
    let folder = folder();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("project/pipe")).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    for arguments in [&["scan", "--output-file", "json=pipe"][..], &["baseline", "-o", "pipe"]] {
        let (code, err) = run(&folder, arguments);
        assert!(code == 2 && err.contains("it is no file"), "{arguments:?}: {code} {err}");
    }
}

#[test]
fn a_source_file_is_not_written_over_and_an_earlier_report_is() {
    let folder = folder();
    for path in ["bknd.config.ts", "package.json"] {
        let before = fs::read_to_string(folder.path().join("project").join(path)).expect("a file");
        for arguments in
            [&["scan", "--output-file", &*format!("json={path}")][..], &["checklist", "--output-file", path]]
        {
            let (code, err) = run(&folder, arguments);
            assert!(code == 2 && err.contains("something else than a report"), "{arguments:?}: {code} {err}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("project").join(path)).expect("a file"), before);
    }
    for (format, path) in [
        ("json", "r.json"),
        ("jsonl", "r.jsonl"),
        ("sarif", "r.sarif"),
        ("gitlab", "q.json"),
        ("junit", "r.xml"),
        ("markdown", "r.md"),
        ("html", "r.html"),
        ("human", "r.txt"),
    ] {
        for _ in 0..2 {
            let (code, err) = run(&folder, &["scan", "--output-file", &format!("{format}={path}")]);
            assert_eq!(code, 1, "{format}: {err}");
        }
    }
    for _ in 0..2 {
        assert_eq!(run(&folder, &["checklist", "--output-file", "c.md"]).0, 0);
    }
}

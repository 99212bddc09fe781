//! What SECURITY.md promises, held against what the program asks of the kernel: no network, no other program, no writes.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The system calls of one run of prodcheck, a line each, with its threads.
fn calls(arguments: &[&str], folder: &Path) -> Vec<String> {
    let trace = tempfile::NamedTempFile::new().expect("a file");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=%network,%process,%file,ftruncate,fallocate", "-o"])
        .arg(trace.path())
        .arg(env!("CARGO_BIN_EXE_prodcheck"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("strace is installed")
        .status;
    assert!(status.code().is_some_and(|code| code < 2), "{arguments:?} ended with {status}");
    let text = fs::read_to_string(trace.path()).expect("a trace");
    text.lines().map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned()).collect()
}

/// Whether a call changes something on the disk.
fn writes(call: &str) -> bool {
    let name = call.split('(').next().unwrap_or_default();
    let opens_to_write = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag));
    let harmless = call.contains("\"/dev/tty\"") || call.contains("\"/dev/null\"");
    match name {
        "open" | "openat" | "openat2" | "creat" => opens_to_write && !harmless,
        "unlink" | "unlinkat" | "rename" | "renameat" | "renameat2" | "mkdir" | "mkdirat" | "rmdir" | "symlink"
        | "symlinkat" | "link" | "linkat" | "chmod" | "fchmodat" | "chown" | "truncate" | "ftruncate" | "fallocate"
        | "utimensat" | "mknod" | "mknodat" => true,
        _ => false,
    }
}

fn reaches_out(call: &str) -> bool {
    let name = call.split('(').next().unwrap_or_default();
    matches!(
        name,
        "socket" | "connect" | "bind" | "listen" | "accept" | "accept4" | "sendto" | "sendmsg" | "socketpair"
    )
}

fn runs_another(call: &str) -> bool {
    let name = call.split('(').next().unwrap_or_default();
    matches!(name, "execve" | "execveat") || name == "fork" || name == "vfork"
}

#[test]
#[ignore = "needs strace; .ci/run runs it"]
fn commands_open_no_connection_run_nothing_and_write_nothing() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bknd/first-look");
    for arguments in [
        &["scan", "--no-ignores"][..],
        &["scan", "--format", "json", "--strict"],
        &["settings"],
        &["checklist"],
        &["rules"],
        &["explain", "cors/wildcard"],
    ] {
        let calls = calls(arguments, &fixture);
        // The first execve is strace's own, of prodcheck.
        let others: Vec<&String> = calls.iter().filter(|call| runs_another(call)).skip(1).collect();
        assert!(others.is_empty(), "{arguments:?}: {others:?}");
        let bad: Vec<&String> = calls.iter().filter(|call| reaches_out(call) || writes(call)).collect();
        assert!(bad.is_empty(), "{arguments:?}: {bad:?}");
        assert!(calls.iter().any(|call| call.starts_with("openat")), "{arguments:?}: nothing was traced");
    }
}

#[test]
#[ignore = "needs strace; .ci/run runs it"]
fn an_output_file_is_the_one_thing_that_is_written() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bknd/first-look");
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.json");
    let report = report.to_str().expect("a path in UTF-8");
    let calls = calls(&["scan", "--format", "json", "--output-file", report], &fixture);
    let written: Vec<&String> = calls.iter().filter(|call| writes(call)).collect();
    assert!(!written.is_empty(), "the report was written");
    let folder = folder.path().to_str().expect("a path in UTF-8");
    assert!(written.iter().all(|call| call.contains(folder) || call.starts_with("ftruncate")), "{written:?}");
}

#[test]
#[ignore = "needs strace; .ci/run runs it"]
fn nothing_outside_of_the_project_is_read_but_its_repository() {
    let root = tempfile::tempdir().expect("a folder");
    let project = root.path().join("app");
    fs::create_dir(&project).expect("a folder");
    fs::write(project.join("package.json"), r#"{ "dependencies": { "bknd": "0.20.0" } }"#).expect("a file");
    fs::write(
        project.join("bknd.config.ts"),
        "import { cors } from '../cors';\nexport default { config: { server: { cors } } };\n",
    )
    .expect("a file");
    fs::write(root.path().join("cors.ts"), "export const cors = { origin: '*' };\n").expect("a file");
    fs::write(root.path().join(".env"), "JWT_SECRET=outside\n").expect("a file");
    let calls = calls(&["scan", "."], &project);
    let outside =
        |call: &&String| call.contains("cors.ts\"") || (call.contains("/.env\"") && !call.contains("/app/.env"));
    let opened: Vec<&String> = calls.iter().filter(|call| call.starts_with("openat")).filter(outside).collect();
    assert!(opened.is_empty(), "{opened:?}");
}

//! Whole runs of what a project and its team tell prodcheck and ask it: settings, exceptions, baselines, revisions.

mod baselines;
mod diff;
mod facts;
mod file;
mod gate;
mod ignores;
mod init;
mod revisions;
mod rules;
mod why;

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

pub(crate) const MANIFEST: &str = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
pub(crate) const WILDCARD: &str = r#"import type { BkndConfig } from "bknd";
export default {
  config: {
    server: { cors: { origin: "*", allow_credentials: true } },
    auth: { enabled: true, jwt: { secret: process.env.JWT_SECRET } },
  },
} satisfies BkndConfig;
"#;
pub(crate) const CANARY: &str = "quiet-forest-lantern-parade";

/// A project of these files beside a manifest and a configuration with a wildcard.
pub(crate) fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("a root");
    for (path, text) in [("package.json", MANIFEST), ("bknd.config.ts", WILDCARD)].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

/// Exit code, standard output, standard error.
pub(crate) fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("prodcheck").expect("the binary is built");
    command.env_remove("CLICOLOR_FORCE").env_remove("COLUMNS").env("NO_COLOR", "1").current_dir(folder.path());
    let output = command.args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

pub(crate) fn report(folder: &TempDir, arguments: &[&str]) -> Value {
    let (_, out, err) = run(folder, &[&["scan", "--format", "json"], arguments].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"))
}

/// `rule severity` of everything in a list of the report.
pub(crate) fn listed(report: &Value, list: &str) -> Vec<String> {
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let name = |entry: &Value| if entry["rule"].is_string() { word(entry, "rule") } else { word(entry, "id") };
    let entries = report[list].as_array().expect("a list");
    entries.iter().map(|entry| format!("{} {}", name(entry), word(entry, "severity"))).collect()
}

/// Runs git in the project.
pub(crate) fn git(folder: &TempDir, arguments: &[&str]) {
    let settings = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    let mut command = std::process::Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").current_dir(folder.path()).args(settings).args(arguments);
    assert!(command.stdout(std::process::Stdio::null()).status().expect("git runs").success(), "git {arguments:?}");
}

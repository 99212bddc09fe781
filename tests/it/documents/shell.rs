//! Command lines as a page shows them, run in a project of their own.

use super::page::repository;
use crate::support::copy;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// What runs the command that the page is about, and what stands for it here.
const STANDS_FOR: &[(&str, &str)] = &[
    ("cargo run -- ", "prodcheck "),
    ("npx --yes prodcheck ", "prodcheck "),
    ("npx prodcheck ", "prodcheck "),
    ("uvx prodcheck ", "prodcheck "),
    ("podman run --rm -v \"$PWD:/project:ro\" prodcheck ", "prodcheck "),
];

/// Commands that are not run, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo test", "it is what runs this"),
    ("cargo install --path .", "it builds the release for minutes and writes outside the project"),
    ("cargo bench --bench compare", "it measures for minutes, and needs projects that are not here"),
    ("fuzz/run", "it runs for as long as it is told"),
    ("podman build", "it needs podman and a registry"),
    ("prodcheck generate", "it writes into the repository; other tests hold what it writes against what is there"),
];

/// Words that a reader replaces, and what by.
const PLACEHOLDERS: &[(&str, &str)] =
    &[("RULE", "cors/wildcard"), ("SHELL", "bash"), ("FILE", "prod.env"), ("FOLDER", "in-house")];

/// A project in which the commands of one page are run, from its first block to its last.
pub(super) struct Workplace {
    folder: TempDir,
    known: RefCell<BTreeSet<&'static str>>,
}

/// What became of a command.
pub(super) enum Ran {
    Ended(Output),
    NotRun,
}

impl Workplace {
    /// The bundled example, also as an app of a monorepo and where the README names it, in a repository with a history.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let example = repository().join("fixtures/bknd/first-look");
        for place in ["", "apps/api", "fixtures/bknd/first-look"] {
            let place = folder.path().join(place);
            fs::create_dir_all(&place).expect("a folder");
            copy(&example, &place);
        }
        // The project that a page begins with has no decisions of its own.
        fs::remove_file(folder.path().join("prodcheck.toml")).expect("the example's own");
        fs::write(folder.path().join("prod.env"), "ALLOWED_ORIGINS=https://app.example.com\n").expect("an env file");
        let rule = folder.path().join("in-house/cors/wildcard.toml");
        fs::create_dir_all(rule.parent().expect("a parent")).expect("a folder of rules");
        fs::copy(repository().join("rules/cors/wildcard.toml"), rule).expect("a rule");
        let this = Self { folder, known: RefCell::default() };
        let setup = "git init -q -b main && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm a";
        assert!(this.shell(setup).status.success(), "git");
        this
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Which entries of the lists above were of use.
    pub(super) fn known(&self) -> BTreeSet<&'static str> {
        self.known.borrow().clone()
    }

    /// Runs a line of a page; an error where this file does not say what to do with it.
    pub(super) fn run(&self, line: &str) -> Result<Ran, String> {
        let mut line = line.to_owned();
        for (ours, theirs) in STANDS_FOR {
            if let Some(rest) = line.strip_prefix(ours) {
                self.known.borrow_mut().insert(ours);
                line = format!("{theirs}{rest}");
            }
        }
        let told = line.split(" #").next().unwrap_or_default().trim().to_owned();
        if let Some((known, _)) = NOT_RUN.iter().find(|(known, _)| told.starts_with(known)) {
            self.known.borrow_mut().insert(known);
            return Ok(Ran::NotRun);
        }
        if !line.starts_with("prodcheck ") {
            return Err("documents/shell.rs does not know how to run it, nor why not".to_owned());
        }
        for (word, value) in PLACEHOLDERS {
            if told.split_whitespace().any(|told| told == *word) {
                line = line.replacen(word, value, 1);
            }
        }
        Ok(Ran::Ended(self.shell(&line)))
    }

    /// Runs a line as a shell does: with the program on the `PATH`, 80 columns and no colours.
    pub(super) fn shell(&self, line: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_prodcheck"));
        let before = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        command.args(["-e", "-c", line]).current_dir(self.path());
        command.env("PATH", format!("{}:{before}", program.parent().expect("a folder").display()));
        command.env("NO_COLOR", "1").env("COLUMNS", "80");
        for name in ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "RUNNER_TEMP"] {
            command.env(name, self.path().join(name));
        }
        command.output().expect("a shell")
    }
}

/// Every entry of the lists, to be held against those that were of use.
pub(super) fn all_known() -> BTreeSet<&'static str> {
    STANDS_FOR.iter().chain(NOT_RUN).map(|(known, _)| *known).collect()
}

/// Whether a command ended as its page says: with the exit code that stands beside it, else with the work done.
pub(super) fn ended_well(line: &str, output: &Output) -> Result<(), String> {
    let said = line.split_once("exit code ").and_then(|(_, rest)| rest.trim().chars().next()?.to_digit(10));
    let code = output.status.code();
    // A comment such as "exit code 1 when there is something to fix" is no promise for this project.
    let said = said.filter(|_| !line.contains(" when "));
    let well = match said {
        Some(said) => code.and_then(|code| u32::try_from(code).ok()) == Some(said),
        None => matches!(code, Some(0 | 1)),
    };
    if well {
        return Ok(());
    }
    Err(format!("it ends with {code:?}\n{}", String::from_utf8_lossy(&output.stderr)))
}

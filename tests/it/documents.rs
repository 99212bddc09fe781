//! What the documents show is true: every command in them runs, every rule and every facts file in them passes its own
//! cases, and the first screen of the README is the first screen.

use crate::support::{fixtures, lay_out};
use prodcheck::rules::{load, run_cases};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The documents: those at the top, and every guide.
fn documents() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guides = fs::read_dir(root.join("docs")).expect("the guides").map(|entry| entry.expect("a guide").file_name());
    let guides = guides.map(|name| format!("docs/{}", name.to_string_lossy())).filter(|name| name.ends_with(".md"));
    let mut all: Vec<String> = ["README.md", "CONTRIBUTING.md"].map(str::to_owned).into_iter().chain(guides).collect();
    all.sort();
    all
}

/// A fenced block: its document, its language, its text.
struct Block {
    document: String,
    language: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for document in documents() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&document);
        let text = fs::read_to_string(path).expect("a document");
        let mut open: Option<Block> = None;
        for line in text.lines() {
            match (&mut open, line.trim_start().strip_prefix("```")) {
                (None, Some(language)) => {
                    open =
                        Some(Block { document: document.clone(), language: language.to_owned(), text: String::new() });
                }
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(block), None) => block.text.push_str(&format!("{line}\n")),
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{document}: a block is not closed");
    }
    blocks
}

fn fixture(name: &str) -> PathBuf {
    fixtures().into_iter().find(|fixture| fixture.ends_with(name)).expect("the fixture")
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    command.current_dir(folder).env("NO_COLOR", "1").env_remove("COLUMNS").args(arguments);
    command.output().expect("prodcheck runs")
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
    let status = Command::new("git").current_dir(folder).args(who).args(arguments).status().expect("git");
    assert!(status.success(), "git {arguments:?}");
}

/// A repository in which the commands of the documents have what they name: an app below `apps/api`, env files, a
/// folder of rules, one of facts, a history.
fn workplace() -> TempDir {
    let folder = lay_out(&fixture("bknd/first-look"));
    let root = folder.path();
    for (from, to) in [("bknd.config.ts", "apps/api/bknd.config.ts"), ("package.json", "apps/api/package.json")] {
        fs::create_dir_all(root.join(to).parent().expect("a folder")).expect("a folder");
        fs::copy(root.join(from), root.join(to)).expect("a file");
    }
    for name in ["prod.env", "staging.env", "production.env"] {
        fs::write(root.join(name), "GREETING=hello\n").expect("a file");
    }
    for block in blocks().iter().filter(|block| block.language == "toml") {
        let path = match block.text.contains("[[gives]]") {
            true => "facts/npm/@acme/secure-app.toml",
            false if block.text.starts_with("# company.toml") => "company.toml",
            false if block.text.contains("summary") && block.document == "docs/own-rules.md" => {
                "checks/team/open-cors.toml"
            }
            false => continue,
        };
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &block.text).expect("a file");
    }
    fs::create_dir_all(root.join("reports")).expect("a folder");
    git(root, &["checkout", "-q", "-B", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "First"]);
    folder
}

/// The words of a command of a document; none for a command of another program.
fn command(line: &str) -> Option<Vec<String>> {
    let line = line.trim().trim_start_matches("- ").trim_start_matches("run: ").trim_start_matches("$ ");
    let line = line.trim_start_matches("npx --yes ").trim_start_matches("cargo run -- ");
    let is_other = line.starts_with("cargo ") || line.starts_with("podman ");
    let rest = line.strip_prefix("prodcheck ").or_else(|| line.strip_prefix("scan ").map(|_| line))?;
    let told = rest.split(" #").next().unwrap_or_default().replace("\"$GITHUB_STEP_SUMMARY\"", "summary.md");
    let words: Vec<String> = told.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect();
    (!is_other).then_some(words)
}

#[test]
fn every_command_in_the_documents_runs() {
    let folder = workplace();
    let mut failures = Vec::new();
    let mut ran = 0;
    for block in blocks().iter().filter(|block| matches!(&*block.language, "sh" | "console" | "yaml")) {
        for line in block.text.lines() {
            let Some(words) = command(line) else { continue };
            let words: Vec<&str> =
                words.iter().map(|word| if word.starts_with("fixtures/") { "." } else { word }).collect();
            let output = run(folder.path(), &words);
            ran += 1;
            if !matches!(output.status.code(), Some(0 | 1)) {
                failures.push(format!("{}: {line}\n{}", block.document, String::from_utf8_lossy(&output.stderr)));
            }
        }
    }
    assert!(ran >= 18, "only {ran} commands were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_in_the_documents_does_what_its_cases_say() {
    let mut rules = 0;
    for block in blocks().iter().filter(|block| block.language == "toml" && block.text.contains("summary")) {
        let rule = load("team/shown", &block.text).unwrap_or_else(|error| panic!("{}: {error:?}", block.document));
        let failures = run_cases(&rule);
        assert!(failures.is_empty() && !rule.cases.is_empty(), "{}: {failures:?}", block.document);
        rules += 1;
    }
    assert!(rules >= 2, "only {rules} rules were found");
}

#[test]
fn every_other_table_in_the_documents_is_valid() {
    for block in blocks().iter().filter(|block| block.language == "toml") {
        let table = block.text.parse::<toml::Table>();
        assert!(table.is_ok(), "{}: {table:?}\n{}", block.document, block.text);
    }
}

#[test]
fn rules_and_facts_of_the_documents_are_tested_with_the_answers_that_they_show() {
    let folder = workplace();
    for (document, arguments) in
        [("docs/own-rules.md", ["rules", "test", "checks"]), ("docs/own-facts.md", ["facts", "test", "facts"])]
    {
        let shown = String::from_utf8(run(folder.path(), &arguments).stdout).expect("UTF-8");
        let wanted = blocks().into_iter().find(|block| block.document == document && block.language == "text");
        assert_eq!(shown, wanted.expect("an answer").text, "{document}");
    }
}

#[test]
fn the_first_screen_of_the_readme_is_the_first_screen() {
    let folder = lay_out(&fixture("bknd/first-look"));
    let shown = String::from_utf8(run(folder.path(), &["scan"]).stdout).expect("UTF-8");
    // How long it took differs.
    let is_time = |text: &str| text.strip_suffix(" s").is_some_and(|seconds| seconds.parse::<f64>().is_ok());
    let without = |line: &str| match line.rsplit_once(" · ") {
        Some((before, last)) if is_time(last) => before.to_owned(),
        _ => line.to_owned(),
    };
    let timeless = |text: &str| -> String {
        text.lines().filter(|line| !is_time(line)).map(|line| without(line) + "\n").collect()
    };
    let block = blocks().into_iter().find(|block| block.language == "console").expect("a screen");
    let (first, screen) = block.text.split_once('\n').expect("a command");
    assert_eq!(first, "$ prodcheck scan fixtures/bknd/first-look");
    assert_eq!(timeless(screen).trim(), timeless(&shown).trim());
}

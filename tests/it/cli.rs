//! The command line as users and pipelines meet it: exit codes, streams, formats.

use crate::support::project;
use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn prodcheck(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("prodcheck").expect("the binary is built");
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("COLUMNS");
    command.args(arguments).output().expect("it runs")
}

fn code(arguments: &[&str]) -> Option<i32> {
    prodcheck(arguments).status.code()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("output is UTF-8")
}

const MANIFEST: &str = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
const CANARY: &str = "quiet-forest-lantern-parade";

fn leaky() -> TempDir {
    let config = format!(
        "import type {{ BkndConfig }} from \"bknd\";\nexport default {{\n  config: {{\n    server: {{ cors: {{ origin: \"*\", allow_credentials: true }} }},\n    auth: {{ enabled: true, jwt: {{ secret: \"{CANARY}\" }} }},\n  }},\n}} satisfies BkndConfig;\n"
    );
    let variables = format!("JWT_SECRET={CANARY}\nGREETING={CANARY}\n");
    project(&[("package.json", MANIFEST), ("bknd.config.ts", &config), (".env.production", &variables)])
}

const FORMATS: [&str; 11] =
    ["human", "concise", "agent", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html"];

#[test]
fn a_folder_without_a_project_is_not_checked() {
    let folder = project(&[("notes.txt", "hello")]);
    let path = folder.path().to_str().expect("a path");
    assert_eq!(code(&["scan", path]), Some(3));
    assert_eq!(code(&["scan", path, "--allow-empty"]), Some(0));
    let output = prodcheck(&["scan", path]);
    assert!(text(&output.stderr).contains("nothing was checked"), "{}", text(&output.stderr));
}

#[test]
fn what_blocks_fails_the_scan_in_every_format() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    for format in FORMATS {
        assert_eq!(code(&["scan", path, "--format", format]), Some(1), "{format}");
    }
    let empty = project(&[("notes.txt", "hello")]);
    for format in FORMATS {
        let path = empty.path().to_str().expect("a path");
        assert_eq!(code(&["scan", path, "--format", format]), Some(3), "{format}");
    }
}

#[test]
fn an_agent_gets_a_line_a_finding_with_what_to_do_and_how_many_more_there_are() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    let whole = prodcheck(&["scan", path, "--format", "agent"]);
    let all = text(&whole.stdout);
    let findings: Vec<&str> = all.lines().filter(|line| line.contains(" blocking ")).collect();
    assert!(findings.len() > 2, "{all}");
    for line in &findings {
        let (place, rest) = line.split_once(" blocking ").expect("a severity");
        assert!(place.split(':').count() == 3, "{line}");
        assert!(rest.contains(": ") && rest.contains(" | do: "), "{line}");
    }
    assert!(all.contains("; exit code 1\n") && !all.contains(" more, none of them heavier"), "{all}");
    let first = prodcheck(&["scan", path, "--format", "agent", "--limit", "1"]);
    let first = text(&first.stdout);
    assert_eq!(first.lines().next(), all.lines().next());
    assert!(first.lines().nth(1).expect("a second line").starts_with("... and "), "{first}");
    assert!(first.lines().count() < all.lines().count(), "{first}");
}

#[test]
fn no_variable_of_an_agent_changes_the_format() {
    let folder = leaky();
    let mut command = Command::cargo_bin("prodcheck").expect("the binary is built");
    for name in ["CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "AI_AGENT"] {
        command.env(name, "1");
    }
    let output = command.arg("scan").arg(folder.path()).output().expect("it runs");
    assert!(text(&output.stdout).contains("╭─["), "{}", text(&output.stdout));
}

#[test]
fn wrong_use_is_told_on_standard_error() {
    for arguments in [
        &["scan", "/no/such/folder"][..],
        &["scan", "--format", "xml"],
        &["scan", "--environment", "moon"],
        &["scan", "--fail-on", "everything"],
        &["frobnicate"],
        &["explain", "cors/no-such-rule"],
    ] {
        let output = prodcheck(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_target_that_does_not_exist_is_a_wrong_use() {
    let folder = leaky();
    let output = prodcheck(&["scan", folder.path().to_str().expect("a path"), "--target", "moon"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no app has the target `moon`"), "{}", text(&output.stderr));
}

#[test]
fn what_is_compiled_in_is_tested_where_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (what, folder) in [("facts", "libraries"), ("rules", "rules")] {
        let folder = root.join(folder);
        let folder = folder.to_str().expect("a path");
        let output = prodcheck(&[what, "test", folder, "--built-in"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        assert!(text(&output.stdout).ends_with("none failed\n"), "{}", text(&output.stdout));
        let output = prodcheck(&[what, "test", folder]);
        assert_eq!(output.status.code(), Some(1), "a team's own {what} have names of their own");
    }
}

#[test]
fn help_and_version_are_results() {
    for arguments in [&["--help"][..], &["--version"], &["scan", "--help"]] {
        let output = prodcheck(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn json_says_the_exit_code_and_its_schema() {
    let folder = leaky();
    let output = prodcheck(&["scan", folder.path().to_str().expect("a path"), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["exit_code"], 1);
    assert_eq!(json["environment"], "production");
    assert_eq!(json["apps"][0]["framework"], "bknd");
    assert_eq!(json["summary"]["blocking"].as_u64().map(|count| count > 0), Some(true));
}

#[test]
fn two_scans_give_the_same_bytes() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    let run = || prodcheck(&["scan", path, "--format", "json"]).stdout;
    assert_eq!(run(), run());
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bknd");
    for format in ["json", "sarif", "markdown"] {
        let run = |threads: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
            command.args(["scan", "--no-ignores", "--color", "never", "--format", format]).arg(&fixture);
            command.env("RAYON_NUM_THREADS", threads).output().expect("prodcheck runs").stdout
        };
        let one = run("1");
        assert!(text(&one).lines().count() > 20, "{}", text(&one));
        for threads in ["2", "8"] {
            assert!(run(threads) == one, "{format} with {threads} threads");
        }
    }
}

#[test]
fn no_command_shows_a_secret() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    for arguments in [
        &["scan", path][..],
        &["scan", path, "-v", "--checklist", "--color", "always"],
        &["scan", path, "--format", "concise"],
        &["scan", path, "--format", "json"],
        &["settings", path],
        &["settings", path, "--format", "json"],
    ] {
        let output = prodcheck(arguments);
        for part in CANARY.as_bytes().windows(8) {
            let part = text(part);
            assert!(!text(&output.stdout).contains(part), "{arguments:?}:\n{}", text(&output.stdout));
            assert!(!text(&output.stderr).contains(part), "{arguments:?}:\n{}", text(&output.stderr));
        }
    }
}

#[test]
fn colours_follow_the_flag() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    assert!(text(&prodcheck(&["scan", path, "--color", "always"]).stdout).contains('\u{1b}'));
    assert!(!text(&prodcheck(&["scan", path, "--color", "never"]).stdout).contains('\u{1b}'));
    assert!(!text(&prodcheck(&["scan", path]).stdout).contains('\u{1b}'), "a pipe is no terminal");
}

#[test]
fn a_report_goes_to_a_file() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    let file = folder.path().join("report.json");
    let output = prodcheck(&["scan", path, "--format", "json", "--output-file", file.to_str().expect("a path")]);
    assert!(output.stdout.is_empty());
    let written = fs::read(file).expect("it was written");
    assert!(serde_json::from_slice::<serde_json::Value>(&written).is_ok());
}

#[test]
fn one_run_writes_as_many_reports_as_are_asked_for() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    let out = TempDir::new().expect("a temporary folder");
    let file = |name: &str| out.path().join("reports").join(name).display().to_string();
    let (sarif, junit) = (format!("sarif={}", file("a.sarif")), format!("junit={}", file("b.xml")));
    let output = prodcheck(&["scan", path, "--format", "concise", "--output-file", &sarif, "--output-file", &junit]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("cors/credentialed-wildcard:"), "{}", text(&output.stdout));
    let log = fs::read(file("a.sarif")).expect("it was written");
    let log: serde_json::Value = serde_json::from_slice(&log).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(fs::read_to_string(file("b.xml")).expect("it was written").contains("<testsuites "));
    let twice = prodcheck(&["scan", path, "--output-file", &sarif, "--output-file", &sarif]);
    assert_eq!(twice.status.code(), Some(2));
    assert!(text(&twice.stderr).contains("two reports would be written"), "{}", text(&twice.stderr));
}

#[test]
fn an_output_file_of_no_format_is_a_wrong_use() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    let output = prodcheck(&["scan", path, "--output-file", "sarf=x.sarif"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`sarf` is no format; there are human, concise"), "{}", text(&output.stderr));
    let missing = prodcheck(&["scan", path, "--output-file", "json=/dev/null/x.json"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("/dev/null/x.json"), "{}", text(&missing.stderr));
}

#[test]
fn paths_are_told_from_the_top_of_the_repository_where_reviewers_read_them() {
    let config = "export default { config: { server: { cors: { origin: \"*\" } } } };\n";
    let folder = project(&[
        ("api/prodcheck.toml", ""),
        ("api/package.json", MANIFEST),
        ("api/bknd.config.ts", config),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ]);
    let path = folder.path().join("api");
    let path = path.to_str().expect("a path");
    let shown = |format: &str| text(&prodcheck(&["scan", path, "--format", format]).stdout).to_owned();
    assert!(shown("concise").contains("\nbknd.config.ts:1:"), "{}", shown("concise"));
    assert!(shown("github").contains("file=api/bknd.config.ts,"), "{}", shown("github"));
    assert!(shown("sarif").contains("\"api/bknd.config.ts\""), "{}", shown("sarif"));
    assert!(shown("gitlab").contains("\"api/bknd.config.ts\""), "{}", shown("gitlab"));
}

#[test]
fn rules_are_listed_for_people_and_machines() {
    let json = prodcheck(&["rules", "--format", "json"]).stdout;
    let rules: Vec<serde_json::Value> = serde_json::from_slice(&json).expect("it is a list");
    assert!(rules.iter().all(|rule| ["id", "severity", "summary", "owner"].iter().all(|key| rule[key].is_string())));
    let human = prodcheck(&["rules"]).stdout;
    assert_eq!(text(&human).lines().count(), rules.len());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let binary = Command::cargo_bin("prodcheck").expect("the binary is built").get_program().to_owned();
    let mut child = std::process::Command::new(binary)
        .arg("rules")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn shells_get_their_completions() {
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef prodcheck"), ("fish", "complete -c prodcheck")] {
        let output = prodcheck(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(text(&output.stdout).contains(sign), "{shell}");
        assert!(text(&output.stdout).contains("output-file"), "{shell}");
    }
    assert_eq!(code(&["completions", "cobol"]), Some(2));
}

#[test]
fn quiet_shows_what_blocks_and_verbose_how_long_it_took() {
    let folder = leaky();
    let path = folder.path().to_str().expect("a path");
    let quiet = prodcheck(&["scan", path, "-q"]);
    assert!(!text(&quiet.stdout).contains("⚠ warning "), "{}", text(&quiet.stdout));
    assert!(text(&quiet.stdout).contains("× blocking "), "{}", text(&quiet.stdout));
    assert!(quiet.stderr.is_empty(), "{}", text(&quiet.stderr));
    let verbose = prodcheck(&["scan", path, "-v"]);
    let told = text(&verbose.stderr);
    assert!(told.starts_with("prodcheck: took files "), "{told}");
    for stage in ["apps", "settings", "rules", "report"] {
        assert!(told.contains(&format!(", {stage} ")), "{told}");
    }
}

#[test]
fn a_watched_project_is_scanned_again_when_it_changes() {
    use std::io::{BufRead, BufReader};
    let folder = leaky();
    let binary = Command::cargo_bin("prodcheck").expect("the binary is built").get_program().to_owned();
    let mut child = std::process::Command::new(binary)
        .args(["scan", "--watch", "--format", "concise"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    let told = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut told = told.lines().map(|line| line.expect("a line")).filter(|line| line.contains("watching"));
    let shown = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut shown = shown.lines().map(|line| line.expect("a line")).filter(|line| line.contains(" blocking, "));
    let first = shown.next().expect("a report");
    told.next().expect("it waits");
    fs::write(folder.path().join("bknd.config.ts"), "export default {};\n").expect("the file is written");
    let second = shown.next().expect("a report");
    child.kill().expect("it runs still");
    child.wait().expect("it ends");
    assert_ne!(first, second);
}

#[test]
fn what_goes_wrong_is_told_within_the_width() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |columns: Option<&str>| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_prodcheck"));
        command
            .arg("scan")
            .current_dir(folder.path())
            .env_remove("COLUMNS")
            .envs(columns.map(|columns| ("COLUMNS", columns)));
        let output = command.output().expect("prodcheck runs");
        assert_eq!(output.status.code(), Some(3));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let narrow = told(Some("60"));
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
    // A log gets a line for each, and the same words.
    let whole = told(None);
    assert_eq!(whole.lines().count(), 2, "{whole}");
    assert_eq!(narrow.split_whitespace().collect::<Vec<_>>(), whole.split_whitespace().collect::<Vec<_>>());
}

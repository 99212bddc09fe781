//! What coding agents are given: the skill says what is so, its loop works on a project, and the hook hands back what blocks.

use assert_cmd::cargo::cargo_bin;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn prodcheck(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(cargo_bin("prodcheck")).current_dir(folder).args(arguments).output().expect("it runs")
}

fn told(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("a text")
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
    let status = Command::new("git").current_dir(folder).args(who).args(arguments).status().expect("git");
    assert!(status.success(), "git {arguments:?}");
}

const CONFIG: &str = "import type { BkndConfig } from \"bknd\";\nexport default {\n  options: { mode: \"code\" },\n  config: {\n    server: { cors: { origin: \"https://app.example.com\" } },\n    auth: { enabled: true, guard: { enabled: true } },\n  },\n} satisfies BkndConfig;\n";

/// A committed project in which the guard is on.
fn committed() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
    for (path, text) in [("package.json", manifest), ("bknd.config.ts", CONFIG)] {
        fs::write(folder.path().join(path), text).expect("a file");
    }
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "x"]);
    folder
}

fn open_the_guard(folder: &TempDir) {
    let open = CONFIG.replace("guard: { enabled: true }", "guard: { enabled: false }");
    fs::write(folder.path().join("bknd.config.ts"), open).expect("a file");
}

#[test]
fn the_loop_of_the_skill_ends_with_nothing_that_blocks() {
    let folder = committed();
    open_the_guard(&folder);
    let found = prodcheck(folder.path(), &["scan", "--changed", "--format", "agent"]);
    assert_eq!(found.status.code(), Some(1));
    let line = told(&found).lines().find(|line| line.contains(" blocking ")).expect("a finding");
    assert!(line.contains(" | do: ") && line.ends_with(" | fix: --fix"), "{line}");
    let rule = line.split(" blocking ").nth(1).and_then(|rest| rest.split(": ").next()).expect("a rule");
    assert_eq!(rule, "auth/guard-disabled");

    let page = prodcheck(folder.path(), &["explain", rule]);
    assert!(told(&page).contains("\nFix\n"), "{}", told(&page));
    let edits = prodcheck(folder.path(), &["scan", "--changed", "--diff"]);
    assert!(told(&edits).contains("enabled: true"), "{}", told(&edits));
    let fixed = prodcheck(folder.path(), &["scan", "--changed", "--fix", "--format", "agent"]);
    assert_eq!(fixed.status.code(), Some(0), "{}", told(&fixed));
    assert_eq!(fs::read_to_string(folder.path().join("bknd.config.ts")).expect("a text"), CONFIG);

    // What the edit brought in is gone: nothing differs any more.
    let after = prodcheck(folder.path(), &["scan", "--changed", "--format", "agent"]);
    assert_eq!(after.status.code(), Some(2), "{}", told(&after));
    assert!(String::from_utf8_lossy(&after.stderr).contains("is what HEAD"), "{after:?}");
}

#[cfg(unix)]
#[test]
fn the_hook_hands_back_what_blocks_and_is_silent_else() {
    let hook = |folder: &Path| {
        let script = root().join("packaging/plugin/hooks/findings.sh");
        let binary = cargo_bin("prodcheck");
        let path = format!("{}:/usr/bin:/bin", binary.parent().expect("a folder").display());
        let mut command = Command::new("sh");
        command.arg(script).current_dir(folder).env("PATH", path).output().expect("it runs")
    };
    let folder = committed();
    let clean = hook(folder.path());
    assert_eq!((clean.status.code(), clean.stderr.len(), clean.stdout.len()), (Some(0), 0, 0));
    open_the_guard(&folder);
    let blocked = hook(folder.path());
    assert_eq!(blocked.status.code(), Some(2), "an agent is handed what a hook says with this code alone");
    let text = String::from_utf8(blocked.stderr).expect("a text");
    assert!(text.contains("auth/guard-disabled") && text.contains(" | do: "), "{text}");
    let nowhere = tempfile::tempdir().expect("a folder");
    assert_eq!(hook(nowhere.path()).status.code(), Some(0), "no repository, no project: no word");
}

#[test]
fn the_skill_names_commands_that_there_are() {
    let skill = fs::read_to_string(root().join("packaging/skill/SKILL.md")).expect("the skill");
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = 0;
    for code in skill.split('`').skip(1).step_by(2).filter(|code| code.starts_with("prodcheck ")) {
        let words: Vec<&str> = code.split_whitespace().skip(1).collect();
        let help = prodcheck(folder.path(), &[words[0], "--help"]);
        assert_eq!(help.status.code(), Some(0), "{code}");
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(told(&help).contains(flag), "{code}: there is no {flag}");
        }
        seen += 1;
    }
    assert!(seen > 6, "the skill names {seen} commands");
    let front = skill.strip_prefix("---\n").and_then(|rest| rest.split("\n---\n").next()).expect("front matter");
    assert!(front.lines().any(|line| line == "name: prodcheck"), "{front}");
    let description = front.lines().find_map(|line| line.strip_prefix("description: ")).expect("a description");
    assert!(description.chars().count() <= 1024, "a description has 1024 characters at most");
    for code in ["| 0 |", "| 1 |", "| 2 |", "| 3 |"] {
        assert!(skill.contains(code), "{code}");
    }
}

#[test]
fn the_plugin_carries_the_skill_and_commands_that_there_are() {
    let plugin = root().join("packaging/plugin");
    let read = |path: &str| fs::read_to_string(plugin.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let json = |path: &str| -> serde_json::Value { serde_json::from_str(&read(path)).expect("JSON") };
    let skill = fs::read_to_string(root().join("packaging/skill/SKILL.md")).expect("the skill");
    assert_eq!(read("skills/prodcheck/SKILL.md"), skill, "copy packaging/skill/SKILL.md to the plugin");
    assert_eq!(json(".claude-plugin/plugin.json")["name"], "prodcheck");
    let servers = [json(".mcp.json")["mcpServers"]["prodcheck"].clone(), json(".lsp.json")["prodcheck"].clone()];
    for server in servers {
        assert_eq!(server["command"], "prodcheck");
        let command = server["args"][0].as_str().expect("a command");
        assert_eq!(prodcheck(root(), &[command, "--help"]).status.code(), Some(0), "{command}");
    }
    let command = json("hooks/hooks.json")["hooks"]["PostToolUse"][0]["hooks"][0]["command"].clone();
    let script = command.as_str().and_then(|text| text.split("${CLAUDE_PLUGIN_ROOT}/").nth(1)).expect("a script");
    let script: PathBuf = plugin.join(script.trim_end_matches('"'));
    assert!(script.is_file(), "{}", script.display());
}

//! The server of tools as a coding agent meets it: a line in, a line out.

use crate::support::project;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tempfile::TempDir;

const MANIFEST: &str = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
const CANARY: &str = "quiet-forest-lantern-parade";

fn small() -> TempDir {
    let config = format!(
        "import type {{ BkndConfig }} from \"bknd\";\nexport default {{\n  config: {{\n    server: {{ cors: {{ origin: \"*\", allow_credentials: true }} }},\n    auth: {{ enabled: true, guard: {{ enabled: false }}, jwt: {{ secret: \"{CANARY}\" }} }},\n  }},\n}} satisfies BkndConfig;\n"
    );
    project(&[("package.json", MANIFEST), ("bknd.config.ts", &config), ("notes/readme.txt", "hello")])
}

/// A client that plays its part.
struct Agent {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: i64,
    all: String,
}

impl Agent {
    fn start(folder: &TempDir) -> Agent {
        let mut child = Command::new(env!("CARGO_BIN_EXE_prodcheck"))
            .arg("mcp")
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let (input, output) = (child.stdin.take().expect("its input"), child.stdout.take().expect("its output"));
        let mut agent = Agent { child, input, output: BufReader::new(output), asked: 0, all: String::new() };
        let told = agent.ask("initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "x", "version": "1" } }));
        assert_eq!(told["result"]["protocolVersion"], "2025-06-18");
        assert_eq!(told["result"]["serverInfo"]["name"], "prodcheck");
        agent.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        agent
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it listens");
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        self.all.push_str(&line);
        serde_json::from_str(&line).expect("a line is one value")
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        let answer = self.hear();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    fn call(&mut self, tool: &str, arguments: Value) -> (String, bool) {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        (text, result["isError"] == true)
    }

    fn told(&mut self, tool: &str, arguments: Value) -> String {
        let (text, failed) = self.call(tool, arguments);
        assert!(!failed, "{text}");
        text
    }

    fn refused(&mut self, tool: &str, arguments: Value) -> String {
        let (text, failed) = self.call(tool, arguments);
        assert!(failed, "{text}");
        text
    }

    fn leave(mut self) {
        drop(self.input);
        assert!(self.child.wait().expect("it ends").success());
        assert!(!self.all.contains(CANARY), "a secret was told");
    }
}

/// Every file of a folder with its bytes.
fn files(folder: &TempDir) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let all = walkdir::WalkDir::new(folder.path()).sort_by_file_name().into_iter().flatten();
    let files = all.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).expect("a file"))).collect()
}

#[test]
fn every_tool_reads_and_none_writes() {
    let folder = small();
    let before = files(&folder);
    let mut agent = Agent::start(&folder);
    let listed = agent.ask("tools/list", json!({}));
    let tools = listed["result"]["tools"].as_array().expect("tools").clone();
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["scan", "explain", "why", "settings", "fix_preview"]);
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }

    let found = agent.told("scan", json!({}));
    let line = found.lines().find(|line| line.contains("auth/guard-disabled")).expect("the finding");
    assert!(
        line.starts_with("bknd.config.ts:5:") && line.contains(" | do: ") && line.contains(" | fix: --fix"),
        "{line}"
    );
    let first = agent.told("scan", json!({ "limit": 1 }));
    assert!(first.contains("... and ") && first.lines().count() < found.lines().count(), "{first}");
    let cors = agent.told("scan", json!({ "select": "cors" }));
    assert!(cors.contains("cors/") && !cors.contains("auth/guard-disabled"), "{cors}");

    let page = agent.told("explain", json!({ "rule": "auth/guard-disabled" }));
    assert!(page.contains("\nWhy\n") && page.contains("\nFix\n"), "{page}");
    assert!(agent.told("explain", json!({ "rule": "cors" })).contains("cors/wildcard"));
    let way = agent.told("why", json!({ "setting": "cors.origins" }));
    assert!(way.contains("bknd.config.ts") && way.contains('*'), "{way}");
    let rows = agent.told("settings", json!({ "name": "cors" }));
    assert!(rows.contains("cors.origins") && !rows.contains("cookie"), "{rows}");
    let edits = agent.told("fix_preview", json!({}));
    assert!(edits.contains("+++ ") && edits.contains("enabled: true"), "{edits}");
    let other = agent.told("fix_preview", json!({ "select": "cors" }));
    assert!(!other.contains("enabled: true"), "{other}");

    agent.leave();
    assert!(files(&folder) == before, "nothing is written");
}

#[test]
fn what_lies_outside_is_refused_by_every_tool() {
    let (folder, other) = (small(), small());
    let outside = other.path().to_str().expect("a path");
    let mut agent = Agent::start(&folder);
    for path in ["..", "/", "../../etc", outside, "nowhere"] {
        for (tool, arguments) in [
            ("scan", json!({ "path": path })),
            ("why", json!({ "setting": "cors.origins", "path": path })),
            ("settings", json!({ "name": "cors", "path": path })),
            ("fix_preview", json!({ "path": path })),
        ] {
            let why = agent.refused(tool, arguments);
            assert!(why.contains("no path in the folder"), "{tool} {path}: {why}");
        }
    }
    assert!(agent.told("scan", json!({ "path": "." })).contains("auth/guard-disabled"));
    agent.leave();
}

#[test]
fn a_wrong_question_is_answered_so_that_the_next_one_can_be_right() {
    let folder = small();
    let mut agent = Agent::start(&folder);
    for (tool, arguments, word) in [
        ("settings", json!({}), "all settings are too many"),
        ("settings", json!({ "name": "no-such-setting" }), "no setting"),
        ("scan", json!({ "environment": "moon" }), "staging"),
        ("scan", json!({ "select": "no/such-rule" }), "no rule or category"),
        ("scan", json!({ "fix": true }), "no argument `fix`"),
        ("scan", json!({ "limit": "many" }), "no integer"),
        ("why", json!({}), "`setting` is missing"),
        ("why", json!({ "setting": "cors.orgins" }), "did you mean"),
        ("explain", json!({ "rule": "cors/wildcards" }), "did you mean"),
    ] {
        let why = agent.refused(tool, arguments);
        assert!(why.contains(word), "{tool}: {why}");
    }
    let empty = project(&[("notes.txt", "hello")]);
    let mut other = Agent::start(&empty);
    assert!(other.refused("scan", json!({})).contains("nothing was checked"));
    other.leave();

    assert_eq!(agent.ask("tools/call", json!({ "name": "write", "arguments": {} }))["error"]["code"], -32602);
    assert_eq!(agent.ask("resources/list", json!({}))["error"]["code"], -32601);
    assert_eq!(agent.ask("ping", json!({}))["result"], json!({}));
    agent.leave();
}

#[test]
fn what_is_no_message_is_outlived() {
    let folder = small();
    let mut agent = Agent::start(&folder);
    agent.say("this is no JSON");
    assert_eq!(agent.hear()["error"]["code"], -32700);
    agent.say("[1, 2]");
    assert_eq!(agent.hear()["error"]["code"], -32600);
    agent.say(&"x".repeat(3 << 20));
    assert_eq!(agent.hear()["error"]["code"], -32600);
    agent.say("");
    agent.say(
        &json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 } }).to_string(),
    );
    assert_eq!(agent.ask("ping", json!({}))["result"], json!({}));
    agent.leave();
}

#[test]
fn a_version_that_is_not_spoken_is_answered_with_the_newest() {
    let folder = small();
    let mut agent = Agent::start(&folder);
    let told = agent.ask("initialize", json!({ "protocolVersion": "1999-01-01" }));
    assert_eq!(told["result"]["protocolVersion"], "2025-11-25");
    agent.leave();
}

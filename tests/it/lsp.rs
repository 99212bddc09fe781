//! The language server as an editor meets it: messages in, messages out.

use crate::support::project;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const MANIFEST: &str = r#"{ "name": "app", "dependencies": { "bknd": "0.20.0" } }"#;
const CANARY: &str = "quiet-forest-lantern-parade";

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long nothing is said when nothing is to be said.
const SILENCE: Duration = Duration::from_millis(700);

fn config(origin: &str) -> String {
    format!(
        "import type {{ BkndConfig }} from \"bknd\";\nexport default {{\n  config: {{\n    server: {{ cors: {{ origin: \"{origin}\", allow_credentials: true }} }},\n    auth: {{ enabled: true, guard: {{ enabled: false }}, jwt: {{ secret: \"{CANARY}\" }} }},\n  }},\n}} satisfies BkndConfig;\n"
    )
}

fn small() -> TempDir {
    project(&[("package.json", MANIFEST), ("bknd.config.ts", &config("*"))])
}

fn uri(folder: &TempDir, file: &str) -> String {
    let path = folder.path().join(file);
    format!("file://{}", path.display())
}

/// An editor that plays its part, and keeps all that it was told.
struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    asked: i64,
    /// What each file shows now.
    shown: BTreeMap<String, Vec<Value>>,
    /// How often each file was told.
    told: usize,
    all: String,
}

impl Editor {
    fn open(folders: &[&TempDir]) -> Editor {
        Editor::with(folders, json!({ "documentChanges": true, "resourceOperations": ["create"] }), Value::Null)
    }

    fn with(folders: &[&TempDir], edits: Value, options: Value) -> Editor {
        let mut child = Command::new(env!("CARGO_BIN_EXE_prodcheck"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let (input, output) = (child.stdin.take(), child.stdout.take().expect("its output"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut editor =
            Editor { child, input, messages, asked: 0, shown: BTreeMap::new(), told: 0, all: String::new() };
        let listed: Vec<Value> =
            folders.iter().map(|folder| json!({ "uri": uri(folder, "").trim_end_matches('/'), "name": "x" })).collect();
        let answer = editor.ask(
            "initialize",
            json!({
                "processId": null,
                "capabilities": { "workspace": {
                    "workspaceEdit": edits,
                    "didChangeWatchedFiles": { "dynamicRegistration": true },
                } },
                "initializationOptions": options,
                "workspaceFolders": listed,
            }),
        );
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let input = self.input.as_mut().expect("it listens");
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it listens");
        input.flush().expect("it listens");
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let answer = self.until("an answer", |message, _| message["id"] == id && message.get("method").is_none());
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// Takes in messages until one is wanted.
    fn until(&mut self, what: &str, wanted: impl Fn(&Value, &Editor) -> bool) -> Value {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match self.messages.recv_timeout(PATIENCE) {
                Ok(message) => {
                    self.hear(&message);
                    if wanted(&message, self) {
                        return message;
                    }
                }
                Err(error) => panic!("{what}: {error}"),
            }
        }
        panic!("{what} did not come; shown are {:?}", self.rules());
    }

    fn hear(&mut self, message: &Value) {
        self.all.push_str(&message.to_string());
        if message["method"] == "client/registerCapability" {
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
        }
        if message["method"] == "textDocument/publishDiagnostics" {
            let file = message["params"]["uri"].as_str().expect("a file").to_owned();
            let diagnostics = message["params"]["diagnostics"].as_array().expect("a list").clone();
            self.told += 1;
            self.shown.insert(file, diagnostics);
        }
    }

    /// What is shown, once a file shows a rule or does not any more.
    fn until_shown(&mut self, file: &str, rule: &str, is_there: bool) {
        let shows = |editor: &Editor| editor.of(file, rule).is_some() == is_there && editor.told > 0;
        if !shows(self) {
            self.until(&format!("{rule} in {file}, {is_there}"), |_, editor| shows(editor));
        }
    }

    fn of(&self, file: &str, rule: &str) -> Option<Value> {
        self.shown.get(file)?.iter().find(|shown| shown["code"] == rule).cloned()
    }

    fn rules(&self) -> BTreeMap<&str, Vec<&str>> {
        self.shown
            .iter()
            .map(|(file, shown)| (file.as_str(), shown.iter().filter_map(|one| one["code"].as_str()).collect()))
            .collect()
    }

    /// How many files are told anew while nothing is asked.
    fn told_in_silence(&mut self) -> usize {
        let before = self.told;
        loop {
            match self.messages.recv_timeout(SILENCE) {
                Ok(message) => self.hear(&message),
                Err(RecvTimeoutError::Timeout) => return self.told - before,
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn open_file(&mut self, file: &str, text: &str) {
        let document = json!({ "uri": file, "languageId": "typescript", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn edit(&mut self, file: &str, version: i32, text: &str) {
        let changes = json!([{ "text": text }]);
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": file, "version": version }, "contentChanges": changes }),
        );
    }

    fn actions(&mut self, file: &str, diagnostic: &Value) -> Vec<Value> {
        let context = json!({ "diagnostics": [diagnostic] });
        let params = json!({ "textDocument": { "uri": file }, "range": diagnostic["range"], "context": context });
        self.ask("textDocument/codeAction", params).as_array().expect("a list").clone()
    }

    /// Leaves as the protocol wants it; gives all that was told.
    fn leave(mut self) -> String {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status}");
        assert!(!self.all.contains(CANARY), "a secret was told");
        std::mem::take(&mut self.all)
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(told) = line.strip_prefix("Content-Length: ") {
            length = told.trim().parse().ok()?;
        }
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The text after some edits of the protocol, all on ASCII.
fn applied(text: &str, edits: &Value) -> String {
    let offset = |at: &Value| {
        let (line, character) = (at["line"].as_u64().expect("a line"), at["character"].as_u64().expect("a column"));
        let before: usize = text.split_inclusive('\n').take(usize::try_from(line).expect("small")).map(str::len).sum();
        before + usize::try_from(character).expect("small")
    };
    let mut edits: Vec<&Value> = edits.as_array().expect("edits").iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(offset(&edit["range"]["start"])));
    let mut made = text.to_owned();
    for edit in edits {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        made.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    made
}

const WILDCARD: &str = "cors/credentialed-wildcard";

#[test]
fn a_project_is_judged_as_it_is_typed() {
    let folder = small();
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    editor.until_shown(&file, WILDCARD, true);
    let found = editor.of(&file, WILDCARD).expect("a diagnostic");
    assert_eq!(found["source"], "prodcheck");
    assert_eq!(found["severity"], 1);
    assert!(found["codeDescription"]["href"].as_str().is_some_and(|page| page.starts_with("https://")), "{found}");
    assert!(found["message"].as_str().is_some_and(|text| text.contains('\n')), "it says what to do: {found}");

    editor.open_file(&file, &config("*"));
    editor.edit(&file, 2, &config("https://app.example.com"));
    editor.until_shown(&file, WILDCARD, false);
    assert!(editor.of(&file, "auth/guard-disabled").is_some(), "the others stay");
    assert_eq!(fs::read_to_string(folder.path().join("bknd.config.ts")).expect("a text"), config("*"));

    // Closed without being saved, the file is again what lies on the disk.
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": file } }));
    editor.until_shown(&file, WILDCARD, true);
    editor.leave();
}

#[test]
fn many_keystrokes_are_one_scan_and_what_does_not_change_is_not_told_again() {
    let folder = small();
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    editor.until_shown(&file, WILDCARD, true);
    editor.open_file(&file, &config("*"));
    assert_eq!(editor.told_in_silence(), 0, "nothing has changed");
    for version in 2..32 {
        editor.edit(
            &file,
            version,
            &config(&"https://app.example.com"[..usize::try_from(version).expect("small") / 2 + 8]),
        );
    }
    assert_eq!(editor.told_in_silence(), 1, "one scan, one file");
    assert!(editor.of(&file, WILDCARD).is_none());
    editor.leave();
}

#[test]
fn columns_are_utf16_both_ways() {
    let text = config("*").replace("server: {", "/* 😀😀 */ server: {");
    let folder = project(&[("package.json", MANIFEST), ("bknd.config.ts", &text)]);
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    editor.until_shown(&file, WILDCARD, true);
    let found = editor.of(&file, WILDCARD).expect("a diagnostic");
    let line = text.lines().nth(3).expect("the line");
    let column = line[..line.find("\"*\"").expect("it stands there")].encode_utf16().count();
    assert_eq!(found["range"]["start"], json!({ "line": 3, "character": column }), "{found}");

    editor.open_file(&file, &text);
    let range =
        json!({ "start": { "line": 3, "character": column + 1 }, "end": { "line": 3, "character": column + 2 } });
    let change = json!([{ "range": range, "text": "https://app.example.com" }]);
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": file, "version": 2 }, "contentChanges": change }),
    );
    editor.until_shown(&file, WILDCARD, false);
    editor.leave();
}

#[test]
fn related_information_is_the_way_of_the_value() {
    let origins = "export const origins = process.env.ALLOWED_ORIGINS?.split(\",\") ?? [\"*\"];\n";
    let text = config("X")
        .replace("\"X\"", "origins.join(\",\")")
        .replace("import type", "import { origins } from \"./origins\";\nimport type");
    let folder = project(&[("package.json", MANIFEST), ("bknd.config.ts", &text), ("origins.ts", origins)]);
    let mut editor = Editor::open(&[&folder]);
    let place = uri(&folder, "origins.ts");
    editor.until_shown(&place, "cors/wildcard-fallback", true);
    let found = editor.of(&place, "cors/wildcard-fallback").expect("a diagnostic");
    let related = found["relatedInformation"].as_array().expect("the way");
    assert!(
        related.iter().any(|step| step["message"].as_str().is_some_and(|text| text.contains("ALLOWED_ORIGINS"))),
        "{found}"
    );
    assert!(related.iter().any(|step| step["location"]["uri"] == uri(&folder, "bknd.config.ts")), "{found}");
    editor.leave();
}

#[test]
fn a_hover_says_what_the_setting_is_in_production_and_why() {
    let folder = project(&[
        ("package.json", MANIFEST),
        ("bknd.config.ts", &config("X").replace("\"X\"", "process.env.ORIGIN")),
        (".env.production", &format!("ORIGIN=https://app.example.com\nAPI_SECRET={CANARY}\n")),
    ]);
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    let text = config("X").replace("\"X\"", "process.env.ORIGIN");
    let line = text.lines().nth(3).expect("the line");
    let mut hover = |needle: &str| {
        let position = json!({ "line": 3, "character": line.find(needle).expect("it stands there") + 1 });
        editor.ask("textDocument/hover", json!({ "textDocument": { "uri": file }, "position": position }))
    };
    for needle in ["process.env", "origin:"] {
        let told = hover(needle)["contents"]["value"].as_str().expect("a text").to_owned();
        for part in ["https://app.example.com", "in production", "ORIGIN", ".env.production:1"] {
            assert!(told.contains(part), "{needle}: {part} is not in {told}");
        }
    }
    let position = json!({ "line": 0, "character": 0 });
    let nothing = editor.ask(
        "textDocument/hover",
        json!({ "textDocument": { "uri": uri(&folder, "package.json") }, "position": position }),
    );
    assert_eq!(nothing, Value::Null);
    let variables = uri(&folder, ".env.production");
    for line in 0..2 {
        let position = json!({ "line": line, "character": 12 });
        editor.ask("textDocument/hover", json!({ "textDocument": { "uri": variables }, "position": position }));
    }
    editor.leave();
}

#[test]
fn a_fix_that_holds_and_an_ignore_are_offered() {
    let folder = small();
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    editor.until_shown(&file, "auth/guard-disabled", true);
    editor.open_file(&file, &config("*"));
    let found = editor.of(&file, "auth/guard-disabled").expect("a diagnostic");
    let actions = editor.actions(&file, &found);
    let titled = |word: &str| {
        actions.iter().find(|action| action["title"].as_str().is_some_and(|title| title.starts_with(word)))
    };

    let fix = titled("Fix auth/guard-disabled").expect("a fix");
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["diagnostics"][0]["code"], "auth/guard-disabled");
    let change = &fix["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": file, "version": 1 }));
    let fixed = applied(&config("*"), &change["edits"]);
    assert_eq!(fixed, config("*").replace("enabled: false", "enabled: true"));

    let ignore = titled("Ignore auth/guard-disabled").expect("an ignore");
    let ignored = applied(&config("*"), &ignore["edit"]["documentChanges"][0]["edits"]);
    assert!(ignored.contains("    // prodcheck-ignore-next-line auth/guard-disabled -- \n    auth:"), "{ignored}");
    editor.edit(&file, 2, &ignored);
    editor.until_shown(&file, "suppress/no-reason", true);
    assert!(editor.of(&file, "auth/guard-disabled").is_some(), "without a reason nothing is ignored");
    editor.edit(&file, 3, &ignored.replace(" -- \n", " -- a demo\n"));
    editor.until_shown(&file, "auth/guard-disabled", false);
    editor.leave();
}

#[test]
fn a_client_that_knows_no_versions_gets_plain_changes() {
    let folder = small();
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::with(&[&folder], Value::Null, Value::Null);
    editor.until_shown(&file, "auth/guard-disabled", true);
    let found = editor.of(&file, "auth/guard-disabled").expect("a diagnostic");
    let actions = editor.actions(&file, &found);
    let fix = actions.iter().find(|action| action["title"] == "Fix auth/guard-disabled").expect("a fix");
    assert!(fix["edit"].get("documentChanges").is_none());
    assert_eq!(fix["edit"]["changes"][&file].as_array().map(Vec::len), Some(1), "{fix}");
    editor.leave();
}

#[test]
fn files_that_are_saved_renamed_and_deleted_count() {
    let folder = small();
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    editor.until_shown(&file, WILDCARD, true);
    let watched = |uris: &[(&str, u8)]| {
        let changes: Vec<Value> = uris.iter().map(|(uri, kind)| json!({ "uri": uri, "type": kind })).collect();
        json!({ "changes": changes })
    };
    fs::write(folder.path().join("bknd.config.ts"), config("https://app.example.com")).expect("it is written");
    editor.tell("workspace/didChangeWatchedFiles", watched(&[(&file, 2)]));
    editor.until_shown(&file, WILDCARD, false);

    let variables = uri(&folder, ".env.production");
    fs::write(folder.path().join(".env.production"), format!("JWT_SECRET={CANARY}\n")).expect("it is written");
    editor.tell("workspace/didChangeWatchedFiles", watched(&[(&variables, 1)]));
    editor.until("the env file", |_, editor| editor.shown.get(&variables).is_some_and(|shown| !shown.is_empty()));
    fs::remove_file(folder.path().join(".env.production")).expect("it is removed");
    editor.tell("workspace/didDeleteFiles", json!({ "files": [{ "uri": variables }] }));
    editor.until("nothing of the env file", |_, editor| editor.shown.get(&variables).is_some_and(Vec::is_empty));

    let renamed = uri(&folder, "bknd.config.mts");
    fs::rename(folder.path().join("bknd.config.ts"), folder.path().join("bknd.config.mts")).expect("it is renamed");
    editor.tell("workspace/didRenameFiles", json!({ "files": [{ "oldUri": file, "newUri": renamed }] }));
    editor.until("nothing of the old name", |_, editor| editor.shown.get(&file).is_some_and(Vec::is_empty));

    // What nobody reads is no change.
    editor.told_in_silence();
    editor.tell("workspace/didChangeWatchedFiles", watched(&[(&uri(&folder, "node_modules/x/a.ts"), 2)]));
    assert_eq!(editor.told_in_silence(), 0);
    editor.leave();
}

#[test]
fn the_environment_can_be_changed() {
    let password =
        "strategies: { password: { type: \"password\", config: { hashing: \"bcrypt\", minLength: 9 } } }, jwt:";
    let text = config("*").replace("jwt:", password);
    let folder = project(&[("package.json", MANIFEST), ("bknd.config.ts", &text)]);
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::with(&[&folder], Value::Null, json!({ "environment": "production" }));
    editor.until_shown(&file, WILDCARD, true);
    assert!(editor.of(&file, "auth/short-password-minimum").is_none());
    let changed = |to: &str| json!({ "settings": { "prodcheck": { "environment": to } } });
    editor.tell("workspace/didChangeConfiguration", changed("high-security"));
    editor.until_shown(&file, "auth/short-password-minimum", true);
    editor.tell("workspace/didChangeConfiguration", changed("moon"));
    let logged = editor.until("a word in the log", |message, _| message["method"] == "window/logMessage");
    assert!(logged["params"]["message"].as_str().is_some_and(|text| text.contains("staging")), "{logged}");
    editor.tell("workspace/didChangeConfiguration", changed("production"));
    editor.until_shown(&file, "auth/short-password-minimum", false);
    editor.leave();
}

#[test]
fn mistakes_in_prodcheck_toml_are_shown_and_its_words_completed() {
    let folder = small();
    let (file, own) = (uri(&folder, "bknd.config.ts"), uri(&folder, "prodcheck.toml"));
    let mut editor = Editor::open(&[&folder]);
    editor.until_shown(&file, WILDCARD, true);
    editor.open_file(&own, "[rules]\n\"cors/no-such-rule\" = { severity = \"warning\" }\n");
    editor.until_shown(&own, "config/invalid", true);
    let wrong = editor.of(&own, "config/invalid").expect("a mistake");
    assert_eq!(wrong["range"]["start"], json!({ "line": 1, "character": 0 }));
    assert!(editor.of(&file, WILDCARD).is_some(), "the findings stay");

    let text = "[[ignore]]\nrule = \"cors/\"\n";
    editor.edit(&own, 2, text);
    let position = json!({ "line": 1, "character": 13 });
    let offers = editor.ask("textDocument/completion", json!({ "textDocument": { "uri": own }, "position": position }));
    let offer = offers.as_array().expect("a list").iter().find(|offer| offer["label"] == WILDCARD).expect("the rule");
    assert_eq!(applied(text, &json!([offer["textEdit"]])), format!("[[ignore]]\nrule = \"{WILDCARD}\"\n"));

    editor.edit(&own, 3, &format!("[[ignore]]\nrule = \"{WILDCARD}\"\nreason = \"a public API\"\n"));
    editor.until_shown(&file, WILDCARD, false);
    editor.until_shown(&own, "config/invalid", false);
    let elsewhere =
        editor.ask("textDocument/completion", json!({ "textDocument": { "uri": file }, "position": position }));
    assert_eq!(elsewhere, json!([]));
    editor.leave();
}

#[test]
fn two_folders_are_judged_each_by_itself() {
    let (one, other) = (small(), small());
    let (first, second) = (uri(&one, "bknd.config.ts"), uri(&other, "bknd.config.ts"));
    let mut editor = Editor::open(&[&one, &other]);
    editor.until_shown(&first, WILDCARD, true);
    editor.until_shown(&second, WILDCARD, true);
    editor.open_file(&second, &config("https://app.example.com"));
    editor.until_shown(&second, WILDCARD, false);
    assert!(editor.of(&first, WILDCARD).is_some());
    let removed = json!([{ "uri": uri(&one, "").trim_end_matches('/'), "name": "x" }]);
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": removed } }));
    editor.until("nothing of the folder", |_, editor| editor.shown[&first].is_empty());
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": removed, "removed": [] } }));
    editor.until_shown(&first, WILDCARD, true);
    editor.leave();
}

#[test]
fn two_folders_of_one_repository_show_each_finding_once() {
    let folder = project(&[
        ("a/package.json", MANIFEST),
        ("a/bknd.config.ts", &config("*")),
        ("b/package.json", MANIFEST),
        ("b/bknd.config.ts", &config("*")),
    ]);
    let mut editor = Editor::with(&[], Value::Null, Value::Null);
    let added: Vec<Value> =
        ["", "a"].iter().map(|name| json!({ "uri": uri(&folder, name).trim_end_matches('/'), "name": "x" })).collect();
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": added, "removed": [] } }));
    for name in ["a/bknd.config.ts", "b/bknd.config.ts"] {
        editor.until_shown(&uri(&folder, name), WILDCARD, true);
    }
    editor.told_in_silence();
    for name in ["a/bknd.config.ts", "b/bknd.config.ts"] {
        let shown = &editor.shown[&uri(&folder, name)];
        assert_eq!(shown.iter().filter(|one| one["code"] == WILDCARD).count(), 1, "{name}");
    }
    editor.leave();
}

#[test]
fn what_cannot_be_read_is_outlived() {
    let folder = small();
    let file = uri(&folder, "bknd.config.ts");
    let mut editor = Editor::open(&[&folder]);
    editor.tell("textDocument/didOpen", json!({ "nonsense": true }));
    editor.tell("textDocument/didChange", json!([1, 2]));
    editor.tell("$/unknown", Value::Null);
    editor.open_file("untitled:Untitled-1", "x");
    editor.asked += 1;
    let id = editor.asked;
    editor.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": {} }));
    let refused = editor.until("a refusal", |message, _| message["id"] == id && message.get("error").is_some());
    assert_eq!(refused["error"]["code"], -32601);
    editor.until_shown(&file, WILDCARD, true);
    let nowhere = editor.ask(
        "textDocument/hover",
        json!({ "textDocument": { "uri": "file:///nowhere.ts" }, "position": { "line": 9, "character": 9 } }),
    );
    assert_eq!(nowhere, Value::Null);
    editor.leave();
}

#[test]
fn an_editor_that_just_goes_leaves_no_server_behind() {
    let folder = small();
    let mut editor = Editor::open(&[&folder]);
    drop(editor.input.take());
    let began = Instant::now();
    let status = loop {
        if let Some(status) = editor.child.try_wait().expect("its status") {
            break status;
        }
        assert!(began.elapsed() < PATIENCE, "it is still there");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(!status.success());
    assert!(Path::new(folder.path()).exists());
}

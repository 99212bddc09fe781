//! The protocol: one JSON value a line, questions with an id are answered, everything else is only heard.

use super::tools::Tools;
use serde_json::{Map, Value, json};
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The versions of the protocol that are spoken, the newest first.
const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
/// The longest line that is read.
const MOST_BYTES: u64 = 1 << 20;

const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;

const INSTRUCTIONS: &str = "prodcheck tells whether a project is configured to be in production. scan lists what is wrong; explain says why a rule \
    matters and how to fix it; why and settings say what a setting would be in production and where it comes from; fix_preview shows the edits that \
    `prodcheck scan --fix` would make. Nothing here writes. What is unverified is a question for the user, not a finding to silence.";

/// Serves one client until its input ends.
pub(crate) fn serve(mut input: impl BufRead, mut output: impl Write, tools: &Tools) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        let read = io::Read::take(&mut input, MOST_BYTES).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        let answer = if line.last() != Some(&b'\n') && line.len() as u64 == MOST_BYTES {
            skip_line(&mut input)?;
            Some(error(&Value::Null, INVALID_REQUEST, "the line is too long"))
        } else {
            answer_to(&line, tools)
        };
        if let Some(answer) = answer {
            writeln!(output, "{answer}")?;
            output.flush()?;
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let mut rest = Vec::new();
        let read = io::Read::take(&mut *input, MOST_BYTES).read_until(b'\n', &mut rest)?;
        if read == 0 || rest.last() == Some(&b'\n') {
            return Ok(());
        }
    }
}

/// What is said to a line; nothing to a notification, an answer, or an empty line.
fn answer_to(line: &[u8], tools: &Tools) -> Option<Value> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let Ok(message) = serde_json::from_slice::<Value>(line) else {
        return Some(error(&Value::Null, PARSE_ERROR, "this is no JSON"));
    };
    let method = message["method"].as_str();
    let Some(id) = message.get("id").filter(|id| id.is_string() || id.is_number()) else {
        return method.is_none().then(|| error(&Value::Null, INVALID_REQUEST, "this is no request"));
    };
    let params = &message["params"];
    let result = match method? {
        "initialize" => Ok(initialized(params)),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({ "tools": Tools::list() })),
        "tools/call" => called(params, tools),
        other => Err((METHOD_NOT_FOUND, format!("there is no method `{other}`"))),
    };
    Some(match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err((code, message)) => error(id, code, &message),
    })
}

fn error(id: &Value, code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

fn initialized(params: &Value) -> Value {
    let wanted = params["protocolVersion"].as_str().unwrap_or_default();
    let version = VERSIONS.iter().find(|version| **version == wanted).unwrap_or(&VERSIONS[0]);
    json!({
        "protocolVersion": version,
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "prodcheck", "version": env!("CARGO_PKG_VERSION") },
        "instructions": INSTRUCTIONS,
    })
}

/// What a tool says; that it could not do its work is said to the model, which can do better.
fn called(params: &Value, tools: &Tools) -> Result<Value, (i32, String)> {
    let name = params["name"].as_str().unwrap_or_default();
    let nothing = Map::new();
    let given = params["arguments"].as_object().unwrap_or(&nothing);
    let done = catch_unwind(AssertUnwindSafe(|| tools.call(name, given)));
    let done = done.unwrap_or_else(|_| Some(Err("internal error".into())));
    let done = done.ok_or_else(|| (INVALID_PARAMS, format!("there is no tool `{name}`")))?;
    let (text, failed) = match done {
        Ok(text) => (text, false),
        Err(why) => (why, true),
    };
    Ok(json!({ "content": [{ "type": "text", "text": crate::mask::json_safe(&text) }], "isError": failed }))
}

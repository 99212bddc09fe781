//! Python and TypeScript that nobody can read end in a problem that stops the release: never in a crash, never in
//! silence, never in a wait.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// No scan of one file takes this long, in a build that is not optimised, on a machine that is busy.
const SECONDS: Duration = Duration::from_secs(20);

const PYTHON: &str = "from aksara import Aksara, configure\napp = Aksara(debug=True)\n";
const SCRIPT: &str = "import { FrontMcp } from '@frontmcp/sdk';\n@FrontMcp({ info: { name: 'a' } })\nclass Server {}\n";

/// A project with one source file, and a manifest for its framework.
fn project(path: &str, content: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, content: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    };
    write("pyproject.toml", b"[project]\nname = \"shop\"\ndependencies = [\"aksara-framework==0.7.2\"]\n");
    write("package.json", br#"{ "dependencies": { "@frontmcp/sdk": "1.5.6" } }"#);
    write(path, content);
    folder
}

/// What a scan says, and how it ends.
fn scan(folder: &Path) -> (i32, Value) {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_prodcheck"))
        .arg("scan")
        .arg(folder)
        .args(["--format", "json"])
        .output()
        .expect("prodcheck runs");
    assert!(start.elapsed() < SECONDS, "{:?}", start.elapsed());
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no report: {error}\n{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().expect("no signal ended it"), report)
}

/// The one problem of a report about a file: its id and severity.
fn problem(report: &Value, path: &str) -> (String, String) {
    let problems = report["problems"].as_array().expect("problems");
    let own: Vec<&Value> = problems.iter().filter(|problem| problem["location"]["file"] == path).collect();
    assert_eq!(own.len(), 1, "{problems:?}");
    let text = |key: &str| own[0][key].as_str().unwrap_or_default().to_owned();
    (text("id"), text("severity"))
}

fn refused(path: &str, content: &[u8], id: &str) {
    let folder = project(path, content);
    let (code, report) = scan(folder.path());
    let expected = (id.to_owned(), "blocking".to_owned());
    let shown = String::from_utf8_lossy(&content[..content.len().min(120)]).into_owned();
    assert_eq!(problem(&report, path), expected, "{shown}");
    assert_eq!(code, 1, "{shown}");
}

fn nested(head: &str, open: &str, middle: &str, close: &str) -> String {
    format!("{head}x = {}{middle}{}\n", open.repeat(100_000), close.repeat(100_000))
}

#[test]
fn a_hundred_thousand_nested_brackets_are_a_problem() {
    for (open, middle, close) in [
        ("[", "", "]"),
        ("(", "1", ")"),
        ("{1:", "1", "}"),
        ("f(", "1", ")"),
        ("[", "", ""),
        ("", "", "]"),
        ("-", "1", ""),
        ("not ", "1", ""),
        ("lambda: ", "1", ""),
    ] {
        refused("main.py", nested(PYTHON, open, middle, close).as_bytes(), "project/unparsable");
    }
    for (open, close) in [("[", "]"), ("(", ")"), ("[", "")] {
        refused("src/main.ts", nested(SCRIPT, open, "", close).as_bytes(), "project/unparsable");
    }
}

#[test]
fn a_file_of_fifty_megabytes_is_a_problem() {
    let long = |head: &str, line: &str| head.to_owned() + &line.repeat((50 << 20) / line.len());
    refused("main.py", long(PYTHON, "x = 1\n").as_bytes(), "project/too-large");
    refused("main.py", long(PYTHON, "#").as_bytes(), "project/too-large");
    refused("src/main.ts", long(SCRIPT, ";\n").as_bytes(), "project/too-large");
}

#[test]
fn bytes_that_are_no_utf_8_are_a_problem() {
    let with = |head: &[u8], tail: &[u8]| [head, PYTHON.as_bytes(), tail].concat();
    refused("main.py", &with(b"", b"# \xff\xfe\n"), "project/not-utf8");
    refused("main.py", &with(b"# -*- coding: latin-1 -*-\n", b"name = 'Caf\xe9'\n"), "project/not-utf8");
    refused("main.py", &with(b"", b"name = '\xed\xa0\x80'\n"), "project/not-utf8");
    refused("main.py", &with(b"", b"x = '\0'\n"), "project/unparsable");
}

#[test]
fn python_in_utf_16_is_a_problem_as_it_is_to_python() {
    let units = |order: fn(u16) -> [u8; 2]| PYTHON.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    refused("main.py", &[&b"\xff\xfe"[..], &units(u16::to_le_bytes)].concat(), "project/not-utf8");
    refused("main.py", &[&b"\xfe\xff"[..], &units(u16::to_be_bytes)].concat(), "project/not-utf8");
}

#[test]
fn a_declared_encoding_does_not_matter_where_every_byte_is_ascii() {
    let source = format!("# -*- coding: latin-1 -*-\n{PYTHON}");
    let with_mark = format!("\u{feff}{PYTHON}");
    for source in [source, with_mark] {
        let folder = project("main.py", source.as_bytes());
        let (code, report) = scan(folder.path());
        assert_eq!(report["problems"].as_array().map(Vec::len), Some(0), "{report}");
        let found = report["findings"].as_array().expect("findings");
        assert!(found.iter().any(|finding| finding["rule"] == "mode/debug-enabled"), "{found:?}");
        assert_eq!(code, 1);
    }
}

#[test]
fn a_module_that_configures_the_app_blocks_like_the_one_that_makes_it() {
    let folder = project("main.py", b"import settings\nfrom aksara import Aksara\napp = Aksara()\n");
    let settings = b"from aksara.conf import configure\nconfigure(debug=True)  # \xff\n";
    fs::write(folder.path().join("settings.py"), settings).expect("a file");
    let (code, report) = scan(folder.path());
    assert_eq!(problem(&report, "settings.py"), ("project/not-utf8".to_owned(), "blocking".to_owned()));
    assert_eq!(code, 1);
}

#[test]
fn a_module_beside_the_configuration_is_a_problem_that_does_not_block() {
    let folder = project("main.py", b"from aksara import Aksara\nimport names\napp = Aksara()\n");
    fs::write(folder.path().join("names.py"), b"NAMES = ['Caf\xe9']\n").expect("a file");
    let (_, report) = scan(folder.path());
    assert_eq!(problem(&report, "names.py"), ("project/not-utf8".to_owned(), "warning".to_owned()));
}

//! What only the host knows is unverified until `prodcheck scan --from-env` runs there: then its variables decide,
//! one way or the other.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// Synthetic, and as strong as the real ones have to be.
const KEY: &str = "7b1f0c9e4d2a86537fd01b8c3e5a9964c0d7f2b18e6a3c5d";
const TOKEN: &str = "e1a7c05b93d2486fb0c1d8e27a549f3610b7d8c2";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    folder
}

/// An Aksara app that serves MCP and leaves every secret and switch to its host.
fn aksara(more: &[(&str, &str)]) -> TempDir {
    let files = [
        ("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"aksara-framework==0.7.2\"]\n"),
        ("main.py", "from aksara import Aksara\nimport settings\n\napp = Aksara(openapi_url=None)\n"),
        ("settings.py", "from aksara import configure\n\nconfigure(mcp_enabled=True)\n"),
    ];
    project(&[&files[..], more].concat())
}

fn frontmcp() -> TempDir {
    let server = "import { FrontMcp } from '@frontmcp/sdk';\n\n@FrontMcp({\n  info: { name: 'notes', version: '1.0.0' },\n  \
                  apps: [],\n  auth: { mode: 'local', authenticate: (input) => check(input) },\n})\nexport default \
                  class Server {}\n";
    project(&[("package.json", r#"{ "dependencies": { "@frontmcp/sdk": "1.5.6" } }"#), ("src/main.ts", server)])
}

/// A scan on a host with these variables and no others.
struct Run {
    code: i32,
    blocking: BTreeSet<String>,
    warnings: BTreeSet<String>,
    unverified: BTreeSet<String>,
    closed: bool,
}

fn scan(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_prodcheck"))
        .arg("scan")
        .arg(folder.path())
        .args(["--format", "json"])
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("prodcheck runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let rules = |list: &str, severity: &str| {
        let entries = report[list].as_array().expect("a list").iter();
        let own = entries.filter(|entry| entry["severity"] == severity);
        own.map(|entry| entry["rule"].as_str().unwrap_or_default().to_owned()).collect()
    };
    Run {
        code: output.status.code().expect("no signal ended it"),
        blocking: rules("findings", "blocking"),
        warnings: rules("findings", "warning"),
        unverified: rules("unverified", "unverified"),
        closed: report["apps"][0]["environment"]["closed"] == true,
    }
}

fn set(rules: &[&str]) -> BTreeSet<String> {
    rules.iter().map(|rule| (*rule).to_owned()).collect()
}

/// What the host of the Aksara app sets when all is well.
const WELL_KEPT: &[(&str, &str)] = &[
    ("AKSARA_SECRET_KEY", KEY),
    ("AKSARA_AI_AGENT_TOKEN", TOKEN),
    ("AKSARA_MCP_REQUIRE_AUTH", "true"),
    ("AKSARA_MCP_REQUIRE_SCOPED_TOKENS", "true"),
    ("AKSARA_MCP_TOKEN_TTL_SECONDS", "900"),
    ("AKSARA_MCP_REQUIRE_AUDIENCE", "true"),
    ("AKSARA_MCP_TOKEN_AUDIENCE", "shop.internal"),
    ("AKSARA_AI_WRITABLE_FIELDS_REVIEWED", "true"),
];

const ON_THE_HOST: &[&str] =
    &["mcp/no-audience", "mcp/no-auth", "mcp/no-token-ttl", "mcp/unscoped-tokens", "secrets/missing"];

#[test]
fn an_open_environment_is_unverified_and_blocks_nothing() {
    let run = scan(&aksara(&[]), &[], &[]);
    assert!(!run.closed);
    assert_eq!((run.code, run.blocking), (0, set(&[])));
    for rule in ON_THE_HOST {
        assert!(run.unverified.contains(*rule), "{rule} in {:?}", run.unverified);
    }
}

#[test]
fn the_variables_of_the_machine_do_not_count_unless_asked_for() {
    let run = scan(&aksara(&[]), &[], WELL_KEPT);
    assert!(run.unverified.contains("secrets/missing"), "{:?}", run.unverified);
    let run = scan(&aksara(&[]), &[], &[("AKSARA_DEBUG", "true")]);
    assert_eq!(run.blocking, set(&[]));
}

#[test]
fn a_host_that_sets_everything_leaves_nothing_open() {
    let run = scan(&aksara(&[]), &["--from-env"], WELL_KEPT);
    assert!(run.closed);
    assert_eq!((run.code, run.blocking, run.unverified), (0, set(&[]), set(&[])));
    assert_eq!(run.warnings, set(&["policy/security-matrix-missing"]));
}

#[test]
fn a_host_that_sets_nothing_blocks() {
    let run = scan(&aksara(&[]), &["--from-env"], &[]);
    assert_eq!((run.code, run.blocking), (1, set(ON_THE_HOST)));
    assert_eq!(run.unverified, set(&[]));
}

#[test]
fn each_value_of_the_host_is_judged() {
    for (name, value, rule) in [
        ("AKSARA_SECRET_KEY", "short", "secrets/too-short"),
        ("AKSARA_SECRET_KEY", "", "secrets/missing"),
        ("AKSARA_SECRET_KEY", "your-secret-key-0123456789-0123456789", "secrets/placeholder"),
        ("AKSARA_AI_AGENT_TOKEN", "agent", "mcp/weak-agent-token"),
        ("AKSARA_MCP_TOKEN_TTL_SECONDS", "15m", "mcp/no-token-ttl"),
        ("AKSARA_MCP_REQUIRE_SCOPED_TOKENS", "True ", "mcp/unscoped-tokens"),
        ("AKSARA_DEBUG", "on", "mode/debug-enabled"),
        ("AKSARA_TASK_RESULT_TTL_SECONDS", "1h", "env/malformed-value"),
    ] {
        let mut variables: Vec<(&str, &str)> = WELL_KEPT.iter().copied().filter(|(own, _)| *own != name).collect();
        variables.push((name, value));
        let run = scan(&aksara(&[]), &["--from-env"], &variables);
        assert_eq!((run.code, run.blocking), (1, set(&[rule])), "{name}={value:?}");
    }
}

#[test]
fn the_host_wins_over_every_file_and_an_empty_variable_is_set() {
    let insecure = aksara(&[(".env", "AKSARA_COOKIE_SECURE=false\nAKSARA_DEBUG=true\n")]);
    let with = |more: &[(&'static str, &'static str)]| [WELL_KEPT, more].concat();
    let run = scan(&insecure, &["--from-env"], &with(&[("AKSARA_DEBUG", "false"), ("AKSARA_COOKIE_SECURE", "")]));
    assert_eq!((run.blocking, run.warnings), (set(&[]), set(&["policy/security-matrix-missing"])));
    let run = scan(&insecure, &["--from-env"], WELL_KEPT);
    assert_eq!(run.blocking, set(&["mode/debug-enabled"]));
    assert_eq!(run.warnings, set(&["cookies/not-secure", "policy/security-matrix-missing"]));
}

#[test]
fn a_file_with_the_variables_of_the_host_decides_as_well() {
    let lines: String = WELL_KEPT.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let folder = aksara(&[("host.env", &lines), ("bare.env", "AKSARA_DEBUG=false\n")]);
    let named = |name: &str| folder.path().join(name).display().to_string();
    let run = scan(&folder, &["--env-file", &named("host.env")], &[]);
    assert!(run.closed);
    assert!(run.blocking.iter().all(|rule| rule == "secrets/committed"), "{:?}", run.blocking);
    let run = scan(&folder, &["--env-file", &named("bare.env")], &[]);
    assert_eq!((run.code, run.blocking), (1, set(ON_THE_HOST)));
}

#[test]
fn a_frontmcp_host_decides_about_its_signing_key_and_session_secret() {
    let folder = frontmcp();
    let open = scan(&folder, &[], &[]);
    for rule in ["auth/ephemeral-signing-key", "secrets/missing"] {
        assert!(open.unverified.contains(rule), "{rule} in {:?}", open.unverified);
        assert!(!open.blocking.contains(rule), "{rule} in {:?}", open.blocking);
    }
    let bare = scan(&folder, &["--from-env"], &[]);
    for rule in ["auth/ephemeral-signing-key", "secrets/missing"] {
        assert!(bare.blocking.contains(rule), "{rule} in {:?}", bare.blocking);
    }
    let url = ("FRONTMCP_PUBLIC_URL", "https://notes.example.com");
    let kept = scan(&folder, &["--from-env"], &[("JWT_SECRET", KEY), ("MCP_SESSION_SECRET", TOKEN), url]);
    for rule in ["auth/ephemeral-signing-key", "secrets/missing"] {
        assert!(!kept.blocking.contains(rule) && !kept.unverified.contains(rule), "{rule}");
    }
    let weak = scan(&folder, &["--from-env"], &[("JWT_SECRET", "k3yF0rNotes"), ("MCP_SESSION_SECRET", TOKEN), url]);
    assert!(weak.blocking.contains("secrets/too-short"), "{:?}", weak.blocking);
}

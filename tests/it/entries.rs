//! What runs is what is judged: of several configurations the one that a deployment starts, all where nothing tells; and no
//! app is lost because its dependency stands elsewhere.

use crate::support::{project, scan};
use serde_json::Value;

const MANIFEST: (&str, &str) = ("package.json", r#"{ "name": "shop", "dependencies": { "bknd": "0.20.0" } }"#);
const GUARD: &str = "auth/guard-disabled";

fn config(guard: bool) -> String {
    format!("export default {{ config: {{ auth: {{ enabled: true, guard: {{ enabled: {guard} }} }} }} }};\n")
}

fn serving(guard: bool) -> String {
    let object = format!("{{ config: {{ auth: {{ enabled: true, guard: {{ enabled: {guard} }} }} }} }}");
    format!("import {{ serve }} from \"bknd/adapter/bun\";\nserve({object});\n")
}

fn report(files: &[(&str, &str)]) -> Value {
    scan(project(files).path(), &[])
}

fn has(report: &Value, list: &str, rule: &str) -> bool {
    report[list].as_array().expect("a list").iter().any(|entry| entry["rule"] == rule)
}

fn entries(report: &Value) -> Vec<&str> {
    report["apps"].as_array().expect("apps").iter().filter_map(|app| app["entry"].as_str()).collect()
}

fn started(line: &str) -> String {
    format!(r#"{{ "name": "shop", "scripts": {{ "start": "{line}" }}, "dependencies": {{ "bknd": "0.20.0" }} }}"#)
}

#[test]
fn the_file_that_is_started_counts_and_the_one_beside_it_does_not() {
    let (good, bad) = (config(true), serving(false));
    for (line, is_bad) in [("bun index.ts", true), ("node dist/index.js", true), ("bknd run", false)] {
        let manifest = started(line);
        let files = [("package.json", &*manifest), ("bknd.config.ts", &*good), ("index.ts", &*bad)];
        let report = report(&files);
        assert_eq!(has(&report, "findings", GUARD), is_bad, "{line}");
        assert_eq!(entries(&report).len(), 1, "{line}");
    }
}

#[test]
fn where_nothing_tells_both_are_judged_and_the_report_says_so() {
    let files = [MANIFEST, ("bknd.config.ts", &*config(true)), ("index.ts", &*serving(false))];
    let folder = project(&files);
    let report = scan(folder.path(), &[]);
    assert!(has(&report, "findings", GUARD));
    assert_eq!(entries(&report), ["bknd.config.ts", "index.ts"]);
    let mut command = assert_cmd::Command::cargo_bin("prodcheck").expect("the binary is built");
    let output = command.current_dir(folder.path()).args(["scan", "--format", "markdown"]).output().expect("it runs");
    let shown = String::from_utf8(output.stdout).expect("output is UTF-8");
    assert!(shown.contains("nothing tells that one of them alone runs"), "{shown}");
}

#[test]
fn a_file_that_serves_what_the_configuration_exports_is_no_second_one() {
    let serves = "import { serve } from \"bknd/adapter/bun\";\nimport config from \"./bknd.config\";\nserve(config);\n";
    let report = report(&[MANIFEST, ("bknd.config.ts", &config(false)), ("index.ts", serves)]);
    assert!(has(&report, "findings", GUARD));
    assert_eq!(entries(&report).len(), 1);
}

#[test]
fn what_a_deployment_puts_in_its_place_counts() {
    let (good, bad) = (config(true), config(false));
    let image = "FROM node:22\nUSER node\nCOPY package.json .\nCOPY deploy/live.ts bknd.config.ts\nCMD [\"npx\", \"bknd\", \"run\"]\n";
    let by_folder = "FROM node:22\nUSER node\nCOPY deploy/bknd.config.ts ./\nCMD [\"npx\", \"bknd\", \"run\"]\n";
    let mounted = "services:\n  api:\n    build: .\n    volumes: [\"./deploy/live.ts:/app/bknd.config.ts:ro\"]\n";
    let named = started("bknd run --config deploy/live.ts");
    for (path, text) in
        [("Dockerfile", image), ("Dockerfile", by_folder), ("compose.yaml", mounted), ("package.json", &*named)]
    {
        let mut files = vec![("bknd.config.ts", &*good), ("deploy/live.ts", &*bad), ("deploy/bknd.config.ts", &*bad)];
        if path != "package.json" {
            files.push(MANIFEST);
        }
        files.push((path, text));
        assert!(has(&report(&files), "findings", GUARD), "{path}: {text}");
    }
    let map = "kind: ConfigMap\nmetadata: { name: c }\ndata:\n  bknd.config.ts: |\n    export default {};\n";
    let mapped = report(&[MANIFEST, ("bknd.config.ts", &good), ("k8s/map.yaml", map)]);
    assert!(!has(&mapped, "findings", GUARD) && has(&mapped, "unverified", GUARD), "{mapped:#}");
}

#[test]
fn an_app_is_found_though_its_dependency_stands_elsewhere() {
    let bad = config(false);
    let bad = format!("import {{ code }} from \"bknd/modes\";\n{bad}");
    let by_npx = r#"{ "name": "app", "scripts": { "start": "npx bknd@0.20.0 run" } }"#;
    let fetched = report(&[("package.json", by_npx), ("bknd.config.ts", &bad)]);
    assert!(has(&fetched, "findings", GUARD), "{fetched:#}");
    assert_eq!(fetched["apps"][0]["version"], "0.20.0");
    let root = r#"{ "name": "root", "workspaces": ["apps/*"], "dependencies": { "bknd": "0.20.0" } }"#;
    let inner = ("apps/api/package.json", r#"{ "name": "api" }"#);
    let hoisted = report(&[("package.json", root), inner, ("apps/api/bknd.config.ts", &bad)]);
    assert!(has(&hoisted, "findings", GUARD), "{hoisted:#}");
}

#[test]
fn a_lucent_plugin_is_judged_by_what_it_is_given() {
    let manifest = r#"{"name":"s","dependencies":{"@codesordinatestudio/lucent":"0.9.0","elysia":"1.4.0"}}"#;
    let config = "import { defineLucentConfig as d } from \"@codesordinatestudio/lucent\";\nexport default d({ api: { cors: { origin: \"https://a.io\", credentials: true } } });\n";
    let plugged = "import { Elysia } from \"elysia\";\nimport { lucent } from \"@codesordinatestudio/lucent\";\nnew Elysia().use(lucent({ api: { cors: { origin: \"*\", credentials: true } } })).listen(3000);\n";
    let report = report(&[("package.json", manifest), ("lucent.config.ts", config), ("src/i.ts", plugged)]);
    assert!(has(&report, "findings", "cors/credentialed-wildcard"), "{report:#}");
}

#[test]
fn a_decorator_that_a_function_makes_is_a_server() {
    let manifest = r#"{"name":"s","dependencies":{"@frontmcp/sdk":"1.5.6"}}"#;
    for main in [
        "import { FrontMcp } from '@frontmcp/sdk';\nconst make = (o: any) => FrontMcp({ info: { name: 'a', version: '1' }, apps: [], ...o });\n@make({ auth: { mode: 'public' } })\nexport default class Server {}\n",
        "import { FrontMcp } from '@frontmcp/sdk';\nclass Server {}\nFrontMcp({ info: { name: 'a', version: '1' }, apps: [], auth: { mode: 'public' } })(Server);\n",
        "import { FrontMcpInstance as F } from '@frontmcp/sdk';\nconst start = F.bootstrap;\nstart({ info: { name: 'a', version: '1' }, apps: [], auth: { mode: 'public' } });\n",
    ] {
        let report = report(&[("package.json", manifest), ("src/main.ts", main)]);
        let told = ["findings", "unverified"].iter().any(|list| has(&report, list, "auth/public-mode"));
        assert!(told, "{main}\n{report:#}");
    }
}

#[test]
fn no_default_of_the_documents_is_a_fact_of_a_newer_version() {
    let config = "import { defineLucentConfig } from \"@codesordinatestudio/lucent\";\nexport default defineLucentConfig({ collections: {} });\n";
    for (version, is_newer) in [("1.1.0", false), ("2.1.0", true)] {
        let manifest = format!(
            r#"{{ "name": "shop", "dependencies": {{ "@codesordinatestudio/lucent": "{version}", "elysia": "1.4.0" }} }}"#
        );
        let report = report(&[("package.json", &manifest), ("lucent.config.ts", config)]);
        assert_eq!(has(&report, "unverified", "config/unresolved-import"), is_newer, "{report:#}");
        assert_eq!(has(&report, "unverified", "migrations/drop-orphaned"), is_newer, "{report:#}");
    }
}

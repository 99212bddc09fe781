//! A team's own facts: tested, listed, and read in a scan.

use super::{listed, project, report, run};

const FACTS: &str = r#"known  = ">=2, <3"
source = "our own package: src/index.ts"

[host]
name    = "secure-app"
made_by = ["secureApp"]

[[gives]]
kind    = "cors"
call    = "secureApp"
options = { argument = 0, path = "cors" }
like    = "npm/cors"

[gives.settings]
credentials = { at = "credentials", read = "truthy", default = true }

[[case]]
name  = "cookies travel by default"
code  = 'import { secureApp } from "@acme/secure-app"; secureApp({ cors: { origin: "https://app.example.com" } })'
gives = { origins = ["https://app.example.com"], credentials = { default = true } }

[[case]]
name  = "every origin, where nothing is written"
code  = 'import { secureApp } from "@acme/secure-app"; secureApp()'
gives = { origins = { default = ["*"] } }
"#;
const PATH: &str = "facts/npm/@acme/secure-app.toml";
const CONFIG: &str = "facts_folder = \"facts\"\n";
const PACKAGE: &str = r#"{ "private": true, "dependencies": { "@acme/secure-app": "2.0.0" } }"#;
const APP: &str = "import { secureApp } from \"@acme/secure-app\";\nsecureApp({ cors: { origin: true } });\n";

#[test]
fn facts_that_are_as_they_say_pass() {
    let folder = project(&[(PATH, FACTS), ("prodcheck.toml", CONFIG)]);
    for arguments in [&["facts", "test"][..], &["facts", "test", "facts"]] {
        let (code, out, err) = run(&folder, arguments);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("ok      npm/@acme/secure-app  2 cases"), "{out}");
        assert!(out.contains("1 library, 2 cases, none failed"), "{out}");
    }
    let (code, out, _) = run(&folder, &["facts"]);
    assert!(code == 0 && out.contains("npm/@acme/secure-app") && out.contains("npm/cors"), "{out}");
}

#[test]
fn a_case_that_is_not_so_is_shown_in_place() {
    let wrong = FACTS.replace("credentials = { default = true } }", "credentials = false }");
    let folder = project(&[(PATH, &wrong)]);
    let (code, out, err) = run(&folder, &["facts", "test", "facts"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("cookies travel by default: `credentials` is true, by default"), "{out}");
    assert!(out.contains("[facts/npm/@acme/secure-app.toml:20:") && out.contains("FAILED"), "{out}");
}

#[test]
fn facts_that_cannot_be_read_end_a_scan_with_the_word_that_was_meant() {
    let wrong = FACTS.replace("read = \"truthy\"", "raed = \"truthy\"");
    let folder = project(&[(PATH, &wrong), ("prodcheck.toml", CONFIG), ("package.json", PACKAGE)]);
    let (code, _, err) = run(&folder, &["scan"]);
    assert!(code == 2 && err.contains("no key `raed`; did you mean `read`?"), "{err}");
    assert!(err.contains("facts/npm/@acme/secure-app.toml:15:"), "{err}");
}

#[test]
fn a_folder_without_facts_is_told_with_the_one_that_was_meant() {
    let folder = project(&[(PATH, FACTS), ("prodcheck.toml", "facts_folder = \"fatcs\"\n")]);
    let (code, _, err) = run(&folder, &["scan"]);
    assert!(code == 2 && err.contains("did you mean `facts`?"), "{err}");
    for (arguments, says) in [
        (&["facts", "test", "nowhere"][..], "it does not exist"),
        (&["facts", "test", "."], "facts lie in `npm/` or `pypi/`"),
    ] {
        let (code, out, err) = run(&folder, arguments);
        assert!(code != 0 && format!("{out}{err}").contains(says), "{out}{err}");
    }
    let folder = project(&[("package.json", PACKAGE)]);
    let (code, _, err) = run(&folder, &["facts", "test"]);
    assert!(code == 2 && err.contains("there is no folder of facts to test"), "{err}");
}

#[test]
fn an_app_made_by_a_wrapper_is_found_and_judged() {
    let with = [(PATH, FACTS), ("prodcheck.toml", CONFIG), ("package.json", PACKAGE), ("src/index.ts", APP)];
    let found = report(&project(&with), &[]);
    assert!(listed(&found, "findings").contains(&"cors/reflected-origin blocking".to_owned()), "{found}");
}

#[test]
fn code_of_a_wrapper_in_the_same_repository_is_not_followed() {
    let own = [
        (PATH, FACTS),
        ("prodcheck.toml", CONFIG),
        ("package.json", r#"{ "private": true, "workspaces": ["packages/*", "apps/*"] }"#),
        ("packages/secure-app/package.json", r#"{ "name": "@acme/secure-app", "main": "index.ts" }"#),
        ("packages/secure-app/index.ts", "export function secureApp(options) { return options; }\n"),
        ("apps/api/package.json", r#"{ "name": "api", "dependencies": { "@acme/secure-app": "workspace:*" } }"#),
        ("apps/api/src/index.ts", APP),
    ];
    let found = report(&project(&own), &[]);
    assert!(listed(&found, "findings").contains(&"cors/reflected-origin blocking".to_owned()), "{found}");
}

#[test]
fn facts_of_a_package_that_prodcheck_knows_are_refused_unless_they_extend_it() {
    let own =
        FACTS.replace("@acme/secure-app", "cors").replace("like    = \"npm/cors\"", "like    = \"npm/@elysiajs/cors\"");
    let folder = project(&[("facts/npm/cors.toml", &own)]);
    let (code, out, _) = run(&folder, &["facts", "test", "facts"]);
    assert!(code == 1 && out.contains("facts of this package come with prodcheck"), "{out}");
    let folder = project(&[("facts/npm/cors.toml", &format!("extends = true\n{own}"))]);
    let (_, out, _) = run(&folder, &["facts", "test", "facts"]);
    assert!(!out.contains("come with prodcheck"), "{out}");
    let nobody = format!("extends = true\n{FACTS}");
    let folder = project(&[(PATH, &nobody)]);
    let (code, out, _) = run(&folder, &["facts", "test", "facts"]);
    assert!(code == 1 && out.contains("it extends facts that prodcheck does not have"), "{out}");
}

/// The first block of a language on the page that tells how to write facts.
fn block(language: &str) -> String {
    let page = include_str!("../../../docs/own-facts.md");
    let block = page.split(&format!("```{language}\n")).nth(1).expect("a block");
    block.split("```").next().expect("its end").to_owned()
}

#[test]
fn what_the_page_shows_is_so() {
    let (facts, code) = (block("toml"), block("ts"));
    let folder =
        project(&[(PATH, &facts), ("prodcheck.toml", CONFIG), ("package.json", PACKAGE), ("src/index.ts", &code)]);
    let (exit, out, err) = run(&folder, &["facts", "test"]);
    assert_eq!(exit, 0, "{out}{err}");
    let (_, out, _) = run(&folder, &["scan"]);
    assert!(out.contains("blocking cors/reflected-origin: "), "{out}");
}

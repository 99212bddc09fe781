//! Whose a finding is: `scan PATH` tells what belongs to PATH, the repository is told once, and code that nobody reads
//! is said not to be judged.

use crate::support::{project, scan};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

const LITERAL: &str = "export const stripe = \"sk_live_51H8xkLmN0pQrStUvWxYz0123456789abcdefABCDEF\";\n";

fn files_of(report: &Value) -> Vec<String> {
    let all = ["findings", "unverified"].iter().flat_map(|list| report[*list].as_array().expect("a list"));
    let mut files: Vec<String> =
        all.filter_map(|finding| Some(finding["location"]["file"].as_str()?.to_owned())).collect();
    files.sort();
    files.dedup();
    files
}

fn two_packages() -> TempDir {
    project(&[
        ("apps/api/package.json", r#"{ "name": "api", "dependencies": { "koa": "3" } }"#),
        ("apps/api/Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"node\", \"index.js\"]\n"),
        ("apps/web/package.json", r#"{ "name": "web" }"#),
        ("apps/web/Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"node\", \"index.js\"]\n"),
        ("packages/pay/index.ts", LITERAL),
    ])
}

#[test]
fn a_folder_is_told_what_belongs_to_it() {
    let folder = two_packages();
    let report = scan(&folder.path().join("apps/api"), &[]);
    assert_eq!(files_of(&report), ["apps/api/Dockerfile"]);
    let whole = scan(folder.path(), &[]);
    assert_eq!(files_of(&whole), ["apps/api/Dockerfile", "apps/web/Dockerfile", "packages/pay/index.ts"]);
}

#[test]
fn what_belongs_to_the_repository_is_told_once_and_as_its_own() {
    let report = scan(two_packages().path(), &[]);
    let findings = report["findings"].as_array().expect("a list");
    let of_literal: Vec<&Value> =
        findings.iter().filter(|finding| finding["location"]["file"] == "packages/pay/index.ts").collect();
    assert_eq!(of_literal.len(), 1);
    assert_eq!(of_literal[0]["subjects"].as_array().expect("a list").len(), 1);
    assert_eq!(of_literal[0]["subjects"][0]["app"], "repository");
}

#[test]
fn deployments_without_an_app_are_named_and_their_code_is_said_not_to_be_judged() {
    let report = scan(two_packages().path(), &[]);
    assert_eq!(report["apps"].as_array().expect("a list").len(), 0);
    let targets: Vec<&str> = report["deployments"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|deployment| deployment["target"].as_str())
        .collect();
    assert_eq!(targets, ["apps/api/Dockerfile", "apps/web/Dockerfile"]);
    let problems = report["problems"].as_array().expect("a list");
    let unjudged: Vec<&str> = problems
        .iter()
        .filter(|problem| problem["id"] == "project/code-not-judged")
        .filter_map(|problem| problem["message"].as_str())
        .collect();
    assert_eq!(
        unjudged,
        ["the code of apps/api was not checked: it uses Koa, and prodcheck found no app in it that it can read"]
    );
}

#[test]
fn what_somebody_else_wrote_is_no_code_of_the_projects_own() {
    let php = r#"{ "require": { "symfony/console": "7" } }"#;
    let folder = project(&[("web/vendor/imap/composer.json", php), ("web/composer.json", php)]);
    let report = scan(folder.path(), &[]);
    let problems = report["problems"].as_array().expect("a list");
    let messages: Vec<&str> = problems.iter().filter_map(|problem| problem["message"].as_str()).collect();
    assert_eq!(
        messages,
        ["the code of web was not checked: it uses PHP, and prodcheck found no app in it that it can read"]
    );
}

#[test]
fn code_that_answers_without_any_package_is_said_not_to_be_judged() {
    let manifest = ("go.mod", "module example.com/shop\n\ngo 1.24\n");
    let serves = "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n";
    let messages = |code: &str| {
        let report = scan(project(&[manifest, ("main.go", code)]).path(), &[]);
        let problems = report["problems"].as_array().expect("a list").clone();
        problems.iter().filter_map(|problem| Some(problem["message"].as_str()?.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(
        messages(serves),
        ["the code of this folder was not checked: it uses Go, and prodcheck found no app in it that it can read"]
    );
    assert_eq!(messages("package shop\n\nfunc Price() int { return 1 }\n"), Vec::<String>::new());
}

#[test]
fn a_variable_that_code_asks_for_is_not_missing_from_somebody_elses_image() {
    let folder = project(&[
        ("package.json", r#"{ "name": "shop", "dependencies": { "koa": "3" } }"#),
        ("index.ts", "const secret = process.env.SESSION_SECRET;\nif (!secret) throw new Error();\n"),
        (
            "compose.yaml",
            "services:\n  hub:\n    image: ghcr.io/acme/hub:4.1\n    environment:\n      LOG_LEVEL: info\n",
        ),
    ]);
    let report = scan(folder.path(), &[]);
    assert_eq!(files_of(&report), Vec::<String>::new());
}

#[test]
fn nothing_to_judge_is_told_apart_from_nothing_found() {
    let folder = project(&[("notes.txt", "nothing\n")]);
    assert_eq!(scan(folder.path(), &[])["exit_code"], 3);
    assert!(Path::new(folder.path()).join("notes.txt").exists());
}

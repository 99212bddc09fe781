//! Files that are built to exhaust the reader.

use crate::app::environments::tests::support::{project, read};
use std::fmt::Write;

const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"hono": "4"}}"#);

#[test]
fn references_that_multiply_end() {
    let mut text = String::new();
    for index in 0..60 {
        let _ = writeln!(text, "A{index}=${{A{0}}}${{A{0}}}${{A{0}}}", index + 1);
    }
    let environment = project(&[(".env.production", &text)]).bun().one();
    assert!(read(&environment, "A0").starts_with("present"));
}

#[test]
fn an_image_that_doubles_a_variable_ends() {
    let text = format!("FROM node\nENV A=x\n{}", "ENV A=$A$A\n".repeat(20_000));
    let environment = project(&[PACKAGE, ("Dockerfile", &text)]).one();
    assert!(read(&environment, "A").starts_with("present"));
}

#[test]
fn an_env_file_that_hands_a_variable_on_and_on_ends() {
    let text = format!("A=x\n{}", "A=${A}y\n".repeat(20_000));
    let compose = "services:\n  api:\n    build: .\n    env_file: app.production.env\n";
    let environment = project(&[PACKAGE, ("compose.yaml", compose), ("app.production.env", &text)]).one();
    assert!(read(&environment, "A").starts_with("present"));
}

#[test]
fn circles_of_files_end() {
    let overlay = "resources: [., ., ../prod, pod.yaml]\n";
    let compose =
        "services:\n  api:\n    extends: { file: compose.yaml, service: api }\n    build: .\n    environment: [A=1]\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: api }\nspec: { containers: [{ name: api, image: api, env: [{ name: B, value: '2' }] }] }\n";
    let files = [PACKAGE, ("prod/kustomization.yaml", overlay), ("prod/pod.yaml", pod), ("compose.yaml", compose)];
    let fixture = project(&files);
    assert_eq!(read(&fixture.target("compose.yaml:api"), "A"), "\"1\"");
    assert_eq!(read(&fixture.target("prod/pod.yaml:api"), "B"), "\"2\"");
}

#[test]
fn more_targets_than_anyone_has_are_a_problem() {
    let mut text = "services:\n".to_owned();
    for index in 0..100 {
        let _ = write!(text, "  s{index}:\n    build: .\n    environment: [A=1]\n");
    }
    let all = project(&[PACKAGE, ("compose.yaml", &text)]).all();
    assert_eq!((all.len(), all[0].problems.len()), (64, 1));
}

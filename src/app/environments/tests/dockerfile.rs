//! Images by themselves.

use crate::app::environments::tests::support::{project, read};
use crate::eval::{Place, Variables};

const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"hono": "4"}}"#);

#[test]
fn the_final_stage_and_what_it_starts_from_count() {
    let text = "FROM node AS base\nENV A=1\nFROM base AS build\nENV B=2\nFROM base\nENV C=3 NODE_ENV=staging\n";
    let fixture = project(&[PACKAGE, ("Dockerfile", text)]);
    let environment = fixture.target("Dockerfile");
    let values = ["A", "B", "C", "NODE_ENV"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"1\"", "unknown", "\"3\"", "\"staging\""]);
    assert_eq!(fixture.place(&environment.read("C", Place::Process)), "Dockerfile: 3");
    assert!(!environment.closed);
}

#[test]
fn arguments_have_defaults_and_are_not_in_the_environment() {
    let text = "ARG MODE=production\nFROM node\nARG MODE\nARG SECRET\nARG OWN=x\nENV M=$MODE S=$SECRET O=${OWN}y P=${OWN:-z}\n";
    let environment = project(&[PACKAGE, ("Dockerfile", text)]).one();
    let values = ["M", "S", "O", "P", "OWN"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"production\"", "unknown", "\"xy\"", "\"x\"", "unknown"]);
}

#[test]
fn references_see_what_stands_before_the_instruction() {
    let text = "FROM node\nENV A=1\nENV A=2 B=$A\nENV C=$A\n";
    let environment = project(&[PACKAGE, ("Dockerfile", text)]).one();
    assert_eq!(["B", "C"].map(|name| read(&environment, name)), ["\"1\"", "\"2\""]);
}

#[test]
fn an_image_goes_over_env_files_of_the_app() {
    let files = [PACKAGE, (".env.production", "A=file"), ("Dockerfile", "FROM oven/bun\nENV A=image\n")];
    assert_eq!(read(&project(&files).bun().one(), "A"), "\"image\"");
}

#[test]
fn a_file_for_development_is_left_out() {
    let files =
        [PACKAGE, ("Dockerfile.dev", "FROM node\n"), ("Dockerfile.prod", "FROM node\n"), ("Dockerfile", "FROM node\n")];
    assert_eq!(&*project(&files).one().target.unwrap().name, "Dockerfile.prod");
    assert!(project(&[PACKAGE, ("Dockerfile.dev", "FROM node\n")]).one().target.is_none());
}

#[test]
fn a_file_at_the_root_builds_the_app_it_names() {
    let app = ("apps/a/package.json", PACKAGE.1);
    let other = ("apps/b/package.json", PACKAGE.1);
    let files = [("package.json", "{}"), app, other, ("Dockerfile", "FROM node\nCOPY apps/a .\n")];
    assert!(project(&files).app("apps/a").one().target.is_some());
    assert!(project(&files).app("apps/b").one().target.is_none());
}

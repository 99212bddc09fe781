//! Services of compose files.

use crate::app::environments::tests::support::{project, read, show, steps};
use crate::eval::{Place, Variables};

const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"hono": "4"}}"#);

/// A compose file with one service that is built here.
fn api(rest: &str) -> String {
    format!("services:\n  api:\n    build: .\n{rest}")
}

#[test]
fn a_service_with_an_environment_is_closed() {
    let text = api("    environment:\n      PORT: 3000\n      DEBUG: 'false'\n      ON: yes\n");
    let fixture = project(&[PACKAGE, ("compose.yaml", &text)]);
    let environment = fixture.target("compose.yaml:api");
    assert!(environment.closed);
    let values = ["PORT", "DEBUG", "SECRET"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"3000\"", "\"false\"", "absent"]);
    assert_eq!(fixture.place(&environment.read("PORT", Place::Process)), "compose.yaml: 3000");
}

#[test]
fn a_list_of_variables_has_places_too() {
    let text = api("    environment:\n      - A=1=2\n      - \"B=two words\"\n");
    let fixture = project(&[PACKAGE, ("compose.yaml", &text)]);
    let environment = fixture.one();
    assert_eq!(["A", "B"].map(|name| read(&environment, name)), ["\"1=2\"", "\"two words\""]);
    assert_eq!(fixture.place(&environment.read("A", Place::Process)), "compose.yaml: 1=2");
    assert_eq!(fixture.place(&environment.read("B", Place::Process)), "compose.yaml: two words");
}

#[test]
fn environment_goes_over_env_file_goes_over_image() {
    let text = api("    env_file: [a.production.env, b.production.env]\n    environment:\n      C: compose\n");
    let files = [
        PACKAGE,
        ("compose.yaml", &*text),
        ("Dockerfile", "FROM node\nENV A=image B=image C=image D=image\n"),
        ("a.production.env", "A=a\nB=a\nC=a\n"),
        ("b.production.env", "B=b\n"),
    ];
    let environment = project(&files).one();
    let values = ["A", "B", "C", "D"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"a\"", "\"b\"", "\"compose\"", "\"image\""]);
    assert!(environment.closed);
}

#[test]
fn an_env_file_that_is_not_there_leaves_it_open() {
    let text = api("    env_file: .env.production\n    environment:\n      A: 1\n");
    let environment = project(&[PACKAGE, ("compose.yaml", &text)]).one();
    assert!(!environment.closed);
    assert_eq!(["A", "B"].map(|name| read(&environment, name)), ["\"1\"", "unknown"]);
}

#[test]
fn a_developers_env_file_is_there_perhaps() {
    let text = api("    env_file:\n      - path: .env\n        required: false\n");
    let files = [PACKAGE, ("compose.yaml", &*text), (".env", "A=1"), (".gitignore", ".env")];
    let environment = project(&files).committed().one();
    assert!(!environment.closed);
    assert_eq!(read(&environment, "A"), "Loads(.env)?[unknown, \"1\"]");
    let committed = project(&files[..3]).committed().one();
    assert_eq!((read(&committed, "A").as_str(), committed.closed), ("\"1\"", true));
}

#[test]
fn the_forms_of_interpolation() {
    let text = api("    environment:
      FALLBACK: ${A:-dev}
      UNSET: ${A-dev}
      REQUIRED: ${A:?say it}
      PLAIN: ${A}
      JOINED: http://${HOST}/x
      ALTERNATE: ${A:+on}
      DOLLAR: a$$b
      BARE:
");
    let environment = project(&[PACKAGE, ("compose.yaml", &text)]).one();
    let names = ["FALLBACK", "UNSET", "REQUIRED", "PLAIN", "JOINED", "ALTERNATE", "DOLLAR", "BARE"];
    let shown = [
        "IsSet(A)?[\"dev\", present]",
        "IsSet(A)?[\"dev\", present]",
        "present",
        "unknown",
        "present from \"http://\" of 9",
        "IsSet(A)?[\"\", \"on\"]",
        "\"a$b\"",
        "unknown",
    ];
    assert_eq!(names.map(|name| read(&environment, name)), shown);
    let fallen = environment.read("FALLBACK", Place::Process).given(&crate::eval::Question::IsSet("A".into()), 0);
    assert_eq!(steps(&fallen), ["sets", "fallback", "written", "reads", "not set"]);
}

#[test]
fn the_env_file_beside_it_is_for_interpolation_alone() {
    let text = api("    environment:\n      A: ${A}\n      B: ${B:-b}\n");
    let environment = project(&[PACKAGE, ("compose.yaml", &text), (".env", "A=1\nC=1")]).committed().one();
    assert_eq!(["A", "B", "C"].map(|name| read(&environment, name)), ["\"1\"", "IsSet(B)?[\"b\", present]", "absent"]);
}

#[test]
fn a_production_file_is_what_the_host_interpolates() {
    let text = api("    environment:\n      TOKEN: ${SECRET}\n");
    let files = [PACKAGE, ("compose.yaml", &*text), (".env.production", "SECRET=s\nOTHER=o"), (".gitignore", ".env*")];
    let fixture = project(&files).committed();
    let environment = fixture.one();
    assert_eq!(read(&environment, "TOKEN"), "\"s\"");
    // it is not handed on
    assert_eq!(read(&environment, "OTHER"), "absent");
    assert_eq!(steps(&environment.read("TOKEN", Place::Process)), ["sets", "reads", "intended", "sets"]);
}

#[test]
fn node_env_follows_what_is_written() {
    let text = api("    environment:\n      NODE_ENV: ${NODE_ENV:-development}\n");
    let environment = project(&[PACKAGE, ("compose.yaml", &text)]).one();
    assert_eq!(read(&environment, "NODE_ENV"), "IsSet(NODE_ENV)?[\"development\", present]");
}

#[test]
fn a_file_for_production_overrides_the_plain_one() {
    let plain = api("    environment:\n      A: 1\n      B: 1\n");
    let files = [
        PACKAGE,
        ("compose.yaml", &*plain),
        ("compose.override.yaml", "services:\n  api:\n    environment:\n      B: dev\n"),
        ("compose.prod.yaml", "services:\n  api:\n    environment:\n      B: 2\n"),
    ];
    let environment = project(&files).target("compose.prod.yaml:api");
    assert_eq!(["A", "B"].map(|name| read(&environment, name)), ["\"1\"", "\"2\""]);
}

#[test]
fn a_file_for_production_that_stands_for_itself_stands_alone() {
    let dev = api("    environment:\n      A: 1\n");
    let files = [
        PACKAGE,
        ("docker-compose.yml", &*dev),
        (
            "docker-compose.prod.yml",
            "services:\n  web:\n    image: acme/web\n    environment:\n      B: 2\n  db:\n    image: postgres:17\n",
        ),
    ];
    let environment = project(&files).one();
    // Whose image it is no file shows, so that what it is not told proves nothing.
    assert_eq!(["A", "B"].map(|name| read(&environment, name)), ["unknown", "\"2\""]);
}

#[test]
fn extends_and_anchors_bring_variables_along() {
    let text = "x-env: &shared\n  A: shared\n  B: shared\nservices:\n  base:\n    build: ./elsewhere\n    environment:\n      C: base\n      A: base\n  api:\n    extends: base\n    build: .\n    environment:\n      <<: *shared\n      B: own\n";
    let environment = project(&[PACKAGE, ("elsewhere/package.json", PACKAGE.1), ("compose.yaml", text)]).one();
    let values = ["A", "B", "C"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"shared\"", "\"own\"", "\"base\""]);
}

#[test]
fn build_arguments_reach_the_image() {
    let text =
        "services:\n  api:\n    build:\n      context: .\n      target: final\n      args:\n        MODE: live\n";
    let image = "FROM node AS final\nARG MODE=dev\nENV MODE=$MODE\nFROM final\nENV MODE=other\n";
    let environment = project(&[PACKAGE, ("compose.yaml", text), ("Dockerfile", image)]).one();
    assert_eq!(read(&environment, "MODE"), "\"live\"");
    // it names no variable, so nothing says that it is complete
    assert!(!environment.closed);
}

#[test]
fn services_that_are_bought_are_not_the_app() {
    let text = "services:\n  db:\n    image: postgres:17\n    environment:\n      A: 1\n";
    assert!(project(&[PACKAGE, ("compose.yaml", text)]).one().target.is_none());
}

#[test]
fn a_service_belongs_to_the_app_it_is_built_from() {
    let text = "services:\n  a:\n    build: ./apps/a\n    environment: [X=a]\n  b:\n    build: { context: ., dockerfile: apps/b/Dockerfile }\n    environment: [X=b]\n";
    let files = [
        ("package.json", "{}"),
        ("apps/a/package.json", PACKAGE.1),
        ("apps/b/package.json", PACKAGE.1),
        ("apps/b/Dockerfile", "FROM node\n"),
        ("compose.yaml", text),
    ];
    assert_eq!(read(&project(&files).app("apps/a").one(), "X"), "\"a\"");
    assert_eq!(read(&project(&files).app("apps/b").one(), "X"), "\"b\"");
}

#[test]
fn beside_a_worker_a_plain_compose_file_is_a_developers() {
    let text = api("    environment:\n      A: 1\n");
    let environment = project(&[PACKAGE, ("compose.yaml", &text), ("wrangler.toml", "")]).one();
    assert_eq!(show(&environment.read("A", Place::Process)), "unknown");
}

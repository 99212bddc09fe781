//! Cloudflare Workers.

use crate::app::environments::tests::support::{project, read};
use crate::eval::{Place, Variables};

const ENVIRONMENTS: &str = r#"{
  // what `wrangler dev` uses
  "vars": { "MODE": "development", "ONLY_TOP": "1" },
  "env": {
    "staging": { "vars": { "MODE": "staging" } },
    "production": {
      "vars": { "MODE": "production", "LIMIT": 5 },
      "d1_databases": [{ "binding": "DB", "database_id": "x" }],
    },
  },
}"#;

#[test]
fn the_block_of_production_stands_alone() {
    let fixture = project(&[("wrangler.jsonc", ENVIRONMENTS)]);
    let environment = fixture.target("wrangler.jsonc:production");
    assert_eq!(read(&environment, "MODE"), "\"production\"");
    assert_eq!(read(&environment, "LIMIT"), "5");
    assert_eq!(read(&environment, "DB"), "present");
    assert_eq!(read(&environment, "ONLY_TOP"), "unknown");
    assert_eq!(environment.declared("ONLY_TOP").len(), 1);
    let value = environment.read("MODE", Place::Process);
    assert_eq!(fixture.place(&value), "wrangler.jsonc: \"production\"");
}

#[test]
fn without_a_block_of_production_the_top_is_production() {
    let environment = project(&[("wrangler.toml", "[vars]\nX = \"1\"\n[env.staging.vars]\nX = \"2\"\n")]).one();
    assert_eq!(read(&environment, "X"), "\"1\"");
    assert_eq!(&*environment.target.unwrap().name, "wrangler.toml");
}

#[test]
fn secrets_of_the_platform_keep_it_open() {
    let files = [(".gitignore", ".env*\n.dev.vars\n"), ("wrangler.toml", ""), (".dev.vars", "S=1"), (".env", "S=2")];
    let environment = project(&files).committed().one();
    assert!(!environment.closed);
    assert_eq!(read(&environment, "S"), "unknown");
    let nature = environment.target.unwrap().nature;
    assert!(nature.serverless && nature.dashboard);
}

#[test]
fn an_uncommitted_production_file_does_not_close_a_worker() {
    let files = [(".gitignore", ".env*\n"), ("wrangler.toml", ""), (".env.production", "S=2")];
    let environment = project(&files).committed().bun().one();
    assert_eq!((environment.closed, read(&environment, "T").as_str()), (false, "unknown"));
}

#[test]
fn a_file_for_another_environment_is_no_target() {
    assert!(project(&[("wrangler.staging.toml", "[vars]\nX = \"1\"\n")]).one().target.is_none());
}

#[test]
fn a_worker_belongs_to_the_app_in_its_folder() {
    let package = r#"{"dependencies": {"hono": "4"}}"#;
    let files = [
        ("package.json", "{}"),
        ("apps/a/package.json", package),
        ("apps/b/package.json", package),
        ("apps/a/wrangler.toml", "[vars]\nX = \"1\"\n"),
    ];
    assert!(project(&files).app("apps/b").one().target.is_none());
    assert!(project(&files).app("apps/a").one().target.is_some());
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem() {
    let environment = project(&[("wrangler.jsonc", "{\"vars\": {")]).one();
    assert_eq!(environment.problems.len(), 1);
    assert_eq!(environment.problems[0].id, "project/unparsable");
}

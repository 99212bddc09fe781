//! Platforms with a dashboard, and pipelines.

use crate::app::environments::tests::support::{project, read};
use crate::environment::NEXT;
use crate::eval::{Place, Variables};

const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"hono": "4"}}"#);

#[test]
fn vercel_has_literals_and_secrets() {
    let text = r#"{"env": {"A": "1", "S": "@secret"}, "build": {"env": {"B": "2"}}}"#;
    let fixture = project(&[PACKAGE, ("vercel.json", text)]);
    let environment = fixture.target("vercel.json");
    let values = ["A", "S", "B", "C"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"1\"", "present", "unknown", "unknown"]);
    assert_eq!(fixture.place(&environment.read("A", Place::Process)), "vercel.json: \"1\"");
    let target = environment.target.unwrap();
    assert_eq!((target.nature.name, target.nature.serverless), ("Vercel", true));
    assert_eq!(target.secrets, ["S".into()]);
}

#[test]
fn netlify_reaches_builds_alone() {
    let text = "[build.environment]\nA = \"1\"\n[context.production.environment]\nA = \"2\"\n[context.deploy-preview.environment]\nA = \"3\"\n";
    let files = [PACKAGE, ("netlify.toml", text)];
    let environment = project(&files).bun().one();
    assert_eq!(read(&environment, "A"), "unknown");
    assert_eq!(environment.declared("A").len(), 2);
    assert_eq!(read(&project(&files).loader(&NEXT).one(), "A"), "\"2\"");
}

#[test]
fn fly_goes_over_the_image_it_builds() {
    let files = [
        PACKAGE,
        ("fly.toml", "[build.args]\nM = \"live\"\n[env]\nA = \"fly\"\n"),
        ("fly.staging.toml", "[env]\nA = \"staging\"\n"),
        ("Dockerfile", "FROM node\nARG M\nENV A=image B=image M=$M\n"),
    ];
    let environment = project(&files).one();
    assert_eq!(["A", "B", "M"].map(|name| read(&environment, name)), ["\"fly\"", "\"image\"", "\"live\""]);
    assert!(!environment.closed);
}

#[test]
fn the_patterns_of_render() {
    let text = "
services:
  - type: web
    name: api
    rootDir: apps/api
    envVars:
      - key: A
        value: 1
      - key: EMPTY
        value: ''
      - key: GENERATED
        generateValue: true
      - key: ASKED
        sync: false
      - key: DB
        fromDatabase: { name: db, property: connectionString }
      - fromGroup: shared
  - type: web
    name: other
    rootDir: apps/other
    envVars: [{ key: A, value: other }]
envVarGroups:
  - name: shared
    envVars: [{ key: S, value: shared }]
";
    let app = ("apps/api/package.json", PACKAGE.1);
    let other = ("apps/other/package.json", PACKAGE.1);
    let fixture = project(&[("package.json", "{}"), app, other, ("render.yaml", text)]).app("apps/api");
    let environment = fixture.target("render.yaml:api");
    let names = ["A", "EMPTY", "GENERATED", "ASKED", "DB", "S", "NONE"];
    let shown = ["\"1\"", "\"\"", "present of 44", "present", "present", "\"shared\"", "unknown"];
    assert_eq!(names.map(|name| read(&environment, name)), shown);
    assert_eq!(&*environment.target.unwrap().directory, "apps/api");
}

#[test]
fn a_procfile_assigns_and_app_json_declares() {
    let manifest =
        r#"{"env": {"A": "1", "S": {"generator": "secret"}, "R": {"required": false}, "V": {"value": "v"}}}"#;
    let files = [PACKAGE, ("Procfile", "web: NODE_ENV=staging A=2 node x.js B=3\n"), ("app.json", manifest)];
    let fixture = project(&files);
    let environment = fixture.started().remove(0);
    let names = ["NODE_ENV", "A", "B", "S", "R", "V"];
    let shown = ["\"staging\"", "\"2\"", "unknown", "present of 64", "unknown", "\"v\""];
    assert_eq!(names.map(|name| read(&environment, name)), shown);
    assert_eq!(fixture.place(&environment.read("A", Place::Process)), "Procfile: 2");
}

#[test]
fn pipelines_reach_what_is_built_in() {
    let text = "
env:
  A: 1
jobs:
  test:
    env: { B: test }
    steps: [{ run: npm test }]
  deploy:
    steps:
      - run: npx vercel deploy
        env:
          C: 3
          S: ${{ secrets.S }}
";
    let files = [PACKAGE, (".github/workflows/ci.yml", text)];
    let built = project(&files).loader(&NEXT).one();
    assert_eq!(["A", "B", "C", "S"].map(|name| read(&built, name)), ["\"1\"", "unknown", "\"3\"", "present"]);
    let other = project(&files).bun().one();
    assert_eq!((read(&other, "C").as_str(), other.declared("C").len()), ("unknown", 1));
}

#[test]
fn commands_hand_variables_to_what_they_deploy() {
    let script =
        "docker run -d -e A=1 --env B=\"$B\" registry.example.net/api\ndocker run -e POSTGRES_DB=x postgres:17\n";
    let workflow = "
jobs:
  deploy:
    steps:
      - run: |
          gcloud run deploy api --set-env-vars=C=3,D=${{ secrets.D }} --set-secrets E=e:latest
";
    let files = [PACKAGE, ("deploy/run.sh", script), (".github/workflows/deploy.yml", workflow)];
    let environment = project(&files).one();
    let values = ["A", "B", "C", "D", "E", "POSTGRES_DB"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"1\"", "unknown", "\"3\"", "present", "present", "unknown"]);
}

#[test]
fn railway_goes_over_the_image_it_builds() {
    let files = [
        PACKAGE,
        ("railway.json", r#"{"build": {"dockerfilePath": "deploy/Dockerfile"}}"#),
        ("deploy/Dockerfile", "FROM node\nENV A=image\n"),
    ];
    let environment = project(&files).one();
    let values = ["A", "RAILWAY_ENVIRONMENT", "B"].map(|name| read(&environment, name));
    assert_eq!(values, ["\"image\"", "\"production\"", "unknown"]);
    assert_eq!(environment.target.unwrap().nature.name, "Railway");
}

//! Whose code a target runs.

use crate::app::environments::tests::support::{project, read};
use crate::environment::target::Runs;

const PACKAGE: (&str, &str) = ("package.json", r#"{"name": "@acme/orders", "dependencies": {"hono": "4"}}"#);
const IMAGE: (&str, &str) = ("Dockerfile", "FROM node\nENV A=image\n");

/// A compose file with one service that runs an image and is told one variable.
fn service(image: &str) -> String {
    format!("services:\n  web:\n    image: {image}\n    environment:\n      B: 1\n")
}

#[test]
fn an_image_that_a_pipeline_builds_of_the_folder_is_the_app() {
    let workflow = "
env: { REGISTRY: ghcr.io/acme, NAME: shop }
jobs:
  image:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          tags: ${{ env.REGISTRY }}/${{ env.NAME }}:latest
";
    let text = service("ghcr.io/acme/shop:${TAG:-latest}");
    let files = [PACKAGE, IMAGE, ("compose.yaml", &*text), (".github/workflows/image.yml", workflow)];
    let environment = project(&files).target("compose.yaml:web");
    assert_eq!(environment.target.as_ref().unwrap().runs, Runs::App);
    assert_eq!(["A", "B", "C"].map(|name| read(&environment, name)), ["\"image\"", "\"1\"", "absent"]);
}

#[test]
fn an_image_that_a_script_builds_of_the_folder_is_the_app() {
    let text = service("registry.example.net/shop");
    let build = "docker build -t registry.example.net/shop:$TAG -f docker/Dockerfile .\n";
    let files = [PACKAGE, ("docker/Dockerfile", IMAGE.1), ("compose.yaml", &*text), ("ci/build.sh", build)];
    let environment = project(&files).target("compose.yaml:web");
    assert_eq!(["A", "C"].map(|name| read(&environment, name)), ["\"image\"", "absent"]);
}

#[test]
fn an_image_with_the_name_of_the_package_beside_its_dockerfile_is_the_app() {
    let text = service("acme/orders:3");
    let environment = project(&[PACKAGE, IMAGE, ("compose.yaml", &text)]).target("compose.yaml:web");
    assert_eq!(["A", "B", "C"].map(|name| read(&environment, name)), ["\"image\"", "\"1\"", "absent"]);
}

#[test]
fn of_one_image_that_nobody_explains_nothing_is_certain() {
    let environment = project(&[PACKAGE, ("compose.yaml", &service("acme/something"))]).target("compose.yaml:web");
    assert_eq!(environment.target.as_ref().unwrap().runs, Runs::Unknown);
    assert_eq!(["B", "C"].map(|name| read(&environment, name)), ["\"1\"", "unknown"]);
}

#[test]
fn images_of_others_beside_the_app_are_no_targets_of_it() {
    let text = "
services:
  web: { build: ., environment: { B: 1 } }
  hub: { image: ghcr.io/acme/hub, environment: { X: 1 } }
  cube: { image: cubejs/cube, environment: { Y: 1 } }
";
    let files = [PACKAGE, ("compose.yaml", text)];
    assert_eq!(project(&files).names(), ["compose.yaml:web"]);
    // As deployments they are judged all the same.
    assert_eq!(project(&files).everything().names(), ["compose.yaml:cube", "compose.yaml:hub", "compose.yaml:web"]);
}

#[test]
fn what_is_built_of_another_folder_is_the_app_there() {
    let text = "
services:
  api: { image: acme/api, environment: { B: api } }
  web: { image: acme/web, environment: { B: web } }
";
    let build = "docker build -t acme/api apps/api\ndocker build -t acme/web apps/web\n";
    let app = |name: &str| (format!("apps/{name}/package.json"), PACKAGE.1.replace("orders", &format!("the-{name}")));
    let (api, web) = (app("api"), app("web"));
    let files = [("build.sh", build), ("compose.yaml", text), (&*api.0, &*api.1), (&*web.0, &*web.1)];
    assert_eq!(project(&files).app("apps/api").names(), ["compose.yaml:api"]);
    assert_eq!(project(&files).app("apps/web").names(), ["compose.yaml:web"]);
}

#[test]
fn an_app_on_fly_that_runs_a_bought_image_is_not_this_one() {
    let files = [PACKAGE, ("fly.toml", "[build]\nimage = \"flyio/redis:7\"\n[env]\nA = \"1\"\n")];
    assert!(project(&files).one().target.is_none());
}

#[test]
fn a_name_for_production_speaks_for_its_own_folder() {
    let files = [
        ("apps/web/Dockerfile", "FROM node\n"),
        ("apps/web/Dockerfile.prod", "FROM node\n"),
        ("apps/api/Dockerfile", "FROM node\n"),
    ];
    assert_eq!(project(&files).everything().names(), ["apps/api/Dockerfile", "apps/web/Dockerfile.prod"]);
}

#[test]
fn a_platform_that_hosts_one_folder_leaves_the_others_to_compose() {
    let text = "
services:
  web: { build: apps/web }
  api: { build: apps/api, environment: { B: 1 } }
";
    let files = [
        ("apps/web/vercel.json", "{}"),
        ("apps/web/package.json", PACKAGE.1),
        ("apps/api/package.json", PACKAGE.1),
        ("compose.yaml", text),
    ];
    assert_eq!(project(&files).everything().names(), ["apps/web/vercel.json", "compose.yaml:api"]);
    assert_eq!(project(&files).app("apps/web").names(), ["apps/web/vercel.json"]);
}

//! Containers of Kubernetes workloads.

use crate::app::environments::tests::support::{project, read};
use crate::eval::{Place, Variables};

const PACKAGE: (&str, &str) = ("package.json", r#"{"name": "@acme/api", "dependencies": {"hono": "4"}}"#);

fn deployment(image: &str, rest: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: api }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: main\n          image: {image}\n{rest}"
    )
}

const MAPS: &str = "apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { A: map, B: map }
---
apiVersion: v1
kind: Secret
metadata: { name: secrets }
data: { S: aHVudGVyMg== }
stringData: { T: plain }
";

#[test]
fn a_container_gets_what_it_is_told() {
    let text = deployment(
        "ghcr.io/acme/api:1",
        "          envFrom:
            - configMapRef: { name: settings }
            - secretRef: { name: secrets }
              prefix: X_
          env:
            - { name: B, value: own }
            - { name: P, valueFrom: { secretKeyRef: { name: vault, key: p } } }
            - { name: O, valueFrom: { secretKeyRef: { name: vault, key: o, optional: true } } }
            - { name: M, valueFrom: { configMapKeyRef: { name: settings, key: A } } }
",
    );
    let fixture = project(&[PACKAGE, ("k8s/api.yaml", &text), ("k8s/maps.yaml", MAPS)]);
    let environment = fixture.target("k8s/api.yaml:api");
    let names = ["A", "B", "X_S", "X_T", "P", "O", "M", "NONE"];
    let shown = ["\"map\"", "\"own\"", "\"hunter2\"", "\"plain\"", "present", "unknown", "\"map\"", "absent"];
    assert_eq!(names.map(|name| read(&environment, name)), shown);
    assert_eq!(fixture.place(&environment.read("A", Place::Process)), "k8s/maps.yaml: map");
}

#[test]
fn a_secret_that_is_not_in_the_tree_leaves_it_open() {
    let text = deployment("api", "          envFrom:\n            - secretRef: { name: vault }\n");
    let environment = project(&[PACKAGE, ("k8s/api.yaml", &text)]).one();
    assert_eq!((environment.closed, read(&environment, "S").as_str()), (false, "unknown"));
}

#[test]
fn the_overlay_of_production_patches_its_base() {
    let base = deployment(
        "api",
        "          env:\n            - { name: A, value: base }\n            - { name: B, value: base }\n",
    );
    let patch = deployment("api", "          env:\n            - { name: B, value: patched }\n");
    let dev = patch.replace("patched", "dev");
    let overlay = "resources: [../../base]\npatches: [{ path: patch.yaml }]\nconfigMapGenerator:\n  - name: settings\n    literals: [C=made]\n";
    let files = [
        PACKAGE,
        ("deploy/base/kustomization.yaml", "resources: [api.yaml]\n"),
        ("deploy/base/api.yaml", &base),
        ("deploy/overlays/prod/kustomization.yaml", overlay),
        ("deploy/overlays/prod/patch.yaml", &patch),
        ("deploy/overlays/dev/kustomization.yaml", overlay),
        ("deploy/overlays/dev/patch.yaml", &dev),
    ];
    let environment = project(&files).one();
    assert_eq!(["A", "B"].map(|name| read(&environment, name)), ["\"base\"", "\"patched\""]);
}

#[test]
fn a_container_of_another_image_is_another_app() {
    let text = deployment("postgres:17", "          env:\n            - { name: A, value: '1' }\n");
    let text = text.replace("name: api", "name: db");
    assert!(project(&[PACKAGE, ("k8s/db.yaml", &text)]).one().target.is_none());
}

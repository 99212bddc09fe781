//! What commands set: it goes over what files tell, and what cannot be followed is unknown.

use crate::app::environments::tests::support::{project, read};

const PACKAGE: (&str, &str) = (
    "package.json",
    r#"{"name": "api", "scripts": {"start": "cross-env G=npm node x.js", "serve": "G=serve node x.js"}, "dependencies": {"hono": "4"}}"#,
);

/// A package whose start script sets nothing.
const PLAIN: (&str, &str) =
    ("package.json", r#"{"name": "api", "scripts": {"start": "node x.js"}, "dependencies": {"hono": "4"}}"#);

/// What `G` is on the only target of some files beside a package.
fn told(files: &[(&str, &str)]) -> String {
    told_beside(PLAIN, files)
}

fn told_beside(package: (&str, &str), files: &[(&str, &str)]) -> String {
    let all = [&[package], files].concat();
    let found = project(&all).started();
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(|one| &one.target).collect::<Vec<_>>());
    read(&found[0], "G")
}

/// What `G` is where an image sets it to `image` and starts a command, with an entry script beside it.
fn of_image(script: &str, instructions: &str) -> String {
    let image = format!("FROM node:24\nENV G=image\nCOPY . .\n{instructions}\n");
    told_beside(PACKAGE, &[("Dockerfile", &image), ("entry.sh", script), ("prod.env", "G=file\n")])
}

#[test]
fn a_command_of_an_image_goes_over_its_variables() {
    for (instructions, expected) in [
        (r#"CMD ["node", "x.js"]"#, "\"image\""),
        ("CMD G=a node x.js", "\"a\""),
        ("CMD export G=a && node x.js", "\"a\""),
        ("CMD export G; G=a; node x.js", "\"a\""),
        ("CMD OTHER=1 node x.js", "\"image\""),
        (r#"CMD ["env", "G=a", "node", "x.js"]"#, "\"a\""),
        (r#"CMD ["env", "-u", "G", "node", "x.js"]"#, "absent"),
        (r#"CMD ["sh", "-c", "export G=a; exec node x.js"]"#, "\"a\""),
        (r#"CMD ["sh", "-c", "G=$OTHER exec node x.js"]"#, "unknown"),
        (r#"CMD ["npm", "start"]"#, "\"npm\""),
        (r#"CMD ["npm", "run", "serve"]"#, "\"serve\""),
        ("ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"env\", \"G=a\", \"node\", \"x.js\"]", "\"a\""),
        ("ENTRYPOINT [\"env\", \"G=a\"]\nCMD [\"node\", \"x.js\"]", "\"a\""),
        ("CMD (export G=a); node x.js", "\"image\""),
        ("CMD G=a npx prisma migrate deploy && node x.js", "\"image\""),
        ("CMD set -a; . ./prod.env; set +a; node x.js", "\"file\""),
        ("CMD . ./prod.env && node x.js", "\"file\""),
        ("CMD export $(grep -v '^#' prod.env | xargs) && node x.js", "\"file\""),
        ("CMD npx env-cmd -f prod.env node x.js", "\"file\""),
        ("CMD gunicorn -e G=a app:app", "\"a\""),
    ] {
        assert_eq!(of_image("", instructions), expected, "{instructions}");
    }
}

#[test]
fn what_is_not_followed_may_have_set_it() {
    for instructions in [
        "CMD eval \"$(cat x)\" && node x.js",
        "CMD . ./other.env && node x.js",
        r#"CMD ["doppler", "run", "--", "node", "x.js"]"#,
        r#"ENTRYPOINT ["/bootstrap.sh"]"#,
        r#"CMD ["make", "serve"]"#,
        "CMD export $(cat .env.live) && node x.js",
        r#"CMD ["env", "-i", "node", "x.js"]"#,
        r#"CMD ["supervisord", "-c", "/etc/supervisord.conf"]"#,
        "CMD G=$(date) node x.js",
    ] {
        let found = of_image("", instructions);
        assert!(found == "unknown" || found == "present", "{instructions}: {found}");
    }
}

#[test]
fn an_entry_script_is_followed_to_what_it_starts() {
    let entry = "COPY entry.sh /start\nENTRYPOINT [\"/start\"]\nCMD [\"node\", \"x.js\"]";
    for (script, expected) in [
        ("#!/bin/sh\nexport G=a\nexec \"$@\"\n", "\"a\""),
        ("#!/bin/sh\nexec env G=a \"$@\"\n", "\"a\""),
        ("#!/bin/sh\n: \"${G:=a}\"\nexec \"$@\"\n", "\"image\""),
        ("#!/bin/sh\nexport G=${G:-a}\nexec \"$@\"\n", "\"image\""),
        ("#!/bin/sh\nif [ -z \"$G\" ]; then\n  export G=a\nfi\nexec \"$@\"\n", "\"image\""),
        ("#!/bin/sh\nif [ \"$G\" = image ]; then\n  export G=a\nelse\n  export G=b\nfi\nexec \"$@\"\n", "\"a\""),
        ("#!/bin/sh\n[ -n \"$G\" ] || export G=a\nexec \"$@\"\n", "\"image\""),
        ("#!/bin/sh\n[ -n \"$G\" ] && export G=a\nexec \"$@\"\n", "\"a\""),
        ("#!/bin/sh\ncase \"$1\" in\n  worker) export G=a ;;\nesac\nexec \"$@\"\n", "\"image\""),
        ("#!/bin/sh\nunset G\nexec \"$@\"\n", "absent"),
    ] {
        assert_eq!(of_image(script, entry), expected, "{script}");
    }
    let chosen = of_image("#!/bin/sh\nif [ -f /x ]; then\n  export G=a\nfi\nexec \"$@\"\n", entry);
    assert!(chosen.ends_with("[\"image\", \"a\"]"), "{chosen}");
}

#[test]
fn a_service_starts_what_its_file_says() {
    let service = |rest: &str| format!("services:\n  api:\n    build: .\n    environment: {{ G: told }}\n{rest}");
    let image = ("Dockerfile", "FROM node:24\nENTRYPOINT [\"env\", \"G=entry\"]\nCMD [\"node\", \"x.js\"]\n");
    for (rest, expected) in [
        ("", "\"entry\""),
        ("    command: sh -c \"G=a node x.js\"\n", "\"a\""),
        ("    command: [\"node\", \"x.js\"]\n", "\"entry\""),
        ("    entrypoint: [\"node\", \"x.js\"]\n", "\"told\""),
        ("    entrypoint: [\"sh\", \"-c\", \"export G=a; exec node x.js\"]\n", "\"a\""),
    ] {
        assert_eq!(told(&[image, ("compose.yaml", &service(rest))]), expected, "{rest}");
    }
}

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: api\n          env: [{ name: OTHER, value: x }, { name: G, value: told }]\n";

#[test]
fn a_container_starts_what_its_manifest_says() {
    let manifest = format!("{DEPLOYMENT}          command: [sh, -c]\n          args: [\"G=a exec node x.js\"]\n");
    assert_eq!(told(&[("api.yaml", &manifest)]), "\"a\"");
}

#[test]
fn patches_of_every_form_go_over_the_manifest() {
    let patched = |patch: &str| {
        let kustomization = format!("resources: [api.yaml]\n{patch}");
        let operations = "- op: replace\n  path: /spec/template/spec/containers/0/env/1/value\n  value: b\n";
        let component = "kind: Component\npatches:\n  - path: strategic.yaml\n";
        let strategic = "kind: Deployment\nmetadata: { name: api }\nspec: { template: { spec: { containers: [{ name: api, env: [{ name: G, value: c }] }] } } }\n";
        let renamed = strategic.replace("name: api }\nspec", "name: any }\nspec");
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { G: mapped }\n";
        told(&[
            ("prod/api.yaml", DEPLOYMENT),
            ("prod/kustomization.yaml", &kustomization),
            ("prod/operations.yaml", operations),
            ("prod/renamed.yaml", &renamed),
            ("prod/map.yaml", map),
            ("prod/part/kustomization.yaml", component),
            ("prod/part/strategic.yaml", strategic),
        ])
    };
    let value = "/spec/template/spec/containers/0/env/1/value";
    for (patch, expected) in [
        ("", "\"told\"".to_owned()),
        (
            &*format!(
                "patches:\n  - target: {{ kind: Deployment, name: api }}\n    patch: |-\n      - op: replace\n        path: {value}\n        value: a\n"
            ),
            "\"a\"".to_owned(),
        ),
        (
            &*format!(
                "patches:\n  - target: {{ kind: Deployment }}\n    patch: '[{{\"op\": \"replace\", \"path\": \"{value}\", \"value\": \"a\"}}]'\n"
            ),
            "\"a\"".to_owned(),
        ),
        ("patches:\n  - target: { kind: Deployment, name: api }\n    path: operations.yaml\n", "\"b\"".to_owned()),
        (
            "patchesJson6902:\n  - target: { kind: Deployment, name: api, group: apps, version: v1 }\n    path: operations.yaml\n",
            "\"b\"".to_owned(),
        ),
        ("patches:\n  - target: { kind: Deployment, name: api }\n    path: renamed.yaml\n", "\"c\"".to_owned()),
        (
            "patches:\n  - patch: |-\n      kind: Deployment\n      metadata: { name: api }\n      spec: { template: { spec: { containers: [{ name: api, env: [{ name: G, value: a }] }] } } }\n",
            "\"a\"".to_owned(),
        ),
        (
            "patchesStrategicMerge:\n  - |-\n      kind: Deployment\n      metadata: { name: api }\n      spec: { template: { spec: { containers: [{ name: api, command: [env, G=a, node] }] } } }\n",
            "\"a\"".to_owned(),
        ),
        ("components: [part]\n", "\"c\"".to_owned()),
        (
            "patches:\n  - target: { kind: Deployment, name: api }\n    patch: |-\n      - op: add\n        path: /spec/template/spec/containers/0/env/-\n        value: { name: G, value: a }\n",
            "\"a\"".to_owned(),
        ),
        (
            "patches:\n  - target: { kind: Deployment, name: api }\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/env\n        value: [{ name: G, value: a }]\n",
            "\"a\"".to_owned(),
        ),
        (
            "patches:\n  - target: { kind: Deployment, name: api }\n    patch: |-\n      - op: remove\n        path: /spec/template/spec/containers/0/env/1\n",
            "absent".to_owned(),
        ),
        (
            "patches:\n  - target: { kind: Deployment, name: api }\n    patch: |-\n      - op: copy\n        from: /metadata/name\n        path: /spec/template/spec/containers/0/env/1/value\n",
            "unknown".to_owned(),
        ),
        (
            "patches:\n  - target: { kind: Deployment, labelSelector: a=b }\n    path: operations.yaml\n",
            "unknown".to_owned(),
        ),
        ("patches:\n  - target: { kind: Deployment, name: web }\n    path: operations.yaml\n", "\"told\"".to_owned()),
    ] {
        assert_eq!(patched(patch), expected, "{patch}");
    }
    let replacement = "resources: [api.yaml, map.yaml]\nreplacements:\n  - source: { kind: ConfigMap, name: settings, fieldPath: data.G }\n    targets:\n      - select: { kind: Deployment, name: api }\n        fieldPaths: [\"spec.template.spec.containers.[name=api].env.[name=G].value\"]\n";
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { G: mapped }\n";
    let files = [("prod/api.yaml", DEPLOYMENT), ("prod/kustomization.yaml", replacement), ("prod/map.yaml", map)];
    assert_eq!(told(&files), "\"mapped\"");
}

#[test]
fn a_deploy_command_goes_over_the_file_of_its_host() {
    let fly = ("fly.toml", "app = 'a'\n[env]\nG = 'told'\n");
    let worker = ("wrangler.jsonc", r#"{"name": "a", "main": "x.js", "vars": {"G": "told"}}"#);
    let vercel = ("vercel.json", r#"{"env": {"G": "told"}}"#);
    let image = ("Dockerfile", "FROM node:24\nENV G=told\nCMD [\"node\", \"x.js\"]\n");
    let pod = ("api.yaml", DEPLOYMENT);
    for (host, line, expected) in [
        (fly, "flyctl deploy -e G=a", "\"a\""),
        (fly, "fly deploy --env G=a", "\"a\""),
        (fly, "fly secrets set G=a", "\"a\""),
        (fly, "fly deploy", "\"told\""),
        (fly, "fly deploy $EXTRA_ARGS", "unknown"),
        (fly, "docker run -e G=a postgres:17", "\"told\""),
        (worker, "npx wrangler deploy --var G:a OTHER:b", "\"a\""),
        (worker, "wrangler deploy --var OTHER:a G:b", "\"b\""),
        (vercel, "vercel --prod -e G=a", "\"a\""),
        (image, "docker run -d -e G=a registry/api", "\"a\""),
        (image, "docker run -d --env-file live.env registry/api", "\"live\""),
        (image, "docker run -d --env-file /etc/api.env registry/api", "unknown"),
        (image, "docker run -d -e G registry/api", "unknown"),
        (image, "gcloud run deploy api --set-env-vars G=a", "\"a\""),
        (pod, "kubectl set env deployment/api G=a", "\"a\""),
        (pod, "kubectl set env deployment/web G=a", "\"told\""),
        (pod, "kubectl set env deployment/api --from=configmap/x", "unknown"),
        (pod, "kubectl patch deployment api -p \"$PATCH\"", "unknown"),
    ] {
        let script = format!("#!/bin/sh\nset -eu\n{line}\n");
        assert_eq!(told(&[host, ("deploy.sh", &script), ("live.env", "G=live\n")]), expected, "{line}");
        let workflow =
            format!("on: push\njobs:\n  ship:\n    steps:\n      - run: |\n          echo go\n          {line}\n");
        let files = [host, (".github/workflows/ship.yml", &*workflow), ("live.env", "G=live\n")];
        assert_eq!(told(&files), expected, "{line} in a workflow");
    }
    let action = "on: push\njobs:\n  ship:\n    steps:\n      - uses: cloudflare/wrangler-action@v3\n        with: { command: deploy --var G:a }\n";
    assert_eq!(told(&[worker, (".github/workflows/ship.yml", action)]), "\"a\"");
}

#[test]
fn a_command_goes_over_what_a_deploy_command_hands() {
    let image = ("Dockerfile", "FROM node:24\nENV G=image\nCMD G=a node x.js\n");
    assert_eq!(told(&[image, ("deploy.sh", "docker run -e G=handed registry/api\n")]), "\"a\"");
}

#[test]
fn the_files_that_a_deploy_command_names_run() {
    let plain = ("compose.yaml", "services:\n  api:\n    build: .\n    environment: { G: told }\n");
    let over = ("x/over.yaml", "services:\n  api:\n    environment: { G: over }\n");
    for (line, expected) in [
        ("docker compose -f compose.yaml -f x/over.yaml up -d", "\"over\""),
        ("docker-compose --file=compose.yaml --file=x/over.yaml up -d", "\"over\""),
        ("docker stack deploy -c compose.yaml -c x/over.yaml api", "\"over\""),
        ("docker compose -f compose.yaml -f \"$OVER\" up -d", "unknown"),
        ("docker compose -f compose.yaml -f x/over.yaml logs", "\"told\""),
        ("docker compose up -d", "\"told\""),
    ] {
        assert_eq!(told(&[plain, over, ("deploy.sh", &format!("{line}\n"))]), expected, "{line}");
    }
}

#[test]
fn the_start_script_counts_where_the_host_runs_it() {
    assert_eq!(told_beside(PACKAGE, &[("fly.toml", "app = 'a'\n[env]\nG = 'told'\n")]), "\"npm\"");
    let image = ("Dockerfile", "FROM node:24\nCMD [\"node\", \"x.js\"]\n");
    assert_eq!(told_beside(PACKAGE, &[image]), "unknown");
    assert_eq!(told(&[("Procfile", "web: G=a node x.js\n")]), "\"a\"");
}

//! Imports, in the layouts that projects have.

use crate::project::tests::Tree;
use crate::project::{Project, Resolution};

/// What an import leads to, as text: a path, `package|subpath`, or `? path`.
fn shown(project: &Project, resolution: &Resolution) -> String {
    match resolution {
        Resolution::File(id) => project.file(*id).path.to_string(),
        Resolution::External { package, subpath } => format!("{package}|{subpath}"),
        Resolution::Missing(path) => format!("? {path}"),
    }
}

fn resolve(project: &Project, from: &str, module: &str) -> String {
    shown(project, &project.resolve(project.id(from), module))
}

fn python(project: &Project, from: &str, module: &str, level: u32) -> String {
    shown(project, &project.resolve_python(project.id(from), module, level))
}

/// Each line is `module -> expectation`.
fn check(project: &Project, from: &str, table: &[(&str, &str)]) {
    for (module, expected) in table {
        assert_eq!(resolve(project, from, module), *expected, "{module} from {from}");
    }
}

#[test]
fn relative_paths_are_completed() {
    let tree = Tree::new(&[
        ("src/a.ts", ""),
        ("src/b.tsx", ""),
        ("src/c.mts", ""),
        ("src/d/index.ts", ""),
        ("src/e.js", ""),
        ("src/e.ts", ""),
        ("src/data.json", ""),
        ("src/only.d.ts", ""),
        ("top.config.ts", ""),
    ]);
    let table = [
        ("./b", "src/b.tsx"),
        ("./b.js", "src/b.tsx"),
        ("./c.mjs", "src/c.mts"),
        ("./d", "src/d/index.ts"),
        ("./d/", "src/d/index.ts"),
        ("./e", "src/e.ts"),
        ("./e.js", "src/e.js"),
        ("./data.json", "src/data.json"),
        ("../top.config", "top.config.ts"),
        ("./x/../b", "src/b.tsx"),
        ("./gone", "? src/gone"),
        ("./a?raw", "? src/a?raw"),
        ("../../outside", "? ../../outside"),
        ("./only", "? src/only"),
        ("bknd", "bknd|"),
        ("@bknd/postgres/x/y", "@bknd/postgres|x/y"),
        ("node:fs/promises", "node:fs/promises|"),
        ("npm:bknd@0.20.0/adapter/bun", "bknd|adapter/bun"),
        ("npm:@a/b@1", "@a/b|"),
        ("https://esm.sh/x", "https://esm.sh/x|"),
        ("@/x", "? @/x"),
        ("~/x", "? ~/x"),
        ("", "? "),
        ("@scope", "? @scope"),
    ];
    check(&tree.open(), "src/a.ts", &table);
}

#[test]
fn paths_of_the_nearest_tsconfig_are_followed_through_extends() {
    let tree = Tree::new(&[
        ("package.json", r#"{"workspaces": ["apps/*", "packages/*"], "dependencies": {"known": "1"}}"#),
        (
            "tsconfig.base.json",
            r##"{ // shared
            "compilerOptions": {"baseUrl": ".", "paths": {"@acme/*": ["packages/*/src"], "exact": ["packages/ui/src/exact.ts"]}, } }"##,
        ),
        ("apps/web/tsconfig.json", r#"{"extends": "../../tsconfig.base.json"}"#),
        ("apps/web/src/a.ts", ""),
        (
            "apps/api/tsconfig.json",
            r#"{"extends": ["@acme/tsconfig/strict", "./gone.json"], "compilerOptions": {"paths": {"@/*": ["../src/*", "./*"], "known/*": ["./vendor/*"]}}}"#,
        ),
        ("apps/api/src/a.ts", ""),
        ("apps/api/lib/b.ts", ""),
        ("packages/tsconfig/package.json", r#"{"name": "@acme/tsconfig"}"#),
        ("packages/tsconfig/strict.json", r#"{"compilerOptions": {"baseUrl": "${configDir}/lib"}}"#),
        ("packages/ui/src/index.ts", ""),
        ("packages/ui/src/exact.ts", ""),
    ]);
    let project = tree.open();
    let web = [
        ("@acme/ui", "packages/ui/src/index.ts"),
        ("exact", "packages/ui/src/exact.ts"),
        ("packages/ui/src/exact", "packages/ui/src/exact.ts"),
        ("@acme/gone", "? packages/gone/src"),
    ];
    check(&project, "apps/web/src/a.ts", &web);
    let api = [
        ("@/a", "apps/api/src/a.ts"),
        ("@/b", "apps/api/lib/b.ts"),
        ("@/gone", "? apps/api/src/gone"),
        ("b", "apps/api/lib/b.ts"),
        ("known/x", "known|x"),
    ];
    check(&project, "apps/api/src/a.ts", &api);
}

#[test]
fn paths_are_found_behind_references_and_cycles_end() {
    let tree = Tree::new(&[
        (
            "tsconfig.json",
            r#"{"files": [], "references": [{"path": "./tsconfig.node.json"}, {"path": "./tsconfig.app.json"}]}"#,
        ),
        ("tsconfig.node.json", r#"{"extends": "./tsconfig.node.json"}"#),
        ("tsconfig.app.json", r#"{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}"#),
        ("src/a.ts", ""),
    ]);
    check(&tree.open(), "src/a.ts", &[("@/a", "src/a.ts")]);
}

#[test]
fn workspace_packages_lead_to_their_sources() {
    let tree = Tree::new(&[
        ("pnpm-workspace.yaml", "packages:\n  - 'packages/*'\n  - apps/*\n"),
        (
            "apps/api/package.json",
            r##"{"name": "api", "imports": {"#db": "./src/db.js", "#lib/*": {"default": "./dist/lib/*.js"}, "#env": "@acme/config/env"}}"##,
        ),
        ("apps/api/src/a.ts", ""),
        ("apps/api/src/db.ts", ""),
        ("apps/api/src/lib/x.ts", ""),
        (
            "packages/config/package.json",
            r#"{"name": "@acme/config", "exports": {
            ".": {"types": "./dist/index.d.ts", "import": "./dist/index.mjs", "require": "./dist/index.cjs"},
            "./env": "./src/env.ts", "./parts/*": "./dist/esm/parts/*.js", "./gone": "./dist/gone.js"}}"#,
        ),
        ("packages/config/src/index.ts", ""),
        ("packages/config/src/env.ts", ""),
        ("packages/config/src/parts/one.ts", ""),
        ("packages/plain/package.json", r#"{"name": "plain", "main": "dist/index.js", "types": "index.d.ts"}"#),
        ("packages/plain/index.d.ts", ""),
        ("packages/plain/index.ts", ""),
        ("packages/plain/src/deep/x.ts", ""),
        ("packages/text/package.json", r#"{"name": "text", "exports": "./main.js"}"#),
        ("packages/text/main.js", ""),
        ("examples/x/package.json", r#"{"name": "x", "dependencies": {"@acme/config": "^1"}}"#),
        ("examples/x/a.ts", ""),
    ]);
    let project = tree.open();
    let table = [
        ("@acme/config", "packages/config/src/index.ts"),
        ("@acme/config/env", "packages/config/src/env.ts"),
        ("@acme/config/parts/one", "packages/config/src/parts/one.ts"),
        ("@acme/config/gone", "? packages/config/dist/gone.js"),
        ("plain", "packages/plain/index.ts"),
        ("plain/dist/deep/x", "packages/plain/src/deep/x.ts"),
        ("text", "packages/text/main.js"),
        ("#db", "apps/api/src/db.ts"),
        ("#lib/x", "apps/api/src/lib/x.ts"),
        ("#env", "packages/config/src/env.ts"),
        ("#none", "? #none"),
        ("api", "api|"),
        ("other", "other|"),
    ];
    check(&project, "apps/api/src/a.ts", &table);
}

#[test]
fn a_package_from_the_registry_is_not_the_one_in_the_tree() {
    let tree = Tree::new(&[
        ("package.json", r#"{"name": "bknd", "workspaces": ["app", "examples/*"]}"#),
        ("app/package.json", r#"{"name": "bknd", "version": "0.20.0", "exports": "./dist/index.js"}"#),
        ("app/src/index.ts", ""),
        ("examples/old/package.json", r#"{"name": "old", "dependencies": {"bknd": "^0.19.0"}}"#),
        ("examples/old/a.ts", ""),
        ("examples/new/package.json", r#"{"name": "new", "dependencies": {"bknd": "^0.20.0"}}"#),
        ("examples/new/a.ts", ""),
        ("docs/package.json", r#"{"name": "docs", "dependencies": {"bknd": "0.20.0"}}"#),
        ("docs/a.ts", ""),
        (
            "examples/vite/package.json",
            r#"{"name": "vite", "dependencies": {"vite": "^7", "old": "^1", "bknd": "workspace:*"}}"#,
        ),
        ("examples/vite/a.ts", ""),
        ("linked/package.json", r#"{"name": "linked", "dependencies": {"bknd": "file:../app"}}"#),
        ("linked/a.ts", ""),
    ]);
    let project = tree.open();
    assert_eq!(resolve(&project, "examples/old/a.ts", "bknd"), "bknd|");
    assert_eq!(resolve(&project, "examples/new/a.ts", "bknd"), "app/src/index.ts");
    assert_eq!(resolve(&project, "docs/a.ts", "bknd"), "bknd|", "its version is pinned to the registry's");
    assert_eq!(resolve(&project, "linked/a.ts", "bknd"), "app/src/index.ts");
    assert_eq!(resolve(&project, "examples/vite/a.ts", "vite"), "vite|", "an example can be named like what it shows");
    assert_eq!(resolve(&project, "examples/vite/a.ts", "old"), "old|", "a member without a version answers no range");
    assert_eq!(resolve(&project, "examples/vite/a.ts", "bknd"), "app/src/index.ts", "the root is not what is meant");
    assert_eq!(resolve(&project, "app/src/index.ts", "bknd"), "app/src/index.ts", "a package knows itself");
}

#[test]
fn python_modules_are_found_from_the_app_root() {
    let tree = Tree::new(&[
        ("api/pyproject.toml", ""),
        ("api/main.py", ""),
        ("api/app/__init__.py", ""),
        ("api/app/settings/__init__.py", ""),
        ("api/app/settings/base.py", ""),
        ("api/app/logging.py", ""),
        ("api/app/views.py", ""),
        ("api/plain/module.py", ""),
        ("api/src/pkg/__init__.py", ""),
        ("api/src/pkg/core.py", ""),
        ("api/scripts/run.py", ""),
        ("api/scripts/helper.py", ""),
        ("shared/common.py", ""),
    ]);
    let project = tree.open();
    let table = [
        ("api/main.py", "app.settings.base", 0, "api/app/settings/base.py"),
        ("api/main.py", "app.settings", 0, "api/app/settings/__init__.py"),
        ("api/main.py", "app", 0, "api/app/__init__.py"),
        ("api/main.py", "pkg.core", 0, "api/src/pkg/core.py"),
        ("api/main.py", "plain.module", 0, "api/plain/module.py"),
        ("api/main.py", "plain", 0, "? api/plain"),
        ("api/main.py", "app.gone", 0, "? api/app/gone"),
        ("api/main.py", "django.conf.global_settings", 0, "django|conf.global_settings"),
        ("api/main.py", "shared.common", 0, "shared/common.py"),
        ("api/scripts/run.py", "helper", 0, "api/scripts/helper.py"),
        ("api/app/views.py", "logging", 0, "logging|"),
        ("api/app/views.py", "logging", 1, "api/app/logging.py"),
        ("api/app/views.py", "", 1, "api/app/__init__.py"),
        ("api/app/settings/base.py", "", 1, "api/app/settings/__init__.py"),
        ("api/app/settings/base.py", "views", 2, "api/app/views.py"),
        ("api/app/settings/base.py", "main", 3, "api/main.py"),
        ("api/app/settings/base.py", "x", 9, "? x"),
    ];
    for (from, module, level, expected) in table {
        assert_eq!(python(&project, from, module, level), expected, "{module} at level {level} from {from}");
    }
}

#[test]
fn an_import_map_of_deno_is_followed() {
    let map = r#"{"imports": { // comment
        "bknd": "npm:bknd@^0.20.1", "bknd/": "npm:/bknd@^0.20.1/", "@/": "./src/", "pg": "npm:@a/pg", "std/": "https://deno.land/std/"}}"#;
    let tree = Tree::new(&[("deno.jsonc", map), ("src/a.ts", ""), ("src/b.ts", "")]);
    let project = tree.open();
    let table = [
        ("bknd", "bknd|"),
        ("bknd/adapter", "bknd|adapter"),
        ("@/b.ts", "src/b.ts"),
        ("@/gone.ts", "? src/gone.ts"),
        ("pg", "@a/pg|"),
        ("std/path.ts", "https://deno.land/std/path.ts|"),
    ];
    check(&project, "src/a.ts", &table);
    let [package] = project.packages() else { panic!("one manifest is there") };
    let ranges: Vec<_> = package.dependencies.iter().map(|(name, dependency)| (&**name, &*dependency.range)).collect();
    assert_eq!(ranges, [("@a/pg", "*"), ("bknd", "^0.20.1")]);
}

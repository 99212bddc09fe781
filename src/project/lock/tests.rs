//! One dependency, asked for in every format.

use crate::project::tests::Tree;
use crate::project::{Ecosystem, Resolved, Version};

fn locked(text: &str) -> Resolved {
    Resolved::Locked(Version::parse(text).unwrap())
}

fn workspace(text: &str) -> Resolved {
    Resolved::Workspace(Version::parse(text).unwrap())
}

fn range(text: &str) -> Resolved {
    Resolved::Range(Version::parse(text).unwrap())
}

/// What the package in `dir` gets for `name`.
fn resolve(tree: &Tree, dir: &str, name: &str) -> Resolved {
    let project = tree.open();
    let package = project.package_above(dir, None).unwrap();
    assert_eq!(&*project.package(package).dir, dir);
    project.resolved_version(package, name)
}

/// A workspace with the package `api`, which wants bknd and a sibling.
fn workspace_with(lockfile: &str, text: &str) -> Tree {
    Tree::new(&[
        (
            "package.json",
            r#"{"name": "root", "workspaces": ["apps/*", "packages/*"], "dependencies": {"bknd": "^0.20.0"}}"#,
        ),
        (
            "apps/api/package.json",
            r#"{"name": "api", "dependencies": {"bknd": "^0.19.0", "@acme/config": "*", "zod": "^3"}}"#,
        ),
        ("packages/config/package.json", r#"{"name": "@acme/config", "version": "2.1.0"}"#),
        (lockfile, text),
    ])
}

fn assert_workspace(tree: &Tree) {
    assert_eq!(resolve(tree, "", "bknd"), locked("0.20.3"));
    assert_eq!(resolve(tree, "apps/api", "bknd"), locked("0.19.1"));
    assert_eq!(resolve(tree, "apps/api", "@acme/config"), workspace("2.1.0"));
    assert_eq!(resolve(tree, "apps/api", "zod"), locked("3.23.8"));
}

#[test]
fn npm_looks_in_the_nearest_node_modules() {
    let text = r#"{"name": "root", "lockfileVersion": 3, "packages": {
        "": {"dependencies": {"bknd": "^0.20.0"}},
        "apps/api": {"dependencies": {"bknd": "^0.19.0"}},
        "apps/api/node_modules/bknd": {"version": "0.19.1", "engines": {"node": ">=20"}},
        "node_modules/@acme/config": {"resolved": "packages/config", "link": true},
        "node_modules/bknd": {"version": "0.20.3", "resolved": "https://example.org/x.tgz"},
        "node_modules/zod": {"version": "3.23.8"}}}"#;
    assert_workspace(&workspace_with("package-lock.json", text));
}

#[test]
fn the_first_npm_format_is_read_at_its_top_level() {
    let text = "{\n  \"lockfileVersion\": 1,\n  \"dependencies\": {\n    \"a\": {\n      \"dependencies\": {\n        \"bknd\": {\n          \"version\": \"0.1.0\"\n        }\n      }\n    },\n    \"bknd\": {\n      \"version\": \"0.20.3\"\n    }\n  }\n}\n";
    let tree = Tree::new(&[("package.json", r#"{"dependencies": {"bknd": "^0.20.0"}}"#), ("package-lock.json", text)]);
    assert_eq!(resolve(&tree, "", "bknd"), locked("0.20.3"));
}

#[test]
fn pnpm_asks_the_importer() {
    let text = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      bknd:\n        specifier: ^0.20.0\n        version: 0.20.3(react@18.0.0)\n\n  apps/api:\n    dependencies:\n      '@acme/config':\n        specifier: '*'\n        version: link:../../packages/config\n      bknd:\n        specifier: ^0.19.0\n        version: 0.19.1\n    devDependencies:\n      zod:\n        specifier: ^3\n        version: 3.23.8\n\npackages:\n\n  bknd@0.19.1:\n    resolution: {integrity: sha512-x}\n";
    assert_workspace(&workspace_with("pnpm-lock.yaml", text));
}

#[test]
fn older_pnpm_formats_have_no_importers_or_no_blocks() {
    let package = ("package.json", r#"{"dependencies": {"bknd": "^0.20.0", "@a/b": "1"}}"#);
    let five = "lockfileVersion: 5.4\n\nspecifiers:\n  '@a/b': '1'\n  bknd: ^0.20.0\n\ndependencies:\n  '@a/b': 1.0.0_react@18.0.0\n  bknd: 0.20.3\n\npackages:\n\n  /bknd/0.20.3:\n    dev: false\n";
    let six = "lockfileVersion: '6.0'\n\ndependencies:\n  '@a/b':\n    specifier: '1'\n    version: 1.0.0(react@18.0.0)\n  bknd:\n    specifier: ^0.20.0\n    version: 0.20.3\n";
    for text in [five, six] {
        let tree = Tree::new(&[package, ("pnpm-lock.yaml", text)]);
        assert_eq!(resolve(&tree, "", "bknd"), locked("0.20.3"));
        assert_eq!(resolve(&tree, "", "@a/b"), locked("1.0.0"));
    }
}

#[test]
fn yarn_answers_the_range() {
    let classic = "# yarn lockfile v1\n\n\nbknd@^0.19.0:\n  version \"0.19.1\"\n  dependencies:\n    version \"^9\"\n\nbknd@^0.20.0, bknd@~0.20.1:\n  version \"0.20.3\"\n\nzod@^3:\n  version \"3.23.8\"\n";
    let tree = workspace_with("yarn.lock", classic);
    assert_workspace(&tree);
    let berry = "__metadata:\n  version: 8\n\n\"@acme/config@npm:*, @acme/config@workspace:packages/config\":\n  version: 0.0.0-use.local\n  resolution: \"@acme/config@workspace:packages/config\"\n  languageName: unknown\n\n\"bknd@npm:^0.19.0\":\n  version: 0.19.1\n  resolution: \"bknd@npm:0.19.1\"\n\n\"bknd@npm:^0.20.0\":\n  version: 0.20.3\n\n\"zod@npm:^3\":\n  version: 3.23.8\n";
    assert_workspace(&workspace_with("yarn.lock", berry));
}

#[test]
fn bun_prefers_what_the_package_alone_gets() {
    let text = r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "root", "dependencies": { "bknd": "^0.20.0", }, },
    "apps/api": { "name": "api", "dependencies": { "bknd": "^0.19.0", }, },
  },
  "packages": {
    "@acme/config": ["@acme/config@workspace:packages/config"],
    "bknd": ["bknd@0.20.3", "", { "bin": { "bknd": "dist/cli.js" } }, "sha512-x"],
    "zod": ["zod@3.23.8", "", {}, "sha512-x"],
    "api/bknd": ["bknd@0.19.1", "", {}, "sha512-x"],
  }
}"#;
    assert_workspace(&workspace_with("bun.lock", text));
}

#[test]
fn python_lockfiles_pin_by_normalised_name() {
    let manifest = ("pyproject.toml", "[project]\ndependencies = ['Aksara_Framework>=0.5']");
    let blocks = "version = 1\n\n[[package]]\nname = \"other\"\nversion = \"9.9\"\n\n[package.dependencies]\naksara-framework = \">=0.1\"\n\n[[package]]\nname = \"aksara-framework\"\nversion = \"0.5.7\"\nsource = { registry = \"https://pypi.org/simple\" }\n";
    let pipfile =
        r#"{"_meta": {}, "default": {"Aksara.Framework": {"hashes": [], "version": "==0.5.7"}}, "develop": {}}"#;
    for (name, text) in [("uv.lock", blocks), ("poetry.lock", blocks), ("Pipfile.lock", pipfile)] {
        let tree = Tree::new(&[manifest, (name, text)]);
        assert_eq!(resolve(&tree, "", "aksara-framework"), locked("0.5.7"), "{name}");
    }
    let forked = format!("{blocks}\n[[package]]\nname = \"aksara-framework\"\nversion = \"0.4.0\"\n");
    let tree = Tree::new(&[manifest, ("uv.lock", &forked)]);
    assert_eq!(resolve(&tree, "", "aksara-framework"), range("0.5"), "two versions are locked, for two platforms");
}

#[test]
fn without_a_lockfile_the_range_speaks() {
    let text = r#"{"name": "x", "dependencies": {"a": "^1.2.0", "b": "2.0.1", "c": "latest", "d": "workspace:*", "e": "file:lib", "f": "catalog:"}}"#;
    let tree = Tree::new(&[
        ("package.json", text),
        ("lib/package.json", r#"{"name": "d", "version": "4.0.0"}"#),
        ("pnpm-workspace.yaml", "packages:\n  - 'lib'\ncatalog:\n  f: ^7.1.0 # newest\n"),
    ]);
    let table = [
        ("a", range("1.2.0")),
        ("b", locked("2.0.1")),
        ("c", Resolved::Unknown),
        ("d", workspace("4.0.0")),
        ("e", workspace("4.0.0")),
        ("f", range("7.1.0")),
        ("absent", Resolved::Unknown),
    ];
    for (name, expected) in table {
        assert_eq!(resolve(&tree, "", name), expected, "{name}");
    }
}

#[test]
fn python_pins_are_exact() {
    let tree = Tree::new(&[("requirements.txt", "django==5.0.1\nflask>=3\n")]);
    let project = tree.open();
    let package = project.package_above("", Some(Ecosystem::Python)).unwrap();
    assert_eq!(project.resolved_version(package, "django"), locked("5.0.1"));
    assert_eq!(project.resolved_version(package, "flask"), range("3"));
}

#[test]
fn a_lockfile_does_not_speak_for_those_who_are_no_members() {
    let bun =
        r#"{"workspaces": {"": {"name": "root"}, "app": {"name": "app"}}, "packages": {"vite": ["vite@7.1.12"]}}"#;
    let npm = r#"{"packages": {"": {}, "app": {}, "node_modules/vite": {"version": "7.1.12"}}}"#;
    for (name, lockfile) in [("bun.lock", bun), ("package-lock.json", npm)] {
        let tree = Tree::new(&[
            ("package.json", r#"{"workspaces": ["app"], "devDependencies": {"vite": "^7"}}"#),
            ("app/package.json", r#"{"dependencies": {"vite": "^8.0.0"}}"#),
            ("examples/old/package.json", r#"{"dependencies": {"vite": "^5.4.0"}}"#),
            ("libs/a/package.json", r#"{"dependencies": {"vite": "^7.1.0"}}"#),
            (name, lockfile),
        ]);
        assert_eq!(resolve(&tree, "examples/old", "vite"), range("5.4.0"), "{name}");
        assert_eq!(resolve(&tree, "libs/a", "vite"), locked("7.1.12"), "{name}: Node finds it in the folder above");
        assert_eq!(resolve(&tree, "app", "vite"), locked("7.1.12"), "{name}: an override decides over the range");
    }
}

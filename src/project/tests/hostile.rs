//! Files that nobody's tool wrote: whatever stands in them, the project opens and every span fits its text.

use super::Tree;
use crate::project::{LineIndex, Project};
use proptest::prelude::*;

const NAMES: &[&str] = &[
    "package.json",
    "deno.json",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "Pipfile",
    "requirements.txt",
    "package-lock.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "uv.lock",
    "Pipfile.lock",
    "tsconfig.json",
    ".gitignore",
];

/// Pieces of every format, so that random texts come deep into the parsers.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ":",
    ": ",
    ",",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    " ",
    "=",
    "==",
    "é",
    "\u{1F600}",
    "\\",
    "#",
    " #",
    "name",
    "version",
    "dependencies",
    "\"dependencies\": {",
    "\"bknd\": \"^1\"",
    "\"node_modules/bknd\": {",
    "bknd",
    "bknd@^1:",
    "importers:",
    "  .:",
    "    dependencies:",
    "      bknd:",
    "        version: 1.0.0",
    "[[package]]",
    "[project]",
    "name = \"bknd\"",
    "install_requires",
    "install_requires=[",
    "[options]",
    "-r x",
    "; y",
    "exports",
    "\"imports\": {\"@/\": \"npm:",
    "\"exports\": {\".\": ",
    "\"paths\": {\"@/*\": [",
    "\"compilerOptions\": {",
    "\"extends\": \"./tsconfig.json\"",
    "*",
    "**",
    "!",
    "/",
    "1.2.3",
    ">=",
    "packages:",
    "- ",
    "\0",
    "\r\n",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

fn assert_spans_fit(project: &Project) {
    let package_spans = project.packages().iter().flat_map(|package| {
        let scripts = package.scripts.iter().map(|script| (package.file, script.span));
        scripts.chain(package.dependencies.values().map(|dependency| (dependency.file, dependency.span)))
    });
    let problem_spans = project.problems().into_iter().filter_map(|problem| Some((problem.file?, problem.span?)));
    for (file, span) in package_spans.chain(problem_spans) {
        let text = project.text(file).unwrap();
        assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "{span:?} in {:?}",
            project.file(file).path
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_manifest_makes_it_panic(texts in prop::collection::vec(text(), NAMES.len())) {
        let tree = Tree::new(&[("src/a.ts", ""), ("src/b.py", "")]);
        for (name, text) in NAMES.iter().zip(&texts) {
            tree.write(name, text.as_bytes());
        }
        let project = tree.open();
        for id in project.package_ids() {
            let _ = project.resolved_version(id, "bknd");
        }
        for module in ["@/x", "bknd", "./b", "#x", "*"] {
            let _ = project.resolve(project.id("src/a.ts"), module);
            let _ = project.resolve_python(project.id("src/b.py"), module, 0);
        }
        assert_spans_fit(&project);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let tree = Tree::new(&[]);
        tree.write(".env", &bytes);
        tree.write(".git/HEAD", b"");
        tree.write(".git/index", &[b"DIRC\0\0\0\x04", bytes.as_slice()].concat());
        let project = tree.open();
        let text = project.text(project.id(".env")).unwrap().clone();
        let index = LineIndex::new(text.clone());
        for offset in 0..=text.len() as u32 + 1 {
            let position = index.position(offset);
            prop_assert!(position.line >= 1 && position.line <= index.lines() && position.column >= 1);
        }
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = "[".repeat(200_000);
    let tree = Tree::new(&[
        ("package.json", &format!("{{\"exports\": {deep}")),
        ("tsconfig.json", &deep),
        ("pyproject.toml", &format!("a = {deep}")),
        ("package-lock.json", &format!("\"node_modules/bknd\": {{\"version\": {deep}")),
        ("Pipfile.lock", &deep),
        ("a.ts", ""),
    ]);
    let project = tree.open();
    for id in project.package_ids() {
        let _ = project.resolved_version(id, "bknd");
    }
    let _ = project.resolve(project.id("a.ts"), "@/x");
    assert_eq!(project.problems().len(), 2);
}

#[test]
fn deep_folders_are_walked() {
    let path = format!("{}a.ts", "d/".repeat(300));
    let tree = Tree::new(&[(&path, ""), (".gitignore", "*.env\n")]);
    let project = tree.open();
    assert_eq!(project.paths(), [".gitignore", &path]);
    assert_eq!(project.is_ignored(&format!("{}x.env", "d/".repeat(300))), Some(true));
}

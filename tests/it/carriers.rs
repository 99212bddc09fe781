//! What carries prodcheck: addresses and versions that no file may have of its own, actions by their commits, and the carriers
//! themselves, installed and run.

use std::fs;
use std::path::Path;
use std::process::Command;

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
const SITE: &str = env!("CARGO_PKG_HOMEPAGE");
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files that name addresses of ours.
fn texts() -> Vec<(String, String)> {
    let folders = ["docs", "packaging", ".github", "schema", "src", "editors"];
    let of_folder = |folder: &&str| {
        let files = walkdir::WalkDir::new(root().join(folder)).into_iter().flatten();
        files.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path()).collect::<Vec<_>>()
    };
    let top = fs::read_dir(root()).expect("the repository").flatten().map(|entry| entry.path());
    let all = folders.iter().flat_map(of_folder).chain(top.filter(|path| path.is_file()));
    let text = |path: std::path::PathBuf| {
        let name = path.strip_prefix(root()).expect("below").to_string_lossy().into_owned();
        Some((name, fs::read_to_string(&path).ok()?))
    };
    all.filter_map(text).collect()
}

/// What stands between each of these words and the name of prodcheck behind it.
fn owners<'t>(text: &'t str, before: &'t str, after: &'t str) -> impl Iterator<Item = &'t str> {
    let rests = text.match_indices(before).map(move |(at, _)| &text[at + before.len()..]);
    rests.filter_map(move |rest| {
        let owner = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?];
        rest[owner.len()..].starts_with(after).then_some(owner)
    })
}

#[test]
fn one_place_decides_where_prodcheck_is_published() {
    let owner = REPOSITORY.strip_prefix("https://github.com/").and_then(|rest| rest.strip_suffix("/prodcheck"));
    let owner = owner.expect("the repository is one of GitHub's");
    assert_eq!(SITE, format!("https://{owner}.github.io/prodcheck"));
    let mut seen = 0;
    for (path, text) in texts() {
        for (before, after) in
            [("github.com/", "/prodcheck"), ("ghcr.io/", "/prodcheck"), ("https://", ".github.io/prodcheck")]
        {
            for named in owners(&text, before, after) {
                seen += 1;
                assert_eq!(named, owner, "{path}: {before}{named}{after}");
            }
        }
    }
    assert!(seen > 10, "only {seen} addresses were found");
}

#[test]
fn every_manifest_has_the_version_of_the_crate() {
    let hook = read("pyproject.toml");
    assert!(hook.contains(&format!("version = \"{VERSION}\"")), "{hook}");
    assert!(hook.contains(&format!("\"prodcheck=={VERSION}\"")), "{hook}");
    let hooks = read(".pre-commit-hooks.yaml");
    assert!(hooks.contains(&format!("prodcheck:{VERSION} ")), "{hooks}");
}

#[test]
fn every_action_is_named_by_its_commit() {
    let workflows = fs::read_dir(root().join(".github/workflows")).expect("the workflows").flatten();
    let files = workflows.map(|entry| entry.path()).chain([root().join("action.yml")]);
    let mut seen = 0;
    for file in files {
        let text = fs::read_to_string(&file).expect("UTF-8");
        for line in text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")) {
            if line == "./" {
                continue;
            }
            seen += 1;
            let (_, rest) = line.split_once('@').unwrap_or_else(|| panic!("{}: {line}", file.display()));
            let (commit, version) = rest.split_once(" # v").unwrap_or((rest, ""));
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit && !version.is_empty(), "{}: {line}", file.display());
        }
    }
    assert!(seen > 15, "only {seen} actions were found");
}

#[test]
fn binstall_looks_for_the_archives_that_a_release_has() {
    let manifest = read("Cargo.toml").parse::<toml::Table>().expect("TOML");
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let workflow = read(".github/workflows/release.yml");
    let targets: Vec<&str> =
        workflow.lines().filter_map(|line| line.trim().strip_prefix("- { target: ")?.split(',').next()).collect();
    assert_eq!(targets.len(), 6);
    for target in targets {
        let own = binstall["overrides"].get(target);
        let wanted = if target.contains("windows") { "zip" } else { "tgz" };
        let format = own.map_or(&binstall["pkg-fmt"], |own| &own["pkg-fmt"]);
        assert_eq!(format.as_str(), Some(wanted), "{target}");
        let platform = workflow.lines().find(|line| line.contains(&format!("target: {target},"))).expect("its row");
        let npm = platform.split("npm: ").nth(1).and_then(|rest| rest.split(' ').next()).expect("its npm package");
        assert!(read("packaging/npm/build.mjs").contains(&format!("\"{npm}\"")), "{npm}");
    }
}

#[test]
fn the_schema_that_init_names_is_published() {
    let entry: serde_json::Value =
        serde_json::from_str(&read("packaging/schemastore/catalog-entry.json")).expect("JSON");
    let url = entry["url"].as_str().expect("an address");
    assert_eq!(url, format!("{SITE}/schema/prodcheck.schema.json"));
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("package.json"), "{}").expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    let status = command.current_dir(folder.path()).arg("init").output().expect("prodcheck runs").status;
    assert!(status.success());
    let text = fs::read_to_string(folder.path().join("prodcheck.toml")).expect("it was written");
    assert_eq!(text.lines().next(), Some(&*format!("#:schema {url}")));
}

/// Needs node, npm, python3, pip and maturin; CI runs it by itself.
#[test]
#[ignore = "packs and installs every carrier"]
fn every_carrier_brings_prodcheck() {
    let output =
        Command::new(root().join("packaging/test")).arg(env!("CARGO_BIN_EXE_prodcheck")).output().expect("bash");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

//! The documentation as it is generated: a page for everything, no dead link, and the addresses that reports give are pages.

use crate::support::{fixtures, lay_out};
use prodcheck::rules::Catalogue;
use prodcheck::settings::vocabulary;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::{fs, sync::LazyLock};

/// Where the book is published: what reports lead to lies below it.
const ADDRESS: &str = env!("CARGO_PKG_HOMEPAGE");

/// The pages by their paths below the book's source.
static PAGES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let root = env!("CARGO_MANIFEST_DIR");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
    let status = command.args(["generate", root, "--site"]).arg(folder.path()).status().expect("prodcheck runs");
    assert!(status.success());
    let source = folder.path().join("src");
    let files = walkdir::WalkDir::new(&source).into_iter().map(|entry| entry.expect("a readable folder"));
    files
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "md"))
        .map(|entry| {
            let path = entry.path().strip_prefix(&source).expect("below").to_string_lossy().replace('\\', "/");
            (path, fs::read_to_string(entry.path()).expect("UTF-8"))
        })
        .collect()
});

/// The lines of a page that are no code.
fn prose(text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut out = String::new();
    for line in text.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            Some(open) if ticks == open && line == open => fence = None,
            None => out.push_str(&(without_code(line) + "\n")),
            Some(_) => {}
        }
    }
    assert!(fence.is_none(), "a block is not closed:\n{text}");
    out
}

/// A line without what stands in ticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("` `")
}

/// The targets of the links of a page.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let ends = prose.match_indices("](").map(|(at, _)| &prose[at + 2..]);
    ends.map(|rest| rest.split(')').next().unwrap_or_default().to_owned()).collect()
}

/// The ids of the headings of a page, as mdBook makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).lines().filter_map(|line| line.strip_prefix('#').map(str::to_owned)).collect::<Vec<_>>();
    let id = |heading: &String| -> String {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.iter().map(id).collect()
}

/// The page that a relative target names.
fn resolved(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => _ = parts.pop().expect("a link out of the book"),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn no_link_is_dead() {
    let mut dead = Vec::new();
    let mut followed = 0;
    for (path, text) in &*PAGES {
        for target in links(text) {
            if let Some((scheme, _)) = target.split_once("://") {
                if scheme != "https" {
                    dead.push(format!("{path}: {target}"));
                }
                continue;
            }
            followed += 1;
            let (page, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let page = if page.is_empty() { path.clone() } else { resolved(path, page) };
            let there = PAGES.get(&page).is_some_and(|text| anchor.is_empty() || anchors(text).contains(anchor));
            if !there {
                dead.push(format!("{path}: {target}"));
            }
        }
    }
    assert!(followed > 1000, "only {followed} links were found");
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn links_to_the_repository_lead_to_files_that_are_there() {
    let below = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");
    for (path, text) in &*PAGES {
        for target in links(text) {
            let Some(file) = target.strip_prefix(below) else { continue };
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{path}: {target}");
        }
    }
}

#[test]
fn every_page_stands_in_the_contents_once() {
    let listed = links(&PAGES["SUMMARY.md"]);
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len());
    let pages: BTreeSet<&String> = PAGES.keys().filter(|path| *path != "SUMMARY.md").collect();
    assert_eq!(unique, pages);
}

#[test]
fn everything_that_runs_has_a_page() {
    for id in Catalogue::builtin().ids() {
        assert!(PAGES.contains_key(&format!("rules/{id}.md")), "{id}");
    }
    for kind in vocabulary() {
        let page = PAGES.get(&format!("settings/{}.md", kind.name)).expect("a page");
        let anchors = anchors(&page.replace('\\', ""));
        kind.settings
            .iter()
            .for_each(|setting| assert!(anchors.contains(setting.name), "{}.{}", kind.name, setting.name));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut libraries = 0;
    for entry in
        walkdir::WalkDir::new(root.join("libraries")).into_iter().map(|entry| entry.expect("a readable folder"))
    {
        let path = entry.path().strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
        let Some(id) = path.strip_suffix(".toml") else { continue };
        libraries += 1;
        assert!(PAGES.contains_key(&format!("{id}.md")), "{id}");
    }
    assert!(libraries > 50, "only {libraries} libraries were found");
    for entry in
        fs::read_dir(root.join("src/frameworks")).expect("the frameworks").map(|entry| entry.expect("an entry"))
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_one = entry.path().join("mod.rs").exists();
        assert!(!is_one || PAGES.contains_key(&format!("frameworks/{}.md", name.replace('_', "-"))), "{name}");
    }
}

#[test]
fn reports_lead_to_pages_that_are_there() {
    let fixture = fixtures().into_iter().find(|fixture| fixture.ends_with("bknd/first-look")).expect("the fixture");
    let project = lay_out(&fixture);
    let report = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prodcheck"));
        let output = command.current_dir(project.path()).args(["scan", "--format", format]).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for format in ["sarif", "gitlab", "html", "markdown"] {
        let text = report(format);
        let ends = text.match_indices(ADDRESS).map(|(at, found)| &text[at + found.len()..]);
        let pages: BTreeSet<String> = ends
            .filter_map(|rest| rest.strip_prefix('/')?.split(".html").next().map(|page| format!("{page}.md")))
            .collect();
        assert!(pages.len() >= 4, "{format}: {pages:?}");
        pages.iter().for_each(|page| assert!(PAGES.contains_key(page), "{format}: {page}"));
    }
}

#[test]
fn no_element_has_the_id_of_a_heading() {
    let mut seen = 0;
    for (path, text) in &*PAGES {
        let anchors = anchors(text);
        for id in prose(text).split("id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            seen += 1;
            assert!(!anchors.contains(id), "{path}: a script that looks for #{id} finds the heading");
        }
    }
    assert!(seen > 0, "the playground has an element of its own");
}

#[test]
fn pages_name_settings_as_users_write_them() {
    let fastify = &PAGES["libraries/npm/fastify.md"];
    assert!(fastify.contains("| `trustProxy` | by default `false` |"), "{fastify}");
    assert!(fastify.contains("| `logger.level` |"), "{fastify}");
    let bound = &PAGES["libraries/npm/jsonwebtoken.md"];
    assert!(
        bound.contains("| the second argument of `sign` | signing | yes |")
            || bound.contains("the second argument of `verify`"),
        "{bound}"
    );
    assert!(PAGES["settings/cors.md"].contains("| by default `[\"*\"]` |"));
    // Where one key is all that there is, what to do names it.
    assert!(PAGES["rules/auth/guard-disabled.md"].contains("\nSet `config.auth.guard.enabled` to `true`."));
    assert!(PAGES["rules/cors/wildcard.md"].contains("\nSet the setting (see Where) to the sites"));
    assert!(PAGES["rules/secrets/low-entropy.md"].contains("\nReplace the secret with a new random value"));
    let clumsy = |text: &str| text.contains("its own the") || text.contains("it to it");
    PAGES.iter().for_each(|(path, text)| assert!(!clumsy(text), "{path}"));
}

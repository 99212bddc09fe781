//! The rooms of `src/` use each other as ARCHITECTURE.md says, in one direction.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Rooms = BTreeMap<String, BTreeSet<String>>;

/// Rooms whose `mod.rs` lists and composes alone: what its files share lies in a file of its own.
const COMPOSED: &[&str] =
    &["app", "environment", "facts", "findings", "frameworks", "habits", "libraries", "platforms", "reading"];

/// Rooms in which no files use each other in a circle. (An evaluator calls itself: `eval` is one closed room.)
const WITHOUT_CIRCLES: &[&str] = &["environment", "findings", "frameworks"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The arrows of ARCHITECTURE.md: a line for each room, with the rooms that it may use.
fn written() -> Rooms {
    let page = fs::read_to_string(source().with_file_name("ARCHITECTURE.md")).expect("the page");
    let block = page.split("```arrows\n").nth(1).expect("a block of arrows").split("```").next().expect("its end");
    let line = |line: &str| {
        let (room, used) = line.split_once("→").unwrap_or_else(|| panic!("no arrow in `{line}`"));
        (room.trim().to_owned(), used.split_whitespace().map(str::to_owned).collect())
    };
    block.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// Every Rust file below a folder, but for those that are tests.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let tests = test_modules(folder);
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if tests.contains(&name) {
            continue;
        }
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push(path);
        }
    }
    all
}

/// The modules of a folder that are compiled for tests alone.
fn test_modules(folder: &Path) -> BTreeSet<String> {
    let declared = Regex::new(r"#\[cfg\(test\)\]\s*(?:pub\([a-z]+\) )?mod (\w+);").expect("a pattern");
    let mut all = BTreeSet::new();
    let beside = folder.with_extension("rs");
    let inside = fs::read_dir(folder).expect("a readable folder").map(|entry| entry.expect("an entry").path());
    for path in inside.filter(|path| path.is_file()).chain(beside.is_file().then_some(beside)) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        all.extend(declared.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    all
}

/// The code of a file without the tests that stand in it.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a text");
    let without = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    without.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn room_of(path: &Path) -> String {
    let below = path.strip_prefix(source()).expect("below src");
    let first = below.iter().next().expect("a name").to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The arrows of the code.
fn drawn() -> Rooms {
    let whole = Regex::new(r"\bcrate::(\w+)").expect("a pattern");
    let listed = Regex::new(r"(?s)\bcrate::\{(.*?)\};").expect("a pattern");
    let first = Regex::new(r"(?:^|,)\s*(\w+)").expect("a pattern");
    let mut rooms = Rooms::new();
    let all = files(&source());
    let names: BTreeSet<String> = all.iter().map(|path| room_of(path)).collect();
    for path in all {
        let room = room_of(&path);
        let text = code(&path);
        let used = rooms.entry(room.clone()).or_default();
        used.extend(whole.captures_iter(&text).map(|found| found[1].to_owned()));
        for list in listed.captures_iter(&text) {
            used.extend(first.captures_iter(&list[1]).map(|found| found[1].to_owned()));
        }
        used.retain(|other| *other != room && names.contains(other));
    }
    rooms
}

#[test]
fn rooms_use_each_other_as_the_page_says() {
    let (written, drawn) = (written(), drawn());
    let mut wrong = Vec::new();
    for (room, used) in &drawn {
        let Some(allowed) = written.get(room) else {
            wrong.push(format!("ARCHITECTURE.md has no line for `{room}`"));
            continue;
        };
        wrong.extend(
            used.difference(allowed).map(|other| format!("`{room}` uses `{other}`, which the page does not say")),
        );
        wrong.extend(
            allowed.difference(used).map(|other| format!("the page says that `{room}` uses `{other}`: it does not")),
        );
    }
    wrong.extend(
        written.keys().filter(|room| !drawn.contains_key(*room)).map(|room| format!("there is no room `{room}`")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_arrow_runs_back() {
    let drawn = drawn();
    let mut placed: Vec<&str> = Vec::new();
    while placed.len() < drawn.len() {
        let next: Vec<&str> = drawn
            .iter()
            .filter(|(room, used)| {
                !placed.contains(&room.as_str()) && used.iter().all(|used| placed.contains(&&**used))
            })
            .map(|(room, _)| room.as_str())
            .collect();
        let left: Vec<&String> = drawn.keys().filter(|room| !placed.contains(&room.as_str())).collect();
        assert!(!next.is_empty(), "these rooms use each other in a circle: {left:?}");
        placed.extend(next);
    }
}

#[test]
fn a_mod_file_lists_and_composes_alone() {
    let mut found = BTreeSet::new();
    for path in files(&source()) {
        let folder = path.parent().expect("a folder");
        let mod_file = folder.join("mod.rs");
        if path.ends_with("mod.rs") || !mod_file.is_file() || !COMPOSED.contains(&&*room_of(&path)) {
            continue;
        }
        let defined = defined_in(&mod_file);
        let text = code(&path);
        let own: Vec<String> = folder
            .strip_prefix(source())
            .expect("below src")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        let prefixes = ["super".to_owned(), format!("crate::{}", own.join("::"))];
        if defined.iter().any(|name| prefixes.iter().any(|prefix| names(&text, prefix, name))) {
            let name = path.strip_prefix(source()).expect("below src").display().to_string();
            found.insert(name);
        }
    }
    assert!(found.is_empty(), "these use their own mod.rs; what files share lies in a file of its own: {found:#?}");
}

/// The names of what a file defines itself.
fn defined_in(path: &Path) -> Vec<String> {
    let item = Regex::new(r"(?m)^(?:pub(?:\([a-z ]+\))? )?(?:async )?(?:fn|struct|enum|trait|type|const|static) (\w+)")
        .expect("a pattern");
    item.captures_iter(&code(path)).map(|found| found[1].to_owned()).collect()
}

/// Whether a text takes a name out of a module: `super::name`, or in a list behind `super::{`.
fn names(text: &str, prefix: &str, name: &str) -> bool {
    let direct = format!(r"(?:^|[^\w:]){}::{name}\b", regex::escape(prefix));
    if Regex::new(&direct).expect("a pattern").is_match(text) {
        return true;
    }
    let list = Regex::new(&format!(r"(?:^|[^\w:]){}::\{{([^;]*)\}};", regex::escape(prefix))).expect("a pattern");
    let word = Regex::new(&format!(r"\b{name}\b")).expect("a pattern");
    list.captures_iter(text).any(|found| {
        let mut depth = 0;
        let top: String = found[1]
            .chars()
            .filter(|c| {
                depth += i32::from(*c == '{');
                let shown = depth == 0;
                depth -= i32::from(*c == '}');
                shown
            })
            .collect();
        top.split(',').any(|item| !item.contains("::") && word.is_match(item))
    })
}

/// The files of the crate by their modules, each with its code.
fn modules() -> BTreeMap<Vec<String>, String> {
    let module = |path: &Path| {
        let below = path.strip_prefix(source()).expect("below src").with_extension("");
        let mut names: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        names.pop_if(|last| last == "mod");
        names
    };
    files(&source()).iter().map(|path| (module(path), code(path))).collect()
}

/// The paths that a `use` names, its lists taken apart: `a::{b, c::{d, self}}`.
fn paths(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, list)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        return vec![path.trim_end_matches("::self").to_owned()];
    };
    let mut depth = 0;
    let items = list.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    items.filter(|item| !item.trim().is_empty()).flat_map(|item| paths(&format!("{before}{}", item.trim()))).collect()
}

/// Who uses which module: the whole graph of files. A name that a module hands on is the one's that has it.
struct Files {
    texts: BTreeMap<Vec<String>, String>,
    handed: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Files {
    fn all() -> Files {
        let mut files = Files { texts: modules(), handed: BTreeMap::new() };
        let handing = Regex::new(r"(?ms)^pub(?:\([a-z: ]+\))? use ([^;]+);").expect("a pattern");
        // What is handed on may be handed on again.
        for _ in 0..3 {
            for (module, text) in files.texts.clone() {
                for path in handing.captures_iter(&text).flat_map(|found| paths(&found[1])) {
                    let name = path.rsplit("::").next().unwrap_or_default().to_owned();
                    if let Some(of) = files.resolved(&path, &module).filter(|of| *of != module) {
                        files.handed.insert((module.clone(), name), of);
                    }
                }
            }
        }
        files
    }

    /// The module that has what a path names.
    fn resolved(&self, path: &str, from: &[String]) -> Option<Vec<String>> {
        let mut parts = path.split("::").map(str::trim).peekable();
        let mut here: Vec<String> = match *parts.peek()? {
            "crate" => Vec::new(),
            "super" | "self" => from.to_vec(),
            first => {
                let inner: Vec<String> = from.iter().cloned().chain([first.to_owned()]).collect();
                self.texts.contains_key(&inner).then(|| from.to_vec())?
            }
        };
        for part in parts {
            match part {
                "crate" | "self" => {}
                "super" => drop(here.pop()),
                name => {
                    let inner: Vec<String> = here.iter().cloned().chain([name.to_owned()]).collect();
                    if !self.texts.contains_key(&inner) {
                        return self.handed.get(&(here.clone(), name.to_owned())).cloned().or(Some(here));
                    }
                    here = inner;
                }
            }
        }
        Some(here)
    }

    /// The modules of a room that a module of it uses.
    fn used(&self, module: &[String], room: &str) -> BTreeSet<Vec<String>> {
        let uses = Regex::new(r"(?ms)^\s*(?:pub(?:\([a-z: ]+\))? )?use ([^;]+);").expect("a pattern");
        let inline = Regex::new(r"(?:^|[^\w:])((?:crate|super|self)(?:::\w+)+)").expect("a pattern");
        let text = self.texts[module].replace("pub(in crate::", "pub(in ");
        let listed = uses.captures_iter(&text).flat_map(|found| paths(&found[1]));
        let rest = uses.replace_all(&text, "").into_owned();
        let named = inline.captures_iter(&rest).map(|found| found[1].to_owned()).collect::<Vec<_>>();
        let all = listed.chain(named).filter_map(|path| self.resolved(&path, module));
        all.filter(|used| used.as_slice() != module && used.first().is_some_and(|first| first == room)).collect()
    }
}

#[test]
fn no_files_of_these_rooms_use_each_other_in_a_circle() {
    let files = Files::all();
    for room in WITHOUT_CIRCLES {
        let own = files.texts.keys().filter(|module| module.first().is_some_and(|first| first == room));
        let mut left: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> =
            own.map(|module| (module.clone(), files.used(module, room))).collect();
        assert!(left.values().any(|used| !used.is_empty()), "`{room}` has files that use each other");
        loop {
            let free: Vec<Vec<String>> = left
                .iter()
                .filter(|(_, used)| !used.iter().any(|other| left.contains_key(other)))
                .map(|(module, _)| module.clone())
                .collect();
            if free.is_empty() {
                break;
            }
            free.iter().for_each(|module| drop(left.remove(module)));
        }
        let circle: Vec<String> = left.keys().map(|module| module.join("::")).collect();
        assert!(circle.is_empty(), "a circle lies among these, or they use one: {circle:#?}");
    }
}

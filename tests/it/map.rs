//! The way of a scan in ARCHITECTURE.md names functions that there are.

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};

/// The part of the page that follows a scan.
fn page() -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("the page");
    let part = page.split("## Follow a scan").nth(1).expect("the part").split("\n## ").next().expect("its end");
    part.to_owned()
}

/// The files that can be a module: `a/b.rs`, `a/b/mod.rs`, and `a.rs` for what `a` lists of `b`.
fn files_of(module: &[&str]) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let joined: PathBuf = module.iter().fold(source, |path, part| path.join(part));
    [joined.with_extension("rs"), joined.join("mod.rs")].into_iter().filter(|path| path.is_file()).collect()
}

/// Whether a module has a function of a name, or a method where the last part of the path is a type.
fn is_there(path: &str) -> bool {
    let parts: Vec<&str> = path.split("::").collect();
    let (function, module) = parts.split_last().expect("a path has parts");
    let module: Vec<&str> = module.iter().copied().filter(|part| !part.starts_with(char::is_uppercase)).collect();
    let defines = Regex::new(&format!(r"(?m)^\s*(?:pub(?:\([a-z ]+\))? )?fn {function}\b")).expect("a pattern");
    files_of(&module).iter().any(|file| defines.is_match(&fs::read_to_string(file).expect("a text")))
}

#[test]
fn each_step_of_a_scan_is_a_function_that_there_is() {
    let named = Regex::new(r"`((?:\w+::)+\w+)`").expect("a pattern");
    let page = page();
    let paths: Vec<&str> = named.captures_iter(&page).map(|found| found.get(1).expect("a path").as_str()).collect();
    assert!(paths.len() > 20, "the page names functions");
    let wrong: Vec<&&str> = paths.iter().filter(|path| !is_there(path)).collect();
    assert!(wrong.is_empty(), "ARCHITECTURE.md names functions that there are not: {wrong:?}");
}

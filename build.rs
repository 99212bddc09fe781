//! Reads the TOML of the rules, of the facts of libraries, of the table of limits and of what is told of examples, so that a
//! start does not: what is embedded are parsed nodes.

#[path = "src/facts/compiled.rs"]
mod compiled;
#[path = "src/facts/names.rs"]
mod names;
/// As in the library, so that what both compile finds it.
mod rules {
    #[path = "../src/rules/load/node.rs"]
    pub(crate) mod node;
}
#[path = "src/cli/explain/told.rs"]
mod told;

use rules::node::{self, Compiled, Node, Plain};
use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};
use told::Told;

/// What a scan says of the examples.
const TOLD: &str = "src/cli/explain/told.toml";

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=libraries");
    println!("cargo:rerun-if-changed=src/facts/compiled.rs");
    println!("cargo:rerun-if-changed=src/facts/names.rs");
    println!("cargo:rerun-if-changed=src/rules/load/node.rs");
    println!("cargo:rerun-if-changed=src/cli/explain/told.rs");
    println!("cargo:rerun-if-changed={TOLD}");
    let mut rules: Vec<(String, String)> = Vec::new();
    for category in read_dir(Path::new("rules")).iter().filter(|path| path.is_dir()) {
        for file in read_dir(category).iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")) {
            let id = file.with_extension("").to_str().expect("a rule's path is UTF-8").replace('\\', "/");
            rules.push((id["rules/".len()..].to_owned(), read(file)));
        }
    }
    rules.sort_unstable();
    // The cases stand last, with the example: only `explain` and the tests want them, and read the text.
    let heads: Vec<(&str, Node<'_>)> =
        rules.iter().map(|(id, text)| (&**id, parse(id, text.split("\n[[case]]").next().unwrap_or(text)))).collect();
    let bytes: Vec<Vec<u8>> = heads.iter().map(|(_, head)| encoded(head)).collect();
    let examples: Vec<Vec<u8>> = rules.iter().map(|(id, text)| example(&parse(id, text))).collect();
    let compiled: Vec<Compiled<'_>> = heads
        .iter()
        .zip(bytes.iter().zip(&examples))
        .map(|((id, node), (head, example))| Compiled {
            id,
            resource: text(id, node, "resource"),
            severity: text(id, node, "severity"),
            owner: text(id, node, "owner"),
            summary: text(id, node, "summary"),
            aliases: texts(node, "aliases").collect(),
            head,
            example,
        })
        .collect();
    write("rules.postcard", &encoded(&compiled));
    let limits = read(Path::new("rules/limits.toml"));
    write("limits.postcard", &encoded(&parse("limits", &limits)));
    let told = read(Path::new(TOLD));
    let told: BTreeMap<String, Told<'_>> = toml::from_str(&told).unwrap_or_else(|error| panic!("{TOLD}: {error}"));
    // One slice for each rule: a page reads its own alone.
    let told: Vec<(&String, Vec<u8>)> = told.iter().map(|(id, told)| (id, encoded(told))).collect();
    write("told.postcard", &encoded(&told));
    facts();
}

/// The facts of libraries: for each the modules by which it is imported, and its nodes without the cases.
fn facts() {
    let mut files: Vec<(String, String)> = Vec::new();
    collect(Path::new("libraries"), &mut files);
    files.sort_unstable();
    let heads: Vec<(&str, Node<'_>)> = files
        .iter()
        .map(|(id, text)| {
            let head = text.split("\n[[case]]").next().unwrap_or(text);
            let head = node::parse(head).unwrap_or_else(|(_, message)| panic!("libraries/{id}.toml: {message}"));
            (&**id, head)
        })
        .collect();
    let modules: Vec<Vec<String>> = heads.iter().map(|(id, head)| names::modules(id, head)).collect();
    let bytes: Vec<Vec<u8>> = heads.iter().map(|(_, head)| encoded(head)).collect();
    let compiled: Vec<compiled::CompiledFacts<'_>> = heads
        .iter()
        .zip(modules.iter().zip(&bytes))
        .map(|((id, node), (modules, head))| compiled::CompiledFacts {
            id,
            modules: modules.iter().map(String::as_str).collect(),
            is_host: names::entry(node, "host").is_some(),
            head,
        })
        .collect();
    write("facts.postcard", &encoded(&compiled));
}

/// Every file of facts below a folder, with its path without the ending.
fn collect(folder: &Path, into: &mut Vec<(String, String)>) {
    for path in read_dir(folder) {
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let id = path.with_extension("").to_str().expect("a path is UTF-8").replace('\\', "/");
            into.push((id["libraries/".len()..].to_owned(), read(&path)));
        }
    }
}

/// The node of a rule's example, encoded; empty where it has none.
fn example(rule: &Node<'_>) -> Vec<u8> {
    let Plain::Table(entries) = &rule.value else { panic!("a rule is a table") };
    entries.iter().find(|entry| entry.key == "example").map_or(Vec::new(), |entry| encoded(&entry.node))
}

fn text<'n>(id: &str, node: &'n Node<'_>, key: &str) -> &'n str {
    texts(node, key).next().unwrap_or_else(|| panic!("rules/{id}.toml has no `{key}`"))
}

/// The texts behind a key: the one that it is, or the items of its list.
fn texts<'n>(node: &'n Node<'_>, key: &str) -> impl Iterator<Item = &'n str> {
    let Plain::Table(entries) = &node.value else { panic!("a rule is a table") };
    let value = entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node);
    let items = value.map_or(&[][..], |value| match &value.value {
        Plain::List(items) => items,
        _ => std::slice::from_ref(value),
    });
    items.iter().filter_map(|item| match &item.value {
        Plain::Text(text) => Some(text.as_ref()),
        _ => None,
    })
}

fn parse<'t>(id: &str, text: &'t str) -> Node<'t> {
    node::parse(text).unwrap_or_else(|(_, message)| panic!("rules/{id}.toml: {message}"))
}

fn encoded(value: &impl serde::Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).expect("nodes can be encoded")
}

fn read_dir(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("a readable folder").path()).collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn write(name: &str, bytes: &[u8]) {
    let folder = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
}

//! The pages of frameworks and libraries: which versions are known, which key is which setting, and what a default rests on.

use super::{Leaf, up};
use crate::cli::explain::{Written, cell, code, prose, title_of, written_at};
use crate::facts::{Catalogue, Gives, Library, Required, SecretRow};
use crate::frameworks::FRAMEWORKS;
use crate::reading::found::Framework;
use crate::reading::version::Versions;
use crate::report::REPOSITORY;
use crate::settings::ResourceKind;
use std::fmt::Write;

/// The lists, and a page for each framework and library.
pub(super) fn leaves() -> Vec<Leaf> {
    let mut index = String::from(
        "# Frameworks\n\nWhat is read by code of its own, beside the [libraries](../libraries/index.md) whose facts are data.\n\n\
         | framework | versions |\n|---|---|\n",
    );
    for framework in FRAMEWORKS {
        // Writing to a string cannot fail.
        let _ = writeln!(index, "| [{}]({}.md) | {} |", framework.title, framework.name, known(framework.known));
    }
    let mut leaves = vec![Leaf::new(0, "frameworks/index.md", "Frameworks", index)];
    leaves.extend(FRAMEWORKS.iter().map(|framework| of_framework(framework)));
    let mut index = String::from(
        "# Libraries\n\nEach is one file of facts, with its cases. A package of your own is described [the same way](../guide/own-facts.md).\n\n\
         | package | versions | gives |\n|---|---|---|\n",
    );
    let libraries: Vec<&'static Library> = Catalogue::builtin().libraries().collect();
    for library in &libraries {
        let kinds: Vec<String> =
            kinds(library).iter().map(|kind| format!("[{0}](../settings/{0}.md)", kind.name)).collect();
        let _ = writeln!(index, "| [{0}]({0}.md) | {1} | {2} |", library.id, known(library.known), kinds.join(", "));
    }
    leaves.push(Leaf::new(0, "libraries/index.md", "Libraries", index));
    leaves.extend(libraries.iter().map(|library| of_library(library)));
    leaves
}

fn of_framework(framework: &Framework) -> Leaf {
    let path = format!("frameworks/{}.md", framework.name);
    let packages: Vec<String> = framework.packages.iter().map(|name| code(name)).collect();
    let mut text = format!(
        "# {}\n\nRecognised by {}; what is said of defaults holds for {}.\n",
        framework.title,
        packages.join(", "),
        known(framework.known)
    );
    for (kind, rows) in framework.tables {
        let _ = write!(
            text,
            "\n## {}\n\n{}",
            prose(kind.name),
            table(kind, rows.iter().filter_map(Written::of), &up(&path))
        );
    }
    Leaf::new(1, path, framework.title, text)
}

fn of_library(library: &'static Library) -> Leaf {
    let path = format!("libraries/{}.md", library.id);
    let mut text = format!("# {}\n\n", prose(title_of(library)));
    let (registry, _) = library.id.split_once('/').unwrap_or_default();
    let _ = writeln!(
        text,
        "The package `{}` of {registry}, {}. Its facts stand in [`libraries/{2}.toml`]({REPOSITORY}/blob/main/libraries/{2}.toml) and were taken from: {3}.",
        library.name,
        known(library.known),
        library.id,
        prose(library.source)
    );
    if let Some(host) = &library.host {
        let made: Vec<String> = host.made_by.iter().map(|export| code(export)).collect();
        let _ = writeln!(text, "\nIt answers requests: an app is what {} makes.", made.join(" or "));
    }
    for gives in &library.gives {
        let named = if gives.name == library.name { String::new() } else { format!(": {}", prose(gives.name)) };
        let _ = write!(text, "\n## {}{named}\n", prose(gives.kind.name));
        if !gives.rows.is_empty() {
            let _ = write!(
                text,
                "\n{}",
                table(gives.kind, gives.rows.iter().filter_map(|row| Written::given(gives, row)), &up(&path))
            );
        }
        text.push_str(&secrets(gives));
    }
    Leaf::new(1, path, library.id, text)
}

fn kinds(library: &Library) -> Vec<&'static ResourceKind> {
    let mut kinds: Vec<&'static ResourceKind> = library.gives.iter().map(|gives| gives.kind).collect();
    kinds.sort_by_key(|kind| kind.name);
    kinds.dedup_by_key(|kind| kind.name);
    kinds
}

fn table(kind: &ResourceKind, rows: impl Iterator<Item = Written>, up: &str) -> String {
    let mut out = format!(
        "As [{0}]({up}settings/{0}.md):\n\n| setting | written as | where nothing is written |\n|---|---|---|\n",
        kind.name
    );
    for written in rows {
        let keys: Vec<String> = written.keys.iter().map(|key| written_at(key)).collect();
        let keys = if keys.is_empty() { "it cannot be".to_owned() } else { keys.join(" or ") };
        let setting = format!("[{1}]({up}settings/{0}.md#{1})", kind.name, written.setting);
        let _ = writeln!(out, "| {setting} | {keys} | {} |", cell(&written.absent));
    }
    out
}

fn secrets(gives: &Gives) -> String {
    if gives.secrets.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n| secret | it protects | needed |\n|---|---|---|\n");
    for SecretRow { places, purpose, required, .. } in &gives.secrets {
        let places: Vec<String> = places.iter().map(|spot| written_at(&gives.secret_key(spot))).collect();
        let needed = match required {
            Required::Known(true) => "yes",
            Required::Known(false) => "no",
            Required::Asked(_) => "other options say it",
        };
        let _ = writeln!(out, "| {} | {} | {needed} |", places.join(" or "), cell(&purpose.replace('_', " ")));
    }
    out
}

/// `versions 2.8 and later, before 3.0`.
fn known(versions: Versions) -> String {
    match (versions.since, versions.until) {
        (None, None) => "every version".into(),
        (Some((major, minor)), None) => format!("versions {major}.{minor} and later"),
        (None, Some((major, minor))) => format!("versions before {major}.{minor}"),
        (Some((from, small)), Some((until, minor))) => {
            format!("versions {from}.{small} and later, before {until}.{minor}")
        }
    }
}

//! The guides: the Markdown files of `docs/`, whose links to the repository become addresses.

use super::Leaf;
use crate::report::REPOSITORY;
use std::path::Path;
use std::{fs, io};

/// The guides that come first, in this order; any other file of the folder follows by name.
const FIRST: [&str; 11] = [
    "start",
    "playground",
    "ci",
    "policy",
    "baseline",
    "how-it-decides",
    "own-rules",
    "own-facts",
    "accuracy",
    "comparison",
    "stability",
];

/// The page that the book opens with.
const INDEX: &str = "index";

/// A page for each guide.
pub(super) fn leaves(root: &Path) -> io::Result<Vec<Leaf>> {
    let mut names: Vec<String> = fs::read_dir(root.join("docs"))?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != INDEX)
        .collect();
    let place = |name: &String| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len());
    names.sort_by_key(|name| (place(name), name.clone()));
    names.iter().map(|name| leaf(root, name)).collect()
}

/// The text of the page that the book opens with.
pub(super) fn index(root: &Path) -> io::Result<String> {
    read(root, INDEX, "guide/")
}

fn leaf(root: &Path, name: &str) -> io::Result<Leaf> {
    let text = read(root, name, "")?;
    let title = text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or(name).to_owned();
    Ok(Leaf::new(0, format!("guide/{name}.md"), title, text))
}

/// A guide, its links to its neighbours led into `folder`.
fn read(root: &Path, name: &str, folder: &str) -> io::Result<String> {
    Ok(linked(&fs::read_to_string(root.join(format!("docs/{name}.md")))?, folder))
}

/// Links out of `docs/` lead to the repository, those to its reference pages into the book.
fn linked(text: &str, folder: &str) -> String {
    let up = if folder.is_empty() { "../" } else { "" };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, link) = rest.split_at(at + 2);
        out.push_str(before);
        rest = link;
        let end = rest.find(')').unwrap_or(rest.len());
        let target = &rest[..end];
        out.push_str(&match target.strip_prefix("../") {
            Some(file) => format!("{REPOSITORY}/blob/main/{file}"),
            None if target.contains("://") || target.starts_with('#') => target.to_owned(),
            None => match target.strip_prefix("reference:") {
                Some(page) => format!("{up}{page}"),
                None => format!("{folder}{target}"),
            },
        });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_the_page_will_be() {
        let text = "[a](ci.md#gitlab) [b](../schema) [c](https://example.com) [d](reference:rules/index.md) [e](#here)";
        assert_eq!(
            linked(text, ""),
            format!(
                "[a](ci.md#gitlab) [b]({REPOSITORY}/blob/main/schema) [c](https://example.com) [d](../rules/index.md) [e](#here)"
            )
        );
        assert!(linked(text, "guide/").starts_with("[a](guide/ci.md#gitlab)"));
        assert!(linked(text, "guide/").contains("[d](rules/index.md)"));
    }
}

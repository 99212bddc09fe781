//! The fenced blocks of a page, and the commands that stand in its sentences.

use std::fs;
use std::path::{Path, PathBuf};

/// One page for people.
pub(super) struct Page {
    /// Its path below the repository.
    pub(super) name: String,
    pub(super) blocks: Vec<Block>,
    /// What stands between backticks in its sentences.
    pub(super) spans: Vec<Span>,
}

/// A fenced block.
pub(super) struct Block {
    pub(super) language: String,
    pub(super) text: String,
    /// The line of its fence, from 1.
    pub(super) line: usize,
    /// The sentences since the block before it.
    pub(super) before: String,
}

/// A piece of code in a sentence.
pub(super) struct Span {
    pub(super) text: String,
    pub(super) line: usize,
}

pub(super) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages whose every block is run: README, CONTRIBUTING, BENCHMARKS, and all of `docs/`.
pub(super) fn pages() -> Vec<Page> {
    let mut paths: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "BENCHMARKS.md"].iter().map(|name| repository().join(name)).collect();
    let docs = fs::read_dir(repository().join("docs")).expect("a folder of pages");
    let mut docs: Vec<PathBuf> = docs.map(|entry| entry.expect("an entry").path()).collect();
    docs.sort();
    paths.extend(docs.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Page {
    let text = fs::read_to_string(path).expect("a page");
    let name = path.strip_prefix(repository()).expect("below the repository").display().to_string();
    let (mut blocks, mut spans, mut before) = (Vec::new(), Vec::new(), String::new());
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(language)) => {
                let before = std::mem::take(&mut before);
                open = Some(Block { language: language.to_owned(), text: String::new(), line: number, before });
            }
            (None, None) => {
                before.push_str(line);
                before.push('\n');
                spans.extend(code(line).map(|text| Span { text: text.to_owned(), line: number }));
            }
        }
    }
    assert!(open.is_none(), "{name}: a block without an end");
    Page { name, blocks, spans }
}

/// What stands between backticks.
pub(super) fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

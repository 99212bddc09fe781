//! `prodcheck generate --site FOLDER`: the documentation as the source of an mdBook, a page for each rule, kind of setting,
//! library and framework, made of the data that runs, the guides of `docs/` beside them, and the playground's scripts.

mod guides;
mod libraries;
mod rules;
mod settings;
mod standards;

use crate::report::{REPOSITORY, SITE};
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

/// A page of the book.
struct Leaf {
    /// Its path below the book's source, with `.md`.
    path: String,
    /// What the contents call it.
    title: String,
    /// How deep it stands in the contents.
    depth: usize,
    /// Its text.
    text: String,
}

impl Leaf {
    fn new(depth: usize, path: impl Into<String>, title: impl Into<String>, text: impl Into<String>) -> Leaf {
        Leaf { path: path.into(), title: title.into(), depth, text: text.into() }
    }
}

/// The files of the book by their paths in its folder.
pub(super) fn files(root: &Path) -> io::Result<Vec<(String, String)>> {
    let guides = guides::leaves(root)?;
    let reference: Vec<Leaf> =
        [rules::leaves(), settings::leaves(), libraries::leaves(), standards::leaves()].into_iter().flatten().collect();
    let mut files = vec![
        ("book.toml".to_owned(), book()),
        ("book.css".to_owned(), include_str!("site/book.css").to_owned()),
        ("src/SUMMARY.md".to_owned(), contents(&guides, &reference)),
        ("src/index.md".to_owned(), guides::index(root)?),
    ];
    for entry in fs::read_dir(root.join("schema"))? {
        let entry = entry?;
        files.push((format!("src/schema/{}", entry.file_name().to_string_lossy()), fs::read_to_string(entry.path())?));
    }
    for entry in fs::read_dir(root.join("packaging/playground/page"))? {
        let entry = entry?;
        files.push((
            format!("src/playground/{}", entry.file_name().to_string_lossy()),
            fs::read_to_string(entry.path())?,
        ));
    }
    files.extend(guides.into_iter().chain(reference).map(|leaf| (format!("src/{}", leaf.path), leaf.text)));
    Ok(files)
}

/// No preprocessor looks into the pages: what stands in an example is shown as it is.
fn book() -> String {
    let below = SITE.splitn(4, '/').nth(3).unwrap_or_default();
    format!(
        "[book]\ntitle = \"prodcheck\"\ndescription = \"Is this project configured to be in production?\"\nlanguage = \"en\"\nsrc = \"src\"\n\n\
         [build]\nbuild-dir = \"book\"\ncreate-missing = false\nuse-default-preprocessors = false\n\n\
         [output.html]\nsite-url = \"/{below}/\"\ngit-repository-url = \"{REPOSITORY}\"\nno-section-label = true\nadditional-css = [\"book.css\"]\n\n\
         [output.html.print]\nenable = false\n\n\
         [output.html.fold]\nenable = true\nlevel = 0\n\n\
         [output.html.search]\nlimit-results = 30\nuse-boolean-and = true\nboost-title = 4\nheading-split-level = 2\n"
    )
}

fn contents(guides: &[Leaf], reference: &[Leaf]) -> String {
    let mut out = String::from("# Contents\n\n[prodcheck](index.md)\n\n# Guides\n\n");
    let mut list = |leaves: &[Leaf]| {
        for leaf in leaves {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}- [{}]({})", "  ".repeat(leaf.depth), leaf.title.replace('_', "\\_"), leaf.path);
        }
        out.push_str("\n# Reference\n\n");
    };
    list(guides);
    list(reference);
    out.truncate(out.len() - "\n# Reference\n\n".len());
    out.push('\n');
    out
}

/// The way from a page to the top of the book.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

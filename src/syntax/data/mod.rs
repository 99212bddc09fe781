//! Data files (env files, JSON, TOML, YAML, HCL, Dockerfile, nginx) as trees with spans.
//!
//! Formats that are maps and lists share one tree and one door, [`parse`]. Two kinds of file are lists of commands
//! and keep their own shape: [`dockerfile`] and [`nginx`]. Env files have both: [`parse`] gives the map of names to
//! values as written, [`dotenv::read`] also says how each value was quoted and which variables it refers to.

pub mod caddyfile;
mod comment_lines;
pub mod dockerfile;
pub mod dotenv;
mod hcl;
pub mod interpolation;
mod json;
mod limits;
pub mod nginx;
mod procfile;
mod scalar;
mod toml;
mod tree;
mod yaml;

pub use comment_lines::comment_lines;
pub use dotenv::Dialect;
pub use limits::Refused;
pub use scalar::scalar;
pub use tree::*;
pub use yaml::printed as printed_number;

use crate::syntax::Span;
use std::ops::Range;

/// The formats that are read into the one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// An env file, as one of its loaders reads it: a map of names to texts, a bare name is null.
    Dotenv(Dialect),
    /// JSON as the standard has it.
    Json,
    /// JSON with comments, trailing commas and what else people write: `.jsonc`, `tsconfig.json`, `wrangler.json`.
    JsonComments,
    /// TOML. The span of a table is its header.
    Toml,
    /// YAML, any number of documents: aliases are put in, merge keys applied.
    Yaml,
    /// HCL, as Terraform has it: blocks are maps under their names and labels.
    Hcl,
    /// A Procfile: a map of process names to commands.
    Procfile,
}

/// One file, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The trees: one, but for YAML, where a file holds any number of documents. Never empty.
    roots: Vec<Node>,
    /// Every comment, its sign included.
    pub comments: Vec<Span>,
    /// What could not be read while the rest could.
    pub errors: Vec<DataError>,
}

impl Document {
    /// The tree of the file, or of its first document.
    pub fn root(&self) -> &Node {
        &self.roots[0]
    }

    /// The trees of all its documents.
    pub fn roots(&self) -> &[Node] {
        &self.roots
    }

    fn of(root: Node) -> Self {
        Self { roots: vec![root], comments: Vec::new(), errors: Vec::new() }
    }
}

/// Something in a file that its format does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// Where.
    pub span: Span,
    /// What is wrong; holds no text of the file.
    pub message: String,
}

impl DataError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// Reads a file. Where the format allows, what is malformed is left out and listed in [`Document::errors`];
/// a file that cannot be read at all is refused, and so is one that is built to exhaust the reader.
pub fn parse(text: &str, format: Format) -> Result<Document, Refused> {
    limits::check_size(text)?;
    match format {
        Format::Dotenv(dialect) => Ok(dotenv::document(text, dialect)),
        Format::Json => json::read(text, json::Strictness::Standard),
        Format::JsonComments => json::read(text, json::Strictness::Lax),
        Format::Toml => toml::read(text),
        Format::Yaml => yaml::read(text),
        Format::Hcl => hcl::read(text),
        Format::Procfile => Ok(procfile::read(text)),
    }
}

/// A range of bytes as a span. Files are below [`limits::MAX_BYTES`], so the numbers fit.
fn span_of(range: Range<usize>) -> Span {
    let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(fit(range.start), fit(range.end))
}

/// The length of a byte order mark at the start; readers skip it and keep counting bytes from the file's start.
fn byte_order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

#[cfg(test)]
mod tests;

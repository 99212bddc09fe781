//! Source code, lowered from each language's parser to one small owned tree.

mod guard;
mod lower;
mod nesting;
mod python;
mod refused;
#[cfg(test)]
mod shape;
mod tangle;
#[cfg(test)]
mod tests;
mod tree;
mod typescript;
mod visit;
mod weights;

pub(crate) use guard::is_contained;
pub use lower::MAX_LEVELS;
pub use refused::Refused;
pub use tree::*;
pub use visit::{Around, Decorated, Guard, Site, visit, visit_expr, visit_sites};

/// How a file of source code is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// TypeScript, where `<T>x` is a type assertion.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// JavaScript, module or script, with JSX allowed.
    JavaScript,
    /// Python 3.
    Python,
}

impl SourceKind {
    /// The kind that a file's name speaks of, by its extension.
    pub fn from_path(name: &str) -> Option<SourceKind> {
        let file = name.rsplit(['/', '\\']).next()?;
        let (_, extension) = file.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "ts" | "mts" | "cts" => Some(SourceKind::TypeScript),
            "tsx" => Some(SourceKind::Tsx),
            "js" | "mjs" | "cjs" | "jsx" => Some(SourceKind::JavaScript),
            "py" | "pyi" => Some(SourceKind::Python),
            _ => None,
        }
    }

    /// The rules of evaluation that hold in it.
    pub fn language(self) -> Language {
        match self {
            SourceKind::TypeScript | SourceKind::Tsx | SourceKind::JavaScript => Language::TypeScript,
            SourceKind::Python => Language::Python,
        }
    }
}

/// Reads one file of source code. Every span of the module is a range of bytes of `text` on character boundaries. What
/// lies more than [`MAX_LEVELS`] levels deep is opaque, so the tree can be walked and dropped by plain recursion.
///
/// # Errors
/// The file is too large or nested too deeply to be read safely, or it is TypeScript or JavaScript with a syntax
/// error. Python recovers instead: its errors stand in [`Module::errors`] beside the readable part of the tree.
pub fn parse(text: &str, kind: SourceKind) -> Result<Module, Refused> {
    parse_file("a file", text, kind)
}

/// [`parse`], where the file has a name: a parser that crashes says it.
///
/// # Errors
/// As of [`parse`].
pub fn parse_file(name: &str, text: &str, kind: SourceKind) -> Result<Module, Refused> {
    match kind {
        SourceKind::TypeScript | SourceKind::Tsx | SourceKind::JavaScript => typescript::parse(name, text, kind),
        SourceKind::Python => python::parse(name, text),
    }
}

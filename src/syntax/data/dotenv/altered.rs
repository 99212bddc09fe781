//! What an env file's reader makes of a line that its author cannot have meant.

use super::{Dialect, EnvEntry, EnvFile, Quote};
use crate::syntax::Span;
use crate::syntax::data::interpolation::{Form, Piece};
use std::sync::Arc;

/// A variable that does not arrive as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Altered {
    /// Its name, as it is written.
    pub name: Arc<str>,
    /// Where its value stands, the part that is lost included.
    pub span: Span,
    /// What becomes of it.
    pub how: Alteration,
}

/// What becomes of a value on its way.
#[derive(Clone, Debug, PartialEq)]
pub enum Alteration {
    /// An unquoted value ends at a `#` that no blank stands before: this many characters of so many arrive.
    CutAtHash {
        /// Those that arrive.
        kept: usize,
        /// Those that are written.
        written: usize,
    },
    /// `$NAME` is taken for a variable, wherever it stands and, for some, however it is quoted.
    Expanded {
        /// The variables that are asked for.
        names: Vec<Arc<str>>,
    },
    /// The quotes around it are a part of it.
    QuotesKept,
    /// The comment behind it is a part of it.
    CommentKept,
    /// A byte order mark at the start of the file is a part of its name.
    NameLost,
}

/// The variables of a file that do not arrive as they are written, in order. Of two with one name the later counts.
pub fn altered(text: &str, file: &EnvFile, dialect: Dialect) -> Vec<Altered> {
    let counts = |entry: &&EnvEntry| file.get(&entry.name).is_some_and(|last| std::ptr::eq(last, *entry));
    let entries = file.entries.iter().filter(counts);
    entries.filter_map(|entry| of_entry(text, entry, dialect)).collect()
}

fn of_entry(text: &str, entry: &EnvEntry, dialect: Dialect) -> Option<Altered> {
    let value = entry.value.as_ref()?;
    let (how, span) = match dialect {
        Dialect::NodeParseEnv if entry.name.starts_with('\u{feff}') => (Alteration::NameLost, entry.span),
        Dialect::DockerRun if value.test(is_in_quotes) => (Alteration::QuotesKept, entry.span),
        Dialect::DockerRun if value.test(|value| value.contains(" #")) => (Alteration::CommentKept, entry.span),
        Dialect::Node | Dialect::NodeExpand | Dialect::NodeParseEnv if cut(text, entry).is_some() => {
            let whole = cut(text, entry)?;
            let characters = |span: Span| text[span.start as usize..span.end as usize].chars().count();
            (Alteration::CutAtHash { kept: characters(entry.span), written: characters(whole) }, whole)
        }
        Dialect::NodeExpand | Dialect::Compose => {
            let names = bare_references(text, entry);
            ((!names.is_empty()).then_some(Alteration::Expanded { names })?, entry.span)
        }
        _ => return None,
    };
    Some(Altered { name: Arc::from(entry.name.trim_start_matches('\u{feff}')), span, how })
}

/// The value with what is cut off at a `#` that stands right behind it.
fn cut(text: &str, entry: &EnvEntry) -> Option<Span> {
    let behind = text.get(entry.span.end as usize..)?;
    if entry.quote != Quote::None || entry.span.start == entry.span.end || !behind.starts_with('#') {
        return None;
    }
    let line = behind[..behind.find(['\n', '\r']).unwrap_or(behind.len())].trim_end();
    Some(Span::new(entry.span.start, entry.span.end + u32::try_from(line.len()).ok()?))
}

/// The variables behind a `$` without braces, which somebody who means a variable would write.
fn bare_references(text: &str, entry: &EnvEntry) -> Vec<Arc<str>> {
    let written = text.get(entry.span.start as usize..entry.span.end as usize).unwrap_or_default();
    let names = entry.pieces.iter().filter_map(|piece| match piece {
        Piece::Reference { name, form: Form::Plain } => Some(name.clone()),
        _ => None,
    });
    names.filter(|name| written.contains(&format!("${name}"))).collect()
}

fn is_in_quotes(value: &str) -> bool {
    let value = value.trim();
    value.len() > 1 && ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote))
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use Dialect::{Compose, DockerRun, Node, NodeExpand, NodeParseEnv, Python};

    fn how(text: &str, dialect: Dialect) -> Option<Alteration> {
        let found = altered(text, &read(text, dialect), dialect);
        assert!(found.len() < 2);
        found.into_iter().next().map(|found| found.how)
    }

    #[test]
    fn a_hash_cuts_for_the_loaders_of_node() {
        for dialect in [Node, NodeExpand, NodeParseEnv] {
            assert_eq!(how("A=xy#z\n", dialect), Some(Alteration::CutAtHash { kept: 2, written: 4 }), "{dialect:?}");
            for whole in ["A=x # y\n", "A='x#y'\n", "A=\"x\"#y\n", "A=#y\n", "A=x#y\nA=z\n"] {
                assert_eq!(how(whole, dialect), None, "{dialect:?} {whole}");
            }
        }
        for dialect in [Python, Compose, DockerRun] {
            assert_eq!(how("A=xy#z\n", dialect), None, "{dialect:?}");
        }
    }

    #[test]
    fn a_dollar_is_expanded_by_some() {
        let expanded = Some(Alteration::Expanded { names: vec!["NOPE".into()] });
        for text in ["A=x$NOPE\n", "A=\"x$NOPE\"\n"] {
            assert_eq!(how(text, NodeExpand), expanded, "{text}");
            assert_eq!(how(text, Compose), expanded, "{text}");
            for dialect in [Node, NodeParseEnv, Python, DockerRun] {
                let found = how(text, dialect);
                assert!(!matches!(found, Some(Alteration::Expanded { .. })), "{dialect:?} {text}");
            }
        }
        assert_eq!(how("A='x$NOPE'\n", NodeExpand), expanded);
        assert_eq!(how("A='x$NOPE'\n", Compose), None);
        for text in ["A=x${NOPE}\n", "A='x\\$NOPE'\n", "A=x$5\n"] {
            assert_eq!(how(text, NodeExpand), None, "{text}");
        }
    }

    #[test]
    fn docker_run_keeps_quotes_and_comments() {
        assert_eq!(how("A=\"x\"\n", DockerRun), Some(Alteration::QuotesKept));
        assert_eq!(how("A='x'\n", DockerRun), Some(Alteration::QuotesKept));
        assert_eq!(how("A=x # y\n", DockerRun), Some(Alteration::CommentKept));
        assert_eq!(how("A=it's\n", DockerRun), None);
        assert_eq!(how("A=\"x\"\n", Compose), None);
    }

    #[test]
    fn a_byte_order_mark_costs_node_the_first_name() {
        assert_eq!(how("\u{feff}A=x\n", NodeParseEnv), Some(Alteration::NameLost));
        for dialect in [Node, NodeExpand, Python, Compose] {
            assert_eq!(how("\u{feff}A=x\n", dialect), None, "{dialect:?}");
        }
    }
}

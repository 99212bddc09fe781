//! Asks the nodes of a rule file for what they should be; what they are not is an error that points into the file.

use super::node::{self, Entry, Node, Plain};
use crate::rules::quantity::{Quantity, Unit};
use crate::syntax::Span;
use std::ops::Range;

/// Why a rule file was refused, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The bytes of the file that are meant.
    pub span: Span,
    /// What is wrong and what would do, in one sentence.
    pub message: String,
}

impl RuleError {
    pub(crate) fn new(range: &Range<usize>, message: impl Into<String>) -> RuleError {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        RuleError { span: Span::new(byte(range.start), byte(range.end)), message: message.into() }
    }

    pub(crate) fn at(span: Span, message: impl Into<String>) -> RuleError {
        RuleError { span, message: message.into() }
    }
}

/// The file as a table.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, RuleError> {
    node::parse(text).map_err(|(range, message)| RuleError::new(&range, message))
}

impl<'t> Node<'t> {
    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// An error at this value.
    pub(crate) fn error(&self, message: impl Into<String>) -> RuleError {
        RuleError::at(self.span(), message)
    }

    /// A text.
    pub(crate) fn text(&self) -> Result<&str, RuleError> {
        match &self.value {
            Plain::Text(text) => Ok(text),
            _ => Err(self.error(format!("expected a text, found {}", self.what()))),
        }
    }

    /// A boolean.
    pub(crate) fn bool(&self) -> Result<bool, RuleError> {
        match self.value {
            Plain::Bool(value) => Ok(value),
            _ => Err(self.error(format!("expected true or false, found {}", self.what()))),
        }
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Result<&[Node<'t>], RuleError> {
        match &self.value {
            Plain::List(items) => Ok(items),
            _ => Err(self.error(format!("expected a list, found {}", self.what()))),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&self) -> Result<Vec<&str>, RuleError> {
        self.items()?.iter().map(Node::text).collect()
    }

    /// A plain number, if it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.value {
            Plain::Number(number) => Some(number).filter(|number| !number.is_nan()),
            _ => None,
        }
    }

    /// A number in this unit: plain, or with a suffix.
    pub(crate) fn amount(&self, unit: Unit) -> Result<f64, RuleError> {
        if let Some(number) = self.number() {
            return Ok(number);
        }
        let example = match unit {
            Unit::Seconds => "a duration such as \"30d\"",
            Unit::Bytes => "a size such as \"10MiB\"",
            Unit::Plain => return Err(self.error(format!("expected a number, found {}", self.what()))),
        };
        let read = self.text().ok().and_then(Quantity::parse).filter(|read| read.unit == unit);
        read.map(|read| read.amount).ok_or_else(|| self.error(format!("expected {example} or a number")))
    }

    /// What it is, in words.
    fn what(&self) -> &'static str {
        match self.value {
            Plain::Text(_) => "a text",
            Plain::Number(_) => "a number",
            Plain::Bool(_) => "a boolean",
            Plain::Date => "a date",
            Plain::List(_) => "a list",
            Plain::Table(_) => "a table",
        }
    }
}

impl Entry<'_> {
    /// Where its key stands.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The keys of one table, each taken once; what is left at the end is a mistake.
pub(crate) struct Fields<'t> {
    what: &'static str,
    span: Span,
    left: Vec<&'t Entry<'t>>,
    known: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// The table behind a node; `what` names it in errors ("a rule").
    pub(crate) fn of(node: &'t Node<'t>, what: &'static str) -> Result<Fields<'t>, RuleError> {
        let Plain::Table(entries) = &node.value else {
            return Err(node.error(format!("expected {what} as a table, found {}", node.what())));
        };
        Ok(Fields { what, span: node.span(), left: entries.iter().collect(), known: Vec::new() })
    }

    /// Whether a key is there and not taken yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|entry| entry.key == name)
    }

    /// Takes a key.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<&'t Node<'t>> {
        self.known.push(name);
        let at = self.left.iter().position(|entry| entry.key == name)?;
        Some(&self.left.remove(at).node)
    }

    /// Takes a key that has to be there.
    pub(crate) fn need(&mut self, name: &'static str) -> Result<&'t Node<'t>, RuleError> {
        self.take(name).ok_or_else(|| self.error(format!("{} needs `{name}`", self.what)))
    }

    /// Takes the keys that are left, in the order of the file.
    pub(crate) fn rest(&mut self) -> Vec<&'t Entry<'t>> {
        std::mem::take(&mut self.left)
    }

    /// Refuses what was not taken, naming what was expected.
    pub(crate) fn finish(self) -> Result<(), RuleError> {
        self.finish_with(&|_, _| None)
    }

    /// Refuses what was not taken, naming the key that it was meant to be, where `nearest` finds one.
    pub(crate) fn finish_with(
        self,
        nearest: &dyn Fn(&str, &[&'static str]) -> Option<String>,
    ) -> Result<(), RuleError> {
        let Some(entry) = self.left.first() else { return Ok(()) };
        let help = match nearest(&entry.key, &self.known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it has {}", self.known.join(", ")),
        };
        Err(RuleError::at(entry.span(), format!("{} has no key `{}`; {help}", self.what, entry.key)))
    }

    /// An error about the whole table.
    pub(crate) fn error(&self, message: impl Into<String>) -> RuleError {
        RuleError::at(self.span, message)
    }
}

//! Reads TOML with a place for every word, so that an error points into the user's file.

use crate::rules::quantity::{Quantity, Unit};
use crate::syntax::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
        RuleError { span: span(range), message: message.into() }
    }
}

pub(crate) fn span(range: &Range<usize>) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(byte(range.start), byte(range.end))
}

/// A value of the file with its place.
pub(crate) type Node<'t> = Spanned<DeValue<'t>>;

/// The file as a table.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, RuleError> {
    let table = DeTable::parse(text)
        .map_err(|error| RuleError::new(&error.span().unwrap_or(0..0), error.message().trim().replace('\n', ", ")))?;
    let span = table.span();
    Ok(Spanned::new(span, DeValue::Table(table.into_inner())))
}

/// Asks a value for what it should be.
pub(crate) trait Read {
    /// An error at this value.
    fn error(&self, message: impl Into<String>) -> RuleError;
    /// A text.
    fn text(&self) -> Result<&str, RuleError>;
    /// A boolean.
    fn bool(&self) -> Result<bool, RuleError>;
    /// The items of a list.
    fn items(&self) -> Result<Vec<&Self>, RuleError>;
    /// A list of texts.
    fn texts(&self) -> Result<Vec<&str>, RuleError>;
    /// A plain number, if it is one.
    fn number(&self) -> Option<f64>;
    /// A number in this unit: plain, or with a suffix.
    fn amount(&self, unit: Unit) -> Result<f64, RuleError>;
    /// What it is, in words.
    fn what(&self) -> &'static str;
}

impl Read for Node<'_> {
    fn error(&self, message: impl Into<String>) -> RuleError {
        RuleError::new(&self.span(), message)
    }

    fn text(&self) -> Result<&str, RuleError> {
        match self.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.error(format!("expected a text, found {}", self.what()))),
        }
    }

    fn bool(&self) -> Result<bool, RuleError> {
        match self.get_ref() {
            DeValue::Boolean(value) => Ok(*value),
            _ => Err(self.error(format!("expected true or false, found {}", self.what()))),
        }
    }

    fn items(&self) -> Result<Vec<&Self>, RuleError> {
        match self.get_ref() {
            DeValue::Array(items) => Ok(items.iter().collect()),
            _ => Err(self.error(format!("expected a list, found {}", self.what()))),
        }
    }

    fn texts(&self) -> Result<Vec<&str>, RuleError> {
        self.items()?.into_iter().map(Read::text).collect()
    }

    fn number(&self) -> Option<f64> {
        match self.get_ref() {
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number as f64)
            }
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        }
    }

    fn amount(&self, unit: Unit) -> Result<f64, RuleError> {
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

    fn what(&self) -> &'static str {
        match self.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }
}

/// The keys of one table, each taken once; what is left at the end is a mistake.
pub(crate) struct Fields<'t> {
    what: &'static str,
    range: Range<usize>,
    left: Vec<(&'t str, Range<usize>, &'t Node<'t>)>,
    known: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// The table behind a node; `what` names it in errors ("a rule").
    pub(crate) fn of(node: &'t Node<'t>, what: &'static str) -> Result<Fields<'t>, RuleError> {
        let DeValue::Table(table) = node.get_ref() else {
            return Err(node.error(format!("expected {what} as a table, found {}", node.what())));
        };
        let mut left: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
        left.sort_by_key(|(_, range, _)| range.start);
        Ok(Fields { what, range: node.span(), left, known: Vec::new() })
    }

    /// Whether a key is there and not taken yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(key, ..)| *key == name)
    }

    /// Takes a key.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<&'t Node<'t>> {
        self.known.push(name);
        let at = self.left.iter().position(|(key, ..)| *key == name)?;
        Some(self.left.remove(at).2)
    }

    /// Takes a key that has to be there.
    pub(crate) fn need(&mut self, name: &'static str) -> Result<&'t Node<'t>, RuleError> {
        self.take(name).ok_or_else(|| self.error(format!("{} needs `{name}`", self.what)))
    }

    /// Takes the keys that are left, in the order of the file.
    pub(crate) fn rest(&mut self) -> Vec<(&'t str, &'t Node<'t>)> {
        self.left.drain(..).map(|(key, _, value)| (key, value)).collect()
    }

    /// As [`Fields::rest`], with the place of each key.
    pub(crate) fn rest_with_places(&mut self) -> Vec<(&'t str, Range<usize>, &'t Node<'t>)> {
        std::mem::take(&mut self.left)
    }

    /// Refuses what was not taken, naming what was expected.
    pub(crate) fn finish(self) -> Result<(), RuleError> {
        let Some((key, range, _)) = self.left.first() else { return Ok(()) };
        let message = format!("{} has no key `{key}`; it has {}", self.what, self.known.join(", "));
        Err(RuleError::new(range, message))
    }

    /// An error about the whole table.
    pub(crate) fn error(&self, message: impl Into<String>) -> RuleError {
        RuleError::new(&self.range, message)
    }

    /// Where the table stands.
    pub(crate) fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}

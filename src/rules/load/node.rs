//! The parsed form of a rule file. The build script makes one of every rule that prodcheck comes with, so that a start
//! reads none of their texts; this file is a part of that script too, and therefore knows nothing of the project.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
#[derive(Serialize, Deserialize)]
pub(crate) struct Node<'t> {
    #[serde(borrow)]
    pub(crate) value: Plain<'t>,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What can be written.
#[derive(Serialize, Deserialize)]
pub(crate) enum Plain<'t> {
    Bool(bool),
    Number(f64),
    #[serde(borrow)]
    Text(Cow<'t, str>),
    List(#[serde(borrow)] Vec<Node<'t>>),
    /// In the order of the file.
    Table(#[serde(borrow)] Vec<Entry<'t>>),
    /// A date or a time, which no rule has.
    Date,
}

/// One key of a table.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry<'t> {
    #[serde(borrow)]
    pub(crate) key: Cow<'t, str>,
    pub(crate) start: u32,
    pub(crate) end: u32,
    #[serde(borrow)]
    pub(crate) node: Node<'t>,
}

/// A rule that prodcheck comes with, as the build script leaves it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Compiled<'t> {
    /// Its path below `rules/` without the ending.
    pub(crate) id: &'t str,
    /// The kind of resource that it judges.
    pub(crate) resource: &'t str,
    /// The name of its severity.
    pub(crate) severity: &'t str,
    /// The name of its owner.
    pub(crate) owner: &'t str,
    /// What is wrong, in a few words.
    pub(crate) summary: &'t str,
    /// Former ids.
    #[serde(borrow)]
    pub(crate) aliases: Vec<&'t str>,
    /// Its [`Node`] without cases and example, which a scan does not read.
    pub(crate) head: &'t [u8],
    /// The [`Node`] of its example, for the page of the rule; empty where it has none.
    pub(crate) example: &'t [u8],
}

/// What is no TOML: where, and why.
pub(crate) type Unreadable = (Range<usize>, String);

/// The file as a table.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, Unreadable> {
    let table = DeTable::parse(text)
        .map_err(|error| (error.span().unwrap_or(0..0), error.message().trim().replace('\n', ", ")))?;
    let span = table.span();
    Ok(Node { value: entries(table.into_inner()), start: byte(span.start), end: byte(span.end) })
}

fn node(value: Spanned<DeValue<'_>>) -> Node<'_> {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Plain::Text(text),
        DeValue::Boolean(value) => Plain::Bool(value),
        DeValue::Integer(number) => {
            Plain::Number(i64::from_str_radix(number.as_str(), number.radix()).map_or(f64::NAN, |number| number as f64))
        }
        DeValue::Float(number) => Plain::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Datetime(_) => Plain::Date,
        DeValue::Array(items) => Plain::List(items.into_iter().map(node).collect()),
        DeValue::Table(table) => entries(table),
    };
    Node { value, start: byte(span.start), end: byte(span.end) }
}

fn entries(table: DeTable<'_>) -> Plain<'_> {
    let mut entries: Vec<_> = table.into_iter().map(|(key, value)| entry(key, value)).collect();
    entries.sort_by_key(|entry| entry.start);
    Plain::Table(entries)
}

fn entry<'t>(key: Spanned<Cow<'t, str>>, value: Spanned<DeValue<'t>>) -> Entry<'t> {
    let span = key.span();
    Entry { key: key.into_inner(), start: byte(span.start), end: byte(span.end), node: node(value) }
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

//! What is read alike all over a file of facts: texts, versions, kinds, and the words that were most likely meant.

use crate::config::nearest;
use crate::reading::version::Versions;
use crate::rules::node::{Node, Plain};
use crate::rules::{Fields, RuleError};
use crate::settings::{ResourceKind, vocabulary};

/// What the loader asks for of another file, by its path: `npm/cors`.
pub(crate) type Others<'o> = &'o dyn Fn(&str) -> Option<&'static Node<'static>>;

/// Where a file lies, and whom it can be like.
pub(super) struct Around<'o> {
    pub(super) id: &'static str,
    /// The package's name.
    pub(super) package: &'static str,
    pub(super) others: Others<'o>,
    pub(super) source: &'static str,
    /// The modules of the file.
    pub(super) modules: Vec<&'static str>,
}

impl Around<'_> {
    /// Whether it is a package of Python.
    pub(super) fn is_python(&self) -> bool {
        self.id.starts_with("pypi/")
    }
}

/// The kind of resource that a text names.
pub(super) fn kind(node: &Node<'_>) -> Result<&'static ResourceKind, RuleError> {
    let name = node.text()?;
    ResourceKind::named(name).ok_or_else(|| {
        let known: Vec<&str> = vocabulary().map(|kind| kind.name).collect();
        node.error(format!("no kind of resource is called `{name}`{}", meant(name, known.into_iter())))
    })
}

/// `>=2.8, <3`, one of the two, or `*`.
pub(super) fn versions(node: &Node<'_>) -> Result<Versions, RuleError> {
    let text = node.text()?;
    let wrong = || node.error("expected versions such as \">=2.8, <3\", or \"*\"");
    let mut versions = Versions::ALL;
    if text.trim() == "*" {
        return Ok(versions);
    }
    for part in text.split(',') {
        let part = part.trim();
        match (part.strip_prefix(">="), part.strip_prefix('<')) {
            (Some(since), _) => versions.since = Some(version(since).ok_or_else(wrong)?),
            (None, Some(until)) => versions.until = Some(version(until).ok_or_else(wrong)?),
            (None, None) => return Err(wrong()),
        }
    }
    Ok(versions)
}

/// `4.13`, `5`.
fn version(text: &str) -> Option<(u64, u64)> {
    let mut numbers = text.trim().split('.').map(str::parse::<u64>);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next().unwrap_or(Ok(0)).ok()?;
    numbers.next().is_none().then_some((major, minor))
}

/// The range from one version on, or up to one.
pub(super) fn since_until(since: Option<&Node<'_>>, until: Option<&Node<'_>>) -> Result<Versions, RuleError> {
    let read = |node: Option<&Node<'_>>| {
        node.map(|node| version(node.text()?).ok_or_else(|| node.error("expected a version such as \"4.13\"")))
            .transpose()
    };
    Ok(Versions { since: read(since)?, until: read(until)? })
}

/// One text, or a list of some.
pub(super) fn one_or_more(node: &'static Node<'static>) -> Result<Vec<&'static str>, RuleError> {
    match &node.value {
        Plain::List(items) => items.iter().map(Said::said).collect(),
        _ => Ok(vec![node.said()?]),
    }
}

/// `; did you mean `x`?`, else what there is.
pub(super) fn meant<'w>(wrong: &str, known: impl Iterator<Item = &'w str> + Clone) -> String {
    match nearest(wrong, known.clone()) {
        Some(word) => format!("; did you mean `{word}`?"),
        None => format!("; there are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// Refuses a table with another key than these, before one that is missing is asked for: it may be the one that was meant.
pub(super) fn only(node: &Node<'_>, what: &'static str, keys: &[&'static str]) -> Result<(), RuleError> {
    let entries = Fields::of(node, what)?.rest();
    let Some(wrong) = entries.iter().find(|entry| !keys.contains(&entry.key.as_ref())) else { return Ok(()) };
    let help = meant(&wrong.key, keys.iter().copied());
    Err(RuleError::at(wrong.span(), format!("{what} has no key `{}`{help}", wrong.key)))
}

/// Refuses a key that was not asked for, and names the one that was most likely meant.
pub(super) fn finish(fields: Fields<'_>) -> Result<(), RuleError> {
    fields.finish_with(&|wrong, known| nearest(wrong, known.iter().copied()).map(str::to_owned))
}

/// Texts that live as long as the process, as facts do.
pub(super) fn leaked(texts: Vec<String>) -> Vec<&'static str> {
    texts.into_iter().map(|text| &*text.leak()).collect()
}

/// A text of a file of facts, which lives as long as the process.
pub(super) trait Said {
    /// The text.
    fn said(&'static self) -> Result<&'static str, RuleError>;
}

impl Said for Node<'static> {
    fn said(&'static self) -> Result<&'static str, RuleError> {
        self.text()
    }
}

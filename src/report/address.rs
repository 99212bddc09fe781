//! Where prodcheck's pages are published: one address, the `homepage` of Cargo.toml, and what follows from it.

use crate::rules::Rule;

/// The address of the documentation, without a slash at its end.
pub(crate) const SITE: &str = env!("CARGO_PKG_HOMEPAGE");

/// The address of the repository, without a slash at its end.
pub(crate) const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The address of the page of a rule; a project's own rule has none.
pub(crate) fn page_of(rule: &Rule) -> Option<String> {
    rule.is_builtin.then(|| format!("{SITE}/rules/{}.html", rule.id))
}

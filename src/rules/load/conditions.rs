//! Lowers the conditions of a rule file against the vocabulary.

use super::operands;
use super::{Fields, Node, RuleError, kind};
use crate::rules::condition::{Condition, Predicate};
use crate::settings::{Count, Key, ResourceKind, vocabulary};

const FORMS: &str = "`all`, `any`, `not`, `known`, `some` + `where`, `no` + `where`, or `setting` + one predicate";

/// Reads one condition over a kind of resource.
pub(super) fn condition(node: &Node<'_>, on: &'static ResourceKind) -> Result<Condition, RuleError> {
    let mut fields = Fields::of(node, "a condition")?;
    if let Some(list) = fields.take("all") {
        fields.finish()?;
        return Ok(Condition::All(several(list, on)?));
    }
    if let Some(list) = fields.take("any") {
        fields.finish()?;
        return Ok(Condition::Any(several(list, on)?));
    }
    if let Some(inner) = fields.take("not") {
        fields.finish()?;
        return Ok(Condition::Not(Box::new(condition(inner, on)?)));
    }
    if let Some(inner) = fields.take("known") {
        fields.finish()?;
        return Ok(Condition::Known(Box::new(condition(inner, on)?)));
    }
    if fields.has("some") || fields.has("no") {
        return related(fields);
    }
    let Some(name) = fields.take("setting") else {
        return Err(fields.error(format!("a condition is exactly one of {FORMS}")));
    };
    let key = setting(name, on)?;
    let predicate = one_predicate(fields, key, on)?;
    Ok(Condition::Test(key, predicate))
}

fn several(list: &Node<'_>, on: &'static ResourceKind) -> Result<Vec<Condition>, RuleError> {
    let items = list.items()?;
    if items.is_empty() {
        return Err(list.error("an empty list of conditions decides nothing"));
    }
    items.iter().map(|node| condition(node, on)).collect()
}

fn related(mut fields: Fields<'_>) -> Result<Condition, RuleError> {
    let (some, none) = (fields.take("some"), fields.take("no"));
    let (Some(name), negated) = (some.or(none), none.is_some()) else {
        return Err(fields.error(format!("a condition is exactly one of {FORMS}")));
    };
    if some.is_some() && none.is_some() {
        return Err(fields.error(format!("a condition is exactly one of {FORMS}")));
    }
    let of = kind(name)?;
    let inner = match fields.take("where") {
        Some(inner) => condition(inner, of)?,
        // Without `where` every resource of the kind counts.
        None => Condition::All(Vec::new()),
    };
    fields.finish()?;
    let some = Condition::Some(of, Box::new(inner));
    Ok(if negated { Condition::Not(Box::new(some)) } else { some })
}

/// The setting that a text names: one of the resource, or `kind.setting` of a kind that exists once an app.
pub(super) fn setting(node: &Node<'_>, on: &'static ResourceKind) -> Result<Key, RuleError> {
    let name = node.text()?;
    let (of, setting) = match name.split_once('.') {
        None => (on, name),
        Some((of, setting)) => (once_an_app(node, of, setting, on)?, setting),
    };
    named(of, setting).map_err(|message| node.error(message))
}

/// The setting of this name, or which ones there are.
pub(super) fn named(of: &'static ResourceKind, setting: &str) -> Result<Key, String> {
    of.setting(setting).ok_or_else(|| {
        let settings: Vec<_> = of.settings.iter().map(|setting| setting.name).collect();
        format!("`{}` has no setting `{setting}`; it has {}", of.name, settings.join(", "))
    })
}

fn once_an_app(
    node: &Node<'_>,
    of: &str,
    setting: &str,
    on: &'static ResourceKind,
) -> Result<&'static ResourceKind, RuleError> {
    let found = ResourceKind::named(of).filter(|kind| kind.count == Count::One || kind.name == on.name);
    found.ok_or_else(|| {
        let once: Vec<_> = vocabulary().filter(|kind| kind.count == Count::One).map(|kind| kind.name).collect();
        let message = match ResourceKind::named(of) {
            Some(_) => format!("an app can have several of `{of}`: ask {{ some = \"{of}\", where = {{ setting = \"{setting}\", .. }} }}"),
            None => format!("no kind `{of}` exists once an app; there are {}", once.join(", ")),
        };
        node.error(message)
    })
}

fn one_predicate(mut fields: Fields<'_>, key: Key, on: &'static ResourceKind) -> Result<Predicate, RuleError> {
    match fields.rest()[..] {
        [] => Err(fields.error(operands::expected(key.ty))),
        [asked] => operands::predicate(asked, &operands::Subject { key, ty: key.ty, on }),
        [_, second, ..] => Err(RuleError::at(second.span(), "a condition has one predicate; join two with `all`")),
    }
}

/// The predicate inside `any_item` or `fallback`.
pub(super) fn inner(node: &Node<'_>, subject: &operands::Subject) -> Result<Predicate, RuleError> {
    let mut fields = Fields::of(node, "a predicate")?;
    let [asked] = fields.rest()[..] else {
        return Err(node.error(operands::expected(subject.ty)));
    };
    operands::predicate(asked, subject)
}

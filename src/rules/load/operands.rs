//! Checks the operand of each predicate against the type of its setting.

use super::{Fields, Node, RuleError, conditions, node::Entry};
use crate::rules::condition::{Bound, Literal, Predicate, TextTest};
use crate::rules::limits::Limits;
use crate::rules::quantity::Unit;
use crate::rules::rule::Remedy;
use crate::settings::{Key, ResourceKind, Setting, Type};
use crate::text::Text;

/// What a predicate is asked of.
pub(super) struct Subject {
    /// The setting.
    pub(super) key: Key,
    /// The type of what is asked: the setting's, or its items'.
    pub(super) ty: Type,
    /// The resource of the rule, for operands that name settings.
    pub(super) on: &'static ResourceKind,
}

/// The predicates that fit a type, in the order in which they are suggested.
fn fitting(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Bool => &["is", "absent", "present", "same_as", "fallback", "defaulted"],
        Type::Word(_) => &["is", "one_of", "absent", "present", "same_as", "fallback", "defaulted"],
        Type::Text => &[
            "is",
            "one_of",
            "contains",
            "contains_any",
            "empty",
            "absent",
            "present",
            "shorter_than",
            "longer_than",
            "same_as",
            "placeholder",
            "provider_pattern",
            "secret_named",
            "plain_http",
            "local_host",
            "unanchored",
            "any_origin",
            "fallback",
            "defaulted",
        ],
        Type::Secret => &[
            "empty",
            "absent",
            "present",
            "shorter_than",
            "longer_than",
            "same_as",
            "decodes_below",
            "placeholder",
            "low_entropy",
            "high_entropy",
            "provider_pattern",
            "well_known_default",
            "inert",
            "test_mode",
            "local_host",
            "fallback",
            "defaulted",
        ],
        Type::Number => &["is", "smaller_than", "larger_than", "absent", "present", "same_as", "fallback", "defaulted"],
        Type::Seconds => &[
            "is",
            "shorter_than",
            "longer_than",
            "smaller_than",
            "larger_than",
            "absent",
            "present",
            "same_as",
            "fallback",
            "defaulted",
        ],
        Type::Bytes => &["is", "smaller_than", "larger_than", "absent", "present", "same_as", "fallback", "defaulted"],
        Type::Texts => &[
            "contains",
            "contains_any",
            "lacks",
            "beyond",
            "empty",
            "absent",
            "present",
            "any_item",
            "plain_http",
            "local_host",
            "any_origin",
            "unanchored",
            "placeholder",
            "secret_named",
            "fallback",
            "defaulted",
        ],
        Type::Words(_) => {
            &["contains", "contains_any", "lacks", "beyond", "empty", "absent", "present", "fallback", "defaulted"]
        }
        Type::Any => &["absent", "present"],
    }
}

/// What can be asked of a type, for error messages.
pub(super) fn expected(ty: Type) -> String {
    format!("expected one predicate: {}", fitting(ty).join(", "))
}

/// Reads one predicate with its operand.
pub(super) fn predicate(asked: &Entry<'_>, subject: &Subject) -> Result<Predicate, RuleError> {
    let Entry { key: name, node: operand, .. } = asked;
    let ty = subject.ty;
    if !fitting(ty).contains(&&**name) {
        let setting = format!("`{}.{}`", subject.key.kind, subject.key.name);
        let message = format!(
            "{setting} is {}, which has no predicate `{name}`; it has {}",
            type_name(ty),
            fitting(ty).join(", ")
        );
        return Err(RuleError::at(asked.span(), message));
    }
    Ok(match &**name {
        "is" => Predicate::Is(vec![literal(operand, ty)?]),
        "one_of" => Predicate::Is(several(operand, |item| literal(item, ty))?),
        "contains" => Predicate::Holds(vec![element(operand, ty)?]),
        "contains_any" => Predicate::Holds(several(operand, |item| element(item, ty))?),
        "lacks" => Predicate::Lacks(several(operand, |item| element(item, ty))?),
        "beyond" => Predicate::Beyond(several(operand, |item| element(item, ty))?),
        "shorter_than" | "smaller_than" => Predicate::Below(bound(operand, subject)?),
        "longer_than" | "larger_than" => Predicate::Above(bound(operand, subject)?),
        "decodes_below" => Predicate::DecodesBelow(bound(operand, subject)?),
        "same_as" => Predicate::SameAs(conditions::setting(operand, subject.on)?),
        "any_item" => {
            let item = Subject { ty: item_type(ty), ..*subject };
            Predicate::AnyItem(Box::new(conditions::inner(operand, &item)?))
        }
        "fallback" => Predicate::Fallback(Box::new(conditions::inner(operand, subject)?)),
        flag => {
            if !operand.bool()? {
                return Err(operand.error(format!("`{flag}` takes only true; negate it with {{ not = {{ .. }} }}")));
            }
            self::flag(flag).ok_or_else(|| RuleError::at(asked.span(), format!("no predicate `{flag}`")))?
        }
    })
}

fn flag(name: &str) -> Option<Predicate> {
    Some(match name {
        "empty" => Predicate::Empty,
        "absent" => Predicate::Absent,
        "present" => Predicate::Present,
        "defaulted" => Predicate::Defaulted,
        "any_origin" => Predicate::AnyOrigin,
        "unanchored" => Predicate::Unanchored,
        "placeholder" => Predicate::Text(TextTest::Placeholder),
        "low_entropy" => Predicate::Text(TextTest::LowEntropy),
        "high_entropy" => Predicate::Text(TextTest::HighEntropy),
        "provider_pattern" => Predicate::Text(TextTest::ProviderPattern),
        "well_known_default" => Predicate::Text(TextTest::WellKnownDefault),
        "test_mode" => Predicate::Text(TextTest::TestMode),
        "inert" => Predicate::Text(TextTest::Inert),
        "secret_named" => Predicate::Text(TextTest::SecretNamed),
        "plain_http" => Predicate::Text(TextTest::PlainHttp),
        "local_host" => Predicate::Text(TextTest::LocalHost),
        _ => return None,
    })
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "a boolean",
        Type::Text => "a text",
        Type::Secret => "a secret",
        Type::Number => "a number",
        Type::Seconds => "a duration",
        Type::Bytes => "a size",
        Type::Word(_) => "a word",
        Type::Texts => "a list of texts",
        Type::Words(_) => "a list of words",
        Type::Any => "of any type",
    }
}

fn item_type(ty: Type) -> Type {
    match ty {
        Type::Words(words) => Type::Word(words),
        _ => Type::Text,
    }
}

fn several<T>(node: &Node<'_>, read: impl Fn(&Node<'_>) -> Result<T, RuleError>) -> Result<Vec<T>, RuleError> {
    let items = node.items()?;
    if items.is_empty() {
        return Err(node.error("an empty list never matches"));
    }
    items.iter().map(read).collect()
}

/// One of the words a setting can be, or an error that lists them.
pub(super) fn checked_word<'t>(node: &'t Node<'_>, words: &[&'static str]) -> Result<&'t str, RuleError> {
    let text = node.text()?;
    if words.contains(&text) {
        return Ok(text);
    }
    Err(node.error(format!("\"{text}\" is none of its words: {}", words.join(", "))))
}

fn literal(node: &Node<'_>, ty: Type) -> Result<Literal, RuleError> {
    Ok(match ty {
        Type::Bool => Literal::Bool(node.bool()?),
        Type::Word(words) => Literal::Text(checked_word(node, words)?.into()),
        Type::Number | Type::Seconds | Type::Bytes => Literal::Number(node.amount(unit(ty))?),
        _ => Literal::Text(node.text()?.into()),
    })
}

/// What a repair makes of a setting: a value of its type, or a threshold.
pub(super) fn remedy(node: &Node<'_>, key: Key, on: &'static ResourceKind) -> Result<Remedy, RuleError> {
    match key.ty {
        Type::Bool | Type::Word(_) => literal(node, key.ty).map(Remedy::Value),
        Type::Number | Type::Seconds | Type::Bytes => bound(node, &Subject { key, ty: key.ty, on }).map(Remedy::Limit),
        ty => Err(node.error(format!(
            "`{}` is {}: a repair writes a boolean, a word or a number",
            key.name,
            type_name(ty)
        ))),
    }
}

fn element(node: &Node<'_>, ty: Type) -> Result<Text, RuleError> {
    Ok(match ty {
        Type::Words(words) => checked_word(node, words)?.into(),
        _ => node.text()?.into(),
    })
}

/// What the numbers of a type count.
pub(crate) fn unit(ty: Type) -> Unit {
    match ty {
        Type::Seconds => Unit::Seconds,
        Type::Bytes => Unit::Bytes,
        _ => Unit::Plain,
    }
}

fn bound(node: &Node<'_>, subject: &Subject) -> Result<Bound, RuleError> {
    let wanted = unit(subject.ty);
    if node.number().is_some() || node.text().is_ok() {
        return Ok(Bound::Fixed(node.amount(wanted)?, wanted));
    }
    let mut fields = Fields::of(node, "a bound")?;
    if let Some(other) = fields.take("setting") {
        fields.finish()?;
        let key = conditions::setting(other, subject.on)?;
        let counts = matches!(key.ty, Type::Number | Type::Seconds | Type::Bytes);
        return if counts { Ok(Bound::Setting(key)) } else { Err(other.error(format!("`{}` is no number", key.name))) };
    }
    let name = fields.need("limit")?;
    let by = fields.take("by").map(|node| conditions::setting(node, subject.on)).transpose()?;
    fields.finish()?;
    let row_name = name.text()?;
    let rows: Vec<String> = match by {
        None => vec![row_name.to_owned()],
        Some(Setting { ty: Type::Word(words), .. }) => words.iter().map(|word| format!("{row_name}.{word}")).collect(),
        Some(key) => return Err(node.error(format!("`{}` is not a word: it cannot choose a row", key.name))),
    };
    for row_name in rows {
        let Some(row) = Limits::builtin_row(&row_name) else {
            let known = Limits::builtin_names().join(", ");
            return Err(name.error(format!("no limit `{row_name}`; there are {known}")));
        };
        if row.unit != wanted {
            return Err(name.error(format!("limit `{row_name}` does not count what `{}` counts", subject.key.name)));
        }
    }
    Ok(Bound::Limit { name: row_name.into(), by })
}

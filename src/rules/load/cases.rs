//! Reads the cases of a rule: states of settings in the vocabulary, without any framework.

use super::{Fields, Node, RuleError, kind, operands, word};
use crate::eval::{Because, How, Kind, Place, Question, Step, Trail, Unknown, Value};
use crate::rules::limits::Profile;
use crate::rules::rule::{Case, Expected, Related, Rule, Severity};
use crate::settings::{Key, ResourceKind, State, Type};
use crate::syntax::FileId;
use crate::text::Text;
use std::sync::Arc;

/// Reads one case of a rule.
pub(super) fn case(node: &Node<'_>, rule: &Rule) -> Result<Case, RuleError> {
    let mut fields = Fields::of(node, "a case")?;
    let verdict = word(fields.need("verdict")?, &Expected::NAMES)?;
    let case = Case {
        name: fields.need("name")?.text()?.to_owned(),
        span: node.span(),
        given: match fields.take("given") {
            Some(given) => settings(Fields::of(given, "given")?, rule.resource)?,
            None => Vec::new(),
        },
        present: fields.take("present").map(presence).transpose()?,
        related: match fields.take("related") {
            Some(list) => list.items()?.iter().map(related).collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
        unseen: match fields.take("unseen") {
            Some(list) => list.items()?.iter().map(kind).collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
        profile: match fields.take("environment") {
            Some(name) => Profile::named(name.text()?).ok_or_else(|| {
                name.error(format!(
                    "no profile of this name; there are {}",
                    Profile::names().collect::<Vec<_>>().join(", ")
                ))
            })?,
            None => Profile::default(),
        },
        verdict,
        severity: fields.take("severity").map(|node| word(node, &Severity::NAMES)).transpose()?,
    };
    fields.finish()?;
    Ok(case)
}

fn related(node: &Node<'_>) -> Result<Related, RuleError> {
    let mut fields = Fields::of(node, "a related resource")?;
    let of = kind(fields.need("kind")?)?;
    let present = fields.take("present").map(presence).transpose()?;
    Ok(Related { kind: of, given: settings(fields, of)?, present })
}

fn presence(node: &Node<'_>) -> Result<Value, RuleError> {
    value(node, Type::Bool)
}

fn settings(mut fields: Fields<'_>, of: &'static ResourceKind) -> Result<Vec<(Key, State)>, RuleError> {
    let mut given = Vec::new();
    for entry in fields.rest() {
        let key = super::conditions::named(of, &entry.key).map_err(|message| RuleError::at(entry.span(), message))?;
        given.push((key, state(&entry.node, key.ty)?));
    }
    Ok(given)
}

fn state(node: &Node<'_>, ty: Type) -> Result<State, RuleError> {
    if let Ok(fields) = Fields::of(node, "a state")
        && fields.has("not_here")
    {
        return Ok(State::NotHere);
    }
    value(node, ty).map(State::Value)
}

fn place(node: &Node<'_>) -> Place {
    Place::File(FileId(0), node.span())
}

/// A value in one of the states that the rule format describes.
fn value(node: &Node<'_>, ty: Type) -> Result<Value, RuleError> {
    let Ok(mut fields) = Fields::of(node, "a state") else {
        return plain(node, ty);
    };
    let here = place(node);
    let written = Step::start(here, How::Written);
    let value = if let Some(inner) = fields.take("default") {
        Value::new(value(inner, ty)?.kind, &Step::start(Place::Framework("a default"), How::Default))
    } else if let Some(inner) = fields.take("fixed") {
        Value::new(value(inner, ty)?.kind, &Step::start(Place::Framework("a fixed value"), How::Fixed))
    } else if let Some(name) = fields.take("env") {
        variable(name.text()?.into(), &mut fields, ty, here)?
    } else if let Some(arms) = fields.take("either") {
        let on = fields.take("on").map(Node::text).transpose()?.unwrap_or("a condition");
        let arms = arms.items()?.iter().map(|arm| value(arm, ty)).collect::<Result<_, _>>()?;
        Value::choice(Question::OneOf(on.into()), arms, &written)
    } else if let Some(reason) = fields.take("opaque") {
        Value::unknown(Because::Call(reason.text()?.into()), &written)
    } else if let Some(pieces) = fields.take("pieces") {
        Value::new(Kind::Text(Text::new(pieces.texts()?.concat())), &written)
    } else if let Some(pattern) = fields.take("pattern") {
        Value::new(Kind::Pattern { source: pattern.text()?.into(), flags: "".into() }, &written)
    } else if let Some(items) = fields.take("open") {
        let Kind::List { items, .. } = plain(items, ty)?.kind else {
            return Err(items.error("expected a list"));
        };
        Value::new(Kind::List { items, open: Some(Because::Call("a spread".into()).into()) }, &written)
    } else if let Some(flag) = fields.take("null") {
        flag.bool()?;
        Value::new(Kind::Null, &written)
    } else {
        fields.need("absent")?.bool()?;
        Value::new(Kind::Absent, &written)
    };
    fields.finish()?;
    Ok(value)
}

/// A value read from a variable: given by an env file, with a fallback, or set by nothing that can be seen.
fn variable(name: Arc<str>, fields: &mut Fields<'_>, ty: Type, here: Place) -> Result<Value, RuleError> {
    let reads = |fallback: Option<Arc<Value>>, before: Vec<Trail>| -> Trail {
        Step::of(here, How::Reads { variable: name.clone(), fallback }, before)
    };
    if let Some(given) = fields.take("value") {
        let set = Step::start(place(given), How::Sets { variable: name.clone() });
        return Ok(Value::new(value(given, ty)?.kind, &reads(None, vec![set])));
    }
    let mut unknown = Unknown::from(Because::Variable(name.clone()));
    if let Some(length) = fields.take("at_least") {
        unknown.at_least_chars = length.amount(crate::rules::quantity::Unit::Plain)? as usize;
    }
    let Some(fallback) = fields.take("fallback") else {
        return Ok(Value::new(Kind::Unknown(unknown), &reads(None, Vec::new())));
    };
    let written = value(fallback, ty)?;
    let trail = reads(Some(Arc::new(written.clone())), Vec::new());
    let unset = Value::new(written.kind, &Step::after(place(fallback), How::Fallback, &trail));
    let set = Value::new(Kind::Unknown(unknown), &trail);
    Ok(Value::choice(Question::IsSet(name.clone()), vec![unset, set], &trail))
}

/// A value that is written down, of the setting's type.
fn plain(node: &Node<'_>, ty: Type) -> Result<Value, RuleError> {
    let kind = match ty {
        Type::Bool => Kind::Bool(node.bool()?),
        Type::Text | Type::Secret => Kind::Text(node.text()?.into()),
        Type::Word(words) => Kind::Text(operands::checked_word(node, words)?.into()),
        Type::Number | Type::Seconds | Type::Bytes => Kind::Number(node.amount(operands::unit(ty))?),
        Type::Texts if node.bool().is_ok() => Kind::Bool(node.bool()?),
        Type::Texts => list(node, Type::Text)?,
        Type::Words(words) => list(node, Type::Word(words))?,
        Type::Any if node.number().is_some() => Kind::Number(node.amount(operands::unit(ty))?),
        Type::Any if node.bool().is_ok() => Kind::Bool(node.bool()?),
        Type::Any => Kind::Text(node.text()?.into()),
    };
    Ok(Value::written(kind, place(node)))
}

fn list(node: &Node<'_>, item: Type) -> Result<Kind, RuleError> {
    let items: Vec<Value> = node.items()?.iter().map(|node| value(node, item)).collect::<Result<_, _>>()?;
    Ok(Kind::List { items: items.into(), open: None })
}

//! Reads one setting of a `[[gives]]` into a row: its places, how it is read, what its absence means.

use super::words::one_or_more;
use super::words::{Said, finish, meant, only, since_until};
use crate::facts::readers;
use crate::reading::shapes::Shape;
use crate::reading::table::{Effect, Plain, Preset, Reader, Root, Row, Spot, When};
use crate::reading::version::Versions;
use crate::rules::node::{Entry, Node, Plain as Toml};
use crate::rules::{Fields, RuleError};
use crate::settings::{Key, Type};

/// A plain value of a file of facts.
pub(super) use crate::reading::table::Plain as Written;

/// The keys of a setting.
const KEYS: &[&str] =
    &["at", "read", "words", "absent", "default", "default_when", "fixed", "undocumented", "unset", "before"];

/// Reads a setting.
pub(super) fn row(setting: Key, node: &'static Node<'static>, reference: &'static str) -> Result<Row, RuleError> {
    only(node, "a setting", KEYS)?;
    let mut fields = Fields::of(node, "a setting")?;
    let places: &'static [Spot] = fields.take("at").map_or(Ok(Vec::new()), spots)?.leak();
    let reader = reader(&mut fields, setting)?;
    let default = default(&mut fields, setting)?;
    if places.is_empty() && !matches!(default, Preset::Fixed(_) | Preset::Chosen(_)) {
        return Err(fields.error("a setting needs `at`: where it is written; or `fixed`"));
    }
    finish(fields)?;
    Ok(Row { setting, places, reader, default, reference })
}

/// A place, or several of which the first that has something counts.
pub(super) fn spots(node: &'static Node<'static>) -> Result<Vec<Spot>, RuleError> {
    match &node.value {
        Toml::List(items) => items.iter().map(spot).collect(),
        _ => Ok(vec![spot(node)?]),
    }
}

fn spot(node: &'static Node<'static>) -> Result<Spot, RuleError> {
    if let Toml::Text(text) = &node.value {
        return path(node, text);
    }
    let mut fields = Fields::of(node, "a place")?;
    if let Some(key) = fields.take("config") {
        let path = key.said()?;
        finish(fields)?;
        return Ok(Spot { path, root: Root::Configuration, versions: Versions::ALL, effect: Effect::Read });
    }
    let spot = match fields.take("env") {
        Some(variable) => {
            let path = variable.said()?;
            Spot { path, root: Root::Environment, versions: Versions::ALL, effect: Effect::Read }
        }
        None => {
            let key = fields.need("key")?;
            let plain = path(key, key.said()?)?;
            let versions = since_until(fields.take("since"), fields.take("until"))?;
            let effect = match fields.take("effect") {
                None => Effect::Read,
                Some(node) => match node.text()? {
                    "read" => Effect::Read,
                    "ignored" => Effect::Ignored,
                    "refused" => Effect::Unfit,
                    _ => return Err(node.error("expected \"ignored\" or \"refused\"")),
                },
            };
            Spot { versions, effect, ..plain }
        }
    };
    finish(fields)?;
    Ok(spot)
}

/// `cookie.secure`, `.`, `argument:1`, `argument:0.exp`.
fn path(node: &Node<'_>, text: &'static str) -> Result<Spot, RuleError> {
    let spot = |root, path| Spot { path, root, versions: Versions::ALL, effect: Effect::Read };
    if text == "." {
        return Ok(spot(Root::Options, ""));
    }
    let Some(rest) = text.strip_prefix("argument:") else {
        let is_path = !text.is_empty() && text.split('.').all(|key| !key.is_empty());
        return if is_path {
            Ok(spot(Root::Options, text))
        } else {
            Err(node.error("expected a path such as \"a.b\""))
        };
    };
    let (index, path) = rest.split_once('.').unwrap_or((rest, ""));
    match index.parse() {
        Ok(index) if index < 16 => Ok(spot(Root::Argument(index), path)),
        _ => Err(node.error("expected the number of an argument, as in \"argument:1\" or \"argument:0.exp\"")),
    }
}

/// How what is written becomes the value: what counts as not written goes first, words come last.
fn reader(fields: &mut Fields<'static>, setting: Key) -> Result<Reader, RuleError> {
    let mut stages: Vec<Reader> = Vec::new();
    if let Some(node) = fields.take("unset") {
        stages.push(match &node.value {
            Toml::Text(text) if text == "default" => Reader::UnsetIsDefault,
            Toml::Text(text) if text == "refused" => Reader::UnsetIsRefused,
            _ => Reader::UnsetIs(&*Box::leak(Box::new(written(node, setting.ty, setting.name)?))),
        });
    }
    if let Some(node) = fields.take("absent") {
        let shapes: Vec<Shape> =
            node.items()?.iter().map(|node| named_shape(node, node.text()?)).collect::<Result<_, _>>()?;
        stages.push(Reader::Without(shapes.leak()));
    }
    if let Some(node) = fields.take("read") {
        let name = node.said()?;
        let found = readers::named(name);
        let before: &'static [&'static str] = fields.take("before").map_or(Ok(Vec::new()), one_or_more)?.leak();
        let found = found.map(|reader| match reader {
            Reader::Contains(item) if !before.is_empty() => Reader::ContainsBefore(item, before),
            reader => reader,
        });
        stages.push(
            found
                .ok_or_else(|| node.error(format!("no reader is called `{name}`{}", meant(name, readers::names()))))?,
        );
    }
    if let Some(node) = fields.take("words") {
        let Toml::Table(entries) = &node.value else { return Err(node.error("expected what is written and its word")) };
        let table: Vec<(Shape, Plain)> = entries.iter().map(|entry| word(entry, setting)).collect::<Result<_, _>>()?;
        stages.push(Reader::Shapes(table.leak()));
    }
    Ok(match stages.as_slice() {
        [] => Reader::AsIs,
        [one] => *one,
        _ => Reader::Then(stages.leak()),
    })
}

fn word(entry: &'static Entry<'static>, setting: Key) -> Result<(Shape, Plain), RuleError> {
    let written = Shape::NAMED.iter().find(|(name, _)| *name == entry.key).map(|(_, shape)| *shape);
    let shape = written.unwrap_or(Shape::Word(&entry.key));
    Ok((shape, self::written(&entry.node, setting.ty, setting.name)?))
}

fn named_shape(node: &Node<'_>, text: &'static str) -> Result<Shape, RuleError> {
    let found = Shape::NAMED.iter().find(|(name, _)| *name == text);
    let names = Shape::NAMED.iter().map(|(name, _)| *name);
    found
        .map(|(_, shape)| *shape)
        .ok_or_else(|| node.error(format!("no shape is called `{text}`{}", meant(text, names))))
}

/// What the absence of the key means.
fn default(fields: &mut Fields<'static>, setting: Key) -> Result<Preset, RuleError> {
    if let Some(node) = fields.take("fixed") {
        return Ok(Preset::Fixed(written(node, setting.ty, setting.name)?));
    }
    let plain = match fields.take("default") {
        Some(node) => Preset::Default(written(node, setting.ty, setting.name)?),
        None => match fields.take("undocumented").map_or(Ok(false), Node::bool)? {
            true => Preset::Undocumented,
            false => Preset::Absent,
        },
    };
    let Some(list) = fields.take("default_when") else { return Ok(plain) };
    let mut steps: Vec<(When, Preset)> =
        list.items()?.iter().map(|node| step(node, setting)).collect::<Result<_, _>>()?;
    steps.push((When::ALWAYS, plain));
    Ok(Preset::Chosen(steps.leak()))
}

fn step(node: &'static Node<'static>, setting: Key) -> Result<(When, Preset), RuleError> {
    let mut fields = Fields::of(node, "a step of default_when")?;
    let when = When {
        versions: since_until(fields.take("since"), fields.take("until"))?,
        host: fields.take("host").map(Said::said).transpose()?,
        mark: fields.take("mark").map(Said::said).transpose()?,
    };
    if when == When::ALWAYS {
        return Err(fields.error("a step needs `since`, `until`, `host` or `mark`: when does it hold?"));
    }
    let preset = match fields.take("is") {
        Some(node) => Preset::Default(written(node, setting.ty, setting.name)?),
        None if fields.take("undocumented").map_or(Ok(false), Node::bool)? => Preset::Undocumented,
        None if fields.take("is_absent").map_or(Ok(false), Node::bool)? => Preset::Absent,
        None => return Err(fields.error("a step needs `is`: the default where it holds")),
    };
    finish(fields)?;
    Ok((when, preset))
}

/// A plain value that fits the setting's type.
pub(super) fn written(node: &'static Node<'static>, ty: Type, setting: &str) -> Result<Plain, RuleError> {
    let word = |node: &'static Node<'static>, words: &'static [&'static str]| {
        let text = node.said()?;
        if words.contains(&text) {
            return Ok(text);
        }
        Err(node.error(format!("`{setting}` is never \"{text}\"{}", meant(text, words.iter().copied()))))
    };
    Ok(match ty {
        Type::Bool => Plain::Bool(node.bool()?),
        Type::Text | Type::Secret => Plain::Text(node.said()?),
        Type::Number | Type::Seconds | Type::Bytes => Plain::Number(node.amount(crate::rules::unit(ty))?),
        Type::Word(words) => Plain::Text(word(node, words)?),
        Type::Texts if node.bool().is_ok() => Plain::Bool(node.bool()?),
        Type::Texts => {
            let texts: Vec<&'static str> = node.items()?.iter().map(Said::said).collect::<Result<_, _>>()?;
            Plain::Texts(texts.leak())
        }
        Type::Words(words) => {
            let texts: Vec<&'static str> =
                node.items()?.iter().map(|node| word(node, words)).collect::<Result<_, _>>()?;
            Plain::Texts(texts.leak())
        }
        Type::Any => match &node.value {
            Toml::Bool(value) => Plain::Bool(*value),
            Toml::Number(value) => Plain::Number(*value),
            _ => Plain::Text(node.said()?),
        },
    })
}

//! Reads the cases of a file of facts: some code, and what it gives.

use super::settings::written;
use super::words::{Said, finish, meant};
use crate::facts::library::Library;
use crate::reading::table::{Effect, Plain, Preset};
use crate::reading::version::Versions;
use crate::rules::node::{Node, Plain as Toml};
use crate::rules::{Fields, RuleError};
use crate::settings::{Key, ResourceKind, config_key, secret};
use crate::syntax::Span;

/// Some code, and what it gives.
#[derive(Debug)]
pub(crate) struct Case {
    /// What it shows.
    pub(crate) name: &'static str,
    /// Where it stands.
    pub(crate) span: Span,
    /// The files by their paths.
    pub(crate) files: Vec<(&'static str, &'static str)>,
    /// The version of the package; none for the newest known one.
    pub(crate) version: Option<&'static str>,
    /// Variables as production has them.
    pub(crate) env: Vec<(&'static str, &'static str)>,
    /// What each use gives.
    pub(crate) gives: Vec<Vec<Expectation>>,
}

/// What a setting is expected to be.
#[derive(Debug)]
pub(crate) struct Expectation {
    /// The kind of resource.
    pub(crate) kind: &'static ResourceKind,
    /// The setting.
    pub(crate) setting: Key,
    /// What it is.
    pub(crate) expected: Expected,
    /// Where that is written.
    pub(crate) span: Span,
}

/// A state of a setting.
#[derive(Debug, PartialEq)]
pub(crate) enum Expected {
    /// It is written, or fixed.
    Written(Plain),
    /// It is the library's default.
    Default(Plain),
    /// It is what a variable holds, which nobody knows; with what it is where the variable is not set.
    Variable {
        /// The variable.
        name: &'static str,
        /// What is written for the case that it is not set, or the default that is left then.
        unset: Option<Plain>,
        /// Whether that is the default.
        is_default: bool,
    },
    /// It is one of these, by a question that nobody can answer.
    OneOf(Vec<Plain>),
    /// It is not there.
    Absent,
    /// It cannot be known.
    Unknown,
    /// The library has no such setting.
    NotHere,
}

/// The cases of a file, whose facts are `library`: two at least, and one about a default where there are defaults.
pub(crate) fn cases(library: &Library, file: &'static Node<'static>) -> Result<Vec<Case>, RuleError> {
    let mut fields = Fields::of(file, "a library")?;
    let all: Vec<Case> = match fields.take("case") {
        Some(list) => list.items()?.iter().map(|node| case(node, library)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let start = Span::new(file.start, file.start);
    if all.len() < 2 {
        return Err(RuleError::at(start, "facts need two cases at least (`[[case]]`): code, and what it gives"));
    }
    let rows = library.gives.iter().flat_map(|gives| gives.rows);
    let is_default = |preset: &Preset| matches!(preset, Preset::Default(_));
    let has_default = rows.clone().any(|row| match row.default {
        Preset::Chosen(steps) => steps.iter().any(|(_, preset)| is_default(preset)),
        preset => is_default(&preset),
    });
    let shows = |expectation: &Expectation| {
        matches!(expectation.expected, Expected::Default(_) | Expected::Variable { is_default: true, .. })
    };
    if has_default && !all.iter().flat_map(|case| case.gives.iter().flatten()).any(shows) {
        return Err(RuleError::at(start, "facts with defaults need a case that shows one: { default = .. }"));
    }
    Ok(all)
}

fn case(node: &'static Node<'static>, library: &Library) -> Result<Case, RuleError> {
    let mut fields = Fields::of(node, "a case")?;
    let name = fields.need("name")?.said()?;
    let path = if library.id.starts_with("pypi/") { "main.py" } else { "src/index.ts" };
    let path = fields.take("file").map_or(Ok(path), Said::said)?;
    let mut files = vec![(path, fields.need("code")?.said()?)];
    files.extend(pairs(fields.take("files"), "`files`")?);
    let version = fields.take("version").map(Said::said).transpose()?;
    let env = pairs(fields.take("env"), "`env`")?;
    let gives = fields.need("gives")?;
    let gives = match &gives.value {
        Toml::List(items) => items.iter().map(|node| expectations(node, library)).collect::<Result<_, _>>()?,
        _ => vec![expectations(gives, library)?],
    };
    finish(fields)?;
    Ok(Case { name, span: node.span(), files, version, env, gives })
}

fn pairs(
    node: Option<&'static Node<'static>>,
    what: &'static str,
) -> Result<Vec<(&'static str, &'static str)>, RuleError> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let entries = Fields::of(node, what)?.rest();
    entries.into_iter().map(|entry| Ok((entry.key.as_ref(), entry.node.said()?))).collect()
}

fn expectations(node: &'static Node<'static>, library: &Library) -> Result<Vec<Expectation>, RuleError> {
    let entries = Fields::of(node, "what a case gives")?.rest();
    let one = |entry: &'static crate::rules::node::Entry<'static>| {
        let (kind, setting) = named(&entry.key, library).map_err(|message| RuleError::at(entry.span(), message))?;
        let expected = expected(&entry.node, setting)?;
        Ok(Expectation { kind, setting, expected, span: entry.node.span() })
    };
    entries.into_iter().map(one).collect()
}

/// `secure` where one kind of the file has it, else `cookie.secure`.
fn named(name: &str, library: &Library) -> Result<(&'static ResourceKind, Key), String> {
    let kinds = kinds(library);
    if let Some((kind, setting)) = name.split_once('.') {
        let found = kinds.iter().find(|own| own.name == kind).and_then(|kind| Some((*kind, kind.setting(setting)?)));
        return found.ok_or_else(|| format!("these facts give no `{name}`"));
    }
    // Secrets always go by their kind.
    let own = kinds.iter().filter(|kind| kind.name != secret::KIND.name);
    let mut having = own.filter_map(|kind| Some((*kind, kind.setting(name)?)));
    let first = having.next();
    match (first, having.next()) {
        (Some((kind, _)), Some((other, _))) => {
            Err(format!("both `{}` and `{}` have `{name}`: write \"{}.{name}\"", kind.name, other.name, kind.name))
        }
        (Some(found), None) => Ok(found),
        (None, _) => {
            let known: Vec<&str> =
                kinds.iter().flat_map(|kind| kind.settings.iter().map(|setting| setting.name)).collect();
            Err(format!("these facts give no `{name}`{}", meant(name, known.into_iter())))
        }
    }
}

/// The kinds of resource that the facts can give.
fn kinds(library: &Library) -> Vec<&'static ResourceKind> {
    let of_gives = library.gives.iter().map(|gives| gives.kind);
    let surfaces = library.host.iter().flat_map(|host| host.surfaces.iter().copied());
    let has_secrets = library.gives.iter().any(|gives| !gives.secrets.is_empty());
    let mut places = library.gives.iter().flat_map(|gives| gives.rows).flat_map(|row| row.places);
    let has_dead_keys = places.any(|spot| spot.effect != Effect::Read || spot.versions != Versions::ALL);
    let mut kinds: Vec<&'static ResourceKind> = Vec::new();
    let more = has_secrets.then_some(secret::KIND).into_iter().chain(has_dead_keys.then_some(config_key::KIND));
    for kind in of_gives.chain(surfaces).chain(more) {
        if !kinds.iter().any(|known| known.name == kind.name) {
            kinds.push(kind);
        }
    }
    kinds
}

fn expected(node: &'static Node<'static>, setting: Key) -> Result<Expected, RuleError> {
    let plain = |node: &'static Node<'static>| written(node, setting.ty, setting.name);
    let Ok(mut fields) = Fields::of(node, "what is expected") else { return plain(node).map(Expected::Written) };
    let expected = if let Some(name) = fields.take("env") {
        let name = name.said()?;
        match (fields.take("fallback"), fields.take("default"), fields.take("value")) {
            (_, _, Some(value)) => Expected::Written(plain(value)?),
            (fallback, default, None) => Expected::Variable {
                name,
                unset: fallback.or(default).map(plain).transpose()?,
                is_default: default.is_some(),
            },
        }
    } else if let Some(default) = fields.take("default") {
        Expected::Default(plain(default)?)
    } else if let Some(list) = fields.take("one_of") {
        Expected::OneOf(list.items()?.iter().map(plain).collect::<Result<_, _>>()?)
    } else if fields.take("absent").map_or(Ok(false), Node::bool)? {
        Expected::Absent
    } else if fields.take("unknown").map_or(Ok(false), Node::bool)? {
        Expected::Unknown
    } else if fields.take("not_here").map_or(Ok(false), Node::bool)? {
        Expected::NotHere
    } else {
        return Err(
            node.error("expected a value, or { default }, { env }, { one_of }, { absent }, { unknown }, { not_here }")
        );
    };
    finish(fields)?;
    Ok(expected)
}

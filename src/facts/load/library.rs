//! Turns a file of facts into a library, or into an error that points at the word.

use super::gives;
use super::words::{Around, Others, Said, finish, leaked, meant, one_or_more, only, versions};
use crate::facts::library::{Host, Library, Mount};
use crate::facts::names;
use crate::rules::node::{Entry, Node};
use crate::rules::{Fields, RuleError};
use crate::settings::{Key, ResourceKind, rate_limit, response_headers};

/// The kinds that a host can have once an app.
static SURFACES: &[&ResourceKind] = &[response_headers::KIND, rate_limit::KIND];

/// The keys of a file.
const KEYS: &[&str] = &["known", "source", "from", "host", "gives", "case", "extends"];

/// Reads the facts of a library. `id` is the path of the file below the folder of facts, without the ending.
pub(crate) fn library(
    id: &'static str,
    file: &'static Node<'static>,
    others: Others<'_>,
) -> Result<Library, RuleError> {
    let Some(package) = id.split_once('/').filter(|(registry, _)| ["npm", "pypi"].contains(registry)).map(|(_, p)| p)
    else {
        return Err(file.error("facts lie in `npm/` or `pypi/`, each file under the name of its package"));
    };
    only(file, "a library", KEYS)?;
    let mut fields = Fields::of(file, "a library")?;
    let known = versions(fields.need("known")?)?;
    let source = fields.need("source")?.said()?;
    if let Some(from) = fields.take("from") {
        one_or_more(from)?;
    }
    let modules = leaked(names::own(id, file));
    let around = Around { id, package, others, source, modules };
    let host = fields.take("host").map(|node| host(node, &around)).transpose()?;
    let gives = match fields.take("gives") {
        Some(list) => list.items()?.iter().map(|node| gives::gives(node, &around)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    fields.take("case");
    fields.take("extends");
    if host.is_none() && gives.is_empty() {
        return Err(fields.error("a library needs `[[gives]]` or `[host]`"));
    }
    finish(fields)?;
    Ok(Library { id, name: package, known, source, modules: leaked(names::modules(id, file)), host, gives })
}

fn host(node: &'static Node<'static>, around: &Around<'_>) -> Result<Host, RuleError> {
    let mut fields = Fields::of(node, "[host]")?;
    let host = Host {
        name: fields.take("name").map_or(Ok(around.package), Said::said)?,
        title: fields.take("title").map_or(Ok(around.package), Said::said)?,
        modules: fields.take("from").map_or_else(|| Ok(around.modules.clone()), one_or_more)?,
        made_by: one_or_more(fields.need("made_by")?)?,
        mounts: match fields.take("mounts") {
            Some(list) => list.items()?.iter().map(mount).collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
        routes: fields.take("routes").map_or(Ok(Vec::new()), one_or_more)?,
        decorators: fields.take("decorators").map(decorators).transpose()?,
        shows_errors: fields.take("shows_errors").map_or(Ok(false), Node::bool)?,
        surfaces: match fields.take("surfaces") {
            Some(list) => list.items()?.iter().map(surface).collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
        fixes: match fields.take("fixes") {
            Some(node) => gives::entries(node)?.iter().map(surface_fix).collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
    };
    finish(fields)?;
    Ok(host)
}

/// `{ from = "@nestjs/common", names = ["Get"] }`.
fn decorators(node: &'static Node<'static>) -> Result<(&'static str, Vec<&'static str>), RuleError> {
    let mut fields = Fields::of(node, "`decorators`")?;
    let found = (fields.need("from")?.said()?, one_or_more(fields.need("names")?)?);
    finish(fields)?;
    Ok(found)
}

fn mount(node: &'static Node<'static>) -> Result<Mount, RuleError> {
    let mut fields = Fields::of(node, "a mount")?;
    let mount = match fields.take("method") {
        Some(method) => Mount::Method(method.said()?),
        None => Mount::Keyword(fields.need("keyword")?.said()?),
    };
    finish(fields)?;
    Ok(mount)
}

/// A setting of one of the surfaces, and how it is set right.
fn surface_fix(entry: &'static Entry<'static>) -> Result<(Key, &'static str), RuleError> {
    let kind = SURFACES.iter().find(|kind| kind.setting(&entry.key).is_some()).unwrap_or(&rate_limit::KIND);
    gives::fix(entry, kind)
}

fn surface(node: &'static Node<'static>) -> Result<&'static ResourceKind, RuleError> {
    let name = node.text()?;
    let known = || SURFACES.iter().map(|kind| kind.name);
    let kind = SURFACES.iter().find(|kind| kind.name == name).copied();
    kind.ok_or_else(|| node.error(format!("no surface is called `{name}`{}", meant(name, known()))))
}

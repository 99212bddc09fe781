//! Reads one `[[gives]]`: a kind of resource, how the library is used for it, its settings and secrets.

use super::settings::{Written, row, spots, written};
use super::words::{Around, Said, finish, kind, meant, one_or_more, only, since_until};
use crate::facts::library::{Condition, Gives, Options, Required, SecretRow, Usage};
use crate::facts::names;
use crate::reading::table::Row;
use crate::rules::node::{Entry, Node, Plain};
use crate::rules::{Fields, RuleError};
use crate::settings::{Key, ResourceKind, secret};

/// The keys of a `gives`.
const KEYS: &[&str] = &[
    "kind",
    "name",
    "named_by",
    "from",
    "call",
    "handed_to",
    "decorator",
    "method",
    "first",
    "on",
    "of",
    "export",
    "configured",
    "options",
    "delegate",
    "factory",
    "when",
    "parameters",
    "assigned",
    "like",
    "settings",
    "fixes",
    "secrets",
    "mark",
];

/// Reads what one use gives.
pub(super) fn gives(node: &'static Node<'static>, around: &Around<'_>) -> Result<Gives, RuleError> {
    only(node, "a `gives`", KEYS)?;
    let mut fields = Fields::of(node, "a `gives`")?;
    let kind = kind(fields.need("kind")?)?;
    let other = fields.take("like").map(|like| alike(like, kind, around)).transpose()?;
    let name = fields.take("name").map_or(Ok(around.package), Said::said)?;
    let named_by = fields.take("named_by").map(Said::said).transpose()?;
    let modules = fields.take("from").map_or_else(|| Ok(around.modules.clone()), one_or_more)?;
    let usage = usage(&mut fields, around)?;
    let is_keywords = around.is_python() && !matches!(usage, Usage::Exported { .. } | Usage::Configured { .. });
    let options = match fields.take("options") {
        Some(node) => options(node)?,
        None if is_keywords => Options::Keywords,
        None => Options::Argument(0, ""),
    };
    let delegate = fields.take("delegate").map(Said::said).transpose()?;
    let factory = fields.take("factory").map(Said::said).transpose()?;
    let condition = fields.take("when").map_or_else(|| Ok(Condition::default()), condition)?;
    let parameters = fields.take("parameters").map_or(Ok(Vec::new()), one_or_more)?;
    let assigned = fields.take("assigned").map_or(Ok(Vec::new()), one_or_more)?;
    let own = fields.take("settings").map_or(Ok(&[][..]), entries)?;
    let rows = rows(own, other, kind, around)?;
    let fixes = match fields.take("fixes").or_else(|| names::entry(other?, "fixes")) {
        Some(table) => entries(table)?.iter().map(|entry| fix(entry, kind)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let secrets = match fields.take("secrets").or_else(|| names::entry(other?, "secrets")) {
        Some(list) => list.items()?.iter().map(secret_row).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let mark = fields.take("mark").map(Said::said).transpose()?;
    if rows.is_empty() && mark.is_none() && (secrets.is_empty() || kind.name != secret::KIND.name) {
        return Err(
            fields.error("a `gives` needs `settings`, a `mark`, or another file whose settings it takes (`like`)")
        );
    }
    finish(fields)?;
    Ok(Gives {
        kind,
        name,
        named_by,
        modules,
        usage,
        condition,
        options,
        factory,
        delegate,
        assigned,
        parameters,
        rows: rows.leak(),
        fixes,
        secrets,
        mark,
    })
}

/// `when = { mark = "..", without = "..", written = true, switch = "..", beside = ["sign"], mentions = ["File"], awaited = true, since = "4", until = "5", looked_at = ".." }`.
fn condition(node: &'static Node<'static>) -> Result<Condition, RuleError> {
    let mut fields = Fields::of(node, "`when`")?;
    let condition = Condition {
        mark: fields.take("mark").map(Said::said).transpose()?,
        without: fields.take("without").map(Said::said).transpose()?,
        written: fields.take("written").map_or(Ok(false), Node::bool)?,
        switch: fields.take("switch").map(Said::said).transpose()?,
        beside: fields.take("beside").map_or(Ok(Vec::new()), one_or_more)?,
        mentions: fields.take("mentions").map_or(Ok(Vec::new()), one_or_more)?,
        awaited: fields.take("awaited").map_or(Ok(false), Node::bool)?,
        versions: since_until(fields.take("since"), fields.take("until"))?,
        looked_at: fields.take("looked_at").map(Said::said).transpose()?,
    };
    finish(fields)?;
    Ok(condition)
}

/// The give of the same kind in another file.
fn alike(
    node: &'static Node<'static>,
    kind: &'static ResourceKind,
    around: &Around<'_>,
) -> Result<&'static Node<'static>, RuleError> {
    let id = node.text()?;
    let file = (around.others)(id).filter(|_| id != around.id);
    let file = file.ok_or_else(|| node.error(format!("there are no facts called `{id}`")))?;
    let Some(Plain::List(gives)) = names::entry(file, "gives").map(|node| &node.value) else {
        return Err(node.error(format!("`{id}` gives nothing")));
    };
    let is_meant = |give: &&'static Node<'static>| {
        names::entry(give, "kind").is_some_and(|node| node.text().is_ok_and(|text| text == kind.name))
    };
    let give = gives.iter().find(is_meant).ok_or_else(|| node.error(format!("`{id}` gives no `{}`", kind.name)))?;
    if names::entry(give, "like").is_some() {
        return Err(node.error(format!("`{id}` takes its settings from another file itself: name that one")));
    }
    Ok(give)
}

fn usage(fields: &mut Fields<'static>, around: &Around<'_>) -> Result<Usage, RuleError> {
    let handed = fields.take("handed_to");
    if let Some(call) = fields.take("call") {
        let exports = one_or_more(call)?;
        return match handed {
            Some(to) => Ok(Usage::Handed { exports, to: one_or_more(to)? }),
            None => Ok(Usage::Called(exports)),
        };
    }
    if let Some(to) = handed {
        return Ok(Usage::Handed { exports: vec!["default"], to: one_or_more(to)? });
    }
    if let Some(decorator) = fields.take("decorator") {
        return Ok(Usage::Decorates(one_or_more(decorator)?));
    }
    if let Some(method) = fields.take("method") {
        let first = fields.take("first").map(Said::said).transpose()?;
        let on = fields.take("on").map_or(Ok(around.id), Said::said)?;
        let of = fields.take("of").map_or(Ok(Vec::new()), one_or_more)?;
        return Ok(Usage::Method { methods: one_or_more(method)?, first, on, of });
    }
    if let Some(configured) = fields.take("configured") {
        let mark = if configured.bool().is_ok() { None } else { Some(configured.said()?) };
        let on = fields.take("on").map_or(Ok(around.id), Said::said)?;
        return Ok(Usage::Configured { mark, on });
    }
    if let Some(export) = fields.take("export") {
        let mut inner = Fields::of(export, "`export`")?;
        let files = one_or_more(inner.need("files")?)?;
        let name = inner.take("name").map_or(Ok("default"), Said::said)?;
        finish(inner)?;
        return Ok(Usage::Exported { files, name });
    }
    Err(fields
        .error("a `gives` needs `call`, `handed_to`, `decorator`, `method` or `export`: how is the library used?"))
}

fn options(node: &'static Node<'static>) -> Result<Options, RuleError> {
    let index = |node: &Node<'_>| match node.number() {
        Some(number) if number >= 0.0 && number.fract() == 0.0 && number < 16.0 => Ok(number as usize),
        _ => Err(node.error("expected the number of an argument, \"keywords\", or { argument = 0, path = \"a.b\" }")),
    };
    match &node.value {
        Plain::Text(text) if text == "keywords" => Ok(Options::Keywords),
        Plain::Table(_) => {
            let mut fields = Fields::of(node, "`options`")?;
            if let Some(last) = fields.take("chained_to") {
                let last = last.said()?;
                finish(fields)?;
                return Ok(Options::Chained(last));
            }
            let argument = fields.need("argument")?;
            let path = fields.take("path").map_or(Ok(""), Said::said)?;
            finish(fields)?;
            match argument.text() {
                Ok("last") => Ok(Options::Last(path)),
                _ => Ok(Options::Argument(index(argument)?, path)),
            }
        }
        _ => Ok(Options::Argument(index(node)?, "")),
    }
}

/// The settings of the give, and those of the one that it is like which it does not have itself.
fn rows(
    own: &'static [Entry<'static>],
    other: Option<&'static Node<'static>>,
    kind: &'static ResourceKind,
    around: &Around<'_>,
) -> Result<Vec<Row>, RuleError> {
    let taken = other.and_then(|give| names::entry(give, "settings")).map_or(Ok(&[][..]), entries)?;
    let is_new = |entry: &&Entry<'_>| own.iter().all(|own| own.key != entry.key);
    let all = own.iter().chain(taken.iter().filter(is_new));
    all.map(|entry| row(setting(entry, kind)?, &entry.node, around.source)).collect()
}

/// The setting that an entry is about.
fn setting(entry: &Entry<'_>, kind: &'static ResourceKind) -> Result<Key, RuleError> {
    kind.setting(&entry.key).ok_or_else(|| {
        let known = kind.settings.iter().map(|setting| setting.name);
        let message = format!("`{}` has no setting `{}`{}", kind.name, entry.key, meant(&entry.key, known));
        RuleError::at(entry.span(), message)
    })
}

/// How the library wants a setting to be set right: a sentence.
pub(super) fn fix(
    entry: &'static Entry<'static>,
    kind: &'static ResourceKind,
) -> Result<(Key, &'static str), RuleError> {
    let said = entry.node.said()?;
    if !said.ends_with('.') {
        return Err(entry.node.error("expected a sentence that says what to do, with a full stop"));
    }
    Ok((setting(entry, kind)?, said))
}

pub(super) fn entries(node: &'static Node<'static>) -> Result<&'static [Entry<'static>], RuleError> {
    match &node.value {
        Plain::Table(entries) => Ok(entries),
        _ => Err(node.error("expected settings by their names")),
    }
}

fn secret_row(node: &'static Node<'static>) -> Result<SecretRow, RuleError> {
    let mut fields = Fields::of(node, "a secret")?;
    let places = spots(fields.need("at")?)?.leak();
    let purpose = fields.need("purpose")?;
    let Written::Text(purpose) = written(purpose, secret::purpose.ty, secret::purpose.name)? else {
        return Err(purpose.error("expected a text"));
    };
    let required = match fields.take("required") {
        Some(node @ Node { value: Plain::Table(_), .. }) => {
            Required::Asked(Box::leak(Box::new(row(secret::required, node, "")?)))
        }
        Some(node) => Required::Known(node.bool()?),
        None => Required::Known(false),
    };
    let min_random_bytes = fields
        .take("min_random_bytes")
        .map(|node| node.number().ok_or_else(|| node.error("expected a number of bytes")));
    let min_random_bytes = min_random_bytes.transpose()?;
    finish(fields)?;
    Ok(SecretRow { places, purpose, required, min_random_bytes })
}

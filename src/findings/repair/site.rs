//! Finds the text to edit: the literal that gives a setting its value, or the object in which its key is missing.

use super::edit::RawEdit;
use super::object::Object;
use super::written::literal;
use crate::eval::{How, Kind, Place, Trail, Value};
use crate::findings::locate::Locator;
use crate::syntax::{FileId, Span};
use std::sync::Arc;

/// The edit after which `value` stands under a path of keys; none where what decides is not written right there.
pub(super) fn edit(
    root: &Value,
    path: &str,
    value: &Value,
    counts_bytes: bool,
    locator: &Locator<'_>,
) -> Option<RawEdit> {
    if path.is_empty() {
        return replace(&[], root, value, counts_bytes, locator);
    }
    let keys: Vec<&str> = path.split('.').collect();
    let mut around = root.clone();
    let mut objects = vec![root.clone()];
    for (index, key) in keys.iter().enumerate() {
        let inner = around.field(key);
        match &inner.kind {
            Kind::Object { .. } if index + 1 < keys.len() => {
                objects.push(inner.clone());
                around = inner;
            }
            Kind::Absent => return insert(&objects, &keys[index..], value, counts_bytes, locator),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) if index + 1 == keys.len() => {
                return replace(&objects, &inner, value, counts_bytes, locator);
            }
            _ => return None,
        }
    }
    None
}

/// What is written under one path of keys as written under another, where nothing stands so far.
pub(super) fn moved(root: &Value, from: &str, to: &str, locator: &Locator<'_>) -> Option<Vec<RawEdit>> {
    let written = root.written_at(from)?;
    let mut steps = written.trail.walk(8).into_iter();
    let (file, span) = steps.find_map(|step| step.place.in_file())?;
    let parsed = locator.parsed(file)?;
    let key = from.rsplit('.').next()?;
    let (source, entry) = parsed.object_with(key, span)?;
    let keys: Vec<&str> = to.split('.').collect();
    let (mut around, mut objects, mut rest) = (root.clone(), vec![root.clone()], &keys[..]);
    while let Kind::Object { .. } = around.field(rest.first()?).kind {
        around = around.field(rest[0]);
        objects.push(around.clone());
        rest = &rest[1..];
    }
    if !around.field(rest.first()?).is_absent() || is_shared(&objects, locator) {
        return None;
    }
    let depth = from.matches('.').count();
    if objects.len() == depth + 1 && to[..].starts_with(from.rsplit_once('.').map_or("", |(around, _)| around)) {
        let text = source.entry(rest, source.text_of(entry.value))?;
        return Some(vec![RawEdit { file: Ok(file), span: entry.whole(), text }]);
    }
    let (into, span) = object_place(&around.trail)?;
    let other = locator.parsed(into)?;
    let target = other.object(span)?;
    if target.has(rest[0]) || into != file {
        return None;
    }
    let (span, text) = target.with(rest, &source.reindented(entry.value, target.indent()))?;
    let removed = source.without(&entry)?;
    Some(vec![RawEdit { file: Ok(file), span: removed, text: String::new() }, RawEdit { file: Ok(into), span, text }])
}

/// The literal's text becomes the value's.
fn replace(
    objects: &[Value],
    written: &Value,
    value: &Value,
    counts_bytes: bool,
    locator: &Locator<'_>,
) -> Option<RawEdit> {
    let (file, span) = literal_place(&written.trail)?;
    let parsed = locator.parsed(file)?;
    if !parsed.is_literal(span) || is_shared(objects, locator) || is_of_helper(file, span, locator) {
        return None;
    }
    let text = literal(value, parsed.spelling(), parsed.quote_at(span), counts_bytes)?;
    Some(RawEdit { file: Ok(file), span, text })
}

/// The keys that are missing, with the value behind them, at the end of the innermost object: what stands there last
/// wins over everything that is spread in before.
fn insert(
    objects: &[Value],
    keys: &[&str],
    value: &Value,
    counts_bytes: bool,
    locator: &Locator<'_>,
) -> Option<RawEdit> {
    let around = objects.last()?;
    if !matches!(&around.kind, Kind::Object { open: None, .. }) {
        return None;
    }
    let (file, span) = object_place(&around.trail)?;
    let parsed = locator.parsed(file)?;
    if let [key] = keys
        && let Some(text) = literal(value, parsed.spelling(), parsed.quote_at(span), counts_bytes)
        && let Some((span, text)) = parsed.line(span, key, &text)
    {
        return Some(RawEdit { file: Ok(file), span, text });
    }
    let object: Object<'_> = parsed.object(span)?;
    if object.has(keys[0]) || is_shared(objects, locator) || is_of_helper(file, span, locator) {
        return None;
    }
    let text = literal(value, parsed.spelling(), parsed.quote_at(span), counts_bytes)?;
    let (span, text) = object.with(keys, &text)?;
    Some(RawEdit { file: Ok(file), span, text })
}

/// The edit that adds a text to a list literal, before the first of some others.
pub(super) fn add(list: &Value, item: &str, before: &[&str], locator: &Locator<'_>) -> Option<RawEdit> {
    let Kind::List { items, open: None } = &list.kind else { return None };
    let (file, span) = object_place(&list.trail)?;
    let parsed = locator.parsed(file)?;
    let is_later = |item: &Value| item.as_text().is_some_and(|text| before.iter().any(|later| text.is(later)));
    let at = items.iter().position(is_later).unwrap_or(items.len());
    let (span, text) = parsed.with_item(span, at, items.len(), item)?;
    Some(RawEdit { file: Ok(file), span, text })
}

/// The place of what is written where it is used, calculated or not: a name on the way may be used elsewhere, too.
fn literal_place(trail: &Trail) -> Option<(FileId, Span)> {
    let here = matches!(trail.how, How::Written) && trail.before.is_empty();
    if here || matches!(trail.how, How::Joined) { trail.place.in_file() } else { None }
}

/// The place in an env file where a variable that the framework itself reads gets its plain text.
pub(super) fn variable(root: &Value, name: &str, locator: &Locator<'_>) -> Option<(FileId, Span)> {
    let written = root.field(name);
    if !matches!(written.kind, Kind::Text(_)) {
        return None;
    }
    let steps = written.trail.walk(8);
    let sets = steps.iter().find(|step| matches!(&step.how, How::Sets { variable } if &**variable == name))?;
    let (file, span) = sets.place.in_file()?;
    let path = locator.path(file);
    let text = locator.text(file)?;
    let own = text.get(span.start as usize..span.end as usize)?;
    let is_plain = !own.is_empty() && own.chars().all(|c| c.is_ascii_alphanumeric());
    let is_env_file = path.rsplit('/').next().is_some_and(|name| name.starts_with(".env"));
    (is_plain && is_env_file).then_some((file, span))
}

/// A line of an env file, behind which another one can stand.
pub(super) struct Line {
    file: FileId,
    end: u32,
    /// What ends lines there; the file's last one may have no end.
    line_end: &'static str,
    is_ended: bool,
}

impl Line {
    /// The edit that puts another line behind it.
    pub(super) fn with(&self, line: &str) -> RawEdit {
        let text = match self.is_ended {
            true => format!("{line}{}", self.line_end),
            false => format!("{}{line}", self.line_end),
        };
        RawEdit { file: Ok(self.file), span: Span::new(self.end, self.end), text }
    }
}

/// The line of an env file that switches a feature on, for a variable that is not set and belongs beside it.
pub(super) fn below_variable(switch: Place, root: &Value, name: &str, locator: &Locator<'_>) -> Option<Line> {
    let is_variable =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let (file, span) = switch.in_file().filter(|_| is_variable && switch.is_text() && root.field(name).is_absent())?;
    let path = locator.path(file);
    if !path.rsplit('/').next().is_some_and(|name| name.starts_with(".env")) {
        return None;
    }
    let text = locator.text(file)?;
    let rest = text.get(span.end as usize..)?;
    let to_end = rest.find('\n');
    let end = span.end + u32::try_from(to_end.map_or(rest.len(), |at| at + 1)).ok()?;
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Some(Line { file, end, line_end, is_ended: to_end.is_some() })
}

/// The place of an object literal, which can have a name on the way.
fn object_place(trail: &Trail) -> Option<(FileId, Span)> {
    let mut step = trail;
    loop {
        match (&step.how, step.before.as_slice()) {
            (How::Written, []) => return step.place.in_file(),
            (How::Named { .. }, [before]) => step = before,
            _ => return None,
        }
    }
}

/// Whether a place lies in a function that serves several callers: what is changed there changes for all of them.
fn is_of_helper(file: FileId, span: Span, locator: &Locator<'_>) -> bool {
    let Some(parsed) = locator.parsed(file) else { return true };
    let shared = |name: &Arc<str>| parsed.uses(name) + locator.importers(file, name) > 1;
    parsed.functions_around(span).iter().any(shared)
}

/// Whether one of the objects around is used at more than one place under a name.
fn is_shared(objects: &[Value], locator: &Locator<'_>) -> bool {
    let mut named: Vec<(FileId, Arc<str>)> = Vec::new();
    for object in objects {
        let mut last: Option<(FileId, Arc<str>)> = None;
        for step in object.trail.walk(64) {
            let Some((file, _)) = step.place.in_file() else { continue };
            if let How::Named { name } = &step.how {
                named.push((file, name.clone()));
                last = Some((file, name.clone()));
            } else if let Some((from, name)) = last.take_if(|(from, _)| *from != file) {
                // The literal stands in another file: whoever imports it there has it, too.
                let _ = from;
                if &*name != "default" && locator.importers(file, &name) > 1 {
                    return true;
                }
            }
        }
    }
    named.iter().any(|(file, name)| locator.parsed(*file).is_none_or(|parsed| parsed.uses(name) > 1))
}

//! Repairs: what a rule would have a setting become, as an edit of the text where the adapter says it is written.

mod edit;
mod ignore;
mod lines;
mod object;
mod plan;
mod site;
#[cfg(test)]
mod tests;
mod written;

pub use edit::{Edit, Repair};
pub(super) use object::{Parsed, takes_name};
pub use plan::{Patch, merge};

use super::draft::Draft;
use super::locate::Locator;
use super::{Certainty, Location, Severity};
use crate::eval::{How, Kind, Value};
use crate::rules::Remedy;
use crate::settings::Home;
use crate::text::Text;
use edit::RawEdit;
use std::collections::BTreeSet;

/// The repair of a finding: one edit for each thing that it is about, or none at all, for half of it would leave the
/// finding where it is.
pub(super) fn of(group: &[Draft<'_>], locator: &Locator<'_>) -> Option<Repair> {
    let first = group.first()?;
    let repair = first.rule.repair.as_ref()?;
    if matches!(first.severity, Severity::Unverified | Severity::Checklist) || first.verdict == Certainty::Unverified {
        return None;
    }
    let mut edits: BTreeSet<Edit> = BTreeSet::new();
    for draft in group {
        for raw in edits_of(draft, locator)? {
            let location = match &raw.file {
                Ok(file) => locator.location(*file, raw.span),
                Err(path) => Location::beginning_of(path.clone()),
            };
            edits.insert(Edit { location, text: raw.text });
        }
    }
    let reveals = matches!(first.resource.home(repair.setting), Some(Home::Elsewhere { .. }));
    let edits = together(edits);
    let apart = edits.windows(2).all(|pair| {
        let (a, b) = (&pair[0].location, &pair[1].location);
        a.file != b.file || (a.end_offset <= b.offset && a.offset < b.offset)
    });
    apart.then_some(Repair { safe: repair.safe, edits, reveals })
}

/// The edits for one resource: one, or two where something is moved.
fn edits_of(draft: &Draft<'_>, locator: &Locator<'_>) -> Option<Vec<RawEdit>> {
    let repair = draft.rule.repair.as_ref()?;
    match draft.resource.home(repair.setting)? {
        Home::Elsewhere { root, from, to } => site::moved(root, from, to, locator),
        // What is written where nobody reads it is moved; nothing is written beside it as if it were not there.
        _ if draft.evidence.iter().any(|leaf| is_unread(&leaf.value)) => None,
        _ => Some(vec![edit(draft, locator)?]),
    }
}

/// Whether something is missing because it is written where the installed version does not look.
fn is_unread(value: &Value) -> bool {
    value.trail.walk(3).iter().any(|step| matches!(step.how, How::Unread { .. }))
}

/// Lines that are added at one place become one edit.
fn together(edits: BTreeSet<Edit>) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    for edit in edits {
        match all.last_mut() {
            Some(last) if last.location == edit.location && last.text.ends_with('\n') && edit.text.ends_with('\n') => {
                last.text.push_str(edit.text.trim_start_matches(['\r', '\n']));
            }
            _ => all.push(edit),
        }
    }
    all
}

/// The edit for one resource.
fn edit(draft: &Draft<'_>, locator: &Locator<'_>) -> Option<RawEdit> {
    let repair = draft.rule.repair.as_ref()?;
    let cure = draft.cure.as_ref()?;
    match draft.resource.home(repair.setting)? {
        Home::IgnoreRule(path) => matches!(cure.kind, Kind::Bool(true)).then(|| ignore::rule(path, locator))?,
        Home::Elsewhere { .. } => None,
        Home::Item { list, item, before } => {
            matches!(cure.kind, Kind::Bool(true)).then(|| site::add(list, item, before, locator))?
        }
        Home::Key { root, path, read } => {
            let means = |text: &String| {
                let value = Value::new(Kind::Text(Text::new(text.clone())), &cure.trail);
                read.of(&value).same_as(cure) == Some(true)
            };
            if let Some((file, span)) = site::variable(root, path, locator) {
                let text = written::texts(cure).into_iter().find(means)?;
                return Some(RawEdit { file: Ok(file), span, text });
            }
            if let Some(place) = site::below_variable(draft.resource.place, root, path, locator) {
                let text = written::texts(cure).into_iter().find(means)?;
                return Some(place.with(&format!("{path}={text}")));
            }
            // The first spelling that the framework reads as what is wanted.
            let means = |value: &Value| read.of(value).same_as(cure) == Some(true);
            let value = written::spellings(cure).into_iter().find(means)?;
            let counts_bytes =
                matches!(repair.value, Remedy::Limit(_)) && repair.setting.ty == crate::settings::Type::Bytes;
            site::edit(root, path, &value, counts_bytes, locator)
        }
    }
}

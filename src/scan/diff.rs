//! What differs between two looks at one project: two environments, two targets, two revisions.

use super::open::{Opened, open, with_config};
use super::{Looked, ScanError, ScanOptions, baseline, look};
use crate::eval::{Kind, Value};
use crate::findings::{Finding, Findings, Subject};
use crate::mask::Masker;
use crate::report::{Difference, FindingChange, FoundChange, SettingChange, SettingRow, setting_rows};
use crate::settings::{Resource, State};
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One side of a difference.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// How the project is looked at.
    pub options: ScanOptions,
    /// The revision; none is the files as they are.
    pub revision: Option<String>,
}

/// What differs between two looks at one project.
pub fn diff(left: &Side, right: &Side) -> Result<Difference, ScanError> {
    let (mut left_look, mut right_look) = (look_at(left)?, look_at(right)?);
    // What is a secret on one side is none of the other's to show.
    let secrets: BTreeSet<Text> = left_look.secrets.texts.union(&right_look.secrets.texts).cloned().collect();
    left_look.masker = Masker::new(&secrets);
    right_look.masker = Masker::new(&secrets);
    let by_target = !has_one_target(&left_look) || !has_one_target(&right_look);
    let mut apps: Vec<String> = [&left_look, &right_look]
        .into_iter()
        .flat_map(|look| look.evaluated.apps.iter().map(|app| app.id.to_string()))
        .collect();
    apps.sort();
    apps.dedup();
    Ok(Difference {
        left: name_of(left, &left_look),
        right: name_of(right, &right_look),
        apps,
        settings: settings(&left_look, &right_look, by_target),
        findings: findings(&left_look, &right_look),
    })
}

fn look_at(side: &Side) -> Result<Looked, ScanError> {
    let mut looked = look(opened(side)?, &side.options)?;
    baseline::hold_against(&mut looked, &side.options)?;
    Ok(looked)
}

fn opened(side: &Side) -> Result<Opened, ScanError> {
    let Some(name) = &side.revision else { return open(&side.options) };
    let now = open_plainly(&side.options)?;
    let revision = now.revision(Some(name))?;
    with_config(now.at(&revision, |_| false)?, &side.options)
}

/// The project without what it says of itself: at another revision it may say something else.
fn open_plainly(options: &ScanOptions) -> Result<crate::project::Project, ScanError> {
    let files = crate::project::Options { known: crate::platforms::FILES, ..Default::default() };
    Ok(crate::project::Project::open(&options.path, &files)?)
}

fn name_of(side: &Side, looked: &Looked) -> String {
    if side.name.is_empty() { super::profile_name(looked.opened.environment).to_owned() } else { side.name.clone() }
}

/// Whether no app is judged for more than one target, so that targets need not be told apart.
fn has_one_target(looked: &Looked) -> bool {
    let mut seen = BTreeSet::new();
    looked.evaluated.models.iter().all(|(_, model)| seen.insert(model.apps.first().map(|app| app.id.clone())))
}

/// What tells a setting from all others.
type Key = (String, Option<String>, &'static str, String, &'static str);

/// A setting of one side, with its value.
struct Known<'l> {
    row: SettingRow,
    value: Option<&'l Value>,
}

fn known(looked: &Looked, by_target: bool) -> BTreeMap<Key, Known<'_>> {
    let mut all = BTreeMap::new();
    for (target, model) in &looked.evaluated.models {
        let target = target.as_ref().filter(|_| by_target);
        let mut values: BTreeMap<Key, &Value> = BTreeMap::new();
        for resource in &model.resources {
            let app = model.apps[resource.app.0].id.to_string();
            values.extend(of_resource(resource, &app, target, looked));
        }
        for row in setting_rows(model, target, &looked.opened.project, &looked.masker) {
            let key = (row.app.clone(), row.target.clone(), row.kind, row.resource.clone(), row.setting);
            let value = values.get(&key).copied();
            all.insert(key, Known { row, value });
        }
    }
    all
}

fn of_resource<'l>(
    resource: &'l Resource,
    app: &str,
    target: Option<&Arc<str>>,
    looked: &Looked,
) -> Vec<(Key, &'l Value)> {
    let name = looked.masker.words(&resource.name);
    let of = |setting: &&'static crate::settings::Setting| match resource.state(setting) {
        Some(State::Value(value)) => {
            let target = target.map(|target| target.to_string());
            Some(((app.to_owned(), target, resource.kind.name, name.clone(), setting.name), value))
        }
        _ => None,
    };
    resource.kind.settings.iter().filter_map(of).collect()
}

/// The settings whose values differ, in order.
fn settings(left: &Looked, right: &Looked, by_target: bool) -> Vec<SettingChange> {
    let (mut left, mut right) = (known(left, by_target), known(right, by_target));
    let keys: BTreeSet<Key> = left.keys().chain(right.keys()).cloned().collect();
    let change = |key: Key| {
        let (was, is) = (left.remove(&key), right.remove(&key));
        let same = match (&was, &is) {
            (Some(a), Some(b)) => is_same(a, b),
            (None, None) => true,
            (Some(one), None) | (None, Some(one)) => one.value.is_none(),
        };
        (!same).then(|| SettingChange::between(was.map(|known| known.row), is.map(|known| known.row)))
    };
    keys.into_iter().filter_map(change).collect()
}

fn is_same(a: &Known<'_>, b: &Known<'_>) -> bool {
    match (a.value, b.value) {
        (None, None) => true,
        (Some(left), Some(right)) => a.row.value == b.row.value && has_same_texts(left, right),
        _ => false,
    }
}

/// Whether two values that look the same are the same behind the mask.
fn has_same_texts(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Text(a), Kind::Text(b)) => a == b,
        (Kind::List { items: a, .. }, Kind::List { items: b, .. }) => all_same(a, b),
        (Kind::Choice(_, a), Kind::Choice(_, b)) => all_same(a, b),
        _ => true,
    }
}

fn all_same(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| has_same_texts(a, b))
}

/// What is found on one side alone, or weighs more on one.
fn findings(left: &Looked, right: &Looked) -> Vec<FoundChange> {
    let masker = &left.masker;
    let (left, right) = (all(&left.found), all(&right.found));
    let mut changes: Vec<FoundChange> = Vec::new();
    for finding in &right {
        match left.iter().find(|other| is_about(finding, other)) {
            None => changes.push(FoundChange::of(finding, masker, FindingChange::Appears, None)),
            Some(other) if other.severity != finding.severity => {
                changes.push(FoundChange::of(finding, masker, FindingChange::Changes, Some(other.severity)));
            }
            Some(_) => {}
        }
    }
    let gone = left.iter().filter(|finding| !right.iter().any(|other| is_about(finding, other)));
    changes.extend(gone.map(|finding| FoundChange::of(finding, masker, FindingChange::Disappears, None)));
    changes
}

fn all(found: &Findings) -> Vec<&Finding> {
    found.findings.iter().chain(&found.unverified).collect()
}

/// Whether a finding of one side is told by one of the other: all that it is about.
fn is_about(finding: &Finding, other: &Finding) -> bool {
    let same =
        |a: &Subject, b: &Subject| (&a.app, a.kind, &a.name, &a.setting) == (&b.app, b.kind, &b.name, &b.setting);
    finding.rule == other.rule
        && finding.subjects.iter().all(|about| other.subjects.iter().any(|known| same(known, about)))
}

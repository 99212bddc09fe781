//! Judgements that have something to say, with their evidence in order and the place they point at.

use super::{Certainty, Judged, Severity, Subject};
use crate::eval::{Place, Value, World};
use crate::rules::{Evidence, Judgement, Quantity, Rule, Severity as RuleSeverity, Verdict};
use crate::settings::{App, Count, Resource, ResourceKind};
use crate::syntax::{FileId, Span};
use rayon::prelude::*;
use std::sync::Arc;

/// A judgement on its way to a finding.
pub(super) struct Draft<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Which run it comes from.
    pub run: usize,
    /// The resource.
    pub resource: &'r Resource,
    /// The subject.
    pub subject: Subject,
    /// The weight.
    pub severity: Severity,
    /// How it was reached.
    pub verdict: Certainty,
    /// The world in which it is bad.
    pub when: World,
    /// The leaves that decided, the one that the rule points at first.
    pub evidence: Vec<Evidence>,
    /// The number that decided, else the first one that the rule names.
    pub limit: Option<Quantity>,
    /// The text that a user would edit.
    pub primary: Option<(FileId, Span)>,
    /// The target.
    pub target: Option<Arc<str>>,
    /// The value with which the rule's own setting would satisfy it.
    pub cure: Option<Value>,
    /// The cause among those that the rule has a message for.
    pub says: Option<usize>,
    /// The framework of the app; empty where it is no app.
    pub framework: &'static str,
    /// The framework as its authors write it, and with its version; both empty where it is no app.
    pub product: Product,
}

/// How a sentence names the framework of an app.
#[derive(Clone, Debug, Default)]
pub(super) struct Product {
    /// `Bknd`; empty where it is no app.
    pub title: &'static str,
    /// `Bknd 0.20.0`, without a version where that is not known.
    pub installed: String,
}

impl Product {
    fn of(app: &App) -> Product {
        let version = app.version.as_deref().map_or(String::new(), |version| format!(" {version}"));
        let installed = if app.title.is_empty() { String::new() } else { format!("{}{version}", app.title) };
        Product { title: app.title, installed }
    }
}

/// Every judgement that is neither satisfied nor out of place.
pub(super) fn drafts<'r>(runs: &'r [Judged<'r>]) -> Vec<Draft<'r>> {
    let of_run = |(index, run): (usize, &'r Judged<'r>)| -> Vec<Draft<'r>> {
        run.judgements.iter().filter_map(|judgement| draft(index, run, judgement)).collect()
    };
    runs.par_iter().enumerate().flat_map_iter(of_run).collect()
}

fn draft<'r>(index: usize, run: &'r Judged<'r>, judgement: &'r Judgement<'r>) -> Option<Draft<'r>> {
    let (verdict, when, evidence) = match &judgement.verdict {
        Verdict::NotApplicable | Verdict::Satisfied => return None,
        Verdict::Violated(evidence) => (Certainty::Violated, World::default(), evidence),
        Verdict::Possible { when, because } => (Certainty::Possible, when.clone(), because),
        Verdict::Unverified(evidence) => (Certainty::Unverified, World::default(), evidence),
    };
    let severity = match (verdict, judgement.severity) {
        (_, RuleSeverity::Checklist) => Severity::Checklist,
        (Certainty::Unverified, _) => Severity::Unverified,
        (_, RuleSeverity::Blocking) => Severity::Blocking,
        (_, RuleSeverity::Warning) => Severity::Warning,
    };
    let resource = run.model.resources.get(judgement.resource)?;
    let rule = judgement.rule;
    let evidence = complete(rule, judgement.resource, resource, &when, evidence);
    let setting = rule.report.at.or(evidence.first().and_then(|leaf| leaf.setting));
    let key = setting.and_then(|setting| resource.spot(setting)).map(|spot| spot.key.clone());
    let setting = setting.map(|setting| setting.name.to_owned());
    let app = &run.model.apps[judgement.app.0];
    Some(Draft {
        rule,
        run: index,
        resource,
        subject: Subject { app: app.id.clone(), kind: resource.kind.name, name: resource.name.clone(), setting, key },
        severity,
        verdict,
        when,
        limit: judgement.limit,
        primary: primary(&evidence, resource),
        evidence,
        target: run.target.clone(),
        cure: judgement.cure.clone(),
        says: judgement.says,
        framework: app.framework,
        product: Product::of(app),
    })
}

/// The leaves with the one that the rule points at first, then those it names, then the rest; what the rule names and
/// nobody asked for is taken from the resource.
fn complete(rule: &Rule, index: usize, resource: &Resource, when: &World, evidence: &[Evidence]) -> Vec<Evidence> {
    let mut ordered: Vec<Evidence> = Vec::new();
    for key in rule.report.at.iter().chain(&rule.report.also) {
        let found = evidence.iter().filter(|leaf| leaf.setting == Some(*key));
        let before = ordered.len();
        ordered.extend(found.cloned());
        if let (true, Some(value)) = (ordered.len() == before, resource.value(key)) {
            let value = value.within(when);
            ordered.push(Evidence { resource: Some(index), kind: key.kind, setting: Some(key), value, limit: None });
        }
    }
    let named = |leaf: &&Evidence| {
        leaf.setting.is_some_and(|key| rule.report.at.iter().chain(&rule.report.also).any(|named| *named == key))
    };
    ordered.extend(evidence.iter().filter(|leaf| !named(leaf)).cloned());
    ordered
}

/// The first place in a project file on the way back from the deciding leaf. What the framework decided by itself
/// gives way to what is written; what is not there gives way to what the rule points at, where that lies in it.
fn primary(evidence: &[Evidence], resource: &Resource) -> Option<(FileId, Span)> {
    // Where the app runs is no text that a user would edit to change the setting.
    let (around, own): (Vec<_>, Vec<_>) = evidence.iter().partition(|leaf| is_context(leaf, resource));
    let pointed_at = evidence.first().and_then(|first| first.value.trail.primary());
    let is_around = |leaf: &Evidence| match (leaf.value.trail.primary(), pointed_at) {
        (Some((file, around)), Some((own, inner))) => file == own && around != inner && around.holds(inner),
        _ => false,
    };
    let gives_way = |leaf: &&Evidence| leaf.value.trail.is_default() || leaf.value.is_absent() && is_around(leaf);
    let (defaults, written): (Vec<_>, Vec<_>) = own.into_iter().partition(gives_way);
    let place_of = |leaf: &&Evidence| leaf.value.trail.primary_place();
    let own: Vec<Place> = written.iter().chain(&defaults).filter_map(place_of).collect();
    let text = own.iter().copied().find(|place| place.is_text());
    // A file as such gives way to what stands for the resource in it.
    let beside = || {
        let whole = own.first().copied()?;
        let is_there = whole.in_file().map(|(file, _)| file) == resource.place.in_file().map(|(file, _)| file);
        Some(if is_there && resource.place.is_text() { resource.place } else { whole })
    };
    let around = || around.iter().find_map(place_of);
    text.or_else(beside).or_else(around).unwrap_or(resource.place).in_file()
}

/// Whether a piece of evidence is of a kind that exists once an app and only surrounds the resource.
fn is_context(leaf: &Evidence, resource: &Resource) -> bool {
    leaf.kind != resource.kind.name && ResourceKind::named(leaf.kind).is_some_and(|kind| kind.count == Count::One)
}

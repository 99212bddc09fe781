//! Runs the cases of a rule: the smallest model for each, and the verdict it gets.

use super::judge::{Judgement, Verdict, judge_rule};
use super::limits::Limits;
use super::rule::{Case, Expected, Rule, Severity};
use super::scene::Index;
use crate::eval::{Because, How, Place, Step, Unknown, Value};
use crate::settings::{App, AppId, Count, Key, Model, Resource, ResourceKind, Scope, State, vocabulary};
use crate::syntax::{FileId, Span};

/// A case whose verdict or severity differs from what it says.
#[derive(Clone, Debug)]
pub struct CaseFailure {
    /// The case's name.
    pub case: String,
    /// Where it stands in the rule's file.
    pub span: Span,
    /// What it expects: `violated (warning)`.
    pub expected: String,
    /// What it got, with what decided.
    pub got: String,
}

/// Runs every case of a rule; none that fails means that the rule does what it says.
pub fn run_cases(rule: &Rule) -> Vec<CaseFailure> {
    rule.cases.iter().filter_map(|case| run(rule, case)).collect()
}

/// Which of its messages the rule's cases are told with: the places in its list, and none for the general one.
pub fn causes(rule: &Rule) -> Vec<Option<usize>> {
    let told = rule.cases.iter().filter_map(|case| {
        let model = model(rule, case);
        let judgement = judged(&model, rule, case)?;
        let is_bad = matches!(judgement.verdict, Verdict::Violated(_) | Verdict::Possible { .. });
        is_bad.then_some(judgement.says)
    });
    told.collect()
}

/// What a rule says of the resource of its case.
fn judged<'r>(model: &Model, rule: &'r Rule, case: &Case) -> Option<Judgement<'r>> {
    let mut judgements = Vec::new();
    judge_rule(model, &Index::of(model), rule, &Limits::builtin(case.profile), &mut judgements);
    judgements.into_iter().find(|judgement| judgement.resource == 0)
}

fn run(rule: &Rule, case: &Case) -> Option<CaseFailure> {
    let model = model(rule, case);
    let judgement = judged(&model, rule, case)?;
    let verdict = expected(&judgement.verdict);
    let reported = matches!(verdict, Expected::Violated | Expected::Possible);
    let same_severity = case.severity.is_none_or(|severity| !reported || severity == judgement.severity);
    if verdict == case.verdict && same_severity {
        return None;
    }
    let decided = decided(&judgement.verdict);
    let got = describe(verdict, reported.then_some(judgement.severity));
    Some(CaseFailure {
        case: case.name.clone(),
        span: case.span,
        expected: describe(case.verdict, case.severity),
        got: if decided.is_empty() { got } else { format!("{got}, decided by {}", decided.join(", ")) },
    })
}

fn describe(verdict: Expected, severity: Option<Severity>) -> String {
    match severity {
        Some(severity) => format!("{} ({})", verdict.name(), severity.name()),
        None => verdict.name().to_owned(),
    }
}

fn expected(verdict: &Verdict) -> Expected {
    match verdict {
        Verdict::NotApplicable => Expected::NotApplicable,
        Verdict::Satisfied => Expected::Satisfied,
        Verdict::Violated(_) => Expected::Violated,
        Verdict::Possible { .. } => Expected::Possible,
        Verdict::Unverified(_) => Expected::Unverified,
    }
}

fn decided(verdict: &Verdict) -> Vec<String> {
    let name = |found: &super::judge::Evidence| match found.setting {
        Some(setting) => format!("{}.{}", found.kind, setting.name),
        None => found.kind.to_owned(),
    };
    verdict.evidence().iter().map(name).collect()
}

/// One app with the case's resource first, its relatives, and unknown contexts for the rest.
fn model(rule: &Rule, case: &Case) -> Model {
    let place = Place::File(FileId(0), case.span);
    let app = AppId(0);
    let mut model = Model::default();
    model.apps.push(App {
        scope: Scope::App,
        id: ".".into(),
        root: "".into(),
        framework: "case",
        title: "Case",
        version: None,
        stack: Vec::new(),
        entry: place,
    });
    let name = if rule.resource.name == "attestation" { rule.id.clone() } else { "case".into() };
    let mut judged = resource(rule.resource, app, place, &case.given);
    judged.name = name;
    judged.present = case.present.clone();
    model.resources.push(judged);
    for (number, related) in case.related.iter().enumerate() {
        let mut other = resource(related.kind, app, place, &related.given);
        if related.kind.count == Count::Many {
            other.name = format!("related {number}").into();
        }
        other.present = related.present.clone();
        model.resources.push(other);
    }
    for kind in &case.unseen {
        model.unseen.insert((app, kind.name), Unknown::from(Because::Call("a spread".into())));
    }
    for kind in vocabulary().filter(|kind| kind.count == Count::One) {
        if !model.resources.iter().any(|resource| resource.kind.name == kind.name) {
            model.resources.push(unknown(kind, app, place));
        }
    }
    model
}

/// A context that the case says nothing of: whatever a rule asks of it is not known.
fn unknown(kind: &'static ResourceKind, app: AppId, place: Place) -> Resource {
    let mut resource = Resource::new(kind, app, kind.name, place);
    for setting in kind.settings {
        resource.put(setting, Value::unknown(Because::Undecided, &Step::start(place, How::Derived)));
    }
    resource
}

fn resource(kind: &'static ResourceKind, app: AppId, place: Place, given: &[(Key, State)]) -> Resource {
    let mut resource = Resource::new(kind, app, kind.name, place);
    for (key, state) in given {
        resource = match state {
            State::Value(value) => resource.set(key, value.clone()),
            State::NotHere => resource.not_here(key),
        };
    }
    resource.rest_not_here()
}

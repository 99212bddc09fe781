//! Judges a model: each rule on each resource of its kind, in every world.

use super::catalogue::Catalogue;
use super::condition::{Condition, Literal};
use super::limits::Limits;
use super::outcome::{Leaf, Leaves, Outcome, Summary};
use super::quantity::Quantity;
use super::rule::{Remedy, Rule, Severity};
use super::scene::{self, Index, Scene};
use super::truth::Truth;
use crate::eval::{Because, Kind, Question, Value, World};
use crate::settings::{AppId, Key, Model, Resource};
use crate::syntax::{FileId, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Worlds beyond this in one judgement are not looked at.
const MOST_WORLDS: usize = 256;

/// What a rule says of one resource.
#[derive(Clone, Debug)]
pub struct Judgement<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The app.
    pub app: AppId,
    /// The resource, by its place in the model's list.
    pub resource: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// How much it weighs, after ladder, defaults and possibility; of no meaning where nothing is reported.
    pub severity: Severity,
    /// The number that the deciding setting was held against, else the first one that the rule names.
    pub limit: Option<Quantity>,
    /// The value with which the rule's own setting would satisfy it.
    pub cure: Option<Value>,
    /// The cause among those that the rule has a message for.
    pub says: Option<usize>,
}

/// The answer of a rule.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// There is nothing to judge: the resource does not exist or does not have the settings that decide.
    NotApplicable,
    /// Never bad.
    Satisfied,
    /// Bad in every world.
    Violated(Vec<Evidence>),
    /// Bad in some world.
    Possible {
        /// The answers that make it bad, and no others.
        when: World,
        /// What decided there.
        because: Vec<Evidence>,
    },
    /// Cannot be known.
    Unverified(Vec<Evidence>),
}

impl Verdict {
    /// What decided; nothing where nothing is reported.
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Verdict::Violated(evidence) | Verdict::Unverified(evidence) => evidence,
            Verdict::Possible { because, .. } => because,
            Verdict::NotApplicable | Verdict::Satisfied => &[],
        }
    }
}

/// A setting that decided, with its value and its trail.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The resource that holds it, by its place in the model's list; none where it was not seen.
    pub resource: Option<usize>,
    /// The kind of that resource.
    pub kind: &'static str,
    /// The setting; none where the existence of the resource decided.
    pub setting: Option<Key>,
    /// Its value in the world that decided.
    pub value: Value,
    /// The number it was held against.
    pub limit: Option<Quantity>,
}

/// Judges every resource of a model by every rule of its kind; gives what is bad, may be bad, or cannot be known.
pub fn judge<'r>(model: &Model, catalogue: &'r Catalogue, limits: &Limits) -> Vec<Judgement<'r>> {
    let index = Index::of(model);
    let mut judgements = Vec::new();
    let there = |id: &str, kind: &str| index.of_kind(kind).iter().any(|at| is_meant(&model.resources[*at], id));
    for rule in catalogue.rules_for(there) {
        let mut all = Vec::new();
        judge_rule(model, &index, rule, limits, &mut all);
        // Nearly all is fine in nearly every model, and would be most of what a scan keeps.
        let is_told = |told: &Judgement<'_>| !matches!(told.verdict, Verdict::NotApplicable | Verdict::Satisfied);
        judgements.extend(all.into_iter().filter(is_told));
    }
    judgements
}

/// An item of the checklist that files of a project close.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The item's rule.
    pub rule: Arc<str>,
    /// The app that is asked for it.
    pub app: AppId,
    /// The oldest place that shows it, where one does.
    pub place: Option<(FileId, Span)>,
}

/// The items of the checklist that a model shows to be done, whatever nobody knows of it.
pub fn shown(model: &Model, catalogue: &Catalogue, limits: &Limits) -> Vec<Shown> {
    let index = Index::of(model);
    let scene = Scene { model, limits, index: &index, instead: None };
    let mut all = Vec::new();
    let items = catalogue.rules_for(|_, kind| kind == "attestation").filter(|rule| rule.evidence.is_some());
    for rule in items {
        for at in
            index.of_kind(rule.resource.name).iter().copied().filter(|at| is_meant(&model.resources[*at], &rule.id))
        {
            let bench = Bench { scene: &scene, rule, at };
            let Some(evidence) = &rule.evidence else { continue };
            let outcome: Outcome<Vec<Leaf>> = scene.condition(evidence, at, &World::default());
            if outcome.truth == Truth::True {
                let place = bench.evidence(outcome.leaves).iter().find_map(|leaf| leaf.value.trail.primary());
                all.push(Shown { rule: rule.id.clone(), app: model.resources[at].app, place });
            }
        }
    }
    all
}

/// Judges every resource of the rule's kind.
pub(super) fn judge_rule<'r>(
    model: &Model,
    index: &Index,
    rule: &'r Rule,
    limits: &Limits,
    judgements: &mut Vec<Judgement<'r>>,
) {
    let scene = Scene { model, limits, index, instead: None };
    for at in index.of_kind(rule.resource.name).iter().copied() {
        let resource = &model.resources[at];
        if is_meant(resource, &rule.id) {
            let (verdict, Weighed { severity, says }) = Bench { scene: &scene, rule, at }.judge();
            let limit = verdict.evidence().iter().find_map(|found| found.limit).or_else(|| limits.first_in(&rule.when));
            let is_bad = matches!(verdict, Verdict::Violated(_) | Verdict::Possible { .. });
            let cure = if is_bad { cure(&scene, rule, at) } else { None };
            judgements.push(Judgement { rule, app: resource.app, resource: at, verdict, severity, limit, cure, says });
        }
    }
}

/// Whether the rule with this id judges a resource of its kind. Each item of the checklist is a resource of its own,
/// named after its rule.
fn is_meant(resource: &Resource, id: &str) -> bool {
    resource.kind.name != "attestation" || *resource.name == *id
}

/// The value that the rule's repair gives to its setting, where the rule has nothing to say then. What cannot be placed
/// needs no value.
fn cure(scene: &Scene<'_>, rule: &Rule, at: usize) -> Option<Value> {
    let repair = rule.repair.as_ref()?;
    let resource = &scene.model.resources[at];
    resource.home(repair.setting)?;
    let kind = match &repair.value {
        Remedy::Value(Literal::Bool(value)) => Kind::Bool(*value),
        Remedy::Value(Literal::Number(value)) => Kind::Number(*value),
        Remedy::Value(Literal::Text(text)) => Kind::Text(text.clone()),
        Remedy::Limit(bound) => Kind::Number(scene.amount(bound, at)?),
    };
    let value = Value::written(kind, resource.place);
    let mut cured = resource.clone();
    cured.put(repair.setting, value.clone());
    let bench = Bench { scene: &Scene { instead: Some((at, &cured)), ..*scene }, rule, at };
    matches!(bench.judge().0, Verdict::Satisfied | Verdict::NotApplicable).then_some(value)
}

/// One rule over one resource.
struct Bench<'a> {
    scene: &'a Scene<'a>,
    rule: &'a Rule,
    at: usize,
}

/// What one world says.
struct Finding {
    world: World,
    answer: Answer,
}

enum Answer {
    /// The resource does not exist there.
    Missing,
    /// It does not have the settings that decide.
    NotApplicable,
    Fine,
    Unknown(Vec<Leaf>),
    Bad {
        leaves: Vec<Leaf>,
        weighed: Weighed,
    },
}

/// How much something weighs, and which of the rule's messages tells of its cause.
#[derive(Clone, Copy)]
struct Weighed {
    severity: Severity,
    says: Option<usize>,
}

impl Bench<'_> {
    fn judge(&self) -> (Verdict, Weighed) {
        let mut questions = BTreeMap::new();
        self.scene.presence_questions(self.at, &mut questions);
        for condition in self.conditions() {
            self.scene.questions(condition, self.at, &mut questions);
        }
        let questions: Vec<(Question, usize)> = questions.into_iter().collect();
        let Some(worlds) = World::all(&questions, MOST_WORLDS) else {
            let leaf = scene::too_complex(self.scene.resource(self.at), self.at);
            return (Verdict::Unverified(self.evidence(vec![leaf])), self.unweighed());
        };
        let findings: Vec<Finding> =
            worlds.into_iter().map(|world| Finding { answer: self.answer(&world), world }).collect();
        self.verdict(findings)
    }

    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let rule = self.rule;
        let steps = rule.severity_when.iter().map(|step| &step.when);
        [Some(&rule.when), rule.requires.as_ref(), rule.unless.as_ref(), rule.evidence.as_ref()]
            .into_iter()
            .flatten()
            .chain(steps)
    }

    fn is_true(&self, condition: Option<&Condition>, world: &World) -> bool {
        condition
            .is_some_and(|condition| self.scene.condition::<Summary>(condition, self.at, world).truth == Truth::True)
    }

    fn answer(&self, world: &World) -> Answer {
        let presence = self.scene.presence(self.at, world);
        if presence == Truth::False {
            return Answer::Missing;
        }
        let outline: Outcome<Summary> = self.scene.condition(&self.rule.when, self.at, world);
        match outline.truth {
            Truth::False if !outline.leaves.is_empty() && !outline.leaves.with_value => return Answer::NotApplicable,
            Truth::False => return Answer::Fine,
            _ => {}
        }
        if self.is_true(self.rule.unless.as_ref(), world) || self.is_true(self.rule.evidence.as_ref(), world) {
            return Answer::Fine;
        }
        let outcome: Outcome<Vec<Leaf>> = self.scene.condition(&self.rule.when, self.at, world);
        if outcome.truth == Truth::Unknown {
            return Answer::Unknown(outcome.leaves);
        }
        if let Some(requires) = &self.rule.requires {
            let required: Outcome<Vec<Leaf>> = self.scene.condition(requires, self.at, world);
            if required.truth != Truth::True {
                let leaves = outcome.leaves.into_iter().chain(required.leaves).collect();
                return Answer::Unknown(leaves);
            }
        }
        if presence == Truth::Unknown {
            return Answer::Unknown(vec![self.scene.presence_leaf(self.at)]);
        }
        let says = self.rule.report.says.iter().position(|saying| self.is_true(Some(&saying.when), world));
        let weighed = Weighed { severity: self.severity(&outcome.leaves, world), says };
        Answer::Bad { leaves: outcome.leaves, weighed }
    }

    /// The weight of a rule that reports nothing.
    fn unweighed(&self) -> Weighed {
        Weighed { severity: self.rule.severity, says: None }
    }

    /// The ladder, then the default's own severity, then the rule's.
    fn severity(&self, leaves: &[Leaf], world: &World) -> Severity {
        let mut steps = self.rule.severity_when.iter();
        if let Some(step) = steps.find(|step| self.is_true(Some(&step.when), world)) {
            return step.severity;
        }
        let mut values = leaves.iter().filter_map(|leaf| leaf.value.as_ref()).peekable();
        let only_defaults =
            values.peek().is_some() && values.all(|value| super::predicates::stems_from_default(&value.trail));
        match self.rule.default_severity {
            Some(severity) if only_defaults => severity,
            _ => self.rule.severity,
        }
    }

    fn verdict(&self, findings: Vec<Finding>) -> (Verdict, Weighed) {
        let bad = |finding: &&Finding| matches!(finding.answer, Answer::Bad { .. });
        let worst = findings.iter().filter_map(|finding| match &finding.answer {
            Answer::Bad { weighed, .. } => Some(*weighed),
            _ => None,
        });
        // The first of the worst ones is told.
        if let Some(worst) = worst.rev().max_by_key(|weighed| weighed.severity) {
            if findings.iter().all(|finding| bad(&finding)) {
                let leaves = findings.into_iter().flat_map(|finding| finding.answer.leaves()).collect();
                return (Verdict::Violated(self.evidence(leaves)), worst);
            }
            return self.possible(findings);
        }
        let unknown: Vec<Leaf> = findings
            .iter()
            .flat_map(|finding| match &finding.answer {
                Answer::Unknown(leaves) => leaves.clone(),
                _ => Vec::new(),
            })
            .collect();
        if findings.iter().any(|finding| matches!(finding.answer, Answer::Unknown(_))) {
            return (Verdict::Unverified(self.evidence(unknown)), self.unweighed());
        }
        let nothing = |finding: &Finding| matches!(finding.answer, Answer::Missing | Answer::NotApplicable);
        let verdict = if findings.iter().all(nothing) { Verdict::NotApplicable } else { Verdict::Satisfied };
        (verdict, self.unweighed())
    }

    /// Bad in some worlds: the first of the worst ones is told, with the answers that matter. What the host may set, and
    /// nobody is known to set, is no evidence: where all of them need that, nothing is known.
    fn possible(&self, findings: Vec<Finding>) -> (Verdict, Weighed) {
        let bad_worlds: Vec<bool> =
            findings.iter().map(|finding| matches!(finding.answer, Answer::Bad { .. })).collect();
        let worlds: Vec<World> = findings.iter().map(|finding| finding.world.clone()).collect();
        let bad = findings.into_iter().filter_map(|finding| match finding.answer {
            Answer::Bad { leaves, weighed } => Some((finding.world, leaves, weighed)),
            _ => None,
        });
        let mut bad: Vec<_> = bad.collect();
        bad.sort_by_key(|(.., weighed)| std::cmp::Reverse(weighed.severity));
        let mut hosts: Option<(Arc<str>, Vec<Leaf>)> = None;
        for (world, leaves, weighed) in bad {
            let when = smallest(&world, &worlds, &bad_worlds);
            match by_host_alone(&when) {
                Some(variable) => hosts = hosts.or(Some((variable, leaves))),
                None => return self.possible_when(when, leaves, weighed),
            }
        }
        let (variable, leaves) = hosts.expect("internal error: it was bad in some world");
        let unknown = |value: &Value| Value::unknown(Because::Variable(variable.clone()), &value.trail);
        let leaves = leaves.into_iter().map(|leaf| Leaf { value: leaf.value.as_ref().map(unknown), ..leaf });
        (Verdict::Unverified(self.evidence(leaves.collect())), self.unweighed())
    }

    fn possible_when(&self, when: World, leaves: Vec<Leaf>, worst: Weighed) -> (Verdict, Weighed) {
        // What is bad because of a written fallback is a defect of the text, whatever the environment gives.
        let severity = if leaves.iter().any(|leaf| leaf.by_fallback) {
            worst.severity
        } else {
            worst.severity.min(self.rule.possible_severity.unwrap_or(Severity::Warning))
        };
        // A developer's own file is a hint and no more, whatever the rule says of other possibilities.
        let by_developer =
            when.answers().iter().any(|(question, answer)| matches!(question, Question::Loads(_)) && *answer == 1);
        let severity = if by_developer { severity.min(Severity::Warning) } else { severity };
        (Verdict::Possible { when, because: self.evidence(leaves) }, Weighed { severity, says: worst.says })
    }

    /// The leaves as evidence, each once, the setting that the report points at first.
    fn evidence(&self, leaves: Vec<Leaf>) -> Vec<Evidence> {
        let report = &self.rule.report;
        let mut evidence: Vec<Evidence> = Vec::new();
        for leaf in leaves {
            let Some(value) = leaf.value else { continue };
            let seen = evidence.iter().any(|seen| {
                seen.resource == leaf.resource
                    && seen.setting == leaf.setting
                    && Arc::ptr_eq(&seen.value.trail, &value.trail)
            });
            if !seen {
                let Leaf { resource, kind, setting, limit, .. } = leaf;
                evidence.push(Evidence { resource, kind: kind.name, setting, value, limit });
            }
        }
        evidence.sort_by_key(|found| {
            let wanted = report.at.into_iter().chain(report.also.iter().copied());
            wanted.into_iter().position(|key| found.setting == Some(key)).unwrap_or(usize::MAX)
        });
        evidence
    }
}

/// The variable that only the host can have set as these answers take it: to a text that is named, or to some other one
/// than those that are, which is not the same as not at all.
fn by_host_alone(when: &World) -> Option<Arc<str>> {
    let is_set = |variable: &Arc<str>| when.answer(&Question::IsSet(variable.clone())) == Some(1);
    when.answers().iter().find_map(|(question, answer)| {
        let variable = question.compares()?;
        (*answer == 1 || is_set(variable)).then(|| variable.clone())
    })
}

impl Answer {
    fn leaves(self) -> Vec<Leaf> {
        match self {
            Answer::Unknown(leaves) | Answer::Bad { leaves, .. } => leaves,
            _ => Vec::new(),
        }
    }
}

/// The fewest answers of a bad world that leave no world fine: what does not matter is not told.
fn smallest(world: &World, worlds: &[World], bad: &[bool]) -> World {
    let mut kept: Vec<(Question, usize)> = world.answers().to_vec();
    for (question, _) in world.answers() {
        let fewer: Vec<_> = kept.iter().filter(|(asked, _)| asked != question).cloned().collect();
        let agrees = |world: &World| fewer.iter().all(|(asked, answer)| world.answer(asked) == Some(*answer));
        if worlds.iter().zip(bad).all(|(world, bad)| *bad || !agrees(world)) {
            kept = fewer;
        }
    }
    let start = Some(World::default());
    kept.iter().fold(start, |world, (question, answer)| world?.with(question, *answer)).unwrap_or_else(|| world.clone())
}

//! Conditions in one world: what holds, and which settings decided it.

use super::condition::{Bound, Condition, Predicate};
use super::limits::Limits;
use super::predicates::{self, Other};
use super::quantity::Quantity;
use super::truth::Truth;
use crate::eval::{Because, How, Kind, Place, Question, Step, Value, World};
use crate::settings::{AppId, Key, Model, Resource, ResourceKind, State, Type};
use std::collections::{BTreeMap, HashMap};

/// A setting that decided a condition.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// The resource, by its place in the model; none where the resource itself was not seen.
    pub(super) resource: Option<usize>,
    /// The kind of resource.
    pub(super) kind: &'static ResourceKind,
    /// The setting.
    pub(super) setting: Option<Key>,
    /// Its value in this world; none where the resource does not have the setting.
    pub(super) value: Option<Value>,
    /// The number it was held against.
    pub(super) limit: Option<Quantity>,
    /// It was decided by what was written as a fallback.
    pub(super) by_fallback: bool,
}

/// What a condition is, and the settings that made it so.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) truth: Truth,
    pub(super) leaves: Vec<Leaf>,
}

impl Outcome {
    fn bare(truth: Truth) -> Outcome {
        Outcome { truth, leaves: Vec::new() }
    }

    /// Joins parts: the first `deciding` answer found decides with its leaves, else unknown, else the opposite.
    fn join(parts: Vec<Outcome>, deciding: Truth) -> Outcome {
        let truth = [deciding, Truth::Unknown]
            .into_iter()
            .find(|wanted| parts.iter().any(|part| part.truth == *wanted))
            .unwrap_or(deciding.not());
        let leaves = parts.into_iter().filter(|part| part.truth == truth).flat_map(|part| part.leaves).collect();
        Outcome { truth, leaves }
    }
}

/// The resources of a model by kind, as places in its list.
pub(super) struct Index(HashMap<&'static str, Vec<usize>>);

impl Index {
    /// Sorts the resources of a model by kind.
    pub(super) fn of(model: &Model) -> Index {
        let mut kinds: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, resource) in model.resources.iter().enumerate() {
            kinds.entry(resource.kind.name).or_default().push(at);
        }
        Index(kinds)
    }

    /// The resources of a kind, in the order of the model's list.
    pub(super) fn of_kind(&self, kind: &str) -> &[usize] {
        self.0.get(kind).map_or(&[], Vec::as_slice)
    }
}

/// A model seen with the limits of one environment.
pub(super) struct Scene<'m> {
    pub(super) model: &'m Model,
    pub(super) limits: &'m Limits,
    pub(super) index: &'m Index,
    /// A resource as it would be, by the place of the one that it is seen in place of.
    pub(super) instead: Option<(usize, &'m Resource)>,
}

impl<'m> Scene<'m> {
    /// The resource at a place of the model.
    pub(super) fn resource(&self, at: usize) -> &'m Resource {
        match self.instead {
            Some((place, resource)) if place == at => resource,
            _ => &self.model.resources[at],
        }
    }

    /// The resources of an app of this kind.
    fn related(&self, app: AppId, kind: &str) -> impl Iterator<Item = usize> {
        self.index.of_kind(kind).iter().copied().filter(move |at| self.model.resources[*at].app == app)
    }

    /// The resource that a setting belongs to: the one at hand, or the app's only one of the setting's kind.
    fn holder(&self, key: Key, at: usize) -> Option<usize> {
        let resource = self.resource(at);
        if key.kind == resource.kind.name {
            return Some(at);
        }
        self.related(resource.app, key.kind).next()
    }

    /// Every question that the answer of a condition can hang on.
    pub(super) fn questions(&self, condition: &Condition, at: usize, into: &mut BTreeMap<Question, usize>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.questions(part, at, into));
            }
            Condition::Not(inner) | Condition::Known(inner) => self.questions(inner, at, into),
            Condition::Some(kind, inner) => {
                for other in self.related(self.resource(at).app, kind.name) {
                    self.presence_questions(other, into);
                    self.questions(inner, other, into);
                }
            }
            Condition::Test(key, predicate) => {
                let others = match predicate {
                    Predicate::SameAs(other) => vec![*other],
                    Predicate::Below(bound) | Predicate::Above(bound) | Predicate::DecodesBelow(bound) => match bound {
                        Bound::Setting(other) | Bound::Limit { by: Some(other), .. } => vec![*other],
                        _ => Vec::new(),
                    },
                    _ => Vec::new(),
                };
                for key in others.into_iter().chain([*key]) {
                    if let Some(State::Value(value)) = self.state(key, at) {
                        value.questions(into);
                    }
                }
            }
        }
    }

    /// The questions that the existence of a resource hangs on.
    pub(super) fn presence_questions(&self, at: usize, into: &mut BTreeMap<Question, usize>) {
        if let Some(present) = &self.resource(at).present {
            present.questions(into);
        }
    }

    /// Whether a resource exists in a world.
    pub(super) fn presence(&self, at: usize, world: &World) -> Truth {
        match self.resource(at).present.as_ref().map(|present| present.within(world).kind) {
            None | Some(Kind::Bool(true)) => Truth::True,
            Some(Kind::Bool(false) | Kind::Absent | Kind::Null) => Truth::False,
            Some(_) => Truth::Unknown,
        }
    }

    fn state(&self, key: Key, at: usize) -> Option<&'m State> {
        self.holder(key, at).and_then(|holder| self.resource(holder).state(key.name))
    }

    /// The answer of a condition about the resource `at` in one world.
    pub(super) fn condition(&self, condition: &Condition, at: usize, world: &World) -> Outcome {
        match condition {
            Condition::All(parts) => {
                Outcome::join(parts.iter().map(|part| self.condition(part, at, world)).collect(), Truth::False)
            }
            Condition::Any(parts) => {
                Outcome::join(parts.iter().map(|part| self.condition(part, at, world)).collect(), Truth::True)
            }
            Condition::Not(inner) => {
                let inner = self.condition(inner, at, world);
                Outcome { truth: inner.truth.not(), ..inner }
            }
            Condition::Known(inner) => {
                let inner = self.condition(inner, at, world);
                Outcome { truth: (inner.truth == Truth::True).into(), ..inner }
            }
            Condition::Some(kind, inner) => self.some(kind, inner, at, world),
            Condition::Test(key, predicate) => self.test(key, predicate, at, world),
        }
    }

    fn some(&self, kind: &'static ResourceKind, inner: &Condition, at: usize, world: &World) -> Outcome {
        let app = self.resource(at).app;
        let mut parts = Vec::new();
        for other in self.related(app, kind.name) {
            let mut part = match self.presence(other, world) {
                Truth::False => continue,
                Truth::True => self.condition(inner, other, world),
                Truth::Unknown => {
                    let mut part = self.condition(inner, other, world);
                    if part.truth == Truth::True {
                        part.truth = Truth::Unknown;
                    }
                    part
                }
            };
            if part.truth == Truth::Unknown && part.leaves.is_empty() {
                part.leaves.push(self.presence_leaf(other));
            }
            parts.push(part);
        }
        if let Some(unknown) = self.model.unseen.get(&(app, kind.name)) {
            let place = self.model.apps.get(app.0).map_or(Place::Process, |app| app.entry);
            let value = Value::new(Kind::Unknown(unknown.clone()), &Step::start(place, How::Derived));
            let leaf =
                Leaf { resource: None, kind, setting: None, value: Some(value), limit: None, by_fallback: false };
            parts.push(Outcome { truth: Truth::Unknown, leaves: vec![leaf] });
        }
        let mut joined = Outcome::join(parts, Truth::True);
        if joined.truth == Truth::False {
            // That none of them does it is nobody's setting.
            joined.leaves.clear();
        }
        joined
    }

    /// The existence of a resource as a leaf.
    pub(super) fn presence_leaf(&self, at: usize) -> Leaf {
        let resource = self.resource(at);
        Leaf {
            resource: Some(at),
            kind: resource.kind,
            setting: None,
            value: resource.present.clone(),
            limit: None,
            by_fallback: false,
        }
    }

    fn test(&self, key: Key, predicate: &Predicate, at: usize, world: &World) -> Outcome {
        let Some(holder) = self.holder(key, at) else { return Outcome::bare(Truth::Unknown) };
        let resource = self.resource(holder);
        let mut leaf = Leaf {
            resource: Some(holder),
            kind: resource.kind,
            setting: Some(key),
            value: None,
            limit: None,
            by_fallback: false,
        };
        let value = match resource.state(key.name) {
            Some(State::Value(value)) => value,
            Some(State::NotHere) => return Outcome { truth: Truth::False, leaves: vec![leaf] },
            // Nobody spoke of it: a mistake of the adapter must not read as fine.
            None => {
                leaf.value = Some(Value::unknown(Because::Undecided, &Step::start(resource.place, How::Derived)));
                return Outcome { truth: Truth::Unknown, leaves: vec![leaf] };
            }
        };
        if let Predicate::Fallback(inner) = predicate {
            return self.fallback(inner, key, value, leaf, at, world);
        }
        let settled = settle(value, world);
        let (other, limit) = match self.other(predicate, at, world) {
            Ok(found) => found,
            Err(unknown) => return Outcome { truth: Truth::Unknown, leaves: vec![*unknown] },
        };
        let truth = predicates::holds(predicate, &settled, key.ty, &other);
        leaf.value = Some(settled);
        leaf.limit = limit;
        Outcome { truth, leaves: vec![leaf] }
    }

    fn fallback(
        &self,
        inner: &Predicate,
        key: Key,
        value: &Value,
        mut leaf: Leaf,
        at: usize,
        world: &World,
    ) -> Outcome {
        let Some(fallback) = written_fallback(value, world) else {
            leaf.value = Some(settle(value, world));
            return Outcome { truth: Truth::False, leaves: vec![leaf] };
        };
        let truth = match self.other(inner, at, world) {
            Ok((other, limit)) => {
                leaf.limit = limit;
                predicates::holds(inner, &fallback, key.ty, &other)
            }
            Err(_) => Truth::Unknown,
        };
        leaf.value = Some(fallback);
        leaf.by_fallback = truth == Truth::True;
        // What a fallback is cannot be "not known": then it is not this defect.
        Outcome { truth: (truth == Truth::True).into(), leaves: vec![leaf] }
    }

    /// What a comparison compares with; an error is the setting that is not known.
    fn other(&self, predicate: &Predicate, at: usize, world: &World) -> Result<(Other, Option<Quantity>), Box<Leaf>> {
        let bound = match predicate {
            Predicate::Below(bound) | Predicate::Above(bound) | Predicate::DecodesBelow(bound) => bound,
            Predicate::SameAs(key) => {
                let value = self.known(key, at, world)?;
                return Ok((value.map_or(Other::Nothing, Other::Value), None));
            }
            Predicate::AnyItem(inner) => return self.other(inner, at, world),
            _ => return Ok((Other::Nothing, None)),
        };
        let limit = self.limit(bound, at, world)?;
        Ok((limit.map_or(Other::Nothing, |limit| Other::Number(limit.amount)), limit))
    }

    /// The number that a repair writes for a bound, where that is known in every world.
    pub(super) fn amount(&self, bound: &Bound, at: usize) -> Option<f64> {
        self.limit(bound, at, &World::default()).ok().flatten().map(|limit| limit.amount)
    }

    fn limit(&self, bound: &Bound, at: usize, world: &World) -> Result<Option<Quantity>, Box<Leaf>> {
        Ok(match bound {
            Bound::Fixed(amount, unit) => Some(Quantity { amount: *amount, unit: *unit }),
            Bound::Limit { name, by: None } => self.limits.get(name, None),
            Bound::Limit { name, by: Some(key) } => {
                let word = self.known(key, at, world)?;
                // The vocabulary's own words are no secrets, and the value was checked to be one of them.
                let word = word.as_ref().and_then(Value::as_text).and_then(|text| match key.ty {
                    Type::Word(words) => text.one_of(words),
                    _ => None,
                });
                word.and_then(|word| self.limits.get(name, Some(word)))
            }
            Bound::Setting(key) => match self.known(key, at, world)? {
                Some(value) => value.as_number().map(|amount| Quantity { amount, unit: super::load::unit(key.ty) }),
                None => None,
            },
        })
    }

    /// A setting's value in a world: none where it is not there, an error where it is not known.
    fn known(&self, key: Key, at: usize, world: &World) -> Result<Option<Value>, Box<Leaf>> {
        let Some(State::Value(value)) = self.state(key, at) else { return Ok(None) };
        let settled = settle(value, world);
        match settled.kind {
            Kind::Absent | Kind::Null => Ok(None),
            Kind::Unknown(_) | Kind::Call(_) | Kind::Choice(..) if !matches!(key.ty, Type::Any) => {
                let holder = self.holder(key, at);
                let kind = holder.map_or(self.resource(at).kind, |holder| self.resource(holder).kind);
                let value = Some(settled);
                Err(Box::new(Leaf {
                    resource: holder,
                    kind,
                    setting: Some(key),
                    value,
                    limit: None,
                    by_fallback: false,
                }))
            }
            _ => Ok(Some(settled)),
        }
    }
}

/// The value in one world: choices answered, also those inside a list, and items that are not there left out.
fn settle(value: &Value, world: &World) -> Value {
    let value = value.within(world);
    let Kind::List { items, open } = &value.kind else { return value };
    let items = items.iter().map(|item| settle(item, world)).filter(|item| !item.is_absent()).collect();
    Value::new(Kind::List { items, open: open.clone() }, &value.trail)
}

/// What the value becomes when its variable is not set, where that was written down.
fn written_fallback(value: &Value, world: &World) -> Option<Value> {
    let Kind::Choice(question, arms) = &value.kind else { return taken_fallback(value) };
    if let Question::IsSet(_) = question {
        let unset = unset_arm(arms.first()?, world);
        let written = unset.trail.walk(1_000).iter().any(|step| matches!(step.how, How::Fallback));
        if written && !unset.is_absent() {
            return Some(unset);
        }
    }
    written_fallback(arms.get(world.answer(question)?)?, world)
}

/// A value that is a fallback already, because every source is seen and none sets the variable.
fn taken_fallback(value: &Value) -> Option<Value> {
    let after_variable = |step: &Step| {
        let before = step.before.iter().flat_map(|before| before.walk(100));
        matches!(step.how, How::Fallback) && before.into_iter().any(|step| matches!(step.how, How::NotSet { .. }))
    };
    let taken = !value.is_absent() && value.trail.walk(100).iter().any(|step| after_variable(step));
    taken.then(|| value.clone())
}

/// Where the fallback is another variable with a fallback of its own, the last one.
fn unset_arm(value: &Value, world: &World) -> Value {
    match &value.kind {
        Kind::Choice(Question::IsSet(_), arms) => {
            arms.first().map_or_else(|| value.clone(), |arm| unset_arm(arm, world))
        }
        _ => settle(value, world),
    }
}

/// The evidence that a resource's judgement is too complex.
pub(super) fn too_complex(resource: &Resource, at: usize) -> Leaf {
    let value = Value::unknown(Because::TooComplex, &Step::start(resource.place, How::Derived));
    Leaf { resource: Some(at), kind: resource.kind, setting: None, value: Some(value), limit: None, by_fallback: false }
}

//! Conditions in one world: what holds, and which settings decided it.

use super::condition::{Bound, Condition, Predicate};
use super::limits::Limits;
use super::outcome::{Leaf, Leaves, Outcome};
use super::predicates::{self, Other};
use super::quantity::Quantity;
use super::truth::Truth;
use crate::eval::{Because, How, Kind, Place, Question, Step, Value, World};
use crate::settings::{AppId, Key, Model, Resource, ResourceKind, State, Type};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

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
        self.holder(key, at).and_then(|holder| self.resource(holder).state(key))
    }

    /// The answer of a condition about the resource `at` in one world.
    pub(super) fn condition<A: Leaves>(&self, condition: &Condition, at: usize, world: &World) -> Outcome<A> {
        match condition {
            Condition::All(parts) => {
                Outcome::join(parts.iter().map(|part| self.condition(part, at, world)), Truth::False)
            }
            Condition::Any(parts) => {
                Outcome::join(parts.iter().map(|part| self.condition(part, at, world)), Truth::True)
            }
            Condition::Not(inner) => {
                let inner: Outcome<A> = self.condition(inner, at, world);
                Outcome { truth: inner.truth.not(), ..inner }
            }
            Condition::Known(inner) => {
                let inner: Outcome<A> = self.condition(inner, at, world);
                Outcome { truth: (inner.truth == Truth::True).into(), ..inner }
            }
            Condition::Some(kind, inner) => self.some(kind, inner, at, world),
            Condition::Test(key, predicate) => self.test(key, predicate, at, world),
        }
    }

    fn some<A: Leaves>(&self, kind: &'static ResourceKind, inner: &Condition, at: usize, world: &World) -> Outcome<A> {
        let app = self.resource(at).app;
        let one = |other: usize| -> Option<Outcome<A>> {
            let presence = self.presence(other, world);
            if presence == Truth::False {
                return None;
            }
            let mut part: Outcome<A> = self.condition(inner, other, world);
            if presence == Truth::Unknown && part.truth == Truth::True {
                part.truth = Truth::Unknown;
            }
            if part.truth == Truth::Unknown && part.leaves.is_empty() {
                let leaf = self.presence_leaf(other);
                part.leaves.add(leaf.value.is_some(), || leaf);
            }
            Some(part)
        };
        let unseen = self.model.unseen.get(&(app, kind.name)).map(|unknown| {
            Outcome::of(Truth::Unknown, true, || {
                let place = self.model.apps.get(app.0).map_or(Place::Process, |app| app.entry);
                let value = Value::new(Kind::Unknown(unknown.clone()), &Step::start(place, How::Derived));
                Leaf { resource: None, kind, setting: None, value: Some(value), limit: None, by_fallback: false }
            })
        });
        let mut joined = Outcome::join(self.related(app, kind.name).filter_map(one).chain(unseen), Truth::True);
        if joined.truth == Truth::False {
            // That none of them does it is nobody's setting.
            joined.leaves = A::default();
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

    fn test<A: Leaves>(&self, key: Key, predicate: &Predicate, at: usize, world: &World) -> Outcome<A> {
        let Some(holder) = self.holder(key, at) else { return Outcome::bare(Truth::Unknown) };
        let resource = self.resource(holder);
        let leaf = |value: Option<Value>, limit: Option<Quantity>| Leaf {
            resource: Some(holder),
            kind: resource.kind,
            setting: Some(key),
            value,
            limit,
            by_fallback: false,
        };
        let value = match resource.state(key) {
            Some(State::Value(value)) => value,
            Some(State::NotHere) => return Outcome::of(Truth::False, false, || leaf(None, None)),
            // Nobody spoke of it: a mistake of the adapter must not read as fine.
            None => {
                let value = || Value::unknown(Because::Undecided, &Step::start(resource.place, How::Derived));
                return Outcome::of(Truth::Unknown, true, || leaf(Some(value()), None));
            }
        };
        if let Predicate::Fallback(inner) = predicate {
            let Some(fallback) = written_fallback(value, world) else {
                return Outcome::of(Truth::False, true, || leaf(Some(settle(value, world).into_owned()), None));
            };
            let (truth, limit) = match self.other(inner, at, world) {
                Ok((other, limit)) => (predicates::holds(inner, &fallback, key.ty, &other), limit),
                Err(_) => (Truth::Unknown, None),
            };
            // What a fallback is cannot be "not known": then it is not this defect.
            let by_fallback = truth == Truth::True;
            return Outcome::of(by_fallback.into(), true, || Leaf { by_fallback, ..leaf(Some(fallback), limit) });
        }
        let settled = settle(value, world);
        let (other, limit) = match self.other(predicate, at, world) {
            Ok(found) => found,
            Err(unknown) => return Outcome::of(Truth::Unknown, unknown.value.is_some(), || *unknown),
        };
        let truth = predicates::holds(predicate, &settled, key.ty, &other);
        let mut outcome: Outcome<A> = Outcome::bare(truth);
        outcome.leaves.add_all(|| {
            let told = match truth {
                Truth::True => predicates::elements(predicate, &settled, key.ty, &other),
                _ => Vec::new(),
            };
            if told.is_empty() {
                return vec![leaf(Some(settled.into_owned()), limit)];
            }
            told.into_iter().map(|item| leaf(Some(item), limit)).collect()
        });
        outcome
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
        let settled = settle(value, world).into_owned();
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
fn settle<'v>(value: &'v Value, world: &World) -> Cow<'v, Value> {
    let value = match &value.kind {
        Kind::Absent | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => return Cow::Borrowed(value),
        _ if world.answers().is_empty() => Cow::Borrowed(value),
        _ => Cow::Owned(value.within(world)),
    };
    let Kind::List { items, open } = &value.kind else { return value };
    let settled = items.iter().map(|item| settle(item, world)).filter(|item| !item.is_absent());
    let items = settled.map(Cow::into_owned).collect();
    Cow::Owned(Value::new(Kind::List { items, open: open.clone() }, &value.trail))
}

/// What the value becomes when its variable is not set, where that was written down.
fn written_fallback(value: &Value, world: &World) -> Option<Value> {
    let Kind::Choice(question, arms) = &value.kind else { return taken_fallback(value) };
    if let Question::IsSet(_) = question {
        let unset = unset_arm(arms.first()?, world);
        let written = unset.trail.walk(1_000).iter().any(|step| matches!(step.how, How::Fallback));
        if written && is_something(&unset) {
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
    let taken = is_something(value) && value.trail.walk(100).iter().any(|step| after_variable(step));
    taken.then(|| value.clone())
}

/// Whether a fallback is a value that is written down, and not another variable that the host sets.
fn is_something(value: &Value) -> bool {
    !value.is_absent() && !matches!(value.kind, Kind::Unknown(_))
}

/// Where the fallback is another variable with a fallback of its own, the last one.
fn unset_arm(value: &Value, world: &World) -> Value {
    match &value.kind {
        Kind::Choice(Question::IsSet(_), arms) => {
            arms.first().map_or_else(|| value.clone(), |arm| unset_arm(arm, world))
        }
        _ => settle(value, world).into_owned(),
    }
}

/// The evidence that a resource's judgement is too complex.
pub(super) fn too_complex(resource: &Resource, at: usize) -> Leaf {
    let value = Value::unknown(Because::TooComplex, &Step::start(resource.place, How::Derived));
    Leaf { resource: Some(at), kind: resource.kind, setting: None, value: Some(value), limit: None, by_fallback: false }
}

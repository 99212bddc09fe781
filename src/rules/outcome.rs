//! The answer of a condition, with the settings that decided it: all of them for a report, their outline for a verdict.

use super::quantity::Quantity;
use super::truth::Truth;
use crate::eval::Value;
use crate::settings::{Key, ResourceKind};
use std::cmp::Ordering;

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

/// What is kept of the settings that decided a condition.
pub(super) trait Leaves: Default {
    /// Takes in one of them, which has a value in this world or does not have the setting.
    fn add(&mut self, has_value: bool, leaf: impl FnOnce() -> Leaf);

    /// Takes in several that have a value in this world: at least one.
    fn add_all(&mut self, leaves: impl FnOnce() -> Vec<Leaf>);

    /// Takes in those of another condition.
    fn append(&mut self, other: Self);

    /// Whether there is none.
    fn is_empty(&self) -> bool;
}

/// All of them: what is reported has to be shown.
impl Leaves for Vec<Leaf> {
    fn add(&mut self, _has_value: bool, leaf: impl FnOnce() -> Leaf) {
        self.push(leaf());
    }

    fn add_all(&mut self, leaves: impl FnOnce() -> Vec<Leaf>) {
        self.extend(leaves());
    }

    fn append(&mut self, mut other: Self) {
        Vec::append(self, &mut other);
    }

    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }
}

/// Whether there are any, and any with a value: of nearly all conditions nobody asks more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Summary {
    any: bool,
    pub(super) with_value: bool,
}

impl Leaves for Summary {
    fn add(&mut self, has_value: bool, _leaf: impl FnOnce() -> Leaf) {
        self.append(Summary { any: true, with_value: has_value });
    }

    fn add_all(&mut self, _leaves: impl FnOnce() -> Vec<Leaf>) {
        self.append(Summary { any: true, with_value: true });
    }

    fn append(&mut self, other: Self) {
        self.any |= other.any;
        self.with_value |= other.with_value;
    }

    fn is_empty(&self) -> bool {
        !self.any
    }
}

/// What a condition is, and the settings that made it so.
#[derive(Clone, Debug)]
pub(super) struct Outcome<A> {
    pub(super) truth: Truth,
    pub(super) leaves: A,
}

impl<A: Leaves> Outcome<A> {
    /// An answer that no setting decided.
    pub(super) fn bare(truth: Truth) -> Self {
        Outcome { truth, leaves: A::default() }
    }

    /// An answer that one setting decided.
    pub(super) fn of(truth: Truth, has_value: bool, leaf: impl FnOnce() -> Leaf) -> Self {
        let mut outcome: Outcome<A> = Outcome::bare(truth);
        outcome.leaves.add(has_value, leaf);
        outcome
    }

    /// Joins parts: the first `deciding` answer found decides with its leaves, else unknown, else the opposite.
    pub(super) fn join(parts: impl IntoIterator<Item = Self>, deciding: Truth) -> Self {
        let rank = |truth: Truth| match truth {
            _ if truth == deciding => 2,
            Truth::Unknown => 1,
            _ => 0,
        };
        let mut joined = Outcome::bare(deciding.not());
        for part in parts {
            match rank(part.truth).cmp(&rank(joined.truth)) {
                Ordering::Greater => joined = part,
                Ordering::Equal => joined.leaves.append(part.leaves),
                Ordering::Less => {}
            }
        }
        joined
    }
}

//! The variables of a shell: what the programs that it starts get, and what it keeps for itself.

use crate::environment::read::not_set;
use crate::eval::{How, Kind, Place, Question, Step, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One variable: which setting of it this is, where its name stands, what it is.
#[derive(Clone)]
pub(super) struct Set {
    pub(super) serial: usize,
    pub(super) name_place: Place,
    pub(super) value: Value,
}

/// The variables of a shell at one moment.
#[derive(Clone, Default)]
pub(super) struct Scope {
    /// What programs get.
    pub(super) exported: BTreeMap<Arc<str>, Set>,
    /// What the shell has for itself.
    pub(super) own: BTreeMap<Arc<str>, Set>,
    /// Something that is not followed may have set any other variable.
    pub(super) unseen: Option<Place>,
    /// `set -a`: what is set from here on programs get.
    pub(super) exports_all: bool,
}

impl Scope {
    /// Whatever was set may be something else now.
    pub(super) fn lose(&mut self, place: Place) {
        self.exported.clear();
        self.own.clear();
        self.unseen = Some(place);
    }

    /// What a variable is here; `below` says what it was before the first command.
    pub(super) fn read(&self, name: &str, below: &dyn Fn(&str) -> Value) -> Value {
        match (self.exported.get(name).or_else(|| self.own.get(name)), self.unseen) {
            (Some(set), _) => set.value.clone(),
            (None, Some(place)) => not_set(name, place),
            (None, None) => below(name),
        }
    }

    /// What a program may get that runs only where a script chooses it, beside what is got where it does not.
    pub(super) fn or(&mut self, other: &Scope, place: Place, below: &dyn Fn(&str) -> Value) {
        if let Some(unseen) = other.unseen.filter(|_| self.unseen.is_none()) {
            return self.lose(unseen);
        }
        let names: Vec<Arc<str>> = self.exported.keys().chain(other.exported.keys()).cloned().collect();
        for name in names {
            let serial = |scope: &Scope| scope.exported.get(&name).map(|set| set.serial);
            if serial(self) == serial(other) {
                continue;
            }
            let (mine, theirs) = (self.read(&name, below), other.read(&name, below));
            let known = self.exported.get(&name).or_else(|| other.exported.get(&name));
            let Some(Set { serial, name_place, .. }) = known.cloned() else { continue };
            let value = either(mine, theirs, place);
            self.exported.insert(name, Set { serial, name_place, value });
        }
    }
}

/// One value or the other, as what stands at a place chooses.
pub(super) fn either(otherwise: Value, taken: Value, place: Place) -> Value {
    let Some((file, span)) = place.in_file() else { return taken };
    let trail = taken.trail.clone();
    Value::choice(Question::Condition(file, span), vec![otherwise, taken], &trail)
}

/// A variable that is taken away.
pub(super) fn taken_away(name: &Arc<str>, place: Place) -> Value {
    Value::new(Kind::Absent, &Step::start(place, How::NotSet { variable: name.clone() }))
}

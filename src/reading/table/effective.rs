//! The effective value of a setting: what is written where the version reads it, else what its absence means.

use super::asking::{Asking, Looked};
use super::dead::Unread;
use super::facts::Facts;
use super::row::{Effect, Plain, Preset, Root, Row, Spot};
use crate::eval::{Because, How, Kind, Place, Question, Step, Trail, Unknown, Value};
use std::sync::Arc;

impl Row {
    /// The effective value of the setting.
    pub fn read(&self, root: &Value, facts: &Facts) -> Value {
        self.read_from(&Looked::of(root), facts)
    }

    /// The effective value of the setting, wherever its places lie.
    pub fn read_from(&self, looked: &Looked<'_>, facts: &Facts) -> Value {
        let root = looked.options;
        let preset = self.default.settled(facts);
        if let Preset::Fixed(plain) = preset {
            return self.preset_value(plain, How::Fixed, self.absence(root, None, facts));
        }
        let unread = self.unread(looked, facts);
        let mut written: Option<Value> = None;
        for (index, spot) in self.places.iter().enumerate() {
            if spot.effect_in(facts) == Effect::Ignored {
                continue;
            }
            let here = self.reader.without(looked.at(spot));
            // What a variable that is not set stands for keeps the other places from being asked.
            let here = if index + 1 < self.places.len() { self.reader.unset(&here) } else { here };
            written = Some(match written {
                None => here,
                Some(before) => before.or_default(&|_| here.clone()),
            });
        }
        let written = written.unwrap_or_else(|| Value::new(Kind::Absent, &root.trail));
        let read = self.reader.apply_in(&written, &Asking { evaluator: looked.evaluator, facts });
        // Where nobody knows whether the version reads it there, nobody knows what holds.
        if let (Some(unread), Some(because)) = (&unread, &facts.beyond) {
            return switched(&read.or_default(&|_| Value::unknown(because.clone(), &unread.value.trail)));
        }
        let absence = || self.absence(root, unread.as_ref(), facts);
        let value = match preset {
            Preset::Default(plain) => read.or_default(&|absent| match absent.trail.how {
                // Whoever wrote the variable decided for the default, too.
                How::Fallback => Value::new(plain.kind(&absent.trail), &absent.trail),
                _ => self.preset_value(plain, How::Default, absence()),
            }),
            Preset::Undocumented => read.or_default(&|_| Value::unknown(Because::UndocumentedDefault, &absence())),
            _ => read.or_default(&|_| Value::new(Kind::Absent, &absence())),
        };
        switched(&value)
    }

    fn preset_value(&self, plain: Plain, how: How, absence: Trail) -> Value {
        let place = Place::Framework(self.places.first().map_or(self.setting.name, |spot| self.name_of(spot)));
        // What nobody can write has no place where it is missing.
        let before = if self.places.is_empty() { Vec::new() } else { vec![absence] };
        let trail = Step::of(place, how, before);
        Value::new(plain.kind(&trail), &trail)
    }

    /// Where a key is missing: at what is written where nobody reads it, else at the smallest thing that exists around.
    fn absence(&self, root: &Value, unread: Option<&Unread>, facts: &Facts) -> Trail {
        if let Some(unread) = unread {
            return unread.trail(self.read_at(facts));
        }
        let Some(spot) = self.places.first().filter(|spot| spot.root == Root::Options) else {
            return root.trail.clone();
        };
        let mut around = root.clone();
        for key in spot.path.split('.') {
            let inner = around.field(key);
            if !matches!(inner.kind, Kind::Object { .. }) || is_made_elsewhere(&inner, &around) {
                break;
            }
            around = inner;
        }
        around.trail
    }

    /// The place to write the setting at: where the framework reads it from now, else the first place that it reads.
    pub(super) fn home(&self, looked: &Looked<'_>, facts: &Facts) -> Option<&'static str> {
        let is_read = |spot: &&Spot| spot.effect_in(facts) == Effect::Read && spot.root == Root::Options;
        let mut read = self.places.iter().filter(is_read);
        let first = read.next();
        let written = |spot: &&Spot| !looked.at(spot).is_absent();
        first.into_iter().chain(read).find(written).or(first).map(|spot| spot.path)
    }

    /// The key that a user would look for: where it is written and counts, else where it belongs.
    pub fn key_in(&self, looked: &Looked<'_>, facts: &Facts) -> &'static str {
        self.looked_for(looked, facts).map_or(self.setting.name, |spot| self.name_of(spot))
    }

    /// Whether the key that [`Row::key_in`] gives is one that users write.
    pub(super) fn has_name(&self, looked: &Looked<'_>, facts: &Facts) -> bool {
        self.looked_for(looked, facts).is_some_and(|spot| !spot.path.is_empty())
    }

    /// The place that a user would look for.
    fn looked_for(&self, looked: &Looked<'_>, facts: &Facts) -> Option<&'static Spot> {
        let counts = || self.places.iter().filter(|spot| spot.effect_in(facts) != Effect::Ignored);
        let written = counts().find(|spot| !matches!(looked.at(spot).kind, Kind::Absent | Kind::Unknown(_)));
        written.or_else(|| counts().next()).or(self.places.first())
    }

    /// How a place is called: by its path, and what has none by the setting.
    pub(crate) fn name_of(&self, spot: &Spot) -> &'static str {
        if spot.path.is_empty() { self.setting.name } else { spot.path }
    }
}

/// Whether a call made an object: the literal stands in the code that was called, which serves other callers, too.
fn is_made_elsewhere(inner: &Value, around: &Value) -> bool {
    let literal = matches!(inner.trail.how, How::Written) && inner.trail.before.is_empty();
    let (Some((file, span)), Some((of, outer))) = (inner.trail.primary(), around.trail.primary()) else { return false };
    literal && !(file == of && outer.holds(span))
}

/// A switch that only a variable nobody settles turns on or off is unknown, not "possibly on": whether the branch is
/// written as a comparison or as an assignment under a condition, it says the same.
fn switched(value: &Value) -> Value {
    let Kind::Choice(question, arms) = &value.kind else { return value.clone() };
    if arms.iter().any(|arm| matches!(arm.kind, Kind::Choice(..))) {
        return Value::choice(question.clone(), arms.iter().map(switched).collect(), &value.trail);
    }
    let (Question::IsSet(variable) | Question::Equals(variable, _)) = question else { return value.clone() };
    let [Kind::Bool(no), Kind::Bool(yes)] = [&arms[0].kind, &arms[arms.len() - 1].kind] else { return value.clone() };
    if arms.len() != 2 || no == yes || arms.iter().any(|arm| matches!(arm.trail.how, How::Fallback)) {
        return value.clone();
    }
    let mut unknown: Unknown = Because::Variable(variable.clone()).into();
    unknown.unset_with = None;
    unknown.answers = Some(Arc::new((question.clone(), *yes)));
    let written = arms.iter().find(|arm| !arm.trail.is_default()).unwrap_or(value);
    Value::new(Kind::Unknown(unknown), &written.trail)
}

//! What is written where the version does not look: the one way in which it is found, whether it is a key of a row, or
//! lies in a whole block that is written in the wrong place.

use super::asking::Looked;
use super::facts::Facts;
use super::row::{Effect, Preset, Root, Row, Spot};
use crate::eval::{How, Kind, Step, Trail, Value};

/// A written key that the framework does not read, or refuses.
#[derive(Clone, Debug)]
pub struct Ineffective {
    /// The key as it is written.
    pub written: &'static str,
    /// The key that the framework reads instead, where there is one.
    pub instead: Option<&'static str>,
    /// What it does.
    pub effect: Effect,
    /// What is written there.
    pub value: Value,
}

/// The keys of a table that are written where the framework does not read them.
pub(crate) fn ineffective(table: &'static [Row], root: &Value, facts: &Facts) -> Vec<Ineffective> {
    ineffective_in(table, &Looked::of(root), facts)
}

/// The keys of a table that are written where they have no effect.
pub(crate) fn ineffective_in(table: &'static [Row], looked: &Looked<'_>, facts: &Facts) -> Vec<Ineffective> {
    let mut found = Vec::new();
    for row in table {
        for spot in row.places {
            let effect = spot.effect_in(facts);
            if effect != Effect::Read
                && let Some(value) = looked.written(spot)
                && !(effect == Effect::Ignored && row.changes_nothing(&value, facts))
            {
                found.push(Ineffective { written: spot.path, instead: row.read_at(facts), effect, value });
            }
        }
    }
    found
}

impl Spot {
    pub(super) fn effect_in(&self, facts: &Facts) -> Effect {
        match &facts.version {
            Some(version) if self.effect == Effect::Read && !self.versions.hold(version) => Effect::Ignored,
            _ => self.effect,
        }
    }
}

impl Row {
    /// What is written where the installed version does not look.
    pub(super) fn unread(&self, looked: &Looked<'_>, facts: &Facts) -> Option<Unread> {
        let mut dead = self.places.iter().filter(|spot| spot.effect_in(facts) == Effect::Ignored);
        let own = dead.find_map(|spot| looked.written(spot)).map(Unread::key);
        let mut read = self.places.iter().filter(|spot| spot.root == Root::Options);
        own.or_else(|| read.find_map(|spot| facts.in_dead_block(looked.options, spot.path)))
    }

    /// Whether a value says what holds anyway.
    fn changes_nothing(&self, value: &Value, facts: &Facts) -> bool {
        let (Preset::Default(plain) | Preset::Fixed(plain)) = self.default.settled(facts) else { return false };
        self.reader.apply(value).same_as(&Value::new(plain.kind(&value.trail), &value.trail)) == Some(true)
    }

    /// The path that the installed version reads.
    pub(super) fn read_at(&self, facts: &Facts) -> Option<&'static str> {
        self.places.iter().find(|spot| spot.effect_in(facts) == Effect::Read).map(|spot| spot.path)
    }
}

impl Facts {
    /// Whether a key lies in a block that is dead as a whole: its keys are not told one by one.
    pub(crate) fn is_in_dead_block(&self, key: &str) -> bool {
        let inside = |block: &str| key.strip_prefix(block).is_some_and(|rest| rest.starts_with('.'));
        self.dead_blocks.iter().any(|(block, _)| inside(block))
    }

    /// What is written in a dead block for a path that is read: the key itself, else the block that it is missing in.
    fn in_dead_block(&self, root: &Value, path: &str) -> Option<Unread> {
        let beside = |(dead, read): &(&'static str, &'static str)| {
            let rest = path.strip_prefix(read)?;
            (rest.is_empty() || rest.starts_with('.')).then_some((*dead, *read, rest.to_owned()))
        };
        let blocks: Vec<(&str, &'static str, String)> = self.dead_blocks.iter().filter_map(beside).collect();
        let key = blocks.iter().find_map(|(dead, _, rest)| root.written_at(&format!("{dead}{rest}")));
        let block = |(dead, read, _): &(&str, &'static str, String)| {
            Some(Unread { value: root.written_at(dead)?, block: Some(*read) })
        };
        key.map(Unread::key).or_else(|| blocks.iter().find_map(block))
    }

    /// What the version reads at a path. What stands in a dead block instead is not there, and its trail says so.
    pub fn read_at(&self, root: &Value, path: &'static str) -> Value {
        let written = root.path(path);
        let dead = if written.is_absent() { self.in_dead_block(root, path) } else { None };
        match (dead, &self.beyond) {
            (None, _) => written,
            (Some(dead), Some(because)) => Value::unknown(because.clone(), &dead.value.trail),
            (Some(dead), None) => Value::new(Kind::Absent, &dead.trail(Some(path))),
        }
    }
}

/// What is written where the version does not look.
pub(super) struct Unread {
    /// The key's value, or the block that lacks the key.
    pub(super) value: Value,
    /// Of a block, where it belongs.
    block: Option<&'static str>,
}

impl Unread {
    fn key(value: Value) -> Unread {
        Unread { value, block: None }
    }

    /// The trail of what is not there for the version; it reads another key, where it has one.
    pub(super) fn trail(&self, reads: Option<&'static str>) -> Trail {
        let how = How::Unread { reads, block: self.block };
        Step::after(self.value.trail.place, how, &self.value.trail)
    }
}

/// The trail of what is not there for the version, because it is written where the version does not look.
pub(crate) fn unread_trail(written: &Value, reads: Option<&'static str>) -> Trail {
    Unread::key(written.clone()).trail(reads)
}

//! Reading a variable: the strongest layer that names it decides.

use crate::environment::Environment;
use crate::environment::expand::expand_for;
use crate::environment::layer::{Entry, Layer, Role, Weight, Written};
use crate::environment::variable::{At, Names, Variable};
use crate::eval::{Because, How, Kind, Place, Question, Step, Value, Variables};
use crate::syntax::data::Dialect;
use crate::syntax::{FileId, Span};
use crate::text::Text;
use hashbrown::HashSet;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

/// References are followed this deep; a circle of them ends here.
const MOST_DEPTH: usize = 24;
/// Lookups that one read takes: references to references multiply.
const MOST_LOOKUPS: usize = 2_000;

/// A source that names a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where its name stands.
    pub place: Place,
    /// What the source is to the deployed app.
    pub role: Role,
    /// Whether what it says counts where nothing stronger says something.
    pub counts: bool,
}

/// What one read may still cost.
struct Budget {
    depth: usize,
    lookups: Rc<Cell<usize>>,
}

impl Budget {
    fn new() -> Budget {
        Budget { depth: MOST_DEPTH, lookups: Rc::new(Cell::new(MOST_LOOKUPS)) }
    }

    /// The budget of a reference; none when it is used up.
    fn below(&self) -> Option<Budget> {
        let lookups = self.lookups.get().checked_sub(1)?;
        self.lookups.set(lookups);
        Some(Budget { depth: self.depth.checked_sub(1)?, lookups: self.lookups.clone() })
    }
}

impl Variables for Environment {
    fn read(&self, name: &str, place: Place) -> Value {
        self.settle(name, self.layers.len(), place, &Budget::new())
    }

    fn spelled(&self, name: &str) -> Option<Arc<str>> {
        if !self.named(name).is_empty() {
            return None;
        }
        let is_it = |own: &&Arc<str>| own.eq_ignore_ascii_case(name);
        self.layers.iter().flat_map(|layer| &layer.entries).map(|entry| &entry.name).filter(is_it).min().cloned()
    }
}

impl Environment {
    /// Where the layers name a variable.
    fn named(&self, name: &str) -> &[At] {
        let names = self.names.get_or_init(|| {
            let mut names = Names::new();
            for (index, layer) in self.layers.iter().enumerate() {
                for (place, entry) in layer.entries.iter().enumerate() {
                    names.entry(entry.name.clone()).or_default().push((index, place));
                }
            }
            names
        });
        names.get(name).map_or(&[], Vec::as_slice)
    }

    fn entry(&self, (layer, place): At) -> &Entry {
        &self.layers[layer].entries[place]
    }

    /// The entry of a layer that counts for a name: the last that gives a value, of those before a place if it is one
    /// of the same layer that asks.
    fn counting(&self, name: &str, layer: usize, asking: Option<At>) -> Option<At> {
        let end = asking.filter(|(own, _)| *own == layer).unwrap_or((layer, usize::MAX));
        let all = self.named(name);
        let before = &all[..all.partition_point(|at| *at < end)];
        let own = before.iter().rev().take_while(|(own, _)| *own == layer);
        own.copied().find(|at| !matches!(self.entry(*at).written, Written::Bare))
    }

    /// Every place where the project names a variable: templates, env files, descriptions of deployments.
    pub fn declared(&self, name: &str) -> Vec<(FileId, Span)> {
        let entries = self.named(name).iter().map(|at| self.entry(*at));
        let mut places: Vec<(FileId, Span)> = entries.filter_map(|entry| entry.name_place.in_file()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Every source that names a variable, the strongest first, those that do not count last.
    pub fn said_of(&self, name: &str) -> Vec<Said> {
        let said = self.named(name).chunk_by(|a, b| a.0 == b.0).rev().filter_map(|own| {
            let last = own.last()?;
            let layer = &self.layers[last.0];
            let entry = self.entry(self.counting(name, last.0, None).unwrap_or(*last));
            let gives = !matches!(entry.written, Written::Bare) && layer.weight != Weight::Nothing;
            let counts = gives && !(name == "NODE_ENV" && self.has_no_say_in_node_env(layer));
            Some(Said { place: entry.name_place, role: layer.role, counts })
        });
        let mut said: Vec<Said> = said.collect();
        said.sort_by_key(|said| !said.counts);
        said
    }

    /// The env files that count, how each is read, and what it is to the app; each once.
    pub(crate) fn env_files_read(&self) -> impl Iterator<Item = (FileId, Dialect, Role)> + '_ {
        let counts = self.layers.iter().filter(|layer| layer.weight != Weight::Nothing);
        let mut seen = HashSet::new();
        counts.filter_map(move |layer| {
            let (file, dialect) = layer.env_file?;
            seen.insert(file).then_some((file, dialect, layer.role))
        })
    }

    /// Whether a deployment makes what it is told of this env file.
    pub(crate) fn is_deployed(&self, file: FileId) -> bool {
        self.env_files_read().any(|(own, _, role)| own == file && role == Role::Target)
    }

    /// Every variable of every source that gives it a value, the weakest source first.
    pub fn variables(&self) -> impl Iterator<Item = Variable> + '_ {
        self.layers.iter().enumerate().flat_map(move |(index, layer)| {
            layer.entries.iter().enumerate().filter_map(move |(place, entry)| {
                let value = self.value_of((index, place), &Budget::new())?;
                Some(Variable { name: entry.name.clone(), value, place: entry.name_place, role: layer.role })
            })
        })
    }

    /// Whether the app has the variable; none where that cannot be known.
    pub fn is_set(&self, name: &str) -> Option<bool> {
        let value = self.read(name, Place::Process);
        match &value.kind {
            Kind::Absent => Some(false),
            Kind::Unknown(unknown) => unknown.present.then_some(true),
            Kind::Choice(_, arms) => {
                let is_there = |arm: &Value| match &arm.kind {
                    Kind::Absent | Kind::Choice(..) => false,
                    Kind::Unknown(unknown) => unknown.present,
                    _ => true,
                };
                arms.iter().all(is_there).then_some(true)
            }
            _ => Some(true),
        }
    }

    /// What the layers below `top` say of a variable that is read at a place.
    fn settle(&self, name: &str, top: usize, place: Place, budget: &Budget) -> Value {
        self.settle_for(name, top, place, budget, None)
    }

    /// As [`Environment::settle`], for an entry of one layer that sees only what stands before it there.
    fn settle_for(&self, name: &str, top: usize, place: Place, budget: &Budget, asking: Option<At>) -> Value {
        for (index, layer) in self.layers[..top].iter().enumerate().rev() {
            if layer.weight == Weight::Nothing || (name == "NODE_ENV" && self.has_no_say_in_node_env(layer)) {
                continue;
            }
            let entry = self.counting(name, index, asking);
            let Some(value) = entry.and_then(|at| self.value_of(at, budget)) else {
                match layer.unseen {
                    Some(unseen) => {
                        // What is not seen can put something else in its place; hardly ever nothing.
                        let below = self.settle(name, index, place, budget);
                        let is_set = !matches!(below.kind, Kind::Absent | Kind::Unknown(_));
                        let changed = || Value::unknown(Because::Undecided, &Step::start(unseen, How::Written));
                        return if is_set { changed() } else { not_set(name, unseen) };
                    }
                    None => continue,
                }
            };
            if layer.empty_is_unset && value.as_text().is_some_and(Text::is_empty) {
                continue;
            }
            return match &layer.weight {
                Weight::Perhaps(file) => {
                    let without = self.settle(name, index, place, budget);
                    let trail = value.trail.clone();
                    Value::choice(Question::Loads(file.clone()), vec![without, value], &trail)
                }
                _ => value,
            };
        }
        let variable: Arc<str> = name.into();
        if name == "NODE_ENV" && self.assumes_node_env {
            let trail = Step::start(place, How::Assumed { variable });
            return Value::new(Kind::Text(Text::new("production")), &trail);
        }
        if self.closed {
            return Value::new(Kind::Absent, &Step::start(place, How::NotSet { variable }));
        }
        not_set(name, place)
    }

    /// The value of an entry; none for a name alone.
    fn value_of(&self, at: At, budget: &Budget) -> Option<Value> {
        let (layer, entry, index) = (&self.layers[at.0], self.entry(at), at.0);
        let (value, place) = match &entry.written {
            Written::Bare => return None,
            Written::Value(value) => (value.clone(), value.trail.place),
            Written::Pieces(pieces, place) => {
                let too_complex = || Value::unknown(Because::TooComplex, &Step::start(*place, How::Written));
                // A variable in its own text is the one below.
                let top = |name: &str| if *name == *entry.name { index } else { self.layers.len() };
                let lookup = |name: &str| {
                    let asking = layer.in_order.then_some(at);
                    let settled = |below: Budget| self.settle_for(name, top(name), *place, &below, asking);
                    budget.below().map_or_else(too_complex, settled)
                };
                let value = expand_for(&entry.name, pieces, *place, &lookup);
                (value.each(&mut |value| value.step(*place, How::Sets { variable: entry.name.clone() })), *place)
            }
        };
        if layer.weight != Weight::Intended {
            return Some(value);
        }
        Some(value.each(&mut |value| value.step(place, How::Intended { variable: entry.name.clone() })))
    }

    /// `NODE_ENV` in a developer's file says how the developer runs the app; and some tools set it whatever the files say.
    fn has_no_say_in_node_env(&self, layer: &Layer) -> bool {
        matches!(layer.weight, Weight::Perhaps(_)) || (self.node_env_is_fixed && layer.role == Role::Loaded)
    }
}

/// A variable that nothing seen sets, in an environment where something unseen can.
pub(crate) fn not_set(name: &str, place: Place) -> Value {
    let variable: Arc<str> = name.into();
    Value::unknown(Because::Variable(variable.clone()), &Step::start(place, How::NotSet { variable }))
}

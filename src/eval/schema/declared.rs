//! Variables as a schema of the environment declares them.

use super::Schema;
use crate::eval::{Because, Evaluator, How, Kind, Place, Step, Unknown, Value};
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// One variable that an environment schema declares.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The variable's name in the environment, which an alias in the map can make another one than the key.
    pub variable: Arc<str>,
    /// Where the schema of the key begins.
    pub place: Place,
    /// What code gets that reads the key.
    pub value: Value,
    /// Whether the schema lets it be absent; none where that cannot be told.
    pub optional: Option<bool>,
    /// What stands for an absent one, where a default is written that production reaches.
    pub default: Option<Value>,
    /// The least number of characters; none where the schema states none.
    pub min_chars: Option<usize>,
    /// Whether the schema could be followed in all its parts.
    pub is_known: bool,
    /// Whether a boolean is made of the bare truth of the text.
    pub truth_of_text: bool,
    /// Whether browsers get it.
    pub client: bool,
}

impl Evaluator<'_> {
    /// Every variable that a schema declared so far.
    pub fn declared_variables(&self) -> Vec<Declared> {
        self.declared_in_schemas.borrow().all.clone()
    }

    /// What the first schema that declared a variable says of it.
    pub fn declaration_of(&self, variable: &str) -> Option<Declared> {
        let known = self.declared_in_schemas.borrow();
        known.first.get(variable).map(|index| known.all[*index].clone())
    }

    /// Reads a variable through its schema and notes what that declares.
    pub(super) fn declare(&self, key: &Arc<str>, schema: &Value, raw: &Value, client: bool) -> Value {
        let value = self.parsed_by(schema, raw);
        let variable = raw.trail.walk(64).into_iter().find_map(|step| match &step.how {
            How::Reads { variable, .. } => Some(variable.clone()),
            _ => None,
        });
        let variable = variable.unwrap_or_else(|| key.clone());
        let place = super::reads_at(schema);
        let missing = Value::new(Kind::Absent, &Step::start(place, How::NotSet { variable: variable.clone() }));
        let otherwise = self.parsed_by(schema, &missing);
        let (optional, default) = without(&otherwise);
        if optional == Some(true) || default.is_some() {
            self.note_fallback(raw);
        }
        let mut declared = Declared {
            variable,
            place,
            value: value.clone(),
            optional,
            default,
            min_chars: None,
            is_known: false,
            truth_of_text: false,
            client,
        };
        facts(schema, &mut declared);
        self.declared_in_schemas.borrow_mut().note(declared);
        value
    }
}

/// What schemas declared so far, each variable of each place once.
#[derive(Default)]
pub(in crate::eval) struct Known {
    all: Vec<Declared>,
    /// The first declaration of each variable.
    first: HashMap<Arc<str>, usize>,
    seen: HashSet<(Arc<str>, Place)>,
}

impl Known {
    fn note(&mut self, declared: Declared) {
        if self.seen.insert((declared.variable.clone(), declared.place)) {
            self.first.entry(declared.variable.clone()).or_insert(self.all.len());
            self.all.push(declared);
        }
    }
}

/// Whether nothing may be there, and what stands for it.
fn without(otherwise: &Value) -> (Option<bool>, Option<Value>) {
    match &otherwise.kind {
        Kind::Absent | Kind::Null => (Some(true), None),
        Kind::Unknown(Unknown { present: true, .. }) => (Some(false), None),
        Kind::Unknown(Unknown { because: Because::Variable(_), .. }) => (Some(false), None),
        Kind::Unknown(_) => (None, None),
        Kind::Choice(_, arms) => {
            let arms: Vec<_> = arms.iter().map(without).collect();
            let default = arms.iter().find_map(|(_, default)| default.clone());
            let first = arms.first().and_then(|(optional, _)| *optional);
            (if arms.iter().all(|(optional, _)| *optional == first) { first } else { None }, default)
        }
        _ => (Some(false), Some(otherwise.clone())),
    }
}

/// The facts of a schema; of several that stand for one key, what all of them promise.
fn facts(schema: &Value, into: &mut Declared) {
    let mut all: Vec<Arc<Schema>> = Vec::new();
    let mut known = true;
    schema.each(&mut |schema| {
        match &schema.kind {
            Kind::Schema(own) => all.push(own.clone()),
            _ => known = false,
        }
        schema.clone()
    });
    into.is_known = known && !all.is_empty() && all.iter().all(|schema| schema.is_known());
    into.min_chars = all.iter().map(|schema| schema.min_chars()).min().flatten();
    into.truth_of_text = all.iter().any(|schema| schema.takes_text_for_truth());
}

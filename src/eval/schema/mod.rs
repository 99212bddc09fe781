//! Schemas as validators write them: what a value becomes behind one, and what happens where there is none.

mod declared;
mod env;
mod joi;
mod json_schema;
mod readers;
mod zod;

pub use declared::Declared;
pub(super) use declared::Known;

use super::{Because, Evaluator, How, Kind, Place, Question, Step, Unknown, Value};
use crate::text::Text;
use std::sync::Arc;

/// What a schema says of one value: where it begins, and what is done to it from the inside out.
#[derive(Clone, Debug)]
pub struct Schema {
    /// What it begins with.
    base: Base,
    /// What is done then, in the order in which it is written.
    steps: Arc<[Link]>,
    height: u16,
}

/// A schema with more links than this is not followed.
const MOST_LINKS: usize = 256;

/// What a schema begins with.
#[derive(Clone, Debug)]
enum Base {
    /// A text, a word of a list, a number that is one already: the value stays as it is.
    Plain,
    /// `z.coerce.number()`.
    ToNumber,
    /// `z.coerce.boolean()`: every text but the empty one is true, `"false"` too.
    ToTruth,
    /// `z.coerce.string()`.
    ToText,
    /// `z.stringbool()`.
    YesOrNo,
    /// An object: each of its fields has a schema.
    Object(super::Fields),
    /// `z.preprocess(f, schema)`.
    After(Value, Arc<Schema>),
    /// A validator that is not understood.
    Opaque(Because),
}

/// One thing that a schema does to a value.
#[derive(Clone, Debug)]
enum Link {
    AtLeast(usize),
    /// A shape that no text of fewer characters has: `url()`. Nobody thought of a length.
    Shape(usize),
    Optional,
    /// What is not there is refused, whatever was said before.
    Required,
    Nullable,
    Default(Value),
    Transform(Value),
    /// A method of texts: `trim`, `toLowerCase`.
    TextMethod(Arc<str>),
    /// `refine(f)`: false refuses.
    Refine(Value),
    /// `superRefine(f)`: an added issue refuses.
    Check(Value),
    Pipe(Arc<Schema>),
    /// Something whose effect is not known.
    Opaque(Because),
}

impl Schema {
    fn of(base: Base, steps: Arc<[Link]>) -> Schema {
        let below = match &base {
            Base::Object(fields) => fields.iter().map(|(_, value)| value.height()).max().unwrap_or(0),
            Base::After(value, schema) => value.height().max(schema.height),
            _ => 0,
        };
        let of_link = |link: &Link| match link {
            Link::Default(value) | Link::Transform(value) | Link::Refine(value) | Link::Check(value) => value.height(),
            Link::Pipe(schema) => schema.height,
            _ => 0,
        };
        let height = 1 + steps.iter().map(of_link).max().unwrap_or(0).max(below);
        Schema { base, steps, height }
    }

    pub(super) fn height(&self) -> u16 {
        self.height
    }

    fn new(base: Base) -> Schema {
        Schema::of(base, Arc::new([]))
    }

    fn then(&self, step: Link) -> Schema {
        if self.steps.len() >= MOST_LINKS {
            return Schema::new(Base::Opaque(Because::TooComplex));
        }
        Schema::of(self.base.clone(), self.steps.iter().cloned().chain([step]).collect())
    }

    /// The least number of characters it guarantees, where it states one.
    pub fn min_chars(&self) -> Option<usize> {
        let own = self.steps.iter().filter_map(|step| match step {
            Link::AtLeast(chars) => Some(*chars),
            Link::Pipe(schema) => schema.min_chars(),
            _ => None,
        });
        let inner = match &self.base {
            Base::After(_, schema) => schema.min_chars(),
            _ => None,
        };
        own.chain(inner).max()
    }

    /// Whether all of it is understood.
    pub fn is_known(&self) -> bool {
        let base = match &self.base {
            Base::Opaque(_) => false,
            Base::After(_, schema) => schema.is_known(),
            _ => true,
        };
        base && self.steps.iter().all(|step| match step {
            Link::Opaque(_) => false,
            Link::Pipe(schema) => schema.is_known(),
            _ => true,
        })
    }

    /// Whether it makes a boolean of the bare truth of a text, so that `"false"` is true.
    pub fn takes_text_for_truth(&self) -> bool {
        matches!(self.base, Base::ToTruth)
    }

    /// The fields of an object schema.
    pub fn fields(&self) -> Option<&[(Arc<str>, Value)]> {
        match &self.base {
            Base::Object(fields) => Some(fields),
            _ => None,
        }
    }

    fn changes_texts(&self) -> bool {
        let changes = |step: &Link| matches!(step, Link::Transform(_) | Link::Pipe(_) | Link::TextMethod(_));
        !matches!(self.base, Base::Plain) || self.steps.iter().any(changes)
    }
}

impl Evaluator<'_> {
    /// What a value becomes behind a schema. Where the schema refuses, the program ends: nobody sees an absent value
    /// behind a schema that requires one.
    pub fn parsed(&self, schema: &Schema, raw: &Value) -> Value {
        let Some(_depth) = self.enter() else { return self.too_complex(raw.trail.place) };
        raw.each(&mut |raw| self.parsed_up_to(schema, schema.steps.len(), raw))
    }

    fn parsed_up_to(&self, schema: &Schema, count: usize, raw: &Value) -> Value {
        let Some(last) = count.checked_sub(1) else { return self.begin(&schema.base, raw) };
        let inner = |raw: &Value| raw.each(&mut |raw| self.parsed_up_to(schema, last, raw));
        match &schema.steps[last] {
            Link::Default(default) => self.with_default(schema, last, default, raw),
            Link::Optional => match &raw.kind {
                Kind::Absent => raw.clone(),
                Kind::Unknown(Unknown { unset_with: Some(_), .. }) => still_optional(inner(raw), raw),
                _ => inner(raw),
            },
            Link::Required => match &raw.kind {
                Kind::Absent => refused(raw),
                Kind::Unknown(unknown) => inner(&required(raw, unknown)),
                _ => inner(raw),
            },
            Link::Nullable if matches!(raw.kind, Kind::Null) => raw.clone(),
            Link::AtLeast(chars) | Link::Shape(chars) => inner(raw).each(&mut |value| match &value.kind {
                Kind::Unknown(unknown) if unknown.answers.is_none() => {
                    let at_least_chars = unknown.at_least_chars.max(*chars);
                    Value::new(Kind::Unknown(Unknown { at_least_chars, ..unknown.clone() }), &value.trail)
                }
                _ => value.clone(),
            }),
            Link::Transform(function) => {
                inner(raw).each(&mut |value| {
                    let found = self.call(function, vec![value.clone()]);
                    // What a transform answers that has complained: nobody sees it.
                    keep_place(found.each(&mut |arm| if is_never(arm) { refused(arm) } else { arm.clone() }), value)
                })
            }
            Link::TextMethod(name) => inner(raw).each(&mut |value| {
                let Kind::Text(text) = &value.kind else { return value.clone() };
                let text = match &**name {
                    "toLowerCase" => text.map(str::to_lowercase),
                    "toUpperCase" => text.map(str::to_uppercase),
                    _ => text.map(|text| text.trim().to_owned()),
                };
                Value::new(Kind::Text(text), &value.trail)
            }),
            Link::Refine(check) => self.checked(&inner(raw), &|value| self.passes(check, value)),
            Link::Check(check) => self.checked(&inner(raw), &|value| self.adds_no_issue(check, value)),
            Link::Pipe(next) => self.parsed(next, &inner(raw)),
            Link::Opaque(because) => Value::unknown(because.clone(), &raw.trail),
            Link::Nullable => inner(raw),
        }
    }

    /// A value that is not there is refused where the check says no to it.
    fn checked(&self, value: &Value, passes: &dyn Fn(&Value) -> Option<bool>) -> Value {
        value.each(&mut |value| {
            let absent = Value::new(Kind::Absent, &value.trail);
            match &value.kind {
                Kind::Absent if passes(&absent) == Some(false) => refused(value),
                Kind::Unknown(unknown) if unknown.unset_with.is_some() && passes(&absent) == Some(false) => {
                    required(value, unknown)
                }
                _ => value.clone(),
            }
        })
    }

    fn passes(&self, check: &Value, value: &Value) -> Option<bool> {
        match self.call(check, vec![value.clone()]).kind {
            Kind::Bool(passes) => Some(passes),
            Kind::Absent | Kind::Null => Some(false),
            _ => None,
        }
    }

    fn with_default(&self, schema: &Schema, last: usize, default: &Value, raw: &Value) -> Value {
        let given = || {
            let written = match &default.kind {
                Kind::Function(_) => self.call(default, Vec::new()),
                _ => default.clone(),
            };
            let fallen = written.each(&mut |written| {
                let before = vec![written.trail.clone(), raw.trail.clone()];
                Value::new(written.kind.clone(), &Step::of(written.trail.place, How::Fallback, before))
            });
            // A default that is a text is the text before it is changed, one of another type the result.
            let inner = Schema::of(schema.base.clone(), schema.steps[..last].into());
            if fallen.as_text().is_some() && inner.changes_texts() {
                keep_place(self.parsed(&inner, &fallen), &fallen)
            } else {
                fallen
            }
        };
        match &raw.kind {
            Kind::Absent => given(),
            Kind::Unknown(Unknown { unset_with: Some(variable), .. }) => {
                let question = Question::IsSet(variable.clone());
                let set = self.parsed_up_to(schema, last, &raw.given(&question, 1));
                Value::choice(question, vec![given(), set], &raw.trail)
            }
            _ => self.parsed_up_to(schema, last, raw),
        }
    }

    fn begin(&self, base: &Base, raw: &Value) -> Value {
        match (base, &raw.kind) {
            (Base::Opaque(because), _) => Value::unknown(because.clone(), &raw.trail),
            (Base::After(function, schema), _) => self.parsed(schema, &self.call(function, vec![raw.clone()])),
            (Base::Object(fields), _) => self.parsed_object(fields, raw),
            (Base::ToTruth, _) => self.truth_of(raw),
            (Base::ToText, Kind::Absent) => Value::new(Kind::Text(Text::new("undefined")), &raw.trail),
            (_, Kind::Absent | Kind::Null) => refused(raw),
            (Base::ToNumber, _) => super::builtins::to_number(&present(raw)),
            (Base::YesOrNo, Kind::Text(text)) => match yes_or_no(text) {
                Some(yes) => Value::new(Kind::Bool(yes), &raw.trail),
                None => refused(raw),
            },
            _ => present(raw),
        }
    }

    fn parsed_object(&self, fields: &super::Fields, raw: &Value) -> Value {
        let parsed = fields.iter().map(|(key, schema)| {
            let raw = self.field(raw, key);
            (key.clone(), self.parsed_by(schema, &raw))
        });
        Value::new(Kind::Object { fields: parsed.collect(), open: None }, &raw.trail)
    }

    /// Behind a value that should be a schema.
    fn parsed_by(&self, schema: &Value, raw: &Value) -> Value {
        schema.each(&mut |schema| match &schema.kind {
            Kind::Schema(own) => self.parsed(own, raw),
            Kind::Call(call) => Value::unknown(super::call_reason(call), &raw.trail),
            _ => Value::unknown(Because::Undecided, &raw.trail),
        })
    }

    fn truth_of(&self, raw: &Value) -> Value {
        let place = raw.trail.place;
        self.branch(raw, place, &mut |yes| Value::new(Kind::Bool(yes), &raw.trail))
    }
}

/// What is there, since the program has ended where it was not.
fn present(raw: &Value) -> Value {
    match &raw.kind {
        Kind::Unknown(unknown) => required(raw, unknown),
        _ => raw.clone(),
    }
}

fn required(value: &Value, unknown: &Unknown) -> Value {
    Value::new(Kind::Unknown(Unknown { present: true, unset_with: None, ..unknown.clone() }), &value.trail)
}

/// The program ends here, so whoever goes on has a value.
/// `z.NEVER`.
fn is_never(value: &Value) -> bool {
    matches!(&value.kind, Kind::External { path, .. } if path.rsplit('.').next() == Some("NEVER"))
}

fn refused(raw: &Value) -> Value {
    let variable = raw.trail.walk(32).into_iter().find_map(|step| match &step.how {
        How::NotSet { variable } | How::Reads { variable, .. } | How::Sets { variable } => Some(variable.clone()),
        _ => None,
    });
    let because = variable.map_or(Because::Undecided, Because::Variable);
    Value::new(Kind::Unknown(Unknown { present: true, unset_with: None, ..because.into() }), &raw.trail)
}

/// An optional value that nothing settles: as unknown as before, with what the schema adds.
fn still_optional(parsed: Value, raw: &Value) -> Value {
    let Kind::Unknown(Unknown { unset_with: Some(variable), .. }) = &raw.kind else { return parsed };
    match &parsed.kind {
        Kind::Unknown(unknown) if unknown.answers.is_some() => parsed,
        Kind::Unknown(unknown) => {
            let unknown = Unknown { present: false, unset_with: Some(variable.clone()), ..unknown.clone() };
            Value::new(Kind::Unknown(unknown), &parsed.trail)
        }
        _ => {
            let absent = Value::new(Kind::Absent, &raw.trail);
            Value::choice(Question::IsSet(variable.clone()), vec![absent, parsed.clone()], &raw.trail)
        }
    }
}

/// A changed value is edited where the value before it stands, not in the function that changed it.
fn keep_place(changed: Value, from: &Value) -> Value {
    changed.each(&mut |changed| Value::new(changed.kind.clone(), &from.trail))
}

fn yes_or_no(text: &Text) -> Option<bool> {
    let text = text.map(str::to_lowercase);
    if text.one_of(&["true", "1", "yes", "on", "y", "enabled"]).is_some() {
        return Some(true);
    }
    text.one_of(&["false", "0", "no", "off", "n", "disabled"]).map(|_| false)
}

/// A place for what a schema reads by itself.
fn reads_at(schema: &Value) -> Place {
    schema.trail.primary().map_or(schema.trail.place, |(file, span)| Place::File(file, span))
}

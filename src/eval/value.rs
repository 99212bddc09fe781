//! Values: what is known of a setting, and what is not and why.

use super::question::{Question, World};
use super::scope::{ClassValue, Closure};
use super::trail::{How, Place, Step, Trail};
use super::unknown::{Because, Unknown};
use crate::syntax::FileId;
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Arms beyond this in one value are not followed.
const MOST_ARMS: usize = 64;

/// A value higher than this is not followed. Written ones stay far below a hundred; statements in a row could pile up
/// as many as a file has lines.
const MOST_HEIGHT: u16 = 1024;

/// What an expression is, and how that is known. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it came from.
    pub trail: Trail,
    /// How many values and steps stand one behind the other in it at most.
    height: u16,
}

/// The fields of an object in the order they were written.
pub type Fields = Arc<[(Arc<str>, Value)]>;

/// The states of knowledge, and the shapes of what is known.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Not there, or `undefined`. Neither `null` nor the empty text.
    Absent,
    /// `null`, `None`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Text),
    /// A regular expression.
    Pattern { source: Text, flags: Arc<str> },
    /// A list; `open` when something unknown was spread in.
    List { items: Arc<[Value]>, open: Option<Unknown> },
    /// An object; a key missing in an open one is unknown, never a default.
    Object { fields: Fields, open: Option<Unknown> },
    /// A function of the project with the names it can see.
    Function(Arc<Closure>),
    /// A class of the project.
    Class(Arc<ClassValue>),
    /// What a call or `new` gave that is not evaluated: a plugin, a connection, an adapter. Who was called is known.
    Call(Arc<Call>),
    /// Something imported from outside the project, or a part of it: `bknd`'s `libsql`, `z.string`.
    External { module: Arc<str>, path: Arc<str> },
    /// A module of the project as a whole (`import * as m`).
    Module(FileId),
    /// A validator's schema: what it lets through and what it makes of it.
    Schema(Arc<super::Schema>),
    /// The environment itself: `process.env`, `os.environ`, a Worker's `env`.
    Environment,
    /// One arm for each answer to one question.
    Choice(Question, Arc<[Value]>),
    /// Not known, and why.
    Unknown(Unknown),
}

impl Kind {
    fn height(&self) -> u16 {
        let highest = |values: &[Value]| values.iter().map(Value::height).max().unwrap_or(0);
        match self {
            Kind::List { items, .. } => highest(items),
            Kind::Object { fields, .. } => fields.iter().map(|(_, value)| value.height).max().unwrap_or(0),
            Kind::Choice(_, arms) => highest(arms),
            Kind::Call(call) => {
                let keywords = call.keywords.iter().map(|(_, value)| value.height).max().unwrap_or(0);
                call.callee.height.max(highest(&call.arguments)).max(keywords)
            }
            Kind::Function(closure) => {
                let this = closure.this.as_ref().map_or(0, Value::height);
                closure.scope.as_ref().map_or(0, |scope| scope.height()).max(this)
            }
            Kind::Class(class) => class.scope.as_ref().map_or(0, |scope| scope.height()),
            Kind::Schema(schema) => schema.height(),
            _ => 0,
        }
    }
}

/// A call whose result is opaque though its parts are known.
#[derive(Clone, Debug)]
pub struct Call {
    /// What was called: usually [`Kind::External`].
    pub callee: Value,
    /// `new F()`.
    pub is_new: bool,
    /// The positional arguments.
    pub arguments: Vec<Value>,
    /// The keyword arguments (Python).
    pub keywords: Vec<(Arc<str>, Value)>,
}

impl Call {
    /// The argument at `index`; absent when there is none.
    pub fn argument(&self, index: usize, trail: &Trail) -> Value {
        self.arguments.get(index).cloned().unwrap_or_else(|| Value::new(Kind::Absent, trail))
    }

    /// The external function at the beginning of a chain of calls: `f` of `f(a)(b)`.
    pub fn origin(&self) -> Option<(&str, &str)> {
        match &self.callee.kind {
            Kind::Call(inner) => inner.origin(),
            _ => self.external(),
        }
    }

    /// The module and the path inside it of an external callee: `("zod", "z.string")`.
    pub fn external(&self) -> Option<(&str, &str)> {
        match &self.callee.kind {
            Kind::External { module, path } => Some((module, path)),
            _ => None,
        }
    }
}

impl Value {
    /// A value at the end of a trail.
    pub fn new(kind: Kind, trail: &Trail) -> Value {
        Value::at_end_of(trail.clone(), kind)
    }

    /// The only constructor: what would be higher than [`MOST_HEIGHT`] is too complex, so that every value can be
    /// walked and dropped by plain recursion.
    fn at_end_of(trail: Trail, kind: Kind) -> Value {
        let height = 1 + kind.height().max(trail.height());
        if height > MOST_HEIGHT {
            let height = 1 + trail.height();
            return Value { kind: Kind::Unknown(Because::TooComplex.into()), trail, height };
        }
        Value { kind, trail, height }
    }

    pub(super) fn height(&self) -> u16 {
        self.height
    }

    /// How many steps it costs to copy it or to look through it.
    pub(super) fn bulk(&self) -> usize {
        match &self.kind {
            Kind::Text(text) => text.len() / super::BYTES_A_STEP,
            Kind::List { items, .. } => items.len(),
            Kind::Object { fields, .. } => fields.len(),
            _ => 0,
        }
    }

    /// A value that is written at a place.
    pub fn written(kind: Kind, place: Place) -> Value {
        Value::at_end_of(Step::start(place, How::Written), kind)
    }

    /// An unknown value at the end of a trail.
    pub fn unknown(because: Because, trail: &Trail) -> Value {
        Value::new(Kind::Unknown(because.into()), trail)
    }

    /// A value that prodcheck computed from others.
    pub fn derived(kind: Kind, from: &[&Value]) -> Value {
        let place =
            from.iter().find_map(|value| value.trail.primary()).map_or(Place::Process, |(f, s)| Place::File(f, s));
        let before = from.iter().map(|value| value.trail.clone()).collect();
        Value::at_end_of(Step::of(place, How::Derived, before), kind)
    }

    /// The same value, one step further.
    pub fn step(&self, place: Place, how: How) -> Value {
        Value::at_end_of(Step::after(place, how, &self.trail), self.kind.clone())
    }

    /// An unknown value of which it is not known either on what it hangs.
    pub fn without_question(self) -> Value {
        match self.kind {
            Kind::Unknown(unknown) => Value::at_end_of(self.trail, Kind::Unknown(unknown.because.into_plain())),
            _ => self,
        }
    }

    /// Whether it is not there at all, in every world.
    pub fn is_absent(&self) -> bool {
        matches!(self.kind, Kind::Absent)
    }

    /// Whether nothing is known of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// The boolean, if it is one in every world.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.kind {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The items of a list, if it is one.
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List { items, .. } => Some(items),
            _ => None,
        }
    }

    /// The fields of an object; none for anything else.
    pub fn fields(&self) -> &[(Arc<str>, Value)] {
        match &self.kind {
            Kind::Object { fields, .. } => fields,
            _ => &[],
        }
    }

    /// The opaque call it came from, if it did.
    pub fn as_call(&self) -> Option<&Arc<Call>> {
        match &self.kind {
            Kind::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The only constructor of a choice: one arm for each answer. Arms are narrowed to their own answer, and a choice
    /// whose arms are all absent is absent.
    pub fn choice(question: Question, arms: Vec<Value>, trail: &Trail) -> Value {
        let arms: Vec<Value> = arms.iter().enumerate().map(|(answer, arm)| arm.given(&question, answer)).collect();
        if arms.iter().all(Value::is_absent) {
            return Value::new(Kind::Absent, trail);
        }
        if let Some(value) = Self::all_same(&arms) {
            return value;
        }
        if arms.iter().map(Value::weight).sum::<usize>() > MOST_ARMS {
            return Value::unknown(Because::TooComplex, trail);
        }
        Value::new(Kind::Choice(question, arms.into()), trail)
    }

    fn all_same(arms: &[Value]) -> Option<Value> {
        let first = arms.first()?;
        arms.iter().all(|arm| arm.is_plainly(first)).then(|| first.clone())
    }

    /// Whether two values are the same plain one, or hang on the same question in the same way.
    fn is_plainly(&self, other: &Value) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Absent, Kind::Absent) | (Kind::Null, Kind::Null) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Number(a), Kind::Number(b)) => a == b,
            (Kind::Choice(a, own), Kind::Choice(b, others)) => {
                a == b && own.len() == others.len() && own.iter().zip(others.iter()).all(|(a, b)| a.is_plainly(b))
            }
            _ => false,
        }
    }

    fn weight(&self) -> usize {
        match &self.kind {
            Kind::Choice(_, arms) => arms.iter().map(Value::weight).sum(),
            _ => 1,
        }
    }

    /// This value where the answer to a question is given.
    pub fn given(&self, question: &Question, answer: usize) -> Value {
        self.narrowed(question, answer).unwrap_or_else(|| self.clone())
    }

    /// The same, where the answer changes anything: most arms of most choices have nothing to do with a question.
    fn narrowed(&self, question: &Question, answer: usize) -> Option<Value> {
        match &self.kind {
            Kind::Choice(asked, arms) if asked == question => arms.get(answer).cloned(),
            Kind::Choice(asked, arms) => {
                let narrowed: Vec<Option<Value>> = arms.iter().map(|arm| arm.narrowed(question, answer)).collect();
                if narrowed.iter().all(Option::is_none) {
                    return None;
                }
                let both = narrowed.into_iter().zip(arms.iter());
                let arms = both.map(|(narrowed, arm)| narrowed.unwrap_or_else(|| arm.clone())).collect();
                Some(Value::choice_unnarrowed(asked.clone(), arms, &self.trail))
            }
            Kind::Unknown(unknown) => unknown.given(question, answer).map(|kind| Value::new(kind, &self.trail)),
            _ => None,
        }
    }

    fn choice_unnarrowed(question: Question, arms: Vec<Value>, trail: &Trail) -> Value {
        if arms.iter().all(Value::is_absent) {
            return Value::new(Kind::Absent, trail);
        }
        Value::new(Kind::Choice(question, arms.into()), trail)
    }

    /// The value in one world: no choice that the world answers is left at its top.
    pub fn within(&self, world: &World) -> Value {
        let mut value = self.clone();
        for (question, answer) in world.answers() {
            value = value.given(question, *answer);
        }
        value
    }

    /// Applies `f` to each arm that is no choice, keeping the questions.
    pub fn each(&self, f: &mut dyn FnMut(&Value) -> Value) -> Value {
        match &self.kind {
            Kind::Choice(question, arms) => {
                let arms = arms.iter().map(|arm| arm.each(f)).collect();
                Value::choice(question.clone(), arms, &self.trail)
            }
            _ => f(self),
        }
    }

    /// The value under a key; distributes over choices. Absent only where the object is fully known.
    pub fn field(&self, name: &str) -> Value {
        self.each(&mut |value| match &value.kind {
            Kind::Object { fields, open } => {
                if let Some((_, found)) = fields.iter().rev().find(|(key, _)| &**key == name) {
                    return found.clone();
                }
                let kind = open.clone().map_or(Kind::Absent, Kind::Unknown);
                Value::new(kind, &value.trail)
            }
            Kind::List { items, open } => match (name.parse::<usize>().ok().map(|index| items.get(index)), open) {
                (Some(Some(item)), _) => item.clone(),
                (Some(None), Some(open)) => Value::new(Kind::Unknown(open.clone()), &value.trail),
                _ => Value::new(Kind::Absent, &value.trail),
            },
            Kind::Absent | Kind::Unknown(_) => value.clone(),
            Kind::Call(call) => Value::unknown(call_reason(call), &value.trail),
            Kind::External { path, .. } if path.len() > super::MOST_PATH => {
                Value::unknown(Because::TooComplex, &value.trail)
            }
            Kind::External { module, path } => {
                let path = join_path(path, name);
                Value::new(Kind::External { module: module.clone(), path }, &value.trail)
            }
            _ => Value::new(Kind::Absent, &value.trail),
        })
    }

    /// What is certainly written under a path of keys, even where its value is not known.
    pub fn written_at(&self, path: &str) -> Option<Value> {
        let (around, key) = match path.rsplit_once('.') {
            Some((around, key)) => (self.path(around), key),
            None => (self.clone(), path),
        };
        let (_, value) = around.fields().iter().rev().find(|(own, _)| &**own == key)?;
        (!matches!(value.kind, Kind::Absent)).then(|| value.clone())
    }

    /// The value under a dotted path.
    pub fn path(&self, path: &str) -> Value {
        path.split('.').fold(self.clone(), |value, key| value.field(key))
    }

    /// Puts `default` into exactly the arms that are absent.
    pub fn or_default(&self, default: &dyn Fn(&Value) -> Value) -> Value {
        self.each(&mut |value| if value.is_absent() { default(value) } else { value.clone() })
    }

    /// Lifts a reader of one plain value (a boolean parser, a duration parser) over choices; unknown and absent stay.
    pub fn read(&self, f: &dyn Fn(&Value) -> Kind) -> Value {
        self.each(&mut |value| match &value.kind {
            Kind::Unknown(_) | Kind::Absent => value.clone(),
            _ => Value::new(f(value), &value.trail),
        })
    }

    /// Combines two values world by world; the result has both as parents.
    pub fn join(&self, other: &Value, f: &dyn Fn(&Kind, &Kind) -> Kind) -> Value {
        self.each(&mut |left| {
            other.each(&mut |right| {
                let before = vec![left.trail.clone(), right.trail.clone()];
                let step = Step::of(left.trail.place, How::Joined, before);
                Value::at_end_of(step, f(&left.kind, &right.kind))
            })
        })
    }

    /// Every question that this value hangs on, with its number of answers; list items and fields included.
    pub fn questions(&self, into: &mut BTreeMap<Question, usize>) {
        match &self.kind {
            Kind::Choice(question, arms) => {
                let answers = into.entry(question.clone()).or_default();
                *answers = arms.len().max(*answers);
                arms.iter().for_each(|arm| arm.questions(into));
            }
            Kind::List { items, .. } => items.iter().for_each(|item| item.questions(into)),
            _ => {}
        }
    }

    /// Whether two plain values are equal; none where that cannot be told.
    pub fn same_as(&self, other: &Value) -> Option<bool> {
        match (&self.kind, &other.kind) {
            (Kind::Unknown(a), Kind::Unknown(b)) => match (&a.because, &b.because) {
                (Because::Variable(a), Because::Variable(b)) if a == b => Some(true),
                _ => None,
            },
            (Kind::Unknown(_) | Kind::Choice(..) | Kind::Call(_) | Kind::Function(_) | Kind::External { .. }, _)
            | (_, Kind::Unknown(_) | Kind::Choice(..) | Kind::Call(_) | Kind::Function(_) | Kind::External { .. }) => {
                None
            }
            (Kind::Absent, Kind::Absent) | (Kind::Null, Kind::Null) => Some(true),
            (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
            (Kind::Number(a), Kind::Number(b)) => Some(a == b),
            (Kind::Text(a), Kind::Text(b)) => Some(a == b),
            (Kind::List { .. } | Kind::Object { .. }, Kind::List { .. } | Kind::Object { .. }) => None,
            _ => Some(false),
        }
    }
}

/// The path of a part of something external.
pub(super) fn join_path(path: &str, name: &str) -> Arc<str> {
    if path.is_empty() { name.into() } else { format!("{path}.{name}").into() }
}

/// Why the result of an opaque call is not known.
pub fn call_reason(call: &Call) -> Because {
    let name = match &call.callee.kind {
        Kind::External { path, .. } => path.clone(),
        _ => "a call".into(),
    };
    Because::Call(name)
}

//! What a call is given.

use crate::eval::objects::of_keywords;
use crate::eval::scope::Frame;
use crate::eval::{Because, Evaluator, Kind, Trail, Unknown, Value};
use crate::syntax::code::{Argument, Spread};
use std::sync::Arc;

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The positional arguments, those of a known list that is spread among them.
    pub arguments: Vec<Value>,
    /// The keyword arguments (Python), those of a known object that is spread among them.
    pub keywords: Vec<(Arc<str>, Value)>,
    /// Why there may be more of either: something unknown was spread in.
    pub open: Option<Unknown>,
}

/// Where a package takes its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Options<'o> {
    /// The argument of this number.
    Argument(usize),
    /// A part of an argument: `http.cors` of the first.
    Part(usize, &'o str),
    /// The keywords.
    Keywords,
}

impl Given {
    /// The positional argument at `index`.
    pub fn argument(&self, index: usize, trail: &Trail) -> Value {
        self.arguments.get(index).cloned().unwrap_or_else(|| self.missing(trail))
    }

    /// The keyword argument of a name.
    pub fn keyword(&self, name: &str, trail: &Trail) -> Value {
        let found = self.keywords.iter().rev().find(|(own, _)| &**own == name);
        found.map_or_else(|| self.missing(trail), |(_, value)| value.clone())
    }

    /// The options, wherever they stand.
    pub fn options(&self, options: &Options<'_>, trail: &Trail) -> Value {
        match options {
            Options::Argument(index) => self.argument(*index, trail),
            Options::Part(index, path) => self.argument(*index, trail).path(path),
            Options::Keywords => {
                let object = of_keywords(&self.keywords, trail);
                match (object.kind, &self.open) {
                    (Kind::Object { fields, open }, known) => {
                        Value::new(Kind::Object { fields, open: open.or_else(|| known.clone()) }, trail)
                    }
                    (other, _) => Value::new(other, trail),
                }
            }
        }
    }

    fn missing(&self, trail: &Trail) -> Value {
        Value::new(self.open.clone().map_or(Kind::Absent, Kind::Unknown), trail)
    }

    /// Without the positional arguments up to one: what is given beside what is handed on.
    pub(super) fn after(&self, index: usize) -> Given {
        let arguments = self.arguments.get(index + 1..).unwrap_or_default().to_vec();
        Given { arguments, keywords: self.keywords.clone(), open: self.open.clone() }
    }
}

impl Evaluator<'_> {
    /// The arguments of a call, evaluated.
    pub(super) fn given(&self, arguments: &[Argument], frame: &Frame) -> Given {
        let mut given = Given::default();
        for argument in arguments {
            let value = self.argument(argument, frame);
            match (argument.spread, &argument.name) {
                (Spread::No, Some((name, _))) => given.keywords.push((name.clone(), value)),
                // What stands behind something unknown has no number.
                (Spread::No, None) if given.open.is_none() => given.arguments.push(value),
                (Spread::No, None) => {}
                (Spread::Items, _) => match value.kind {
                    Kind::List { items, open } if given.open.is_none() => {
                        given.arguments.extend(items.iter().cloned());
                        given.open = open;
                    }
                    _ => given.open = Some(Because::Undecided.into()),
                },
                (Spread::Fields, _) => match value.kind {
                    Kind::Object { fields, open } => {
                        given.keywords.extend(fields.iter().cloned());
                        given.open = given.open.or(open);
                    }
                    _ => given.open = Some(Because::Undecided.into()),
                },
            }
        }
        given
    }
}

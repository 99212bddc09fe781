//! The options of a use: an argument, keywords, or what the calls chained to it are given.

use super::library::{Gives, Options};
use crate::eval::{Because, Given, How, Kind, Place, Step, Use, Value, Way};
use std::sync::Arc;

/// The options of a use; absent at the call's place where there are none. `all` are the uses of the app, among which those
/// chained to it are.
pub(super) fn options(one: &Use, gives: &Gives, all: &[Use]) -> Value {
    let trail = Step::start(one.place, How::Written);
    let Given { arguments, keywords, open } = &one.given;
    match gives.options {
        Options::Argument(index, path) => {
            let options = match (arguments.get(index), open) {
                (Some(argument), _) => argument.clone(),
                (None, Some(open)) => Value::new(Kind::Unknown(open.clone()), &trail),
                (None, None) => Value::new(Kind::Absent, &trail),
            };
            if path.is_empty() { options } else { options.path(path) }
        }
        Options::Last(path) => match (arguments.last(), open) {
            (_, Some(open)) => Value::new(Kind::Unknown(open.clone()), &trail),
            (Some(last), None) if arguments.len() > 1 && !is_instance(last) => {
                if path.is_empty() {
                    last.clone()
                } else {
                    last.path(path)
                }
            }
            (_, None) => Value::new(Kind::Absent, &trail),
        },
        Options::Keywords => {
            let positional = gives.parameters.iter().map(|name| Arc::from(*name)).zip(arguments.iter().cloned());
            let mut fields: Vec<(Arc<str>, Value)> = positional.chain(keywords.iter().cloned()).collect();
            let mut open = open.clone();
            for later in all.iter().filter(|later| is_set_up(later, one.place)) {
                fields.retain(|(name, _)| !later.given.keywords.iter().any(|(own, _)| own == name));
                fields.extend(later.given.keywords.iter().cloned());
                open = open.or_else(|| later.given.open.clone());
            }
            Value::new(Kind::Object { fields: fields.into(), open }, &trail)
        }
        // Where the last call is not there, the object is kept, and more is said to it elsewhere.
        Options::Chained(last) => {
            let chained: Vec<(Arc<str>, Value)> = all.iter().filter_map(|other| chained(other, one.place)).collect();
            let ends = chained.iter().any(|(method, _)| **method == *last);
            let open = (!ends).then(|| Because::Undecided.into());
            Value::new(Kind::Object { fields: chained.into(), open }, &trail)
        }
    }
}

/// Whether a value is something that is made by a constructor, and no options.
fn is_instance(value: &Value) -> bool {
    matches!(&value.kind, Kind::Call(call) if call.is_new)
}

/// The method by which an extension that was made before the app is told of it, with what it is to do there.
const SET_UP: &str = "init_app";

/// Whether a use tells what was made at a place of its app.
fn is_set_up(one: &Use, made: Place) -> bool {
    matches!(&one.way, Way::Method { name, of } if &**name == SET_UP && of.made == made)
}

/// A method that is called on what was made at a place: its name and its first argument, `true` for a call without any.
fn chained(one: &Use, made: Place) -> Option<(Arc<str>, Value)> {
    let Way::Method { name, of } = &one.way else { return None };
    let first = one.given.arguments.first().cloned();
    let first = first.unwrap_or_else(|| Value::written(Kind::Bool(true), one.place));
    (of.made == made).then(|| (name.clone(), first))
}

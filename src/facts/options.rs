//! The options of a use: an argument, keywords, or what the calls chained to it are given.

use super::library::{Gives, Options};
use super::uses::{Given, Use};
use crate::eval::{Because, How, Kind, Step, Value};
use std::sync::Arc;

impl Use {
    /// The options of the use; absent at the call's place where there are none.
    pub(super) fn options(&self, gives: &Gives) -> Value {
        let trail = Step::start(self.place, How::Written);
        let Given { arguments, keywords, chained, open } = &self.given;
        match gives.options {
            Options::Argument(index, path) => {
                let options = match (arguments.get(index), open) {
                    (Some(argument), _) => argument.clone(),
                    (None, Some(open)) => Value::new(Kind::Unknown(open.clone()), &trail),
                    (None, None) => Value::new(Kind::Absent, &trail),
                };
                if path.is_empty() { options } else { options.path(path) }
            }
            Options::Keywords => {
                let positional = gives.parameters.iter().map(|name| Arc::from(*name)).zip(arguments.iter().cloned());
                let fields = positional.chain(keywords.iter().cloned()).collect();
                Value::new(Kind::Object { fields, open: open.clone() }, &trail)
            }
            // Where the last call is not there, the object is kept, and more is said to it elsewhere.
            Options::Chained(last) => {
                let ends = chained.iter().any(|(method, _)| **method == *last);
                let open = (!ends).then(|| Because::Undecided.into());
                Value::new(Kind::Object { fields: chained.iter().cloned().collect(), open }, &trail)
            }
        }
    }
}

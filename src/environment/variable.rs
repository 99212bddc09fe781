//! A variable as a source has it, and where an environment names which.

use crate::environment::layer::Role;
use crate::eval::{Place, Value};
use hashbrown::HashMap;
use std::sync::Arc;

/// A variable as one source has it.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// What the source says it is, whether or not a stronger one says something else.
    pub value: Value,
    /// Where its name stands.
    pub place: Place,
    /// What the source is to the deployed app.
    pub role: Role,
}

/// An entry: its layer, and its place in the layer.
pub(super) type At = (usize, usize);

/// Where the layers of an environment name each variable, in order.
pub(crate) type Names = HashMap<Arc<str>, Vec<At>>;

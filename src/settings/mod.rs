//! The vocabulary that frameworks speak and rules read, and the model made of it.

mod kinds;
mod model;
mod vocabulary;

pub use kinds::*;
pub use model::{App, AppId, Home, Member, Model, Reading, Resource, Scope, Spot, State};
pub use vocabulary::{Count, Key, ResourceKind, Setting, Type};

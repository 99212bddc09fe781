//! The vocabulary that frameworks speak and rules read, and the model made of it.

mod model;
mod vocabulary;

pub use model::{App, AppId, Model, Resource, Spot, State};
pub use vocabulary::*;

//! What an expression is in one deployment environment, and how that is known.

mod question;
mod scope;
mod trail;
mod value;

pub use question::{Question, World};
pub use scope::Closure;
pub use trail::{How, Place, Step, Trail};
pub use value::{Because, Call, Fields, Kind, Unknown, Value, call_reason};

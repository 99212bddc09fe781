//! What a start command sets: the environment that the app begins with, over what files tell its host.
//!
//! One mechanism for all platforms. Each says what it starts; here the line is followed through `env`, `sh -c`, package
//! scripts and entry scripts up to the program. What cannot be followed may have set any variable, which is then unknown.

mod flow;
mod layer;
mod programs;
mod scope;
mod shell;
mod words;

pub(crate) use layer::layer;

//! What each variable is in the environment that an app is deployed into.
//!
//! An app has one environment for each of its targets (a Worker, a compose service, a platform's service), or one
//! without a target. An environment is a stack of layers; a variable is what the strongest layer that names it says,
//! and one that no layer names is absent only where every source is seen. Who deploys, and what a platform's file tells,
//! is not known here: whoever describes deployments hands over layers.

mod detect;
pub(crate) mod expand;
pub(crate) mod files;
pub(crate) mod given;
pub(crate) mod layer;
mod loader;
mod named;
mod pattern;
pub(crate) mod read;
pub(crate) mod request;
pub(crate) mod scripts;
pub(crate) mod stack;
pub(crate) mod target;
pub(crate) mod variable;

pub use detect::loader_for;
pub use layer::{Role, SourceFile};
#[cfg(test)]
pub(crate) use loader::{AKSARA, BUN, Folder, NEXT, NODE_DOTENV, PYTHON_DOTENV, UNKNOWN_NODE, VITE};
pub use loader::{Loader, PLAIN};
pub use named::env_files_in_code;
pub use request::Request;
pub use stack::Environment;
pub use variable::Variable;

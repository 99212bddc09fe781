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

pub use detect::loader_for;
pub use layer::{Role, SourceFile};
pub use loader::{
    AKSARA, BUN, DOTENV_FLOW, FASTMCP, FLASK, Folder, LOADERS, Loader, NEXT, NODE_DOTENV, NODE_ENV_FILE, PLAIN,
    PYDANTIC_SETTINGS, PYTHON_DOTENV, REACT_SCRIPTS, UNKNOWN_NODE, UNKNOWN_PYTHON, VITE,
};
pub use named::env_files_in_code;
pub use read::{Said, Variable};
pub use request::Request;
pub use stack::Environment;
pub use target::{Beside, Manifest, Nature, Part, Runs, Target};

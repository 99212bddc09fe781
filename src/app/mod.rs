//! The composition: which apps there are, in which environments, and who reads them in which order.

mod at_home;
mod derive;
mod environments;
mod read;
mod recognise;
mod unjudged;

pub use environments::{Deployment, environment_without_target, environments_of};
pub(crate) use read::read_libraries;
pub use read::{read, read_repository, read_target};
pub use recognise::recognise;
pub use unjudged::{Unjudged, unjudged};

//! The composition: which apps there are, in which environments, and who reads them in which order.

mod derive;
mod environments;
mod read;
mod recognise;

pub use environments::{Deployment, environments_of};
pub use read::read;
pub use recognise::recognise;

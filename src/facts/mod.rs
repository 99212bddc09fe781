//! Facts of libraries: where a library is used, which of its keys is which setting, what it does where nothing is written.
//! They are data below `libraries/`, or below a folder of the project's own.

mod catalogue;
mod compiled;
mod library;
mod load;
mod names;
mod readers;

pub use catalogue::Catalogue;
pub use library::{Gives, Host, Library, Mount, Options, SecretRow, Usage};

use crate::rules::node;

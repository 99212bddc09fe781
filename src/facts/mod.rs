//! Facts of libraries: where a library is used, which of its keys is which setting, what it does where nothing is written.
//! They are data below `libraries/`, or below a folder of the project's own.

mod alike;
mod assigned;
mod beyond;
mod catalogue;
mod code;
mod compiled;
mod expected;
mod giving;
mod hosts;
mod library;
mod limits;
mod load;
mod looked_at;
mod methods;
mod mounts;
mod names;
mod options;
mod read;
mod readers;
mod routes;
mod scopes;
mod secrets;
mod seen;
mod surfaces;

pub use catalogue::Catalogue;
pub(crate) use code::of_app as files_of;
pub(crate) use expected::differences;
pub(crate) use hosts::{is_carried, is_host, reads, recognise};
pub use library::{Gives, Host, Library, Required, SecretRow};
pub(crate) use load::Case;
pub(crate) use read::read;
pub(crate) use routes::is_login_path;

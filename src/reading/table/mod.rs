//! A framework as a table of facts: which key is which setting, how it is read, what its absence means.
//!
//! A row serves every question about a key: its value in a scan, its place in messages and fixes, its default in
//! `explain`, and whether the installed version reads it at all.

mod asking;
mod dead;
mod effective;
mod facts;
mod fill;
mod readers;
mod row;

pub use asking::{Asking, Looked};
pub(crate) use dead::{ineffective, ineffective_in, unread_trail};
pub use facts::Facts;
pub(crate) use fill::{fill, fill_from};
pub use row::{Effect, Plain, Preset, Reader, Root, Row, Spot, When};
pub(crate) use row::{at, ignored, refused};

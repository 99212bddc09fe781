//! What the code changes where the evaluator does not come by: found by looking at all of it, run or not.
//!
//! The evaluator follows statements in their order and copies what names hold. Whatever else can change an object, a
//! name or the environment (another name for the same object, a function that is called somewhere, another module) is
//! collected here, and what it may change is unknown from the beginning, for every reader. Modules are looked at where
//! something is asked for that they can have.

mod collect;
mod effects;
mod graph;
mod handed;
mod loaded;
mod look;
mod names;
mod opened;
mod quiet;
mod slices;
mod taken;

use crate::syntax::{FileId, Span};
pub(super) use look::Effects;
pub use look::Memory;
use std::sync::Arc;

/// A key of an object.
type Key = Arc<str>;

/// The key of every part.
const ANY: &str = graph::ANY;

/// Where a module stands as a whole.
const MODULE: Span = Span { start: u32::MAX, end: u32::MAX };

/// Where the environment stands, which is nowhere.
const ENVIRONMENT: (FileId, Span) = (FileId(u32::MAX), Span { start: 0, end: 0 });

//! The configuration of one Bknd app.

use super::mode;
use crate::eval::Value;

/// The configuration of one app, and what was found out about it on the way.
pub(super) struct App {
    /// `config`, `connection`, `options` and their neighbours.
    pub(super) root: Value,
    /// Whether authentication is on.
    pub(super) auth_on: Value,
    /// Whether permissions are enforced.
    pub(super) guard_on: Value,
    /// The effective mode.
    pub(super) mode: mode::Mode,
}

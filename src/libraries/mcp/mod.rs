//! Servers of the Model Context Protocol over HTTP: what stands before them, where they listen, whose requests they take.

mod doors;
mod exported;
mod guards;
mod node;
mod python;
mod routes;
mod states;

use crate::reading::bench::Reading;

/// Completes what the facts of the SDKs gave: an endpoint hangs on the app around it.
pub(crate) fn read(reading: &mut Reading<'_>) {
    node::read(reading);
    python::read(reading);
}

//! What holds for every app whatever its framework: its deployment, its env files, the variables it reads.

pub(super) mod checklist;
pub(super) mod commands;
mod deployment;
pub(super) mod env_files;
pub(super) mod interpolated;
pub(super) mod literals;
mod pipelines;
mod policies;
pub(super) mod secrets;
pub(super) mod stores;
pub(super) mod tls;
pub(super) mod told;
pub(super) mod unread;
mod variables;

use super::Reading;
use crate::settings::{runtime, tenancy};

/// Reads what no framework is needed for; comes after the framework, which has read the app's variables.
pub(super) fn read(reading: &mut Reading<'_>) {
    decline_unspoken(reading);
    checklist::read(reading);
    let hosting = super::platforms::read(reading);
    deployment::read(reading, &hosting);
    env_files::read(reading);
    pipelines::read(reading);
    super::pipelines::read(reading);
    policies::read(reading);
    tls::read(reading);
    secrets::read(reading);
    variables::read(reading);
    literals::read(reading);
    secrets::compare(reading);
    unread::read(reading);
    super::derive::read(reading, &hosting);
}

/// What only a framework can have, and this one did not speak of, the app does not have.
fn decline_unspoken(reading: &mut Reading<'_>) {
    for kind in [runtime::KIND, tenancy::KIND] {
        if reading.model.one(reading.app, kind).is_none() {
            let place = reading.place();
            reading.add(reading.resource(kind, kind.name, place));
        }
    }
}
